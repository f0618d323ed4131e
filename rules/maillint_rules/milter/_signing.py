"""Which mail a milter signs, and which it does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.milters import SMTPD, milters
from maillint.postfix.services import views_of
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.milters import Milter

UNSIGNED = "unsigned"
"""Mail that comes by SMTP is signed, that of programs is not."""
TWICE = "twice"
"""Mail is signed before and after the content filter."""
EARLY = "early"
"""A milter signs, and one behind it changes the mail."""


class Signed(NamedTuple):
    """A milter that signs, and the smtpd that asks it."""

    view: View
    milter: Milter


def signed(config: Configuration) -> Iterator[Signed]:
    """The milters of smtpd that sign, one for each smtpd."""
    for view in views_of(config, "smtpd"):
        if view.setting(SMTPD) is None or told(view.value(SMTPD)):
            continue
        for milter in milters(view, SMTPD) or ():
            if milter.software is not None and milter.software.signs:
                yield Signed(view, milter)
                break


def unsigned(config: Configuration) -> Signed | None:
    """The milter that signs mail from SMTP clients, where nothing signs the mail of programs."""
    has_programs = config.master is None or any(view.daemon == "pickup" for view in config.views)
    found = next(signed(config), None) if has_programs else None
    if found is None:
        return None
    from maillint.postfix.sender import signers

    return found if not signers(config) else None


def signed_twice(config: Configuration) -> Iterator[tuple[Signed, Signed]]:
    """The smtpd that takes mail back from the content filter and signs it again, and that which did first."""
    from ..relay_security._relay import is_behind_filter

    found = [entry for entry in signed(config) if entry.view.service is not None]
    before = [
        entry
        for entry in found
        if not is_behind_filter(entry.view) and entry.view.value("content_filter").text != ""
    ]
    for entry in found:
        same = [first for first in before if first.milter.software == entry.milter.software]
        if same and is_behind_filter(entry.view):
            yield entry, same[0]


def signed_early(config: Configuration) -> Iterator[tuple[View, Milter, Milter]]:
    """The milters that sign before another one that may change the mail, with that one."""
    for view in views_of(config, "smtpd"):
        if view.setting(SMTPD) is None or told(view.value(SMTPD)):
            continue
        asked = milters(view, SMTPD) or []
        for at, first in enumerate(asked):
            signs = first.software is not None and first.software.signs
            after = [m for m in asked[at + 1 :] if m.software is not None and m.software.rewrites]
            if signs and after:
                yield view, first, after[0]
                break


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about signatures."""
    words = set()
    if unsigned(config) is not None:
        words.add(UNSIGNED)
    if next(signed_twice(config), None) is not None:
        words.add(TWICE)
    if next(signed_early(config), None) is not None:
        words.add(EARLY)
    return frozenset(words)
