"""The documentation of a rule, and the examples in it: its module's docstring, taken apart.

The form is Markdown: a summary line, then sections below ``##`` headings. The examples stand in fences
below ``## Bad`` and ``## Good``. A fence is one file, named by the first word of its info string; fences
of different files below one heading are one configuration, until a file comes a second time. What the
real Postfix says of a bad example stands in fences below ``## What Postfix says``.
"""

from __future__ import annotations

from collections.abc import Iterator

from maillint.record import NamedTuple

WITNESS = "What Postfix says"
"""The section that a rule has when Postfix itself complains."""

SECTIONS = ("What happens", "Bad", "Good", WITNESS, "When it is right", "References")
"""The sections of a rule, in this order; every rule has all, but for :data:`WITNESS`."""

_FENCE = "```"


class Fence(NamedTuple):
    """One file of an example."""

    info: tuple[str, ...]
    """The words behind the opening backquotes."""
    text: str


class Section(NamedTuple):
    """A section of the docstring."""

    title: str
    text: str

    @property
    def examples(self) -> list[tuple[Fence, ...]]:
        """The fences, those of one configuration together."""
        examples: list[list[Fence]] = []
        together = False
        for heading, fence in _fences(self.text):
            if heading:
                together = False
            if fence is None:
                continue
            if not together or fence.info[:1] in [other.info[:1] for other in examples[-1]]:
                examples.append([])
            examples[-1].append(fence)
            together = True
        return [tuple(example) for example in examples]


class Documentation(NamedTuple):
    """What a rule's docstring says."""

    summary: str
    sections: tuple[Section, ...]

    def section(self, title: str) -> Section | None:
        return next((section for section in self.sections if section.title == title), None)


def parse(docstring: str) -> Documentation:
    """Take a module's docstring apart."""
    summary, _, rest = docstring.strip().partition("\n")
    sections: list[Section] = []
    title, lines, fenced = "", list[str](), False
    for line in rest.split("\n"):
        fenced ^= line.startswith(_FENCE)
        if line.startswith("## ") and not fenced:
            sections.append(Section(title, "\n".join(lines).strip()))
            title, lines = line[3:].strip(), []
        else:
            lines.append(line)
    sections.append(Section(title, "\n".join(lines).strip()))
    return Documentation(summary.strip(), tuple(section for section in sections if section.title))


def _fences(text: str) -> Iterator[tuple[bool, Fence | None]]:
    """The headings (True, None) and fences (False, fence) of *text*, in order."""
    info: tuple[str, ...] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(_FENCE):
            if info is None:
                info, lines = tuple(line.removeprefix(_FENCE).split()), []
            else:
                yield False, Fence(info, "".join(f"{inside}\n" for inside in lines))
                info = None
        elif info is not None:
            lines.append(line)
        elif line.startswith("#"):
            yield True, None
