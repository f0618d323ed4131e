"""The DNS lists that access lists and postscreen(8) ask, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.dnsbl import KnownList, dns_list, known_list, lists_in_use, site
from maillint.record import NamedTuple

from .._names import one_slip_apart
from .._told import told
from ._edits import without_restriction
from ._lists import LISTS, judged, smtpd_views

if TYPE_CHECKING:
    from maillint.engine.finding import Edit
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location

SITES = "postscreen_dnsbl_sites"
ASKING = (*LISTS, SITES)
"""The parameters that name DNS lists."""

CLOSED = "closed"
"""Some list was given up."""
UNFILTERED = "unfiltered"
"""Some list has answers that do not mean "listed", and all count."""
WRONG_KIND = "wrong-kind"
"""Some list of domains is asked about addresses, or the other way round."""
MANY = "many"
"""Some smtpd asks more than :data:`MOST_LISTS`."""
MISSPELT = "misspelt"
"""Some list is a known one but for a slip."""

MOST_LISTS = 5
"""So many lists a server asks at most, one after the other, without making clients wait."""

_ADDRESSES = frozenset({"reject_rbl_client", "reject_rbl", "reject_maps_rbl", "permit_dnswl_client"})


class Asked(NamedTuple):
    """A DNS list where a file names it."""

    word: str
    """The restriction in lower case, or :data:`SITES`."""
    text: str
    """The list as it is written, filter and weight included."""
    domain: str
    filter: str
    weight: int
    """What a hit adds to the score of postscreen; 1 for smtpd."""
    parameter: str
    location: Location
    """Of :attr:`text`."""
    removal: Edit | None = None
    """Takes the restriction out of its list; None for :data:`SITES`, where the threshold counts, too."""

    @property
    def known(self) -> KnownList | None:
        return known_list(self.domain)

    @property
    def domain_location(self) -> Location:
        """Of the domain alone, where it is written as it is."""
        from maillint.syntax.source import Location, Span

        if not self.is_written:
            return self.location
        start = self.location.span.start
        return Location(self.location.source, Span(start, start + len(self.domain)))

    @property
    def is_written(self) -> bool:
        """Whether :attr:`text` stands in the file as Postfix sees it, so that an edit can mend it."""
        return self.location.text == self.text

    @property
    def kind(self) -> str:
        """What it is asked about: ``addresses`` or ``domains``."""
        return "addresses" if self.word in _ADDRESSES or self.word == SITES else "domains"

    @property
    def is_wrong_kind(self) -> bool:
        known = self.known
        return known is not None and not known.closed and known.kind not in ("both", self.kind)

    @property
    def is_unfiltered(self) -> bool:
        known = self.known
        return known is not None and bool(known.filter) and not self.filter and not self.is_wrong_kind

    @property
    def meant(self) -> str | None:
        """The list in use that was meant; None: it is no slip of one."""
        name = self.domain.lower()
        if self.known is not None or "." not in name:
            return None
        near = [zone for zone in lists_in_use() if one_slip_apart(name, zone) or _differ_at_top(name, zone)]
        return near[0] if len(near) == 1 else None


def _differ_at_top(left: str, right: str) -> bool:
    return left.rpartition(".")[0] == right.rpartition(".")[0]


def asked(view: View) -> Iterator[Asked]:
    """The DNS lists that the smtpd or the postscreen of *view* asks."""
    for found in judged(view):
        fact, argument = found.restriction.fact, found.restriction.argument
        if (
            fact is None
            or fact.argument != "dnsbl"
            or argument is None
            or found.problem
            or not argument.known
        ):
            continue
        name = dns_list(argument.text)
        place, removal = found.argument_location, without_restriction(found.restriction, found.list)
        yield Asked(fact.name, argument.text, name.domain, name.filter, 1, found.list.name, place, removal)
    if view.service is not None and view.daemon != "postscreen":
        return
    if view.is_set(SITES) and not told(view.value(SITES)):
        for item in view.items(SITES):
            if item.known and item.location is not None:
                parts = site(item.text)
                if parts.weight is not None:
                    yield Asked(
                        SITES, item.text, parts.domain, parts.filter, parts.weight, SITES, item.location
                    )


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the DNS lists that are asked."""
    words = set()
    for view in (*smtpd_views(config), *_postscreens(config)):
        lists = list(asked(view))
        if sum(list_.word != SITES for list_ in lists) > MOST_LISTS:
            words.add(MANY)
        for list_ in lists:
            if list_.known is None:
                words.update([MISSPELT] if list_.meant else [])
            elif list_.known.closed:
                words.add(CLOSED)
            elif list_.is_wrong_kind:
                words.add(WRONG_KIND)
            elif list_.is_unfiltered:
                words.add(UNFILTERED)
    return frozenset(words)


def _postscreens(config: Configuration) -> Iterator[View]:
    return (view for view in config.views if view.daemon == "postscreen")
