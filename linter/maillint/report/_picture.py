"""The way of mail as a picture: layers from left to right, drawn as SVG.

The layout is that of Sugiyama: each stage is a column; what leads past a column gets a place in it; the
places are ordered by where their neighbours are, and then moved next to them. Equal flows give equal
pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from maillint.postfix.flow import (
    CHECKS,
    IN,
    OUT,
    QUEUE,
    REWRITING,
    STAGES,
    TRANSPORTS,
    Flow,
    Stop,
    Way,
)

from ._page import escaped

TITLES = {
    IN: "Comes in",
    CHECKS: "Is checked",
    REWRITING: "Is rewritten",
    QUEUE: "Waits",
    TRANSPORTS: "Is delivered by",
    OUT: "Goes to",
}

_MOST = 8
"""How many boxes a column has; what is more is told together in the last."""
_WIDTH = 162
_BETWEEN_COLUMNS = 34
_BETWEEN_BOXES = 18
_MARGIN = 22
_TOP = 44
_PADDING = 10
_LINE = 16
_TITLE_WIDTH, _FACT_WIDTH = 9.4, 12.4
"""How much text fits into a line of a box, in em: of the letters of titles, which are bold, and of facts."""
_NARROW, _BROAD = frozenset(" ,.:;'!|()[]/-ijltfrI"), frozenset("mwMW@%—→…&")
_MOST_LINES = 3
"""Of one fact."""
_MOST_FACT_LINES = 9
_SWEEPS = 6
_LANE = 12
"""Between ways back."""


class _Box:
    """A stop, or the place that a way needs in a column that it passes."""

    __slots__ = ("after", "before", "column", "facts", "height", "stop", "title", "top")

    def __init__(self, column: int, stop: Stop | None = None) -> None:
        self.column = column
        self.stop = stop
        self.title: list[str] = []
        self.facts: list[list[str]] = []
        self.before: list[_Box] = []
        self.after: list[_Box] = []
        self.top = 0.0
        self.height = 6.0
        if stop is not None:
            self.title = _wrapped(stop.title, _TITLE_WIDTH)
            self.facts = _fitting([_wrapped(fact, _FACT_WIDTH) for fact in stop.facts])
            lines = len(self.title) + sum(map(len, self.facts))
            self.height = 2 * _PADDING + _LINE * lines - 2

    @property
    def left(self) -> float:
        return _MARGIN + self.column * (_WIDTH + _BETWEEN_COLUMNS)

    @property
    def right(self) -> float:
        return self.left + _WIDTH

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def picture(
    flow: Flow, id: str, link: Callable[[Stop], str], marks: Callable[[Stop], tuple[str, int]]
) -> Iterator[str]:
    """The picture of *flow* as SVG, in pieces.

    *id*: what its ids begin with. *link*: the address to read on about a stop; empty: none. *marks*: the
    gravest severity of what was found about it, and how many findings these are; empty: nothing was.
    """
    stops, ways = _folded(flow)
    columns, boxes = _columns(stops)
    back = [way for way in ways if boxes[way.start].column >= boxes[way.end].column]
    drawn = [_threaded(columns, boxes[way.start], boxes[way.end]) for way in ways if way not in back]
    _order(columns)
    _place(columns)
    bottom = max(box.top + box.height for column in columns for box in column)
    width = round(columns[-1][0].right + _MARGIN)
    height = round(bottom + (len(back) + 1) * _LANE + 10)
    yield (
        f'<svg class="flow" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="group" aria-labelledby="{id}-title {id}-description">'
        f'<title id="{id}-title">The way of mail through this host</title>'
        f'<desc id="{id}-description">A diagram from left to right. The list below says the same.</desc>'
        f'<defs><marker id="{id}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path class="tip" d="M0 0.5 L7.5 4 L0 7.5 z"/></marker></defs>'
    )
    for column in columns:
        stage = next(box.stop.stage for box in column if box.stop is not None)
        center = column[0].left + _WIDTH / 2
        yield f'<text class="stage" x="{center:g}" y="22" text-anchor="middle">{TITLES[stage]}</text>'
    tip = f'marker-end="url(#{id}-tip)"'
    for thread in drawn:
        yield f'<path class="way" d="{_curve(thread)}" {tip}/>'
    for number, way in enumerate(back, 1):
        lane = bottom + number * _LANE + 4
        yield f'<path class="way back" d="{_around(boxes[way.start], boxes[way.end], lane, number)}" {tip}/>'
    for box in boxes.values():
        assert box.stop is not None
        yield _drawn(box, box.stop, link(box.stop), *marks(box.stop))
    yield "</svg>\n"


def words(flow: Flow) -> list[tuple[str, list[tuple[Stop, list[Stop]]]]]:
    """The same to be read: by stage, the stops, and where mail goes from each."""
    stops = {stop.key: stop for stop in flow.stops}
    return [
        (
            TITLES[stage],
            [
                (stop, [stops[way.end] for way in flow.ways if way.start == stop.key])
                for stop in flow.stops
                if stop.stage == stage
            ],
        )
        for stage in STAGES
        if any(stop.stage == stage for stop in flow.stops)
    ]


# --- text in boxes ---------------------------------------------------------------------------------------


def _wrapped(text: str, width: float) -> list[str]:
    """*text* in lines of at most *width*, and not more lines than there is room for."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if _width_of(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while _width_of(line) > width and len(lines) <= _MOST_LINES:
            cut = _fitting_start(line, width)
            lines.append(line[:cut])
            line = line[cut:]
        if len(lines) > _MOST_LINES:
            break
    lines.append(line)
    if len(lines) > _MOST_LINES:
        last = lines[_MOST_LINES - 1]
        lines[_MOST_LINES - 1 :] = [last[: _fitting_start(last, width - 1.4)] + " …"]
    return lines


def _fitting(facts: list[list[str]]) -> list[list[str]]:
    """As many of *facts* as a box may have lines."""
    shown: list[list[str]] = []
    lines = 0
    for number, fact in enumerate(facts):
        rest = len(facts) - number
        if lines + len(fact) > _MOST_FACT_LINES - (rest > 1):
            return [*shown, [f"… {rest} more"]]
        shown.append(fact)
        lines += len(fact)
    return shown


def _fitting_start(text: str, width: float) -> int:
    """How many characters of *text* fit; rather up to a sign behind which a long word may be broken."""
    end = 0
    taken = 0.0
    for character in text:
        taken += _width_of(character)
        if taken > width:
            break
        end += 1
    if end == len(text):
        return end
    sign = max(text.rfind(sign, end // 2, end) for sign in ":/,.-_@")
    return sign + 1 if sign > 0 else max(end, 1)


def _width_of(text: str) -> float:
    """How wide *text* is in a broad font (DejaVu Sans), in em."""
    return sum(
        1.05
        if character in _BROAD or east_asian_width(character) in "WF"
        else 0.4
        if character in _NARROW
        else 0.78
        if character.isupper()
        else 0.64
        for character in text
    )


# --- layout ----------------------------------------------------------------------------------------------


def _folded(flow: Flow) -> tuple[list[Stop], list[Way]]:
    """The stops and ways, what is too much for a column told together in one stop."""
    stops: list[Stop] = []
    other: dict[str, str] = {}
    for stage in STAGES:
        mine = [stop for stop in flow.stops if stop.stage == stage]
        shown, rest = (mine, []) if len(mine) <= _MOST else (mine[: _MOST - 1], mine[_MOST - 1 :])
        stops += shown
        if rest:
            key = f"more {stage}"
            facts = tuple(dict.fromkeys(f"{stop.title} {' '.join(stop.facts[:1])}".strip() for stop in rest))
            stops.append(Stop(key, stage, f"{len(rest)} more", facts))
            other.update((stop.key, key) for stop in rest)
    ways = (Way(other.get(way.start, way.start), other.get(way.end, way.end)) for way in flow.ways)
    return stops, list(dict.fromkeys(ways))


def _columns(stops: Iterable[Stop]) -> tuple[list[list[_Box]], dict[str, _Box]]:
    used = [stage for stage in STAGES if any(stop.stage == stage for stop in stops)]
    columns: list[list[_Box]] = [[] for _ in used]
    boxes = {}
    for stop in stops:
        box = boxes[stop.key] = _Box(used.index(stop.stage), stop)
        columns[box.column].append(box)
    return columns, boxes


def _threaded(columns: list[list[_Box]], start: _Box, end: _Box) -> list[_Box]:
    """The boxes by which a way goes, with a place in every column between."""
    thread = [start]
    for number in range(start.column + 1, end.column):
        box = _Box(number)
        columns[number].append(box)
        thread.append(box)
    thread.append(end)
    for left, right in pairwise(thread):
        left.after.append(right)
        right.before.append(left)
    return thread


def _order(columns: list[list[_Box]]) -> None:
    """Put each box near the middle of its neighbours, so that few ways cross."""
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for number in range(1, len(columns)) if forwards else range(len(columns) - 2, -1, -1):
            column = columns[number]
            there = columns[number - 1 if forwards else number + 1]
            place = {id(box): at for at, box in enumerate(there)}
            own = {id(box): at for at, box in enumerate(column)}

            def weight(
                box: _Box,
                place: dict[int, int] = place,
                own: dict[int, int] = own,
                forwards: bool = forwards,
            ) -> tuple[float, int]:
                near = [place[id(other)] for other in (box.before if forwards else box.after)]
                return (sum(near) / len(near) if near else own[id(box)], own[id(box)])

            column.sort(key=weight)


def _place(columns: list[list[_Box]]) -> None:
    """Give each box its height on the page: no two overlap, and neighbours stand near each other."""
    for column in columns:
        _stack(column, [0.0] * len(column))
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = []
            for box in column:
                near = [*box.before, *box.after]
                middle = sum(other.middle for other in near) / len(near) if near else box.middle
                wanted.append(middle - box.height / 2)
            _stack(column, wanted)
    highest = min(box.top for column in columns for box in column)
    for column in columns:
        for box in column:
            box.top = round(box.top - highest + _TOP, 1)


def _stack(column: Sequence[_Box], wanted: Sequence[float]) -> None:
    """Place boxes in their order as near to the *wanted* tops as can be; those that touch share the way."""
    groups: list[tuple[float, float, list[_Box]]] = []
    for box, top in zip(column, wanted, strict=True):
        size, members = box.height + _BETWEEN_BOXES, [box]
        while groups and groups[-1][0] + groups[-1][1] > top:
            above, length, others = groups.pop()
            count = len(others)
            # What the lower group wants of the upper one, weighed by how many boxes are in each.
            top = (above * count + (top - length) * len(members)) / (count + len(members))
            size, members = length + size, others + members
        groups.append((top, size, members))
    for top, _, members in groups:
        for box in members:
            box.top = top
            top += box.height + _BETWEEN_BOXES


# --- drawing ---------------------------------------------------------------------------------------------


def _curve(thread: Sequence[_Box]) -> str:
    """A line through the middles of the boxes, smooth between the columns."""
    parts = [f"M{thread[0].right:g} {thread[0].middle:g}"]
    for left, right in pairwise(thread):
        bend = (left.right + right.left) / 2
        parts.append(f"C{bend:g} {left.middle:g} {bend:g} {right.middle:g} {right.left:g} {right.middle:g}")
        if right.stop is None:
            parts.append(f"H{right.right:g}")
    return " ".join(parts)


def _around(start: _Box, end: _Box, lane: float, number: int) -> str:
    """A way back: below all boxes."""
    out, into = start.right + 6 + 4 * number, end.left - 6 - 4 * number
    return (
        f"M{start.right:g} {start.middle:g} H{out - 5:g} q5 0 5 5 V{lane - 5:g} q0 5 -5 5"
        f" H{into + 5:g} q-5 0 -5 -5 V{end.middle + 5:g} q0 -5 5 -5 H{end.left:g}"
    )


def _drawn(box: _Box, stop: Stop, link: str, severity: str, count: int) -> str:
    whole = ". ".join((stop.title, *stop.facts))
    parts = [
        f"<title>{escaped(whole[:1000])}</title>"
        f'<rect class="box" x="{box.left:g}" y="{box.top:g}" width="{_WIDTH}" height="{box.height:g}"'
        ' rx="7"/>'
    ]
    baseline = box.top + _PADDING + 11
    texts = [("name", line) for line in box.title] + [("fact", line) for fact in box.facts for line in fact]
    for style, line in texts:
        parts.append(
            f'<text class="{style}" x="{box.left + _PADDING:g}" y="{baseline:g}">{escaped(line)}</text>'
        )
        baseline += _LINE
    if count:
        x, y = box.right - 2, box.top + 2
        parts.append(
            f'<circle class="mark {severity}" cx="{x:g}" cy="{y:g}" r="10"/>'
            f'<text class="count" x="{x:g}" y="{y + 4:g}" text-anchor="middle">{count}</text>'
        )
    body = "".join(parts)
    return f'<a href="{link}" class="stop">{body}</a>' if link else f'<g class="stop">{body}</g>'
