"""Which domains nobody can own."""

import pytest

from maillint.reserved import reserved


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "web01",
        "localhost.localdomain",
        "printer.local",
        "mail.example.com",
        "example.org",
        "x.test",
        "x.invalid",
        "nas.home.arpa",
        "[192.0.2.1]",
        "192.0.2.1",
        "web.internal",
    ],
)
def test_reserved(name: str) -> None:
    assert reserved(name)


@pytest.mark.parametrize(
    "name",
    ["bakery.net", "example.de", "myexample.com", "test.net", "local.net", "x.arpa", "3com.com", "a.b.c.org"],
)
def test_free(name: str) -> None:
    assert reserved(name) is None
