"""How smtpd's access lists are read; facts from smtpd/smtpd_check.c and global/map_search.c."""

import time

import pytest

from maillint.postfix.access_result import (
    DEFER,
    DISCARD,
    NOTHING,
    PERMIT,
    REJECT,
    RESTRICTIONS,
    access_result,
    forbids,
    result_problem,
    skipped_because,
)
from maillint.postfix.configuration import Configuration
from maillint.postfix.dnsbl import is_filter
from maillint.postfix.policy_service import policy_service_problem
from maillint.postfix.restrictions import (
    CLASS,
    DIES_AT_START,
    OPEN,
    RECIPIENT,
    REFUSES,
    REMOVED,
    TABLE,
    UNKNOWN_WORD,
    AccessLists,
    Restriction,
    access_lists,
    table_argument,
)
from maillint.postfix.version import NEWEST, Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source


def lists(main_cf: str, version: str | None = None) -> AccessLists:
    tree = parse_main_cf(Source("main.cf", main_cf))
    config = Configuration(tree, None, version=Version(version) if version else None)
    return access_lists(config.main_view)


def restrictions(words: str, version: str | None = None, before: str = "") -> tuple[Restriction, ...]:
    return lists(f"{before}{RECIPIENT} = {words}\n", version).lists[RECIPIENT].restrictions


def problem(words: str, version: str | None = None) -> str:
    first = restrictions(words, version)[0].problem
    return first.kind if first is not None else ""


def test_names_are_known_in_any_case_but_for_one() -> None:
    found = restrictions("Permit_MyNetworks, REJECT_UNAUTH_DESTINATION, reject_sender_Login_mismatch")
    assert [word.name for word in found] == ["permit_mynetworks", "reject_unauth_destination", ""]
    assert found[2].kind == UNKNOWN_WORD


def test_an_argument_is_taken_with_its_word() -> None:
    first, second = restrictions("check_client_access hash:/etc/postfix/access reject_rbl_client a.example")
    assert first.argument is not None and first.argument.text == "hash:/etc/postfix/access"
    assert second.argument is not None and second.argument.text == "a.example"


def test_a_word_with_a_colon_is_a_table() -> None:
    (word,) = restrictions("hash:/etc/postfix/access")
    assert word.kind == TABLE
    assert lists("").bare_table(RECIPIENT) is not None
    assert lists("").bare_table("smtpd_data_restrictions") is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("check_client_access reject", "no-table"),
        ("check_client_access /etc/postfix/access", "no-table"),
        ("check_policy_service", "no-endpoint"),
        ("check_policy_service policyd", "no-endpoint"),
        ("check_policy_service foo:bar", "bad-endpoint"),
        ("check_policy_service { unix:private/x, foo=1 }", "bad-endpoint"),
        ("check_policy_service { unix:private/x, timeout=1 }", ""),
        ("sleep 5s", "no-number"),
        ("sleep 5", ""),
        ("reject_rbl_client", "no-domain"),
        ("reject_rbl_client reject", "takes-restriction"),
        ("reject_rbl_client a.example=127.0.0", "bad-filter"),
        ("check_client_access { static:OK }", "bad-group"),
        ("check_ccert_access { static:OK }", ""),
        ("check_client_access hash:@DIR@/access", ""),
        ("check_client_access @TABLE@", ""),
    ],
)
def test_problems_with_arguments(words: str, kind: str) -> None:
    assert problem(words) == kind


def test_a_word_that_is_no_argument_stays_in_the_list() -> None:
    assert [word.name for word in restrictions("check_sender_access reject")] == [
        "check_sender_access",
        "reject",
    ]


def test_a_policy_server_in_error_ends_smtpd_when_it_starts() -> None:
    found = restrictions("check_policy_service policyd, reject")[0].problem
    assert found is not None and found.effect == DIES_AT_START


def test_versions() -> None:
    assert problem("check_relay_domains", "3.8") == ""
    assert problem("check_relay_domains", "3.9") == REMOVED
    assert problem("check_sender_a_access static:OK", "2.11") == "unknown-name"
    assert problem("check_sender_a_access static:OK", "3.0") == ""


def test_what_is_open_is_no_mistake() -> None:
    found = restrictions("@MORE@ anything, reject")
    assert [word.kind for word in found] == [OPEN, UNKNOWN_WORD, "built-in"]
    assert [word.certain for word in found] == [True, False, True]


def test_warn_if_reject_is_for_the_next_word() -> None:
    found = restrictions("warn_if_reject reject, reject_unauth_pipelining, reject, permit")
    assert [word.warns for word in found] == [False, True, False, False, False]
    assert [word.ended_by is not None for word in found] == [False, False, False, False, True]


CLASSES = "smtpd_restriction_classes = a, b, reject\na = permit_mynetworks, b\nb = reject\nreject = permit\n"


def test_a_class_ends_the_list_like_its_words() -> None:
    found = restrictions("warn_if_reject a, a, permit", before=CLASSES)
    assert [word.kind == CLASS for word in found] == [False, True, True, False]
    assert [word.ended_by is not None for word in found] == [False, False, False, True]


def test_the_case_of_classes_counts_and_built_in_words_win() -> None:
    assert restrictions("A", before=CLASSES)[0].kind == UNKNOWN_WORD
    assert restrictions("reject", before=CLASSES)[0].kind == "built-in"


def test_classes_without_definition() -> None:
    found = lists("smtpd_restriction_classes = a, b, c\na =\nb = reject\n")
    assert [item.text for item in found.undefined] == ["a", "c"]


@pytest.mark.parametrize(
    ("words", "control"),
    [
        ("", False),
        ("permit_mynetworks", False),
        ("permit_mynetworks, reject_unauth_destination", True),
        ("warn_if_reject reject_unauth_destination", False),
        ("warn_if_reject", False),
        ("permit, reject", False),
        ("reject_rbl_client reject_unauth_destination", True),
        ("a", True),
        ("@WORDS@", None),
    ],
)
def test_what_guards_against_relaying(words: str, control: bool | None) -> None:
    found = lists(f"{CLASSES}smtpd_relay_restrictions =\n{RECIPIENT} = {words}\n")
    assert found.controls_relay() is control


def test_circles_of_classes_are_found_once() -> None:
    found = lists("smtpd_restriction_classes = a, b, c\na = b\nb = a, c\nc = permit_mynetworks\n").cycles()
    assert [(word.name, where.name) for word, where in found] == [("a", "b")]
    assert lists("smtpd_restriction_classes = a\na = reject, a\n").cycles() == []


@pytest.mark.parametrize("shape", ["chain", "double"])
def test_many_classes_are_read_in_time(shape: str) -> None:
    names = [f"class{number}" for number in range(2000)]
    text = f"smtpd_restriction_classes = {' '.join(names)}\nsmtpd_relay_restrictions =\n"
    for name, following in zip(names, [*names[1:], "permit_mynetworks"], strict=True):
        text += f"{name} = {' '.join([following] * (2 if shape == 'double' else 1))}\n"
    started = time.process_time()
    found = lists(f"{text}{RECIPIENT} = class0\n")
    assert found.cycles() == []
    assert found.controls_relay() is None
    assert sum(1 for _ in found.walk(found.lists[RECIPIENT])) >= 2000
    assert time.process_time() - started < 2


def test_lists_know_what_is_not_known_there() -> None:
    tree = parse_main_cf(
        Source(
            "main.cf",
            "smtpd_delay_reject = no\n"
            "smtpd_client_restrictions = permit_sasl_authenticated, permit_mynetworks, hash:/x\n"
            "smtpd_helo_restrictions = permit_sasl_authenticated, reject_unknown_sender_domain\n"
            "smtpd_etrn_restrictions = hash:/x, reject_unauth_destination\n",
        )
    )
    view = Configuration(tree, None).main_view
    found = access_lists(view)
    missing = {name: [m.what for m in found.missing_at(where, view)] for name, where in found.lists.items()}
    assert missing["smtpd_client_restrictions"] == ["login"]
    assert missing["smtpd_helo_restrictions"] == ["sender"]
    assert missing["smtpd_etrn_restrictions"] == ["recipient"]


def test_tables_with_a_search_order() -> None:
    found = table_argument("{ hash:/etc/postfix/ccerts, { search_order = cert_fingerprint, subject_cn } }")
    assert found.table == "hash:/etc/postfix/ccerts"
    assert found.search_order == ("cert_fingerprint", "subject_cn")
    assert "unknown search type" in table_argument("{ hash:/x { search_order = cn } }").said
    assert table_argument("{a, b}").said == "expected maptype:mapname instead of 'a'"


@pytest.mark.parametrize(
    ("pattern", "good"),
    [
        ("127.0.0.1", True),
        ("127.0.[0..255].[2;4..8]", True),
        ("[127.0.0.1]", True),
        ("[127].0.0.[2]", True),
        ("127.0.0", False),
        ("127.0.0.256", False),
        ("127.0.0.[9..2]", False),
        ("127.0.0.2-5", False),
        ("", False),
    ],
)
def test_filters_of_dns_lists(pattern: str, good: bool) -> None:
    assert is_filter(pattern) is good


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ unix:private/p, policy_context=x, { default_action = 450 later } }", ""),
        ("{ inet:127.0.0.1:10031 max_ttl=0 }", "invalid max_ttl: 0 (min 1)"),
        ("{ inet:127.0.0.1:10031 try_limit=x }", "bad numerical configuration: try_limit = x"),
        ("{ }", 'empty policy service: "{ }"'),
    ],
)
def test_policy_servers(text: str, said: str) -> None:
    found = policy_service_problem(text, NEWEST)
    assert (found.said if found is not None else "") == said


@pytest.mark.parametrize(
    ("value", "effect"),
    [
        ("OK go on", PERMIT),
        ("relay", PERMIT),
        ("12345", PERMIT),
        ("", PERMIT),
        ("550 5.7.1 no", REJECT),
        ("421 later", DEFER),
        ("250 fine", RESTRICTIONS),
        ("550", PERMIT),
        ("ACCEPT", RESTRICTIONS),
        ("DISCARD", DISCARD),
        ("PREPEND X-A: b", NOTHING),
        ("OK,REJECT", RESTRICTIONS),
    ],
)
def test_results_of_access_tables(value: str, effect: str) -> None:
    assert access_result(value, NEWEST).effect == effect


@pytest.mark.parametrize(
    ("value", "said", "refuses"),
    [
        ("FILTER", "has FILTER entry without value", False),
        ("FILTER smtp", "requires transport:destination", False),
        ("REDIRECT joe", "requires user@domain target", False),
        ("PREPEND foo", "requires header: text", False),
        ("hash:/etc/postfix/x", "has entry with lookup table", True),
        ("", "has empty value", False),
    ],
)
def test_problems_of_results(value: str, said: str, refuses: bool) -> None:
    found = result_problem(access_result(value, NEWEST), "key")
    assert found is not None and said in found.said and found.refuses is refuses


def test_results_depend_on_where_they_are_used() -> None:
    permit, hold = access_result("OK", NEWEST), access_result("HOLD", NEWEST)
    assert forbids("check_sender_mx_access", permit)
    assert not forbids("check_sender_access", permit)
    early = skipped_because(hold, "smtpd_client_restrictions", delayed=False, proxied=False)
    assert "smtpd_delay_reject=no" in early
    assert not skipped_because(hold, "smtpd_client_restrictions", delayed=True, proxied=False)


def test_a_problem_says_what_comes_of_it() -> None:
    found = restrictions("nonsense")[0].problem
    assert found is not None and found.effect == REFUSES
