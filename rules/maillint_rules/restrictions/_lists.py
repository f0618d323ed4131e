"""The access lists that a rule of this area judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.postfix.listening import LOOPBACK, NOBODY, is_mail_exchange, reach
from maillint.postfix.restrictions import TABLE, AccessList, AccessLists, Restriction, access_lists
from maillint.postfix.services import views_of
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.restrictions import Missing
    from maillint.syntax.source import Location

LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions",
    "smtpd_data_restrictions",
    "smtpd_end_of_data_restrictions",
    "smtpd_etrn_restrictions",
)
"""The parameters that hold an access list of smtpd."""

SERVER_ERROR = "`451 4.3.5 Server configuration error`"

DELAY = "smtpd_delay_reject"

BEHIND_END = "behind-end"
"""Some restriction stands behind a word that ends the list."""
IDLE = "idle"
"""Some restriction asks for what is not known when its list is evaluated."""
OUTDATED = "outdated"
"""Postfix has something in the place of some restriction."""
WITH_CONTENTS = "with-contents"
"""What some table holds stands in its name."""

_INSIDE = ("static:", "inline:")


class Judged(NamedTuple):
    """A restriction that a file sets and that no other rule has spoken of."""

    restriction: Restriction
    list: AccessList
    """The list, or restriction class, that it stands in."""
    location: Location
    """Of the word itself."""

    @property
    def problem(self) -> str:
        """The kind of its problem; empty: it has none."""
        problem = self.restriction.problem
        return problem.kind if problem is not None else ""

    @property
    def argument_location(self) -> Location:
        """Where its argument stands; the word itself where it has none."""
        argument = self.restriction.argument
        return argument.location if argument is not None and argument.location else self.location


def lists_of_smtpd(view: View) -> AccessLists | None:
    """What the smtpd of *view* reads; None: *view* belongs to no smtpd."""
    if view.service is None and view.configuration.master is not None:
        return None
    return access_lists(view)


def judged(view: View) -> Iterator[Judged]:
    """The restrictions in the lists and classes of the smtpd of *view*, but for those nobody arrives at."""
    for found in set_in_files(view):
        if found.restriction.ended_by is None and found.restriction.certain:
            yield found


def for_strangers(view: View, *names: str) -> Iterator[Judged]:
    """The restrictions called *names* in the lists by which other mail servers are refused.

    Not those in classes, which are for some of them only.
    """
    if not is_mail_exchange(view) or reach(view) in (LOOPBACK, NOBODY):
        return
    for found in judged(view):
        restriction = found.restriction
        if restriction.name in names and not restriction.warns and found.list.stage is not None:
            yield found


def set_in_files(view: View) -> Iterator[Judged]:
    """All restrictions in the lists and classes that a file sets and that can be read."""
    lists = lists_of_smtpd(view)
    if lists is None:
        return
    for where in (*lists.lists.values(), *lists.classes.values()):
        if where.value.setting is not None and not told(where.value):
            for restriction in where.restrictions:
                if restriction.word.location is not None:
                    yield Judged(restriction, where, restriction.word.location)


def idle(view: View) -> Iterator[tuple[AccessList, Missing, Location]]:
    """The restrictions that do nothing in the list of a file that they stand in, with their location."""
    lists = lists_of_smtpd(view)
    if lists is None or told(view.value(DELAY)):
        return
    for where in lists.lists.values():
        if where.value.setting is not None and not told(where.value):
            for missing in lists.missing_at(where, view):
                location = missing.restriction.word.location
                if location is not None:
                    yield where, missing, location


def noted(config: Configuration) -> frozenset[str]:
    """What there is in the lists of all smtpd.

    The names of restrictions, the kinds of problems, :data:`TABLE` for a bare table, and the words of this
    module.
    """
    words: set[str] = set()
    for view in smtpd_views(config):
        for found in set_in_files(view):
            words.update(_noted(found.restriction))
        if next(idle(view), None) is not None:
            words.add(IDLE)
    return frozenset(words)


def smtpd_views(config: Configuration) -> Sequence[View]:
    """Services without ``-o`` see the same: one stands for all."""
    views = views_of(config, "smtpd")
    return [*[view for view in views if not view.options][:1], *[view for view in views if view.options]]


def _noted(restriction: Restriction) -> Iterator[str]:
    yield restriction.name
    if restriction.kind == TABLE:
        yield TABLE
    if restriction.problem is not None:
        yield restriction.problem.kind
    if restriction.ended_by is not None:
        yield BEHIND_END
    if restriction.fact is not None and (restriction.fact.replacement or restriction.fact.until is not None):
        yield OUTDATED
    if restriction.argument is not None and any(kind in restriction.argument.text for kind in _INSIDE):
        yield WITH_CONTENTS
