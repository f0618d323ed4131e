"""Comments that silence findings: ``# maillint: ignore[rule, rule2] reason``.

Such a comment stands on a line of its own above a setting or service, or between the lines of
a continued one, and speaks about that one logical line. (Postfix has no comments at the end of a line.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.syntax.source import Location, Span
from maillint.syntax.tree import Trivia

if TYPE_CHECKING:
    from maillint.postfix.tablefile import TableFile
    from maillint.syntax.source import Source
    from maillint.syntax.tree import MainCf, MasterCf

    from .finding import Finding

_COMMENT = re.compile(r"^[^\S\n]*#+[^\S\n]*(maillint:.*)$", re.MULTILINE)
_IGNORE = re.compile(r"maillint:\s*ignore\s*\[([^\]]*)\]")
_NAME = re.compile(r"[^\s,]+")


class Ignore:
    """One name in one ignore comment."""

    __slots__ = ("_reach", "location", "name", "used")

    def __init__(self, name: str, location: Location, reach: Span) -> None:
        self.name = name
        """A rule's id, as written."""
        self.location = location
        """Where the name stands."""
        self.used = False
        """Whether it silenced a finding."""
        self._reach = reach

    def silences(self, finding: Finding) -> bool:
        """Whether *finding* is of the named rule and stands in the logical line that the comment is about."""
        source, span = finding.location
        return (
            finding.rule == self.name
            and source is self.location.source
            and self._reach.start <= span.start <= self._reach.end
        )


class Ignores:
    """The ignore comments of one configuration; what rules with ``each=IGNORES`` are called with."""

    __slots__ = ("ignores", "known", "malformed", "run")

    def __init__(
        self,
        files: Iterable[MainCf | MasterCf],
        known: Iterable[str],
        run: Iterable[str],
        tables: Iterable[TableFile] = (),
    ) -> None:
        self.ignores: list[Ignore] = []
        """Every name in every comment, in the order of the files."""
        self.malformed: list[Location] = []
        """Comments that begin with ``maillint:`` and go on in no way that means anything."""
        self.known = frozenset(known)
        """The ids of all rules there are."""
        self.run = frozenset(run)
        """The ids of the rules that had their chance to find something."""
        for file in files:
            self._read(file)
        for table in tables:
            for comment in table.comments:
                reach = table.reach(comment)
                found = _COMMENT.search(table.source.text, reach.start)
                if found is not None:
                    self._add(table.source, found, reach)

    def filter(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The *findings* that no comment silences; marks the comments that silence one as used."""
        by_name: dict[str, list[Ignore]] = {}
        for ignore in self.ignores:
            by_name.setdefault(ignore.name, []).append(ignore)
        for finding in findings:
            silencing = [ignore for ignore in by_name.get(finding.rule, ()) if ignore.silences(finding)]
            for ignore in silencing:
                ignore.used = True
            if not silencing:
                yield finding

    def _read(self, file: MainCf | MasterCf) -> None:
        comments: list[re.Match[str]] = []
        """Comments above the next logical line."""
        for node in file.nodes:
            start, end = node.span
            found = list(_COMMENT.finditer(file.source.text, start, end))
            comments += found
            if not isinstance(node, Trivia):
                inside = frozenset(found)
                for comment in comments:
                    self._add(
                        file.source, comment, Span(start if comment in inside else comment.start(), end - 1)
                    )
                comments = []
        for comment in comments:
            self._add(file.source, comment, Span(comment.start(), len(file.source.text)))

    def _add(self, source: Source, comment: re.Match[str], reach: Span) -> None:
        directive = _IGNORE.match(comment[1])
        names = list(_NAME.finditer(directive[1])) if directive else []
        if not directive or not names:
            self.malformed.append(Location(source, Span(comment.start(1), comment.end(1))))
            return
        offset = comment.start(1) + directive.start(1)
        for name in names:
            span = Span(offset + name.start(), offset + name.end())
            self.ignores.append(Ignore(name[0], Location(source, span), reach))
