"""The names of an address, and whether they lead back to it (forward-confirmed reverse DNS)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import dns.reversename

from maillint.record import NamedTuple

if TYPE_CHECKING:
    from .answer import Answer, Lookup

MOST_NAMES = 10
"""How many of an address's names are asked about, like other programs do (RFC 7208 4.6.4)."""

_DYNAMIC = re.compile(
    r"(?<![a-z])(?:dyn(?:amic|ip)?|dhcp|dial(?:up|in)?|dsl|adsl|vdsl|ppp(?:oe)?|pools?|cable|cust(?:omer)?s?"
    r"|clients?|broadband|fiber|ftth|home|residential|unassigned|unused|reverse|rev|static|vps|ec2|compute)"
    r"(?![a-z])"
)


class Reverse(NamedTuple):
    """What the DNS says about the name of one address."""

    address: str
    question: Answer
    names: tuple[str, ...]
    """In lower case, without the final dot."""
    confirmations: tuple[Answer, ...]
    """The addresses of each of the names."""

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The names that have this address."""
        return tuple(
            name
            for name, answer in zip(self.names, self.confirmations, strict=False)
            if self.address in addresses(answer)
        )

    @property
    def unanswered(self) -> Answer | None:
        """A question that stays open, as long as the outcome hangs on it."""
        if not self.question.certain:
            return self.question
        if self.confirmed:
            return None
        return next((answer for answer in self.confirmations if not answer.certain), None)


def reverse_name(address: str) -> str:
    """Where the names of *address* stand, such as ``1.2.0.192.in-addr.arpa``."""
    return dns.reversename.from_address(address).to_text(omit_final_dot=True)


def look_up(dns: Lookup, address: str) -> Reverse:
    """Ask for the names of *address*, in its canonical form, and for their addresses."""
    question = dns.ask(reverse_name(address), "PTR")
    targets = (getattr(record, "target", None) for record in question.records)
    names = tuple(
        dict.fromkeys(target.to_text(omit_final_dot=True).lower() for target in targets if target is not None)
    )
    kind = "AAAA" if ":" in address else "A"
    return Reverse(address, question, names, tuple(dns.ask(name, kind) for name in names[:MOST_NAMES]))


def addresses(answer: Answer) -> tuple[str, ...]:
    """The addresses in the answer to a question of the type A or AAAA."""
    return tuple(
        str(address) for record in answer.records if (address := getattr(record, "address", None)) is not None
    )


def is_generic(name: str, address: str) -> bool:
    """Whether *name* looks made by a machine out of *address*, as those of connections at home do."""
    if ":" in address:
        digits = re.sub("[^0-9a-f]", "", dns.reversename.from_address(address).to_text()[:64])
        return digits[::-1][:16] in re.sub("[^0-9a-f]", "", name)
    octets = [int(octet) for octet in address.split(".")]
    numbers = [int(number) for number in re.findall(r"\d+", name) if len(number) <= 3]
    # All of the address, or two parts of it beside a word such as "dynamic".
    for wanted in (octets, octets[::-1]):
        if any(numbers[at : at + 4] == wanted for at in range(len(numbers))):
            return True
        if _DYNAMIC.search(name) and any(
            numbers[at : at + 2] in (wanted[:2], wanted[1:3], wanted[2:]) for at in range(len(numbers))
        ):
            return True
    packed = bytes(octets).hex()
    return packed in name or "".join(f"{octet:03d}" for octet in octets) in name
