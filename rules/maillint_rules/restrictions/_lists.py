"""The access lists that a rule of this area judges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.postfix.restrictions import AccessList, AccessLists, Restriction, access_lists

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
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
