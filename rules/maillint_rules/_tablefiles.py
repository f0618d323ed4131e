"""What lookup tables hold, and the findings about it.

Tables are files beside main.cf, each read once, or written out where they are named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import Finding, Related
from maillint.postfix.alias_loops import LARGEST, loops, loops_in_text
from maillint.postfix.beside import open_file, path_beside
from maillint.postfix.master import is_complete
from maillint.postfix.pattern_syntax import Patterns
from maillint.postfix.references import TRANSPORT, defined
from maillint.postfix.restrictions import access_lists
from maillint.postfix.table_results import (
    FORBIDDEN_PERMIT,
    INLINE_COMMENT,
    Access,
    Addresses,
    Aliases,
    Ids,
    Postscreen,
    Results,
    Transports,
)
from maillint.postfix.table_syntax import Cidr, Postalias, Postmap
from maillint.postfix.table_uses import ALIASES, EXPANDED, NUMBERS_REFUSED, PASSWORDS, TRANSPORTS, results_of
from maillint.postfix.tablefile import TableFile, read
from maillint.postfix.vocabulary import stages, table_types
from maillint.postfix.written_table import is_written_out, read_written_out, written_pairs
from maillint.record import NamedTuple

from ._tables import ACCESS, SERVER_ACL, Named, named_tables
from ._told import is_placeholder

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.tablefile import Found, Problem, Syntax
    from maillint.postfix.tables import Table
    from maillint.syntax.source import Location


UNREAD = "unread"
"""Some file could not be read, or not to its end."""

NOT_THERE = "not-there"
"""Some file is not in the directory of main.cf, where others are."""
_FEWEST = 2
"""How many other tables must be there."""

_POSTALIAS = "postalias"
_POSTMAP = "postmap"
_PATTERNS = ("regexp", "pcre")
_PIPE = "pipemap"
"""The type of a table that looks up the result of one member in the next."""
_FOR_VIRTUAL = ("virtual_gid_maps", "virtual_uid_maps")
_CLIENTS = {"smtp": "smtp", "relay": "smtp", "lmtp": "lmtp"}
"""The services of a stock master.cf, where none is known."""


_TOLD_OF_SETTINGS = (FORBIDDEN_PERMIT, INLINE_COMMENT)
"""What other rules look for in settings (forbidden-access-result, inline-comment)."""
_PLACEHOLDER = re.compile(r"\{?[A-Z]+_[A-Z_]+\}?")
"""The name of a table that some script replaces."""


class WrittenTable:
    """A table that is written out in a setting, with what :class:`TableFile` has of a file."""

    __slots__ = ("_named", "found")

    def __init__(self, named: Named, found: list[Found]) -> None:
        self._named = named
        self.found = found

    def location(self, found: Found) -> Location:
        return self._named.location(found.start.column - 1, found.end.column - 1)

    def text(self, found: Found) -> str:
        """What is to blame, as Postfix sees it."""
        start = self._named.offset - 1
        return self._named.item.text[start + found.start.column : start + found.end.column]


class JudgedTable(NamedTuple):
    """A table whose contents are known."""

    contents: TableFile | WrittenTable
    uses: tuple[Named, ...]
    """Where it is named, in the order of the configuration."""
    reader: str
    """``postmap``, ``postalias``, or the type of the table: ``cidr``, ``regexp``, ``pcre``, ``static`` or
    ``inline``."""
    type: str

    @property
    def file(self) -> TableFile:
        """The file; for tables in files only."""
        assert isinstance(self.contents, TableFile)
        return self.contents


class Judged(NamedTuple):
    """A problem in such a table."""

    table: JudgedTable
    found: Found

    @property
    def problem(self) -> Problem:
        return self.found.problem

    @property
    def location(self) -> Location:
        return self.table.contents.location(self.found)

    @property
    def reader(self) -> str:
        return self.table.reader

    @property
    def text(self) -> str:
        """What is to blame, as it stands in the table."""
        return self.table.contents.text(self.found)


def problems(config: Configuration, *kinds: str) -> Iterator[Judged]:
    """The problems of one of the *kinds* in all tables, each once, whatever the table is used for.

    Of patterns in a table that knows none, its type is the mistake (rule header-checks-not-regexp).
    """
    for table in (*table_files(config), *_written_tables(config)):
        if table.reader == _POSTMAP and all(use.parameter.endswith("_checks") for use in table.uses):
            continue
        told: set[object] = set()
        for found in table.contents.found:
            place = found.problem.kind, found.start, found.end
            if found.problem.kind in kinds and place not in told:
                told.add(place)
                yield Judged(table, found)


def noted(config: Configuration) -> frozenset[str]:
    """The kinds of problems in all tables, and the word of this module."""
    tables = (*table_files(config), *_written_tables(config))
    words = {found.problem.kind for table in tables for found in table.contents.found}
    if any(table.file.error or table.file.is_cut for table in table_files(config)):
        words.add(UNREAD)
    if missing_files(config):
        words.add(NOT_THERE)
    return frozenset(words)


def finding(judged: Judged, message: str, mend: str, severity: str | None = None) -> Finding:
    """The finding about *judged*."""
    use = judged.table.uses[0]
    where = use.item.location if isinstance(judged.table.contents, TableFile) else None
    return Finding(
        judged.location,
        message,
        mend=mend,
        severity=severity,
        parameter=use.parameter,
        related=(Related(where, f"`{use.parameter}` names the table here"),) if where is not None else (),
        services=use.readers.services,
    )


def table_files(config: Configuration) -> list[JudgedTable]:
    """The tables that lie beside main.cf, read line by line."""
    known: list[JudgedTable] | None = config.memo.get("table_files")
    if known is None:
        known = config.memo["table_files"] = list(_read(config)) if config.beside else []
        config.tables += [table.file for table in known]
    return known


def _written_tables(config: Configuration) -> list[JudgedTable]:
    """The tables that are written out where they are named, those with passwords left out."""
    known: list[JudgedTable] | None = config.memo.get("written_tables")
    if known is None:
        known = config.memo["written_tables"] = list(_read_settings(config))
    return known


def _read_settings(config: Configuration) -> Iterator[JudgedTable]:
    for named in named_tables(config):
        if not named.item.known or named.parameter in PASSWORDS:
            continue
        for table, answers in _members(named.table):
            if not is_written_out(table) or _PLACEHOLDER.fullmatch(table.name):
                continue
            results = _results(named, config) if answers else None
            if _is_asked_first(named, table):
                pairs = ((key.lower(), value.lower()) for key, value in written_pairs(table))
                results = _with_loops(results, loops(pairs, local=named.parameter in ALIASES))
            refuses_numbers = named.parameter in NUMBERS_REFUSED
            pattern = table.type in (*_PATTERNS, "cidr")
            syntax = _syntax(table.type, [results] if results else [], refuses_numbers) if pattern else None
            found = [
                found
                for found in read_written_out(table, syntax, results)
                if found.problem.kind not in _TOLD_OF_SETTINGS
            ]
            yield JudgedTable(WrittenTable(named, found), (named,), table.type, table.type)


def _members(table: Table) -> Iterator[tuple[Table, bool]]:
    """The tables that *table* is made of, itself included, and whether their results are its own."""
    yield table, True
    for at, member in enumerate(table.members, 1):
        is_last = at == len(table.members)
        for inner, answers in _members(member):
            yield inner, answers and (is_last or table.type != _PIPE)


def _read(config: Configuration) -> Iterator[JudgedTable]:
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
        if any(_is_asked_first(named, named.table) for named in names):
            found = _loops_in_file(path, local=reader == _POSTALIAS)
            results = [part for whole in results for part in [_with_loops(whole, found)] if part]
        refuses_numbers = any(named.parameter in NUMBERS_REFUSED for named in names)
        syntax = _syntax(reader, results, refuses_numbers, without_dot=all(map(_asks_without_dot, names)))
        secret = any(named.parameter in PASSWORDS for named in names)
        yield JudgedTable(read(path, syntax, results, secret), tuple(names), reader, type)


def _is_asked_first(named: Named, table: Table) -> bool:
    """Whether *table* holds aliases, and no other table knows better."""
    return named.parameter in EXPANDED and named.item.start == 0 and table is named.table


def _loops_in_file(path: str, *, local: bool) -> dict[str, tuple[str, ...]]:
    try:
        with open_file(path) as file:
            data = file.read(LARGEST + 1)
    except OSError:
        return {}
    return {} if len(data) > LARGEST else loops_in_text(data.decode("utf-8", "replace"), local=local)


def _with_loops(results: Results | None, found: dict[str, tuple[str, ...]]) -> Results | None:
    return Aliases(found) if found and isinstance(results, Addresses) else results


def _files(config: Configuration) -> Iterator[tuple[Named, str, str]]:
    """The tables whose file is there, with their type and the path of the file."""
    for named in named_tables(config):
        if not named.item.known:
            continue
        for table in named.table.walk():
            known = table_types().get(table.type)
            if known is None or known.name not in ("index", "text") or table.name.startswith("{"):
                continue
            path = path_beside(config, table.name)
            if path is not None and os.path.lexists(path):
                yield named, table.type, path


def missing_files(config: Configuration) -> list[tuple[Named, Table, str]]:
    """The tables whose file belongs into the directory and is not there, where those of others are.

    Each with its path, and once. Files with passwords are left out: they are often made elsewhere.
    """
    found: dict[str, tuple[Named, Table, str]] = {}
    for named in named_tables(config) if config.beside else ():
        if not named.item.known or named.parameter in PASSWORDS:
            continue
        for table in named.table.walk():
            known = table_types().get(table.type)
            if known is None or known.name not in ("index", "text") or table.name.startswith("{"):
                continue
            path = path_beside(config, table.name)
            if path is not None and not is_placeholder(table.name):
                found.setdefault(path, (named, table, path))
    missing = [entry for path, entry in found.items() if not _is_there(path, entry[1])]
    return missing if len(found) - len(missing) >= _FEWEST else []


def _is_there(path: str, table: Table) -> bool:
    """Whether there is the file, or at least its index."""
    extension = table_types()[table.type].extension
    return os.path.lexists(path) or bool(extension and os.path.lexists(path + extension))


def _asks_without_dot(named: Named) -> bool:
    """Whether parents of domains are looked up in an access table, and without a dot in front."""
    about = named.restriction.removeprefix("check_").removesuffix("_access")
    return (
        named.use == ACCESS
        and about.startswith(("client", "helo", "recipient", "reverse_client", "sender"))
        and any(
            item.text == "smtpd_access_maps" for item in named.view.items("parent_domain_matches_subdomains")
        )
    )


def _syntax(
    reader: str, results: list[Results], refuses_numbers: bool, *, without_dot: bool = False
) -> Syntax:
    if reader in _PATTERNS:
        plain = [found.plain_behind_pattern for found in results]
        return Patterns(reader, plain, refuses_numbers, [found.pattern_problem for found in results])
    plain = [found.plain for found in results]
    if reader == "cidr":
        return Cidr(plain)
    return Postalias(plain) if reader == _POSTALIAS else Postmap(plain, without_dot=without_dot)


def _results(named: Named, config: Configuration) -> Results | None:
    """What the results of a table are for."""
    view, version = named.view, config.version
    if named.use == ACCESS:
        return _access(named)
    if named.use == SERVER_ACL:
        return Postscreen()
    if named.parameter in _FOR_VIRTUAL and not _is_virtual_used(view):
        return None
    if named.parameter == "virtual_uid_maps":
        least = view.value("virtual_minimum_uid").text or ""
        return Ids("uid", int(least)) if least.isdecimal() else None
    if named.parameter in TRANSPORTS:
        return _transports(config)
    return results_of(named.parameter, _transports(config), version)


def _is_virtual_used(view: View) -> bool:
    """Whether virtual(8) delivers mail for virtual_mailbox_domains, as far as it is known."""
    transport = view.value("virtual_transport").text
    return transport is None or transport.partition(":")[0] == "virtual"


def _access(named: Named) -> Access:
    view = named.view
    config = view.configuration
    classes = {name for other in _smtpds(config) for name in access_lists(other).classes}
    return Access(
        named.restriction,
        named.parameter if named.parameter in stages() else "",
        config.version,
        leading_here=frozenset() if named.parameter in stages() else _leading_to(named.parameter, view),
        delayed=view.boolean("smtpd_delay_reject") is not False,
        proxied=bool(view.value("smtpd_proxy_filter").text),
        classes=frozenset(classes),
        filters=_transports(config),
    )


def _leading_to(name: str, view: View) -> frozenset[str]:
    """The restriction class *name*, and the classes in which it stands, or another one of these."""
    found, size = {name}, 0
    classes = access_lists(view).classes
    while size < len(found):
        size = len(found)
        for other, where in classes.items():
            if any(restriction.name in found for restriction in where.restrictions):
                found.add(other)
    return frozenset(found)


def _smtpds(config: Configuration) -> Iterator[View]:
    for view in config.views:
        if view.service is None or (view.daemon == "smtpd" and view.options):
            yield view


def _transports(config: Configuration) -> Transports:
    if config.master is None:
        return Transports(_CLIENTS, False, config.version)
    delivering = defined(config, TRANSPORT)
    programs = {name: service.command for name, service in delivering.items()}
    return Transports(programs, is_complete(config), config.version)
