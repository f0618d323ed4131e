"""The messages that are on their way: from whom each is, and which other it comes from.

Most messages arrive, and nobody asks for them again. So their lines are kept as they are, found by the queue
id, and read only when a delivery fails. What is kept is bounded: the message that has said nothing for the
longest time is forgotten. A queue manager names the sender anew with each attempt (qmgr/qmgr_active.c), so
that those which wait are not forgotten first.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from maillint.record import NamedTuple

OPEN = 50_000
"""So many messages are kept in mind."""
_LONGEST = 1000
"""So many bytes of a line; a sender, which comes first in it, has some 300 (RFC 5321 4.5.3.1)."""

_CHAIN = 8
"""So many messages back, one that was requeued, filtered or forwarded is followed."""

_PARENT = re.compile(rb" orig_id=([0-9A-Za-z]{6,40})")
_NOTIFICATION = re.compile(
    r"(sender|postmaster) (?:non-delivery|delay|delivery status) notification: (\w{6,40})"
)

_FROM = re.compile(r"(?:uid=(?P<uid>\d{1,10}) )?from=<(?P<sender>.*?)>(?: orig_id=|, size=|, status=|$)")
_CLIENT = re.compile(r"client=(?P<name>[^\s\[]{1,255})\[(?P<address>[^\]\s]{1,64})\]")
_LOGIN = re.compile(r", sasl_username=([^\s,]{1,320})")


class Message(NamedTuple):
    """What the log says of one message; None: nothing."""

    sender: str | None = None
    """In the envelope."""
    uid: int | None = None
    """Of the program on this host that handed it in."""
    client: str = ""
    """The address of the client that brought it by SMTP; empty: none, or not told."""
    login: str = ""
    """The name under which the client logged in."""


class Messages:
    """All of one run."""

    __slots__ = ("_brought", "_notifications", "_parents", "_senders")

    def __init__(self) -> None:
        # A plain dict finds its first key slowly when many before it are gone.
        self._senders: OrderedDict[bytes, bytes] = OrderedDict()
        self._brought: OrderedDict[bytes, bytes] = OrderedDict()
        self._parents: OrderedDict[bytes, bytes] = OrderedDict()
        self._notifications: OrderedDict[bytes, bytes] = OrderedDict()

    def __len__(self) -> int:
        """How many lines are kept."""
        return sum(map(len, (self._senders, self._brought, self._parents, self._notifications)))

    def sent_by(self, raw: bytes) -> None:
        """Take the line of qmgr(8) that names the sender."""
        _keep(self._senders, id_before(raw, b": from=<"), raw)

    def handed_in_by(self, raw: bytes) -> None:
        """Take the line of pickup(8) that names the user of a program."""
        name = id_before(raw, b": uid=")
        _keep(self._brought, name, raw)
        if b" orig_id=" in raw and (parent := _PARENT.search(raw)) is not None:
            _keep(self._parents, name, parent[1])

    def brought_by(self, raw: bytes) -> None:
        """Take the line of smtpd(8) that names a client."""
        _keep(self._brought, id_before(raw, b": client="), raw)

    def goes_on(self, raw: bytes) -> None:
        """Take the line of a delivery that may make another message of it: a filter's, or an alias's."""
        _, word, rest = raw.rpartition(b" as ")
        name = rest.partition(b")")[0]
        # The queue ids of other hosts, in whose log nobody looks, are not kept.
        if word and (name in self._brought or name in self._senders or b"(forwarded as " in raw):
            _keep(self._parents, name, id_before(raw, b": to=<"))

    def notified(self, queue_id: str, text: str) -> None:
        """Take the line of bounce(8), *text*, that tells of the notification about a message."""
        found = _NOTIFICATION.match(text)
        if found is not None:
            _keep(self._notifications, found[2].encode(), queue_id.encode())

    def is_notification(self, queue_id: str) -> bool:
        """Whether this message tells somebody of the fate of another."""
        return queue_id.encode("ascii", "replace") in self._notifications

    def kept(self, queue_id: str) -> tuple[bytes, bytes]:
        """The lines that name the sender of this message, and the client of the first that it comes from."""
        name: bytes | None = queue_id.encode("ascii", "replace")
        sender = self._senders.get(name or b"", b"")
        brought = b""
        for _ in range(_CHAIN):
            if name is None:
                break
            brought = self._brought.get(name, brought)
            name = self._parents.get(name)
        return sender, brought

    def root(self, queue_id: str) -> str:
        """The message that this one was first, before requeueing, filters and aliases."""
        name = queue_id.encode("ascii", "replace")
        for _ in range(_CHAIN):
            parent = self._parents.get(name)
            if parent is None or parent == name:
                break
            name = parent
        return name.decode("ascii", "replace")


def id_before(raw: bytes, word: bytes) -> bytes:
    """The queue id that *word* follows; empty: there is none."""
    end = raw.find(word)
    name = raw[max(raw.rfind(b" ", 0, end), raw.rfind(b'"', 0, end)) + 1 : max(end, 0)]
    return name if 6 <= len(name) <= 40 and name.isalnum() else b""


def message(sender: str, brought: str) -> Message:
    """What two lines tell, each without its queue id; an empty one tells nothing."""
    found = _FROM.match(sender)
    if brought.startswith("uid="):
        by = _FROM.match(brought)
        uid = int(by["uid"]) if by is not None and by["uid"] else None
        return Message(found["sender"] if found else None, uid)
    client, login = _CLIENT.match(brought), _LOGIN.search(brought)
    return Message(
        found["sender"] if found else None,
        None,
        client["address"] if client else "",
        login[1] if login else "",
    )


def _keep(lines: OrderedDict[bytes, bytes], name: bytes, value: bytes) -> None:
    """Put *value* last, and let go of the first when there are too many."""
    if not name:
        return
    lines[name] = value[:_LONGEST]
    lines.move_to_end(name)
    if len(lines) > OPEN:
        lines.popitem(last=False)
