"""What is known about Postfix's parameters, restrictions, tables and programs, by version.

The facts stand in ``data/*.tsv``, one a line, which explain their own columns; this module reads them.
A file is read when something in it is asked for, an object is made when it is asked for: a run pays for
what it uses (well below 5 ms for everything).

Sources: the Postfix source code from 1.0 to the 3.12 snapshot 20260821, ``postconf -d`` of real
installations, postconf(5), master(5) and the manuals of the programs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, Protocol

from .version import Version

_REFERENCE = re.compile(r"\$[{(]?([A-Za-z0-9_]+)")
_DATA = os.path.join(os.path.dirname(__file__), "data")


def _lines(section: str) -> list[str]:
    with open(os.path.join(_DATA, section + ".tsv"), encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and line[0] != "#"]


@cache
def _index(section: str) -> dict[str, str]:
    """The lines of a file by their first cell."""
    return {line.partition("\t")[0]: line for line in _lines(section)}


class Arrival:
    """The releases that brought something: the first of the main line, then those of older series."""

    __slots__ = ("backports", "release")

    def __init__(self, text: str) -> None:
        """*text*: versions separated by blanks, such as ``3.9 3.7.10 3.8.5``; empty: it was always there."""
        versions = [Version(word) for word in text.split()]
        self.release = versions[0] if versions else None
        self.backports = tuple(versions[1:])

    def within(self, version: Version) -> bool:
        """Whether *version* has it."""
        if self.release is None or version.has(self.release):
            return True
        return any(port.series == version.series and version.has(port) for port in self.backports)


def _dated(words: str) -> dict[str, Arrival]:
    """``WORD@RELEASE,PORT WORD``: the words with the releases that brought them."""
    parts = (word.partition("@") for word in words.split())
    return {word: Arrival(releases.replace(",", " ")) for word, _, releases in parts}


class Enumeration:
    """The words that a parameter takes, and how Postfix reads them."""

    __slots__ = ("_words", "also", "case_sensitive", "form", "name", "otherwise")

    def __init__(self, line: str) -> None:
        self.name, self.form, case, self.otherwise, self.also, words = line.split("\t")
        """form: ``one`` word or a ``list``; otherwise and also: see ``data/enumerations.tsv``."""
        self.case_sensitive = case == "exact"
        self._words = _dated(words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all versions."""
        return tuple(self._words)

    def words_in(self, version: Version) -> tuple[str, ...]:
        return tuple(word for word, arrival in self._words.items() if arrival.within(version))


class Parameter:
    """One main.cf parameter."""

    __slots__ = (
        "_since",
        "default",
        "deprecated",
        "kind",
        "legacy",
        "maximum",
        "minimum",
        "name",
        "read_by",
        "removed",
        "replacement",
        "type",
        "unit",
        "warned",
    )

    def __init__(self, line: str) -> None:
        (
            self.name,
            self.type,
            default,
            bounds,
            self.unit,
            self.kind,
            read_by,
            since,
            until,
            deprecated,
            warned,
            replacement,
        ) = line.split("\t")
        self.default = None if default == "?" else default
        """The default in the newest version that has the parameter; None: only the host knows it."""
        least, _, greatest = bounds.partition("..")
        self.minimum = int(least) if least else None
        """The least number accepted; of ``str`` and ``raw`` the least length in bytes."""
        self.maximum = int(greatest) if greatest else None
        self.read_by = frozenset(read_by.split())
        """The programs that read it; ``*``: every program."""
        self._since = Arrival(since)
        until, _, legacy = until.partition(" ")
        self.removed = Version(until) if until else None
        """The first release that does not list it."""
        self.legacy = bool(legacy)
        """Whether it still has effect where it is removed: the default of its replacement refers to it."""
        self.deprecated = Version(deprecated) if deprecated else None
        self.warned = Version(warned) if warned else None
        """The first release whose postconf(1) warns of it."""
        self.replacement = tuple(replacement.split())

    @property
    def introduced(self) -> Version | None:
        """The main-line release that brought it; None: it is older than Postfix 1.1."""
        return self._since.release

    @property
    def backported(self) -> tuple[Version, ...]:
        """The patch releases that brought it to older series."""
        return self._since.backports

    @property
    def system_dependent(self) -> bool:
        """Whether the default depends on the host or the build; :func:`system_default` says how."""
        return self.name in _index("system")

    @property
    def enumeration(self) -> Enumeration | None:
        """The words that the value is made of."""
        kind, _, name = self.kind.partition(":")
        return enumeration(name) if kind == "enum" else None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the enumeration, of all versions; empty when there is none."""
        found = self.enumeration
        return found.words if found else ()

    def known_in(self, version: Version) -> bool:
        """Whether *version* has it, as ``postconf -d`` lists it."""
        return self._since.within(version) and not (self.removed and version.has(self.removed))

    def introduced_in(self, version: Version) -> bool:
        """Whether *version* is not too old for it."""
        return self._since.within(version)

    def default_in(self, version: Version) -> str | None:
        """The upstream default in *version*, unexpanded; None: only the host knows it."""
        return self._in(version, "default", self.default)

    def type_in(self, version: Version) -> str:
        return self._in(version, "type", self.type) or self.type

    def _in(self, version: Version, fact: str, newest: str | None) -> str | None:
        for changed, period, value in _changes().get(self.name, ()):
            if changed == fact and period.contains(version):
                return value
        return newest


class Period:
    """The releases between some releases, in several series: ``..3.7.20 3.8..3.8.15``."""

    __slots__ = ("_ranges",)

    def __init__(self, text: str) -> None:
        """*text*: FROM..BEFORE, separated by blanks; each end may be missing."""
        self._ranges = tuple(word.partition("..")[::2] for word in text.split())

    def contains(self, version: Version) -> bool:
        return any(
            (not start or version.has(Version(start))) and not (end and version.has(Version(end)))
            for start, end in self._ranges
        )


@cache
def _changes() -> dict[str, list[tuple[str, Period, str]]]:
    """What parameters were in older versions: (fact, when, value) by name."""
    changes: dict[str, list[tuple[str, Period, str]]] = {}
    before = ""
    for line in _lines("changes"):
        name, fact, period, value = line.split("\t")
        if value.startswith("+"):
            value = before + value[1:]
        changes.setdefault(name, []).append((fact, Period(period), value))
        before = value
    return changes


@cache
def parameter(name: str) -> Parameter | None:
    """The parameter of this name in any version; None: no version has it."""
    line = _index("parameters").get(name)
    return Parameter(line) if line else None


def known(name: str, version: Version) -> bool:
    """Whether ``postconf -d`` of *version* lists *name* (per-service names apart)."""
    found = parameter(name)
    return found is not None and found.known_in(version)


def accepted(name: str, version: Version) -> bool:
    """Whether *version* takes the name for that of a parameter: it is known, or legacy."""
    found = parameter(name)
    return found is not None and (found.known_in(version) or (found.legacy and found.introduced_in(version)))


def default(name: str, version: Version) -> str | None:
    """The upstream default in *version*, unexpanded; None: unknown parameter, or only the host knows it."""
    found = parameter(name)
    return found.default_in(version) if found and found.known_in(version) else None


def names(version: Version) -> list[str]:
    """All parameter names of *version*, sorted."""
    return [name for name in _index("parameters") if known(name, version)]


@cache
def enumeration(name: str) -> Enumeration:
    """An enumeration of ``data/enumerations.tsv``; KeyError: there is none of this name."""
    return Enumeration(_index("enumerations")[name])


class ServiceLike(Protocol):
    """What is needed of a master.cf entry."""

    @property
    def name(self) -> str: ...
    @property
    def command(self) -> str: ...


class ServiceParameter(Parameter):
    """A parameter that exists because a master.cf service has a certain name and command."""

    __slots__ = ("service",)

    def __init__(self, pattern: str, service: str) -> None:
        suffix, kind, default, bounds, unit, since, _ = pattern.split("\t")
        super().__init__(
            "\t".join((service + suffix, kind, default, bounds, unit, "", "qmgr", since, "", "", "", ""))
        )
        self.service = service


def service_parameters(services: Iterable[ServiceLike], version: Version) -> Iterator[ServiceParameter]:
    """The parameters that *version* has because of these master.cf services.

    Names that are parameters anyway, such as local_destination_recipient_limit, are left out.
    """
    for name, command in sorted({(service.name, service.command) for service in services}):
        for pattern in _lines_of_service_parameters():
            if command in pattern.rpartition("\t")[2].split():
                found = ServiceParameter(pattern, name)
                if found.known_in(version) and not known(found.name, version):
                    yield found


def service_parameter(
    name: str, services: Iterable[ServiceLike], version: Version
) -> ServiceParameter | None:
    """The parameter *name* that exists in *version* because of one of the services; None: none does."""
    for pattern in _lines_of_service_parameters():
        suffix = pattern.partition("\t")[0]
        if name.endswith(suffix) and not known(name, version):
            service = name[: -len(suffix)]
            commands = pattern.rpartition("\t")[2].split()
            found = ServiceParameter(pattern, service)
            if found.known_in(version) and any(
                entry.name == service and entry.command in commands for entry in services
            ):
                return found
    return None


@cache
def _lines_of_service_parameters() -> list[str]:
    return _lines("service_parameters")


@cache
def database_suffixes(table_type: str, version: Version) -> frozenset[str]:
    """The suffixes that make a parameter of the name of a table of this type; empty: it has none."""
    kind = table_types().get(table_type)
    if kind is None or not kind.since.within(version):
        return frozenset()
    suffixes = _dated(_index("database_suffixes").get(table_type, "").partition("\t")[2])
    return frozenset(suffix for suffix, arrival in suffixes.items() if arrival.within(version))


class Restriction(NamedTuple):
    """A word of an smtpd access list."""

    name: str
    argument: str
    """``digits``, ``policy``, ``table`` or ``dnsbl``; empty: it takes none."""
    needs: str
    """``client``, ``helo``, ``sender``, ``recipient`` or ``etrn`` must be known, or it is skipped."""
    since: Arrival
    deprecated: Version | None
    until: Version | None
    """The first release that refuses it."""
    replacement: tuple[str, ...]
    alias: bool
    """Whether it is an old name of the replacement."""
    effect: str


@cache
def restrictions() -> dict[str, Restriction]:
    """All restrictions of all versions by name, in lower case: Postfix compares them without case."""
    found = {}
    for line in _lines("restrictions"):
        name, argument, needs, since, deprecated, until, replacement, alias, effect = line.split("\t")
        found[name] = Restriction(
            name,
            argument,
            needs,
            Arrival(since),
            Version(deprecated) if deprecated else None,
            Version(until) if until else None,
            tuple(replacement.split()),
            bool(alias),
            effect,
        )
    return found


class Stage(NamedTuple):
    """An smtpd access list."""

    parameter: str
    known: frozenset[str]
    """What is known when it is evaluated with ``smtpd_delay_reject = no``."""
    bare_table: str
    """The restriction that a bare ``TYPE:NAME`` stands for; empty: it is an error."""
    since: Arrival


@cache
def stages() -> dict[str, Stage]:
    """The smtpd access lists by parameter, in the order of an SMTP session."""
    cells = (line.split("\t") for line in _lines("restriction_stages"))
    return {
        name: Stage(name, frozenset(seen.split()), bare, Arrival(since)) for name, seen, bare, since in cells
    }


class TableType(NamedTuple):
    """A type of lookup table."""

    type: str
    name: str
    """What follows ``TYPE:``: ``index``, ``text``, ``client``, ``endpoint``, ``tables``, ``value``, ..."""
    extension: str
    """Of the compiled index, with the dot; empty: there is none."""
    inline: Arrival | None
    """Since when rules may stand in braces instead of a name; None: never."""
    package: str
    """Debian's package, where it is not ``postfix``."""
    since: Arrival


@cache
def table_types() -> dict[str, TableType]:
    """All types of lookup tables of all versions."""
    found = {}
    for line in _lines("tables"):
        name, behind, extension, inline, package, since = line.split("\t")
        braces = Arrival(inline.removeprefix("yes")) if inline else None
        found[name] = TableType(name, behind, extension, braces, package, Arrival(since))
    return found


class Program(NamedTuple):
    """A program that master(8) starts."""

    name: str
    limit: int | None
    """The only process limit that it accepts; None: any."""
    privileged: bool
    """Whether the column "unprivileged" must be ``n``."""
    chroot: bool
    """Whether it can do its work in a chroot."""
    since: Arrival


@cache
def programs() -> dict[str, Program]:
    """The programs of all versions by the name that stands as command in master.cf."""
    cells = (line.split("\t") for line in _lines("programs"))
    return {
        name: Program(name, int(limit) if limit else None, bool(privileged), chroot != "n", Arrival(since))
        for name, limit, privileged, chroot, since in cells
    }


class Action(NamedTuple):
    """What the right-hand side of a table may order."""

    name: str
    argument: str
    """``text``, ``address``, ``transport``, ``header`` or ``line``, with ``?`` when it may be missing."""
    since: Arrival


@cache
def actions(where: str) -> dict[str, Action]:
    """The actions of ``access``, ``header``, ``smtp-header`` or ``postscreen`` tables, in upper case."""
    cells = (line.split("\t") for line in _lines("table_actions"))
    return {
        name: Action(name, argument, Arrival(since))
        for place, name, argument, since in cells
        if place == where
    }


@cache
def endpoint_forms(where: str) -> tuple[str, ...]:
    """The forms of a destination of this kind, such as ``inet:HOST:PORT``; see ``data/endpoints.tsv``."""
    return tuple(_index("endpoints")[where].partition("\t")[2].split())


class SystemDefault(NamedTuple):
    """Why a default is not the same everywhere."""

    source: str
    """``host`` and ``process``: worked out when asked; ``build`` and ``release``: fixed when it was built."""
    how: str


@cache
def system_default(name: str) -> SystemDefault | None:
    """How the default of a system-dependent parameter comes about; None: it is the same everywhere."""
    line = _index("system").get(name)
    return SystemDefault(*line.split("\t")[1:]) if line else None


@cache
def referenced_by_defaults(version: Version) -> frozenset[str]:
    """The names that some default of *version* refers to: they may be set although they are no parameters."""
    return frozenset(
        match for name in names(version) for match in _REFERENCE.findall(default(name, version) or "")
    )
