"""What is asked of the access lists of smtpd(8), and what is answered; see the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from ..address_class import FOREIGN, LOCAL, RELAY, VIRTUAL

if TYPE_CHECKING:
    from maillint.syntax.source import Location

PERMIT = "permit"
"""The message is accepted."""
REJECT = "reject"
"""It is refused for good (5xx)."""
DEFER = "defer"
"""It is refused for now (4xx): the client tries again."""
DEPENDS = "depends"
"""It depends on something that the configuration does not tell."""
DIES = "dies"
"""smtpd ends before it accepts anything, for everybody or at this client."""

LOOPBACK = "loopback"
"""A program on this host."""
INSIDER = "insider"
"""A client in ``mynetworks`` that is another host."""
STRANGER = "stranger"
"""Any other client."""
LOGGED_IN = "logged-in"
"""A stranger who has logged in (SASL)."""
CERTIFIED = "certified"
"""A stranger with a TLS certificate."""
CLIENTS = (LOOPBACK, INSIDER, STRANGER, LOGGED_IN, CERTIFIED)

RECIPIENTS = (LOCAL, VIRTUAL, RELAY, FOREIGN)

OWN = "own"
"""An address in a domain of this host."""
NULL = "null"
"""``<>``, the sender of bounces."""
SENDERS = (OWN, FOREIGN, NULL)

FLUSHED = "fast_flush_domains"
"""The parameter with the domains whose waiting mail a client may ask for (ETRN)."""


class Client(NamedTuple):
    """Who connects."""

    kind: str
    address: str
    name: str = "unknown"
    """The name that the DNS has for the address; ``unknown``: none."""
    helo: str = "client.example.net"
    exact: bool = False
    """True: this very client is asked about; False: any client of the kind, this one standing for them."""
    certificate: tuple[str, ...] = ()
    """The fingerprints of its TLS certificate and of the public key in it; empty: they are not known."""


class Party(NamedTuple):
    """A sender or a recipient."""

    kind: str
    address: str
    """``user@domain``; empty: the null sender."""
    exact: bool = False
    """True: this very address is asked about; False: any address of the kind that exists."""


class Condition(NamedTuple):
    """Something that the configuration does not tell, and what it is taken for."""

    subject: str
    """What is asked: ``zen.example.org``, ``hash:/etc/postfix/access``, ``inet:127.0.0.1:10023``."""
    kind: str
    """``dns``, ``table``, ``policy``, ``tls``, ``setting``, ``session`` or ``probe``."""
    answer: str
    """In words, such as ``zen.example.org lists the client``."""
    usual: bool
    """Whether that is what happens to most."""


class Step(NamedTuple):
    """A restriction on the way, and what it did."""

    parameter: str
    """The list or class that it stands in."""
    word: str
    """As it is written, with its argument."""
    result: str
    """``nothing``, ``permit``, ``refuse``, ``defer_if_permit``, ...: a kind of ``effect.py``."""
    why: str
    """Why it did that, in words."""
    location: Location | None


class Branch(NamedTuple):
    """One way that it may go."""

    outcome: str
    """PERMIT, REJECT, DEFER or DIES."""
    conditions: tuple[Condition, ...]
    """What is taken for granted on the way."""
    path: tuple[Step, ...]
    """The restrictions that smtpd goes through; the last decides."""
    also: tuple[tuple[Condition, ...], ...] = ()
    """What leads to the same outcome on other ways: the conditions of each that do not hold for most."""
    discards: bool = False
    """A message is accepted, and thrown away (DISCARD)."""

    @property
    def unusual(self) -> tuple[Condition, ...]:
        """The conditions that do not hold for most."""
        return tuple(condition for condition in self.conditions if not condition.usual)


class Verdict(NamedTuple):
    """What becomes of a message."""

    outcome: str
    """PERMIT, REJECT, DEFER, DIES or, when the branches differ, DEPENDS."""
    reason: str
    """What decides, in one line."""
    path: tuple[Step, ...]
    """Of the branch that is the usual one."""
    branches: tuple[Branch, ...]
    """One for each outcome that is possible, the usual one first; of PERMIT, one more that discards."""

    @property
    def possible(self) -> frozenset[str]:
        """The outcomes that are possible."""
        return frozenset(branch.outcome for branch in self.branches)

    @property
    def usual(self) -> str:
        """The outcome for most clients and messages of the kind."""
        return self.branches[0].outcome

    @property
    def accepts(self) -> bool | None:
        """Whether the message is accepted; None: it depends."""
        return PERMIT in self.possible if len(self.possible) == 1 or PERMIT not in self.possible else None

    @property
    def wavers(self) -> bool:
        """Whether it depends on something whether the message is accepted, or whether it is thrown away."""
        return self.accepts is None or len({(b.outcome == PERMIT, b.discards) for b in self.branches}) > 1

    def branch(self, outcome: str) -> Branch | None:
        """The most usual way to an outcome, rather one that keeps the message; None: there is none."""
        found = [branch for branch in self.branches if branch.outcome == outcome]
        return min(found, key=lambda branch: branch.discards, default=None)


class Flush(NamedTuple):
    """A client that asks, by ETRN, to send what waits for a domain, and the verdict: PERMIT is yes."""

    client: Client
    domain: str
    verdict: Verdict


class Cell(NamedTuple):
    """One combination and its verdict."""

    client: Client
    sender: Party
    recipient: Party
    verdict: Verdict
