"""The verdicts of ``maillint show --relay`` against the real smtpd: written by chance, and from the corpus.

A part of each runs by default; ``make proof`` (MAILLINT_PROOF=all) runs all.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from lab import access_corpus
from lab.access_cases import cases, certified_lists, etrn_cases
from lab.access_lab import Answer, answers, ports, shrunk
from lab.names import name_server
from lab.postfix import SERVICES, Postfix
from lab.smtp_probe import HANGS_UP, Caller, Session, login_server, policy_server
from maillint.postfix.access import (
    CERTIFIED,
    FOREIGN,
    LOCAL,
    PERMIT,
    STRANGER,
    Client,
    Party,
    decide,
    flushes,
)
from maillint.postfix.configuration import load_directory
from postfix.oracle import installed_version
from support import needs_corpus, needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

ALL = os.environ.get("MAILLINT_PROOF") == "all"
SEED = 20261124
LISTS, SOME_LISTS = 2000, 120
MESSAGES = 10
ETRN_LISTS, SOME_ETRN_LISTS = 500, 60
ETRN_COMMANDS = 6
CERTIFIED_LISTS = 40
EVERY = 1 if ALL else 20
"""Which part of the corpus is asked."""
MOST_UNKNOWN = 0.15


def summary(what: str, found: list[Answer], asked: str = "messages") -> str:
    outcomes = ", ".join(
        f"{count} {outcome}" for outcome, count in Counter(a.real for a in found).most_common()
    )
    known = sum(answer.is_known for answer in found)
    certain = sum(answer.is_known and answer.is_certain for answer in found)
    wrong = sum(not answer.agrees for answer in found)
    return (
        f"{what}: {len(found)} {asked} ({outcomes}), {known} known beforehand"
        f" ({certain} whatever the DNS says), {wrong} otherwise than said"
    )


def test_lists_by_chance(capsys: pytest.CaptureFixture[str]) -> None:
    count = LISTS if ALL else SOME_LISTS
    found = answers(cases(SEED, count, MESSAGES))
    with capsys.disabled():
        print(f"\n{summary(f'{count} smtpd with lists by chance', found)}")
    wrong = [answer for answer in found if not answer.agrees]
    assert not wrong, str(shrunk(wrong[0]))
    known = [answer for answer in found if answer.is_known]
    assert len(known) >= (1 - MOST_UNKNOWN) * len(found)
    assert {answer.real for answer in known} == {"permit", "reject", "defer", "dies"}


def test_who_may_ask_for_waiting_mail(capsys: pytest.CaptureFixture[str]) -> None:
    count = ETRN_LISTS if ALL else SOME_ETRN_LISTS
    found = answers(etrn_cases(SEED, count, ETRN_COMMANDS))
    with capsys.disabled():
        print(f"\n{summary(f'ETRN at {count} smtpd with lists by chance', found, 'commands')}")
    wrong = [answer for answer in found if not answer.agrees]
    assert not wrong, str(shrunk(wrong[0]))
    known = [answer for answer in found if answer.is_known]
    assert len(known) >= (1 - MOST_UNKNOWN) * len(found)
    assert {answer.real for answer in known} >= {"permit", "reject", "defer"}


def test_nobody_can_ask_without_the_flush_service() -> None:
    services = "".join(line for line in SERVICES.splitlines(True) if not line.startswith("flush "))
    with Postfix("relay_domains = relay.example\n", services=services) as postfix:
        view = load_directory(f"{postfix.directory}/etc", version=installed_version()).view(
            f"127.0.0.1:{postfix.port}/inet"
        )
        assert view is not None
        found = {flush.domain: flush.verdict.outcome for flush in flushes(view)}
        assert found == {"relay.example": "defer"}
        with postfix.connect() as client:
            client.ehlo()
            assert client.docmd("ETRN", "relay.example")[0] == 458


@pytest.mark.parametrize(
    "lists",
    [
        ["smtpd_client_restrictions=static:DISCARD", "smtpd_recipient_restrictions=reject"],
        ["smtpd_client_restrictions=static:DISCARD", "smtpd_delay_reject=no"],
        ["smtpd_sender_restrictions=check_sender_access inline:{client.example.net=DISCARD}"],
        ["smtpd_relay_restrictions=static:DISCARD reject", "smtpd_recipient_restrictions=reject"],
        ["smtpd_recipient_restrictions=static:DISCARD", "smtpd_data_restrictions=reject"],
        ["smtpd_data_restrictions=check_client_access static:DISCARD"],
    ],
)
def test_what_is_thrown_away(lists: list[str]) -> None:
    main = "mynetworks = 192.0.2.1\nmydestination = local.example\nlocal_transport = discard:\n"
    main += "".join(f"{line}\n" for line in lists)
    with Postfix(main) as postfix:
        config = load_directory(f"{postfix.directory}/etc", version=installed_version())
        view = config.view(f"127.0.0.1:{postfix.port}/inet")
        assert view is not None
        client = Client(STRANGER, "127.0.0.1", "unknown", exact=True)
        sender = Party(FOREIGN, "a@client.example.net", exact=True)
        verdict = decide(view, client, sender, Party(LOCAL, "someone@local.example", exact=True))
        assert verdict.outcome == PERMIT
        assert postfix.deliver("someone@local.example", sender.address) == "accepted"
        thrown = postfix.said("triggers DISCARD action", timeout=0.5) is not None
        assert (thrown, not thrown) == (
            verdict.branches[0].discards,
            postfix.said("postfix/qmgr.*queue active", timeout=0.5) is not None,
        )


@pytest.mark.parametrize("listed", [None, 0, 1, "fail:x"])
def test_a_client_with_a_certificate(listed: int | str | None, tmp_path: Path) -> None:
    files = access_corpus.certificate(tmp_path)
    both = tmp_path / "both.pem"
    both.write_text(files["key.pem"] + files["cert.pem"])
    prints = access_corpus.fingerprints(tmp_path)
    table = listed if isinstance(listed, str) else "texthash:@DIR@/etc/clients"
    files["clients"] = "AA:BB x\n" + (f"{prints[listed]} lab\n" if isinstance(listed, int) else "")
    main = (
        "smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\nsmtpd_tls_fingerprint_digest = sha256\n"
        "smtpd_tls_cert_file = @DIR@/etc/cert.pem\nsmtpd_tls_key_file = @DIR@/etc/key.pem\n"
        "mydestination = local.example\nmynetworks = 10.0.0.0/8\ndefault_transport = discard:\n"
        "smtpd_error_sleep_time = 0\n"
        f"relay_clientcerts = {table}\n"
    )
    lists = certified_lists(SEED, CERTIFIED_LISTS, prints)
    found = ports(len(lists))
    options = "-o smtpd_upstream_proxy_protocol=haproxy -o smtpd_recipient_restrictions="
    master = "".join(
        f"127.0.0.1:{port} inet n - n - - smtpd {options} -o {{ smtpd_relay_restrictions = {words} }}\n"
        for port, words in zip(found, lists, strict=True)
    )
    client = Client(CERTIFIED, "198.51.100.77", exact=True, certificate=prints)
    sender = Party(FOREIGN, "a@client.example.net", exact=True)
    recipient = Party(FOREIGN, "someone@foreign.example", exact=True)
    who = Caller(client.address, encrypts=True, certificate=str(both))
    known = set()
    with Postfix(main, master, files=files) as postfix:
        config = load_directory(f"{postfix.directory}/etc", version=installed_version())
        for port, words in zip(found, lists, strict=True):
            view = config.view(f"127.0.0.1:{port}/inet")
            assert view is not None
            verdict = decide(view, client, sender, recipient)
            with Session(port, who, patience=1.5) as session:
                real, reply = session.send(sender.address, recipient.address, False)
            real = "reject" if real == HANGS_UP else real
            assert real in verdict.possible, f"{words}: {verdict.reason}; smtpd: {reply}"
            known |= {verdict.outcome}
    assert known >= {"permit", "reject", "defer"}


@needs_corpus
def test_real_configurations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found: list[Answer] = []
    refused: Counter[str] = Counter()
    lists: frozenset[str] = frozenset()
    asked = list(access_corpus.configurations())[::EVERY]
    files = access_corpus.certificate(tmp_path)
    with (
        login_server() as logins,
        policy_server() as policy,
        name_server(lambda name, type: access_corpus.look_up(name, type, lists)) as resolver,
    ):
        for real in asked:
            lists = access_corpus.zones(real)
            try:
                if real.trouble:
                    raise access_corpus.NotStartedError(real.trouble)
                found += access_corpus.ask(real, files, logins, policy, resolver)
            except access_corpus.NotStartedError as error:
                refused[re.sub("^.*?fatal: (file [^:]*: )?", "", str(error))] += 1
    started = len(asked) - refused.total()
    with capsys.disabled():
        print(f"\n{summary(f'{started} of {len(asked)} real configurations', found)}")
        for why, count in refused.items():
            print(f"  {count} not started: {why[:150]}")
    wrong = [answer for answer in found if not answer.agrees]
    assert not wrong, "\n".join(map(str, wrong[:3]))
    known = sum(answer.is_known for answer in found)
    assert known >= (1 - MOST_UNKNOWN) * len(found)
    assert started >= 0.8 * len(asked)
