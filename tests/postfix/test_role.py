"""The parts that a host plays: three answers to every question."""

import pytest

from maillint.postfix import role
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

SMTPD = "smtp inet n - y - - smtpd\n"
LOCAL_SMTPD = "127.0.0.1:10025 inet n - y - - smtpd\n"
CLIENTS = "smtp unix - - y - - smtp\nerror unix - - y - - error\nuucp unix - n n - - pipe flags=F\n"


def config(main: str = "", master: str | None = None) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
    )


@pytest.mark.parametrize(
    ("answers", "together"),
    [
        ([], False),
        ([False, False], False),
        ([False, None], None),
        ([None, True], True),
    ],
)
def test_any_of(answers: list[bool | None], together: bool | None) -> None:
    assert role.any_of(answers) is together


@pytest.mark.parametrize(
    ("main", "answer"),
    [
        ("", False),
        ("relayhost = [mail.example.com]\n", True),
        ("relayhost = {{ relay }}\n", None),
        ("default_transport = smtp:[mail.example.com]\n", True),
        ("default_transport = error:no mail from here\n", False),
        ("sender_dependent_relayhost_maps = hash:/x\n", None),
        ("sender_dependent_relayhost_maps = hash:/x\nrelayhost = y\n", True),
    ],
)
def test_has_relayhost(main: str, answer: bool | None) -> None:
    assert role.has_relayhost(config(main).main_view) is answer


@pytest.mark.parametrize(
    ("main", "master", "answer"),
    [
        ("", None, True),
        ("", CLIENTS, True),
        ("default_transport = error:x\n", None, False),
        ("default_transport = discard:\n", None, False),
        ("default_transport = uucp\n", CLIENTS, None),
        ("default_transport = {{ x }}\n", None, None),
        ("default_transport = slow\n", "slow unix - - y - - smtp\n", True),
    ],
)
def test_sends_to_internet(main: str, master: str | None, answer: bool | None) -> None:
    assert role.sends_to_internet(config(main, master).main_view) is answer


@pytest.mark.parametrize(
    ("interfaces", "answer"),
    [
        ("all", True),
        ("loopback-only", False),
        ("127.0.0.1, [::1]", False),
        ("localhost", False),
        ("127.0.0.1 192.0.2.1", True),
        ("$myhostname", None),
        ("{{ address }}, 127.0.0.1", None),
        ("", None),
    ],
)
def test_listens_beyond_loopback(interfaces: str, answer: bool | None) -> None:
    assert role.listens_beyond_loopback(config(f"inet_interfaces = {interfaces}\n")) is answer


@pytest.mark.parametrize(
    ("main", "master", "answer"),
    [
        ("", SMTPD, True),
        ("", LOCAL_SMTPD, False),
        ("", CLIENTS, False),
        ("", None, None),
        ("inet_interfaces = loopback-only\n", None, False),
        ("inet_interfaces = loopback-only\n", SMTPD, False),
        ("inet_interfaces = loopback-only\n", "192.0.2.1:smtp inet n - y - - smtpd\n", True),
        ("inet_interfaces = $myhostname\n", SMTPD, None),
        ("", "smtp inet n - y - 1 postscreen\n", True),
        ("", "[::1]:25 inet n - y - - smtpd\n", False),
    ],
)
def test_receives_from_network(main: str, master: str | None, answer: bool | None) -> None:
    assert role.receives_from_network(config(main, master)) is answer


@pytest.mark.parametrize(
    ("main", "answer"),
    [
        ("", False),
        ("mydestination = $myhostname, localhost.$mydomain, localhost\n", False),
        ("mydestination = $myhostname, $mydomain\n", None),
        ("myhostname = mail.example.com\nmydestination = mail.example.com, mail, localhost\n", False),
        ("myhostname = mail.example.com\nmydestination = $myhostname, $mydomain\n", True),
        ("mydestination = hash:/etc/domains\n", True),
        ("virtual_mailbox_domains = example.com\n", True),
        ("relay_domains = example.com\n", True),
        ("virtual_alias_domains = example.com\n", True),
        ("virtual_alias_maps = hash:/etc/virtual\n", None),
        ("virtual_alias_domains =\nvirtual_alias_maps = hash:/etc/virtual\n", False),
        ("mydestination = {{ domains }}\n", None),
    ],
)
def test_receives_for_domains(main: str, answer: bool | None) -> None:
    assert role.receives_for_domains(config(main).main_view) is answer
