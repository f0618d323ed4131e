"""Which variants of a template to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from types import MappingProxyType

from .tags import Block

FEW_VARIANTS = 16
"""So many are all looked at."""
MOST_VARIANTS = 64

Option = tuple[Block, "int | None"]

Choice = Mapping[Block, "int | None"]
"""The branch of each block that is taken; None: none of them. Blocks in branches not taken are not in it."""


def choices(blocks: Sequence[Block]) -> list[Choice]:
    """All variants of what has these outermost *blocks*; of many, enough to see any two options together."""
    if _number(blocks) <= FEW_VARIANTS:
        return list(_all(blocks))
    return list(islice(_pairs(blocks), MOST_VARIANTS))


def _number(blocks: Iterable[Block]) -> int:
    """How many variants there are."""
    total = 1
    for block in blocks:
        inner = sum(map(_number, block.inner[: len(block.branches)]))
        total *= inner + (None in block.options)
    return total


def _all(blocks: Sequence[Block]) -> Iterator[Choice]:
    for parts in product(*(_all_of(block) for block in blocks)):
        yield {block: branch for part in parts for block, branch in part.items()}


def _all_of(block: Block) -> list[Choice]:
    return [
        {block: option, **inside}
        for option in block.options
        for inside in _all([] if option is None else block.inner[option])
    ]


def _pairs(blocks: Sequence[Block]) -> Iterator[Choice]:
    """Variants that show any two options together that can be together."""
    seen = _Seen()
    for one, other in combinations(_options(blocks), 2):
        wanted = {**one, **other}
        if wanted == {**other, **one} and (_last(one), _last(other)) not in seen.pairs:
            choice = _completed(blocks, wanted, {}, seen)
            seen.add(choice)
            yield choice


class _Seen:
    """What the variants so far show."""

    __slots__ = ("pairs", "times")

    def __init__(self) -> None:
        self.pairs: set[tuple[Option, Option]] = set()
        self.times: dict[Option, int] = {}

    def add(self, choice: Choice) -> None:
        self.pairs.update(combinations(choice.items(), 2))
        for option in choice.items():
            self.times[option] = self.times.get(option, 0) + 1

    def news(self, taken: Choice, option: Option) -> tuple[int, int]:
        """How much it would show that is new to take *option* beside those *taken*; the greater, the more."""
        return sum((other, option) not in self.pairs for other in taken.items()), -self.times.get(option, 0)


def _options(blocks: Iterable[Block], outer: Choice = MappingProxyType({})) -> Iterator[Choice]:
    """Each option of each of *blocks*, and of those in them, behind those that lead there."""
    for block in blocks:
        for branch in block.options:
            way = {**outer, block: branch}
            yield way
            if branch is not None:
                yield from _options(block.inner[branch], way)


def _last(way: Choice) -> Option:
    return tuple(way.items())[-1]


def _completed(
    blocks: Iterable[Block], wanted: Choice, taken: dict[Block, int | None], seen: _Seen
) -> Choice:
    """*taken*, and the options for *blocks*: the *wanted* ones, else those that show most that is new."""
    for block in blocks:
        options = [(block, branch) for branch in block.options]
        best = max(options, key=lambda option: seen.news(taken, option))
        branch = taken[block] = wanted[block] if block in wanted else best[1]
        if branch is not None:
            _completed(block.inner[branch], wanted, taken, seen)
    return taken
