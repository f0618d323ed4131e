"""Comments that silence findings.

``# maillint: ignore[rule, rule2] reason``
    stands on a line of its own above a setting, service or table entry, or between the lines of a
    continued one, and speaks about that one logical line.
``# maillint: ignore-start[rule] reason`` and ``# maillint: ignore-end[rule]``
    speak about everything between them.
``# maillint: ignore-file[rule] reason``
    speaks about the file that it stands in.

(Postfix has no comments at the end of a line.) The files of programs around Postfix may have them, too; those
of PHP begin with ``;``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.source import Location, Span
from maillint.syntax.tree import MainCf, Trivia

from .finding import IN_SOURCE, Suppression

if TYPE_CHECKING:
    from maillint.postfix.tablefile import TableFile
    from maillint.syntax.entries import EntryFile
    from maillint.syntax.source import Source
    from maillint.syntax.tree import MasterCf

    from .finding import Finding

LINE = "ignore"
FILE = "ignore-file"
START = "ignore-start"
END = "ignore-end"
WORDS = (LINE, FILE, START, END)
_ROLE = "role"
"""Another comment for this program, which silences nothing (:mod:`maillint.postfix.role`)."""

_COMMENT = re.compile(r"^[^\S\n]*[#;]+[^\S\n]*(maillint:.*)$", re.MULTILINE)
_DIRECTIVE = re.compile(rf"maillint:\s*({FILE}|{START}|{END}|{LINE}|{_ROLE})\s*\[([^\]]*)\]\s*(.*)")
_NAME = re.compile(r"[^\s,]+")


class Ignore:
    """One name in one ignore comment, or in the two around a range."""

    __slots__ = (
        "_above", "_reach", "comment", "end", "is_last", "location", "misplaced", "name", "reason",
        "silenced", "word",
    )  # fmt: skip

    def __init__(self, word: str, name: str, location: Location, comment: Location, reason: str) -> None:
        self.word = word
        """LINE, FILE or START."""
        self.name = name
        """A rule's id, as written."""
        self.location = location
        """Where the name stands."""
        self.comment = comment
        """The whole line of the comment, without its line end."""
        self.reason = reason
        """What stands behind the brackets; may be empty."""
        self.end: Ignore | None = None
        """Of a range: the same name in the comment that ends it."""
        self.silenced = 0
        """How many findings it silenced."""
        self.is_last = False
        """Whether nothing stands below it that it could speak about."""
        self.misplaced: int | None = None
        """Where the logical line above it begins that has a finding which it would silence from there."""
        self._reach: Span | None = None
        """None: the whole file."""
        self._above: Span | None = None
        """Of a comment about a line: the logical line above it."""

    def silences(self, finding: Finding) -> bool:
        """Whether *finding* is of the named rule and begins where the comment reaches."""
        source, span = finding.location
        return (
            finding.rule == self.name
            and source is self.location.source
            and (self._reach is None or self._reach.start <= span.start <= self._reach.end)
        )

    def misses(self, finding: Finding) -> None:
        """Take note of a *finding* of the named rule that the comment does not silence."""
        source, span = finding.location
        above = self._above
        if above is not None and source is self.location.source and above.start <= span.start < above.end:
            self.misplaced = above.start

    def move(self, moved: Callable[[Location], Location]) -> None:
        """Put *moved* in the place of every location."""
        self.location, self.comment = moved(self.location), moved(self.comment)
        if self.end is not None:
            self.end.move(moved)

    def reaches(self, reach: Span, above: Span | None = None, *, is_last: bool = False) -> None:
        """Let the comment speak about *reach* only; *above*: the logical line that ends before it."""
        self._reach, self._above, self.is_last = reach, above, is_last


class Unbalanced(NamedTuple):
    """One half of a range."""

    location: Location
    """The name that stands alone."""
    word: str
    """START or END."""
    comment: Location
    """The whole line of the comment."""


class RoleName(NamedTuple):
    """One name in a comment that tells which roles the host plays."""

    name: str
    location: Location
    in_main_cf: bool
    """Elsewhere it has no effect."""


class Ignores:
    """The ignore comments of one configuration; what rules with ``each=IGNORES`` are called with."""

    __slots__ = (
        "_main",
        "_open",
        "ignores",
        "known",
        "malformed",
        "require_reason",
        "roles",
        "run",
        "unbalanced",
    )

    def __init__(
        self,
        files: Iterable[MainCf | MasterCf | EntryFile],
        known: Iterable[str],
        run: Iterable[str],
        tables: Iterable[TableFile] = (),
        *,
        require_reason: bool = False,
    ) -> None:
        self.ignores: list[Ignore] = []
        """Every name in every comment, in the order of the files."""
        self.malformed: list[Location] = []
        """Comments that begin with ``maillint:`` and go on in no way that means anything."""
        self.unbalanced: list[Unbalanced] = []
        self.roles: list[RoleName] = []
        """Every name in the comments that tell the roles of the host."""
        self.known = frozenset(known)
        """The ids of all rules there are."""
        self.run = frozenset(run)
        """The ids of the rules that had their chance to find something."""
        self.require_reason = require_reason
        """Whether the settings demand that each says why."""
        self._open: dict[str, Ignore] = {}
        """The ranges that have begun in the file that is being read, by name."""
        files = tuple(files)
        self._main = [file.source for file in files if isinstance(file, MainCf)]
        for file in files:
            self._read(file)
            self._close(file.source)
        for table in tables:
            for comment in table.comments:
                reach = table.reach(comment)
                found = _COMMENT.search(table.source.text, reach.start)
                if found is not None:
                    self._add(table.source, found, reach)
            self._close(table.source)

    def filter(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """The *findings* that no comment silences, and those that one does, with its reason.

        The comments count what they silence.
        """
        by_name: dict[str, list[Ignore]] = {}
        for ignore in self.ignores:
            by_name.setdefault(ignore.name, []).append(ignore)
        left: list[Finding] = []
        silenced: list[Finding] = []
        for finding in findings:
            named = by_name.get(finding.rule, ())
            silencing = [ignore for ignore in named if ignore.silences(finding)]
            if not silencing:
                for ignore in named:
                    ignore.misses(finding)
            for ignore in silencing:
                ignore.silenced += 1
                finding.suppression = Suppression(IN_SOURCE, ignore.reason, ignore.comment)
            (silenced if silencing else left).append(finding)
        return left, silenced

    def _read(self, file: MainCf | MasterCf | EntryFile) -> None:
        comments: list[re.Match[str]] = []
        """Comments above the next logical line."""
        above: Span | None = None
        for node in file.nodes:
            start, end = node.span
            found = list(_COMMENT.finditer(file.source.text, start, end))
            comments += found
            if not isinstance(node, Trivia):
                inside = frozenset(found)
                for comment in comments:
                    first = start if comment in inside else comment.start()
                    self._add(file.source, comment, Span(first, end - 1), above)
                comments, above = [], node.span
        for comment in comments:
            reach = Span(comment.start(), len(file.source.text))
            self._add(file.source, comment, reach, above, is_last=True)

    def _add(
        self,
        source: Source,
        comment: re.Match[str],
        reach: Span,
        above: Span | None = None,
        *,
        is_last: bool = False,
    ) -> None:
        """Take in *comment*, which as one about a line would reach as far as *reach*.

        *above*: the logical line before it, if known; *is_last*: there is none behind it.
        """
        directive = _DIRECTIVE.match(comment[1])
        if directive is None or not (names := list(_NAME.finditer(directive[2]))):
            self.malformed.append(Location(source, Span(comment.start(1), comment.end(1))))
            return
        offset = comment.start(1) + directive.start(2)
        if directive[1] == _ROLE:
            for name in names:
                location = Location(source, Span(offset + name.start(), offset + name.end()))
                self.roles.append(RoleName(name[0], location, source in self._main))
            return
        line = Location(source, Span(comment.start(), comment.end()))
        for name in names:
            location = Location(source, Span(offset + name.start(), offset + name.end()))
            ignore = Ignore(directive[1], name[0], location, line, directive[3].strip())
            if ignore.word == END:
                self._end(ignore)
                continue
            self.ignores.append(ignore)
            if ignore.word == LINE:
                ignore.reaches(reach, above, is_last=is_last)
            elif ignore.word == START:
                if ignore.name in self._open:
                    self.unbalanced.append(_unbalanced(self._open[ignore.name], START))
                self._open[ignore.name] = ignore

    def _end(self, end: Ignore) -> None:
        start = self._open.pop(end.name, None)
        if start is None:
            self.unbalanced.append(_unbalanced(end, END))
        else:
            start.end = end
            start.reaches(Span(start.location.span.start, end.location.span.end))

    def _close(self, source: Source) -> None:
        """The end of a file: what is open reaches to there."""
        for ignore in self._open.values():
            self.unbalanced.append(_unbalanced(ignore, START))
            ignore.reaches(Span(ignore.location.span.start, len(source.text)))
        self._open = {}


def _unbalanced(half: Ignore, word: str) -> Unbalanced:
    return Unbalanced(half.location, word, half.comment)


def words_of(comment: Location) -> Iterator[Location]:
    """The names in the brackets of an ignore comment."""
    directive = _DIRECTIVE.search(comment.text)
    if directive is not None:
        start = comment.span.start + directive.start(2)
        for name in _NAME.finditer(directive[2]):
            yield Location(comment.source, Span(start + name.start(), start + name.end()))


def comment(word: str, rules: Iterable[str], reason: str, mark: str = "#") -> str:
    """The comment that silences *rules*; *word*: LINE or FILE; *mark*: how comments begin in the file."""
    return f"{mark} maillint: {word}[{', '.join(rules)}] {reason}"


def head_line(lines: Sequence[bytes], index: int) -> int:
    """The first line of the logical line that line *index* belongs to; the lines count from 0.

    A line that begins with white space goes on with the last one before it that is neither blank nor a
    comment (util/readlline.c).
    """
    if not lines[index][:1].isspace() or not lines[index].strip():
        return index
    for head in range(index - 1, -1, -1):
        line = lines[head]
        if line.strip() and not line[:1].isspace() and not line.startswith(b"#"):
            return head
    return index
