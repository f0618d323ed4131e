"""What is known about Postfix's parameters, by version. For other words see vocabulary.py.

The facts stand in ``data/*.tsv``, one a line, which explain their own columns; this module reads them.
A file is read when something in it is asked for, and an object made when it is asked for: a run pays for
what it uses, and about 5 ms if it uses everything.

Sources: the Postfix source code from 1.0 to the 3.12 snapshot 20260821, ``postconf -d`` of real
installations, postconf(5), master(5) and the manuals of the programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from .facts import arrival, dated_words, in_period, index, lines, release
from .version import Version

if TYPE_CHECKING:
    from typing import Protocol

    class ServiceLike(Protocol):
        """What is needed of a master.cf entry."""

        @property
        def name(self) -> str: ...
        @property
        def command(self) -> str: ...


class Enumeration:
    """The words that a parameter takes, and how Postfix reads them."""

    __slots__ = ("_words", "also", "case_sensitive", "form", "name", "otherwise")

    def __init__(self, line: str) -> None:
        self.name, self.form, case, self.otherwise, self.also, words = line.split("\t")
        """form: ``one`` word or a ``list``; otherwise and also: see ``data/enumerations.tsv``."""
        self.case_sensitive = case == "exact"
        self._words = dated_words(words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all versions."""
        return tuple(self._words)

    def words_in(self, version: Version) -> tuple[str, ...]:
        return tuple(word for word, since in self._words.items() if since.within(version))

    def introduced(self, word: str) -> Version | None:
        """The main-line release that brought *word*; None: it is older, or there is no such word."""
        return self._words[word].release if word in self._words else None


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
        """kind: what the value consists of.

        ``list`` (comma or white space), ``list:WHAT``, ``brace-list`` (``{ }`` groups may hold blanks),
        ``maps`` (a list of TYPE:NAME), ``table``, ``table:cache`` (one TYPE:NAME),
        ``match-list:WHAT`` (match_list(3): patterns, ``!``, TYPE:NAME, /file), ``restrictions``,
        ``rewrite-clients`` (local_header_rewrite_clients), ``server-acl`` (postscreen_access_list),
        ``milters``, ``nexthops``, ``transport`` (TRANSPORT:NEXTHOP), ``service`` (the name of a master.cf
        entry), ``file``, ``directory``, ``tls-protocols``, ``tls-exclusions``, ``enum:NAME``; empty: plain.
        """
        self.default = None if default == "?" else default
        """The default in the newest version that has the parameter; None: only the host knows it."""
        self.minimum, self.maximum = _bounds(bounds)
        """The numbers accepted in the newest version, of ``str`` and ``raw`` the lengths; None: any."""
        self.read_by = frozenset(read_by.split())
        """The programs that read it; ``*``: every program."""
        self._since = arrival(since)
        until, _, legacy = until.partition(" ")
        self.removed = release(until)
        """The first release that does not list it."""
        self.legacy = bool(legacy)
        """Whether it still has effect where it is removed: the default of its replacement refers to it."""
        self.deprecated = release(deprecated)
        self.warned = release(warned)
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
        return self.name in index("system")

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
        if self.name == "mail_version":
            return str(version)
        return self._in(version, "default", self.default)

    def has_changed(self, fact: str) -> bool:
        """Whether *fact*, ``default``, ``type`` or ``bounds``, was another in some older version."""
        return any(changed == fact for changed, _, _ in _changes().get(self.name, ()))

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """What was different in older versions: the fact (``default``, ``type``, ``bounds``), the ranges
        ``FROM..BEFORE`` of versions, and what it was; see ``data/changes.tsv``.
        """
        return tuple(_changes().get(self.name, ()))

    def type_in(self, version: Version) -> str:
        return self._in(version, "type", self.type) or self.type

    def bounds_in(self, version: Version) -> tuple[int | None, int | None]:
        """The *minimum* and *maximum* of *version*."""
        bounds = self._in(version, "bounds", None)
        return (self.minimum, self.maximum) if bounds is None else _bounds(bounds)

    def _in(self, version: Version, fact: str, newest: str | None) -> str | None:
        for changed, period, value in _changes().get(self.name, ()):
            if changed == fact and in_period(period, version):
                return value
        return newest


def _bounds(cell: str) -> tuple[int | None, int | None]:
    least, _, greatest = cell.partition("..")
    return (int(least) if least else None, int(greatest) if greatest else None)


@cache
def _changes() -> dict[str, list[tuple[str, str, str]]]:
    """What parameters were in older versions: (fact, when, value) by name."""
    changes: dict[str, list[tuple[str, str, str]]] = {}
    before = ""
    for line in lines("changes"):
        name, fact, period, value = line.split("\t")
        if value.startswith("+"):
            value = before + value[1:]
        changes.setdefault(name, []).append((fact, period, value))
        before = value
    return changes


@cache
def parameter(name: str) -> Parameter | None:
    """The parameter of this name in any version; None: no version has it."""
    line = index("parameters").get(name)
    return Parameter(line) if line else None


def known(name: str, version: Version) -> bool:
    """Whether ``postconf -d`` of *version* lists *name* (per-service names apart)."""
    found = parameter(name)
    return found is not None and found.known_in(version)


def accepted(name: str, version: Version) -> bool:
    """Whether *version* takes the name for that of a parameter: it is known, or legacy."""
    found = parameter(name)
    return found is not None and (found.known_in(version) or (found.legacy and found.introduced_in(version)))


def old_name(name: str, version: Version) -> str | None:
    """What *version* calls the parameter that later ones call *name*; None: it has no such parameter."""
    for line in lines("parameters"):
        if line.endswith(f"\t{name}"):
            found = Parameter(line)
            if found.legacy and found.known_in(version):
                return found.name
    return None


def default(name: str, version: Version) -> str | None:
    """The upstream default in *version*, unexpanded; None: unknown parameter, or only the host knows it."""
    found = parameter(name)
    return found.default_in(version) if found and found.known_in(version) else None


@cache
def names(version: Version) -> tuple[str, ...]:
    """All parameter names of *version*, sorted: those for which :func:`known` holds."""
    found = []
    for line in lines("parameters"):
        # As Parameter does it, without making 900 objects for their names.
        cells = line.split("\t", 9)
        removed = release(cells[8].partition(" ")[0])
        if arrival(cells[7]).within(version) and not (removed and version.has(removed)):
            found.append(cells[0])
    return tuple(found)


@cache
def enumeration(name: str) -> Enumeration:
    """An enumeration of ``data/enumerations.tsv``; KeyError: there is none of this name."""
    return Enumeration(index("enumerations")[name])


class ServiceParameter(Parameter):
    """A parameter that exists because a master.cf service has a certain name and command."""

    __slots__ = ("service",)

    def __init__(self, pattern: str, service: str) -> None:
        suffix, kind, default, bounds, unit, since, read_by, _ = pattern.split("\t")
        super().__init__(
            "\t".join((service + suffix, kind, default, bounds, unit, "", read_by, since, "", "", "", ""))
        )
        self.service = service


def service_parameters(services: Iterable[ServiceLike], version: Version) -> Iterator[ServiceParameter]:
    """The parameters that *version* has because of these master.cf services.

    Names that are parameters anyway, such as local_destination_recipient_limit, are left out.
    """
    for name, command in sorted({(service.name, service.command) for service in services}):
        for pattern in lines("service_parameters"):
            if command in pattern.rpartition("\t")[2].split():
                found = ServiceParameter(pattern, name)
                if found.known_in(version) and not known(found.name, version):
                    yield found


def service_parameter(
    name: str, services: Iterable[ServiceLike], version: Version
) -> ServiceParameter | None:
    """The parameter *name* that exists in *version* because of one of the services; None: none does."""
    if not name.endswith(_service_suffixes()):
        return None
    for pattern in lines("service_parameters"):
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
def _service_suffixes() -> tuple[str, ...]:
    return tuple(pattern.partition("\t")[0] for pattern in lines("service_parameters"))


@cache
def database_suffixes(table_type: str, version: Version) -> frozenset[str]:
    """The suffixes that make a parameter of the name of a table of this type; empty: it has none."""
    suffixes = dated_words(index("database_suffixes").get(table_type, "").partition("\t")[2])
    return frozenset(suffix for suffix, since in suffixes.items() if since.within(version))


class SystemDefault:
    """Why a default is not the same everywhere."""

    __slots__ = ("how", "source")

    def __init__(self, line: str) -> None:
        _, self.source, self.how = line.split("\t")
        """source: ``host`` and ``process`` are worked out when asked, ``build`` and ``release`` are fixed."""


@cache
def system_default(name: str) -> SystemDefault | None:
    """How the default of a system-dependent parameter comes about; None: it is the same everywhere."""
    line = index("system").get(name)
    return SystemDefault(line) if line else None
