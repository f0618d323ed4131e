"""Who may send what through an SMTP server: its access lists, carried out as smtpd(8) does it.

``decide`` takes one kind of client, sender and recipient and gives the :class:`Verdict` with the restrictions
that lead to it; ``verdicts`` gives the table of all kinds that the configuration knows. ``decide_etrn`` and
``flushes`` do so for the command ETRN, by which a client asks for the mail that waits for a domain.

What only the DNS, a policy server or a table that cannot be read could tell is followed both ways
(smtpd/smtpd_check.c). What is no access list (milters, limits of rates and sizes, ``smtpd_proxy_filter``) is
left out. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import packed, printed
from maillint.record import NamedTuple

from ..address_class import FOREIGN, LOCAL, RELAY, VIRTUAL, Domains, listed_domains
from ..listening import LOOPBACK as LOOPBACK_ONLY
from ..listening import Listener, listeners
from ..matching import CLIENT, DOMAIN, NO, YES, matches
from ..matchlist import FILE, OPEN, PLAIN, TABLE, patterns
from .message import has_tls
from .model import (
    CERTIFIED,
    CLIENTS,
    DEFER,
    DEPENDS,
    DIES,
    FLUSHED,
    INSIDER,
    LOGGED_IN,
    LOOPBACK,
    NULL,
    OWN,
    PERMIT,
    RECIPIENTS,
    REJECT,
    SENDERS,
    STRANGER,
    Branch,
    Cell,
    Client,
    Condition,
    Flush,
    Party,
    Step,
    Verdict,
)
from .run import Session
from .state import decisive

if TYPE_CHECKING:
    from ..configuration import Configuration, View
    from .run import Holds

__all__ = [
    "CERTIFIED", "CLIENTS", "DEFER", "DEPENDS", "DIES", "FLUSHED", "FOREIGN", "INSIDER", "LOCAL", "LOGGED_IN",
    "LOOPBACK", "NULL", "OWN", "PERMIT", "RECIPIENTS", "REJECT", "RELAY", "SENDERS", "STRANGER", "VIRTUAL",
    "Branch", "Cell", "Client", "Condition", "Flush", "Party", "Server", "Step", "Verdict",
    "clients", "decide", "decide_etrn", "decisive", "flushes", "recipients", "senders", "servers", "verdicts",
]  # fmt: skip

_STRANGERS = ("198.51.100.77", "203.0.113.77", "192.0.2.77", "100.20.30.40")
"""Addresses that stand for the rest of the world: the first that no list names (RFC 5737)."""
_MAPPED = bytes(10) + b"\xff\xff"
"""How IPv4 addresses begin that are written as IPv6: no client has one."""
_STRANGE_DOMAIN = "foreign.example"
"""A domain that is nobody's (RFC 2606)."""
_SMTPD = "smtpd"
_POSTSCREEN = "postscreen"


class Server(NamedTuple):
    """One SMTP server of master.cf."""

    listener: Listener
    """Where it listens."""
    view: View
    """Of the smtpd that carries out the access lists; behind postscreen(8), that is another service."""


def servers(config: Configuration) -> Iterator[Server]:
    """The SMTP servers, in the order of master.cf; a postscreen(8) without its smtpd is left out."""
    for listener in listeners(config):
        if listener.view.daemon != _POSTSCREEN:
            yield Server(listener, listener.view)
            continue
        name = listener.view.value("smtpd_service_name").text or _SMTPD
        behind = config.view(f"{name}/pass")
        if behind is not None:
            yield Server(listener, behind)


def decide(
    view: View, client: Client, sender: Party, recipient: Party, holds: Holds | None = None
) -> Verdict:
    """What the smtpd of *view* does with a message from *client* and *sender* to *recipient*.

    *holds*: tells of a condition whether it holds, where that is known from elsewhere; None: it is not.
    """
    return Session(view, client, sender, recipient, holds).verdict()


def decide_etrn(view: View, client: Client, domain: str, holds: Holds | None = None) -> Verdict:
    """What the smtpd of *view* answers when *client* asks, by ETRN, for what waits for *domain*.

    PERMIT: it is sent; DEFER is also the answer about domains outside fast_flush_domains (459). *holds*: as
    for :func:`decide`.
    """
    nobody = Party(NULL, "")
    return Session(view, client, nobody, nobody, holds).etrn(domain)


def flushes(view: View, reach: str = "") -> tuple[Flush, ...]:
    """The verdict on each kind of client that asks for a domain of fast_flush_domains; none: it has none.

    *reach*: as for :func:`verdicts`.
    """
    domain = _flush_domain(view)
    if domain is None:
        return ()
    return tuple(Flush(client, domain, decide_etrn(view, client, domain)) for client in clients(view, reach))


def _flush_domain(view: View) -> str | None:
    """A domain of fast_flush_domains; None: there is none."""
    for domain in listed_domains(view, FLUSHED):
        domain = domain or f"{RELAY}.example"
        for name in (domain, f"host.{domain}"):
            if matches(view, FLUSHED, DOMAIN, name, otherwise=YES).answer == YES:
                return name
    return None


def verdicts(view: View, reach: str = "") -> tuple[Cell, ...]:
    """The verdict on every combination: clients, recipients, senders, each in the order of its constants.

    *reach*: who can connect (see ``listening.py``); LOOPBACK leaves other hosts out.
    """
    return tuple(
        Cell(client, sender, recipient, decide(view, client, sender, recipient))
        for client in clients(view, reach)
        for recipient in recipients(view)
        for sender in senders(view)
    )


def clients(view: View, reach: str = "") -> tuple[Client, ...]:
    """One client of each kind that there is for the smtpd of *view*."""
    only_local = reach == LOOPBACK_ONLY
    here = Client(LOOPBACK, "127.0.0.1", "localhost")
    away = here if only_local else Client(STRANGER, _strange_address(view), "mail.stranger.example")
    found = [here]
    if not only_local:
        inside = _inside_address(view)
        if inside is not None:
            found.append(Client(INSIDER, inside, "host.inside.example"))
        found.append(away)
    if view.boolean("smtpd_sasl_auth_enable"):
        found.append(away._replace(kind=LOGGED_IN))
    asks = (view.boolean("smtpd_tls_ask_ccert"), view.boolean("smtpd_tls_req_ccert"))
    if has_tls(view) and True in asks:
        found.append(away._replace(kind=CERTIFIED))
    return tuple(found)


def _strange_address(view: View) -> str:
    for address in _STRANGERS:
        if matches(view, "mynetworks", CLIENT, "", address, otherwise=NO).answer != YES:
            return address
    return _STRANGERS[0]


def _inside_address(view: View) -> str | None:
    """An address of another host in mynetworks; None: there is none."""
    unreadable = False
    for pattern in patterns(view.value("mynetworks"), view.configuration.version):
        if pattern.negated:
            continue
        unreadable |= pattern.kind in (OPEN, FILE, TABLE)
        address = _host_in(pattern.text) if pattern.kind == PLAIN else None
        if address is not None:
            match = matches(view, "mynetworks", CLIENT, "host.inside.example", address, otherwise=NO)
            if match.answer == YES:
                return address
    return "10.11.12.13" if unreadable and view.is_set("mynetworks") else None


def _host_in(network: str) -> str | None:
    """An address in *network*; None: it is none of other hosts."""
    text, _, bits = network.replace("[", "").replace("]", "").partition("/")
    base = packed(text)
    if base is None or base[0] == 127 or base in (bytes(16), bytes(15) + b"\1"):
        return None
    if base.startswith((_MAPPED, b"\xfe\x80")):
        return None
    width = len(base) * 8
    size = int(bits) if bits.isdecimal() else width
    if not 0 < size <= width:
        return None
    number = int.from_bytes(base, "big") + (9 if width - size >= 4 else 0)
    return printed(number.to_bytes(len(base), "big"))


def recipients(view: View) -> tuple[Party, ...]:
    """One recipient of each kind that the configuration has."""
    domains = Domains(view)
    found = []
    for kind in (LOCAL, VIRTUAL, RELAY):
        domain = domains.example(kind)
        if domain is not None:
            found.append(Party(kind, f"someone@{domain or f'{kind}.example'}"))
    found.append(Party(FOREIGN, f"someone@{_STRANGE_DOMAIN}"))
    return tuple(found)


def senders(view: View) -> tuple[Party, ...]:
    """One sender of each kind."""
    own = recipients(view)[0]
    domain = own.address.rpartition("@")[2] if own.kind != FOREIGN else "own.example"
    return (
        Party(OWN, f"someone@{domain}"),
        Party(FOREIGN, f"someone@sender.{_STRANGE_DOMAIN}"),
        Party(NULL, ""),
    )
