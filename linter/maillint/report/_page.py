"""Pieces of a page: a stranger's text made harmless, and simple Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from .quote import printable

_CODE = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"https://[^\s<>\"'`]*[^\s<>\"'`.,;:)]")
_FENCE = "```"
_LONGEST = 2000
"""How much of a text is shown; a value may have any length."""


def escaped(text: str) -> str:
    """*text* as part of a page, in content or in an attribute in double quotes; cut when it is very long."""
    return escape(printable(_cut(text)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def prose(text: str) -> str:
    """A sentence, in which ``code`` stands in backticks and addresses of pages are links."""
    text = _cut(text)
    parts: list[str] = []
    done = 0
    for code in _CODE.finditer(text):
        parts += (_linked(text[done : code.start()]), f"<code>{escaped(code[2])}</code>")
        done = code.end()
    return "".join((*parts, _linked(text[done:])))


def _linked(text: str) -> str:
    parts: list[str] = []
    done = 0
    for link in _LINK.finditer(text):
        address = escaped(link[0])
        parts += (escaped(text[done : link.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>')
        done = link.end()
    return "".join((*parts, escaped(text[done:])))


def block(lines: Iterable[str]) -> str:
    """*lines* as they are."""
    return f"<pre>{chr(10).join(map(escaped, lines))}</pre>"


def markdown(text: str) -> Iterator[str]:
    """Paragraphs, lists and fences: all that the pages of rules have."""
    lines = iter(text.split("\n"))
    paragraph: list[str] = []
    items: list[str] = []

    def told() -> Iterator[str]:
        if paragraph:
            yield f"<p>{prose(' '.join(paragraph))}</p>"
            paragraph.clear()
        if items:
            yield f"<ul>{''.join(f'<li>{prose(item)}</li>' for item in items)}</ul>"
            items.clear()

    for line in lines:
        if line.startswith(_FENCE):
            yield from told()
            name = line.removeprefix(_FENCE).partition(" ")[0]
            if name:
                yield f'<p class="file">{escaped(name)}</p>'
            inside = []
            for line in lines:
                if line.startswith(_FENCE):
                    break
                inside.append(line)
            yield block(inside)
        elif not line.strip():
            yield from told()
        elif line.startswith("- "):
            if paragraph:
                yield from told()
            items.append(line[2:])
        elif line.startswith("  ") and items:
            items[-1] += f" {line.strip()}"
        else:
            if items:
                yield from told()
            paragraph.append(line.strip())
    yield from told()
