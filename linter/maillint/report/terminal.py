"""Markdown on a terminal: headings, lists, fences, tables and links, folded to its width.

Not all of Markdown: what the documentation of rules and the pages of ``maillint explain`` are written in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .text import folded

_FENCE = "```"
_HEADING = re.compile("(#+) +(.*)")
_ITEM = re.compile(r"(- |\d+\. )(.*)")
_LINK = re.compile(r"\[([^]]+)\]\(([^)\s]+)\)")
_SPANS = re.compile(r"(`+)( ?)(.+?)\2\1|\*\*(.+?)\*\*|<?(https://[^\s<>`]*[^\s<>`.,;:)])>?")
_CODE_SPAN = re.compile("`([^`]+)`")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EXPECTED = re.compile(r"([a-z0-9-]+)@(\d+)")
_RULE = re.compile(r"\|[-:| ]+\|$")
_GLUE = "\0"
"""Stands for a blank inside of what must not be torn apart."""

_BULLET = "• "
_BAR = "│ "

_TITLE, _SECTION, _CODE, _STRONG, _FAINT, _ADDRESS = "1;4", "1;36", "33", "1", "2", "4;34"

Paint = Callable[[str, str], str]


def rendered(markdown: str, *, width: int, color: bool) -> str:
    """*markdown* for people, no line wider than *width* but for those in fences and tables.

    Without *color* there are no control sequences, and ``code`` keeps its backticks.
    """
    return "\n".join(_Page(markdown, width, color).lines()).rstrip() + "\n"


class _Page:
    def __init__(self, markdown: str, width: int, color: bool) -> None:
        self._lines = iter(markdown.strip().split("\n"))
        self._width = width
        self._color = color

    def lines(self) -> Iterator[str]:
        text: list[str] = []
        table: list[str] = []
        for line in self._lines:
            if text and (not line.strip() or _starts_block(line)):
                yield from self._paragraph(text)
                text = []
            if table and not line.startswith("|"):
                yield from self._table(table)
                table = []
            heading = _HEADING.match(line)
            if line.startswith(_FENCE):
                yield from self._fence(line.removeprefix(_FENCE).split())
            elif heading:
                style = _TITLE if len(heading[1]) == 1 else _SECTION
                yield self._paint(heading[2], style)
            elif line.startswith("|"):
                table.append(line)
            elif line.strip("-* ") == "" and len(line.strip()) > 2:
                yield self._paint("─" * self._width, _FAINT)
            elif line.strip():
                text.append(line)
            else:
                yield ""
        if text:
            yield from self._paragraph(text)
        if table:
            yield from self._table(table)

    def _paragraph(self, lines: list[str]) -> Iterator[str]:
        """A paragraph, or one item of a list with what belongs to it."""
        item = _ITEM.match(lines[0])
        head, rest = ("", lines[0]) if item is None else (item[1], item[2])
        head = _BULLET if head == "- " else head
        text = " ".join((rest.strip(), *(line.strip() for line in lines[1:])))
        text = _LINK.sub(lambda link: f"{link[1]} {link[2]}" if link[1] != link[2] else link[1], text)
        text = _BOLD.sub(lambda bold: bold[0].replace(" ", _GLUE), text)
        indent = " " * (len(head) + 2 if head else 0)
        text = _CODE_SPAN.sub(lambda span: self._torn(span, self._width - len(indent)), text)
        first, *more = folded(text, self._width, len(indent), len(indent))
        yield f"{indent[: len(indent) - len(head)]}{head}{self._inline(first)}"
        yield from (indent + self._inline(line) for line in more)

    def _torn(self, span: re.Match[str], room: int) -> str:
        """Code that fits into no line, in pieces that do."""
        if len(span[0]) <= room:
            return span[0]
        return " ".join(f"`{word}`" for word in span[1].split()) if self._color else span[1]

    def _fence(self, info: list[str]) -> Iterator[str]:
        expected = [f"{found[1]} in line {found[2]}" for word in info if (found := _EXPECTED.fullmatch(word))]
        if info:
            name = "Postfix says" if info[0] == "witness" else info[0]
            yield self._paint(f"  {name}" + (f": finds {', '.join(expected)}" if expected else ""), _FAINT)
        for line in self._lines:
            if line.startswith(_FENCE):
                break
            yield (self._paint(f"  {_BAR}", _FAINT) + line).rstrip()

    def _table(self, lines: list[str]) -> Iterator[str]:
        rows = [
            [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            for line in lines
            if not _RULE.fullmatch(line.strip())
        ]
        widths = [max(len(row[i]) if i < len(row) else 0 for row in rows) for i in range(len(rows[0]))]
        for number, row in enumerate(rows):
            text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
            yield "  " + (self._paint(text, _STRONG) if number == 0 else self._inline(text))

    def _inline(self, text: str) -> str:
        def shown(span: re.Match[str]) -> str:
            _, _, code, bold, link = span.groups()
            if code is not None:
                return self._paint(code, _CODE) if self._color else span[0]
            return self._paint(bold, _STRONG) if bold is not None else self._paint(link, _ADDRESS)

        return _SPANS.sub(shown, text).replace(_GLUE, " ")

    def _paint(self, text: str, style: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self._color else text


def _starts_block(line: str) -> bool:
    return bool(_ITEM.match(line) or _HEADING.match(line)) or line.startswith((_FENCE, "|"))
