"""The command ``maillint show --sender``: a block for each kind of mail, JSON, and what a real nsd says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lab.dns_server import free_port, nsd
from support import ROOT, needs_nsd, run_maillint

MAIN = """\
compatibility_level = 3.6
myhostname = mail.bakery.net
mydomain = bakery.net
myorigin = $mydomain
virtual_mailbox_domains = shop.net, bakery.net
smtpd_milters = inet:127.0.0.1:8891
smtp_bind_address = 10.0.0.7
sender_dependent_default_transport_maps = inline:{ {@news.net = bulk:}, {@shop.net = smtp:[relay.isp.net]} }
"""
MASTER = """\
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
smtp unix - - n - - smtp
bulk unix - - n - - smtp
  -o smtp_helo_name=news.bakery.net
  -o smtp_bind_address=203.0.113.67
"""

ZONE = """\
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
bakery.net.             TXT   "v=spf1 include:_spf.google.com ~all"
_spf.google.com.        TXT   "v=spf1 ip4:198.51.100.0/24 ~all"
web01.bakery.net.       A     203.0.113.10
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN)
    (tmp_path / "master.cf").write_text(MASTER)
    return tmp_path


def blocks(text: str) -> dict[str, str]:
    """The blocks of the answer, the first with each domain in the envelope."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        envelope = re.search(r"^  envelope +user@(\S+)$", block, re.MULTILINE)
        found.setdefault(envelope[1] if envelope else block.splitlines()[0], " ".join(block.split()))
    return found


def test_each_kind_of_mail(directory: Path) -> None:
    run = run_maillint("show", "--sender", directory)
    assert (run.returncode, run.stderr) == (0, "")
    found = blocks(run.stdout)
    programs = found["bakery.net"]
    assert programs.startswith("Mail from programs on this host (sendmail, PHP, cron), taken by pickup/unix")
    assert "because myorigin = $mydomain (main.cf:4) because mydomain = bakery.net (main.cf:3)" in programs
    assert "next hop the mail servers of the recipients (service smtp)" in programs
    assert "greets as mail.bakery.net; myhostname = mail.bakery.net (main.cf:2)" in programs
    assert "leaves from 10.0.0.7 (`smtp_bind_address`; private, so a router replaces it (NAT))" in programs
    assert "not known: tell the public address with --public-ip ADDRESS" in programs
    assert "signed by nobody" in programs
    shop = found["shop.net"]
    assert shop.startswith("Mail from domains that the configuration names, taken by submission/inet")
    assert "next hop the relay [relay.isp.net] (service smtp); sender_dependent" in shop
    assert "signed by perhaps smtpd_milters = inet:127.0.0.1:8891 (main.cf:6)" in shop
    news = found["news.net"]
    assert "(service bulk)" in news
    assert "greets as news.bakery.net; smtp_helo_name = news.bakery.net (master.cf:9)" in news
    assert "leaves from 203.0.113.67 (`smtp_bind_address`); smtp_bind_address = 203.0.113.67" in news


def test_users_without_a_list_of_senders(directory: Path) -> None:
    run = run_maillint("show", "--sender", directory)
    (users,) = [block for block in run.stdout.split("\n\n") if block.startswith("Mail of users")]
    assert "not known: users name their senders themselves (`smtpd_sender_login_maps` not set)" in users


def answer(directory: Path, *options: str) -> dict[str, Any]:
    run = run_maillint("show", "--sender", "--format", "json", *options, directory)
    assert (run.returncode, run.stderr) == (0, "")
    found: dict[str, Any] = json.loads(run.stdout)
    assert found["version"] == 1
    return found


def test_json(directory: Path) -> None:
    found = answer(directory, "--public-ip", "203.0.113.7", "--public-ip", "2001:db8::7,203.0.113.8")
    programs = found["identities"][0]
    assert (programs["kind"], programs["envelope"]["domain"], programs["from"]["domain"]) == (
        "programs", "bakery.net", "bakery.net",
    )  # fmt: skip
    assert [setting["line"] for setting in programs["envelope"]["settings"]] == [4, 3]
    assert programs["route"] == {
        "kind": "direct", "nexthop": None, "service": "smtp", "reason": None, "setting": None,
    }  # fmt: skip
    assert [(source["address"], source["how"]) for source in programs["addresses"]] == [
        ("203.0.113.7", "given"), ("2001:db8::7", "given"), ("203.0.113.8", "given"),
    ]  # fmt: skip
    assert programs["spf"] == []
    assert {(one["kind"], one["envelope"]["domain"]) for one in found["identities"]} == {
        ("programs", "bakery.net"), ("users", None), ("hosted", "shop.net"), ("hosted", "bakery.net"),
        ("hosted", "news.net"),
    }  # fmt: skip
    assert "findings" not in found


@needs_nsd
def test_online_it_has_the_verdicts(tmp_path: Path) -> None:
    main = (ROOT / "examples/gmail-bounce/after/main.cf").read_text().replace("example.com", "bakery.net")
    (tmp_path / "main.cf").write_text(main)
    with nsd({".": ZONE}) as server:
        options = ("--online", "--resolver", server, "--public-ip", "203.0.113.10")
        text = run_maillint("show", "--sender", *options, tmp_path)
        found = answer(tmp_path, *options)
    assert (text.returncode, text.stderr) == (0, "")
    words = " ".join(text.stdout.split())
    assert "SPF bakery.net, 203.0.113.10: softfail (`~all` of bakery.net)" in words
    assert "_spf.google.com: ip4:198.51.100.0/24: no match" in words
    assert "web01.bakery.net, 203.0.113.10: none" in words
    assert "What the DNS says of it" in words
    assert "[spf-host-not-authorised]" in words
    assert 'IN TXT "v=spf1 ip4:203.0.113.10 include:_spf.google.com ~all"' in words
    (programs,) = found["identities"]
    domain, greeting = programs["spf"]
    assert (domain["domain"], domain["result"], domain["lookups"]) == ("bakery.net", "softfail", 1)
    assert domain["trace"][-1] == {"domain": "bakery.net", "term": "~all", "depth": 0, "outcome": "match"}
    assert (greeting["domain"], greeting["result"]) == ("web01.bakery.net", "none")
    assert "spf-host-not-authorised" in {finding["rule"] for finding in found["findings"]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sender", "--public-ip", "web01"), "'web01' is not an IP address"),
        (("--sender", "--online", "--resolver", "dns.bakery.net"), "resolver"),
        (("--online",), "only allowed with argument --sender"),
        (("--public-ip", "192.0.2.1"), "only allowed with argument --sender"),
        (("--sender", "--relay"), "not allowed with argument"),
        (("--sender", "--expand"), "not allowed with argument --expand"),
    ],
)
def test_what_cannot_be_done(directory: Path, options: tuple[str, ...], words: str) -> None:
    run = run_maillint("show", *options, directory)
    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr


def test_nobody_to_ask(directory: Path) -> None:
    run = run_maillint("show", "--sender", "--online", "--resolver", f"127.0.0.1#{free_port()}", directory)
    assert (run.returncode, run.stdout) == (2, "")
    assert "no name server replies" in run.stderr
