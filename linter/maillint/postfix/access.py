"""Who may send what through an SMTP server: its access lists, carried out as smtpd(8) does it.

``decide`` takes one kind of client, sender and recipient and gives the :class:`Verdict` with the restrictions
that lead to it; ``verdicts`` gives the table of all kinds that the configuration knows. What only the DNS, a
policy server or a table that cannot be read could tell is followed both ways (smtpd/smtpd_check.c). Nothing
is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.syntax.source import Location

    from .configuration import Configuration, View

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

LOCAL = "local"
"""A domain in ``mydestination``, or an address of the host."""
VIRTUAL = "virtual"
"""A domain in ``virtual_alias_domains`` or ``virtual_mailbox_domains``."""
RELAY = "relay"
"""A domain in ``relay_domains``."""
FOREIGN = "foreign"
"""Any other domain."""
RECIPIENTS = (LOCAL, VIRTUAL, RELAY, FOREIGN)

OWN = "own"
"""An address in a domain of this host."""
NULL = "null"
"""``<>``, the sender of bounces."""
SENDERS = (OWN, FOREIGN, NULL)


class Client(NamedTuple):
    """Who connects."""

    kind: str
    address: str
    name: str = "unknown"
    """The name that the DNS has for the address; ``unknown``: none."""
    helo: str = "client.example.net"
    exact: bool = False
    """True: this very client is asked about; False: any client of the kind, this one standing for them."""


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
    """``dns``, ``table``, ``policy``, ``tls``, ``setting`` or ``probe``."""
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
    """``permit``, ``reject``, ``defer``, ``nothing``, ``defer_if_permit``, ``defer_if_reject``, ..."""
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
    """One for each outcome that is possible, the usual one first."""

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

    def branch(self, outcome: str) -> Branch | None:
        """The way to an outcome, the most usual; None: it is not possible."""
        return next((branch for branch in self.branches if branch.outcome == outcome), None)


class Cell(NamedTuple):
    """One combination and its verdict."""

    client: Client
    sender: Party
    recipient: Party
    verdict: Verdict


def decide(view: View, client: Client, sender: Party, recipient: Party) -> Verdict:
    """What the smtpd of *view* does with a message from *client* and *sender* to *recipient*."""
    raise NotImplementedError


def clients(view: View) -> tuple[Client, ...]:
    """One client of each kind that there is for the smtpd of *view*."""
    raise NotImplementedError


def senders(view: View) -> tuple[Party, ...]:
    """One sender of each kind."""
    raise NotImplementedError


def recipients(view: View) -> tuple[Party, ...]:
    """One recipient of each kind that the configuration has."""
    raise NotImplementedError


def verdicts(view: View) -> tuple[Cell, ...]:
    """The verdict on every combination, clients first, then recipients, then senders."""
    raise NotImplementedError


def servers(config: Configuration) -> Iterator[View]:
    """The smtpd of each SMTP server in master.cf: those that it starts, and the one behind postscreen(8)."""
    raise NotImplementedError
