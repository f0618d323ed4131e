"""Edits of access lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.syntax.source import Location, Span

from .._items import without_item

if TYPE_CHECKING:
    from maillint.engine.finding import Edit
    from maillint.postfix.restrictions import AccessList, Restriction


def without_restriction(restriction: Restriction, where: AccessList) -> Edit | None:
    """The edit that takes *restriction*, with its argument, out of the list that it stands in.

    None: a ``$name`` gives it, or it is all that the list has.
    """
    setting = where.value.setting
    if setting is None or len(where.restrictions) < 2:
        return None
    places = [place.location for place in restriction.places]
    texts = [place.text for place in restriction.places]
    if any(
        place is None or place.text != text or not _is_in(place.span, setting.value.span)
        for place, text in zip(places, texts, strict=True)
    ):
        return None
    spans = [place.span for place in places if place is not None]
    span = Span(spans[0].start, spans[-1].end)
    return without_item(setting, Location(setting.source, span))


def _is_in(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end
