"""IP addresses in text: how they are read and written, and which of them nobody else can reach.

They are read as inet_pton(3) does. ``ipaddress`` of the standard library does as much and more, but its
import takes a twentieth of a cold start.
"""

from __future__ import annotations

from functools import lru_cache

from .record import NamedTuple

_REMEMBERED = 4096
"""Of so many texts it is known which addresses they are: each is asked about several times."""
_BYTES = frozenset(map(str, range(256)))


@lru_cache(_REMEMBERED)
def packed(address: str) -> bytes | None:
    """The bytes of an IP address as inet_pton(3) reads it; None: it is none."""
    return _packed_v6(address) if ":" in address else _packed_v4(address)


def _packed_v4(address: str) -> bytes | None:
    parts = address.split(".")
    if len(parts) != 4 or not _BYTES.issuperset(parts):
        return None
    return bytes(map(int, parts))


def _packed_v6(address: str) -> bytes | None:
    head, gap, tail = address.partition("::")
    if "::" in tail or tail.startswith(":"):
        return None
    left, right = _groups(head, not gap), _groups(tail, True)
    if left is None or right is None:
        return None
    missing = 16 - len(left) - len(right)
    if missing < (2 if gap else 0) or (not gap and missing):
        return None
    return left + bytes(missing) + right


def _groups(text: str, at_end: bool) -> bytes | None:
    """The bytes of groups with colons between them; *at_end*: the last may be an IPv4 address."""
    if not text:
        return b""
    *groups, last = text.split(":")
    found = b""
    for group in groups:
        number = _group(group)
        if number is None:
            return None
        found += number
    number = _packed_v4(last) if at_end and "." in last else _group(last)
    return None if number is None else found + number


def _group(text: str) -> bytes | None:
    if not 0 < len(text) <= 4 or text.strip("0123456789abcdefABCDEF"):
        return None
    return int(text, 16).to_bytes(2, "big")


def printed(address: bytes) -> str:
    """An IP address as inet_ntop(3) writes it."""
    if len(address) == 4:
        return ".".join(map(str, address))
    groups = [int.from_bytes(address[at : at + 2], "big") for at in range(0, 16, 2)]
    start, length = _longest_zeros(groups)
    if start == 0 and (length == 6 or (length == 5 and groups[5] == 0xFFFF)):
        return f"::{'ffff:' if length == 5 else ''}{printed(address[12:])}"
    words = [f"{group:x}" for group in groups]
    if length < 2:
        return ":".join(words)
    return f"{':'.join(words[:start])}::{':'.join(words[start + length :])}"


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    """The start and length of the first longest run of zeros."""
    best = (0, 0)
    start = length = 0
    for at, group in enumerate(groups):
        start, length = (start, length + 1) if group == 0 and length else (at, int(group == 0))
        if length > best[1]:
            best = (start, length)
    return best


# --- which address is whose ---------------------------------------------------------------------------------


class Network(NamedTuple):
    """The addresses that begin with the same bits."""

    family: int
    """4 or 6."""
    number: int
    """The first address, as a number."""
    bits: int
    """How many bits they have in common; 0: all addresses of the family."""

    def has(self, other: Network) -> bool:
        """Whether all addresses of *other* are among them."""
        if self.family != other.family or self.bits > other.bits:
            return False
        return (self.number ^ other.number) >> ((32 if self.family == 4 else 128) - self.bits) == 0


def single(address: str) -> Network | None:
    """The network of one address; None: *address* is none."""
    found = packed(address)
    if found is None:
        return None
    return Network(4 if len(found) == 4 else 6, int.from_bytes(found, "big"), 8 * len(found))


def _networks(*texts: str) -> tuple[Network, ...]:
    found = []
    for text in texts:
        address, _, bits = text.partition("/")
        first = single(address)
        assert first is not None
        found.append(first._replace(bits=int(bits)))
    return tuple(found)


LOOPBACK = _networks("127.0.0.0/8", "::1/128", "::ffff:127.0.0.0/104")
"""A host's own (RFC 1122, 4291)."""

NOT_PUBLIC = _networks(
    "0.0.0.0/8",  # RFC 1122
    "10.0.0.0/8",  # RFC 1918
    "100.64.0.0/10",  # RFC 6598
    "127.0.0.0/8",  # RFC 1122
    "169.254.0.0/16",  # RFC 3927
    "172.16.0.0/12",  # RFC 1918
    "192.168.0.0/16",  # RFC 1918
    "224.0.0.0/3",  # RFC 1112
    "::/127",  # RFC 4291
    "fc00::/7",  # RFC 4193
    "fe80::/10",  # RFC 4291
    "ff00::/8",  # RFC 4291
)
"""The Internet sees no host with such an address.

Those for documentation are not among them: by them the examples of this project mean public ones.
"""


def is_loopback(address: str) -> bool:
    """Whether only programs on the same host can mean *address*."""
    found = single(address)
    return found is not None and any(network.has(found) for network in LOOPBACK)


@lru_cache(_REMEMBERED)
def is_public(address: str) -> bool | None:
    """Whether the Internet may see a host with *address*; None: it is no address."""
    found = single(address)
    return None if found is None else not any(network.has(found) for network in NOT_PUBLIC)
