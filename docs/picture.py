"""The picture of the README: what a terminal shows of a run, as SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from consoles import printed

COMMAND = "maillint check --min-confidence medium examples/gmail-bounce/before"
_COLORED = f"{COMMAND} --color always"
_SGR = re.compile("\033\\[([0-9;]*)m")
_STYLES = {
    "0": "", "1": "b", "34": "blue", "32": "green", "31": "red",
    "1;31": "b red", "1;33": "b yellow", "1;36": "b cyan",
}  # fmt: skip
"""The classes of the control sequences that reports use (maillint.report.text)."""
_CHARACTER, _LINE, _MARGIN, _TOP = 7.4, 17, 16, 44
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<style>
text {{ font: 12.3px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }}
text {{ fill: #d7dee6; white-space: pre }}
.b {{ font-weight: bold; fill: #ffffff }} .red {{ fill: #ff8a80 }} .yellow {{ fill: #ffd54f }}
.cyan {{ fill: #80deea }} .blue {{ fill: #90b8f8 }} .green {{ fill: #a5d6a7 }} .prompt {{ fill: #a5d6a7 }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#1d242c"/>
<circle cx="18" cy="17" r="5" fill="#ff6b60"/><circle cx="36" cy="17" r="5" fill="#ffbe3f"/>
<circle cx="54" cy="17" r="5" fill="#3fc950"/>
"""


def rendered() -> str:
    """The text of the picture."""
    lines = printed(_COLORED).rstrip().split("\n")
    columns = max(len(_SGR.sub("", line)) for line in lines)
    width = round(2 * _MARGIN + columns * _CHARACTER)
    height = _TOP + (len(lines) + 1) * _LINE + _MARGIN // 2
    label = escape(f"The output of {COMMAND}", quote=True)
    parts = [_HEAD.format(width=width, height=height, label=label)]
    for number, spans in enumerate([[("prompt", "$ "), ("", COMMAND)], *map(_spans, lines)]):
        text = "".join(_span(style, escape(piece, quote=False)) for style, piece in spans)
        y = _TOP + number * _LINE
        parts.append(f'<text x="{_MARGIN}" y="{y}" xml:space="preserve">{text}</text>\n')
    parts.append("</svg>\n")
    return "".join(parts)


def _span(style: str, text: str) -> str:
    return f'<tspan class="{style}">{text}</tspan>' if style else text


def _spans(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of *line* with their classes."""
    style = ""
    for index, piece in enumerate(_SGR.split(line)):
        if index % 2:
            style = _STYLES[piece]
        elif piece:
            yield style, piece
