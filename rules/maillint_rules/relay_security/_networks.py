"""The clients that are trusted for their addresses: mynetworks, and the lists like it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import NOT_PUBLIC, Network, single
from maillint.postfix.listening import LOOPBACK, NOBODY, reach, smtp_reach
from maillint.postfix.matchlist import PLAIN, TABLE, network
from maillint.postfix.restrictions import RECIPIENT, RELAY, access_lists
from maillint.postfix.services import views_of
from maillint.record import NamedTuple

from .._told import is_placeholder
from ..lists._patterns import placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

    from ..lists._patterns import Placed

NETWORKS = "mynetworks"
RELAY_DOMAINS = "relay_domains"
STYLE = "mynetworks_style"
EXCLUSIONS = "smtpd_forbid_bare_newline_exclusions"

EVERYBODY = "everybody"
"""Some pattern of mynetworks holds every client."""
WIDE = "wide"
"""Some network in mynetworks is wide and public."""
HOST_NAME = "host-name"
"""Some pattern of mynetworks is the name of a host or domain."""
LATE_EXCEPTION = "late-exception"
"""Some ``!`` stands behind what it is to be an exception of."""
NO_LOOPBACK = "no-loopback"
"""No network holds 127.0.0.1."""
NO_IPV6_LOOPBACK = "no-ipv6-loopback"
"""Some network holds 127.0.0.1, and none holds ::1."""
WIDE_EXCLUSION = "wide-exclusion"
"""The exclusions from the check for bare newlines hold more than a network of one owner."""

WIDE_DOMAIN = "wide-domain"
"""relay_domains has domains of others."""

BY_STYLE = "by-style"
"""mynetworks_style trusts the neighbours."""

_TOP_LEVEL = frozenset(
    ("biz", "com", "edu", "gov", "info", "net", "org", "br", "cn", "de", "eu", "io", "ru", "uk")
)
_PROVIDERS = frozenset(
    (
        "aol.com",
        "gmail.com",
        "gmx.de",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.ru",
        "msn.com",
        "outlook.com",
        "qq.com",
        "yahoo.com",
    )
)

_LOOPBACK, _IPV6_LOOPBACK = "127.0.0.1", "::1"
_LOCALHOST = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")
_BITS_OF_ONE_OWNER = {4: 16, 6: 32}
"""Networks of these many bits and more belong to one company, university or provider."""


def entries(config: Configuration, parameter: str = NETWORKS) -> list[Placed]:
    """The patterns of mynetworks, or of another list of clients, but for placeholders."""
    return [
        placed
        for placed in placed_patterns(config)
        if placed.parameter == parameter and not is_placeholder(placed.pattern.text)
    ]


def network_of(placed: Placed) -> Network | None:
    """The network that a pattern stands for; None: it is something else."""
    return network(placed.pattern.text) if placed.pattern.kind == PLAIN else None


def holds_everybody(placed: Placed) -> bool:
    """Whether a pattern holds every IPv4 or IPv6 client."""
    if placed.pattern.negated:
        return False
    if placed.pattern.kind == TABLE:
        return placed.pattern.text.partition(":")[0] == "static"
    found = network_of(placed)
    return found is not None and found.bits == 0


def is_wide(placed: Placed) -> bool:
    """Whether a pattern holds a public network that is more than one owner's, but not every client."""
    found = network_of(placed)
    return (
        found is not None
        and not placed.pattern.negated
        and 0 < found.bits < _BITS_OF_ONE_OWNER[found.family]
        and not any(other.has(found) for other in NOT_PUBLIC)
    )


def is_host_name(placed: Placed) -> bool:
    """Whether a pattern is compared with the names of clients, which the DNS gives."""
    pattern = placed.pattern
    name = pattern.text.lower()
    return (
        pattern.kind == PLAIN
        and network(pattern.text) is None
        and any(character.isalpha() for character in name)
        and not any(character in name for character in ":/[]#'\"$=")
        and name.strip(".") not in _LOCALHOST
    )


def late_exceptions(config: Configuration) -> Iterator[tuple[Placed, Placed]]:
    """Each ``!network`` with the earlier entry that holds all of it."""
    earlier: list[tuple[Placed, Network]] = []
    for placed in entries(config):
        found = network_of(placed)
        if found is None:
            continue
        if earlier and earlier[0][0].judged is not placed.judged:
            earlier = []
        if placed.pattern.negated:
            cause = next((before for before, wide in earlier if wide.has(found)), None)
            if cause is not None:
                yield placed, cause
        else:
            earlier.append((placed, found))


def lacks_loopback(config: Configuration) -> list[Placed]:
    """The patterns of mynetworks in main.cf, all of them networks, none with 127.0.0.1; or nothing."""
    placed = _networks_alone(config)
    return [] if _holds(placed, _LOOPBACK) else placed


def lacks_ipv6_loopback(config: Configuration) -> list[Placed]:
    """Those patterns, where they hold 127.0.0.1 and none holds ::1; or nothing."""
    placed = _networks_alone(config)
    return placed if _holds(placed, _LOOPBACK) and not _holds(placed, _IPV6_LOOPBACK) else []


def _holds(placed: list[Placed], address: str) -> bool:
    one = single(address)
    assert one is not None
    return any((found := network_of(entry)) is not None and found.has(one) for entry in placed)


def _networks_alone(config: Configuration) -> list[Placed]:
    """The patterns of mynetworks in main.cf; nothing, where one of them is no network, or not known."""
    placed = [entry for entry in entries(config) if entry.judged.view.service is None]
    value = config.main_view.value(NETWORKS)
    if not placed or value.text is None or len(placed) != len(config.main_view.items(NETWORKS)):
        return []
    return [] if any(network_of(entry) is None for entry in placed) else placed


class WideDomain(NamedTuple):
    """An entry of relay_domains that stands for domains of others."""

    placed: Placed
    what: str
    """The recipients, in words."""
    is_open: bool
    """Whether it is more than the domain of one provider."""


def wide_domains(config: Configuration) -> Iterator[WideDomain]:
    """The entries of relay_domains that stand for domains of others, where other hosts can connect."""
    placed = [entry for entry in entries(config, RELAY_DOMAINS) if not entry.pattern.negated]
    if not placed or smtp_reach(config) in (LOOPBACK, NOBODY):
        return
    for entry in placed:
        name, kind = entry.pattern.text.lower(), entry.pattern.kind
        if kind == TABLE and name.startswith("static:"):
            yield WideDomain(entry, "every domain of the Internet", True)
        elif kind == PLAIN and name in _PROVIDERS:
            yield WideDomain(entry, f"the users of `{name}`", False)
        elif kind == PLAIN and name in _TOP_LEVEL:
            parents = entry.judged.view.items("parent_domain_matches_subdomains")
            if any(item.text == RELAY_DOMAINS for item in parents):
                yield WideDomain(entry, f"every domain in `{name}`", True)


def trusted_style(config: Configuration) -> str:
    """``class`` or ``subnet`` where ``mynetworks_style`` makes the neighbours relay clients; else empty."""
    view = config.main_view
    if view.setting(STYLE) is None or view.is_set(NETWORKS):
        return ""
    style = (view.value(STYLE).text or "").lower()
    if style not in ("class", "subnet"):
        return ""
    return style if smtp_reach(config) not in (LOOPBACK, NOBODY) else ""


def trusting(placed: Placed, *, loopback: bool = False) -> list[View]:
    """The smtpd that relay for whoever is in this list and that other hosts can reach.

    *loopback*: those, too, that only programs on this host can reach.
    """
    config = placed.judged.view.configuration
    out_of_reach = (NOBODY,) if loopback else (LOOPBACK, NOBODY)
    return [
        view
        for view in views_of(config, "smtpd")
        if view.setting(placed.parameter) in placed.judged.value.chain
        and reach(view) not in out_of_reach
        and _relays_for_networks(view)
    ]


def _relays_for_networks(view: View) -> bool:
    if not view.is_set(RELAY) and (view.configuration.fragment or not view.is_set(RECIPIENT)):
        return True  # So does the default.
    lists = access_lists(view)
    return any(
        found.restriction.name == "permit_mynetworks" and found.restriction.ended_by is None
        for name in (RELAY, RECIPIENT)
        if name in lists.lists
        for found in lists.walk(lists.lists[name])
    )


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the clients that are trusted."""
    words = set()
    for placed in entries(config):
        if holds_everybody(placed):
            words.add(EVERYBODY)
        elif is_wide(placed):
            words.add(WIDE)
        elif is_host_name(placed):
            words.add(HOST_NAME)
    if any(is_wide(placed) or holds_everybody(placed) for placed in entries(config, EXCLUSIONS)):
        words.add(WIDE_EXCLUSION)
    if next(late_exceptions(config), None) is not None:
        words.add(LATE_EXCEPTION)
    if trusted_style(config):
        words.add(BY_STYLE)
    if next(wide_domains(config), None) is not None:
        words.add(WIDE_DOMAIN)
    if lacks_loopback(config):
        words.add(NO_LOOPBACK)
    if lacks_ipv6_loopback(config):
        words.add(NO_IPV6_LOOPBACK)
    return frozenset(words)
