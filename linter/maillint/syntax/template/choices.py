"""Which variants of a template to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product

from .tags import Block

MOST_VARIANTS = 16

Choice = Mapping[Block, "int | None"]
"""The branch of each block that is taken; None: none of them. Blocks in branches not taken are not in it."""

Pick = Callable[[Block], "int | None"]


def choices(blocks: Sequence[Block]) -> list[Choice]:
    """All variants of what has these outermost *blocks*; of many, enough to see each branch both ways."""
    if _number(blocks) <= MOST_VARIANTS:
        return list(_all(blocks))
    found: list[Choice] = []
    for choice in chain(islice(_each_option(blocks), MOST_VARIANTS), _halves(blocks)):
        if choice not in found:
            found.append(choice)
    return found[:MOST_VARIANTS]


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


def _each_option(blocks: Sequence[Block]) -> Iterator[Choice]:
    """Variants in which each option of each block is taken at least once."""
    missing = {(block, option) for block in _below(blocks) for option in block.options}

    def is_missing(block: Block, option: int | None) -> bool:
        inside = () if option is None else block.inner[option]
        return (block, option) in missing or any(
            is_missing(one, other) for one in inside for other in one.options
        )

    def pick(block: Block) -> int | None:
        return next((option for option in block.options if is_missing(block, option)), block.options[0])

    while missing:
        choice = _choice(blocks, pick)
        missing.difference_update(choice.items())
        yield choice


def _halves(blocks: Sequence[Block]) -> Iterator[Choice]:
    """Variants in which any two blocks are seen one with and the other without."""
    number = {block: number for number, block in enumerate(_below(blocks))}
    for bit in range(len(number).bit_length()):
        first = [block for block in number if number[block] >> bit & 1]
        for chosen in (set(first), set(number).difference(first)):
            yield _choice(blocks, _last_in(chosen))


def _last_in(chosen: set[Block]) -> Pick:
    return lambda block: block.options[-1 if block in chosen else 0]


def _choice(blocks: Iterable[Block], pick: Pick) -> dict[Block, int | None]:
    """What *pick* says, from the outermost *blocks* inwards."""
    taken: dict[Block, int | None] = {}
    for block in blocks:
        branch = taken[block] = pick(block)
        if branch is not None:
            taken.update(_choice(block.inner[branch], pick))
    return taken


def _below(blocks: Iterable[Block]) -> Iterator[Block]:
    """*blocks*, and those in their branches."""
    for block in blocks:
        yield block
        for inside in block.inner:
            yield from _below(inside)
