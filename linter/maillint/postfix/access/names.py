"""Words that ask the DNS: lists of clients and domains, and names that must exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..address_class import BROKEN, Class
from ..dnsbl import dns_list
from .effect import DEFER_IF_PERMIT, DEFER_IF_REJECT, NOTHING, PERMIT, REFUSE, TEMPORARY, Effect, fork

if TYPE_CHECKING:
    from .effect import Known, Word
    from .message import Message


def _reject_unknown_client(message: Message, argument: str, known: Known) -> list[Effect]:
    refuse = Effect(REFUSE, "its address has no name", message.digit("unknown_client_reject_code"))
    if message.client.exact:
        return [refuse if message.client.name == "unknown" else Effect(NOTHING, "its address has a name")]
    return _names("the client's address has a name", "the client's address has no name", refuse)


def _names(usual: str, unusual: str, refuse: Effect, *more: tuple[str, Effect]) -> list[Effect]:
    return fork("the DNS", "dns", [(usual, Effect(NOTHING, usual)), (unusual, refuse), *more])


def _reject_rbl(message: Message, argument: str, known: Known, what: str = "the client") -> list[Effect]:
    zone = dns_list(argument).domain
    refuse = Effect(REFUSE, f"{zone} lists {what}", message.digit("maps_rbl_reject_code"))
    return fork(
        zone,
        "dns",
        [
            (f"{zone} does not list {what}", Effect(NOTHING, f"{zone} does not list {what}")),
            (f"{zone} lists {what}", refuse),
        ],
    )


def _reject_maps_rbl(message: Message, argument: str, known: Known) -> list[Effect]:
    return _reject_rbl(message, "maps_rbl_domains", known)


def _reject_rhsbl_client(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.name == "unknown":
        return [Effect(NOTHING, "the client has no name")]
    return _reject_rbl(message, argument, known, "the client's name")


def _reject_rhsbl_helo(message: Message, argument: str, known: Known) -> list[Effect]:
    return _reject_rbl(message, argument, known, "the HELO name")


def _reject_rhsbl_sender(message: Message, argument: str, known: Known) -> list[Effect]:
    if not message.sender.address:
        return [Effect(NOTHING, "the sender is <>")]
    return _reject_rbl(message, argument, known, "the sender's domain")


def _reject_rhsbl_recipient(message: Message, argument: str, known: Known) -> list[Effect]:
    return _reject_rbl(message, argument, known, "the recipient's domain")


def _permit_dnswl(message: Message, argument: str, known: Known) -> list[Effect]:
    if known.is_rcpt and known.recipient:
        if message.recipient_class.kind == BROKEN:
            return message.broken()
        if not message.is_authorised():
            return [Effect(NOTHING, "it never permits relaying")]
    zone = dns_list(argument).domain
    return fork(
        zone,
        "dns",
        [
            (f"{zone} does not list the client", Effect(NOTHING, "not listed")),
            (f"{zone} lists the client", Effect(PERMIT, "listed")),
            (f"{zone} does not answer", Effect(DEFER_IF_REJECT, "no answer")),
        ],
    )


def _permit_rhswl(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.name == "unknown":
        return [Effect(NOTHING, "the client has no name")]
    return _permit_dnswl(message, argument, known)


def _reject_unknown_helo(message: Message, argument: str, known: Known) -> list[Effect]:
    refuse = Effect(REFUSE, "the HELO name does not exist", message.digit("unknown_hostname_reject_code"))
    return _names(
        "the HELO name exists",
        "the HELO name does not exist",
        refuse,
        ("the DNS does not answer for the HELO name", _no_answer(message, "unknown_helo_hostname")),
    )


def _no_answer(message: Message, what: str) -> Effect:
    action = message.view.value(f"{what}_tempfail_action").text
    if action == "defer":
        return Effect(REFUSE, "no answer", TEMPORARY)
    return Effect(DEFER_IF_PERMIT, "no answer")


def _reject_unknown_sender(message: Message, argument: str, known: Known) -> list[Effect]:
    if not message.sender.address:
        return [Effect(NOTHING, "the sender is <>")]
    return _unknown_domain(message, message.sender_class, "sender")


def _reject_unknown_recipient(message: Message, argument: str, known: Known) -> list[Effect]:
    return _unknown_domain(message, message.recipient_class, "recipient")


def _unknown_domain(message: Message, kind: Class, what: str) -> list[Effect]:
    if kind.kind == BROKEN:
        return message.broken()
    if kind.is_final:
        return [Effect(NOTHING, f"the {what}'s domain is this host's")]
    refuse = Effect(
        REFUSE, f"the {what}'s domain does not exist", message.digit("unknown_address_reject_code")
    )
    return _names(
        f"the {what}'s domain exists",
        f"the {what}'s domain does not exist",
        refuse,
        (f"the DNS does not answer for the {what}'s domain", _no_answer(message, "unknown_address")),
    )


def _permit_mx_backup(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.recipient_class.kind == BROKEN:
        return message.broken()
    if message.is_authorised():
        return [Effect(PERMIT, message.destination())]
    if message.recipient.address.rpartition("@")[2].startswith("["):
        return [Effect(NOTHING, "an address has no MX record")]
    return fork(
        "the DNS",
        "dns",
        [
            (
                "no MX record of the recipient's domain names this host as backup",
                Effect(NOTHING, "this host is no backup for the recipient's domain"),
            ),
            (
                "an MX record of the recipient's domain names this host as backup",
                Effect(PERMIT, "this host is a backup for the recipient's domain"),
            ),
            (
                "the DNS does not answer for the recipient's domain",
                Effect(DEFER_IF_REJECT, "no answer"),
            ),
        ],
    )


WORDS: dict[str, Word] = {
    "permit_dnswl_client": _permit_dnswl,
    "permit_mx_backup": _permit_mx_backup,
    "permit_rhswl_client": _permit_rhswl,
    "reject_maps_rbl": _reject_maps_rbl,
    "reject_rbl": _reject_rbl,
    "reject_rbl_client": _reject_rbl,
    "reject_rhsbl_client": _reject_rhsbl_client,
    "reject_rhsbl_helo": _reject_rhsbl_helo,
    "reject_rhsbl_recipient": _reject_rhsbl_recipient,
    "reject_rhsbl_reverse_client": _reject_rhsbl_client,
    "reject_rhsbl_sender": _reject_rhsbl_sender,
    "reject_unknown_address": _reject_unknown_sender,
    "reject_unknown_client": _reject_unknown_client,
    "reject_unknown_client_hostname": _reject_unknown_client,
    "reject_unknown_helo_hostname": _reject_unknown_helo,
    "reject_unknown_hostname": _reject_unknown_helo,
    "reject_unknown_recipient_domain": _reject_unknown_recipient,
    "reject_unknown_reverse_client_hostname": _reject_unknown_client,
    "reject_unknown_sender_domain": _reject_unknown_sender,
}
