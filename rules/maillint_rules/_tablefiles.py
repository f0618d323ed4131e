"""The files of lookup tables beside main.cf, each read once, and the findings about their lines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.engine.finding import Finding, Related
from maillint.postfix.pattern_syntax import Patterns
from maillint.postfix.restrictions import access_lists
from maillint.postfix.table_results import (
    ALIASES,
    NUMBERS_REFUSED,
    PASSWORDS,
    TRANSPORTS,
    Access,
    Ids,
    Postscreen,
    Results,
    Transports,
    results_of,
)
from maillint.postfix.table_syntax import Cidr, Postalias, Postmap
from maillint.postfix.tablefile import read
from maillint.postfix.vocabulary import stages, table_types

from ._tables import ACCESS, SERVER_ACL, Named, named_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.tablefile import Found, Problem, Syntax, TableFile
    from maillint.syntax.source import Location

USUAL = "/etc/postfix"
"""The directory that the one that is judged stands for."""

UNREAD = "unread"
"""Some file could not be read, or not to its end."""

_POSTALIAS = "postalias"
_POSTMAP = "postmap"
_PATTERNS = ("regexp", "pcre")
_CLIENTS = {"smtp": "smtp", "relay": "smtp", "lmtp": "lmtp"}
"""The services of a stock master.cf, where none is known."""


class JudgedFile(NamedTuple):
    """A file that is a table."""

    file: TableFile
    uses: tuple[Named, ...]
    """Where it is named, in the order of the configuration."""
    reader: str
    """``postmap``, ``postalias``, or the type of the table: ``cidr``, ``regexp`` or ``pcre``."""
    type: str


class Judged(NamedTuple):
    """A problem in such a file."""

    table: JudgedFile
    found: Found

    @property
    def problem(self) -> Problem:
        return self.found.problem

    @property
    def location(self) -> Location:
        return self.table.file.location(self.found)

    @property
    def reader(self) -> str:
        return self.table.reader

    @property
    def text(self) -> str:
        """What is to blame, as it stands in the file."""
        return self.location.text


def problems(config: Configuration, *kinds: str) -> Iterator[Judged]:
    """The problems of one of the *kinds* in all files, each once, whatever the table is used for."""
    for table in table_files(config):
        told: set[object] = set()
        for found in table.file.found:
            place = found.problem.kind, found.start, found.end
            if found.problem.kind in kinds and place not in told:
                told.add(place)
                yield Judged(table, found)


def noted(config: Configuration) -> frozenset[str]:
    """The kinds of problems in all files, and the word of this module."""
    files = [table.file for table in table_files(config)]
    words = {found.problem.kind for file in files for found in file.found}
    if any(file.error or file.is_cut for file in files):
        words.add(UNREAD)
    return frozenset(words)


def finding(judged: Judged, message: str, mend: str, severity: str | None = None) -> Finding:
    """The finding about *judged*."""
    use = judged.table.uses[0]
    where = use.item.location
    return Finding(
        judged.location,
        message,
        mend=mend,
        severity=severity,
        parameter=use.parameter,
        related=(Related(where, f"`{use.parameter}` names the table here"),) if where is not None else (),
        services=use.readers.services,
    )


def table_files(config: Configuration) -> list[JudgedFile]:
    """The tables that lie beside main.cf, read line by line."""
    known: list[JudgedFile] | None = config.memo.get("table_files")
    if known is None:
        known = config.memo["table_files"] = list(_read(config)) if config.beside else []
        config.tables += [table.file for table in known]
    return known


def _read(config: Configuration) -> Iterator[JudgedFile]:
    uses: dict[tuple[str, str], list[Named]] = {}
    types: dict[tuple[str, str], str] = {}
    for named, type, path in _files(config):
        reader = type if type in (*_PATTERNS, "cidr") else _POSTMAP
        uses.setdefault((path, reader), []).append(named)
        # An alias table may be looked into by others, but it is postalias that builds it.
        if types.setdefault((path, reader), type) == "texthash":
            types[path, reader] = type
    for (path, reader), names in uses.items():
        type = types[path, reader]
        if reader == _POSTMAP and type != "texthash" and any(named.parameter in ALIASES for named in names):
            reader = _POSTALIAS
        results = [found for named in names for found in [_results(named, config)] if found is not None]
        syntax = _syntax(reader, results, any(named.parameter in NUMBERS_REFUSED for named in names))
        secret = any(named.parameter in PASSWORDS for named in names)
        yield JudgedFile(read(path, syntax, results, secret), tuple(names), reader, type)


def _files(config: Configuration) -> Iterator[tuple[Named, str, str]]:
    """The tables whose file is there, with their type and the path of the file."""
    for named in named_tables(config):
        if not named.item.known:
            continue
        for table in named.table.walk():
            known = table_types().get(table.type)
            if known is None or known.name not in ("index", "text") or table.name.startswith("{"):
                continue
            path = _beside(config, table.name)
            if path is not None:
                yield named, table.type, path


def _beside(config: Configuration, name: str) -> str | None:
    """The path of the file, when it belongs beside main.cf and is there."""
    directory = config.directory
    if directory is None:
        return None
    for place in (USUAL, config.main_view.value("config_directory").text, os.path.abspath(directory)):
        if place and name.startswith(place + "/"):
            inside = os.path.normpath(name[len(place) + 1 :])
            path = os.path.join(directory, inside)
            return path if not inside.startswith("..") and os.path.lexists(path) else None
    return None


def _syntax(reader: str, results: list[Results], refuses_numbers: bool) -> Syntax:
    plain = [found.plain for found in results]
    if reader in _PATTERNS:
        return Patterns(reader, plain, refuses_numbers)
    if reader == "cidr":
        return Cidr(plain)
    return Postalias(plain) if reader == _POSTALIAS else Postmap(plain)


def _results(named: Named, config: Configuration) -> Results | None:
    """What the results of a table are for."""
    view, version = named.view, config.version
    if named.use == ACCESS:
        return _access(named)
    if named.use == SERVER_ACL:
        return Postscreen()
    if named.parameter == "virtual_uid_maps":
        least = view.value("virtual_minimum_uid").text or ""
        return Ids("uid", int(least)) if least.isdecimal() else None
    if named.parameter in TRANSPORTS:
        return Transports(_delivering(config), config.master is not None, version)
    return results_of(named.parameter, version)


def _access(named: Named) -> Access:
    view = named.view
    config = view.configuration
    classes = {name for other in _smtpds(config) for name in access_lists(other).classes}
    return Access(
        named.restriction,
        named.parameter if named.parameter in stages() else "",
        config.version,
        delayed=view.boolean("smtpd_delay_reject") is not False,
        proxied=bool(view.value("smtpd_proxy_filter").text),
        classes=frozenset(classes),
    )


def _smtpds(config: Configuration) -> Iterator[View]:
    for view in config.views:
        if view.service is None or (view.daemon == "smtpd" and view.options):
            yield view


def _delivering(config: Configuration) -> dict[str, str]:
    """The programs behind the services of type ``unix``, by name."""
    if config.master is None:
        return _CLIENTS
    return {service.name: service.command for service in config.services if service.type == "unix"}
