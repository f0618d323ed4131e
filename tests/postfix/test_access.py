"""Who may send what: verdicts that each follow from one fact; tests/lab asks the real smtpd."""

from itertools import pairwise
from pathlib import Path

import pytest

from maillint.postfix.access import (
    CERTIFIED,
    DEFER,
    DEPENDS,
    DIES,
    FOREIGN,
    INSIDER,
    LOCAL,
    LOGGED_IN,
    LOOPBACK,
    NULL,
    OWN,
    PERMIT,
    REJECT,
    RELAY,
    STRANGER,
    VIRTUAL,
    Client,
    Party,
    Verdict,
    clients,
    decide,
    flushes,
    recipients,
    servers,
    verdicts,
)
from maillint.postfix.configuration import Configuration, load_directory
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

BASE = """\
compatibility_level = 3.6
myhostname = mx.example.org
mydestination = example.com
mynetworks = 127.0.0.0/8, 192.0.2.0/24
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
"""

CLASS = "smtpd_restriction_classes"


def configuration(main: str, master: str | None = None, version: str = "3.7.11") -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        version=Version(version),
    )


def verdict(
    main: str,
    client: str = STRANGER,
    recipient: str = FOREIGN,
    sender: str = FOREIGN,
    version: str = "3.7.11",
) -> Verdict:
    view = configuration(BASE + main, version=version).main_view
    return next(
        cell.verdict
        for cell in verdicts(view)
        if (cell.client.kind, cell.recipient.kind, cell.sender.kind) == (client, recipient, sender)
    )


@pytest.mark.parametrize(
    ("main", "client", "recipient", "outcome"),
    [
        ("", STRANGER, FOREIGN, REJECT),
        ("", STRANGER, LOCAL, PERMIT),
        ("", INSIDER, FOREIGN, PERMIT),
        ("", LOOPBACK, FOREIGN, PERMIT),
        ("smtpd_sasl_auth_enable = yes\n", LOGGED_IN, FOREIGN, PERMIT),
        ("relay_domains = relay.example\n", STRANGER, RELAY, PERMIT),
        ("relay_domains = .branch.example\n", STRANGER, RELAY, None),
        ("virtual_mailbox_domains = hosted.example\n", STRANGER, VIRTUAL, PERMIT),
        ("virtual_alias_maps = static:x\n", STRANGER, FOREIGN, PERMIT),
        ("virtual_alias_maps = regexp:{ {/./ x} }\n", STRANGER, FOREIGN, PERMIT),
        ("default_transport = error:no mail from here\n", LOOPBACK, FOREIGN, REJECT),
        ("smtpd_relay_restrictions =\n", LOOPBACK, LOCAL, DIES),
        ("smtpd_relay_restrictions = warn_if_reject reject_unauth_destination\n", LOOPBACK, LOCAL, DIES),
        ("smtpd_relay_restrictions = reject_rbl defer_unauth_destination\n", STRANGER, FOREIGN, PERMIT),
        ("smtpd_relay_restrictions = check_client_access reject\n", STRANGER, FOREIGN, DEFER),
        ("mynetworks = 10.0.0.1/8, 127.0.0.0/8\n", LOOPBACK, FOREIGN, DEFER),
        ("mynetworks = 127.0.0.0/8, 10.0.0.1/8\n", LOOPBACK, FOREIGN, PERMIT),
        ("smtpd_client_restrictions = permit_mynetworks, reject\n", STRANGER, LOCAL, REJECT),
        ("smtpd_client_restrictions = check_client_access static:421\n", STRANGER, LOCAL, PERMIT),
        ("smtpd_client_restrictions = check_client_access static:{421 go}\n", STRANGER, LOCAL, DEFER),
        ("smtpd_helo_restrictions = check_helo_access static:ACCEPT\n", LOOPBACK, LOCAL, DEFER),
        ("smtpd_data_restrictions = static:OK\n", LOOPBACK, LOCAL, DEFER),
        ("smtpd_end_of_data_restrictions = reject\n", LOOPBACK, LOCAL, REJECT),
        ("smtpd_recipient_restrictions = defer_if_permit, permit_mynetworks\n", LOOPBACK, FOREIGN, DEFER),
        ("smtpd_sender_restrictions = defer_if_permit\n", STRANGER, FOREIGN, REJECT),
        ("smtpd_relay_restrictions = defer_if_reject, reject_unauth_destination\n", STRANGER, FOREIGN, DEFER),
        ("soft_bounce = yes\n", STRANGER, FOREIGN, DEFER),
        (f"{CLASS} = a\na = permit\nsmtpd_relay_restrictions = a, reject\n", STRANGER, FOREIGN, PERMIT),
        (f"{CLASS} = a\nsmtpd_client_restrictions = a\n", STRANGER, LOCAL, DIES),
        ("smtpd_client_restrictions = check_client_access static:DISCARD\n", STRANGER, FOREIGN, PERMIT),
        ("smtpd_tls_security_level = encrypt\n", LOOPBACK, LOCAL, DEFER),
    ],
)  # fmt: skip
def test_verdict(main: str, client: str, recipient: str, outcome: str | None) -> None:
    if outcome is None:
        kinds = {party.kind for party in recipients(configuration(BASE + main).main_view)}
        assert recipient not in kinds
        return
    assert verdict(main, client, recipient).outcome == outcome


def test_an_unknown_table_is_followed_both_ways() -> None:
    found = verdict("smtpd_relay_restrictions = check_sender_access hash:/x, reject_unauth_destination\n")
    assert (found.outcome, found.usual, found.accepts) == (DEPENDS, REJECT, None)
    assert found.reason == "depends on hash:/x"
    permit = found.branch(PERMIT)
    assert permit is not None
    assert [condition.answer for condition in permit.unusual] == ["hash:/x permits the sender"]
    assert [(step.word, step.result) for step in permit.path] == [("check_sender_access hash:/x", "permit")]
    assert permit.path[0].location is not None and permit.path[0].location.start.line == 6


def test_what_makes_no_difference_is_no_dependence() -> None:
    found = verdict("smtpd_recipient_restrictions = reject_rbl_client zen.example.net\n")
    assert found.outcome == REJECT
    assert {branch.outcome for branch in found.branches} == {REJECT}


def test_an_entry_for_some_is_told_apart() -> None:
    table = "check_recipient_access inline:{ partner.example=OK, example.com=OK }"
    found = verdict(f"smtpd_relay_restrictions = {table}, reject_unauth_destination\n")
    assert (found.usual, found.accepts) == (REJECT, None)
    own = "check_recipient_access inline:{ example.com=OK }"
    assert verdict(f"smtpd_relay_restrictions = {own}, reject_unauth_destination\n").outcome == REJECT


def test_the_null_sender_is_a_key_of_its_own() -> None:
    main = "smtpd_sender_restrictions = check_sender_access inline:{ <>=REJECT }\n"
    assert verdict(main, STRANGER, LOCAL, NULL).outcome == REJECT
    assert verdict(main, STRANGER, LOCAL, OWN).outcome == PERMIT


def test_lists_by_version() -> None:
    main = "smtpd_recipient_restrictions = reject_unauth_destination\n"
    assert verdict(main, LOOPBACK, FOREIGN, version="2.9").outcome == REJECT
    main = "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n"
    assert verdict(main, STRANGER, FOREIGN, version="2.9").outcome == REJECT


def test_tables_beside_main_cf_are_read(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(
        f"{BASE}smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients\n"
    )
    (tmp_path / "clients").write_text("# the rest of the world\n192.0.2.0/24 DUNNO\n0.0.0.0/0 REJECT\n")
    view = load_directory(str(tmp_path), version=Version("3.7.11")).main_view
    outcomes = {
        cell.client.kind: cell.verdict.usual for cell in verdicts(view) if cell.recipient.kind == LOCAL
    }
    assert outcomes == {LOOPBACK: REJECT, INSIDER: PERMIT, STRANGER: REJECT}


def test_servers_and_who_can_reach_them() -> None:
    master = """\
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd -o smtpd_sasl_auth_enable=yes
127.0.0.1:10025 inet n - n - - smtpd
qmqp inet n - n - - qmqpd
"""
    first, second = servers(configuration(BASE, master))
    assert (first.listener.view.id, first.view.id) == ("smtp/inet", "smtpd/pass")
    kinds = [client.kind for client in clients(first.view, first.listener.reach)]
    assert kinds == [LOOPBACK, INSIDER, STRANGER, LOGGED_IN]
    assert [client.kind for client in clients(second.view, second.listener.reach)] == [LOOPBACK]


def test_many_ways_take_little_time() -> None:
    lists = "".join(
        f"smtpd_{name}_restrictions = "
        + ", ".join(
            f"check_{kind}_access hash:/{name}{n}" for n in range(40) for kind in ("client", "sender")
        )
        + "\n"
        for name in ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data")
    )
    found = verdict(f"{lists}smtpd_relay_restrictions = reject_unauth_destination\n")
    assert found.possible == {REJECT, DEFER}


def test_classes_that_double_each_other_come_to_an_end() -> None:
    names = [f"c{number}" for number in range(60)]
    classes = "".join(f"{one} = {other}, {other}\n" for one, other in pairwise(names))
    main = f"{CLASS} = {' '.join(names)}\n{classes}{names[-1]} = sleep 0\nsmtpd_client_restrictions = c0\n"
    assert verdict(main).outcome == DEPENDS


ETRN_BASE = BASE + "fast_flush_domains = flushed.example\n"
CLIENT_LIST = "smtpd_client_restrictions = check_etrn_access static:REJECT\n"
HELO_LIST = "smtpd_helo_restrictions = check_helo_access static:DEFER_IF_PERMIT\n"


@pytest.mark.parametrize(
    ("main", "client", "outcome"),
    [
        ("", STRANGER, PERMIT),
        ("smtpd_etrn_restrictions = permit_mynetworks, reject\n", STRANGER, REJECT),
        ("smtpd_etrn_restrictions = permit_mynetworks, reject\n", INSIDER, PERMIT),
        ("smtpd_etrn_restrictions = inline:{flushed.example=REJECT}\n", LOOPBACK, REJECT),
        ("smtpd_etrn_restrictions = check_etrn_access inline:{other.example=REJECT}\n", STRANGER, PERMIT),
        ("smtpd_etrn_restrictions = reject_unauth_destination\n", STRANGER, PERMIT),
        ("smtpd_etrn_restrictions = check_sender_access static:REJECT\n", STRANGER, PERMIT),
        ("smtpd_etrn_restrictions = check_client_access static:DISCARD, reject\n", STRANGER, REJECT),
        ("smtpd_client_restrictions = reject_rbl_client dnsbl.example\n", STRANGER, DEPENDS),
        (CLIENT_LIST, STRANGER, REJECT),
        (CLIENT_LIST + "smtpd_delay_reject = no\n", STRANGER, PERMIT),
        ("smtpd_sender_restrictions = reject\nsmtpd_recipient_restrictions = reject\n", STRANGER, PERMIT),
        ("smtpd_sender_restrictions = reject\nsmtpd_delay_reject = no\n", STRANGER, PERMIT),
        (HELO_LIST, STRANGER, DEFER),
        (HELO_LIST + "smtpd_etrn_restrictions = reject\n", STRANGER, REJECT),
        ("fast_flush_domains = regexp:/nowhere\n", STRANGER, DEPENDS),
        ("smtpd_relay_restrictions =\n", STRANGER, DIES),
    ],
)
def test_who_may_ask_for_a_domain(main: str, client: str, outcome: str) -> None:
    found = flushes(configuration(ETRN_BASE + main).main_view)
    assert [flush.verdict.outcome for flush in found if flush.client.kind == client] == [outcome]


def test_nobody_can_ask_without_domains_or_the_service() -> None:
    assert flushes(configuration(BASE).main_view) == ()
    smtpd = "smtp inet n - n - - smtpd\n"
    flush = "flush unix n - n 1000? 0 flush\n"
    relayed = BASE + "relay_domains = relay.example\n"
    for master, outcome in (
        (smtpd, DEFER),
        (smtpd + flush, PERMIT),
        (smtpd + flush.rstrip() + " -o fast_flush_domains=\n", DEFER),
    ):
        view = configuration(relayed, master).view("smtp/inet")
        assert view is not None
        assert {(flush.domain, flush.verdict.outcome) for flush in flushes(view)} == {
            ("relay.example", outcome)
        }


SPAM = "smtpd_sender_restrictions = inline:{spam.example=DISCARD}\n"
LISTED = "smtpd_sender_restrictions = reject_rbl_client dnsbl.example, static:DISCARD\n"
EARLY = "smtpd_client_restrictions = static:DISCARD\nsmtpd_delay_reject = no\n"


@pytest.mark.parametrize(
    ("main", "recipient", "ways"),
    [
        ("smtpd_client_restrictions = static:DISCARD\n", FOREIGN, [(PERMIT, True)]),
        ("smtpd_client_restrictions = static:DISCARD, reject\n", LOCAL, [(PERMIT, True)]),
        (LISTED, LOCAL, [(PERMIT, True), (REJECT, False)]),
        (SPAM, LOCAL, [(PERMIT, False), (PERMIT, True)]),
        (SPAM, FOREIGN, [(REJECT, False), (PERMIT, True)]),
        (EARLY, LOCAL, [(PERMIT, False)]),
    ],
)
def test_what_is_thrown_away(main: str, recipient: str, ways: list[tuple[str, bool]]) -> None:
    found = verdict(main, STRANGER, recipient)
    assert [(branch.outcome, branch.discards) for branch in found.branches] == ways
    assert found.outcome == (ways[0][0] if len({outcome for outcome, _ in ways}) == 1 else DEPENDS)
    assert found.wavers is (len(ways) > 1)
    permit = found.branch(PERMIT)
    assert permit is not None and permit.discards is ((PERMIT, False) not in ways)


@pytest.mark.parametrize(
    ("tables", "outcome"),
    [
        ("", REJECT),
        ("inline:{AA:01=x}", PERMIT),
        ("inline:{BB:02=x}", PERMIT),
        ("inline:{CC:03=x}", REJECT),
        ("fail:x", DEFER),
        ("hash:/nowhere", DEPENDS),
    ],
)
def test_a_client_whose_certificate_is_known(tables: str, outcome: str) -> None:
    words = "permit_tls_clientcerts, reject_unauth_destination"
    main = f"{BASE}smtpd_relay_restrictions = {words}\nrelay_clientcerts = {tables}\n"
    view = configuration(main).main_view
    client = Client(CERTIFIED, "198.51.100.77", exact=True, certificate=("AA:01", "BB:02"))
    foreign = Party(FOREIGN, "someone@foreign.example", exact=True)
    assert decide(view, client, foreign, foreign).outcome == outcome
