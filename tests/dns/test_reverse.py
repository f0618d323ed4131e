"""The names of addresses, and names that look made by a machine."""

import pytest

from maillint.dns.dnsbl import is_public_resolver
from maillint.dns.dnsbl import look_up as ask_list
from maillint.dns.reverse import is_generic, look_up, reverse_name
from maillint.dns.zone import Zone


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("static-192-0-2-25.isp.net", "192.0.2.25"),
        ("25.2.0.192.dyn.isp.net", "192.0.2.25"),
        ("host192-000-002-025.isp.net", "192.0.2.25"),
        ("ec2-192-0-2-25.compute-1.amazonaws.com", "192.0.2.25"),
        ("c0000219.isp.net", "192.0.2.25"),
        ("p192000002025.isp.net", "192.0.2.25"),
        ("pool-2-25.dsl.isp.net", "192.0.2.25"),
        ("20010db8000000000000000000000007.v6.isp.net", "2001:db8::7"),
    ],
)
def test_generic_names(name: str, address: str) -> None:
    assert is_generic(name, address)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("mail.bakery.net", "192.0.2.25"),
        ("mx25.bakery.net", "192.0.2.25"),
        ("out-2-25.bakery.net", "192.0.2.25"),
        ("mail2.dynamic-bakery.net", "192.0.2.25"),
        ("a192.g0.bakery.net", "192.0.2.25"),
        ("mail.bakery.net", "2001:db8::7"),
        ("dead-beef-cafe.net", "2001:db8::7"),
    ],
)
def test_chosen_names(name: str, address: str) -> None:
    assert not is_generic(name, address)


ZONE = Zone("""
25.2.0.192.in-addr.arpa. 60 PTR mail.bakery.net.
mail.bakery.net.         60 A    192.0.2.25
mail.bakery.net.         60 AAAA 2001:db8::7
26.2.0.192.in-addr.arpa. 60 PTR old.bakery.net.
26.2.0.192.in-addr.arpa. 60 PTR mail.bakery.net.
7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 PTR mail.bakery.net.
25.2.0.192.list.net.     60 A 127.0.0.2
26.2.0.192.list.net.     60 A 127.255.255.254
27.2.0.192.list.net.     60 A 203.0.113.9
*.all.net.               60 A 127.0.0.2
""")


@pytest.mark.parametrize(
    ("address", "names", "confirmed"),
    [
        ("192.0.2.25", {"mail.bakery.net"}, ("mail.bakery.net",)),
        ("2001:db8::7", {"mail.bakery.net"}, ("mail.bakery.net",)),
        ("192.0.2.26", {"old.bakery.net", "mail.bakery.net"}, ()),
        ("192.0.2.27", set(), ()),
    ],
)
def test_forward_confirmation(address: str, names: set[str], confirmed: tuple[str, ...]) -> None:
    found = look_up(ZONE, address)
    assert (set(found.names), found.confirmed, found.unanswered) == (names, confirmed, None)


def test_where_names_stand() -> None:
    assert reverse_name("192.0.2.25") == "25.2.0.192.in-addr.arpa"


@pytest.mark.parametrize(
    ("address", "zone", "codes", "refused"),
    [
        ("192.0.2.25", "list.net", ("127.0.0.2",), ""),
        ("192.0.2.28", "list.net", (), ""),
        ("192.0.2.26", "list.net", (), "refuses to answer"),
        ("192.0.2.27", "list.net", (), "refuses to answer"),
        ("192.0.2.25", "all.net", (), "of every address"),
    ],
)
def test_lists_of_addresses(address: str, zone: str, codes: tuple[str, ...], refused: str) -> None:
    listing = ask_list(ZONE, address, zone)
    assert listing.codes == codes
    assert refused in listing.refused
    assert bool(listing.refused) == bool(refused)


def test_public_resolvers() -> None:
    assert is_public_resolver("8.8.8.8#53")
    assert is_public_resolver("1.1.1.1")
    assert not is_public_resolver("127.0.0.1#5300")
