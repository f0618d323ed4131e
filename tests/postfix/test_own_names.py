"""The names of the host itself."""

import pytest

from maillint.postfix.configuration import Configuration
from maillint.postfix.own_names import foreign_destinations, own_names
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source


def config(main: str) -> Configuration:
    return Configuration(parse_main_cf(Source("main.cf", main)), None)


@pytest.mark.parametrize(
    ("main", "foreign"),
    [
        ("", []),
        ("mydestination = $myhostname, localhost.$mydomain, localhost\n", []),
        ("mydestination = ${myhostname}, $mydomain\n", ["…"]),
        ("myhostname = mail.example.com\nmydestination = mail.example.com, MAIL, localhost\n", []),
        (
            "myhostname = mail.example.com\nmydestination = $myhostname, $mydomain, hash:/etc/x\n",
            ["example.com", "hash:/etc/x"],
        ),
    ],
)
def test_foreign_destinations(main: str, foreign: list[str]) -> None:
    assert [item.text for item in foreign_destinations(config(main).main_view)] == foreign


def test_own_names() -> None:
    names = own_names(config("myhostname = Mail.example.com\n").main_view)
    assert {"mail.example.com", "mail", "localhost.example.com", "localhost"} <= names
    assert "example.com" not in names
