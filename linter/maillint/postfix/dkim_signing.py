"""Which DKIM keys the signers beside Postfix sign with: OpenDKIM, and rspamd's module ``dkim_signing``.

Their files are read as :mod:`.neighbours` does. The readings are those of opendkim.conf(5) and of rspamd's
documentation. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.pairs import WORDS, parse_pairs

from .configuration import ConfigurationError, read_source
from .elsewhere import located

if TYPE_CHECKING:
    from maillint.syntax.entries import Entry

    from .configuration import Configuration
    from .neighbours import Neighbours
    from .neighbours.milter_programs import DataSet

OPENDKIM = "OpenDKIM"
RSPAMD = "rspamd"

_MODULE = "dkim_signing.conf"
_OFF = ("false", "no", "off")
_DEFAULT_PATH = "/var/lib/rspamd/dkim/$domain.$selector.key"
_DEFAULT_SELECTOR = "dkim"


class SigningKey(NamedTuple):
    """One key that mail is signed with."""

    program: str
    """OPENDKIM or RSPAMD."""
    domain: str | None
    """In lower case; None: that of the sender, whatever it is."""
    selector: str
    path: str
    """Where the private key is, as the file says; empty: it does not."""
    file: str
    """What says so, as it is shown."""
    line: int


class Signing(NamedTuple):
    """What the signers beside Postfix are told."""

    keys: tuple[SigningKey, ...]
    unknown: tuple[str, ...]
    """Why there may be more keys, or which."""


class _UnknownError(Exception):
    """Says why it cannot be known which keys there are."""


def signing(config: Configuration) -> Signing:
    """The keys of the signers whose files are there."""
    keys: list[SigningKey] = []
    unknown: list[str] = []
    for read in (_opendkim, _rspamd):
        try:
            keys += read(config.neighbours)
        except _UnknownError as error:
            unknown.append(str(error))
    return Signing(tuple(dict.fromkeys(keys)), tuple(unknown))


def private_key(config: Configuration, key: SigningKey) -> str | None:
    """The file with the private key; None: it is not here, or cannot be read."""
    path = located(config, key.path)
    if path is None or not os.path.isfile(path):
        return None
    try:
        return read_source(path).text
    except ConfigurationError:
        return None


# --- OpenDKIM --------------------------------------------------------------------------------------------


def _opendkim(around: Neighbours) -> Iterator[SigningKey]:
    opendkim = around.opendkim
    if opendkim is None:
        _check_unread(around, "opendkim.conf")
        return
    if not opendkim.signs:
        return
    if not opendkim.uses_tables:
        selector, key_file = opendkim.entry("selector"), opendkim.text("keyfile") or ""
        for domain in _entries(opendkim.set_of("domain")) if selector is not None else ():
            assert selector is not None
            yield _key(OPENDKIM, domain.name.lower(), selector.value.text, key_file, selector)
        return
    table = opendkim.set_of("signingtable")
    users: dict[str, list[str]] = {}
    for entry in _entries(table):
        for name in filter(None, re.split(r"[,\s]+", entry.value.text)):
            users.setdefault(name, []).append(entry.name.rpartition("@")[2].lower())
    for entry in _entries(opendkim.set_of("keytable")):
        signed, _, rest = entry.value.text.partition(":")
        chosen, _, path = rest.partition(":")
        if table is not None and entry.name not in users:
            continue
        domains = users.get(entry.name, []) if signed == "%" else [signed.lower()]
        for own in dict.fromkeys(domains):
            known = None if "*" in own or own.startswith(".") else own
            yield _key(OPENDKIM, known, chosen, path, entry)


def _entries(found: DataSet | None) -> tuple[Entry, ...]:
    """What is in a data set. Raises _UnknownError."""
    if found is None:
        return ()
    if found.entries is None:
        raise _UnknownError(f"{found.entry.source.path}: {found.unknown}")
    return found.entries


def _check_unread(around: Neighbours, ending: str) -> None:
    """Raise _UnknownError for a file that is there and cannot be read."""
    for path, reason in around.unread.items():
        if path.endswith(ending):
            raise _UnknownError(reason)


def _key(program: str, domain: str | None, selector: str, path: str, said: Entry) -> SigningKey:
    return SigningKey(program, domain, selector, path, said.source.path, said.line)


# --- rspamd ----------------------------------------------------------------------------------------------


def _rspamd(around: Neighbours) -> Iterator[SigningKey]:
    rspamd = around.rspamd
    settings = rspamd.settings(_MODULE) if rspamd is not None else {}
    if rspamd is None or settings is None:
        _check_unread(around, _MODULE)
        return
    texts = {name: entries[-1].value.text for name, entries in settings.items() if not entries[-1].is_section}
    if texts.get("enabled") in _OFF:
        return
    path, selector = texts.get("path", _DEFAULT_PATH), texts.get("selector", _DEFAULT_SELECTOR)
    by_map = settings.get("selector_map")
    if by_map is not None:
        yield from _in_map(around, by_map[-1], path)
    for keys in rspamd.sections(_MODULE, "domain"):
        domain = keys.title.lower()
        for options in keys.members:
            said = options.get("selector") or keys.head
            chosen = said.value.text if said is not keys.head else selector
            yield _filled(domain, chosen, options["path"].value.text if "path" in options else path, said)
    if "selector" in texts and "domain" not in settings and texts.get("use_esld") in _OFF:
        yield _filled(None, selector, path, settings["selector"][-1])


def _in_map(around: Neighbours, entry: Entry, path: str) -> Iterator[SigningKey]:
    """The keys in a file with a domain and its selector on each line. Raises _UnknownError."""
    name = entry.value.text
    place = around.named(name)
    file = around.read(place, partial(parse_pairs, form=WORDS)) if place is not None else None
    if file is None:
        raise _UnknownError(f"{entry.source.path}: `{name}`, which `selector_map` names, is not here")
    for line in file.entries:
        yield _filled(line.name.lower(), line.value.text, path, line)


def _filled(domain: str | None, selector: str, path: str, said: Entry) -> SigningKey:
    path = path.replace("$selector", selector)
    return _key(RSPAMD, domain, selector, path.replace("$domain", domain) if domain else path, said)
