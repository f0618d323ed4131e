"""The files of the programs around Postfix, in one form: entries, and the sections that they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from .source import Location, LogicalText, Source, Span
from .tree import Node, Trivia


class Entry(Node):
    """One ``name value``, with whatever the format puts between and around them, or the head of a section.

    Its span is that of its lines, the final newline included; of a section, those of its head.
    """

    __slots__ = ("is_section", "name", "name_span", "value", "within")

    def __init__(
        self, source: Source, name: Span, value: LogicalText, within: tuple[Entry, ...], *, is_section: bool
    ) -> None:
        text = source.text
        end = max(name.end, value.span.end)
        newline = text.find("\n", end)
        super().__init__(
            source, Span(text.rfind("\n", 0, name.start) + 1, newline + 1 if newline >= 0 else len(text))
        )
        self.name = text[name.start : name.end]
        """Empty for an element of a list."""
        self.name_span = name
        self.value = value
        """Without quotes and comments; of a section, what it is called."""
        self.within = within
        """The sections around it, the outermost first."""
        self.is_section = is_section

    @property
    def name_location(self) -> Location:
        return Location(self.source, self.name_span)

    @property
    def title(self) -> str:
        """Of a section, its name and what it is called, as in ``service auth``."""
        return f"{self.name} {self.value.text}".rstrip()


class EntryFile:
    """The tree of one file."""

    __slots__ = ("entries", "source")

    def __init__(self, source: Source, entries: Iterable[Entry]) -> None:
        self.source = source
        self.entries = tuple(entries)
        """In the order of the file."""

    @property
    def nodes(self) -> tuple[Entry | Trivia, ...]:
        """The entries that begin a line, and what stands between them; without gaps, as in main.cf."""
        nodes: list[Entry | Trivia] = []
        at = 0
        for entry in self.entries:
            if entry.span.start < at:
                continue
            if entry.span.start > at:
                nodes.append(Trivia(self.source, Span(at, entry.span.start)))
            nodes.append(entry)
            at = entry.span.end
        if at < len(self.source.text):
            nodes.append(Trivia(self.source, Span(at, len(self.source.text))))
        return tuple(nodes)


def written(source: Source, start: int, end: int) -> LogicalText:
    """What stands from *start* to *end*, as it is."""
    return LogicalText(source, source.text[start:end], ((0, start),))
