"""The tables that a configuration names, each once, with the parameter that names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.postfix.configuration import Configuration, Item, Value, View
from maillint.postfix.matchlist import TABLE, patterns
from maillint.postfix.tables import UNKNOWN_TYPE, Problem, Table, parse_table
from maillint.postfix.vocabulary import table_types
from maillint.record import NamedTuple

from ._chain import set_here
from ._programs import EVERY, Readers, readers
from ._told import is_placeholder, told
from ._values import Judged, judged_values, origin

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.version import Version
    from maillint.syntax.source import Location

MAPS = "maps"
"""A list of tables, or one table."""
MATCH_LIST = "match-list"
"""A list in which tables and other patterns stand."""
SERVER_ACL = "server-acl"
"""postscreen_access_list."""
ACCESS = "access"
"""A list of smtpd restrictions, or a restriction class."""
CACHE = "cache"
"""One table that a program writes into."""

PROXIED = "proxied"
"""Some table is opened by proxymap(8), and not because of a default."""
FROM_PACKAGE = "from-package"
"""Some table is of a type that comes with a package of its own."""
CLIENT = "client"
"""Some table is asked by a database client."""
UNBUILT = "unbuilt"
"""alias_maps names a table that alias_database does not."""
NO_INDEX = "no-index"
"""alias_database names a table without index."""
NO_PATTERNS = "no-patterns"
"""Some table for lines of mail may know no patterns."""
SUFFIXED = "suffixed"
"""The name of some table ends like that of its index."""

_USES = {
    "maps": MAPS,
    "table": MAPS,
    "table:cache": CACHE,
    "match-list": MATCH_LIST,
    "server-acl": SERVER_ACL,
}
_PATTERNS = ("pcre", "regexp")
_PROXYMAP = "proxymap"
_READ_MAPS = "proxy_read_maps"
_SMTPD = Readers(("smtpd",), (), are_here=True)


class Named(NamedTuple):
    """A table at the place where it is named."""

    view: View
    parameter: str
    """The parameter, or the restriction class."""
    value: Value
    item: Item
    offset: int
    """Of the table in the item."""
    table: Table
    use: str
    """:data:`MAPS`, :data:`MATCH_LIST`, :data:`SERVER_ACL`, :data:`ACCESS` or :data:`CACHE`."""
    readers: Readers
    """The programs that open it."""
    restriction: str = ""
    """Of an access table: the name of the restriction that looks into it, where it is known."""

    def location(self, start: int = 0, end: int | None = None) -> Location:
        """Where a range of the table comes from; all of the item, where it is known in part only."""
        found = self.item.location
        if self.item.known:
            first = self.item.start + self.offset
            found = self.value.location(first + start, first + (self.table.end if end is None else end))
        assert found is not None
        return found


def named_tables(config: Configuration) -> list[Named]:
    """The tables in all values that are set, where no rule about syntax speaks."""
    known: list[Named] | None = config.memo.get("named_tables")
    if known is None:
        known = config.memo["named_tables"] = [*_in_parameters(config), *_in_access_lists(config)]
    return known


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the tables: their types, kinds of problems, and the words of this module."""
    words: set[str] = set()
    aliases: dict[str, set[str]] = {"alias_maps": set(), "alias_database": set()}
    for named in named_tables(config):
        if named.parameter in aliases and named.view.service is None:
            aliases[named.parameter].add(named.item.text)
        if named.parameter == "alias_database" and not _is_index(named.table):
            words.add(NO_INDEX)
        if named.parameter.endswith("_checks") and named.table.type not in _PATTERNS:
            words.add(NO_PATTERNS)
        for table in named.table.walk():
            words.update(problem.kind for problem in table.problems)
            words.add(table.type)
            known = table_types().get(table.type)
            if table.type == "proxy":
                if not is_approved_by_default(named):
                    words.add(PROXIED)
            elif known is not None and known.package:
                words.add(FROM_PACKAGE)
            if known is not None and known.name == "client":
                words.add(CLIENT)
            if known is not None and known.extension and table.name.endswith(known.extension):
                words.add(SUFFIXED)
    if not aliases["alias_maps"] <= aliases["alias_database"]:
        words.add(UNBUILT)
    return frozenset(words)


def _is_index(table: Table) -> bool:
    known = table_types().get(table.type)
    return known is not None and known.name == "index"


def is_approved_by_default(named: Named) -> bool:
    """Whether proxymap(8) opens the table because of the default of proxy_read_maps."""
    config = named.view.configuration
    proxymap = config.view("proxymap/unix") or config.main_view
    return (
        named.table.type == "proxy"
        and named.use != CACHE
        and named.view.service is None
        and not proxymap.overrides
        and not proxymap.is_set(_READ_MAPS)
        and f"${named.parameter}" in (proxymap.raw(_READ_MAPS) or "").split()
    )


def _in_parameters(config: Configuration) -> Iterator[Named]:
    for judged in judged_values(config):
        use = _use(judged.parameter)
        if use is None:
            continue
        who: Readers | None = None
        for item, text, offset in _candidates(judged, use, config.version):
            source = origin(judged.view, item)
            if source is not None and _use(source) is not None:
                continue
            who = who or _openers(judged)
            if who is None:
                break
            yield Named(
                judged.view,
                judged.parameter.name,
                judged.value,
                item,
                offset,
                parse_table(text, config.version),
                use,
                who,
            )


def _use(parameter: Parameter) -> str | None:
    kind = parameter.kind
    return _USES.get(kind) or _USES.get(kind.partition(":")[0])


def _openers(judged: Judged) -> Readers | None:
    """The programs that open the tables in a value; proxymap(8) only compares their names."""
    who = readers(judged)
    if who is None or who.programs == (_PROXYMAP,):
        return who
    programs = tuple(program for program in who.programs if program != _PROXYMAP)
    views = (judged.view.configuration.view(service) for service in who.services)
    services = tuple(view.id for view in views if view is not None and view.daemon != _PROXYMAP)
    return who._replace(programs=programs, services=services)


def _candidates(judged: Judged, use: str, version: Version) -> Iterator[tuple[Item, str, int]]:
    """The items that Postfix takes for tables, with the text of the table and its offset in the item."""
    if use == MATCH_LIST:
        for pattern in patterns(judged.value, version):
            if pattern.kind == TABLE:
                yield pattern.item, pattern.text, pattern.offset
        return
    for item in judged.value.items(judged.parameter.kind != "table:cache"):
        if use != SERVER_ACL or ":" in item.text.partition("…")[0]:
            yield item, item.text, 0


def _in_access_lists(config: Configuration) -> Iterator[Named]:
    if not _has_access_lists(config):
        return
    from maillint.postfix.restrictions import TABLE as BARE
    from maillint.postfix.restrictions import access_lists, table_argument

    for view in config.views:
        if view.service is not None and (view.daemon != "smtpd" or not view.options):
            continue
        lists = access_lists(view)
        for found in (*lists.lists.values(), *lists.classes.values()):
            if not _is_set_here(found.value, view) or told(found.value):
                continue
            for word in found.restrictions:
                takes = word.kind == BARE or (word.fact is not None and word.fact.argument == "table")
                if takes and word.argument is not None and word.problem is None and word.certain:
                    argument = table_argument(word.argument.text)
                    table = parse_table(argument.table, config.version)
                    who = _SMTPD if view.service is None else Readers(("smtpd",), (view.id,), True)
                    bare = lists.bare_table(found.name) if word.kind == BARE and found.stage else None
                    yield Named(
                        view,
                        found.name,
                        found.value,
                        word.argument,
                        argument.start,
                        table,
                        ACCESS,
                        who,
                        bare.name if bare is not None else word.name,
                    )


def _has_access_lists(config: Configuration) -> bool:
    return any(
        name.startswith("smtpd_") and name.endswith(("_restrictions", "_classes"))
        for view in config.views
        for name in ([*config.settings] if view.service is None else [o.name for o in view.options])
    )


def _is_set_here(value: Value, view: View) -> bool:
    """Whether the value is set, and, in the view of a service, is another than in main.cf."""
    if value.setting is None:
        return False
    return view.service is None or any(setting.service is not None for setting in value.chain)


def problems(config: Configuration, *kinds: str) -> Iterator[tuple[Named, Problem]]:
    """What Postfix has against the tables, their members included, of one of the *kinds*.

    Of a table that is known in part only, nothing but its type is looked at.
    """
    for named in named_tables(config):
        for table in named.table.walk():
            for problem in table.problems:
                if problem.kind not in kinds or is_placeholder(table.type):
                    continue
                if named.item.known or (problem.kind == UNKNOWN_TYPE and "…" not in table.type):
                    yield named, problem


def refused(named: Named, problem: Problem, why: str, mend: str, fix: str | None = None) -> Finding:
    """The finding about a table that cannot be used.

    *why*: a clause. *fix*: what to write in the place of the range of the problem, not surely meant.
    """
    location = named.location(problem.start, problem.end)
    return Finding(
        location,
        f"{_effect(named, problem)}: {why}",
        mend=mend,
        severity=None if named.readers.are_here else WARNING,
        parameter=named.parameter,
        related=set_here(named.value.chain[1:]),
        fix=Fix.write(location, fix, safe=False)
        if fix is not None and is_written(named, problem.start, problem.end)
        else None,
        services=named.readers.services,
    )


def is_written(named: Named, start: int, end: int) -> bool:
    """Whether a range of the table stands in the file as Postfix sees it, so that an edit can mend it."""
    text = named.item.text[named.offset + start : named.offset + end]
    return named.item.known and named.location(start, end).text == text


def _effect(named: Named, problem: Problem) -> str:
    who = named.readers
    if problem.fatal:
        if named.use == MATCH_LIST and who.programs == (EVERY,):
            return "each program that looks into this list stops with a fatal error"
        return who.halt
    if named.use == ACCESS:
        return "`smtpd` answers `451 4.3.5 Server configuration error` to whoever gets here"
    if named.use == SERVER_ACL:
        return "`postscreen` ignores this entry and all behind it"
    if named.use == CACHE:
        return "nothing can be stored in this cache"
    return "every look-up here fails, and the mail that needs it is put off"
