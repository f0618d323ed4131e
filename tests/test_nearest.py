"""Near matches: what is a slip, what is something else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.nearest import nearest
from maillint.postfix import catalogue
from maillint.postfix.version import NEWEST

NAMES = catalogue.names(NEWEST)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("myorign", "myorigin"),  # lost
        ("mydestinattion", "mydestination"),  # doubled
        ("smptd_banner", "smtpd_banner"),  # swapped
        ("inet_interfaxes", "inet_interfaces"),  # replaced
        ("smtpd_recipient_restriction", "smtpd_recipient_restrictions"),  # singular
        ("relayhosts", "relayhost"),  # plural
        ("my_hostname", "myhostname"),
        ("relay_host", "relayhost"),
        ("smtpd_tls_securitylevel", "smtpd_tls_security_level"),
        ("smtpd-banner", "smtpd_banner"),
        ("SMTPD_Banner", "smtpd_banner"),
        ("smtpd_sasl_auth_enabled", "smtpd_sasl_auth_enable"),
        ("smtpd_tls_dh1042_param_file", "smtpd_tls_dh1024_param_file"),
    ],
)
def test_slips(written: str, meant: str) -> None:
    assert nearest(written, NAMES) == meant


@pytest.mark.parametrize(
    "written",
    [
        "smtpd_relayhost",
        "smtp_recipient_restrictions",  # the server's, but the client was written
        "smtpd_tls_policy_maps",  # the client's, but the server was written
        "smtpd_sender_dependent_authentication",
        "local_port",
        "smtpd_tls_dh4096_param_file",  # there is one of 1024
        "completely_different",
        "a",
        "",
    ],
)
def test_what_is_no_slip(written: str) -> None:
    assert nearest(written, NAMES) is None


def test_a_tie_is_no_answer() -> None:
    assert nearest("ipv5", ["ipv4", "ipv6"]) is None
    assert nearest("xmtp_bind_address", ["smtp_bind_address", "lmtp_bind_address"]) is None


def test_the_nearer_of_two_wins_in_any_order() -> None:
    assert nearest("encrypts", ["encrypted", "encrypt"]) == "encrypt"
    assert nearest("encrypts", ["encrypt", "encrypted"]) == "encrypt"


def test_the_same_candidate_twice_is_no_tie() -> None:
    assert nearest("myorign", iter(["myorigin", "myorigin"])) == "myorigin"


def test_short_words_are_left_alone() -> None:
    assert nearest("al", ["all"]) is None
    assert nearest("anny", ["any"]) == "any"


def _distance(left: str, right: str) -> int:
    """The optimal string alignment distance as the textbook has it, without any short cut."""
    rows = [[max(i, j) if not (i and j) else 0 for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (left[i - 1] != right[j - 1]),
            )
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


WORDS = st.text(alphabet="abc", min_size=4, max_size=17)


@settings(deadline=None, max_examples=300)
@given(WORDS, st.lists(WORDS, min_size=1, max_size=8))
def test_the_short_cuts_change_nothing(written: str, candidates: list[str]) -> None:
    allowed = min(3, len(written) // 5) or int(len(written) == 4)
    # A candidate equal to the word makes every other part "something else", and is not asked for.
    candidates = [candidate for candidate in candidates if candidate != written] or [written + "a"]
    distances = {candidate: _distance(written, candidate) for candidate in candidates}
    least = min(distances.values())
    closest = [candidate for candidate, distance in distances.items() if distance == least]
    expected = closest[0] if least <= allowed and len(closest) == 1 else None
    assert nearest(written, candidates) == expected


def test_a_thousand_candidates_cost_milliseconds() -> None:
    started = time.perf_counter()
    for _ in range(10):
        nearest("smtpd_tls_securitylevel", NAMES)
    # About 2 ms each on a quiet machine: the bound only catches another order of growth.
    assert (time.perf_counter() - started) / 10 < 0.05
