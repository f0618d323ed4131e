"""What a pattern of a regexp or pcre table reaches that its writer may not have thought of.

Only plain forms are understood: those without groups, alternatives and sets. Nothing is judged here.
"""

from __future__ import annotations

import re

_EVERYTHING = re.compile(r"\^?(?:\.[*+]?)?\$?")
_RECEIVED = re.compile(r"\^?Received:?(?:\.\*|\\s[*+]?|\s[*+]?)*\$?", re.IGNORECASE)
_BARE_DOT = re.compile(r"(?<!\\)\.")
_HEADER = re.compile(r"\^([A-Za-z-]+):")
_DOMAIN = re.compile(
    r"(?P<before>\^?(?:\.[*+])?(?:\\\.|@)?)"
    r"(?P<domain>[A-Za-z0-9-]+(?:\\?\.[A-Za-z0-9-]+)*\\?\.[A-Za-z]{2,})"
    r"(?P<end>\$?)"
)


def matches_everything(pattern: str) -> bool:
    """Whether any key that is not empty matches, as with ``.*`` and ``^``."""
    return _EVERYTHING.fullmatch(pattern) is not None


def matches_every_received(pattern: str) -> bool:
    """Whether each ``Received:`` header matches."""
    return _RECEIVED.fullmatch(pattern) is not None


def header_name(pattern: str) -> str:
    """The name of the header that *pattern* begins with, in lower case; empty: not known."""
    found = _HEADER.match(pattern)
    return found[1].lower() if found is not None else ""


def anchored(pattern: str) -> str:
    """*pattern*, which is meant for a domain, with what keeps others from matching; empty: it has that.

    So it is with ``example\\.com``, which matches ``example.com.example.net`` and ``notexample.com``.
    """
    found = _DOMAIN.fullmatch(pattern)
    if found is None:
        return ""
    before, domain, end = found["before"], found["domain"], found["end"]
    if before.endswith(("\\.", "@")) or before == "^":
        start = before
    else:
        start = r"(^|\.)"
    if end and start == before:
        return ""
    return start + _BARE_DOT.sub(r"\\.", domain) + "$"
