"""The words of Postfix that are no parameters: restrictions, table types, programs, actions.

Every function gives the facts of all versions; ``since`` and ``until`` say which version has them. The
facts stand in ``data/*.tsv``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .facts import arrival, dated_words, index, lines, release

if TYPE_CHECKING:
    from .version import Version


class Restriction:
    """A word of an smtpd access list (smtpd/smtpd_check.c)."""

    __slots__ = (
        "alias",
        "argument",
        "deprecated",
        "effect",
        "name",
        "needs",
        "replacement",
        "since",
        "until",
    )

    def __init__(self, line: str) -> None:
        name, argument, needs, since, deprecated, until, replacement, alias, effect = line.split("\t")
        self.name = name
        self.argument = argument
        """``digits``, ``policy``, ``table`` or ``dnsbl``; empty: it takes none."""
        self.needs = needs
        """``client``, ``helo``, ``sender``, ``recipient`` or ``etrn`` must be known, or it is skipped."""
        self.since = arrival(since)
        self.deprecated = release(deprecated)
        self.until = release(until)
        """The first release that refuses it."""
        self.replacement = tuple(replacement.split())
        self.alias = bool(alias)
        """Whether it is an old name of the replacement."""
        self.effect = effect


@cache
def restriction(name: str) -> Restriction | None:
    """The restriction of this name, whose case does not count; None: there is none."""
    line = index("restrictions").get(name.lower())
    return Restriction(line) if line else None


def restriction_names() -> list[str]:
    return list(index("restrictions"))


class Stage:
    """An smtpd access list."""

    __slots__ = ("bare_table", "known", "parameter", "since")

    def __init__(self, line: str) -> None:
        self.parameter, known, bare_table, since = line.split("\t")
        self.known = frozenset(known.split())
        """What is known when it is evaluated with ``smtpd_delay_reject = no``."""
        self.bare_table = bare_table
        """The restriction that a bare ``TYPE:NAME`` stands for; empty: it is an error."""
        self.since = arrival(since)


@cache
def stages() -> dict[str, Stage]:
    """The smtpd access lists by parameter, in the order of an SMTP session."""
    return {name: Stage(line) for name, line in index("restriction_stages").items()}


class TableType:
    """A type of lookup table (DATABASE_README)."""

    __slots__ = ("extension", "inline", "name", "package", "since", "type", "what")

    def __init__(self, line: str) -> None:
        self.type, self.name, self.extension, inline, self.package, since, self.what = line.split("\t")
        """name: what follows ``TYPE:``, see ``data/tables.tsv``; extension: of the compiled index, with the
        dot; package: Debian's, where it is not ``postfix``."""
        self.inline = arrival(inline.removeprefix("yes").strip()) if inline else None
        """Since when rules may stand in braces instead of a name; None: never."""
        self.since = arrival(since)


@cache
def table_types() -> dict[str, TableType]:
    """All types of lookup tables."""
    return {name: TableType(line) for name, line in index("tables").items()}


class Program:
    """A program that master(8) starts."""

    __slots__ = ("_arguments", "chroot", "limit", "name", "privileged", "server", "since", "task")

    def __init__(self, line: str) -> None:
        self.name, limit, privileged, chroot, since, self.server, self._arguments, self.task = line.split(
            "\t"
        )
        """server: ``single``, ``multi``, ``event``, ``trigger`` or ``dgram``; task: what it does."""
        self.limit = int(limit) if limit else None
        """The only process limit that it accepts; None: any."""
        self.privileged = bool(privileged)
        """Whether the column "unprivileged" must be ``n``."""
        self.chroot = chroot != "n"
        """Whether it can do its work in a chroot."""
        self.since = arrival(since)

    def attributes(self, version: Version) -> dict[str, str] | None:
        """The attributes ``NAME=VALUE`` that may stand behind its options: names, and the letters of flags.

        Without letters, the value may be anything. None: the program does not look at what stands there.
        """
        if not self._arguments:
            return None
        words = dated_words(self._arguments.removeprefix("none"))
        parts = (word.partition("=") for word, since in words.items() if since.within(version))
        return {name: letters for name, _, letters in parts}


@cache
def programs() -> dict[str, Program]:
    """The programs by the name that stands as command in master.cf."""
    return {name: Program(line) for name, line in index("programs").items()}


class Action:
    """What the right-hand side of a table may order."""

    __slots__ = ("argument", "name", "since")

    def __init__(self, name: str, argument: str, since: str) -> None:
        self.name = name
        self.argument = argument
        """``text``, ``address``, ``transport``, ``header`` or ``line``, with ``?`` when it may be missing."""
        self.since = arrival(since)


@cache
def actions(where: str) -> dict[str, Action]:
    """The actions of ``access``, ``header``, ``smtp-header`` or ``postscreen`` tables, in upper case."""
    cells = (line.split("\t") for line in lines("table_actions"))
    return {name: Action(name, *rest) for place, name, *rest in cells if place == where}
