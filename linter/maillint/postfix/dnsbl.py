"""DNS lists as restrictions name them: ``DOMAIN`` or ``DOMAIN=FILTER`` (util/ip_match.c)."""

from __future__ import annotations

import re

from maillint.record import NamedTuple

from .facts import index, lines

_NUMBER = "(?:[01]?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])"
_MEMBER = rf"{_NUMBER}(?:\.\.{_NUMBER})?"
_FIELD = rf"{_NUMBER}|\[{_MEMBER}(?:;{_MEMBER})*\]"
_SEPARATOR = r"\.(?![^\[]*\])"
_RANGE = r"([0-9]+)\.\.([0-9]+)"


class DnsList(NamedTuple):
    """A DNS list and the answers that count."""

    domain: str
    filter: str
    """The pattern that an address in the answer must match; empty: every answer counts."""


def dns_list(text: str) -> DnsList:
    """The parts of the argument of a restriction such as reject_rbl_client."""
    domain, _, pattern = text.partition("=")
    return DnsList(domain, pattern)


def is_filter(pattern: str) -> bool:
    """Whether *pattern* is four fields, each a number below 256 or a set such as ``[2;4..8]``.

    Square brackets around the whole are allowed.
    """
    if pattern.startswith("[") and pattern.endswith("]") and _closes_at_end(pattern):
        pattern = pattern[1:-1]
    fields = re.split(_SEPARATOR, pattern)
    return (
        len(fields) == 4
        and all(re.fullmatch(_FIELD, field) for field in fields)
        and all(int(first) <= int(last) for first, last in re.findall(_RANGE, pattern))
    )


def _closes_at_end(pattern: str) -> bool:
    """Whether the bracket that opens *pattern* is closed by its last character, not before."""
    level = 0
    for position, character in enumerate(pattern):
        level += (character == "[") - (character == "]")
        if level == 0:
            return position == len(pattern) - 1
    return False


class Site(NamedTuple):
    """An element of postscreen_dnsbl_sites: ``DOMAIN[=FILTER][*WEIGHT]`` (postscreen/postscreen_dnsbl.c)."""

    domain: str
    filter: str
    weight: int | None
    """1 where it has none; None: what stands behind the ``*`` is no number."""


def site(text: str) -> Site:
    """The parts of an element of postscreen_dnsbl_sites."""
    rest, star, weight = text.partition("*")
    domain, _, pattern = rest.partition("=")
    if not star:
        return Site(domain, pattern, 1)
    return Site(domain, pattern, int(weight) if re.fullmatch("[+-]?[0-9]+", weight, re.ASCII) else None)


class KnownList(NamedTuple):
    """A DNS list of the Internet (data/dns_lists.tsv)."""

    zone: str
    kind: str
    """What it is asked about: ``addresses``, ``domains`` or ``both``."""
    closed: str
    """When it was given up: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty: it is in use."""
    answers: str
    """Of one that was given up: ``nothing``, or ``all``: it came to list every address."""
    filter: str
    """The answers that mean "listed", where it has others, too; empty: every answer does."""
    source: str


def known_list(domain: str) -> KnownList | None:
    """The list that *domain* is, or is a part of; None: nothing is known of it."""
    zone = domain.lower().rstrip(".")
    while zone:
        line = index("dns_lists").get(zone)
        if line is not None:
            return KnownList(*line.split("\t"))
        zone = zone.partition(".")[2]
    return None


def lists_in_use() -> list[str]:
    """The zones of the known lists that have not been given up."""
    return [line.split("\t")[0] for line in lines("dns_lists") if not line.split("\t")[2]]
