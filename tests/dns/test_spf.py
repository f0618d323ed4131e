"""Which TXT records are SPF records."""

import re

import pytest

from maillint.dns.spf import is_spf, select


@pytest.mark.parametrize(
    "text", ["v=spf1", "v=spf1 -all", "V=SPF1 mx -all", "v=sPf1  ip4:192.0.2.1", "v=spf1 nonsense"]
)
def test_spf(text: str) -> None:
    assert is_spf(text)
    assert select([text]) == ((text,), ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=spf10 -all", "exactly"),
        ("v=spf1.0 -all", "a blank must follow"),
        ("v=spf1\t-all", "a blank must follow"),
        ("v=spf1;-all", "a blank must follow"),
        ("v=spf1include:_spf.bakery.net -all", "a blank must follow"),
        ("v=spf1\u00a0-all", "a blank must follow"),
        ('"v=spf1 -all"', "quotation mark"),
        ("“v=spf1 -all”", "quotation mark"),
        (" v=spf1 -all", "begins with a blank"),
        ("\ufeffv=spf1 -all", "does not begin|a blank|quotation"),
        ("spf2.0/pra -all", "Sender ID"),
        ("v=spf2 -all", "does not begin"),
        ("v=spf 1 -all", "does not begin"),
        ("v = spf1 -all", "does not begin"),
        ("spf1 -all", "does not begin"),
        ("v:spf1 -all", "does not begin"),
    ],
)
def test_near_miss(text: str, reason: str) -> None:
    assert not is_spf(text)
    records, (miss,) = select([text])
    assert records == ()
    assert miss.text == text
    assert re.search(reason, miss.reason)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=DMARC1; p=none",
        "v=DKIM1; p=",
        "google-site-verification=spf1",
        "spf",
        "spf record removed 2020",
        "MS=ms1",
    ],
)
def test_something_else(text: str) -> None:
    assert select([text]) == ((), ())


def test_several() -> None:
    texts = ["v=spf1 -all", "other", "v=spf10", "v=SPF1 mx"]
    selection = select(texts)
    assert selection.records == ("v=spf1 -all", "v=SPF1 mx")
    assert [miss.text for miss in selection.near_misses] == ["v=spf10"]
