"""Which DKIM keys the signers beside Postfix sign with: OpenDKIM, and rspamd's module ``dkim_signing``.

Their files are looked for next to the directory of main.cf, as in /etc: ``opendkim.conf``, ``opendkim/`` and
``rspamd/``. The readings are those of opendkim.conf(5) and of rspamd's documentation. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .configuration import ConfigurationError, read_source
from .elsewhere import directory_above, located

if TYPE_CHECKING:
    from .configuration import Configuration

OPENDKIM = "OpenDKIM"
RSPAMD = "rspamd"

_OPENDKIM_FILES = ("opendkim.conf", "opendkim/opendkim.conf")
_RSPAMD_FILES = ("rspamd/override.d/dkim_signing.conf", "rspamd/local.d/dkim_signing.conf")
_SIGNS = re.compile("s", re.IGNORECASE)
_FILE_TYPES = ("file", "refile")
_OTHER_TYPE = re.compile(r"[a-z]+:")


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


def signing(config: Configuration) -> Signing:
    """The keys of the signers whose files are there."""
    keys: list[SigningKey] = []
    unknown: list[str] = []
    for names, read in ((_OPENDKIM_FILES, _opendkim), (_RSPAMD_FILES, _rspamd)):
        path = next((path for name in names for path in _beside(config, name)), None)
        if path is None:
            continue
        try:
            keys += read(config, path)
        except ConfigurationError as error:
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


def _beside(config: Configuration, name: str) -> Iterator[str]:
    for directory in (directory_above(config), config.directory):
        if directory is not None and os.path.isfile(os.path.join(directory, name)):
            yield os.path.normpath(os.path.join(directory, name))


# --- OpenDKIM --------------------------------------------------------------------------------------------


class _Entry(NamedTuple):
    key: str
    value: str
    file: str
    line: int


def _opendkim(config: Configuration, path: str) -> Iterator[SigningKey]:
    options = {entry.key.lower(): entry for entry in _entries(path)}

    def value(name: str) -> str:
        return options[name].value if name in options else ""

    if not _SIGNS.search(value("mode") or "sv"):
        return
    if "keytable" not in options:
        selector = options.get("selector")
        if selector is None:
            return
        for domain in _dataset(config, options.get("domain")):
            yield SigningKey(
                OPENDKIM, domain.key.lower(), selector.value, value("keyfile"), path, selector.line
            )
        return
    users: dict[str, list[str]] = {}
    for entry in _dataset(config, options.get("signingtable")):
        for name in filter(None, re.split(r"[,\s]+", entry.value)):
            users.setdefault(name, []).append(entry.key.rpartition("@")[2].lower())
    for entry in _dataset(config, options["keytable"]):
        signed, _, rest = entry.value.partition(":")
        selector_name, _, key = rest.partition(":")
        if "signingtable" in options and entry.key not in users:
            continue
        domains = users.get(entry.key, []) if signed == "%" else [signed.lower()]
        for own in dict.fromkeys(domains):
            known = None if "*" in own or own.startswith(".") else own
            yield SigningKey(OPENDKIM, known, selector_name, key, entry.file, entry.line)


def _dataset(config: Configuration, entry: _Entry | None) -> Iterator[_Entry]:
    """The entries of a data set (opendkim.conf(5), "DATA SETS"). Raises ConfigurationError."""
    if entry is None:
        return
    kind, colon, rest = entry.value.partition(":")
    if colon and kind in _FILE_TYPES:
        name = rest
    elif entry.value.startswith("/"):
        name = entry.value
    elif colon and kind != "csl" and _OTHER_TYPE.match(entry.value):
        raise ConfigurationError(
            entry.file, f"`{entry.key}` is of the type `{kind}`, which cannot be read here"
        )
    else:
        for item in (rest if colon and kind == "csl" else entry.value).split(","):
            if item.strip():
                yield entry._replace(key=item.strip(), value="")
        return
    path = located(config, name)
    if path is None or not os.path.isfile(path):
        raise ConfigurationError(entry.file, f"`{name}`, which `{entry.key}` names, is not here")
    yield from _entries(os.path.normpath(path))


def _entries(path: str) -> Iterator[_Entry]:
    for number, line in enumerate(read_source(path).text.split("\n"), 1):
        words = line.partition("#")[0].split(None, 1)
        if words:
            yield _Entry(words[0], words[1].strip() if len(words) > 1 else "", path, number)


# --- rspamd ----------------------------------------------------------------------------------------------

_COMMENTS = re.compile(r'("(?:\\.|[^"\\])*")|#[^\n]*|/\*.*?\*/', re.DOTALL)
_TOKEN = re.compile(r'[ \t\r\n;,]*(?:"((?:\\.|[^"\\])*)"|([{}\[\]])|([^\s{}\[\];,"=:]+)[ \t]*([=:])?|([=:]))')
_RAW = re.compile(r'[ \t]*(?:"((?:\\.|[^"\\])*)"|([^\s{}\[\];,"][^\n{}\[\];,]*))')
_DEFAULT_PATH = "/var/lib/rspamd/dkim/$domain.$selector.key"
_DEFAULT_SELECTOR = "dkim"
_OFF = ("false", "no", "off")
_DEEPEST = 20
"""How deep sections in sections are followed; no real file comes near."""


def _rspamd(config: Configuration, path: str) -> Iterator[SigningKey]:
    source = read_source(path)
    text = _COMMENTS.sub(lambda found: found[1] or " ", source.text)
    options = _Ucl(text).section()
    if options.get("enabled") in _OFF:
        return

    def key(domain: str | None, selector: object, file: object) -> SigningKey:
        name = str(file).replace("$selector", str(selector))
        name = name.replace("$domain", domain) if domain is not None else name
        line = source.text.count("\n", 0, max(source.text.find(str(selector)), 0)) + 1
        return SigningKey(RSPAMD, domain, str(selector), name, path, line)

    selectors = options.get("selector_map")
    if isinstance(selectors, str):
        map_path = located(config, selectors)
        if map_path is None or not os.path.isfile(map_path):
            raise ConfigurationError(path, f"`{selectors}`, which `selector_map` names, is not here")
        for entry in _entries(os.path.normpath(map_path)):
            yield key(entry.key.lower(), entry.value, options.get("path", _DEFAULT_PATH))
    domains = options.get("domain")
    for domain, section in domains.items() if isinstance(domains, dict) else ():
        chosen = section.get("selectors") if isinstance(section, dict) else None
        for one in chosen if isinstance(chosen, list) else (section,):
            if isinstance(one, dict):
                selector = one.get("selector", options.get("selector", _DEFAULT_SELECTOR))
                yield key(domain.lower(), selector, one.get("path", options.get("path", _DEFAULT_PATH)))
    uses_sender = options.get("use_esld") in _OFF
    if isinstance(options.get("selector"), str) and "domain" not in options and uses_sender:
        yield key(None, options["selector"], options.get("path", _DEFAULT_PATH))


class _Ucl:
    """As much of UCL as these files use: sections, lists, and values, quoted or not."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def section(self, depth: int = 0) -> dict[str, object]:
        found: dict[str, object] = {}
        while depth < _DEEPEST:
            token = _TOKEN.match(self._text, self._at)
            if token is None or not token[0]:
                break
            self._at = token.end()
            if token[2] == "}":
                break
            name = token[1] if token[1] is not None else token[3]
            if name is None:
                continue
            found[name] = self._value(depth + 1)
        return found

    def _value(self, depth: int) -> object:
        rest = re.compile(r"[ \t]*[=:]?[ \t\r\n]*").match(self._text, self._at)
        assert rest is not None
        opening = self._text[rest.end() : rest.end() + 1]
        if opening == "{":
            self._at = rest.end() + 1
            return self.section(depth)
        if opening == "[":
            self._at = rest.end() + 1
            return self._list(depth)
        self._at = rest.end()
        raw = _RAW.match(self._text, self._at)
        if raw is None:
            return ""
        self._at = raw.end()
        return raw[1] if raw[1] is not None else raw[2].strip()

    def _list(self, depth: int) -> list[object]:
        found: list[object] = []
        while depth < _DEEPEST:
            token = re.compile(r"[ \t\r\n;,]*(.?)", re.DOTALL).match(self._text, self._at)
            assert token is not None
            if token[1] in ("", "]", "}"):
                self._at = token.end()
                break
            self._at = token.start(1)
            if token[1] == "{":
                self._at += 1
                found.append(self.section(depth + 1))
                continue
            value = self._value(depth + 1)
            if value == "":
                break
            found.append(value)
        return found
