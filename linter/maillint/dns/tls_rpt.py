"""TLS reporting (RFC 8460): who wants to hear of mail that could not come by TLS."""

from __future__ import annotations

import re

from .tag_list import Problem, parse_tags

PREFIX = "_smtp._tls"

_VERSION = re.compile(r"v=TLSRPTv1[ \t]*;")
_URI = re.compile(r"(?:mailto:[^@\s]+@\S+|https://\S+)$", re.IGNORECASE)


def is_report_record(text: str) -> bool:
    """Whether senders take *text* as the record: it begins with ``v=TLSRPTv1;`` (RFC 8460 3)."""
    return _VERSION.match(text) is not None


def record_problem(text: str) -> Problem | None:
    """Why nobody gets reports by this record; None: somebody does."""
    tag = parse_tags(text).get("rua")
    if tag is None or not tag.value:
        return Problem(0, len(text), "there is no `rua=`", True)
    for uri in tag.value.split(","):
        if not _URI.match(uri.strip()):
            message = f"`{uri.strip()}` is neither a `mailto:` nor a `https:` URI"
            return Problem(tag.value_start, tag.end, message, True)
    return None
