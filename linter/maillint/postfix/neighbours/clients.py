"""What the small programs are told that hand mail to another host: msmtp, ssmtp and nullmailer.

The readings are those of msmtp(1), ssmtp.conf(5) and nullmailer-send(8). Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.pairs import ASSIGNMENTS, QUOTED_WORDS, parse_pairs

if TYPE_CHECKING:
    from maillint.syntax.entries import Entry
    from maillint.syntax.source import Location

    from . import Neighbours

NONE = "none"
STARTTLS = "starttls"
IMPLICIT = "implicit"
"""TLS from the first byte on."""

_ON = frozenset({"on", "yes", ""})


class Client(NamedTuple):
    """One way to another host."""

    program: str
    name: str
    """Of the account, for a message; empty: there is only one."""
    port: str
    port_location: Location
    tls: str
    """NONE, STARTTLS or IMPLICIT."""
    tls_location: Location | None
    """Where that is said; None: it is the default."""
    form: str
    """How STARTTLS, or TLS from the first byte on, is asked for instead: the line to write."""


def read_clients(neighbours: Neighbours) -> tuple[Client, ...]:
    return (*_msmtp(neighbours), *_ssmtp(neighbours), *_nullmailer(neighbours))


def _msmtp(neighbours: Neighbours) -> Iterator[Client]:
    """Each account has the settings of ``defaults`` above it, and of the accounts that it names."""
    path = neighbours.first("msmtprc", "msmtp/msmtprc")
    file = neighbours.read(path, partial(parse_pairs, form=QUOTED_WORDS)) if path is not None else None
    defaults: dict[str, Entry] = {}
    accounts: dict[str, dict[str, Entry]] = {}
    current = accounts.setdefault("default", {})
    for entry in file.entries if file is not None else ():
        if entry.name == "defaults":
            current = defaults
        elif entry.name == "account":
            name, _, bases = entry.value.text.partition(":")
            current = accounts[name.strip()] = dict(defaults)
            for base in bases.replace(",", " ").split():
                current.update(accounts.get(base, {}))
        else:
            current[entry.name] = entry
    for name, account in accounts.items():
        port = account.get("port")
        if port is None:
            continue
        tls, starttls = account.get("tls"), account.get("tls_starttls")
        kind = NONE
        if tls is not None and tls.value.text in _ON:
            kind = STARTTLS if starttls is None or starttls.value.text in _ON else IMPLICIT
        said = starttls or tls
        yield Client(
            "msmtp",
            name,
            port.value.text,
            port.value.location(),
            kind,
            said.value.location() if said is not None else None,
            "tls_starttls off" if kind == STARTTLS else "tls_starttls on",
        )


def _ssmtp(neighbours: Neighbours) -> Iterator[Client]:
    path = neighbours.first("ssmtp/ssmtp.conf")
    file = neighbours.read(path, partial(parse_pairs, form=ASSIGNMENTS)) if path is not None else None
    settings = {entry.name.lower(): entry for entry in file.entries} if file is not None else {}
    hub = settings.get("mailhub")
    port = re.fullmatch(r"[^:]*:(\d+)", hub.value.text) if hub is not None else None
    if hub is None or port is None:
        return

    def is_on(name: str) -> bool:
        return name in settings and settings[name].value.text.lower() == "yes"

    kind = STARTTLS if is_on("usestarttls") else IMPLICIT if is_on("usetls") else NONE
    said = settings.get("usestarttls") if kind == STARTTLS else settings.get("usetls")
    yield Client(
        "sSMTP",
        "",
        port[1],
        hub.value.location(*port.span(1)),
        kind,
        said.value.location() if said is not None else None,
        "UseSTARTTLS=NO" if kind == STARTTLS else "UseSTARTTLS=YES",
    )


def _nullmailer(neighbours: Neighbours) -> Iterator[Client]:
    """``HOST PROTOCOL OPTIONS`` a line."""
    path = neighbours.first("nullmailer/remotes")
    file = neighbours.read(path, partial(parse_pairs, form=QUOTED_WORDS)) if path is not None else None
    for entry in file.entries if file is not None else ():
        port = re.search(r"--port=(\d+)", entry.value.text)
        if port is None or not re.match(r"smtp\b", entry.value.text):
            continue
        starttls, implicit = (re.search(rf"--{name}\b", entry.value.text) for name in ("starttls", "ssl"))
        said = starttls or implicit
        yield Client(
            "nullmailer",
            entry.name,
            port[1],
            entry.value.location(*port.span(1)),
            STARTTLS if starttls else IMPLICIT if implicit else NONE,
            entry.value.location(*said.span()) if said else None,
            "--ssl" if starttls else "--starttls",
        )
