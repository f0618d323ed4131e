"""Who mail from programs is from and which way it goes; facts from postconf(5) and Postfix's source."""

import pytest

from maillint.postfix.configuration import Configuration
from maillint.postfix.route import (
    BOUND,
    DIRECT,
    GIVEN,
    INTERFACE,
    LISTED,
    NOWHERE,
    RELAY,
    UNKNOWN,
    client_view,
    default_route,
    route_of,
    sources,
)
from maillint.postfix.sender import HOSTED, PROGRAMS, USERS, Identity, identities, program_sender, signers
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

MASTER = """\
pickup unix n - y 60 1 pickup
cleanup unix n - y - 0 cleanup
rewrite unix - - y - - trivial-rewrite
smtp unix - - y - - smtp
relay unix - - y - - smtp
error unix - - y - - error
lmtp unix - - y - - lmtp
"""


def configuration(main: str, master: str | None = None, hostname: str | None = None) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        hostname=hostname,
    )


@pytest.mark.parametrize(
    ("main", "domain"),
    [
        ("myorigin = bakery.net", "bakery.net"),
        ("myorigin = Bakery.NET.", "bakery.net"),
        ("myhostname = web01.bakery.net", "web01.bakery.net"),
        ("myhostname = web01.bakery.net\nmyorigin = $mydomain", "bakery.net"),
        ("mydomain = bakery.net\nmyorigin = $mydomain", "bakery.net"),
        ("myorigin = web01\nmydomain = bakery.net\ncompatibility_level = 0", "web01.bakery.net"),
        ("myorigin = web01\nmydomain = bakery.net\ncompatibility_level = 3.6", "web01"),
        ("myorigin = web01\nmydomain = bakery.net\nappend_dot_mydomain = yes", "web01.bakery.net"),
        ("myorigin = a.b.bakery.net\nmasquerade_domains = bakery.net", "bakery.net"),
        ("myorigin = a.b.bakery.net\nmasquerade_domains = other.net B.Bakery.net bakery.net", "b.bakery.net"),
        ("myorigin = a.b.bakery.net\nmasquerade_domains = !b.bakery.net bakery.net", "a.b.bakery.net"),
        ("myorigin = a.bakery.net\nmasquerade_domains = a.bakery.net bakery.net", "a.bakery.net"),
        ("myorigin = abakery.net\nmasquerade_domains = bakery.net", "abakery.net"),
        (
            "myorigin = a.bakery.net\nmasquerade_domains = bakery.net\nmasquerade_classes = header_sender",
            "a.bakery.net",
        ),
        (
            "myorigin = bakery.net\ncanonical_maps = hash:/etc/postfix/canonical\n"
            "canonical_classes = header_sender, envelope_recipient",
            "bakery.net",
        ),
    ],
)
def test_sender_domain(main: str, domain: str) -> None:
    sender = program_sender(configuration(main))
    assert sender is not None
    assert (sender.domain, sender.unknown) == (domain, "")
    assert sender.settings


@pytest.mark.parametrize(
    ("main", "why"),
    [
        ("", "host"),
        ("myorigin = @MAIL_DOMAIN@", "template"),
        ("myorigin = $myhostname", "host"),
        ("myorigin = /etc/mailname", "/etc/mailname"),
        ("myorigin =", "empty"),
        ("myorigin = web01\nappend_dot_mydomain = yes", "host"),
        ("myorigin = bakery.net\ncanonical_maps = hash:/etc/postfix/canonical", "canonical_maps"),
        ("myorigin = bakery.net\nsender_canonical_maps = regexp:/x", "sender_canonical_maps"),
        ("myorigin = bakery.net\nsmtp_generic_maps = hash:/x", "smtp_generic_maps"),
        ("myorigin = a.bakery.net\nmasquerade_domains = $mydomain", "host"),
    ],
)
def test_unknown_sender_domain(main: str, why: str) -> None:
    sender = program_sender(configuration(main))
    assert sender is not None
    assert sender.domain is None
    assert why in sender.unknown


def test_the_name_of_the_host_may_be_told() -> None:
    sender = program_sender(configuration("", hostname="web01.bakery.net"))
    assert sender is not None
    assert (sender.domain, sender.settings) == ("web01.bakery.net", ())


def test_the_view_of_trivial_rewrite_decides() -> None:
    master = MASTER.replace("trivial-rewrite", "trivial-rewrite\n  -o myorigin=shop.net")
    sender = program_sender(configuration("myorigin = bakery.net", master))
    assert sender is not None
    assert sender.domain == "shop.net"


def test_the_view_of_cleanup_decides() -> None:
    master = MASTER.replace("0 cleanup", "0 cleanup -o masquerade_domains=bakery.net")
    sender = program_sender(configuration("myorigin = web01.bakery.net", master))
    assert sender is not None
    assert (sender.domain, sender.parameter) == ("bakery.net", "masquerade_domains")
    other = MASTER.replace("1 pickup", "1 pickup -o cleanup_service_name=clean2")
    other += "clean2 unix n - y - 0 cleanup -o canonical_maps=hash:/x\n"
    sender = program_sender(configuration("myorigin = web01.bakery.net", other))
    assert sender is not None
    assert "canonical_maps" in sender.unknown


def test_without_pickup_no_program_sends() -> None:
    master = MASTER.replace("pickup unix", "#pickup unix")
    assert program_sender(configuration("myorigin = bakery.net", master)) is None


@pytest.mark.parametrize("master", [None, MASTER])
@pytest.mark.parametrize(
    ("main", "kind", "nexthop"),
    [
        ("", DIRECT, ""),
        ("relayhost =", DIRECT, ""),
        ("relayhost = [mail.isp.net]:587", RELAY, "[mail.isp.net]:587"),
        ("default_transport = smtp:[mail.isp.net]", RELAY, "[mail.isp.net]"),
        ("default_transport = smtp:[a.net]\nrelayhost = [b.net]", RELAY, "[a.net]"),
        ("default_transport = relay\nrelayhost = [b.net]", RELAY, "[b.net]"),
        ("default_transport = error:no mail leaves", NOWHERE, ""),
        ("default_transport = lmtp:inet:filter.net", UNKNOWN, ""),
        ("relayhost = @RELAY@", UNKNOWN, ""),
        ("transport_maps = hash:/etc/postfix/transport", UNKNOWN, ""),
        ("sender_dependent_relayhost_maps = hash:/x", UNKNOWN, ""),
        ("transport_maps = hash:/etc/postfix/transport\nrelayhost = [b.net]", RELAY, "[b.net]"),
    ],
)
def test_route(main: str, kind: str, nexthop: str, master: str | None) -> None:
    route = default_route(configuration(main, master))
    assert (route.kind, route.nexthop) == (kind, nexthop)
    assert bool(route.reason) == (kind == UNKNOWN)


def addresses(config: Configuration) -> list[tuple[str, str]]:
    return [
        (source.address, source.how) for source in sources(config, client_view(config, default_route(config)))
    ]


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("", []),
        ("smtp_bind_address = 203.0.113.5", [("203.0.113.5", BOUND)]),
        ("smtp_bind_address6 = [2001:db8::5]", [("2001:db8::5", BOUND)]),
        ("smtp_bind_address = $nothing", []),
        ("inet_interfaces = all", []),
        ("inet_interfaces = loopback-only", []),
        ("inet_interfaces = 203.0.113.5", [("203.0.113.5", INTERFACE)]),
        ("inet_interfaces = 203.0.113.5, 127.0.0.1", [("203.0.113.5", LISTED)]),
        ("inet_interfaces = 203.0.113.5, localhost", [("203.0.113.5", LISTED)]),
        ("inet_interfaces = 203.0.113.5, ::1", [("203.0.113.5", INTERFACE)]),
        ("inet_interfaces = 203.0.113.5 203.0.113.6", [("203.0.113.5", LISTED), ("203.0.113.6", LISTED)]),
        (
            "inet_interfaces = 203.0.113.5, [2001:db8::5]",
            [("203.0.113.5", INTERFACE), ("2001:db8::5", INTERFACE)],
        ),
        ("inet_interfaces = 203.0.113.5, [2001:db8::5]\ninet_protocols = ipv4", [("203.0.113.5", INTERFACE)]),
        ("inet_interfaces = 203.0.113.5\nsmtp_bind_address = 203.0.113.6", [("203.0.113.6", BOUND)]),
    ],
)
def test_source_addresses(main: str, expected: list[tuple[str, str]]) -> None:
    assert addresses(configuration(main)) == expected


def test_a_private_source_address_is_known_as_one() -> None:
    config = configuration("smtp_bind_address = 10.1.2.3\nsmtp_bind_address6 = 2001:db8::5")
    assert [source.is_private for source in sources(config, config.main_view)] == [True, False]


def test_what_the_user_says_stands_for_all_else() -> None:
    config = configuration("smtp_bind_address = 10.1.2.3\ninet_protocols = ipv4")
    config.public_addresses = ("203.0.113.7", "2001:db8::7")
    assert addresses(config) == [("203.0.113.7", GIVEN)]


def test_source_address_of_the_client_in_master_cf() -> None:
    master = MASTER.replace("- - smtp\nrelay", "- - smtp -o smtp_bind_address=203.0.113.9\nrelay")
    assert addresses(configuration("", master)) == [("203.0.113.9", BOUND)]


def test_signers() -> None:
    assert signers(configuration("")) == ()
    assert signers(configuration("smtpd_milters = inet:localhost:8891")) == ()
    assert signers(configuration("non_smtpd_milters = inet:localhost:8891")) == ("non_smtpd_milters",)
    assert signers(configuration("smtpd_milters = inet:[::1]:1\nnon_smtpd_milters = $smtpd_milters")) != ()
    assert signers(configuration("content_filter = scan:[127.0.0.1]:10024")) == ("content_filter",)


LOGINS = """\
submission inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_milters=inet:127.0.0.1:8891
bulk unix - - n - - smtp -o smtp_helo_name=news.bakery.net -o smtp_bind_address=203.0.113.67
"""


def known(config: Configuration) -> list[tuple[str, str | None, str]]:
    return [
        (identity.kind, identity.envelope.domain, identity.envelope.parameter)
        for identity in identities(config)
    ]


def test_identities_of_a_host_that_nobody_logs_in_to() -> None:
    main = "myorigin = bakery.net\nvirtual_mailbox_domains = shop.net\nrelay_domains = other.net"
    assert known(configuration(main, MASTER)) == [(PROGRAMS, "bakery.net", "myorigin")]


def test_identities_of_users_and_hosted_domains() -> None:
    main = (
        "myhostname = mx.bakery.net\nmyorigin = bakery.net\n"
        "mydestination = $myhostname, localhost, bakery.net, localhost.bakery.net\n"
        "virtual_mailbox_domains = shop.net\nvirtual_alias_domains = inline:{ news.net=x }, static:all\n"
        "smtpd_sender_login_maps = inline:{ {joe@Shop.net = joe}, {@own.net = ann}, {root = root} }\n"
    )
    assert known(configuration(main, MASTER + LOGINS)) == [
        (PROGRAMS, "bakery.net", "myorigin"),
        (USERS, "own.net", "smtpd_sender_login_maps"),
        (USERS, "shop.net", "smtpd_sender_login_maps"),
        (HOSTED, "bakery.net", "mydestination"),
        (HOSTED, "news.net", "virtual_alias_domains"),
    ]


@pytest.mark.parametrize(
    ("maps", "why"),
    [("", "not set"), ("smtpd_sender_login_maps = ldap:/etc/postfix/logins.cf", "gives no list")],
)
def test_users_whose_senders_are_not_known(maps: str, why: str) -> None:
    found = identities(configuration(f"myorigin = bakery.net\n{maps}", MASTER + LOGINS))
    users = next(identity for identity in found if identity.kind == USERS)
    assert users.envelope.domain is None
    assert why in users.envelope.unknown
    assert users.services == ("submission/inet",)
    assert [signer.parameter for signer in users.signers] == ["smtpd_milters"]


def sent_as(config: Configuration, domain: str) -> Identity:
    return next(identity for identity in identities(config) if identity.envelope.domain == domain)


def test_the_client_of_a_sender_has_its_own_name_and_address() -> None:
    main = (
        "myhostname = mx.bakery.net\nmyorigin = bakery.net\nsmtp_bind_address = 203.0.113.66\n"
        "sender_dependent_default_transport_maps = inline:{ {@news.net = bulk:}, {@bakery.net = DUNNO} }\n"
    )
    config = configuration(main, MASTER + LOGINS)
    news, own = sent_as(config, "news.net"), sent_as(config, "bakery.net")
    assert (news.route.kind, news.route.transport, news.greeting.name) == (DIRECT, "bulk", "news.bakery.net")
    assert [source.address for source in news.sources] == ["203.0.113.67"]
    assert (own.route.kind, own.route.transport, own.greeting.name) == (DIRECT, "smtp", "mx.bakery.net")
    assert [source.address for source in own.sources] == ["203.0.113.66"]


@pytest.mark.parametrize(
    ("main", "kind", "nexthop"),
    [
        ("sender_dependent_relayhost_maps = inline:{ {@a.net = [r.net]} }", RELAY, "[r.net]"),
        ("sender_dependent_relayhost_maps = inline:{ {@b.net = [r.net]} }", DIRECT, ""),
        (
            "sender_dependent_relayhost_maps = inline:{ {@a.net = DUNNO} }\nrelayhost = [x.net]",
            RELAY,
            "[x.net]",
        ),
        ("sender_dependent_relayhost_maps = hash:/x", UNKNOWN, ""),
        ("sender_dependent_relayhost_maps = hash:/x\nrelayhost = [x.net]", RELAY, "[x.net]"),
        ("sender_dependent_relayhost_maps = regexp:{ {/a/ [r.net]} }", UNKNOWN, ""),
        ("sender_dependent_default_transport_maps = inline:{ {@a.net = error:no} }", NOWHERE, ""),
        (
            "sender_dependent_default_transport_maps = inline:{ {@a.net = smtp:[t.net]} }\n"
            "sender_dependent_relayhost_maps = inline:{ {@a.net = [r.net]} }",
            RELAY,
            "[t.net]",
        ),
        ("transport_maps = inline:{ {b.net = smtp:[t.net]} }", DIRECT, ""),
        ("transport_maps = inline:{ {* = smtp:[t.net]} }", UNKNOWN, ""),
    ],
)
def test_route_of_a_sender(main: str, kind: str, nexthop: str) -> None:
    route = route_of(configuration(main, MASTER), "a.net")
    assert (route.kind, route.nexthop) == (kind, nexthop)
    assert bool(route.reason) == (kind == UNKNOWN)


def test_the_envelope_and_the_header_may_differ() -> None:
    main = (
        "myorigin = web01.bakery.net\nmasquerade_domains = bakery.net\nmasquerade_classes = header_sender\n"
    )
    (programs,) = identities(configuration(main, MASTER))
    assert (programs.envelope.domain, programs.header.domain) == ("web01.bakery.net", "bakery.net")
