"""A template taken apart, and its variants as text that Postfix's grammar reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from maillint.record import NamedTuple
from maillint.syntax.source import OPAQUE, Span

from .choices import Choice
from .languages import Language
from .masking import as_comment, masked_lines, without_unreadable
from .tags import CONTROL, OPEN, OUTPUT, Block, Tag, blocks


class Variant(NamedTuple):
    """One of the texts that may come of a template."""

    text: str
    """As long as the template; what the template puts in is :data:`~maillint.syntax.source.OPAQUE`."""
    left_out: list[Span]
    """What is not there in this one; comments in *text*."""
    taken: list[Span]
    """What is there, and would not be in another."""
    is_open: bool
    """Whether there may be settings or services that are not written here."""
    filled: dict[str, str]
    """The values that are known, by the names of parameters that stand for them in *text*."""


class Template:
    """A text in a template language."""

    __slots__ = ("_filled", "_is_master", "_is_open", "_lines", "_starts", "_tags", "blocks", "text")

    def __init__(
        self, text: str, language: Language, *, is_master: bool, values: Mapping[str, Any] | None = None
    ) -> None:
        """*is_master*: whether the text is that of a master.cf; *values*: variables that are known."""
        self.text = text
        self._is_master = is_master
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        tags = list(language.scan(text))
        self.blocks: list[Block] = []
        """The outermost blocks whose branches are whole lines."""
        outermost = blocks(tags)
        if outermost is None:
            wide = [self._from_first_to_last(tags)]
        else:
            self.blocks, wide = self._by_lines(outermost)
        self._tags = _outermost([*tags, *wide])
        self._lines, is_open = masked_lines(text, self._tags, self._starts, is_master=is_master)
        self._is_open = (
            is_open
            or any(tag.kind == OPEN for tag in self._tags)
            or any("\n" in text[tag.start : tag.end] for tag in wide)
        )
        self._filled = self._known(values, language) if values else {}

    @property
    def tags(self) -> list[Span]:
        """What is the template's own, in order."""
        return [Span(tag.start, tag.end) for tag in self._tags]

    @property
    def unknown(self) -> list[Span]:
        """Those of the tags in whose place some text may be."""
        return [
            Span(tag.start, tag.end) for tag in self._tags if tag.kind != CONTROL and tag not in self._filled
        ]

    def variant(self, choice: Choice) -> Variant:
        """The text with the branches of *choice*, which may speak of the blocks of another file, too."""
        left_out: list[Span] = []
        taken: list[Span] = []
        self._choose(self.blocks, choice, left_out, taken)
        lines = list(self._lines)
        for span in left_out:
            for number in range(self._line(span.start) + 1, self._line(span.end)):
                lines[number] = as_comment(lines[number])
        is_open = without_unreadable(lines, is_master=self._is_master)
        text, filled = self._with_names("\n".join(lines))
        return Variant(text, left_out, taken, self._is_open or is_open, filled)

    def _known(self, values: Mapping[str, Any], language: Language) -> dict[Tag, str]:
        """The values of the outputs that can be looked up."""
        from .values import value_of

        outputs = (tag for tag in self._tags if tag.kind == OUTPUT)
        found = ((tag, value_of(self.text[tag.start : tag.end], values, language.name)) for tag in outputs)
        return {tag: value for tag, value in found if value is not None}

    def _with_names(self, text: str) -> tuple[str, dict[str, str]]:
        """*text* with a reference such as ``${Z0}`` in place of each output whose value is known, as long.

        So all offsets stay, and what is found in a value stands at the tag that gives it.
        """
        filled: dict[str, str] = {}
        for number, (tag, value) in enumerate(self._filled.items()):
            length = tag.end - tag.start
            name = f"Z{number}".rjust(length - len("${}"), "Z")
            if text[tag.start : tag.end] == OPAQUE * length and len(name) + len("${}") == length:
                text = f"{text[: tag.start]}${{{name}}}{text[tag.end :]}"
                filled[name] = value
        return text, filled

    def _choose(
        self, blocks: Iterable[Block], choice: Choice, left_out: list[Span], taken: list[Span]
    ) -> None:
        for block in blocks:
            branch = choice[block]
            for number, span in enumerate(block.branches):
                (taken if number == branch else left_out).append(Span(*span))
            if branch is not None:
                self._choose(block.inner[branch], choice, left_out, taken)

    def _by_lines(self, found: Iterable[Block]) -> tuple[list[Block], list[Tag]]:
        """Those of the blocks *found* whose branches are whole lines, and one tag for each other block."""
        kept: list[Block] = []
        wide: list[Tag] = []
        for block in found:
            if all(self._stands_alone(tag) for tag in block.tags):
                kept.append(block)
                for number, inside in enumerate(block.inner):
                    block.inner[number], more = self._by_lines(inside)
                    wide += more
            else:
                last = block.tags[-1]
                wide.append(
                    last._replace(start=block.start, kind=OUTPUT, joins_before=block.tags[0].joins_before)
                )
        return kept, wide

    @staticmethod
    def _from_first_to_last(tags: Iterable[Tag]) -> Tag:
        """One tag that spans all blocks, which do not fit together."""
        of_blocks = [tag for tag in tags if tag.role]
        return Tag(of_blocks[0].start, of_blocks[-1].end, OPEN)

    def _stands_alone(self, tag: Tag) -> bool:
        """Whether nothing but white space stands beside *tag* on its lines."""
        start = self._starts[self._line(tag.start)]
        end = self.text.find("\n", tag.end)
        before, after = self.text[start : tag.start], self.text[tag.end : end if end >= 0 else None]
        return not before.strip() and not after.strip()

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1


def _outermost(tags: Iterable[Tag]) -> list[Tag]:
    """*tags* in order, without those inside another."""
    found: list[Tag] = []
    for tag in sorted(tags, key=lambda tag: (tag.start, -tag.end)):
        if not found or tag.start >= found[-1].end:
            found.append(tag)
    return found
