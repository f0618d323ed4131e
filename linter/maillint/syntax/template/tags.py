"""What the scanners find, and how the tags of blocks belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from maillint.record import NamedTuple

OUTPUT = "output"
"""Puts something into the text: into a value, as far as can be known."""
CONTROL = "control"
"""Puts nothing into the text."""
OPEN = "open"
"""May put whole settings into the text, such as another file."""

IF = "if"
LOOP = "loop"
BRANCH = "branch"
ELSE = "else"
END = "end"


_MOST_BLOCKS = 150
_MOST_NESTED = 50
"""Nobody can read a file with more; and to work it out takes time, and a stack."""


class Tag(NamedTuple):
    """One tag of a template language."""

    start: int
    end: int
    kind: str
    """OUTPUT, CONTROL or OPEN."""
    role: str = ""
    """IF, LOOP, BRANCH, ELSE or END for a tag of a block; else empty."""
    joins_before: bool = False
    """Whether it takes away the line end before it, so that the text goes on with the line before."""
    joins_after: bool = False
    """The same for the line end behind it."""
    strips: bool = False
    """Whether *joins_after* takes the indentation of the next line away, too."""


class Block:
    """The tags from an IF or LOOP to its END, in order."""

    __slots__ = ("inner", "tags")

    def __init__(self, first: Tag) -> None:
        self.tags = [first]
        self.inner: list[list[Block]] = [[]]
        """The blocks in each branch."""

    @property
    def start(self) -> int:
        return self.tags[0].start

    @property
    def end(self) -> int:
        return self.tags[-1].end

    @property
    def branches(self) -> list[tuple[int, int]]:
        """The ranges between the tags; a loop has one, unless it has an else."""
        return [(one.end, other.start) for one, other in zip(self.tags, self.tags[1:], strict=False)]

    @property
    def options(self) -> tuple[int | None, ...]:
        """The numbers of the branches that may be taken; None: none of them."""
        numbers = range(len(self.branches))
        return tuple(numbers) if any(tag.role == ELSE for tag in self.tags) else (*numbers, None)


def blocks(tags: Iterable[Tag]) -> list[Block] | None:
    """The outermost blocks that *tags* make; None: they do not fit together, or are too many."""
    outermost: list[Block] = []
    stack: list[Block] = []
    number = 0
    for tag in tags:
        if tag.role in (IF, LOOP):
            block = Block(tag)
            (stack[-1].inner[-1] if stack else outermost).append(block)
            stack.append(block)
            number += 1
            if number > _MOST_BLOCKS or len(stack) > _MOST_NESTED:
                return None
        elif tag.role:
            if not stack:
                return None
            stack[-1].tags.append(tag)
            if tag.role == END:
                stack.pop()
            else:
                stack[-1].inner.append([])
    return None if stack else outermost


def closing(text: str, start: int, closer: re.Pattern[str]) -> re.Match[str] | None:
    """The first match of *closer* from *start* on that is not a string in quotes; None: there is none.

    The strings are the alternatives of *closer* without a group (:data:`STRINGS`).
    """
    return next((found for found in closer.finditer(text, start) if found.lastindex), None)


STRINGS = r"\"[^\"\n]*\"|'[^'\n]*'|"
"""To begin a pattern for :func:`closing` with."""
