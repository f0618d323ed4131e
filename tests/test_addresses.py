"""IP addresses, read, written and sorted; what ``ipaddress`` of the standard library says is right."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.addresses import is_loopback, is_public, packed, printed, single

NO_ADDRESS = (
    "",
    "localhost",
    "127.1",
    "010.1.2.3",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1::2::3",
    ":1",
    "[::1]",
)


@given(st.ip_addresses())
def test_read_and_written(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert packed(str(address)) == address.packed
    assert ipaddress.ip_address(printed(address.packed)) == address


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_no_address(text: str) -> None:
    assert packed(text) is None
    assert single(text) is None
    assert is_public(text) is None
    assert not is_loopback(text)


@given(st.ip_addresses())
def test_public_as_the_registries_say(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """What is global is public; what is not global may be, such as the addresses for documentation."""
    if address.is_global and not address.is_multicast:
        assert is_public(str(address))
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        assert not is_public(str(address))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("9.255.255.255", True), ("10.0.0.0", False), ("10.255.255.255", False), ("11.0.0.0", True),
        ("100.63.255.255", True), ("100.64.0.0", False), ("100.127.255.255", False), ("100.128.0.0", True),
        ("172.15.255.255", True), ("172.16.0.0", False), ("172.31.255.255", False), ("172.32.0.0", True),
        ("192.168.0.1", False), ("192.0.2.1", True), ("203.0.113.9", True), ("169.254.1.1", False),
        ("0.0.0.0", False), ("255.255.255.255", False), ("2001:db8::1", True), ("fc00::1", False),
        ("fdff::1", False), ("fe00::1", True), ("fe80::1", False), ("febf::1", False), ("::", False),
    ],
)  # fmt: skip
def test_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"])
def test_loopback(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["126.255.255.255", "128.0.0.1", "::", "::2", "::ffff:126.0.0.1"])
def test_no_loopback(address: str) -> None:
    assert not is_loopback(address)
