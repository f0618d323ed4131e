"""One message at one smtpd, and what the words of access lists ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..address_class import FOREIGN, LOCAL, MAILBOX, RELAY, Class, Domains, answers
from ..table_lookup import FOUND, UNKNOWN
from .effect import PERMANENT, SERVER_ERROR, TEMPORARY, Effect
from .model import NULL, OWN

if TYPE_CHECKING:
    from ..configuration import View
    from .model import Client, Party

_CERTIFICATES = (
    "smtpd_tls_chain_files",
    "smtpd_tls_cert_file",
    "smtpd_tls_dcert_file",
    "smtpd_tls_eccert_file",
)


class Message:
    """Who sends what to whom, at which smtpd."""

    def __init__(self, view: View, client: Client, sender: Party, recipient: Party) -> None:
        self.view = view
        self.client = client
        self.sender = sender
        self.recipient = recipient
        self.domains = Domains(view)
        self.sender_class = self._class(sender)
        self.recipient_class = self._class(recipient)
        self.has_sasl = view.boolean("smtpd_sasl_auth_enable") is not False

    def _class(self, party: Party) -> Class:
        domain = party.address.rpartition("@")[2]
        found = self.domains.of(domain)
        if party.exact or found.kind != FOREIGN or party.kind in (FOREIGN, NULL):
            return found
        if party.kind == OWN:
            return Class(LOCAL)
        return Class({"virtual": MAILBOX}.get(party.kind, party.kind))

    def digit(self, parameter: str) -> int:
        """The first digit of the reply code in *parameter*; what is no such code becomes 450."""
        text = self.view.value(parameter).text or ""
        return PERMANENT if len(text) == 3 and text.startswith("5") else TEMPORARY

    def is_authorised(self) -> bool:
        return self.recipient_class.is_final or self.recipient_class.kind == RELAY

    def destination(self) -> str:
        kind = self.recipient_class
        if not self.is_authorised():
            return "the recipient's domain is not this host's"
        return f"the recipient's domain is in {kind.parameter}" if kind.parameter else "a domain of this host"

    def broken(self) -> list[Effect]:
        parameter = self.recipient_class.parameter or self.sender_class.parameter
        return [Effect(SERVER_ERROR, f"{parameter} cannot be used")]

    def has_address(self, parameter: str, address: str) -> bool | None:
        """Whether the tables of *parameter* have *address* (global/mail_addr_find.c); None: unknown."""
        states = {found.state for found in answers(self.view, parameter, address, self.domains)}
        return True if FOUND in states else None if UNKNOWN in states else False


def requires_tls(view: View) -> bool:
    """Whether smtpd takes no mail without TLS."""
    if view.boolean("smtpd_tls_wrappermode"):
        return True
    level = view.value("smtpd_tls_security_level").text
    return level == "encrypt" or (level == "" and view.boolean("smtpd_enforce_tls") is True)


def has_tls(view: View) -> bool:
    """Whether smtpd offers TLS."""
    level = view.value("smtpd_tls_security_level").text
    if level is None or level in ("may", "encrypt"):
        return True
    return level == "" and (view.boolean("smtpd_use_tls") is not False or requires_tls(view))


def has_certificate(view: View) -> bool:
    """Whether smtpd has a certificate, without which there is no TLS."""
    return any(view.is_set(name) for name in _CERTIFICATES)
