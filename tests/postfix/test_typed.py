"""Typed values are read as the real Postfix reads them, and refused in its words."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.postfix import catalogue, typed
from maillint.postfix.version import Version
from support import POSTCONF, needs_postfix

VERSION = Version("3.7.11")

BOOLEANS = ("yes", "YES", "no", "No", "true", "1", "", "yes.", "yes no", "y")
NUMBERS = (
    "100", "+7", "-1", "0", "00012", "1e3", "25M", "1,000", "0x10", "1_000", "", "5 ", "5 6", "٣",
    "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999999",
)  # fmt: skip
TIMES = (
    "5", "5s", "5m", "5h", "2d", "1w", "5 m", "5M", "5x", "1h30m", "2months", "1.5h", "day", "h", "", "-1s",
    "+5s", "0", "0d", "m5", "30ms", "24855d", "24856d", "2147483647", "2147483648s", "3551w", "100000w", ";",
)  # fmt: skip
HOSTNAMES = (
    "mail.example.com", "a", "-a.example", "a-.example", "a..b", ".a", "a.", "a_b.example", "192.0.2.1", "1a",
    "123", "1-2", "a b", "x" * 63, "x" * 64, ".".join(["x" * 63] * 4), ".".join(["x" * 63] * 3 + ["x" * 62]),
    "münchen.example", "a/b", "::1",
)  # fmt: skip
LEVELS = ("0", "2", "3.6", "3.10", "3.6.1", "3.6.1.2", "3.6x", "3.", ".6", "latest", "-1", "", "3 6")


def refusal(name: str, text: str) -> typed.Refusal | None:
    parameter = catalogue.parameter(name)
    assert parameter is not None
    return typed.refusal(parameter, text, VERSION)


def cases() -> Iterator[tuple[str, str, bool, str]]:
    """A parameter that every program reads, a value, whether it is refused, and in which words."""
    for name, texts in (
        ("helpful_warnings", BOOLEANS),
        ("smtputf8_enable", BOOLEANS),
        ("hash_queue_depth", NUMBERS),
        ("message_size_limit", NUMBERS),
        ("ipc_timeout", TIMES),
        ("queue_directory", ("", "/")),
        ("default_verp_delimiters", ("+=", "+", "+=-", "")),
    ):
        for text in texts:
            why = refusal(name, text.strip())
            yield name, text, why is not None, why.said if why is not None else ""
    for text in HOSTNAMES:
        refused = not typed.is_hostname(text)
        # An empty one is refused for its length.
        yield "myhostname", text, refused, "bad parameter value" if refused and text else ""
    for text in LEVELS:
        refused = not typed.is_level(text)
        yield "compatibility_level", text, refused, "malformed compatibility level" if refused else ""


@needs_postfix
def test_postfix_refuses_the_same(tmp_path: Path) -> None:
    assert POSTCONF is not None
    postmap = str(Path(POSTCONF).with_name("postmap"))
    running = []
    for number, case in enumerate(cases()):
        directory = tmp_path / str(number)
        directory.mkdir()
        # A value of a parameter that every program looks at, and nothing that depends on the machine.
        (directory / "main.cf").write_text(f"mydomain = example.com\n{case[0]} = {case[1]}\n", "utf-8")
        command = [postmap, "-c", str(directory), "-q", "key", "static:value"]
        running.append((case, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)))
    different = []
    for (name, text, refused, said), process in running:
        out, errors = process.communicate(timeout=60)
        answer = errors.decode("ascii")
        said = said.encode("utf-8").decode("latin-1")
        said = "".join(character if " " <= character <= "~" else "?" for character in said)
        if (out != b"value\n") != refused or said not in answer:
            different.append(f"{name} = {text}: Postfix says {answer or out!r}, we say {said or refused!r}")
    assert different == [], "\n".join(different)


@given(st.text(alphabet="0123456789+- smhdwSMx.", max_size=14), st.sampled_from("smhdw"))
def test_a_time_without_unit_is_that_with_the_units_letter(text: str, unit: str) -> None:
    if text.isdigit():
        assert typed.seconds(text, unit) == typed.seconds(text + unit, "s")
    elif (value := typed.seconds(text, unit)) is not None:
        assert 0 <= value < 1 << 31


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("smtp_tls_security_level", "dane", []),
        ("smtp_tls_security_level", "Dane-Only", []),
        ("smtp_tls_security_level", "must", ["must"]),
        ("notify_classes", "bounce, Policy software", ["Policy"]),
        ("smtpd_tls_security_level", "verify", []),
        ("tls_ssl_options", "0x40000000, no_ticket, NO_SUCH", ["NO_SUCH"]),
        ("smtp_tls_loglevel", "1", []),
        ("syslog_facility", "MAIL", ["MAIL"]),
        ("notify_classes", "", []),
    ],
)
def test_words(name: str, text: str, wrong: list[str]) -> None:
    parameter = catalogue.parameter(name)
    assert parameter is not None
    words = typed.enumeration(parameter)
    assert words is not None
    assert [item.text for item in typed.unknown_words(words, text, VERSION)] == wrong


def test_words_come_with_versions() -> None:
    parameter = catalogue.parameter("smtp_tls_security_level")
    assert parameter is not None
    words = typed.enumeration(parameter)
    assert words is not None
    assert typed.unknown_words(words, "dane", Version("2.10"))
    assert not typed.unknown_words(words, "dane", Version("2.11"))
