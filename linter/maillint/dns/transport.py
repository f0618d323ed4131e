"""One question to the name servers: UDP with EDNS, TCP when the reply is cut, a few tries."""

from __future__ import annotations

import time
from collections.abc import Sequence

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from maillint.nameserver import Server
from maillint.record import NamedTuple

from .answer import BAD_REPLY, REFUSED, SERVFAIL, TIMEOUT, UNREACHABLE

TRIES = 3
"""How often one server is asked one question when it stays silent or talks nonsense."""
PAYLOAD = 1232
"""The UDP size that passes without fragments everywhere (the DNS flag day 2020 value)."""

_NO_EDNS = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)
"""What a server that does not know EDNS may say to it (RFC 6891 7)."""
_TELLING = (SERVFAIL, REFUSED, BAD_REPLY, UNREACHABLE, TIMEOUT)
"""Failures, the most telling first."""


class Reply(NamedTuple):
    """A server's reply with records or a certain "no", or else why there is none."""

    server: Server
    message: dns.message.Message | None
    failure: str = ""
    """A status of :mod:`.answer`; empty when there is a message."""
    detail: str = ""


def exchange(
    servers: Sequence[Server],
    name: dns.name.Name,
    rdtype: dns.rdatatype.RdataType,
    *,
    timeout: float,
    deadline: float,
) -> Reply:
    """The first usable reply of *servers*, asked in turn, or the most telling failure.

    *timeout* is for one try, in seconds; after *deadline* (of ``time.monotonic()``) nothing
    more is waited for. A server that says no is not asked again, a silent one up to TRIES times.
    """
    failures: dict[Server, Reply] = {}
    asked = list(servers)
    for _ in range(TRIES):
        for server in tuple(asked):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            reply = _ask(server, name, rdtype, time.monotonic() + min(timeout, left))
            if not reply.failure:
                return reply
            failures[server] = reply
            if reply.failure not in (TIMEOUT, BAD_REPLY):
                asked.remove(server)
    if not failures:
        return Reply(servers[0], None, TIMEOUT)
    return min(failures.values(), key=lambda reply: _TELLING.index(reply.failure))


def _ask(server: Server, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, deadline: float) -> Reply:
    query = dns.message.make_query(name, rdtype, use_edns=0, payload=PAYLOAD)
    query.flags |= dns.flags.AD  # Asks to be told whether the answer is verified (RFC 6840 5.7).
    reply = _send(server, query, deadline)
    if reply.message is not None and reply.message.rcode() in _NO_EDNS:
        reply = _send(server, dns.message.make_query(name, rdtype, use_edns=False), deadline)
    if reply.message is None:
        return reply
    return _judge(reply, reply.message)


def _send(server: Server, query: dns.message.Message, deadline: float) -> Reply:
    over = ""
    try:
        try:
            message = dns.query.udp(
                query,
                server.address,
                timeout=max(0.0, deadline - time.monotonic()),
                port=server.port,
                ignore_unexpected=True,
                raise_on_truncation=True,
            )
        except dns.message.Truncated:
            over = "the reply over UDP was cut, and TCP failed: "
            message = dns.query.tcp(
                query, server.address, timeout=max(0.0, deadline - time.monotonic()), port=server.port
            )
            if message.flags & dns.flags.TC:
                return Reply(server, None, BAD_REPLY, "the reply was cut even over TCP")
    except dns.exception.Timeout:
        return Reply(server, None, TIMEOUT, over + "no reply" if over else "")
    except OSError as error:
        return Reply(server, None, UNREACHABLE, over + (error.strerror or str(error)))
    except Exception as error:
        # The reader of replies meets whatever a broken or hostile server sends; whatever it
        # raises about that is the server's fault and must not end the run.
        return Reply(server, None, BAD_REPLY, over + _reason(error))
    return Reply(server, message)


def _judge(reply: Reply, message: dns.message.Message) -> Reply:
    """*reply* itself when it says something about the name, else a failure."""
    rcode = message.rcode()
    if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        if not message.answer and not _competent(message):
            return reply._replace(
                message=None, failure=BAD_REPLY, detail="a referral: the server does not resolve names"
            )
        return reply
    failure = {dns.rcode.SERVFAIL: SERVFAIL, dns.rcode.REFUSED: REFUSED}.get(rcode, BAD_REPLY)
    detail = "" if failure != BAD_REPLY else dns.rcode.to_text(rcode)
    for option in message.options:
        if isinstance(option, dns.edns.EDEOption):
            detail = option.to_text()
    return reply._replace(message=None, failure=failure, detail=detail)


def _competent(message: dns.message.Message) -> bool:
    """Whether a "no" may be believed: the server resolves names, or is responsible for the zone."""
    return bool(message.flags & (dns.flags.AA | dns.flags.RA)) or any(
        rrset.rdtype == dns.rdatatype.SOA for rrset in message.authority
    )


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
