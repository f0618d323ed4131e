"""What the scanners find, and how the tags of blocks belong together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

OUTPUT = "output"
"""Puts something into the text: into a value, as far as can be known."""
CONTROL = "control"
"""Puts nothing into the text."""
OPEN = "open"
"""May put whole settings into the text, such as another file."""

IF = "if"
LOOP = "loop"
BRANCH = "branch"
END = "end"


class Tag(NamedTuple):
    """One tag of a template language."""

    start: int
    end: int
    kind: str
    """OUTPUT, CONTROL or OPEN."""
    role: str = ""
    """IF, LOOP, BRANCH or END for a tag of a block; else empty."""
    joins: bool = False
    """Whether it takes away the line end before it, so that the text goes on with the line before."""


class Block:
    """The tags from an IF or LOOP to its END, in order."""

    __slots__ = ("is_loop", "outer", "tags")

    def __init__(self, first: Tag, outer: tuple[Block, int] | None) -> None:
        self.tags = [first]
        self.is_loop = first.role == LOOP
        self.outer = outer
        """The block and the number of its branch that this one stands in."""

    @property
    def branches(self) -> list[tuple[int, int]]:
        """The ranges between the tags; a loop has one, unless it has an else."""
        return [(one.end, other.start) for one, other in zip(self.tags, self.tags[1:], strict=False)]

    @property
    def choices(self) -> tuple[int | None, ...]:
        """The numbers of the branches that may be taken; None: none of them.

        Of an ``if`` with an else, one always is; but which of its last two tags is the else is not looked
        at, so that None is a choice always: a setting that only the branches make is never taken for sure.
        """
        return (*range(len(self.tags) - 1), None)


def blocks(tags: Iterable[Tag]) -> list[Block] | None:
    """The blocks that *tags* make, outer ones first; None: they do not fit together."""
    found: list[Block] = []
    stack: list[Block] = []
    for tag in tags:
        if tag.role in (IF, LOOP):
            outer = (stack[-1], len(stack[-1].tags) - 1) if stack else None
            stack.append(Block(tag, outer))
            found.append(stack[-1])
        elif tag.role:
            if not stack:
                return None
            stack[-1].tags.append(tag)
            if tag.role == END:
                stack.pop()
    return None if stack else found
