"""Lookup tables: ``TYPE:NAME``, read as the programs read it that open the table (util/dict_open.c).

The first colon parts type and name; what may stand in a name is the business of the type (the dict_*.c
files in util and global). Nothing is opened, nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import COMMA_SPACE, open_group, split_list

from .expand import UNKNOWN
from .host_port import host_port
from .version import Version
from .vocabulary import table_types

if TYPE_CHECKING:
    from .configuration import View

NO_TYPE = "no-type"
"""There is no colon, or nothing before it."""
NO_NAME = "no-name"
"""There is nothing behind the colon."""
UNKNOWN_TYPE = "unknown-type"
"""This version has no such type, a type from another package included in what it has."""
BAD_NAME = "bad-name"
"""The type cannot make sense of the name."""

_DEEPEST = 20
"""How deep tables in tables are followed; no real configuration comes near."""
_UNAVAILABLE_NOT_FATAL = Version("2.11")
"""Since then a table that cannot be opened fails each look-up; before, the program ended
(util/dict_surrogate.c)."""
WRITABLE = frozenset(
    {"btree", "dbm", "debug", "fail", "hash", "internal", "lmdb", "memcache", "proxy", "sdbm"}
)
"""The types that a program can write into while it looks things up, as a cache needs it."""
_PLATFORM = frozenset({"dbm", "netinfo", "nisplus", "non-existent"})
"""Types of systems that no current Postfix is built for."""
_SERVERS = frozenset({"inet", "local", "unix"})
_PROXY = "proxy"
_COMPOSED = frozenset({"pipemap", "unionmap"})
_NESTED_APPROVAL = Version("3.7")
"""Since then proxymap(8) looks into composed tables."""
_UNIX_TABLES = frozenset({"group.byname", "passwd.byname"})
_QUOTED_KEY = r'(?s)(?:\\.|"(?:\\.|[^"\\])*"|[^\s="\\])*'


class Problem(NamedTuple):
    """Why Postfix cannot use a table."""

    kind: str
    """:data:`NO_TYPE`, :data:`NO_NAME`, :data:`UNKNOWN_TYPE` or :data:`BAD_NAME`."""
    said: str
    """What Postfix says, in its words."""
    start: int
    end: int
    """The range of the text that was parsed which is at fault."""
    fatal: bool
    """True: the program ends that opens the table. False: each look-up in it fails."""


class Table(NamedTuple):
    """One table, as it is named in a configuration."""

    type: str
    name: str
    start: int
    end: int
    """Its range in the text that was parsed."""
    members: tuple[Table, ...] = ()
    """The tables that it is made of: of ``proxy``, ``debug``, ``pipemap`` and ``unionmap``."""
    problems: tuple[Problem, ...] = ()
    """Its own, without those of its members."""

    def walk(self) -> Iterator[Table]:
        """The table and all that it is made of."""
        todo = [self]
        while todo:
            table = todo.pop()
            yield table
            todo += reversed(table.members)


class Content(NamedTuple):
    """What a type makes of a name."""

    members: tuple[Table, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_table(text: str, version: Version) -> Table:
    """Read *text*, one ``TYPE:NAME``, as *version* does."""
    return _parse(text, 0, version, _DEEPEST)


def _parse(text: str, start: int, version: Version, depth: int) -> Table:
    type, colon, name = text.partition(":")
    end = start + len(text)
    if not colon or not type or not name:
        kind = NO_NAME if colon and type else NO_TYPE
        said = f'open dictionary: expecting "type:name" form instead of "{text}"'
        return Table(
            type if colon else "",
            name if colon else text,
            start,
            end,
            problems=(Problem(kind, said, start, end, True),),
        )
    if not is_known_type(type, version):
        said = f"unsupported dictionary type: {type}"
        fatal = not version.has(_UNAVAILABLE_NOT_FATAL)
        problem = Problem(UNKNOWN_TYPE, said, start, start + len(type), fatal)
        return Table(type, name, start, end, problems=(problem,))
    read = _CONTENTS.get(type)
    if read is None or depth == 0:
        return Table(type, name, start, end)
    content = read(_Name(type, name, end - len(name), version, depth))
    return Table(type, name, start, end, content.members, content.problems)


def is_known_type(type: str, version: Version) -> bool:
    """Whether some build of *version* may have tables of this type."""
    known = table_types().get(type)
    return type in _PLATFORM or (known is not None and known.since.within(version))


def plugin_types(directory: str) -> frozenset[str] | None:
    """The types that plug-ins bring, by the dynamicmaps.cf in *directory* and the files in dynamicmaps.cf.d.

    None: there is no such file, or it cannot be read, so that nothing is known. A Postfix that has the file
    has none of the types built in that :class:`~.vocabulary.TableType` gives a package for
    (global/dynamicmaps.c, USE_DYNAMIC_MAPS in util/dict_open.c).
    """
    import glob
    import os

    from .configuration import ConfigurationError, read_source

    main = os.path.join(directory, "dynamicmaps.cf")
    if not os.path.lexists(main):
        return None
    types: set[str] = set()
    for path in (main, *glob.glob(os.path.join(glob.escape(main) + ".d", "*.cf"))):
        try:
            text = read_source(path).text
        except ConfigurationError:
            return None
        types.update(line.split()[0] for line in text.split("\n") if line.split() and line[0] != "#")
    return frozenset(types)


def type_names(version: Version) -> list[str]:
    """The types that *version* has, those from other packages included."""
    return [name for name, known in table_types().items() if known.since.within(version)]


class _Name(NamedTuple):
    """A name to be read: where it stands, and for which type and version."""

    type: str
    text: str
    start: int
    version: Version
    depth: int

    def problem(self, said: str, start: int = 0, end: int | None = None, fatal: bool = False) -> Content:
        """The content with a problem at ``text[start:end]``."""
        last = len(self.text) if end is None else end
        fatal = fatal or not self.version.has(_UNAVAILABLE_NOT_FATAL)
        return Content((), (Problem(BAD_NAME, said, self.start + start, self.start + last, fatal),))

    def needs(self, form: str, why: str = "bad syntax", start: int = 0, end: int | None = None) -> Content:
        return self.problem(f'{why}: "{self.type}:{self.text}"; need "{self.type}:{{{form}...}}"', start, end)

    @property
    def inside(self) -> str:
        """What stands in the braces around the text; empty: it is not in braces, or nothing is in them."""
        group = open_group(self.text)
        return "" if group.error else self.text[1:-1]


def _inline(name: _Name) -> Content:
    """util/dict_inline.c; splits its pairs with util/split_qnameval.c."""
    inside = name.inside
    if not inside:
        return name.needs("name=value")
    items = split_list(inside, braces=True)
    for item in items:
        pair, why = item.text, ""
        if pair.startswith("{"):
            group = open_group(pair)
            pair, why = group.payload, group.error
        why = why or _pair_error(pair)
        if why:
            return name.needs("name=value", why, item.start + 1, item.end + 1)
    return Content() if items else name.needs("name=value", "empty table")


def key_length(pair: str) -> int:
    """The length of the key in ``KEY = VALUE``, white space around it not counted."""
    key = re.match(_QUOTED_KEY, pair)
    return key.end() if key else 0


def _pair_error(text: str) -> str:
    if not text:
        return "no key found; expected format: key = value"
    rest = text[key_length(text) :].lstrip()
    if rest.startswith('"'):
        return "unbalanced '\"'"
    return "" if rest.startswith("=") else "missing '=' after attribute name"


def _static(name: _Name) -> Content:
    """util/dict_static.c."""
    braces = table_types()[name.type].inline
    if not name.text.startswith("{") or braces is None or not braces.within(name.version):
        return Content()
    error = open_group(name.text).error
    return name.problem(f"bad static:name syntax: {error}") if error else Content()


def _rules(name: _Name) -> Content:
    """A cidr, regexp or pcre table (util/dict_stream.c); what its rules say is not looked at."""
    if not name.text.startswith("{"):
        return Content()
    braces = table_types()[name.type].inline
    if braces is None or not braces.within(name.version):
        return name.problem(f"open {name.text}: No such file or directory")
    group = open_group(name.text)
    errors = [(group.error, 0, len(name.text))]
    errors += [
        (open_group(item.text).error, item.start + group.start, item.end + group.start)
        for item in split_list(group.payload, braces=True)
        if not group.error
    ]
    for error, start, end in errors:
        if error:
            return name.problem(f"{name.type} map: {error}", start, end)
    return Content()


def _tables(name: _Name) -> Content:
    """util/dict_pipe.c and util/dict_union.c."""
    items = split_list(name.inside, braces=True)
    if not items:
        return name.needs("type:name")
    for item in items:
        if ":" not in item.text:
            return name.needs("type:name", start=item.start + 1, end=item.end + 1)
    return Content(
        tuple(_parse(item.text, name.start + item.start + 1, name.version, name.depth - 1) for item in items)
    )


def _random(name: _Name) -> Content:
    """util/dict_random.c."""
    return Content() if name.inside.strip(COMMA_SPACE) else name.needs("value")


def _one_table(name: _Name) -> Content:
    """util/dict_debug.c."""
    return Content((_parse(name.text, name.start, name.version, name.depth - 1),))


def _proxied(name: _Name) -> Content:
    """global/dict_proxy.c and proxymap/proxymap.c."""
    if ":" not in name.text:
        return name.problem(f'proxymap open failed for table "{name.text}": invalid request', fatal=True)
    return _one_table(name)


def _socketmap(name: _Name) -> Content:
    """util/dict_sockmap.c and util/auto_clnt.c."""
    server, colon, _ = name.text.rpartition(":")
    if not colon:
        return name.problem("socketmap requires server:socketmap argument")
    kind, _, endpoint = server.partition(":")
    end = len(server)
    if not kind or not endpoint:
        said = f'need service transport:endpoint instead of "{server}"'
        return name.problem(said, 0, end, fatal=True)
    if kind not in _SERVERS:
        return name.problem(f"invalid transport name: {kind} in service: {server}", 0, end, fatal=True)
    error = host_port(endpoint, "localhost", None).error if kind == "inet" else ""
    return name.problem(f"{endpoint}: {error}", len(kind) + 1, end, fatal=True) if error else Content()


def _tcp(name: _Name) -> Content:
    """util/dict_tcp.c and util/inet_connect.c."""
    error = host_port(name.text, "localhost", None).error
    return name.problem(f"{name.text}: {error}", fatal=True) if error else Content()


def _unix(name: _Name) -> Content:
    """util/dict_unix.c."""
    if name.text in _UNIX_TABLES:
        return Content()
    return name.problem(f"unknown table: unix:{name.text}")


_CONTENTS: dict[str, Callable[[_Name], Content]] = {
    "cidr": _rules,
    "debug": _one_table,
    "inline": _inline,
    "pcre": _rules,
    "pipemap": _tables,
    "proxy": _proxied,
    "randmap": _random,
    "regexp": _rules,
    "socketmap": _socketmap,
    "static": _static,
    "tcp": _tcp,
    "unionmap": _tables,
    "unix": _unix,
}


def proxied(table: Table) -> Iterator[tuple[Table, str]]:
    """The tables in *table* that a program asks proxymap(8) for, each with the name that it is asked for."""
    todo = [table]
    while todo:
        part = todo.pop()
        if part.type == _PROXY:
            yield part, _approved_name(f"{part.type}:{part.name}")
        else:
            todo += reversed(part.members)


def approved_tables(view: View, parameter: str) -> frozenset[str] | None:
    """The names of tables that proxymap(8), whose view this is, opens because of *parameter*.

    *parameter*: proxy_read_maps or proxy_write_maps. None: a template leaves it open. See
    authorize_proxied_maps() in proxymap/proxymap.c.
    """
    value = view.value(parameter)
    if value.problem or any(UNKNOWN in view.configuration.raw(setting).text for setting in value.chain):
        return None
    names: set[str] = set()
    nested = view.configuration.version.has(_NESTED_APPROVAL)
    todo = [item.text for item in value.items(braces=True)]
    while todo:
        text = todo.pop()
        if text.startswith("{"):
            inside = split_list(open_group(text).payload, braces=True)
            text = inside[0].text if inside else ""
        type, _, name = text.partition(":")
        if nested and type in _COMPOSED:
            if name.startswith("{"):
                todo += [item.text for item in split_list(open_group(name).payload, braces=True)]
        elif type == _PROXY:
            names.add(_approved_name(text))
    return frozenset(names)


def _approved_name(text: str) -> str:
    """*text* without any ``proxy:`` in front."""
    while text.startswith(f"{_PROXY}:"):
        text = text.removeprefix(f"{_PROXY}:")
    return text
