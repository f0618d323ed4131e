"""Words about the client: its network, its login, its certificate, its encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..address_class import LOCAL
from ..matching import CLIENT, ERROR, NO, OPEN_ENDED, YES, matches
from ..table_lookup import FAILED, FOUND, MISSING, UNKNOWN, open_table
from .effect import NOTHING, PERMIT, REFUSE, SERVER_ERROR, Effect, fork
from .message import has_tls, requires_tls
from .model import CERTIFIED, INSIDER, LOGGED_IN, LOOPBACK

if TYPE_CHECKING:
    from .effect import Known, Word
    from .message import Message


def in_networks(message: Message) -> list[Effect]:
    """Whether the client is in mynetworks, as effects of permit_mynetworks."""
    client = message.client
    if client.kind in (LOOPBACK, INSIDER) and not client.exact and _networks_are_unknown(message):
        return [Effect(PERMIT, "the client is in mynetworks")]
    otherwise = {INSIDER: YES, LOOPBACK: OPEN_ENDED}.get(client.kind, NO)
    if client.exact:
        otherwise = OPEN_ENDED
    match = matches(message.view, "mynetworks", CLIENT, client.name, client.address, otherwise=otherwise)
    where = f"`{match.pattern.item.text}`" if match.pattern is not None else "mynetworks"
    if match.answer == YES:
        return [Effect(PERMIT, f"the client is in mynetworks ({where})")]
    if match.answer == NO:
        return [Effect(NOTHING, "the client is not in mynetworks")]
    if match.answer == ERROR:
        return [Effect(SERVER_ERROR, f"mynetworks cannot be used: {where}")]
    return fork(
        where,
        "table",
        [
            (f"{where} in mynetworks does not list the client", Effect(NOTHING, "not in mynetworks")),
            (f"{where} in mynetworks lists the client", Effect(PERMIT, "in mynetworks")),
        ],
    )


def _networks_are_unknown(message: Message) -> bool:
    """Whether mynetworks is left to the host, which trusts itmessage."""
    return not message.view.is_set("mynetworks") and message.view.value("mynetworks").text is None


def _permit_mynetworks(message: Message, argument: str, known: Known) -> list[Effect]:
    return in_networks(message)


def _permit_inet_interfaces(message: Message, argument: str, known: Known) -> list[Effect]:
    address = message.client.address
    own = message.domains.of(f"[{address}]").kind == LOCAL
    return [Effect(PERMIT, "the client is this host") if own else Effect(NOTHING, "it is another host")]


def _permit_sasl_authenticated(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.kind != LOGGED_IN or not known.login or not message.has_sasl:
        return [Effect(NOTHING, "the client has not logged in")]
    return [Effect(PERMIT, "the client has logged in")]


def _permit_tls_clientcerts(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.kind != CERTIFIED or not known.certificate:
        return [Effect(NOTHING, "the client has no certificate")]
    return _listed_certificate(message)


def _listed_certificate(message: Message) -> list[Effect]:
    view = message.view
    if view.value("relay_clientcerts").text == "":
        return [Effect(NOTHING, "relay_clientcerts lists no certificate")]
    tables = [open_table(item.text, view) for item in view.items("relay_clientcerts")]
    states = [table.find(key).state for key in message.client.certificate for table in tables]
    state = next((state for state in states if state != MISSING), MISSING) if states else UNKNOWN
    if state == FOUND:
        return [Effect(PERMIT, "its certificate is listed in relay_clientcerts")]
    if state == MISSING:
        return [Effect(NOTHING, "relay_clientcerts does not list its certificate")]
    if state == FAILED:
        return [Effect(SERVER_ERROR, "each look-up in relay_clientcerts fails")]
    return fork(
        "relay_clientcerts",
        "table",
        [
            ("relay_clientcerts lists its certificate", Effect(PERMIT, "its certificate is listed")),
            (
                "relay_clientcerts does not list its certificate",
                Effect(NOTHING, "its certificate is not listed"),
            ),
        ],
    )


def _permit_tls_all_clientcerts(message: Message, argument: str, known: Known) -> list[Effect]:
    if message.client.kind != CERTIFIED or not known.certificate:
        return [Effect(NOTHING, "the client has no certificate")]
    return fork(
        "the client's certificate",
        "tls",
        [
            ("its certificate is from a trusted authority", Effect(PERMIT, "its certificate is trusted")),
            *(
                (
                    f"its certificate is from no trusted authority, and {effect.why}",
                    effect._replace(condition=None, question=""),
                )
                for effect in _listed_certificate(message)
            ),
        ],
    )


def _reject_plaintext_session(message: Message, argument: str, known: Known) -> list[Effect]:
    must_encrypt = message.client.kind == LOGGED_IN and message.view.boolean("smtpd_tls_auth_only") is True
    if message.client.kind == CERTIFIED or must_encrypt or requires_tls(message.view):
        return [Effect(NOTHING, "the session is encrypted")]
    refuse = Effect(REFUSE, "the session is not encrypted", message.digit("plaintext_reject_code"))
    if not has_tls(message.view):
        return [refuse]
    if message.client.exact:
        return [refuse]
    return fork(
        "encryption",
        "tls",
        [
            ("the session is encrypted", Effect(NOTHING, "the session is encrypted")),
            ("the session is not encrypted", refuse),
        ],
    )


WORDS: dict[str, Word] = {
    "permit_inet_interfaces": _permit_inet_interfaces,
    "permit_mynetworks": _permit_mynetworks,
    "permit_sasl_authenticated": _permit_sasl_authenticated,
    "permit_tls_all_clientcerts": _permit_tls_all_clientcerts,
    "permit_tls_clientcerts": _permit_tls_clientcerts,
    "reject_plaintext_session": _reject_plaintext_session,
}
