"""Access lists that chance wrote, and what is asked of the smtpd that has them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from lab.smtp_probe import USER, Caller
from maillint.postfix.access import FOREIGN, INSIDER, LOGGED_IN, LOOPBACK, NULL, OWN, STRANGER, Client, Party
from maillint.postfix.address_class import LOCAL, RELAY, VIRTUAL

MAIN_CF = """\
mydestination = local.example, $myhostname, localhost
mynetworks = 127.0.0.0/8 10.0.0.0/8
proxy_read_maps = proxy:texthash:@DIR@/etc/mails
smtpd_sasl_type = dovecot
smtpd_sasl_auth_enable = yes
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
smtpd_junk_command_limit = 1000
smtpd_client_connection_count_limit = 0
smtpd_client_restrictions =
smtpd_helo_restrictions =
smtpd_sender_restrictions =
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
local_recipient_maps = inline:{ someone=x, friend=x }
virtual_alias_domains = alias.example
virtual_alias_maps = inline:{ someone@alias.example=someone@local.example }
virtual_mailbox_domains = mailbox.example, static.example
virtual_mailbox_maps = inline:{ someone@mailbox.example=x, @static.example=x }
relay_domains = relay.example, .branch.example
local_transport = discard:
virtual_transport = discard:
relay_transport = discard:
default_transport = discard:
smtpd_restriction_classes = trusted, harmless, final, careful, outer, mistaken
trusted = permit_mynetworks, permit_sasl_authenticated
harmless = reject_unauth_pipelining, check_sender_access static:DUNNO
final = permit_mynetworks, reject
careful = warn_if_reject reject_unauth_destination, defer_if_permit
outer = trusted, check_recipient_access inline:{ friend@foreign.example=OK }, careful
mistaken = reject_unknown_things
"""
"""What all instances have in common."""

RECORDS = {
    ("77.100.51.198.listed.invalid", "A"): "127.0.0.2",
    ("foreign.example.listed.invalid", "A"): "127.0.0.2",
    ("foreign.example", "MX"): "10 mx.foreign.example.",
    ("mx.foreign.example", "A"): "192.0.2.10",
    ("client.example.net", "A"): "192.0.2.11",
}
"""What the DNS knows."""


def looked_up(name: str, type: str) -> str | None:
    """What the DNS has for a name; empty: nothing of this type; None: there is no such name."""
    exists = any(known == name for known, _ in RECORDS)
    return RECORDS.get((name, type), "" if exists else None)


FILES = {
    "mails": """\
# Keys of several forms, one in capitals, one on a line that goes on.
friend@foreign.example  OK
Foreign.Example         permit_mynetworks,
    reject
someone@                DEFER_IF_PERMIT
<>                      DEFER_IF_REJECT
"someone@relay.example" reject_unauth_destination
local.example           450 4.7.1 later
relay.example:          OK
""",
    "twice": "foreign.example OK\nfriend@foreign.example OK\nFOREIGN.example REJECT\n",
    "nets": """\
if 10.0.0.0/8
!10.1.0.0/16            REJECT
10.1.2.0/24             trusted
endif
if !198.51.100.77
198.51.100.0/24         DEFER
198.51.100.0/23         no such network
endif
127.0.0.1               DUNNO
127.0.0.0/8             REJECT
""",
    "patterns": """\
if /example/
if !/^friend@/
/^someone@(LOCAL|relay)\\.example$/   OK
/^someone@(local)\\.example$/i        REJECT
/@sub\\.(.*)$/                        550 no mail for ${1}
endif
/^friend/                            DEFER_IF_PERMIT
endif
/^[0-9]+\\.[[:digit:]]*\\./            permit_sasl_authenticated
/unknown/                            harmless
""",
}
"""Tables beside main.cf."""

VARIANTS = (
    "",
    "parent_domain_matches_subdomains =\n",
    "mynetworks = 127.0.0.1, !10.1.2.3, 10.0.0.0/8\nrelay_domains = $mydestination\n",
    "mydestination =\nlocal_recipient_maps =\nvirtual_mailbox_maps =\n",
    "mynetworks = 10.9.9.9/8 127.0.0.0/8\n",
    "transport_maps = inline:{ relay.example=error:closed, .foreign.example=retry:later }\n",
    "virtual_alias_domains = $virtual_alias_maps\nvirtual_alias_maps = static:someone@local.example\n",
    "relay_domains = regexp:{ {/relay/ x} }, cidr:{ {10.0.0.0/8 x} }\n"
    "relay_recipient_maps = inline:{someone@relay.example=x}\n",
    "mynetworks = cidr:{ {10.0.0.0/8 REJECT} }, [::1]/128\n",
    "soft_bounce = yes\n",
)
"""What instances differ in."""

RESULTS = (
    *("OK", "REJECT", "DUNNO", "DEFER", "DEFER_IF_PERMIT", "DEFER_IF_REJECT later") * 3,
    *("450 later", "550 no", "421 go away", "RELAY", "20260101", "permit", "reject", "ACCEPT", "250 fine"),
    *(
        "INFO x",
        "WARN",
        "HOLD",
        "FILTER discard:",
        "FILTER",
        "PREPEND X-Test: y",
        "DISCARD",
        "REDIRECT a@b.example",
    ),
    *(
        "reject_unauth_destination",
        "permit_mynetworks reject",
        "trusted",
        "careful",
        "Trusted",
        "warn_if_reject reject",
    ),
    *("reject_unauth_destination permit", "REJECTED", "static:OK", "sleep 0", "harmless final", "outer"),
)
CLIENT_KEYS = (
    "10",
    "10.1",
    "10.1.2.3",
    "127.0.0.1",
    "198.51.100.77",
    "198.51",
    "unknown",
    "partner.example",
    "example",
)
HELO_KEYS = ("client.example.net", "example.net", ".example.net", "net", "other.example")
MAIL_KEYS = (
    *(
        "friend@foreign.example",
        "foreign.example",
        ".foreign.example",
        "friend@",
        "someone@",
        "local.example",
    ),
    *(
        "someone@relay.example",
        "relay.example",
        "example",
        "someone@alias.example",
        "<>",
        "sub.foreign.example",
    ),
    "mailbox.example",
)
PATTERNS = (
    *(
        "/example/",
        "/^friend@/",
        "/^someone@(local|relay)\\.example$$/",
        "!/local/",
        "/^10\\./",
        "/[[:digit:]]+\\.77$$/",
    ),
    *("/./", "/client/", "/^unknown$$/"),
)
IN_FILES = (
    "texthash:@DIR@/etc/mails",
    "cidr:@DIR@/etc/nets",
    "regexp:@DIR@/etc/patterns",
    "pcre:@DIR@/etc/patterns",
    "unionmap:{texthash:@DIR@/etc/mails, inline:{ friend@foreign.example=DUNNO }}",
    "pipemap:{inline:{ friend@foreign.example=someone@ }, texthash:@DIR@/etc/mails}",
    "proxy:texthash:@DIR@/etc/mails",
    "texthash:@DIR@/etc/twice",
    "texthash:@DIR@/etc/missing",
)
NETWORKS = ("10.0.0.0/8", "127.0.0.1", "198.51.100.0/24", "0.0.0.0/0", "::/0", "!10.0.0.0/8")
ENDS = ("reject", "defer", "permit", "reject_unauth_destination", "defer_unauth_destination", "final")
PLAIN = (
    *("permit_mynetworks", "permit_sasl_authenticated", "reject_unauth_destination") * 4,
    *("warn_if_reject", "permit_auth_destination", "defer_if_permit", "defer_if_reject") * 3,
    *(
        "permit_inet_interfaces",
        "check_relay_domains",
        "defer_unauth_destination",
        "reject_plaintext_session",
    ),
    *(
        "reject_unauth_pipelining",
        "reject_non_fqdn_sender",
        "reject_non_fqdn_recipient",
        "reject_invalid_helo_hostname",
    ),
    *(
        "reject_unlisted_recipient",
        "reject_unlisted_sender",
        "check_recipient_maps",
        "reject_unknown_client_hostname",
    ),
    *(
        "reject_sender_login_mismatch",
        "reject_authenticated_sender_login_mismatch",
        "reject_known_sender_login_mismatch",
    ),
    *(
        "reject_unauthenticated_sender_login_mismatch",
        "reject_multi_recipient_bounce",
        "permit_tls_clientcerts",
    ),
    *(
        "permit_tls_all_clientcerts",
        "permit_naked_ip_address",
        "reject_non_fqdn_helo_hostname",
        "sleep 0",
        "sleep",
    ),
    *(
        "trusted",
        "harmless",
        "final",
        "careful",
        "outer",
        "mistaken",
        "Trusted",
        "Permit_MyNetworks",
        "reject_nobody",
    ),
    *(
        "reject_rbl_client nowhere.invalid",
        "reject_rbl_client listed.invalid",
        "reject_rbl_client reject_unauth_destination",
        "permit_mx_backup",
    ),
    *(
        "permit_dnswl_client nowhere.invalid",
        "permit_dnswl_client listed.invalid",
        "reject_rhsbl_sender nowhere.invalid",
        "reject_rhsbl_sender listed.invalid",
        "reject_unknown_sender_domain",
    ),
    *(
        "check_client_access reject",
        "reject_unknown_recipient_domain",
        "check_sender_mx_access static:REJECT",
    ),
    *("reject_unknown_helo_hostname", "reject_rhsbl_client nowhere.invalid", "check_ccert_access static:OK"),
    *("check_recipient_access fail:x", "check_client_access hash:/nowhere/x"),
)
LISTS = (
    *("smtpd_relay_restrictions", "smtpd_recipient_restrictions") * 4,
    *("smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions") * 2,
    *("smtpd_data_restrictions", "smtpd_end_of_data_restrictions"),
)
ETRN_LISTS = (
    *("smtpd_etrn_restrictions",) * 4,
    *("smtpd_client_restrictions", "smtpd_helo_restrictions") * 2,
    "smtpd_sender_restrictions",
)
"""The lists that are, or may seem to be, asked about ETRN."""
OPTIONS = (
    *("smtpd_delay_reject=no",) * 4,
    *("smtpd_relay_before_recipient_restrictions=no",) * 3,
    *("smtpd_reject_unlisted_sender=yes", "smtpd_reject_unlisted_recipient=no", "smtpd_sasl_auth_enable=no"),
    *(
        "reject_code=450",
        "access_map_reject_code=421",
        "access_map_defer_code=550",
        "relay_domains_reject_code=450",
    ),
    *("access_map_reject_code=999", "unknown_client_reject_code=550", "plaintext_reject_code=554"),
    *(
        "smtpd_sender_login_maps=inline:{friend@foreign.example=tester}",
        "smtpd_null_access_lookup_key=friend@",
    ),
    *("smtpd_sender_login_maps=inline:{someone@local.example=other}", "smtpd_tls_security_level=may"),
    *("receive_override_options=no_unknown_recipient_checks", "unknown_local_recipient_reject_code=450"),
)

CLIENTS = (
    Client(LOOPBACK, "127.0.0.1", exact=True),
    Client(INSIDER, "10.1.2.3", exact=True),
    Client(STRANGER, "198.51.100.77", exact=True),
    Client(LOGGED_IN, "198.51.100.77", exact=True),
    Client(STRANGER, "198.51.100.78", "gw.partner.example", exact=True),
)
SENDERS = (
    Party(OWN, "someone@local.example", exact=True),
    Party(OWN, "nobody@mailbox.example", exact=True),
    Party(FOREIGN, "friend@foreign.example", exact=True),
    Party(FOREIGN, "someone@sub.foreign.example", exact=True),
    Party(NULL, "", exact=True),
)
RECIPIENTS = (
    Party(LOCAL, "someone@local.example", exact=True),
    Party(LOCAL, "nobody@local.example", exact=True),
    Party(VIRTUAL, "someone@alias.example", exact=True),
    Party(VIRTUAL, "nobody@alias.example", exact=True),
    Party(VIRTUAL, "someone@mailbox.example", exact=True),
    Party(VIRTUAL, "nobody@mailbox.example", exact=True),
    Party(RELAY, "someone@relay.example", exact=True),
    Party(RELAY, "nobody@sub.relay.example", exact=True),
    Party(FOREIGN, "friend@foreign.example", exact=True),
    Party(FOREIGN, "someone@sub.foreign.example", exact=True),
    Party(FOREIGN, "someone@x.branch.example", exact=True),
    Party(LOCAL, "someone@[127.0.0.1]", exact=True),
    Party(LOCAL, "postmaster@local.example", exact=True),
)

ETRN_OPTIONS = (
    *("fast_flush_domains=inline:{foreign.example=x}, relay.example", "fast_flush_domains=static:x"),
    *("fast_flush_domains=10.0.0.1/8 relay.example", "fast_flush_domains=!sub.relay.example relay.example"),
    "fast_flush_domains=fail:x relay.example",
)
DOMAINS = (
    *("relay.example", "relay.example", "sub.relay.example", "x.branch.example", "RELAY.Example"),
    *("foreign.example", "local.example", "[127.0.0.1]"),
)
"""What ETRN asks for."""


class Case(NamedTuple):
    """One smtpd."""

    variant: int
    options: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Parameters, and their words, each with its argument."""
    asked: tuple[tuple[Client, Party, Party], ...]
    """Messages."""
    flushed: tuple[tuple[Client, str], ...] = ()
    """ETRN commands: who asks for which domain."""

    def __str__(self) -> str:
        lists = "\n".join(f"  {name} = {', '.join(words)}" for name, words in self.lists)
        return f"variant {VARIANTS[self.variant]!r} options {self.options}\n{lists}"

    @property
    def arguments(self) -> str:
        """The ``-o`` of the service."""
        texts = [f"-o {{ {option} }}" for option in self.options]
        texts += [f"-o {{ {name} = {', '.join(words)} }}" for name, words in self.lists]
        return " ".join(texts)

    @property
    def needs_whole(self) -> bool:
        """Whether a message must be sent to its end for all lists to be asked."""
        return any("data" in name for name, _ in self.lists)

    @property
    def is_named(self) -> bool:
        """Whether clients are introduced with their names, which takes XCLIENT."""
        words = [word for _, words in self.lists for word in words]
        # XCLIENT leaves alone what permit_inet_interfaces compares.
        return "smtpd_delay_reject=no" not in self.options and "permit_inet_interfaces" not in words


def caller(client: Client, named: bool) -> Caller:
    """How the probe presents *client*."""
    return Caller(client.address, client.name if named else "", client.kind == LOGGED_IN, client.helo)


def cases(seed: int, count: int, asked: int) -> list[Case]:
    """*count* cases, each with *asked* messages; the same for the same *seed*."""
    chance = random.Random(seed)
    return [_case(chance, at % len(VARIANTS), asked) for at in range(count)]


def _case(chance: random.Random, variant: int, asked: int) -> Case:
    options = tuple(
        {
            option.partition("=")[0]: option
            for option in chance.choices(OPTIONS, k=chance.choice((0, 0, 1, 1, 2, 3)))
        }.values()
    )
    names = list(dict.fromkeys(chance.choices(LISTS, k=chance.randint(1, 4))))
    lists = tuple((name, _words(chance, name)) for name in names)
    case = Case(variant, options, lists, ())
    clients = CLIENTS if case.is_named else CLIENTS[:-1]
    if "smtpd_sasl_auth_enable=no" in options:
        clients = tuple(client for client in clients if client.kind != LOGGED_IN)
    messages = {
        (chance.choice(clients), chance.choice(SENDERS), chance.choice(RECIPIENTS)) for _ in range(asked)
    }
    return case._replace(asked=tuple(sorted(messages)))


def etrn_cases(seed: int, count: int, asked: int) -> list[Case]:
    """*count* cases, each with *asked* ETRN commands; the same for the same *seed*."""
    chance = random.Random(seed)
    return [_etrn_case(chance, at % len(VARIANTS), asked) for at in range(count)]


def _etrn_case(chance: random.Random, variant: int, asked: int) -> Case:
    options = [option for option in ("smtpd_delay_reject=no",) if chance.random() < 0.3]
    options += [option for option in (chance.choice(ETRN_OPTIONS),) if chance.random() < 0.3]
    names = list(dict.fromkeys(chance.choices(ETRN_LISTS, k=chance.randint(1, 3))))
    case = Case(
        variant, tuple(options), tuple((name, _words(chance, name, _etrn_table)) for name in names), ()
    )
    clients = CLIENTS if case.is_named else CLIENTS[:-1]
    commands = {(chance.choice(clients), chance.choice(DOMAINS)) for _ in range(asked)}
    return case._replace(flushed=tuple(sorted(commands)))


def _etrn_table(chance: random.Random) -> str:
    """A table that is asked about the domain, or, as often, another one."""
    if chance.random() < 0.5:
        return _table(chance)
    pairs = {chance.choice(MAIL_KEYS): chance.choice(RESULTS) for _ in range(chance.randint(1, 3))}
    table = "inline:{ " + ", ".join(f"{{{key}={value}}}" for key, value in pairs.items()) + " }"
    if chance.random() < 0.2:
        table = chance.choice(IN_FILES)
    return f"{chance.choice(('check_etrn_access', 'check_etrn_access', ''))} {table}".strip()


CERTIFICATE_TABLES = ("static:OK", "fail:x", "regexp:{{/^[0-9A-F:]+$$/ OK}}")
SEARCH_ORDERS = ("cert_fingerprint", "pubkey_fingerprint", "pubkey_fingerprint cert_fingerprint")


def certified_lists(seed: int, count: int, prints: tuple[str, str]) -> list[str]:
    """*count* relay lists about certificates; *prints*: fingerprints of the certificate and its key."""
    chance = random.Random(seed)
    return [", ".join(_certified_words(chance, prints)) for _ in range(count)]


def _certified_words(chance: random.Random, prints: tuple[str, str]) -> list[str]:
    words = []
    for _ in range(chance.randint(1, 4)):
        pairs = {chance.choice((*prints, "AA:BB", prints[0].lower())): chance.choice(RESULTS) for _ in "ab"}
        table = "inline:{ " + ", ".join(f"{{{key} = {value}}}" for key, value in pairs.items()) + " }"
        order = chance.choice(
            ("cert_fingerprint", "pubkey_fingerprint", "pubkey_fingerprint cert_fingerprint")
        )
        words += chance.choice(
            (
                ["permit_tls_clientcerts"],
                ["permit_tls_all_clientcerts"],
                ["warn_if_reject"],
                ["permit_mynetworks", "reject_plaintext_session"],
                [f"check_ccert_access {table}"],
                [f"check_ccert_access {{ {table}, {{ search_order = {order} }} }}"],
                [f"check_ccert_access {chance.choice(CERTIFICATE_TABLES)}"],
            )
        )
    return [*words, chance.choice(("reject", "defer", "reject_unauth_destination")), "reject"]


def _words(
    chance: random.Random, name: str, table: Callable[[random.Random], str] | None = None
) -> tuple[str, ...]:
    table = table or _table
    words = [
        chance.choice(PLAIN) if chance.random() < 0.6 else table(chance) for _ in range(chance.randint(0, 5))
    ]
    if name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions") and chance.random() < 0.8:
        words.append(chance.choice(ENDS))
    return tuple(words)


def _table(chance: random.Random) -> str:
    what, keys = chance.choice(
        (
            ("check_client_access", CLIENT_KEYS),
            ("check_reverse_client_hostname_access", CLIENT_KEYS),
            ("check_helo_access", HELO_KEYS),
            ("check_sender_access", MAIL_KEYS),
            ("check_sender_access", MAIL_KEYS),
            ("check_recipient_access", MAIL_KEYS),
            ("check_recipient_access", MAIL_KEYS),
            ("check_sasl_access", (USER, "other")),
            ("", MAIL_KEYS + CLIENT_KEYS),
        )
    )
    if chance.random() < 0.15:
        return f"{what} {chance.choice(IN_FILES)}".strip()
    form = chance.randrange(8)
    pairs = [(chance.choice(keys), chance.choice(RESULTS)) for _ in range(chance.randint(1, 3))]
    if form == 0:
        table = f"static:{{{pairs[0][1]}}}"
    elif form == 1:
        table = "regexp:{ " + ", ".join(f"{{{chance.choice(PATTERNS)} {value}}}" for _, value in pairs) + " }"
    elif form == 2:
        table = "pcre:{ " + ", ".join(f"{{{chance.choice(PATTERNS)} {value}}}" for _, value in pairs) + " }"
    elif form == 3:
        table = "cidr:{ " + ", ".join(f"{{{chance.choice(NETWORKS)} {value}}}" for _, value in pairs) + " }"
    else:
        table = "inline:{ " + ", ".join(f"{{{key}={value}}}" for key, value in dict(pairs).items()) + " }"
    return f"{what} {table}".strip()
