"""Which SMTP servers the rules about relaying speak of, and which they leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.engine.finding import HIGH, MEDIUM, Finding
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.engine.rule import CONFIGURATION
from maillint.postfix import access
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint_rules.relay_security import _relay

RULES = {rule.id: rule for rule in scan(BUILT_IN)}
ABOUT_STRANGERS = (
    "open-relay-restrictions",
    "open-relay-access-map-order",
    "open-relay-mynetworks",
    "mynetworks-too-wide",
    "reinjection-port-exposed",
    "submission-accepts-strangers",
    "relay-domains-wide",
)

LEVEL = "compatibility_level = 3.6\n"
CLOSED = (
    "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination\n"
)
UNCHECKED = "smtpd_restriction_classes = checked\nchecked = reject_non_fqdn_sender, permit\n"
OPEN = LEVEL + UNCHECKED + "smtpd_relay_restrictions = checked, reject\nsmtpd_recipient_restrictions =\n"
SMTP = "smtp inet n - n - - smtpd\n"


def configuration(main: str, master: str | None, version: str | None = None) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        version=Version(version) if version is not None else None,
    )


def findings(rule: str, main: str, master: str | None = SMTP, version: str | None = None) -> list[Finding]:
    config = configuration(main, master, version)
    views = [view for view in config.views if view.daemon == "smtpd"] or [config.main_view]
    subjects = [config] if RULES[rule].each == CONFIGURATION else views
    return [found for subject in subjects for found in function(RULES[rule])(subject)]


def told(main: str, master: str | None = SMTP) -> set[str]:
    return {rule for rule in ABOUT_STRANGERS if findings(rule, main, master)}


def test_an_open_relay_is_told_with_the_way_through_it() -> None:
    (found,) = findings("open-relay-restrictions", OPEN)
    assert found.location.text == "permit"
    assert found.confidence == HIGH
    assert found.related[0].location.text == "smtp"
    assert "`reject_non_fqdn_sender`" in found.related[1].message


@pytest.mark.parametrize(
    ("main", "master"),
    [
        pytest.param(LEVEL, SMTP, id="defaults"),
        pytest.param(OPEN + "inet_interfaces = loopback-only\n", SMTP, id="null client"),
        pytest.param(OPEN, SMTP.replace("smtp", "127.0.0.1:smtp", 1), id="own address"),
        pytest.param(OPEN, SMTP.replace("inet", "unix", 1), id="no network service"),
        pytest.param(
            LEVEL + CLOSED + "smtpd_recipient_restrictions = permit\n", SMTP, id="permit in the other"
        ),
        pytest.param(
            LEVEL
            + "smtpd_relay_restrictions =\n"
            + "smtpd_recipient_restrictions = reject_unauth_pipelining, permit_mynetworks,\n"
            + "  reject_unauth_destination, check_policy_service unix:private/x, permit\n",
            SMTP,
            id="permit at the end",
        ),
        pytest.param(
            LEVEL + "smtpd_relay_restrictions = permit_auth_destination, permit_mynetworks, reject\n",
            SMTP,
            id="gateway",
        ),
        pytest.param(
            LEVEL
            + "smtpd_relay_restrictions = check_sender_access inline:{ spam.example=DISCARD },\n"
            + "  permit_mynetworks, reject_unauth_destination\n",
            SMTP,
            id="thrown away",
        ),
        pytest.param(
            LEVEL
            + CLOSED
            + "smtpd_client_restrictions = check_client_access hash:/etc/postfix/friends, permit\n",
            SMTP,
            id="friends in the client list",
        ),
        pytest.param(
            LEVEL
            + "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = check_sender_access hash:/etc/x,\n"
            + "  check_policy_service inet:127.0.0.1:10023, reject_unauth_destination\n",
            SMTP,
            id="what cannot be read may have no OK",
        ),
        pytest.param(
            LEVEL + "relay_domains = example.org\nrelay_recipient_maps =\n" + CLOSED, SMTP, id="backup MX"
        ),
        pytest.param(
            LEVEL + CLOSED + "mynetworks = 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, [fd00::]/8\n",
            SMTP,
            id="private networks",
        ),
        pytest.param(
            LEVEL + CLOSED + "mynetworks = 0.0.0.0/0\ninet_interfaces = loopback-only\n",
            SMTP,
            id="everybody, on this host",
        ),
        pytest.param(
            LEVEL + "content_filter = scan:[127.0.0.1]:10024\n",
            SMTP
            + "127.0.0.1:10025 inet n - n - - smtpd\n"
            + "  -o content_filter=\n  -o smtpd_relay_restrictions=\n"
            + "  -o smtpd_recipient_restrictions=permit_mynetworks,reject\n",
            id="filter",
        ),
        pytest.param(
            LEVEL + UNCHECKED,
            SMTP
            + "submission inet n - n - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n"
            + "  -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n",
            id="submission by client list",
        ),
        pytest.param(LEVEL + "smtpd_relay_restrictions = checked, permit\n", SMTP, id="smtpd dies"),
    ],
)
def test_nothing_is_said_of(main: str, master: str) -> None:
    assert told(main, master) == set()


@pytest.mark.parametrize(
    ("rule", "main", "master"),
    [
        ("open-relay-restrictions", OPEN, None),
        ("open-relay-restrictions", OPEN + "inet_interfaces = 192.0.2.25, 127.0.0.1\n", SMTP),
        (
            "open-relay-restrictions",
            OPEN,
            "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n",
        ),
        (
            "open-relay-access-map-order",
            LEVEL + "smtpd_relay_restrictions = check_client_access static:OK, reject\n",
            SMTP,
        ),
        (
            "reinjection-port-exposed",
            LEVEL,
            SMTP + "10025 inet n - n - - smtpd\n  -o content_filter=\n",
        ),
        ("mynetworks-too-wide", LEVEL + CLOSED + "mynetworks = 128.0.0.0/4\n", SMTP),
        ("open-relay-mynetworks", LEVEL + "mynetworks = [::]/0\n", SMTP),
        ("relay-domains-wide", LEVEL + "relay_domains = static:all\n", SMTP),
    ],
)
def test_it_is_told_once(rule: str, main: str, master: str | None) -> None:
    assert told(main, master) == {rule}


def test_who_has_an_older_postfix_may_be_closed_by_its_default() -> None:
    main = UNCHECKED + "smtpd_recipient_restrictions = checked, reject_unauth_destination\n"
    assert [found.confidence for found in findings("open-relay-restrictions", main)] == [MEDIUM]
    assert findings("open-relay-restrictions", main, version="2.11") == []
    assert [found.confidence for found in findings("open-relay-restrictions", main, version="2.9")] == [HIGH]


def test_the_access_lists_are_carried_out_only_where_they_are_not_plainly_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise AssertionError("the lists were carried out")

    monkeypatch.setattr("maillint.postfix.access.decide", fail)
    submission = (
        "submission inet n - n - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n"
        "  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
    )
    assert _relay.noted(configuration(LEVEL, SMTP + submission)) == frozenset()
    with pytest.raises(AssertionError):
        _relay.noted(configuration(OPEN, SMTP))


WORDS = (
    "permit",
    "reject",
    "defer",
    "reject_unauth_destination",
    "defer_unauth_destination",
    "warn_if_reject",
    "permit_mynetworks",
    "permit_sasl_authenticated",
    "permit_auth_destination",
    "permit_inet_interfaces",
    "permit_tls_clientcerts",
    "permit_mx_backup",
    "permit_dnswl_client list.example.org",
    "reject_rbl_client",
    "reject_rbl_client list.example.org",
    "reject_non_fqdn_helo_hostname",
    "reject_unknown_client_hostname",
    "defer_if_permit",
    "check_sender_access inline:{foreign.example=OK}",
    "check_recipient_access static:OK",
    "check_client_access hash:/etc/postfix/access",
    "check_policy_service unix:private/policy",
    "sleep 0",
    "checked",
    "misspelt",
)
lists = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@settings(deadline=None, max_examples=300)
@given(client=lists, relay=lists, recipient=lists)
def test_who_is_plainly_closed_lets_no_stranger_relay(client: str, relay: str, recipient: str) -> None:
    """What is looked at before the lists are carried out hides no open relay and no open port for users."""
    main = (
        f"{LEVEL}{UNCHECKED}smtpd_client_restrictions = {client}\nsmtpd_relay_restrictions = {relay}\n"
        f"smtpd_recipient_restrictions = {recipient}\n"
    )
    view = configuration(main, SMTP).views[1]
    for names, words, to in (
        (_relay._RELAYING, _relay._REFUSE_RELAYING, access.FOREIGN),
        (_relay._ANYTHING, _relay._REFUSE_ALL, access.LOCAL),
    ):
        if not any(_relay._refuses(where, words) for where in _relay._lists(view, names)):
            continue
        stranger = next(found for found in access.clients(view) if found.kind == access.STRANGER)
        party = next(found for found in access.recipients(view) if found.kind == to)
        for sender in access.senders(view):
            assert access.PERMIT not in access.decide(view, stranger, sender, party).possible
