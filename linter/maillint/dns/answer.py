"""What the DNS said to one question, with every kind of silence kept apart."""

from __future__ import annotations

from typing import Protocol

import dns.exception
import dns.name
import dns.rdata

from maillint.record import NamedTuple

ANSWER = "answer"
"""There are records."""
NODATA = "no data"
"""The name exists, but has no record of this type (RFC 2308 2.2)."""
NXDOMAIN = "nxdomain"
"""The name does not exist (RFC 2308 2.1)."""
SERVFAIL = "servfail"
"""The server tried and could not find out."""
REFUSED = "refused"
"""The server does not answer this question to us."""
TIMEOUT = "time-out"
"""No reply in time."""
UNREACHABLE = "unreachable"
"""The network or the host refused the packets."""
BAD_REPLY = "bad reply"
"""Something came back that is no answer to the question."""
BAD_NAME = "bad name"
"""The question cannot be asked: the text is not a domain name (RFC 1035 3.1)."""
UNTRUSTED = "not trusted"
"""An address from a resolver that gives addresses to names that do not exist, too."""
UNASKED = "not asked"
"""There was nobody to ask, or no time left for it."""

CERTAIN = frozenset((ANSWER, NODATA, NXDOMAIN))
"""The DNS has spoken; with any other status nothing may be concluded about the domain."""

STATUSES = CERTAIN | {
    SERVFAIL, REFUSED, TIMEOUT, UNREACHABLE, BAD_REPLY, BAD_NAME, UNTRUSTED, UNASKED,
}  # fmt: skip
"""All that an answer can be."""

_MEANING = {
    NODATA: "the name exists, but has no {type} record",
    NXDOMAIN: "NXDOMAIN, the name does not exist",
    SERVFAIL: "SERVFAIL, the server could not find out",
    REFUSED: "REFUSED, the server does not answer us",
    TIMEOUT: "no reply in time",
    UNREACHABLE: "the server cannot be reached",
    BAD_REPLY: "the reply makes no sense",
    BAD_NAME: "this is not a domain name",
    UNTRUSTED: "an address that means nothing",
    UNASKED: "not asked",
}


class Question(NamedTuple):
    """*name* in lower case and without the final dot, *type* such as ``TXT``."""

    name: str
    type: str

    def __str__(self) -> str:
        return f"{self.name} {self.type}"


class Answer:
    """The outcome of one question."""

    __slots__ = ("chain", "detail", "question", "records", "secure", "server", "status")

    def __init__(
        self,
        question: Question,
        status: str,
        records: tuple[dns.rdata.Rdata, ...] = (),
        *,
        chain: tuple[str, ...] = (),
        server: str = "",
        detail: str = "",
        secure: bool = False,
    ) -> None:
        self.question = question
        self.status = status
        """One of the constants of this module."""
        self.records = records
        """In a fixed order; empty unless the status is ANSWER."""
        self.chain = chain
        """The names that CNAME records led to, in order; the last one is canonical."""
        self.server = server
        """``ADDR`` or ``ADDR#PORT`` of the server that answered, or failed to."""
        self.detail = detail
        """What else is known about a failure, such as an extended error (RFC 8914)."""
        self.secure = secure
        """The server says that it has verified the signatures (the AD bit, RFC 4035 3.2.3).

        False says nothing where the server does not verify any.
        """

    @property
    def certain(self) -> bool:
        """False: the question stays open; say "not checked", never "ok" and never a fault."""
        return self.status in CERTAIN

    @property
    def texts(self) -> tuple[str, ...]:
        """The TXT records, the strings of each joined without a blank (RFC 7208 3.3).

        Bytes that are not UTF-8 survive as surrogates (``surrogateescape``).
        """
        return tuple(
            b"".join(strings).decode("utf-8", "surrogateescape")
            for strings in (getattr(record, "strings", None) for record in self.records)
            if strings is not None
        )

    @property
    def outcome(self) -> str:
        """The answer in words, such as ``NXDOMAIN, the name does not exist``."""
        if self.status == ANSWER:
            text = f"{len(self.records)} record" + ("s" if len(self.records) != 1 else "")
        else:
            text = _MEANING[self.status].format(type=self.question.type)
        if self.detail:
            text += f": {self.detail}"
        if self.chain:
            text += " (by CNAME to " + " -> ".join(self.chain) + ")"
        return text

    def __repr__(self) -> str:
        return f"<{self.question} @{self.server}: {self.outcome}>"


class Lookup(Protocol):
    """Who answers questions: the network, zone files, or what another run was told."""

    def is_public(self, name: str) -> bool:
        """Whether *name* is asked of the DNS of the world, where names for examples belong to nobody."""

    def ask(self, name: str, rdtype: str) -> Answer:
        """The answer to one question; never raises for what the DNS says or fails to say."""


def domain_name(text: str) -> dns.name.Name:
    """The absolute name that *text* spells; a backslash or any other character is itself.

    Raises ValueError, with the reason, for what is no domain name: an empty label, a label
    longer than 63 octets, a name longer than 255 (RFC 1035 3.1).
    """
    labels = text.removesuffix(".").split(".")
    try:
        return dns.name.Name([*(_label(label) for label in labels), b""])
    except dns.exception.DNSException as error:
        raise ValueError(str(error).rstrip(".").lower()) from error


def _label(text: str) -> bytes:
    if text.isascii():
        return text.encode("ascii")
    try:
        return dns.name.IDNA_2003.encode(text)
    except UnicodeError as error:
        raise ValueError(f"the label {text!r} cannot be written in IDNA") from error
