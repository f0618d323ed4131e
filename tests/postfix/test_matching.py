"""Whether a match list has an address, whatever stands in the list."""

import pytest

from maillint.postfix.configuration import Configuration
from maillint.postfix.matching import CLIENT, ERROR, NO, YES, in_network, matches
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source


@pytest.mark.parametrize(
    ("address", "pattern", "held"),
    [
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "[192.0.2.7]", True),
        ("192.0.3.7", "192.0.2.0/24", False),
        ("192.0.2.7", "0.0.0.0/0", True),
        ("2001:db8::7", "[2001:db8::]/32", True),
        ("2001:db8::7", "[2001:db8::7]", True),
        ("2001:db9::7", "[2001:db8::]/32", False),
        ("192.0.2.7", "[::]/0", False),
        ("192.0.2.7", "192.0.2.0/24|", False),
        ("192.0.2.7", "192.0.2.0/-1", False),
        ("192.0.2.7", "192.0.2.0/33", False),
        ("192.0.2.7", "hash:/x", False),
        ("192.0.2.7", "", False),
    ],
)
def test_in_network(address: str, pattern: str, held: bool) -> None:
    assert in_network(address, pattern) is held


@pytest.mark.parametrize(
    ("listed", "answer"),
    [
        ("192.0.2.0/24", YES),
        ("!192.0.2.7, 192.0.2.0/24", NO),
        ("192.0.2.1/24", ERROR),  # host bits
        ("192.0.2.0/33", ERROR),
        ("192.0.2.0/24|", NO),  # taken for the name of a host
        ("", NO),
    ],
)
def test_matches(listed: str, answer: str) -> None:
    view = Configuration(parse_main_cf(Source("main.cf", f"mynetworks = {listed}\n")), None).main_view
    assert matches(view, "mynetworks", CLIENT, "mail.example.com", "192.0.2.7", otherwise=NO).answer == answer
