"""The tables of causes and patterns are whole, and a pattern is as sure as what it knows."""

from __future__ import annotations

import pytest

from maillint.engine.registry import Registry
from maillint.log.outcomes import reply
from maillint.log.patterns import (
    CERTAIN,
    LIKELY,
    POSSIBLE,
    Match,
    causes,
    patterns,
    receiver_of,
    said_by_server,
)

GMAIL = "gmail-smtp-in.l.google.com"
NO_SPF = "Gmail requires all senders to authenticate with either SPF or DKIM."


def test_every_pattern_has_a_cause_and_every_cause_a_pattern() -> None:
    named = {pattern.cause for pattern in patterns()}
    elsewhere = {cause.everywhere for cause in causes().values() if cause.everywhere}
    assert named | elsewhere == causes().keys()


def test_the_rules_of_causes_exist() -> None:
    rules = Registry.load().rules.keys()
    for cause in causes().values():
        assert rules >= set(cause.rules), cause.id


def test_all_hundred_patterns_are_there() -> None:
    assert {int(pattern.number) for pattern in patterns()} >= set(range(1, 101))


def test_sentences_say_what_happens_why_and_what_to_do() -> None:
    for cause in causes().values():
        for text in (cause.happened, cause.why, cause.mend):
            assert text and text.strip() == text and not text.endswith("."), cause.id
            assert text.count("`") % 2 == 0, cause.id


def said(host: str, text: str, dsn: str = "") -> Match | None:
    return said_by_server(
        host, reply(f"host {host}[192.0.2.1] said: {text} (in reply to end of DATA command)", dsn)
    )


@pytest.mark.parametrize(
    ("host", "text", "dsn", "confidence"),
    [
        (GMAIL, f"550-5.7.26 {NO_SPF} 550 5.7.26 x - gsmtp", "5.7.26", CERTAIN),
        (GMAIL, f"550-5.9.9 {NO_SPF}", "5.9.9", LIKELY),
        (GMAIL, "550 5.7.26 something new", "5.7.26", LIKELY),
        ("relay.example.net", f"550 5.7.26 {NO_SPF}", "5.7.26", POSSIBLE),
    ],
)
def test_confidence(host: str, text: str, dsn: str, confidence: str) -> None:
    found = said(host, text, dsn)
    assert found is not None
    assert (found.cause, found.confidence) == ("sender-not-authenticated", confidence)


@pytest.mark.parametrize(
    "text",
    [
        "550 5.7.1 the message was not queued",
        "550 5.3.0 the domain does not exist",
        "550 5.3.0 please log in to your account with tls",
        "554 5.3.0 message-id is fine",
        "450 4.3.0 connection timed out while talking to the filter",
    ],
)
def test_short_words_alone_tell_nothing(text: str) -> None:
    assert said("mx.example.net", text, text.split()[1]) is None


@pytest.mark.parametrize(
    ("host", "family"),
    [
        (GMAIL, "gmail"),
        ("google.com.example.net", ""),
        ("notgoogle.com", ""),
        ("example-com.mail.protection.outlook.com", "microsoft"),
        ("mta5.am0.yahoodns.net", "yahoo"),
        ("none", ""),
        ("", ""),
    ],
)
def test_families(host: str, family: str) -> None:
    assert receiver_of(host) == family


def test_what_a_server_says_of_time_is_not_the_network() -> None:
    own = reply("connect to mx.example.net[192.0.2.1]:25: Connection timed out", "4.4.1")
    found = said_by_server("mx.example.net", own)
    assert found is not None and found.cause == "connection-timed-out"
