"""Which software stands behind a milter, as far as its address tells.

Sources: the ports and sockets in the manuals and packages of the programs named. Nothing is judged here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .endpoints import DISABLED_MILTERS, milter_endpoint

if TYPE_CHECKING:
    from .configuration import Item, View

SMTPD = "smtpd_milters"
OTHERS = "non_smtpd_milters"
"""The parameter for mail that does not come by SMTP."""


class Software(NamedTuple):
    """A program that speaks the milter protocol."""

    name: str
    signs: bool
    """Whether to sign mail (DKIM) is all, or much, of what it is for."""
    rewrites: bool
    """Whether it may change headers or the body that a signature covers."""
    by_choice: bool = False
    """Whether it signs only where its own settings ask for it."""


_SIGNER = Software("OpenDKIM", True, False)
_RSPAMD = Software("rspamd", True, False, by_choice=True)
_KNOWN = (
    ("rspamd|rmilter", _RSPAMD),
    ("opendmarc|dmarc", Software("OpenDMARC", False, False)),
    ("openarc", Software("OpenARC", True, False)),
    ("dkimpy", Software("dkimpy-milter", True, False)),
    ("dkim", _SIGNER),
    ("spamass", Software("spamass-milter", False, True)),
    ("amavis", Software("amavisd-milter", False, True)),
    ("mimedefang", Software("MIMEDefang", False, True)),
    ("clam", Software("clamav-milter", False, False)),
)  # fmt: skip
"""What is found in the path or host of the address, the first that matches."""
_PORTS = {
    "8891": _SIGNER,
    "12301": _SIGNER,
    "8893": Software("OpenDMARC", False, False),
    "11332": _RSPAMD,
}


class Milter(NamedTuple):
    """A milter in a list."""

    item: Item
    endpoint: str
    software: Software | None
    """None: the address does not tell."""


def milters(view: View, parameter: str) -> list[Milter] | None:
    """The milters that the program of *view* asks; None: not known wholly.

    ``receive_override_options`` may turn those of smtpd off.
    """
    value = view.value(parameter)
    if value.text is None:
        return None
    if parameter == SMTPD:
        if value.text.upper() == DISABLED_MILTERS:
            return []
        if any(item.text == "no_milters" for item in view.items("receive_override_options")):
            return []
    found = []
    for item in view.items(parameter):
        endpoint = milter_endpoint(item.text).text
        found.append(Milter(item, endpoint, software(endpoint)))
    return found


def software(endpoint: str) -> Software | None:
    """The program at an address such as ``unix:/run/opendkim/opendkim.sock`` or ``inet:localhost:8891``."""
    for words, program in _KNOWN:
        if re.search(words, endpoint, re.IGNORECASE):
            return program
    return _PORTS.get(endpoint.rpartition(":")[2]) if endpoint.startswith("inet") else None
