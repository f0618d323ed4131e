"""Words about the addresses of sender and recipient, and who may use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..address_class import ALIAS, BROKEN, LOCAL, MAILBOX, RELAY, Class
from ..matching import DOMAIN, NO, YES, matches
from .effect import DEFER_IF_PERMIT, NOTHING, PERMANENT, PERMIT, REFUSE, TEMPORARY, Effect, fork
from .model import LOGGED_IN, OWN, Party

if TYPE_CHECKING:
    from .effect import Known, Word
    from .message import Message


def _reject_non_fqdn_sender(message: Message, argument: str, known: Known) -> list[Effect]:
    return _non_fqdn(message, message.sender, "sender")


def _reject_non_fqdn_recipient(message: Message, argument: str, known: Known) -> list[Effect]:
    return _non_fqdn(message, message.recipient, "recipient")


def _non_fqdn(message: Message, party: Party, what: str) -> list[Effect]:
    domain = party.address.rpartition("@")[2]
    if not party.address or "." in domain or domain.startswith("["):
        return [Effect(NOTHING, f"the {what}'s domain is complete")]
    return [Effect(REFUSE, f"the {what}'s domain has no dot", message.digit("non_fqdn_reject_code"))]


def _reject_unverified_sender(message: Message, argument: str, known: Known) -> list[Effect]:
    if not message.sender.address:
        return [Effect(NOTHING, "the sender is <>")]
    return _probe(message, "sender")


def _reject_unverified_recipient(message: Message, argument: str, known: Known) -> list[Effect]:
    return _probe(message, "recipient")


def _probe(message: Message, what: str) -> list[Effect]:
    bounced = Effect(REFUSE, "the probe came back", message.digit(f"unverified_{what}_reject_code"))
    deferred = Effect(DEFER_IF_PERMIT, "the probe was deferred")
    if bounced.digit == TEMPORARY:
        bounced = deferred
    return fork(
        f"a probe of the {what}'s address",
        "probe",
        [
            (f"mail to the {what} can be delivered", Effect(NOTHING, "the probe was delivered")),
            (f"mail to the {what} cannot be delivered", bounced),
            (f"mail to the {what} cannot be delivered now", deferred),
        ],
    )


def _unauth_destination(message: Message, digit: int) -> list[Effect]:
    if message.recipient_class.kind == BROKEN:
        return message.broken()
    if message.is_authorised():
        return [Effect(NOTHING, message.destination())]
    return [Effect(REFUSE, message.destination(), digit)]


def _reject_unauth_destination(message: Message, argument: str, known: Known) -> list[Effect]:
    return _unauth_destination(message, message.digit("relay_domains_reject_code"))


def _defer_unauth_destination(message: Message, argument: str, known: Known) -> list[Effect]:
    return _unauth_destination(message, TEMPORARY)


def _permit_auth_destination(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.recipient_class.kind == BROKEN:
        return message.broken()
    return [Effect(PERMIT if message.is_authorised() else NOTHING, message.destination())]


def _check_relay_domains(message: Message, argument: str, known: Known) -> list[Effect]:
    client = matches(message.view, "relay_domains", DOMAIN, message.client.name, otherwise=NO)
    if client.answer == YES:
        return [Effect(PERMIT, "the client is in relay_domains")]
    if message.is_authorised():
        return [Effect(PERMIT, message.destination())]
    return _unauth_destination(message, message.digit("relay_domains_reject_code"))


def _reject_unlisted_recipient(message: Message, argument: str, known: Known) -> list[Effect]:
    return unlisted(message, message.recipient, message.recipient_class, is_sender=False)


def _reject_unlisted_sender(message: Message, argument: str, known: Known) -> list[Effect]:
    if not message.sender.address:
        return [Effect(NOTHING, "the sender is <>")]
    effects = unlisted(message, message.sender, message.sender_class, is_sender=True)
    if not known.is_early or effects[0].kind == NOTHING:
        return effects
    remembers = "smtpd remembers that it has looked for an earlier sender"
    return fork(
        "an earlier message",
        "session",
        [("smtpd has not looked for a sender yet", effects[0]), (remembers, Effect(NOTHING, remembers))],
    )


def unlisted(message: Message, party: Party, kind: Class, is_sender: bool) -> list[Effect]:
    """Whether an address is in the table of its class (check_rcpt_maps)."""
    if kind.kind == BROKEN:
        return message.broken()
    if message.view.value("receive_override_options").text not in ("", None):
        options = {item.text.lower() for item in message.view.items("receive_override_options")}
        if "no_unknown_recipient_checks" in options:
            return [Effect(NOTHING, "receive_override_options leaves it out")]
    rewriting = ["recipient_canonical_maps", "canonical_maps", "virtual_alias_maps"]
    if is_sender:
        rewriting.append("sender_canonical_maps")
    if not party.exact:
        if kind.kind == ALIAS:
            return [Effect(NOTHING, "the address exists")]
    elif any(message.has_address(parameter, party.address) for parameter in rewriting):
        return [Effect(NOTHING, "the address is rewritten")]
    transport, parameter = message.domains.transport(party.address, kind)
    if transport in ("error", "retry"):
        digit = PERMANENT if transport == "error" else TEMPORARY
        if kind.kind == ALIAS:
            digit = message.digit("unknown_virtual_alias_reject_code")
        return [Effect(REFUSE, f"{parameter} refuses mail for it ({transport})", digit)]
    listed = {
        LOCAL: "local_recipient_maps",
        MAILBOX: "virtual_mailbox_maps",
        RELAY: "relay_recipient_maps",
    }.get(kind.kind, "")
    if not listed or not party.exact or message.view.value(listed).text == "":
        return [Effect(NOTHING, "the address is taken to exist")]
    if message.has_address(listed, party.address) is False and not _is_special(party.address, kind):
        code = {
            LOCAL: "unknown_local_recipient_reject_code",
            MAILBOX: "unknown_virtual_mailbox_reject_code",
            RELAY: "unknown_relay_recipient_reject_code",
        }[kind.kind]
        return [Effect(REFUSE, f"{listed} does not list it", message.digit(code))]
    return [Effect(NOTHING, f"{listed} lists it")]


def _auth_mismatch(message: Message, argument: str, known: Known) -> list[Effect]:
    return _mismatch(message, known, may_be_unknown=False)


def _known_mismatch(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.kind == LOGGED_IN:
        return _mismatch(message, known, may_be_unknown=True)
    return _unauth_mismatch(message, argument, known)


def _is_about_login(message: Message) -> bool:
    return message.has_sasl and bool(message.sender.address)


def _mismatch(message: Message, known: Known, may_be_unknown: bool) -> list[Effect]:
    if not _is_about_login(message) or message.client.kind != LOGGED_IN or not known.login:
        return [Effect(NOTHING, "it is not about this message")]
    refuse = Effect(REFUSE, "the login does not own the sender address", PERMANENT)
    if message.view.value("smtpd_sender_login_maps").text == "":
        if may_be_unknown:
            return [Effect(NOTHING, "smtpd_sender_login_maps is empty")]
        return [refuse._replace(why="smtpd_sender_login_maps is empty, so no login owns any address")]
    unlisted = message.has_address("smtpd_sender_login_maps", message.sender.address) is False
    if unlisted and message.sender.exact:
        return [Effect(NOTHING, "the sender has no owner") if may_be_unknown else refuse]
    return fork(
        "smtpd_sender_login_maps",
        "table",
        [
            ("the login owns the sender address", Effect(NOTHING, "the login owns the sender address")),
            ("the login does not own the sender address", refuse),
        ],
        first_is_usual=message.sender.kind == OWN,
    )


def _unauth_mismatch(message: Message, argument: str, known: Known) -> list[Effect]:
    if not _is_about_login(message) or (message.client.kind == LOGGED_IN and known.login):
        return [Effect(NOTHING, "it is not about this message")]
    if message.view.value("smtpd_sender_login_maps").text == "":
        return [Effect(NOTHING, "smtpd_sender_login_maps is empty")]
    refuse = Effect(REFUSE, "the sender address has an owner, who must log in", PERMANENT)
    listed = message.has_address("smtpd_sender_login_maps", message.sender.address)
    if listed:
        return [refuse]
    if listed is False and message.sender.exact:
        return [Effect(NOTHING, "the sender address has no owner")]
    return fork(
        "smtpd_sender_login_maps",
        "table",
        [
            ("nobody owns the sender address", Effect(NOTHING, "nobody owns the sender address")),
            ("somebody owns the sender address", refuse),
        ],
        first_is_usual=message.sender.kind != OWN,
    )


def _login_mismatch(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.kind == LOGGED_IN and known.login:
        return _mismatch(message, known, may_be_unknown=False)
    return _unauth_mismatch(message, argument, known)


def _is_special(address: str, kind: Class) -> bool:
    """Whether a local address is accepted whatever the table says."""
    user = address.partition("@")[0].lower()
    return kind.kind == LOCAL and user in ("postmaster", "mailer-daemon", "double-bounce")


WORDS: dict[str, Word] = {
    "check_recipient_maps": _reject_unlisted_recipient,
    "check_relay_domains": _check_relay_domains,
    "defer_unauth_destination": _defer_unauth_destination,
    "permit_auth_destination": _permit_auth_destination,
    "reject_authenticated_sender_login_mismatch": _auth_mismatch,
    "reject_known_sender_login_mismatch": _known_mismatch,
    "reject_non_fqdn_recipient": _reject_non_fqdn_recipient,
    "reject_non_fqdn_sender": _reject_non_fqdn_sender,
    "reject_sender_login_mismatch": _login_mismatch,
    "reject_unauth_destination": _reject_unauth_destination,
    "reject_unauthenticated_sender_login_mismatch": _unauth_mismatch,
    "reject_unlisted_recipient": _reject_unlisted_recipient,
    "reject_unlisted_sender": _reject_unlisted_sender,
    "reject_unverified_recipient": _reject_unverified_recipient,
    "reject_unverified_sender": _reject_unverified_sender,
}
