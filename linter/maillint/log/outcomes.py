"""What became of a delivery, and what a server refused, as Postfix's programs log it (global/log_adhoc.c)."""

from __future__ import annotations

import re

from maillint.record import NamedTuple

SENT = "sent"
BOUNCED = "bounced"
DEFERRED = "deferred"
EXPIRED = "expired"
STATUSES = frozenset((SENT, BOUNCED, DEFERRED, EXPIRED))

_LONGEST_ADDRESS = 500
"""Postfix takes no longer ones than RFC 5321 4.5.3.1 allows, and a few bytes for the quotes."""

SUBMISSIONS = 465
"""The port where TLS begins at once (RFC 8314)."""


_HOST = r"(?P<%s>[^\s\[]{1,255})\[(?P<%s>[^\]\s]{1,64})\]"
_SAID = re.compile(
    r"(?:delivery temporarily suspended: )?(?:host "
    + _HOST % ("host", "address")
    + r"(?::\d+)? (?:said|refused to talk to me): |connect to "
    + _HOST % ("to", "at")
    + r"(?::\d+)?: |lost connection with "
    + _HOST % ("lost", "lost_at")
    + ")"
)
_STAGE = re.compile(r" \(in reply to (.{1,40}?)(?: command)?\)$")
_CODE = re.compile(r"([245]\d\d)(?:[- ]([245]\.\d{1,3}\.\d{1,3}))?(?![\d.])")
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class Reply(NamedTuple):
    """What a server said, taken apart."""

    text: str
    """In lower case, in one line, without its codes; behind ``over ipv6:`` and ``on port 465:``."""
    codes: tuple[str, ...]
    """Such as ``550`` and ``5.7.26``."""
    stage: str
    """What it answers, in lower case, such as ``rcpt to``, ``end of data``; empty: nothing, or not told."""
    is_answer: bool
    """False: no server has said it, but Postfix itself."""


class Outcome(NamedTuple):
    """One delivery to one recipient."""

    recipient: str
    original: str
    """The recipient before aliases; empty where that is the same."""
    relay: str
    """The name of the server, or of a program such as ``local``; ``none``."""
    address: str
    """Of the server; empty: none."""
    port: int | None
    delay: float | None
    delays: str
    """``a/b/c/d``: before the queue manager, in it, to connect, to transmit; in seconds."""
    dsn: str
    status: str
    reason: str
    """What stands in the parentheses."""

    @property
    def domain(self) -> str:
        """Of the recipient, in lower case; empty: none."""
        return domain_of(self.recipient)


def domain_of(address: str) -> str:
    """The domain of *address*, in lower case; empty: it has none."""
    _, at, domain = address.rpartition("@")
    return domain.lower() if at else ""


def outcome(text: str) -> Outcome | None:
    """The outcome in *text*, which follows the queue id; None where it is none."""
    if not text.startswith("to=<"):
        return None
    end = text.find(">, relay=")
    status = text.find(", status=", end)
    if end < 0 or status < 0:
        return None
    recipient, _, original = text[4:end].partition(">, orig_to=<")
    fields = dict(field.partition("=")[::2] for field in text[end + 3 : status].split(", "))
    word, _, reason = text[status + 9 :].partition(" (")
    if word not in STATUSES:
        return None
    said = _SAID.match(reason)
    relay, address, port = _relay(fields.get("relay", ""))
    if said is not None and relay in ("none", ""):
        relay = said["host"] or said["to"] or said["lost"]
        address = said["address"] or said["at"] or said["lost_at"]
    return Outcome(
        recipient[:_LONGEST_ADDRESS], original[:_LONGEST_ADDRESS], relay.lower(), address, port,
        _number(fields.get("delay", "")), fields.get("delays", ""), fields.get("dsn", ""), word,
        reason.removesuffix(")"),
    )  # fmt: skip


def _relay(text: str) -> tuple[str, str, int | None]:
    host, bracket, rest = text.partition("[")
    if not bracket:
        return text, "", None
    address, _, port = rest.partition("]")
    port = port.removeprefix(":")
    return host, address, int(port) if port.isdecimal() and len(port) < 6 else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def reply(reason: str, dsn: str = "", port: int | None = None) -> Reply:
    """What is said in *reason*; *dsn*: the enhanced code that Postfix makes of it; *port*: of the server."""
    said = _SAID.match(reason)
    text = reason[said.end() :] if said is not None and (said["host"]) else reason
    stage = _STAGE.search(text)
    if stage is not None:
        text = text[: stage.start()]
    text = text.lower()
    if said is not None and ":" in (said["at"] or ""):
        text = f"over ipv6: {text}"
    if port == SUBMISSIONS:
        text = f"on port {port}: {text}"
    codes = [dsn] if dsn else []
    found = _CODE.match(text)
    if found is not None:
        code = found[1]
        codes.append(code)
        text = re.sub(rf"(?<![\d.]){code}(?=[- ])[- ](?:[245]\.\d{{1,3}}\.\d{{1,3}}(?![\d.]))?", " ", text)
        if found[2]:
            codes.append(found[2])
    codes += [code for code in _ENHANCED.findall(text[:200]) if code not in codes][:2]
    return Reply(
        " ".join(text.split()),
        tuple(dict.fromkeys(codes)),
        stage[1].lower() if stage else "",
        found is not None,
    )


class Refusal(NamedTuple):
    """What smtpd(8) or postscreen(8) refused a client."""

    client: str
    """Its name; ``unknown``, or empty (postscreen), without one."""
    address: str
    sender: str
    recipient: str
    helo: str
    reason: str

    @property
    def domain(self) -> str:
        """Of the recipient, in lower case; empty: none."""
        return domain_of(self.recipient)


_REFUSAL = re.compile(
    r"(?:milter-)?reject: [A-Z-]{1,20} from (?P<client>[^\s\[]{0,255})\[(?P<address>[^\]\s]{1,64})\]"
    r"(?::\d+)?: (?P<rest>.*)",
    re.DOTALL,
)


def refusal(text: str) -> Refusal | None:
    """The refusal in *text*, which follows ``NOQUEUE`` or the queue id."""
    found = _REFUSAL.match(text)
    if found is None:
        return None
    reason, _, fields = found["rest"].rpartition("; from=<")
    if not reason:
        return Refusal(found["client"], found["address"], "", "", "", found["rest"])
    return Refusal(
        found["client"],
        found["address"],
        fields.partition(">")[0],
        _field(fields, " to=<"),
        _field(fields, " helo=<"),
        reason,
    )


def _field(text: str, name: str) -> str:
    return text.partition(name)[2].partition(">")[0]
