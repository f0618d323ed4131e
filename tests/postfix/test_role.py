"""The parts that a host plays: three answers to every question."""

import pytest

from maillint.postfix import role
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

NOWHERE = "nowhere unix - - y - - error\n"


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
        ("default_transport = discard:\n", False),
        ("default_transport = nowhere:x\n", False),
        ("default_transport = {{ x }}\n", None),
        ("sender_dependent_relayhost_maps = hash:/x\n", None),
        ("sender_dependent_relayhost_maps = hash:/x\nrelayhost = y\n", True),
    ],
)
def test_has_relayhost(main: str, answer: bool | None) -> None:
    assert role.has_relayhost(config(main, NOWHERE).main_view) is answer


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
