"""Endpoints are taken apart as util/host_port.c does it."""

import pytest

from maillint.postfix.host_port import HostPort, address_family, host_port


@pytest.mark.parametrize(
    ("text", "host", "port", "expected"),
    [
        ("smtp", "", None, ("", "smtp", "")),
        ("192.0.2.1:25", "", None, ("192.0.2.1", "25", "")),
        (":25", "", None, ("", "25", "")),
        ("[2001:db8::1]:25", "", None, ("2001:db8::1", "25", "")),
        ("2001:db8::1:25", "", None, ("2001:db8::1", "25", "")),
        ("[IPv6:2001:db8::1]:25", None, None, ("2001:db8::1", "25", "")),
        ("[ipv6:mail.example.com]:25", None, None, ("mail.example.com", "", "malformed IPv6 address")),
        ("[mail.example.com]", None, "smtp", ("mail.example.com", "smtp", "")),
        ("mail.example.com", None, "smtp", ("mail.example.com", "smtp", "")),
        ("mail.example.com:", None, "smtp", ("mail.example.com", "smtp", "")),
        ("mail.example.com:", None, None, ("mail.example.com", "", "missing service information")),
        (":25", None, None, ("", "25", "missing host information")),
        ("[mail.example.com", None, "smtp", ("mail.example.com", "", 'missing "]"')),
        ("[mail.example.com]25", None, "smtp", ("mail.example.com", "", 'garbage after "]"')),
        ("*:25", "", None, ("*", "25", "valid hostname or network address required")),
        ("25x", "", None, ("", "25x", "garbage after numerical service")),
        ("münchen.example:25", None, None, ("münchen.example", "25", "")),
    ],
)
def test_host_port(text: str, host: str | None, port: str | None, expected: tuple[str, str, str]) -> None:
    assert host_port(text, host, port) == HostPort(*expected)


@pytest.mark.parametrize("text", ["192.0.2.1", "0.0.0.0", "127.000.0.1", "255.255.255.255"])
def test_ipv4(text: str) -> None:
    assert address_family(text) == 4


@pytest.mark.parametrize(
    "text", ["::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:192.0.2.1", "FE80::a"]
)
def test_ipv6(text: str) -> None:
    assert address_family(text) == 6


@pytest.mark.parametrize(
    "text",
    [
        "", "192.0.2", "192.0.2.256", "192.0.2.1.", "192.0.2.1.5", "0.1.2.3", "a.b.c.d", "1.2.3.4x",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1:2:3:4:5:6:7", "12345::", "::g",
        "::192.0.2", "1:2:3:4:5:6:7:192.0.2.1", "[::1]",
    ],
)  # fmt: skip
def test_no_address(text: str) -> None:
    assert address_family(text) is None
