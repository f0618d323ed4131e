"""Which addresses the Internet does not see."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network

_NOT_SEEN = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
        ),
    )
)  # fmt: skip
"""RFC 1122, 1918, 3927, 4193, 4291, 6598."""


@lru_cache(4096)
def is_public(address: str) -> bool | None:
    """Whether other hosts may see *address*; None: it is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return not any(parsed in network for network in _NOT_SEEN if network.version == parsed.version)
