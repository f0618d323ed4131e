"""How sure the rules about names are, and how much they weigh what they say, in each situation."""

import pytest

from maillint.engine.finding import Finding
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.engine.rule import CONFIGURATION
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

RULES = {rule.id: rule for rule in scan(BUILT_IN)}


def findings(rule: str, main: str, master: str | None = None, hostname: str | None = None) -> list[Finding]:
    config = Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        hostname=hostname,
    )
    subject = config if RULES[rule].each == CONFIGURATION else config.main_view
    return list(function(RULES[rule])(subject))


def weights(rule: str, main: str, **given: str) -> list[tuple[str, str]]:
    """The severity and confidence of each finding."""
    return [(one.severity or RULES[rule].severity, one.confidence) for one in findings(rule, main, **given)]


RELAYED = "relayhost = [smtp.example.com]:587\n"
ROUTED = "transport_maps = hash:/etc/postfix/transport\n"
SILENT = "default_transport = error:no mail\n"
SEND_ONLY = "inet_interfaces = loopback-only\n"


@pytest.mark.parametrize("name", ["web01", "localhost", "host.domain.tld", "localhost.localdomain"])
@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", [("error", "high")]),
        (RELAYED, [("info", "high")]),
        (ROUTED, [("error", "medium")]),
        (SILENT, []),
        ("smtp_helo_name = mail.example.com\n", [("info", "high")]),
        ("smtp_helo_name = localhost\n", [("error", "high")]),
    ],
)
def test_a_bad_name_weighs_as_much_as_strangers_hear_it(
    name: str, rest: str, expected: list[tuple[str, str]]
) -> None:
    rule = "myhostname-placeholder" if "localhost" in name or "." in name else "myhostname-not-fqdn"
    assert weights(rule, f"myhostname = {name}\n{rest}") == expected


@pytest.mark.parametrize(
    "name",
    [
        "mail.example.com",
        "example.org",
        "mx1.bücher.example",
        "{MTA_HOSTNAME}",
        "${MYHOSTNAME}",
        "192.0.2.25",
        "@HOST@",
    ],
)
def test_no_placeholder(name: str) -> None:
    assert not findings("myhostname-placeholder", f"myhostname = {name}\n")
    assert not findings("myhostname-not-fqdn", f"myhostname = {name}\n")


def test_a_private_name_is_advice_unless_a_public_domain_is_named() -> None:
    own = "myhostname = mail.office.lan\nmydomain = office.lan\n"
    assert weights("myhostname-placeholder", own) == [("info", "low")]
    assert weights("myhostname-placeholder", f"{own}myorigin = example.com\n") == [("error", "high")]


@pytest.mark.parametrize(
    ("hostname", "expected"),
    [
        ("web01.example.com", []),
        ("web01", [("error", "high")]),
        ("localhost.localdomain", [("error", "high")]),
        ("ip-10-0-0-7.internal", [("error", "high")]),
    ],
)
def test_the_name_of_the_operating_system(hostname: str, expected: list[tuple[str, str]]) -> None:
    assert weights("myhostname-unset", "biff = no\n", hostname=hostname) == expected
    assert weights("myhostname-unset", f"biff = no\n{SILENT}", hostname=hostname) == []


def test_a_short_name_of_the_operating_system_is_completed_by_mydomain() -> None:
    assert not findings("myhostname-unset", "mydomain = example.com\n", hostname="web01")


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("biff = no\n", [("info", "low")]),
        (SEND_ONLY, [("info", "low")]),  # myorigin-unset warns
        (SEND_ONLY + "myorigin = $mydomain\n", [("warning", "medium")]),
        (SEND_ONLY + "myorigin = example.com\n", [("info", "low")]),
        (SEND_ONLY + RELAYED, []),
        (SEND_ONLY + ROUTED, []),
        ("smtp_helo_name = mail.example.com\n", []),
        ("myhostname =\n", []),
    ],
)
def test_an_unknown_name_is_a_warning_only_where_it_is_the_sender_too(
    main: str, expected: list[tuple[str, str]]
) -> None:
    assert weights("myhostname-unset", main) == expected


NAMED = "myhostname = web01.example.com\n"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (NAMED + SEND_ONLY, [("warning", "high")]),
        (SEND_ONLY, [("warning", "medium")]),
        (NAMED + SEND_ONLY + RELAYED, [("info", "medium")]),
        (NAMED, [("info", "medium")]),
        ("biff = no\n", [("info", "low")]),
        (NAMED + "virtual_mailbox_domains = example.org\n", []),
        (NAMED + "virtual_mailbox_domains = example.org\nmydestination = $mydomain\n", [("info", "medium")]),
        (NAMED + SEND_ONLY + SILENT, []),
        (NAMED + SEND_ONLY + "masquerade_domains = $mydomain\n", []),
        (SEND_ONLY + "sender_canonical_maps = hash:/etc/postfix/canonical\n", []),
        (NAMED + SEND_ONLY + "smtp_generic_maps = hash:/etc/postfix/generic\n", []),
        (SEND_ONLY + "myhostname = example.co.uk\n", []),
        (SEND_ONLY + "myhostname = ${MAIL_HOST}\n", []),
        ("myhostname = 5b2f1c0d9e8a\n", []),
    ],
)
def test_myorigin_unset(main: str, expected: list[tuple[str, str]]) -> None:
    assert weights("myorigin-unset", main) == expected


def test_myorigin_unset_without_programs_that_send() -> None:
    assert not findings("myorigin-unset", NAMED + SEND_ONLY, "smtp inet n - n - - smtpd\n")


def test_myorigin_unset_tells_the_address_the_reason_and_what_to_write() -> None:
    (found,) = findings("myorigin-unset", NAMED + SEND_ONLY)
    assert "`user@web01.example.com`" in found.message and "550-5.7.26" in found.message
    assert "`myorigin = $mydomain` (`example.com`)" in found.mend
    assert found.fix is not None and not found.fix.safe


@pytest.mark.parametrize(
    "main",
    [
        NAMED + "mydomain = example.com\nmyorigin = $mydomain\n",
        NAMED + "mydomain = example.com\nmyorigin = web01.example.com\n",
        "myhostname = mail.a.example.co.uk\nmydomain = example.co.uk\n",
        "myhostname = web01\nmydomain = example.org\n",
        "myhostname = localhost.localdomain\nmydomain = example.org\n",
        "mydomain = example.org\n",
        NAMED + "mydomain = {DOMAIN}\n",
        NAMED + "myorigin = /etc/mailname\n",
        NAMED + "myorigin = example.org\nvirtual_mailbox_domains = hash:/etc/postfix/domains\n",
        NAMED + "myorigin = example.org\nvirtual_alias_domains = example.org\n",
    ],
)
def test_names_that_belong_together_or_are_not_known_to_differ(main: str) -> None:
    assert not findings("mydomain-mismatch", main)


def test_a_misspelt_origin_names_the_one_that_is_meant() -> None:
    (found,) = findings("mydomain-mismatch", NAMED + "mydomain = example.com\nmyorigin = exmaple.com\n")
    assert found.mend == "write `myorigin = example.com`" and found.confidence == "high"


@pytest.mark.parametrize("word", ["ipv4-only", "IPv4", "ip4", "v4", "ipv4,ipv6+", "al", "both"])
def test_bad_inet_protocols(word: str) -> None:
    assert len(findings("bad-inet-protocols", f"inet_protocols = {word}\n")) == 1


@pytest.mark.parametrize(
    "word", ["", "all", "ipv4", "ipv6", "ipv4, ipv6", "ipv4 ipv6", "{MTA_INET_PROTOCOLS}"]
)
def test_good_inet_protocols(word: str) -> None:
    assert not findings("bad-inet-protocols", f"inet_protocols = {word}\n")
