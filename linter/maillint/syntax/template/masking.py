"""The lines of a template with its tags masked, so that they are lines that Postfix's grammar reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from maillint.syntax.source import OPAQUE

from .tags import CONTROL, OUTPUT, Tag

_MASTER_FIELDS = 8
"""Fields of an entry in master.cf, its program included."""
_OPTION_VALUE = re.compile(r"(-o\s*[A-Za-z0-9_]+\s*=)\S*|\{[^{}]*\}")
"""What may hold a tag in an entry of master.cf and leaves it the entry that it is."""
_BLANKS = re.compile(r"[^\S\n]*")
_GOES_ON = (",", "=")
"""How a line ends whose value is not complete."""


class _Line:
    """One line, and what the tags in it do."""

    __slots__ = ("has_tag", "is_joined", "is_stripped", "may_join", "puts_in", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_tag = False
        self.puts_in = False
        """Whether an OUTPUT begins here."""
        self.is_joined = False
        """Whether the line end before it is taken away."""
        self.is_stripped = False
        """Whether its indentation is."""
        self.may_join = False
        """Whether the line end before the next line may be, as in Jinja where ``trim_blocks`` is set."""

    @property
    def has_nothing_else(self) -> bool:
        return self.has_tag and not self.text.replace(OPAQUE, "").strip()

    @property
    def is_indented(self) -> bool:
        return self.text[:1].isspace()

    @property
    def is_comment(self) -> bool:
        return is_comment(self.text)

    def go_on(self) -> None:
        """Make it a line that continues the one before; its first word, then, is not known."""
        if self.text and not self.is_indented:
            word = re.match(r".\S*", self.text)
            end = max(word.end(), 2) if word else 0
            self.text = (" " + OPAQUE * (end - 1))[: len(self.text)] + self.text[end:]


def masked_lines(
    text: str, tags: Sequence[Tag], starts: Sequence[int], *, is_master: bool
) -> tuple[list[str], bool]:
    """The lines of *text*, each as long as before, and whether some may hold whole settings or services.

    *tags*: in order, none inside another. *starts*: the offset of each line.
    """
    lines = [_Line(line) for line in _masked(text, tags).split("\n")]
    for tag in tags:
        first, last = (bisect_right(starts, offset) - 1 for offset in (tag.start, tag.end - 1))
        is_first = not lines[first].has_tag
        for line in lines[first : last + 1]:
            line.has_tag = True
        for line in lines[first + 1 : last + 1]:
            line.is_joined = True
        lines[first].puts_in |= tag.kind == OUTPUT
        if tag.joins_before and is_first and _past_blanks(text, starts[first]) == tag.start:
            lines[first].is_joined = True
            lines[last].may_join |= tag.kind == CONTROL
        if tag.joins_after and text.startswith("\n", _past_blanks(text, tag.end)):
            lines[last + 1].is_joined = True
            lines[last + 1].is_stripped = tag.strips
    is_open = _settle(lines, is_master)
    return [line.text for line in lines], is_open


def _masked(text: str, tags: Iterable[Tag]) -> str:
    """*text* with each of *tags* masked; one that puts nothing in is blank where blanks do no harm."""
    parts: list[str] = []
    at = 0
    for tag in tags:
        before = text[at : tag.start]
        is_apart = (
            before[-1:].isspace()
            and before.rpartition("\n")[2].strip()
            and not text[tag.end : tag.end + 1].strip()
        )
        fill = " " if tag.kind == CONTROL and is_apart else OPAQUE
        inside = text[tag.start : tag.end].split("\n")
        parts += (before, "\n".join(fill * len(line) for line in inside))
        at = tag.end
    return "".join((*parts, text[at:]))


def _past_blanks(text: str, offset: int) -> int:
    """The offset of what follows the blanks at *offset*."""
    found = _BLANKS.match(text, offset)
    return found.end() if found else offset


def _settle(lines: Sequence[_Line], is_master: bool) -> bool:
    """Make comments of lines that hold nothing but tags, and let go on what goes on.

    Returns whether some of them may hold whole settings or services.
    """
    is_open = False
    in_comment = has_text = is_indented = False  # what the line is joined to
    is_incomplete = False
    for line, previous in zip(lines, [None, *lines], strict=False):
        if not line.is_joined:
            in_comment, has_text, is_indented = line.is_comment, False, line.is_indented
        # Whether the indentation of a tag stays is for the program to say that fills the template in.
        may_go_on = has_text or is_indented or (previous is not None and previous.may_join)
        if in_comment:
            line.text = as_comment(line.text) if line.is_joined else line.text
            continue
        if line.has_nothing_else:
            if line.puts_in and (has_text or is_indented or is_incomplete):
                line.go_on()
            else:
                is_open |= line.puts_in
                line.text = as_comment(line.text)
        elif has_text or (may_go_on and not _begins_entry(line.text, is_master)):
            line.go_on()
        elif line.is_stripped and line.is_indented:
            # It begins in column 1, which cannot be shown.
            is_open = True
            line.text = as_comment(line.text)
        has_text |= line.puts_in or not line.is_comment
        if line.text.strip() and not line.is_comment:
            is_incomplete = line.text.rstrip().endswith(_GOES_ON)
    return is_open


def without_unreadable(lines: list[str], *, is_master: bool) -> bool:
    """Make comments of the entries of which not even the name is known; whether there are such."""
    found = False
    for entry in _entries(lines):
        text = "\n".join(lines[number] for number in entry)
        if OPAQUE in text and not (_is_service(text) if is_master else OPAQUE not in text.partition("=")[0]):
            found = True
            for number in entry:
                lines[number] = as_comment(lines[number])
    return found


def _entries(lines: Iterable[str]) -> Iterator[list[int]]:
    """The numbers of the lines of each setting or service, without the comments between them."""
    entry: list[int] = []
    for number, line in enumerate(lines):
        if not line.strip() or is_comment(line):
            continue
        if entry and not line[:1].isspace():
            yield entry
            entry = []
        entry.append(number)
    if entry:
        yield entry


def _begins_entry(line: str, is_master: bool) -> bool:
    """Whether *line* looks like the first of a setting or service, or is blank, or a comment."""
    if not line.strip() or is_comment(line):
        return True
    if line[:1].isspace():
        return False
    return len(line.split()) >= _MASTER_FIELDS if is_master else "=" in line


def _is_service(text: str) -> bool:
    """Whether an entry of master.cf is known but for values of its options."""
    words = text.split(None, _MASTER_FIELDS)
    options = words[_MASTER_FIELDS] if len(words) > _MASTER_FIELDS else ""
    return OPAQUE not in "".join(words[:_MASTER_FIELDS]) and OPAQUE not in _OPTION_VALUE.sub("", options)


def is_comment(line: str) -> bool:
    return line.lstrip()[:1] == "#"


def as_comment(line: str) -> str:
    """A comment of the same length."""
    return "#" * min(len(line), 1) + OPAQUE * (len(line) - 1)
