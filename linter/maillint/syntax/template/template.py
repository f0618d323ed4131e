"""A template taken apart, and its variants as text that Postfix's grammar reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from maillint.syntax.source import OPAQUE, Span

from .languages import Language
from .tags import OPEN, OUTPUT, Block, Tag, blocks

MOST_VARIANTS = 16

Choice = Mapping[Block, "int | None"]
"""The branch of each block that is taken; None: none of them."""

_MASTER_FIELDS = 8
"""Fields of an entry in master.cf, its program included."""
_OPTION_VALUE = re.compile(r"-o\s*[a-z0-9_]+\s*=\S*|\{[^{}]*\}")
"""What may hold a tag in an entry of master.cf and leaves it the entry that it is."""


class Template:
    """A text in a template language."""

    __slots__ = ("_blocks", "_is_master", "_tags", "is_open", "text")

    def __init__(self, text: str, language: Language, *, is_master: bool) -> None:
        """*is_master*: whether the text is that of a master.cf."""
        self.text = text
        self._is_master = is_master
        tags = list(language.scan(text))
        structure = blocks(tags)
        self.is_open = structure is None or any(tag.kind == OPEN for tag in tags)
        """Whether the template may put in settings or services that are not written here."""
        self._blocks: list[Block] = []
        inline: list[Tag] = []
        for block in structure or ():
            if all(self._stands_alone(tag) for tag in block.tags):
                self._blocks.append(block)
            else:
                inline.append(Tag(block.tags[0].start, block.tags[-1].end, OUTPUT, joins=block.tags[0].joins))
                self.is_open |= "\n" in text[block.tags[0].start : block.tags[-1].end]
        self._tags = _outermost([*tags, *inline])
        self._blocks = [block for block in self._blocks if not self._is_inside(block, inline)]

    @property
    def spans(self) -> list[Span]:
        """What is the template's own, in order."""
        return [Span(tag.start, tag.end) for tag in self._tags]

    def choices(self) -> list[Choice]:
        """The variants to look at: all, when they are few; else enough to see each branch taken and not."""
        options = [block.choices for block in self._blocks]
        total = 1
        for choices in options:
            total *= len(choices)
        if total <= MOST_VARIANTS:
            return [dict(zip(self._blocks, taken, strict=True)) for taken in product(*options)]
        longest = max(len(choices) for choices in options)
        rows: list[tuple[int | None, ...]] = [
            tuple(choices[number % len(choices)] for choices in options) for number in range(longest)
        ]
        # Halves, quarters, ...: so that any two blocks are seen one with and the other without.
        for bit in range(max(1, len(options).bit_length())):
            for flip in (0, 1):
                rows.append(
                    tuple(
                        choices[0] if (number >> bit & 1) == flip else choices[-1]
                        for number, choices in enumerate(options)
                    )
                )
        unique = list(dict.fromkeys(rows))[:MOST_VARIANTS]
        return [dict(zip(self._blocks, row, strict=True)) for row in unique]

    def masked(self, choice: Choice) -> str:
        """The text of a variant, as long as the template."""
        lines = _Lines(self.text)
        for tag in self._tags:
            lines.mask(tag)
        for span in self.parts(choice)[0]:
            lines.comment_out(span)
        lines.settle()
        self.is_open |= lines.comment_out_unreadable(self._is_master)
        return "".join(lines.characters)

    def parts(self, choice: Choice) -> tuple[list[Span], list[Span]]:
        """The ranges between the tags that a variant leaves out, and those that it takes."""
        left_out: list[Span] = []
        taken: list[Span] = []
        for block, branch in choice.items():
            for number, span in enumerate(block.branches):
                (taken if number == branch else left_out).append(Span(*span))
        return left_out, taken

    def _stands_alone(self, tag: Tag) -> bool:
        """Whether nothing but white space stands beside *tag* on its lines."""
        start = self.text.rfind("\n", 0, tag.start) + 1
        end = self.text.find("\n", tag.end)
        before, after = self.text[start : tag.start], self.text[tag.end : end if end >= 0 else None]
        return not before.strip() and not after.strip()

    @staticmethod
    def _is_inside(block: Block, ranges: Iterable[Tag]) -> bool:
        return any(outer.start <= block.tags[0].start and block.tags[-1].end <= outer.end for outer in ranges)


def _outermost(tags: Iterable[Tag]) -> list[Tag]:
    """*tags* in order, without those inside another."""
    found: list[Tag] = []
    for tag in sorted(tags, key=lambda tag: (tag.start, -tag.end)):
        if not found or tag.start >= found[-1].end:
            found.append(tag)
    return found


class _Lines:
    """The characters of a text, to be masked line by line."""

    def __init__(self, text: str) -> None:
        self.characters = list(text)
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._outputs: set[int] = set()
        """The lines that an OUTPUT begins in."""
        self._opened = False
        """Whether a line holds nothing but an OUTPUT, which may be whole settings."""
        self._joined: set[int] = set()
        """The lines that go on with the one before."""
        self._touched: set[int] = set()

    def mask(self, tag: Tag) -> None:
        first = self._line(tag.start)
        for offset in range(tag.start, tag.end):
            if self._text[offset] != "\n":
                self.characters[offset] = OPAQUE
        last = self._line(max(tag.start, tag.end - 1))
        self._touched.update(range(first, last + 1))
        self._joined.update(range(first + 1, last + 1))
        if tag.kind == OUTPUT:
            self._outputs.add(first)
            if tag.joins and not self._text[self._starts[first] : tag.start].strip():
                self._joined.add(first)

    def comment_out(self, span: Span) -> None:
        """Make comments of the lines that lie in *span* as a whole."""
        for line in range(self._line(span.start) + 1, self._line(span.end)):
            self._comment(line)

    def settle(self) -> None:
        """Make comments of lines that hold nothing but tags, and let go on what goes on."""
        for line in sorted(self._touched):
            start, text = self._starts[line], self._content(line)
            if text[:1] == "#":
                continue
            if not text.replace(OPAQUE, "").strip():
                indented = text[:1].isspace() or line in self._joined
                if line not in self._outputs or not indented:
                    self._opened |= line in self._outputs
                    self._comment(line)
                elif not text[:1].isspace():
                    self.characters[start] = " "
            elif line in self._joined:
                self.characters[start] = " "

    def comment_out_unreadable(self, is_master: bool) -> bool:
        """Make comments of the entries of which not even the name is known; whether there are such."""
        found = self._opened
        for lines in self._entries():
            text = "\n".join(self._content(line) for line in lines)
            if OPAQUE in text and not (
                _is_service(text) if is_master else OPAQUE not in text.partition("=")[0]
            ):
                found = True
                for line in lines:
                    self._comment(line)
        return found

    def _entries(self) -> Iterator[list[int]]:
        """The lines of each setting or service, comments between them left out."""
        entry: list[int] = []
        for line in range(len(self._starts)):
            text = self._content(line)
            if not text.strip() or text.lstrip()[:1] == "#":
                continue
            if not text[:1].isspace():
                if entry:
                    yield entry
                entry = []
            entry.append(line)
        if entry:
            yield entry

    def _comment(self, line: int) -> None:
        start = self._starts[line]
        content = self._content(line)
        for offset in range(start, start + len(content)):
            self.characters[offset] = OPAQUE
        if content:
            self.characters[start] = "#"

    def _content(self, line: int) -> str:
        end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self._text)
        return "".join(self.characters[self._starts[line] : end])

    def _line(self, offset: int) -> int:
        from bisect import bisect_right

        return bisect_right(self._starts, offset) - 1


def _is_service(text: str) -> bool:
    """Whether an entry of master.cf is known but for values of its options."""
    words = text.split(None, _MASTER_FIELDS)
    arguments = words[_MASTER_FIELDS] if len(words) > _MASTER_FIELDS else ""
    return OPAQUE not in "".join(words[:_MASTER_FIELDS]) and OPAQUE not in _OPTION_VALUE.sub(
        _without_value, arguments
    )


def _without_value(found: re.Match[str]) -> str:
    return found[0].replace(OPAQUE, "")
