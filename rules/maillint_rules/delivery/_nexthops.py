"""The next hops that smtp(8) and lmtp(8) take apart, and what was meant by those that they cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

_HOST = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+"
_SLIPS = (
    rf"[a-z]+://\[?(?P<host>{_HOST})\]?(?::(?P<port>[0-9]+))?/*",
    r"\[(?P<host>[A-Za-z0-9_.-]+):(?P<port>[0-9]+)\]",
    rf"\[(?P<host>{_HOST})",
    r"\[(?P<host>[A-Za-z0-9_.-]+):(?P<port>[0-9]+)",
    r"(?P<host>[A-Za-z0-9_.-]+)\](?::(?P<port>[0-9]+))?",
    rf"\[(?P<host>{_HOST})\]\.?(?P<port>[0-9]+)",
)


def meant_nexthop(text: str) -> str | None:
    """``[HOST]:PORT`` for what is plainly meant as that: a URL, brackets that are lost or stand wrong."""
    for slip in _SLIPS:
        form = re.fullmatch(slip, text)
        if form:
            port = form.groupdict().get("port")
            return f"[{form['host']}]" + (f":{port}" if port else "")
    return None
