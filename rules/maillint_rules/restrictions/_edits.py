"""Edits of access lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.syntax.source import Location, Span

from .._items import appended, in_front, moved_in_front, without_item

if TYPE_CHECKING:
    from maillint.engine.finding import Edit
    from maillint.postfix.restrictions import AccessList, Restriction

_GUARDS = ("reject_unauth_destination", "defer_unauth_destination")
"""What refuses to relay for strangers."""


def without_restriction(restriction: Restriction, where: AccessList) -> Edit | None:
    """The edit that takes *restriction*, with its argument, out of the list that it stands in.

    None: a ``$name`` gives it, or it is all that the list has.
    """
    setting, place = where.value.setting, place_in(restriction, where)
    if setting is None or place is None or len(where.restrictions) < 2:
        return None
    return without_item(setting, place)


def place_in(restriction: Restriction, where: AccessList) -> Location | None:
    """Where *restriction* is written out, with its argument, in the value of the list; None: it is not."""
    setting = where.value.setting
    if setting is None:
        return None
    spans = []
    for place in restriction.places:
        location = place.location
        if location is None or location.text != place.text or not _is_in(location.span, setting.value.span):
            return None
        spans.append(location.span)
    return Location(setting.source, Span(spans[0].start, spans[-1].end))


def guarded(where: AccessList, before: Restriction | None) -> tuple[Edit, ...] | None:
    """The edits that put a word against relaying in front of *before*; None: at the end of the list.

    One that stands there already, further behind, is moved. None comes back where that cannot be written.
    """
    setting = where.value.setting
    if setting is None or not setting.value.text or "$" in setting.value.text:
        return None
    guard = next((found for found in where.restrictions if found.name in _GUARDS and not found.warns), None)
    if before is None:
        return (appended(setting, _GUARDS[0]),)
    target = place_in(before, where)
    if target is None:
        return None
    if guard is None:
        return (in_front(setting, _GUARDS[0], target),)
    place = place_in(guard, where)
    return moved_in_front(setting, place, target) if place is not None else None


def _is_in(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end
