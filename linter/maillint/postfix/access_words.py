"""What one word of an access list does to one message (generic_checks in smtpd/smtpd_check.c).

Each word gives its :class:`Effect`, or several when something decides that the configuration does not tell:
then each has a :class:`~.access_model.Condition`, and the first is the usual one. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from . import access_result
from .access_model import CERTIFIED, FOREIGN, INSIDER, LOCAL, LOGGED_IN, LOOPBACK, NULL, OWN, RELAY, Condition
from .access_result import NEVER_PERMITS, AccessResult, result_problem
from .address_class import ALIAS, BROKEN, MAILBOX, Class, Domains, is_domain
from .dnsbl import dns_list
from .matching import CLIENT, DOMAIN, ERROR, NO, OPEN_ENDED, YES, in_network, matches, parent_style, parents
from .matchlist import packed
from .policy_service import endpoint
from .restrictions import OPEN, TABLE, Restriction, table_argument
from .table_lookup import FAILED, FOUND, UNKNOWN, Contents, Found, open_table

if TYPE_CHECKING:
    from .access_model import Client, Party
    from .configuration import View

NOTHING = "nothing"
PERMIT = "permit"
REFUSE = "refuse"
SERVER_ERROR = "server-error"
"""``451``, ``warn_if_reject`` or not."""
DEFER_IF_PERMIT = "defer_if_permit"
DEFER_IF_REJECT = "defer_if_reject"
DISCARD = "discard"
HANGUP = "hangup"
DIES = "dies"
LIST = "list"
"""More words, in :attr:`Effect.text`."""

_CERTIFICATES = (
    "smtpd_tls_chain_files",
    "smtpd_tls_cert_file",
    "smtpd_tls_dcert_file",
    "smtpd_tls_eccert_file",
)

TEMPORARY = 4
PERMANENT = 5


class Effect(NamedTuple):
    """What a word does."""

    kind: str
    why: str
    digit: int = TEMPORARY
    """Of a refusal, at once or later, the first of its reply code."""
    condition: Condition | None = None
    question: str = ""
    """What :attr:`condition` answers; empty: the answer may be another one the next time."""
    text: str = ""
    """Of :data:`LIST`, the words."""
    may_permit: bool = True
    """Of :data:`LIST`: False: it is an error when they permit."""


class Known(NamedTuple):
    """What smtpd knows at a stage."""

    helo: bool = True
    sender: bool = True
    recipient: bool = True
    login: bool = True
    certificate: bool = True
    is_rcpt: bool = True
    """Whether it is answering to RCPT TO."""
    bare_table: str = ""
    """The restriction that a bare ``TYPE:NAME`` stands for; empty: there is none."""


class Words:
    """The words, for one message at one smtpd."""

    def __init__(self, view: View, client: Client, sender: Party, recipient: Party) -> None:
        self.view = view
        self.client = client
        self.sender = sender
        self.recipient = recipient
        self.domains = Domains(view)
        self.sender_class = self._class(sender)
        self.recipient_class = self._class(recipient)
        self.has_sasl = view.boolean("smtpd_sasl_auth_enable") is not False

    # --- who and where to --------------------------------------------------------------------------------

    def _class(self, party: Party) -> Class:
        domain = party.address.rpartition("@")[2]
        found = self.domains.of(domain)
        if party.exact or found.kind != FOREIGN or party.kind in (FOREIGN, NULL):
            return found
        if party.kind == OWN:
            return Class(LOCAL)
        return Class({"virtual": MAILBOX}.get(party.kind, party.kind))

    def in_networks(self) -> list[Effect]:
        """Whether the client is in mynetworks, as effects of permit_mynetworks."""
        client = self.client
        if client.kind in (LOOPBACK, INSIDER) and not client.exact and self._networks_are_unknown():
            return [Effect(PERMIT, "the client is in mynetworks")]
        otherwise = {INSIDER: YES, LOOPBACK: OPEN_ENDED}.get(client.kind, NO)
        if client.exact:
            otherwise = OPEN_ENDED
        match = matches(self.view, "mynetworks", CLIENT, client.name, client.address, otherwise=otherwise)
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

    def _networks_are_unknown(self) -> bool:
        """Whether mynetworks is left to the host, which trusts itself."""
        return not self.view.is_set("mynetworks") and self.view.value("mynetworks").text is None

    # --- the words ---------------------------------------------------------------------------------------

    def effects(self, restriction: Restriction, known: Known) -> list[Effect]:
        """What *restriction* does; it is neither a class, nor wrong."""
        if restriction.kind == OPEN:
            return self._open(restriction)
        name = restriction.name
        if restriction.kind == TABLE:
            name = known.bare_table
            if not name:
                return [Effect(SERVER_ERROR, "a table without a restriction before it is an error here")]
        needs = restriction.fact.needs if restriction.fact is not None else ""
        needs = needs or {"check_etrn_access": "etrn"}.get(name, "")
        if needs == "etrn" or not getattr(known, needs, True):
            return [Effect(NOTHING, f"the {needs} is not known yet" if needs != "etrn" else "only for ETRN")]
        method = _METHODS.get(name)
        argument = restriction.argument.text if restriction.argument is not None else ""
        if method is not None:
            return method(self, argument, known)
        if name.startswith("check_"):
            return self._check(name, argument, known)
        return [Effect(NOTHING, "an ordinary client gives no cause")]

    def _open(self, restriction: Restriction) -> list[Effect]:
        word = restriction.word.text
        return fork(
            word,
            "setting",
            [
                (f"`{word}` does nothing", Effect(NOTHING, "not known here")),
                (f"`{word}` refuses", Effect(REFUSE, "not known here", PERMANENT)),
                (f"`{word}` permits", Effect(PERMIT, "not known here")),
            ],
        )

    def _permit(self, argument: str, known: Known) -> list[Effect]:
        return [Effect(PERMIT, "permits everybody")]

    def _reject(self, argument: str, known: Known) -> list[Effect]:
        return [Effect(REFUSE, "refuses everybody", self._digit("reject_code"))]

    def _defer(self, argument: str, known: Known) -> list[Effect]:
        return [Effect(REFUSE, "refuses everybody for now", self._digit("defer_code"))]

    def _defer_if_permit(self, argument: str, known: Known) -> list[Effect]:
        return [Effect(DEFER_IF_PERMIT, "what would be accepted is refused for now")]

    def _defer_if_reject(self, argument: str, known: Known) -> list[Effect]:
        return [Effect(DEFER_IF_REJECT, "what would be refused for good is refused for now")]

    def _digit(self, parameter: str) -> int:
        """The first digit of the reply code in *parameter*; what is no such code becomes 450."""
        text = self.view.value(parameter).text or ""
        return PERMANENT if len(text) == 3 and text.startswith("5") else TEMPORARY

    # clients

    def _permit_mynetworks(self, argument: str, known: Known) -> list[Effect]:
        return self.in_networks()

    def _permit_inet_interfaces(self, argument: str, known: Known) -> list[Effect]:
        address = self.client.address
        own = self.domains.of(f"[{address}]").kind == LOCAL
        return [Effect(PERMIT, "the client is this host") if own else Effect(NOTHING, "it is another host")]

    def _permit_sasl_authenticated(self, argument: str, known: Known) -> list[Effect]:
        if self.client.kind != LOGGED_IN or not known.login or not self.has_sasl:
            return [Effect(NOTHING, "the client has not logged in")]
        return [Effect(PERMIT, "the client has logged in")]

    def _permit_tls_clientcerts(self, argument: str, known: Known) -> list[Effect]:
        if self.client.kind != CERTIFIED or not known.certificate:
            return [Effect(NOTHING, "the client has no certificate")]
        if self.view.value("relay_clientcerts").text == "":
            return [Effect(NOTHING, "relay_clientcerts lists no certificate")]
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

    def _permit_tls_all_clientcerts(self, argument: str, known: Known) -> list[Effect]:
        if self.client.kind != CERTIFIED or not known.certificate:
            return [Effect(NOTHING, "the client has no certificate")]
        return fork(
            "the client's certificate",
            "tls",
            [
                ("its certificate is from a trusted authority", Effect(PERMIT, "its certificate is trusted")),
                (
                    "its certificate is from no trusted authority",
                    Effect(NOTHING, "its certificate is not trusted"),
                ),
            ],
        )

    def _reject_plaintext_session(self, argument: str, known: Known) -> list[Effect]:
        must_encrypt = self.client.kind == LOGGED_IN and self.view.boolean("smtpd_tls_auth_only") is True
        if self.client.kind == CERTIFIED or must_encrypt or requires_tls(self.view):
            return [Effect(NOTHING, "the session is encrypted")]
        refuse = Effect(REFUSE, "the session is not encrypted", self._digit("plaintext_reject_code"))
        if not has_tls(self.view):
            return [refuse]
        if self.client.exact:
            return [refuse]
        return fork(
            "encryption",
            "tls",
            [
                ("the session is encrypted", Effect(NOTHING, "the session is encrypted")),
                ("the session is not encrypted", refuse),
            ],
        )

    def _reject_unknown_client(self, argument: str, known: Known) -> list[Effect]:
        refuse = Effect(REFUSE, "its address has no name", self._digit("unknown_client_reject_code"))
        if self.client.exact:
            return [refuse if self.client.name == "unknown" else Effect(NOTHING, "its address has a name")]
        return self._names("the client's address has a name", "the client's address has no name", refuse)

    def _names(self, usual: str, unusual: str, refuse: Effect, *more: tuple[str, Effect]) -> list[Effect]:
        return fork("the DNS", "dns", [(usual, Effect(NOTHING, usual)), (unusual, refuse), *more])

    # lists in the DNS

    def _reject_rbl(self, argument: str, known: Known, what: str = "the client") -> list[Effect]:
        zone = dns_list(argument).domain
        refuse = Effect(REFUSE, f"{zone} lists {what}", self._digit("maps_rbl_reject_code"))
        return fork(
            zone,
            "dns",
            [
                (f"{zone} does not list {what}", Effect(NOTHING, f"{zone} does not list {what}")),
                (f"{zone} lists {what}", refuse),
            ],
        )

    def _reject_maps_rbl(self, argument: str, known: Known) -> list[Effect]:
        return self._reject_rbl("maps_rbl_domains", known)

    def _reject_rhsbl_client(self, argument: str, known: Known) -> list[Effect]:
        if self.client.name == "unknown":
            return [Effect(NOTHING, "the client has no name")]
        return self._reject_rbl(argument, known, "the client's name")

    def _reject_rhsbl_helo(self, argument: str, known: Known) -> list[Effect]:
        return self._reject_rbl(argument, known, "the HELO name")

    def _reject_rhsbl_sender(self, argument: str, known: Known) -> list[Effect]:
        if not self.sender.address:
            return [Effect(NOTHING, "the sender is <>")]
        return self._reject_rbl(argument, known, "the sender's domain")

    def _reject_rhsbl_recipient(self, argument: str, known: Known) -> list[Effect]:
        return self._reject_rbl(argument, known, "the recipient's domain")

    def _permit_dnswl(self, argument: str, known: Known) -> list[Effect]:
        if known.is_rcpt and known.recipient:
            if self.recipient_class.kind == BROKEN:
                return self._broken()
            if not self._is_authorised():
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

    def _permit_rhswl(self, argument: str, known: Known) -> list[Effect]:
        if self.client.name == "unknown":
            return [Effect(NOTHING, "the client has no name")]
        return self._permit_dnswl(argument, known)

    # names that the DNS must know

    def _reject_unknown_helo(self, argument: str, known: Known) -> list[Effect]:
        refuse = Effect(REFUSE, "the HELO name does not exist", self._digit("unknown_hostname_reject_code"))
        return self._names(
            "the HELO name exists",
            "the HELO name does not exist",
            refuse,
            ("the DNS does not answer for the HELO name", self._no_answer("unknown_helo_hostname")),
        )

    def _no_answer(self, what: str) -> Effect:
        action = self.view.value(f"{what}_tempfail_action").text
        if action == "defer":
            return Effect(REFUSE, "no answer", TEMPORARY)
        return Effect(DEFER_IF_PERMIT, "no answer")

    def _reject_unknown_sender(self, argument: str, known: Known) -> list[Effect]:
        if not self.sender.address:
            return [Effect(NOTHING, "the sender is <>")]
        return self._unknown_domain(self.sender_class, "sender")

    def _reject_unknown_recipient(self, argument: str, known: Known) -> list[Effect]:
        return self._unknown_domain(self.recipient_class, "recipient")

    def _unknown_domain(self, kind: Class, what: str) -> list[Effect]:
        if kind.kind == BROKEN:
            return self._broken()
        if kind.is_final:
            return [Effect(NOTHING, f"the {what}'s domain is this host's")]
        refuse = Effect(
            REFUSE, f"the {what}'s domain does not exist", self._digit("unknown_address_reject_code")
        )
        return self._names(
            f"the {what}'s domain exists",
            f"the {what}'s domain does not exist",
            refuse,
            (f"the DNS does not answer for the {what}'s domain", self._no_answer("unknown_address")),
        )

    def _reject_non_fqdn_sender(self, argument: str, known: Known) -> list[Effect]:
        return self._non_fqdn(self.sender, "sender")

    def _reject_non_fqdn_recipient(self, argument: str, known: Known) -> list[Effect]:
        return self._non_fqdn(self.recipient, "recipient")

    def _non_fqdn(self, party: Party, what: str) -> list[Effect]:
        domain = party.address.rpartition("@")[2]
        if not party.address or "." in domain or domain.startswith("["):
            return [Effect(NOTHING, f"the {what}'s domain is complete")]
        return [Effect(REFUSE, f"the {what}'s domain has no dot", self._digit("non_fqdn_reject_code"))]

    # probes

    def _reject_unverified_sender(self, argument: str, known: Known) -> list[Effect]:
        if not self.sender.address:
            return [Effect(NOTHING, "the sender is <>")]
        return self._probe("sender")

    def _reject_unverified_recipient(self, argument: str, known: Known) -> list[Effect]:
        return self._probe("recipient")

    def _probe(self, what: str) -> list[Effect]:
        bounced = Effect(REFUSE, "the probe came back", self._digit(f"unverified_{what}_reject_code"))
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

    # recipients

    def _broken(self) -> list[Effect]:
        parameter = self.recipient_class.parameter or self.sender_class.parameter
        return [Effect(SERVER_ERROR, f"{parameter} cannot be used")]

    def _is_authorised(self) -> bool:
        return self.recipient_class.is_final or self.recipient_class.kind == RELAY

    def _destination(self) -> str:
        kind = self.recipient_class
        if not self._is_authorised():
            return "the recipient's domain is not this host's"
        return f"the recipient's domain is in {kind.parameter}" if kind.parameter else "a domain of this host"

    def _unauth_destination(self, digit: int) -> list[Effect]:
        if self.recipient_class.kind == BROKEN:
            return self._broken()
        if self._is_authorised():
            return [Effect(NOTHING, self._destination())]
        return [Effect(REFUSE, self._destination(), digit)]

    def _reject_unauth_destination(self, argument: str, known: Known) -> list[Effect]:
        return self._unauth_destination(self._digit("relay_domains_reject_code"))

    def _defer_unauth_destination(self, argument: str, known: Known) -> list[Effect]:
        return self._unauth_destination(TEMPORARY)

    def _permit_auth_destination(self, argument: str, known: Known) -> list[Effect]:
        if self.recipient_class.kind == BROKEN:
            return self._broken()
        return [Effect(PERMIT if self._is_authorised() else NOTHING, self._destination())]

    def _check_relay_domains(self, argument: str, known: Known) -> list[Effect]:
        client = matches(self.view, "relay_domains", DOMAIN, self.client.name, otherwise=NO)
        if client.answer == YES:
            return [Effect(PERMIT, "the client is in relay_domains")]
        if self._is_authorised():
            return [Effect(PERMIT, self._destination())]
        return self._unauth_destination(self._digit("relay_domains_reject_code"))

    def _permit_mx_backup(self, argument: str, known: Known) -> list[Effect]:
        if self.recipient_class.kind == BROKEN:
            return self._broken()
        if self._is_authorised():
            return [Effect(PERMIT, self._destination())]
        if self.recipient.address.rpartition("@")[2].startswith("["):
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

    # listed addresses

    def _reject_unlisted_recipient(self, argument: str, known: Known) -> list[Effect]:
        return self.unlisted(self.recipient, self.recipient_class, is_sender=False)

    def _reject_unlisted_sender(self, argument: str, known: Known) -> list[Effect]:
        if not self.sender.address:
            return [Effect(NOTHING, "the sender is <>")]
        return self.unlisted(self.sender, self.sender_class, is_sender=True)

    def unlisted(self, party: Party, kind: Class, is_sender: bool) -> list[Effect]:
        """Whether an address is in the table of its class (check_rcpt_maps)."""
        if kind.kind == BROKEN:
            return self._broken()
        if self.view.value("receive_override_options").text not in ("", None):
            options = {item.text.lower() for item in self.view.items("receive_override_options")}
            if "no_unknown_recipient_checks" in options:
                return [Effect(NOTHING, "receive_override_options leaves it out")]
        rewriting = ["recipient_canonical_maps", "canonical_maps", "virtual_alias_maps"]
        if is_sender:
            rewriting.append("sender_canonical_maps")
        if not party.exact:
            if kind.kind == ALIAS:
                return [Effect(NOTHING, "the address exists")]
        elif any(self._address_in(parameter, party.address) for parameter in rewriting):
            return [Effect(NOTHING, "the address is rewritten")]
        transport, parameter = self.domains.transport(party.address, kind)
        if transport in ("error", "retry"):
            digit = PERMANENT if transport == "error" else TEMPORARY
            if kind.kind == ALIAS:
                digit = self._digit("unknown_virtual_alias_reject_code")
            return [Effect(REFUSE, f"{parameter} refuses mail for it ({transport})", digit)]
        listed = {
            LOCAL: "local_recipient_maps",
            MAILBOX: "virtual_mailbox_maps",
            RELAY: "relay_recipient_maps",
        }.get(kind.kind, "")
        if not listed or not party.exact or self.view.value(listed).text == "":
            return [Effect(NOTHING, "the address is taken to exist")]
        if self._address_in(listed, party.address) is False and not _is_special(party.address, kind):
            code = {
                LOCAL: "unknown_local_recipient_reject_code",
                MAILBOX: "unknown_virtual_mailbox_reject_code",
                RELAY: "unknown_relay_recipient_reject_code",
            }[kind.kind]
            return [Effect(REFUSE, f"{listed} does not list it", self._digit(code))]
        return [Effect(NOTHING, f"{listed} lists it")]

    def _address_in(self, parameter: str, address: str) -> bool | None:
        """Whether the tables of *parameter* have *address* (global/mail_addr_find.c); None: unknown."""
        address = self.domains.qualified(address)
        user, _, domain = address.rpartition("@")
        keys = [address]
        bare = self._without_extension(user)
        if bare != user:
            keys.append(f"{bare}@{domain}")
        is_local = self.domains.of(domain).kind == LOCAL
        keys += [user, bare] if is_local else []
        unknown = False
        for item in self.view.items(parameter):
            table = open_table(item.text, self.view)
            for key in (*keys, f"@{domain}"):
                found = table.find(key)
                if found.state == FOUND:
                    return True
                unknown |= found.state == UNKNOWN
        return None if unknown else False

    def _without_extension(self, user: str) -> str:
        for delimiter in self.view.value("recipient_delimiter").text or "":
            user = user.split(delimiter)[0] or user
        return user

    # logins

    def _auth_mismatch(self, argument: str, known: Known) -> list[Effect]:
        return self._mismatch(known, may_be_unknown=False)

    def _known_mismatch(self, argument: str, known: Known) -> list[Effect]:
        if self.client.kind == LOGGED_IN:
            return self._mismatch(known, may_be_unknown=True)
        return self._unauth_mismatch(argument, known)

    def _is_about_login(self) -> bool:
        return self.has_sasl and bool(self.sender.address)

    def _mismatch(self, known: Known, may_be_unknown: bool) -> list[Effect]:
        if not self._is_about_login() or self.client.kind != LOGGED_IN or not known.login:
            return [Effect(NOTHING, "it is not about this message")]
        refuse = Effect(REFUSE, "the login does not own the sender address", PERMANENT)
        if self.view.value("smtpd_sender_login_maps").text == "":
            if may_be_unknown:
                return [Effect(NOTHING, "smtpd_sender_login_maps is empty")]
            return [refuse._replace(why="smtpd_sender_login_maps is empty, so no login owns any address")]
        unlisted = self._address_in("smtpd_sender_login_maps", self.sender.address) is False
        if unlisted and self.sender.exact:
            return [Effect(NOTHING, "the sender has no owner") if may_be_unknown else refuse]
        return fork(
            "smtpd_sender_login_maps",
            "table",
            [
                ("the login owns the sender address", Effect(NOTHING, "the login owns the sender address")),
                ("the login does not own the sender address", refuse),
            ],
            first_is_usual=self.sender.kind == OWN,
        )

    def _unauth_mismatch(self, argument: str, known: Known) -> list[Effect]:
        if not self._is_about_login() or (self.client.kind == LOGGED_IN and known.login):
            return [Effect(NOTHING, "it is not about this message")]
        if self.view.value("smtpd_sender_login_maps").text == "":
            return [Effect(NOTHING, "smtpd_sender_login_maps is empty")]
        refuse = Effect(REFUSE, "the sender address has an owner, who must log in", PERMANENT)
        listed = self._address_in("smtpd_sender_login_maps", self.sender.address)
        if listed:
            return [refuse]
        if listed is False and self.sender.exact:
            return [Effect(NOTHING, "the sender address has no owner")]
        return fork(
            "smtpd_sender_login_maps",
            "table",
            [
                ("nobody owns the sender address", Effect(NOTHING, "nobody owns the sender address")),
                ("somebody owns the sender address", refuse),
            ],
            first_is_usual=self.sender.kind != OWN,
        )

    def _login_mismatch(self, argument: str, known: Known) -> list[Effect]:
        if self.client.kind == LOGGED_IN and known.login:
            return self._mismatch(known, may_be_unknown=False)
        return self._unauth_mismatch(argument, known)

    # policy servers and tables

    def _policy(self, argument: str, known: Known) -> list[Effect]:
        server = endpoint(argument).text
        said = f"the policy server {server}"
        return fork(
            server,
            "policy",
            [
                (f"{said} has nothing against it", Effect(NOTHING, "the policy server leaves it open")),
                (f"{said} refuses", Effect(REFUSE, "the policy server refuses", PERMANENT)),
                (f"{said} refuses for now", Effect(REFUSE, "the policy server refuses for now", TEMPORARY)),
                (f"{said} permits", Effect(PERMIT, "the policy server permits")),
                (f"{said} asks to come back", Effect(DEFER_IF_PERMIT, "the policy server asks to come back")),
            ],
        )

    def _check(self, name: str, argument: str, known: Known) -> list[Effect]:
        """A ``check_..._access``."""
        who = name.removeprefix("check_").removesuffix("_access")
        text = table_argument(argument).table
        table = open_table(text, self.view)
        if who.endswith(("_ns", "_mx", "_a")):
            return self._check_servers(name, who.rpartition("_")[0], text, table)
        if who == "sasl":
            if self.client.kind != LOGGED_IN or not known.login or not self.has_sasl:
                return [Effect(NOTHING, "the client has not logged in")]
            return self._any(name, text, table, "the login")
        if who == "ccert":
            if self.client.kind != CERTIFIED or not known.certificate:
                return [Effect(NOTHING, "the client has no certificate")]
            return self._any(name, text, table, "the certificate")
        return self._look_up(name, text, table, *self._keys(who, table))

    def _keys(self, who: str, table: Contents) -> tuple[list[str], str, Callable[[str], bool], bool]:
        """The keys that are looked up, what they are, which other keys may be, and whether those count."""
        style = parent_style(self.view, "smtpd_access_maps")
        if who in ("client", "reverse_client_hostname"):
            client = self.client
            keys = _domain_keys(client.name, table, style) + _address_keys(client.address, table)
            return keys, "the client", self._may_be_client, client.exact
        if who == "helo":
            keys = _domain_keys(self.client.helo, table, style)
            return keys, "the HELO name", lambda key: packed(key) is None, self.client.exact
        party, kind = (
            (self.sender, self.sender_class) if who == "sender" else (self.recipient, self.recipient_class)
        )
        if not party.address:
            key = self.view.value("smtpd_null_access_lookup_key").text or "<>"
            return [key], "the sender", lambda key: False, True
        keys = self._mail_keys(party.address, table, style)
        return keys, f"the {who}", lambda key: self._may_be_party(key, kind), party.exact

    def _may_be_client(self, key: str) -> bool:
        """Whether another client of the kind may have this key."""
        kind = self.client.kind
        digits = key.replace(".", "").replace(":", "").isalnum() and key[:1].isdigit()
        if kind == LOOPBACK:
            return key.startswith("127") or "localhost" in key
        if not digits or kind == INSIDER:
            return True
        address = key if packed(key) else ".".join([*key.split("."), "0", "0", "0"][:4])
        return not any(in_network(address, item.text) for item in self.view.items("mynetworks") if item.known)

    def _may_be_party(self, key: str, kind: Class) -> bool:
        """Whether an address of the kind may have this key."""
        if key == (self.view.value("smtpd_null_access_lookup_key").text or "<>"):
            return False
        domain = key.rpartition("@")[2].removeprefix(".")
        if not domain or key.startswith("/") or not is_domain(domain):
            return True
        return self.domains.of(domain).recipient == kind.recipient

    def _mail_keys(self, address: str, table: Contents, style: bool) -> list[str]:
        """The keys of global/mail_addr_find.c for access tables."""
        address = self.domains.qualified(address)
        user, _, domain = address.rpartition("@")
        if not table.is_fixed:
            return [address]
        bare = self._without_extension(user)
        keys = [address, f"{bare}@{domain}", domain, *parents(domain, style), f"{user}@", f"{bare}@"]
        return list(dict.fromkeys(keys))

    def _look_up(
        self,
        name: str,
        text: str,
        table: Contents,
        keys: list[str],
        what: str,
        may_be: Callable[[str], bool],
        exact: bool,
    ) -> list[Effect]:
        found = Found("missing")
        for key in keys:
            found = table.find(key)
            if found.state != "missing":
                break
        if found.state == FAILED:
            return [Effect(REFUSE, f"each look-up in {text} fails", TEMPORARY)]
        if found.state == UNKNOWN:
            return self._unknown_table(name, text, what)
        if found.state == FOUND:
            first = self._result(name, text, found, what)
        else:
            first = Effect(NOTHING, f"{text} does not list {what}")
        others = () if exact else (entry for entry in table.entries() if may_be(entry.key))
        return self._with_others(name, text, what, first, others)

    def _with_others(
        self, name: str, text: str, what: str, first: Effect, others: Iterable[Found]
    ) -> list[Effect]:
        """The effect for this client or address, and those for others of the kind."""
        different: dict[tuple[str, int, str], tuple[str, Effect]] = {}
        seen = (first.kind, first.digit, first.text)
        for entry in others:
            effect = self._result(name, text, entry, what)
            key = (effect.kind, effect.digit, effect.text)
            if key != seen and effect.kind != NOTHING:
                different.setdefault(key, (f"{_place(text, entry)} has {what}", effect))
        if not different:
            return [first]
        return fork(text, "table", [(first.why, first), *different.values()])

    def _result(self, name: str, text: str, found: Found, what: str) -> Effect:
        """What an entry orders."""
        config = self.view.configuration
        result = access_result.access_result(found.value, config.version)
        why = f"{_place(text, found)} has {what}: {found.value}"
        problem = result_problem(result, found.key)
        if problem is not None and problem.refuses:
            return Effect(SERVER_ERROR, why)
        if result.effect == access_result.PERMIT and name in NEVER_PERMITS:
            return Effect(SERVER_ERROR, f"{why}, which is not allowed to permit")
        return self._effect(result, why, name)

    def _effect(self, result: AccessResult, why: str, name: str) -> Effect:
        if result.effect == access_result.RESTRICTIONS:
            return Effect(LIST, why, text=result.text, may_permit=name not in NEVER_PERMITS)
        if result.effect in (access_result.REJECT, access_result.DEFER):
            digit = PERMANENT if result.effect == access_result.REJECT else TEMPORARY
            if result.action:
                digit = self._digit(f"access_map_{result.action.lower()}_code")
            return Effect(REFUSE, why, digit)
        later = {
            access_result.DEFER_IF_PERMIT: DEFER_IF_PERMIT,
            access_result.DEFER_IF_REJECT: DEFER_IF_REJECT,
        }.get(result.effect)
        if later is not None:
            return Effect(later, why, self._digit("access_map_defer_code"))
        kind = {
            access_result.PERMIT: PERMIT,
            access_result.DISCARD: DISCARD,
            access_result.HANGUP: HANGUP,
        }.get(result.effect, NOTHING)
        return Effect(kind, why)

    def _unknown_table(self, name: str, text: str, what: str) -> list[Effect]:
        permits = (
            Effect(SERVER_ERROR, "the table permits, which is an error")
            if name in NEVER_PERMITS
            else Effect(PERMIT, f"{text} permits {what}")
        )
        return fork(
            text,
            "table",
            [
                (f"{text} has nothing about {what}", Effect(NOTHING, f"{text} has nothing about {what}")),
                (f"{text} refuses {what}", Effect(REFUSE, f"{text} refuses {what}", PERMANENT)),
                (
                    f"{text} refuses {what} for now",
                    Effect(REFUSE, f"{text} refuses {what} for now", TEMPORARY),
                ),
                (f"{text} permits {what}", permits),
            ],
        )

    def _any(self, name: str, text: str, table: Contents, what: str) -> list[Effect]:
        """A look-up of something that is not known here."""
        if not table.is_known:
            return self._unknown_table(name, text, what)
        first = Effect(NOTHING, f"{text} does not list {what}")
        entries = list(table.entries())
        if entries and entries[0].key == "*":
            return [self._result(name, text, entries[0], what)]
        return self._with_others(name, text, what, first, entries)

    def _check_servers(self, name: str, who: str, text: str, table: Contents) -> list[Effect]:
        if who in ("client", "reverse_client_hostname") and self.client.name == "unknown":
            return [Effect(NOTHING, "the client has no name")]
        if who == "sender" and not self.sender.address:
            return [Effect(NOTHING, "the sender is <>")]
        what = f"a server of the {who.replace('_', ' ')}"
        if not table.is_known:
            return self._unknown_table(name, text, what)
        first = Effect(NOTHING, f"{text} does not list {what}")
        return self._with_others(name, text, what, first, table.entries())


def fork(
    subject: str, kind: str, alternatives: list[tuple[str, Effect]], *, first_is_usual: bool = True
) -> list[Effect]:
    """The effects of *alternatives*, the usual one first, each with what is taken for granted."""
    question = alternatives[0][0] if kind != "policy" else ""
    effects = [
        effect._replace(
            condition=Condition(subject, kind, answer, (at == 0) is first_is_usual), question=question
        )
        for at, (answer, effect) in enumerate(alternatives)
    ]
    return effects if first_is_usual else [*effects[1:], effects[0]]


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


def _is_special(address: str, kind: Class) -> bool:
    """Whether a local address is accepted whatever the table says."""
    user = address.partition("@")[0].lower()
    return kind.kind == LOCAL and user in ("postmaster", "mailer-daemon", "double-bounce")


def _domain_keys(name: str, table: Contents, style: bool) -> list[str]:
    if not table.is_fixed or packed(name) is not None:
        return [name]
    return [name, *parents(name, style)]


def _address_keys(address: str, table: Contents) -> list[str]:
    """The address and the networks that end at its dots or colons."""
    keys = [address]
    delimiter = ":" if ":" in address else "."
    while table.is_fixed and delimiter in keys[-1]:
        keys.append(keys[-1].rpartition(delimiter)[0])
    return keys


def _place(text: str, found: Found) -> str:
    return f"{text} (line {found.line})" if found.line else text


_METHODS: dict[str, Callable[[Words, str, Known], list[Effect]]] = {
    "check_policy_service": Words._policy,
    "check_recipient_maps": Words._reject_unlisted_recipient,
    "check_relay_domains": Words._check_relay_domains,
    "defer": Words._defer,
    "defer_if_permit": Words._defer_if_permit,
    "defer_if_reject": Words._defer_if_reject,
    "defer_unauth_destination": Words._defer_unauth_destination,
    "permit": Words._permit,
    "permit_auth_destination": Words._permit_auth_destination,
    "permit_dnswl_client": Words._permit_dnswl,
    "permit_inet_interfaces": Words._permit_inet_interfaces,
    "permit_mx_backup": Words._permit_mx_backup,
    "permit_mynetworks": Words._permit_mynetworks,
    "permit_rhswl_client": Words._permit_rhswl,
    "permit_sasl_authenticated": Words._permit_sasl_authenticated,
    "permit_tls_all_clientcerts": Words._permit_tls_all_clientcerts,
    "permit_tls_clientcerts": Words._permit_tls_clientcerts,
    "reject": Words._reject,
    "reject_authenticated_sender_login_mismatch": Words._auth_mismatch,
    "reject_known_sender_login_mismatch": Words._known_mismatch,
    "reject_maps_rbl": Words._reject_maps_rbl,
    "reject_non_fqdn_recipient": Words._reject_non_fqdn_recipient,
    "reject_non_fqdn_sender": Words._reject_non_fqdn_sender,
    "reject_plaintext_session": Words._reject_plaintext_session,
    "reject_rbl": Words._reject_rbl,
    "reject_rbl_client": Words._reject_rbl,
    "reject_rhsbl_client": Words._reject_rhsbl_client,
    "reject_rhsbl_helo": Words._reject_rhsbl_helo,
    "reject_rhsbl_recipient": Words._reject_rhsbl_recipient,
    "reject_rhsbl_reverse_client": Words._reject_rhsbl_client,
    "reject_rhsbl_sender": Words._reject_rhsbl_sender,
    "reject_sender_login_mismatch": Words._login_mismatch,
    "reject_unauth_destination": Words._reject_unauth_destination,
    "reject_unauthenticated_sender_login_mismatch": Words._unauth_mismatch,
    "reject_unknown_address": Words._reject_unknown_sender,
    "reject_unknown_client": Words._reject_unknown_client,
    "reject_unknown_client_hostname": Words._reject_unknown_client,
    "reject_unknown_helo_hostname": Words._reject_unknown_helo,
    "reject_unknown_hostname": Words._reject_unknown_helo,
    "reject_unknown_recipient_domain": Words._reject_unknown_recipient,
    "reject_unknown_reverse_client_hostname": Words._reject_unknown_client,
    "reject_unknown_sender_domain": Words._reject_unknown_sender,
    "reject_unlisted_recipient": Words._reject_unlisted_recipient,
    "reject_unlisted_sender": Words._reject_unlisted_sender,
    "reject_unverified_recipient": Words._reject_unverified_recipient,
    "reject_unverified_sender": Words._reject_unverified_sender,
}
