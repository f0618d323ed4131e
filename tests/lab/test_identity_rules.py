"""What the rules about names, domains and listening say will happen does happen to the real Postfix."""

import subprocess
from collections.abc import Iterator

import pytest

from lab.postfix import Postfix
from support import ROOT, needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

AFTER = (ROOT / "examples" / "gmail-bounce" / "after" / "main.cf").read_text("utf-8")

ELSEWHERE = """
default_transport = error:it leaves this host
local_transport = error:it stays on this host
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
"""
"""Shows in the log which way mail would go."""


def send(postfix: Postfix, recipient: str, sender: str) -> tuple[str, str]:
    """Hand a message to sendmail(1) as a program would; its envelope sender and what became of it."""
    postfix.log.clear()
    subprocess.run(
        ["/usr/sbin/sendmail", "-C", f"{postfix.directory}/etc", "-i", "-f", sender, recipient],
        input=b"Subject: test\n\ntest\n",
        check=True,
        timeout=20,
    )
    # A bounce of an earlier message has an empty sender.
    taken = postfix.said(r"qmgr\[\d+\]: \w+: from=<[^>]")
    assert taken is not None, postfix.log
    queue_id = taken.split(": ")[1]
    fate = postfix.said(rf": {queue_id}: to=.*status=")
    assert fate is not None, postfix.log
    return taken.partition("from=<")[2].partition(">")[0], fate


@pytest.fixture(scope="module")
def after() -> Iterator[Postfix]:
    with Postfix(AFTER + ELSEWHERE) as postfix:
        yield postfix


def test_mended_host_sends_as_its_domain(after: Postfix) -> None:
    sender, fate = send(after, "friend@example.net", "nginx")
    assert sender == "nginx@example.com"
    assert "it leaves this host" in fate


def test_mended_host_sends_mail_for_its_domain_to_where_the_mailboxes_are(after: Postfix) -> None:
    _, fate = send(after, "bob@example.com", "website@example.com")
    assert "to=<bob@example.com>" in fate and "it leaves this host" in fate


@pytest.mark.parametrize("name", ["root", "postmaster", "nginx"])
def test_mended_host_sends_mail_for_system_users_to_a_person(after: Postfix, name: str) -> None:
    _, fate = send(after, name, "root")
    assert "to=<admin@example.com>" in fate and "it leaves this host" in fate


def test_mydomain_local_on_send_only() -> None:
    with Postfix(f"{AFTER}{ELSEWHERE}mydestination = $myhostname, localhost, $mydomain\n") as postfix:
        _, fate = send(postfix, "bob@example.com", "website@example.com")
    assert "to=<bob@example.com>" in fate and "it stays on this host" in fate


def test_myorigin_unset() -> None:
    with Postfix(f"{ELSEWHERE}myhostname = web01.example.com\n") as postfix:
        sender, _ = send(postfix, "friend@example.net", "nginx")
    assert sender == "nginx@web01.example.com"


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("myhostname =\n", "bad string length 0 < 1: myhostname"),
        ("inet_protocols = IPv4\n", 'unknown inet_protocols value "IPv4"'),
        ("inet_protocols = ipv4-only\n", 'unknown inet_protocols value "ipv4-only"'),
    ],
    ids=["empty-required-value", "bad-inet-protocols-case", "bad-inet-protocols"],
)
def test_stops_postfix(setting: str, reason: str) -> None:
    with Postfix(setting) as postfix:
        said = postfix.said("fatal:")
        assert said is not None and reason in said, postfix.log


WILDCARDS = """
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions =
mydestination = *.a.example .b.example @c.example
relay_domains = d.example .e.example *.f.example
relay_recipient_maps =
"""


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        ("user@mail.a.example", "554"),
        ("user@mail.b.example", "554"),
        ("user@c.example", "554"),
        ("user@mail.d.example", "250"),
        ("user@mail.e.example", "554"),
        ("user@mail.f.example", "554"),
    ],
)
def test_wildcard_domain(wildcards: Postfix, recipient: str, code: str) -> None:
    assert wildcards.try_recipient(recipient).startswith(code)


@pytest.fixture(scope="module")
def wildcards() -> Iterator[Postfix]:
    with Postfix(WILDCARDS) as postfix:
        yield postfix


@pytest.mark.parametrize(("name", "code"), [("web01", 504), ("localhost", 504), ("web01.example.com", 250)])
def test_names_without_a_domain_are_refused(strict: Postfix, name: str, code: int) -> None:
    with strict.connect() as client:
        client.docmd(f"EHLO {name}")
        client.docmd("MAIL FROM:<a@client.example.net>")
        assert client.docmd("RCPT TO:<user@lab.example.com>")[0] == code


@pytest.fixture(scope="module")
def strict() -> Iterator[Postfix]:
    with Postfix("smtpd_helo_restrictions = reject_non_fqdn_helo_hostname\n") as postfix:
        yield postfix
