"""The patterns in the match lists of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.matchlist import (
    PLAIN,
    TABLE,
    Pattern,
    address_problem,
    is_ipv6_without_brackets,
    never_matches,
    patterns,
)
from maillint.postfix.version import Version
from maillint.record import NamedTuple

from .._chain import set_here
from .._programs import EVERY, Readers, readers
from .._values import Judged, judged_values, origin

if TYPE_CHECKING:
    from maillint.engine.finding import Related
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

CLIENT_LISTS = (
    "authorized_verp_clients",
    "debug_peer_list",
    "mynetworks",
    "permit_mx_backup_networks",
    "postscreen_allowlist_interfaces",
    "postscreen_blacklist_networks",
    "postscreen_whitelist_interfaces",
    "postscreen_whitelist_networks",
    "qmqpd_authorized_clients",
    "smtpd_authorized_verp_clients",
    "smtpd_authorized_xclient_hosts",
    "smtpd_authorized_xforward_hosts",
    "smtpd_client_connection_limit_exceptions",
    "smtpd_client_event_limit_exceptions",
    "smtpd_forbid_bare_newline_exclusions",
    "smtpd_sasl_exceptions_networks",
)
"""The match lists that addresses are compared with: the kinds ``match-list:client`` and ``:address``."""

BARE_IPV6 = "bare-ipv6"
"""Some IPv6 address lacks its brackets."""
NEVER_MATCHES = "never-matches"
"""Some pattern for addresses is none."""

_KIND = "match-list:"
_ERRORS_NOT_FATAL = Version("2.9")
"""Since then smtpd answers 451 where it ended before (match_error() in util/match_ops.c)."""


class Placed(NamedTuple):
    """A pattern at the place where it is written."""

    judged: Judged
    pattern: Pattern
    readers: Readers
    """The programs that read the list."""

    @property
    def parameter(self) -> str:
        return self.judged.parameter.name

    @property
    def location(self) -> Location:
        """The place of the pattern, without any ``!``."""
        start = self.pattern.item.start
        return self.judged.location(start + self.pattern.offset, start + len(self.pattern.item.text))

    @property
    def is_written(self) -> bool:
        """Whether the pattern stands in the file as Postfix sees it, so that an edit can mend it."""
        return self.location.text == self.pattern.text

    @property
    def related(self) -> tuple[Related, ...]:
        """The other settings that the value comes from."""
        return set_here(self.judged.value.chain[1:])

    def failure(self, family: int) -> str:
        """What happens when the pattern cannot be compared with an IPv4 or IPv6 address: a clause."""
        who = f"IPv{family} client that no earlier entry matches"
        if not self.judged.view.configuration.version.has(_ERRORS_NOT_FATAL):
            return f"{self.readers.stop} with a fatal error at each {who}"
        if self.parameter == "mynetworks":
            return f"each {who} gets `451 4.3.0 Temporary lookup failure`"
        return f"for each {who}, `{self.parameter}` ends here with an error"


def placed_patterns(config: Configuration) -> list[Placed]:
    """The patterns of all match lists that are set and that some program reads, wholly known items only."""
    known: list[Placed] | None = config.memo.get("placed_patterns")
    if known is None:
        known = config.memo["placed_patterns"] = []
        for judged in judged_values(config):
            if not judged.parameter.kind.startswith(_KIND):
                continue
            who = readers(judged) or Readers((EVERY,), (), True)
            for pattern in patterns(judged.value, config.version):
                source = origin(judged.view, pattern.item)
                if pattern.item.known and (source is None or not source.kind.startswith(_KIND)):
                    known.append(Placed(judged, pattern, who))
    return known


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the patterns: their kinds, and of those for addresses what is wrong."""
    words: set[str] = set()
    for placed in placed_patterns(config):
        kind, text = placed.pattern.kind, placed.pattern.text
        words.add(kind)
        if not compares_addresses(placed):
            continue
        if kind == TABLE and is_ipv6_without_brackets(text):
            words.add(BARE_IPV6)
        elif kind == PLAIN:
            problem = address_problem(text)
            if problem is not None:
                words.add(problem.kind)
            elif never_matches(text):
                words.add(NEVER_MATCHES)
    return frozenset(words)


def compares_addresses(placed: Placed) -> bool:
    """Whether the list is one that addresses of clients are compared with."""
    return placed.parameter in CLIENT_LISTS
