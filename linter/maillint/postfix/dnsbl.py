"""DNS lists as restrictions name them: ``DOMAIN`` or ``DOMAIN=FILTER`` (util/ip_match.c)."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = "(?:[01]?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])"
_MEMBER = rf"{_NUMBER}(?:\.\.{_NUMBER})?"
_FIELD = re.compile(rf"{_NUMBER}|\[{_MEMBER}(?:;{_MEMBER})*\]")
_SEPARATOR = re.compile(r"\.(?![^\[]*\])")
_RANGE = re.compile(r"([0-9]+)\.\.([0-9]+)")


class DnsList(NamedTuple):
    """A DNS list and the answers that count."""

    domain: str
    filter: str
    """The pattern that an address in the answer must match; empty: every answer counts."""
    filter_start: int


def dns_list(text: str) -> DnsList:
    """The parts of the argument of a restriction such as reject_rbl_client."""
    domain, equals, pattern = text.partition("=")
    return DnsList(domain, pattern, len(domain) + len(equals))


def is_filter(pattern: str) -> bool:
    """Whether *pattern* is four fields, each a number below 256 or a set such as ``[2;4..8]``.

    Square brackets around the whole are allowed.
    """
    if pattern.startswith("[") and pattern.endswith("]") and _closes_at_end(pattern):
        pattern = pattern[1:-1]
    fields = _SEPARATOR.split(pattern)
    return (
        len(fields) == 4
        and all(map(_FIELD.fullmatch, fields))
        and all(int(first) <= int(last) for first, last in _RANGE.findall(pattern))
    )


def _closes_at_end(pattern: str) -> bool:
    """Whether the bracket that opens *pattern* is closed by its last character, not before."""
    level = 0
    for position, character in enumerate(pattern):
        level += (character == "[") - (character == "]")
        if level == 0:
            return position == len(pattern) - 1
    return False
