"""The values that do not fit the type of their parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.typed import Refusal, refusal

from .._values import Judged, known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


def refusals(config: Configuration, *kinds: str) -> Iterator[tuple[Judged, Refusal]]:
    """The values that Postfix refuses for one of the reasons *kinds*, in the order of the files."""
    found: list[tuple[Judged, Refusal]] | None = config.memo.get("refusals")
    if found is None:
        found = config.memo["refusals"] = list(_refusals(config))
    for judged, why in found:
        if why.kind in kinds:
            yield judged, why


def _refusals(config: Configuration) -> Iterator[tuple[Judged, Refusal]]:
    refused = [
        (judged, why)
        for judged in known_values(config)
        if (why := refusal(judged.parameter, judged.text, config.version)) is not None
    ]
    causes = {judged.setting for judged, _ in refused}
    for judged, why in refused:
        if causes.isdisjoint(judged.value.chain[1:]):
            yield judged, why
