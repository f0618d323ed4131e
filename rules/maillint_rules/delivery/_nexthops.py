"""The next hops that smtp(8) and lmtp(8) take apart, and what was meant by those that they cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_USUAL = {"smtp": "smtp", "relay": "smtp", "lmtp": "lmtp"}
"""The programs behind transports where master.cf is not known."""

_HOST = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+"
_SLIPS = (
    rf"[a-z]+://\[?(?P<host>{_HOST})\]?(?::(?P<port>[0-9]+))?/*",
    r"\[(?P<host>[A-Za-z0-9_.-]+):(?P<port>[0-9]+)\]",
    rf"\[(?P<host>{_HOST})",
    r"\[(?P<host>[A-Za-z0-9_.-]+):(?P<port>[0-9]+)",
    r"(?P<host>[A-Za-z0-9_.-]+)\](?::(?P<port>[0-9]+))?",
    rf"\[(?P<host>{_HOST})\]\.?(?P<port>[0-9]+)",
)


def program_of(config: Configuration, transport: str) -> str | None:
    """The program that delivers by *transport*; None: it is not known."""
    if config.master is None:
        return _USUAL.get(transport)
    view = config.view(f"{transport}/unix")
    return view.daemon if view is not None else None


def meant_nexthop(text: str) -> str | None:
    """``[HOST]:PORT`` for what is plainly meant as that: a URL, brackets that are lost or stand wrong."""
    for slip in _SLIPS:
        form = re.fullmatch(slip, text)
        if form:
            port = form.groupdict().get("port")
            return f"[{form['host']}]" + (f":{port}" if port else "")
    return None
