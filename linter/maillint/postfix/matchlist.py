"""Match lists: lists of patterns for clients, addresses, domains and words (util/match_list.c).

A pattern is a table ``TYPE:NAME``, the name of a file with patterns, or a plain one; what a plain one is
compared with depends on the list (util/match_ops.c). The first that matches decides, and ``!`` in front of
it turns that into "no". Nothing is opened, nothing is judged here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from maillint.addresses import Network, packed, printed
from maillint.record import NamedTuple
from maillint.syntax.lists import split_list

from .host_port import is_digits
from .version import Version

if TYPE_CHECKING:
    from .configuration import Item, Value

TABLE = "table"
FILE = "file"
PLAIN = "plain"
NOTHING = "nothing"
"""A ``!`` without a pattern: the program ends with a fatal error."""
OPEN = "open"
"""Known in part only, so that it may be anything."""
COMMENT = "comment"
"""A ``#``: it and the rest of the list are ignored, with a warning."""

HOST_BITS = "host-bits"
"""The address of a network has bits beyond its mask."""
BAD_MASK = "bad-mask"
"""No number, or one that is too large."""
BAD_NETWORK = "bad-network"
"""What stands before the ``/`` is no address."""
BAD_BRACKETS = "bad-brackets"

_FIRST_WITH_GROUPS = Version("3.0")
_FIRST_WITH_COMMENTS = Version("2.8")
_DIGITS = tuple("0123456789")
_V4_CHARACTERS = "0123456789."
_V6_CHARACTERS = _V4_CHARACTERS + "abcdefABCDEF:"
_REMEMBERED = 1024
"""Of so many patterns it is known what they are: each is asked about several times."""


class Pattern(NamedTuple):
    """One element of a match list."""

    item: Item
    kind: str
    text: str
    """Without any ``!``."""
    offset: int
    """Of :attr:`text` in the item."""
    negated: bool


def patterns(value: Value, version: Version) -> list[Pattern]:
    """The patterns in *value*, up to a comment, which is the last."""
    found: list[Pattern] = []
    for item in value.items(version.has(_FIRST_WITH_GROUPS)):
        text = item.text.lstrip("!")
        offset = len(item.text) - len(text)
        found.append(Pattern(item, _kind(item, text, version), text, offset, offset % 2 == 1))
        if found[-1].kind == COMMENT:
            break
    return found


def patterns_in(line: str, file: Pattern, version: Version) -> list[Pattern]:
    """The patterns in a line of the *file* that a list names.

    They have its item, and are negated where it is. A file in a file counts as known in part only.
    """
    found: list[Pattern] = []
    for part in split_list(line, version.has(_FIRST_WITH_GROUPS)):
        text = part.text.lstrip("!")
        negated = (len(part.text) - len(text)) % 2 == 1
        kind = _kind(file.item._replace(text=part.text), text, version)
        kind = OPEN if kind == FILE else kind
        found.append(Pattern(file.item, kind, text, file.offset, negated is not file.negated))
    return found


def _kind(item: Item, text: str, version: Version) -> str:
    if item.text.startswith("#") and version.has(_FIRST_WITH_COMMENTS):
        return COMMENT
    if text.startswith("/"):
        return FILE
    if is_table(text.partition("…")[0]):
        return TABLE
    if not item.known:
        return OPEN
    return PLAIN if text else NOTHING


def is_table(text: str) -> bool:
    """Whether a pattern counts as a table (MATCH_DICTIONARY in util/match_list.c)."""
    return not text.startswith("[") and ":" in text


class Problem(NamedTuple):
    """Why a pattern cannot be compared with an address."""

    kind: str
    """:data:`HOST_BITS`, :data:`BAD_MASK`, :data:`BAD_NETWORK` or :data:`BAD_BRACKETS`."""
    said: str
    """What Postfix says, in its words."""
    family: int
    """4 or 6: the clients with such an address are those for whom it tries."""
    instead: str
    """Of :data:`HOST_BITS`, the network that the mask leaves, as it is written in a match list."""


def address_problem(pattern: str) -> Problem | None:
    """What Postfix finds when it compares a plain pattern with an address; None: nothing.

    It does not try with a pattern that looks like no network and no IPv6 address at all: that one is taken
    for a host name (match_hostaddr() in util/match_ops.c).
    """
    if not any(character in ":/" for character in pattern) or pattern.strip(_V6_CHARACTERS + "[]/"):
        return None
    return network_problem(pattern)


@lru_cache(_REMEMBERED)
def network_problem(pattern: str) -> Problem | None:
    """What Postfix has against *pattern* as an address or network, in a match list or a cidr table.

    See cidr_match_parse() in util/cidr_match.c.
    """
    family = 6 if ":" in pattern else 4
    network, slash, mask = pattern.partition("/")
    if pattern.startswith("["):
        inside, bracket, after = pattern[1:].partition("]")
        if not bracket:
            said = f"missing ']' character after \"[{inside}\""
            return Problem(BAD_BRACKETS, said, family, "")
        if after and not after.startswith("/"):
            return Problem(BAD_BRACKETS, f'garbage after "[{inside}]"', family, "")
        network, slash, mask = (inside + after).partition("/") if not after else (inside, "/", after[1:])
    address = packed(network)
    if not slash:
        return None if address else Problem(BAD_NETWORK, f'bad address pattern: "{network}"', family, "")
    family = 6 if ":" in network else 4
    where = f'in "{network}/{mask}"'
    if not is_digits(mask):
        return Problem(BAD_MASK, f"bad mask value {where}", family, "")
    bits = 128 if family == 6 else 32
    if len(mask.lstrip("0")) > 3 or int(mask) > bits:
        return Problem(BAD_MASK, f"bad mask length {where}", family, "")
    if address is None:
        return Problem(BAD_NETWORK, f"bad network value {where}", family, "")
    number = int.from_bytes(address, "big")
    masked = number >> (bits - int(mask)) << (bits - int(mask))
    if masked == number:
        return None
    better = printed(masked.to_bytes(bits // 8, "big"))
    said = f'non-null host address bits {where}, perhaps you should use "{better}/{int(mask)}" instead'
    instead = f"[{better}]/{int(mask)}" if family == 6 else f"{better}/{int(mask)}"
    return Problem(HOST_BITS, said, family, instead)


@lru_cache(_REMEMBERED)
def network(pattern: str) -> Network | None:
    """The network, or the one address, that a plain pattern stands for; None: Postfix sees none in it."""
    written, slash, mask = pattern.replace("[", "", 1).replace("]", "", 1).partition("/")
    address = packed(written)
    if address is None or (":" in written and not pattern.startswith("[")):
        return None
    if (slash or pattern.startswith("[")) and network_problem(pattern) is not None:
        return None
    family = 4 if len(address) == 4 else 6
    return Network(family, int.from_bytes(address, "big"), int(mask) if slash else 8 * len(address))


def never_matches(pattern: str) -> bool:
    """Whether a plain pattern was meant for addresses but is none, nor the name of any host.

    ``10.0.0``, ``10.0.0.*``, ``10.0.0.1-9``, ``10.0.0.0/8;``, ``[fe80::1%eth0]``: they are compared with
    host names, and no host is called so.
    """
    if address_problem(pattern) or packed(pattern):
        return False
    if pattern.startswith("["):
        return pattern.strip(_V6_CHARACTERS + "[]/") != ""
    if pattern[:1] not in _DIGITS:
        return False
    network, slash, mask = pattern.partition("/")
    if slash:
        return packed(network) is not None and not is_digits(mask)
    return "." in pattern and not pattern.strip(_V4_CHARACTERS + "*-")


def is_ipv6_without_brackets(pattern: str) -> bool:
    """Whether a pattern that counts as a table is an IPv6 address or network that lacks its brackets."""
    address, _, mask = pattern.partition("/")
    address = address.removesuffix("]")
    return ":" in address and packed(address) is not None and (not mask or is_digits(mask))
