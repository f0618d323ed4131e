"""Failures by their cause: how often, to whom, since when, and one line that shows it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from maillint.addresses import is_public

from .outcomes import BOUNCED, DEFERRED, EXPIRED, SENT, Outcome, Refusal, Reply, reply
from .patterns import FAILURE, NOTE, POSSIBLE, REFUSAL, Cause, Match, causes, receiver_of, said_by_server

if TYPE_CHECKING:
    from .lines import Line, Time
    from .messages import Message

OPEN = 50_000
"""So many deliveries that are put off are kept in mind, to see what becomes of them."""
NAMES = 300
"""So many different names of one kind are counted; the others are one."""
GROUPS = 300
"""So many different causes, unknown ones included."""

OTHERS = ""
"""The name for all that are too many."""

_UNKNOWN = "unknown"
_MANY = 3
"""Servers of so many domains must fail before "no server at all" is believed."""


class Evidence(NamedTuple):
    """One line of a log."""

    path: str
    number: int
    raw: bytes
    time: Time | None


class Counter:
    """How often names come, with bounded memory."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, name: str) -> None:
        if name not in self._counts and len(self._counts) >= NAMES:
            name = OTHERS
        self._counts[name] = self._counts.get(name, 0) + 1

    def most(self) -> list[tuple[str, int]]:
        """The most frequent first, those with equal counts by name; the others last."""
        return sorted(self._counts.items(), key=lambda pair: (pair[0] == OTHERS, -pair[1], pair[0]))

    def __len__(self) -> int:
        return len(self._counts)


class Group:
    """All that has failed for one cause."""

    __slots__ = (
        "cause", "clients", "confidence", "domains", "evidence", "first", "hellos", "last", "lines", "logins",
        "mails", "notifications", "patterns", "programs", "recipients", "relays", "sample", "senders",
        "sources", "statuses",
    )  # fmt: skip

    def __init__(self, cause: Cause | None, sample: str, confidence: str, evidence: Evidence) -> None:
        self.cause = cause
        """None: not known."""
        self.sample = sample
        """What is said first, by a server that refuses mail or a program of this Postfix, made general."""
        self.confidence = confidence
        self.evidence = evidence
        """The first line with the surest pattern."""
        self.first = self.last = evidence.time
        self.lines = 0
        """Lines of the log."""
        self.mails = 0
        """Deliveries: one message for one recipient, tried however often."""
        self.statuses = dict.fromkeys((BOUNCED, EXPIRED, DEFERRED, SENT), 0)
        """What has become of the deliveries: returned, given up, still waiting, or delivered after all."""
        self.notifications = 0
        """How many of the deliveries tell of the fate of other messages."""
        self.patterns: set[str] = set()
        self.relays = Counter()
        """Families of servers, or names of servers."""
        self.domains = Counter()
        """Of recipients."""
        self.recipients = Counter()
        self.senders = Counter()
        """In the envelope, as receivers see them."""
        self.sources = Counter()
        """The addresses of this host that receivers name."""
        self.hellos = Counter()
        """The names in EHLO that receivers name."""
        self.logins = Counter()
        """Of users, and ``uid N`` of programs, that handed the mail in."""
        self.clients = Counter()
        """Addresses of clients."""
        self.programs = Counter()
        """Of Postfix, that say it."""

    @property
    def weight(self) -> str:
        """That of the cause; a NOTE where all mail was delivered after all.

        An unknown cause is a failure when mail has failed, or a program has.
        """
        if self.mails and self.mails == self.statuses[SENT]:
            return NOTE
        if self.cause is not None:
            return self.cause.weight
        return FAILURE if self.mails or not self.sample.startswith("warning:") else NOTE

    @property
    def id(self) -> str:
        return self.cause.id if self.cause is not None else _UNKNOWN

    @property
    def count(self) -> int:
        return self.mails or self.lines

    def _seen(self, confidence: str, evidence: Evidence, pattern: str) -> None:
        self.lines += 1
        time = evidence.time
        if time is not None:
            if self.first is None or time.seconds < self.first.seconds:
                self.first = time
            if self.last is None or time.seconds >= self.last.seconds:
                self.last = time
        if pattern:
            self.patterns.add(pattern)
        if confidence < self.confidence:  # in the order of the alphabet: certain, likely, possible
            self.confidence, self.evidence = confidence, evidence


class _Delivery:
    """One that is put off, and will be tried again."""

    __slots__ = ("group", "status")

    def __init__(self, group: Group, status: str) -> None:
        self.group = group
        self.status = status


class Groups:
    """All of one run."""

    __slots__ = ("_deliveries", "_groups", "_open", "delivered_elsewhere", "refused", "refused_first")

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], Group] = {}
        self._deliveries: OrderedDict[tuple[str, str], _Delivery] = OrderedDict()
        self._open: dict[str, set[str]] = {}
        """By queue id, the recipients in :attr:`_deliveries`."""
        self.delivered_elsewhere = False
        """Whether any server has taken mail."""
        self.refused = 0
        """How often this server has refused a client for a reason that is not looked into."""
        self.refused_first: Evidence | None = None

    @property
    def has_open(self) -> bool:
        """Whether any delivery is put off."""
        return bool(self._open)

    def is_open(self, queue_id: str) -> bool:
        """Whether a delivery of this message is put off."""
        return queue_id in self._open

    def failed(
        self,
        queue_id: str,
        outcome: Outcome,
        message: Message,
        evidence: Evidence,
        is_notification: bool,
    ) -> None:
        """Take a delivery that has failed."""
        said = outcome.reason, outcome.dsn, outcome.port
        answer, match = _reply(*said), _match(outcome.relay, *said)
        group = self._group(match, answer, evidence)
        group._seen(match.confidence if match else POSSIBLE, evidence, match.pattern if match else "")
        if not self._is_new(queue_id, outcome, group):
            return
        group.mails += 1
        group.notifications += is_notification
        group.relays.add(receiver_of(outcome.relay) or outcome.relay)
        group.domains.add(outcome.domain)
        group.recipients.add(outcome.recipient)
        if message.sender is not None:
            group.senders.add(message.sender)
        if message.login or message.uid is not None:
            group.logins.add(message.login or f"uid {message.uid}")
        if message.client:
            group.clients.add(message.client)
        for source in _sources(outcome):
            group.sources.add(source)
        if hello := _hello(answer):
            group.hellos.add(hello)

    def _is_new(self, queue_id: str, outcome: Outcome, group: Group) -> bool:
        """Note what has become of the delivery; whether that is the first failure for this cause."""
        key = queue_id, outcome.recipient
        known = self._deliveries.get(key)
        if known is not None:
            known.group.statuses[known.status] -= 1
            if known.group is not group:
                known.group.mails -= 1
            self._forget(key)
        group.statuses[outcome.status] += 1
        if outcome.status == DEFERRED:
            self._deliveries[key] = _Delivery(group, outcome.status)
            self._open.setdefault(queue_id, set()).add(outcome.recipient)
            if len(self._deliveries) > OPEN:
                self._forget(next(iter(self._deliveries)))
        return known is None or known.group is not group

    def delivered(self, queue_id: str, recipient: str) -> None:
        """Take a delivery that has been made, perhaps after failures."""
        key = queue_id, recipient
        known = self._deliveries.get(key)
        if known is not None:
            known.group.statuses[known.status] -= 1
            known.group.statuses[SENT] += 1
            self._forget(key)

    def expired(self, queue_id: str) -> None:
        """Take a message that is given up."""
        for recipient in self._open.get(queue_id, ()):
            known = self._deliveries[queue_id, recipient]
            if known.status == DEFERRED:
                known.group.statuses[DEFERRED] -= 1
                known.group.statuses[EXPIRED] += 1
                known.status = EXPIRED

    def _forget(self, key: tuple[str, str]) -> None:
        del self._deliveries[key]
        left = self._open[key[0]]
        left.discard(key[1])
        if not left:
            del self._open[key[0]]

    def said(self, line: Line, match: Match | None, text: str, evidence: Evidence) -> Group:
        """Take a complaint of a program of this Postfix."""
        group = self._group(match, Reply(text, (), "", False), evidence)
        group._seen(match.confidence if match else POSSIBLE, evidence, match.pattern if match else "")
        group.programs.add(line.process)
        return group

    def refused_here(self, line: Line, refusal: Refusal, match: Match | None, evidence: Evidence) -> None:
        """Take a refusal of this server."""
        if match is None:
            self.refused += 1
            self.refused_first = self.refused_first or evidence
            return
        group = self.said(line, match, refusal.reason, evidence)
        group.clients.add(refusal.address)
        group.domains.add(refusal.domain)
        group.recipients.add(refusal.recipient)
        group.senders.add(refusal.sender)
        if refusal.helo:
            group.hellos.add(refusal.helo)

    def _group(self, match: Match | None, reply: Reply, evidence: Evidence) -> Group:
        cause = causes()[match.cause] if match is not None else None
        key = (cause.id, "") if cause is not None else (_UNKNOWN, general(reply.text))
        if key not in self._groups and cause is None and len(self._groups) >= GROUPS:
            key = _UNKNOWN, "…"
        group = self._groups.get(key)
        if group is None:
            confidence = match.confidence if match is not None else POSSIBLE
            group = self._groups[key] = Group(cause, key[1] or general(reply.text), confidence, evidence)
        return group

    def finished(self) -> list[Group]:
        """The gravest and most frequent first."""
        for group in self._groups.values():
            if (
                group.cause is not None
                and group.cause.everywhere
                and not self.delivered_elsewhere
                and len(group.domains) >= _MANY
            ):
                group.cause = causes()[group.cause.everywhere]
        ranks = {FAILURE: 0, REFUSAL: 2, NOTE: 3}
        return sorted(
            (group for group in self._groups.values() if group.mails or group.programs.most()),
            key=lambda group: (
                ranks.get(group.weight, 1),
                not group.mails,
                -group.count,
                group.id,
                group.sample,
            ),
        )

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())


@lru_cache(4096)
def _reply(reason: str, dsn: str, port: int | None) -> Reply:
    return reply(reason, dsn, port)


@lru_cache(4096)
def _match(host: str, reason: str, dsn: str, port: int | None) -> Match | None:
    return said_by_server(host, _reply(reason, dsn, port))


# --- what receivers tell of the sender --------------------------------------------------------------------

_ADDRESS = re.compile(
    r"(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w.:]\w)"
)
_HELLO = re.compile(r"<([^<>\s]{1,255})>: helo command rejected")


def _sources(outcome: Outcome) -> Iterator[str]:
    """The public addresses that the server names, other than its own: the first is that of the sender."""
    said = outcome.reason.partition(" said: ")[2] or outcome.reason.partition("refused to talk to me: ")[2]
    for found in _ADDRESS.findall(said[:4096]):
        if is_public(found) and found != outcome.address:
            yield found
            return


def _hello(reply: Reply) -> str:
    found = _HELLO.search(reply.text)
    return found[1] if found else ""


# --- unknown texts ----------------------------------------------------------------------------------------

_VARIABLE = re.compile(
    r"<[^<>]{1,320}>|[^\s<>@]{1,64}@[^\s<>@]{1,255}|https?://\S{1,500}|\[[0-9a-fA-F:.]{2,45}\](?::\d+)?"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w-])(?=[\w.-]*\d)[\w-]{8,}(?:\.[\w-]+)*|(?<![\w.])\d+(?![\w.])"
)


def general(text: str) -> str:
    """*text* with ``…`` for what differs from one bounce to the next: addresses, numbers, ids."""
    return " ".join(_VARIABLE.sub("…", text[:400]).split())[:200]
