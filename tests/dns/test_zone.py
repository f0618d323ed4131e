"""A zone file answers as nsd does with the same file."""

from collections.abc import Iterator

import pytest

from lab.dns_server import nsd
from maillint.dns.answer import BAD_NAME, BAD_REPLY
from maillint.dns.resolver import Resolver
from maillint.dns.zone import Zone
from support import needs_nsd

ZONE = """\
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
bakery.net.             TXT   "v=spf1" " -all"
bakery.net.             MX    10 mail.bakery.net.
mail.bakery.net.        A     192.0.2.1
alias.bakery.net.       CNAME bakery.net.
away.bakery.net.        CNAME nothing.org.
a.b.c.bakery.net.       TXT   "deep"
*.wild.bakery.net.      TXT   "wild"
has.wild.bakery.net.    A     192.0.2.2
*.walias.bakery.net.    CNAME bakery.net.
"""


@pytest.fixture(scope="module")
def real() -> Iterator[Resolver]:
    with nsd({".": ZONE}) as address:
        yield Resolver(address)


@needs_nsd
@pytest.mark.parametrize("rdtype", ["TXT", "A", "MX", "CNAME"])
@pytest.mark.parametrize(
    "name",
    [
        "bakery.net",
        "BAKERY.net.",
        "mail.bakery.net",
        "alias.bakery.net",
        "away.bakery.net",
        "c.bakery.net",
        "nothing.bakery.net",
        "x.wild.bakery.net",
        "x.y.wild.bakery.net",
        "has.wild.bakery.net",
        "x.has.wild.bakery.net",
        "x.walias.bakery.net",
        "wild.bakery.net",
        "org",
        "x..y",
    ],
)
def test_as_the_real_server(real: Resolver, name: str, rdtype: str) -> None:
    theirs, ours = real.ask(name, rdtype), Zone(ZONE).ask(name, rdtype)
    assert (ours.status, sorted(ours.records), ours.chain) == (
        theirs.status,
        sorted(theirs.records),
        theirs.chain,
    )


def test_names_are_below_the_origin() -> None:
    zone = Zone("$ORIGIN bakery.net.\n$TTL 60\n@ TXT one\nwww TXT two\n")
    assert zone.ask("bakery.net", "TXT").texts == ("one",)
    assert zone.ask("www.bakery.net", "TXT").texts == ("two",)
    assert Zone("bakery.net 60 IN TXT one\n").ask("bakery.net", "TXT").texts == ("one",)


def test_endless_aliases() -> None:
    zone = Zone("a.net 60 CNAME b.net\nb.net 60 CNAME a.net\n")
    assert zone.ask("a.net", "TXT").status == BAD_REPLY
    assert zone.ask("a..net", "TXT").status == BAD_NAME


def test_no_zone_file() -> None:
    with pytest.raises(ValueError, match="2"):
        Zone("$TTL 60\nbakery.net. TXTT foo\n")
