"""Who can reach the SMTP servers of a configuration."""

import pytest

from maillint.postfix.configuration import Configuration
from maillint.postfix.listening import (
    LOOPBACK,
    NETWORK,
    NOBODY,
    UNKNOWN,
    is_address,
    listeners,
    smtp_reach,
)
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source


def configuration(main: str, master: str | None = None) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
    )


@pytest.mark.parametrize(
    ("interfaces", "reach"),
    [
        (None, NETWORK),
        ("all", NETWORK),
        ("loopback-only", LOOPBACK),
        ("localhost", LOOPBACK),
        ("localhost.$mydomain", LOOPBACK),
        ("127.0.0.1, [::1]", LOOPBACK),
        ("127.0.0.2", LOOPBACK),
        ("192.0.2.25", NETWORK),
        ("[2001:db8::25]", NETWORK),
        ("192.0.2.25, 127.0.0.1", NETWORK),
        ("$myhostname, localhost", UNKNOWN),
        ("mail.example.com", UNKNOWN),
        ("", NOBODY),
    ],
)
def test_interfaces(interfaces: str | None, reach: str) -> None:
    main = "" if interfaces is None else f"inet_interfaces = {interfaces}\n"
    assert smtp_reach(configuration(main)) == reach
    assert smtp_reach(configuration(main, "smtp inet n - n - 1 postscreen\n")) == reach


@pytest.mark.parametrize(
    ("service", "reach"),
    [
        ("127.0.0.1:10025 inet n - n - - smtpd\n", LOOPBACK),
        ("[::1]:10025 inet n - n - - smtpd\n", LOOPBACK),
        ("192.0.2.25:smtp inet n - n - - smtpd\n", NETWORK),
        ("[2001:db8::25]:smtp inet n - n - - smtpd\n", NETWORK),
        ("mail.example.com:smtp inet n - n - - smtpd\n", UNKNOWN),
        ("smtp unix - - n - - smtp\n", NOBODY),
        ("628 inet n - n - - qmqpd\n", NOBODY),
    ],
)
def test_an_address_in_master_cf_does_not_follow_inet_interfaces(service: str, reach: str) -> None:
    assert smtp_reach(configuration("inet_interfaces = 127.0.0.1\n", service)) == reach


def test_each_server_has_its_own_reach() -> None:
    services = "smtp inet n - n - - smtpd\n127.0.0.1:10025 inet n - n - - smtpd\n"
    found = [(one.view.id, one.reach, one.by_interfaces) for one in listeners(configuration("", services))]
    assert found == [("smtp/inet", NETWORK, True), ("127.0.0.1:10025/inet", LOOPBACK, False)]


@pytest.mark.parametrize("text", ["192.0.2.1", "::1", "2001:db8::25", "::ffff:192.0.2.1"])
def test_is_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "mail.example.com", "all"])
def test_is_no_address(text: str) -> None:
    assert not is_address(text)
