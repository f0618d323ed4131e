"""What the rules of the areas syntax and master call an error is one for the real Postfix."""

import socket

import pytest

from lab.postfix import Postfix
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from support import needs_postfix, needs_root, run_postconf

LISTENER = "127.0.0.1:@PORT@ inet n - n - - smtpd\n"

STOPS_MASTER = {
    "master-option-not-indented": ["-o smtpd_banner=x\n", "bad transport type: smtpd_banner=x"],
    "master-missing-field": ["x unix - - n - -\n", 'missing "command" field'],
    "master-bad-field": ["x inet - - n - - error\n", "inet service cannot be private"],
    "master-bad-field-type": ["x tcp - - n - - error\n", "bad transport type: tcp"],
    "master-bad-field-wakeup": ["x unix - - n ? - error\n", 'field "wakeup_time": bad value'],
    "master-override-malformed": ["x unix - - n - - error -o {biff=no\n", "missing '}'"],
}
"""master.cf, and what master(8) says before it ends."""

STOPS_SMTPD = {
    "master-override-spaces": ["  -o biff = no\n", "invalid \"-o biff\" option value: missing '='"],
    "master-override-spaces-behind": ["  -o biff= no\n", "unexpected command-line argument: no"],
    "master-override-malformed": ["  -o biff\n", "invalid \"-o biff\" option value: missing '='"],
    "master-override-malformed-name": ["  -o =no\n", 'invalid "-o =no" option value: missing attribute name'],
    "master-override-malformed-end": ["  -o\n", "invalid option: o"],
    "master-unexpected-argument": ["  -o mynetworks=[::1], 127.0.0.1\n", "command-line argument: 127.0.0.1"],
    "master-unexpected-argument-bare": ["  biff=no\n", "unexpected command-line argument: biff=no"],
    "inline-comment": ["  -o biff=no # a comment\n", "unexpected command-line argument: #"],
}
"""What stands below the entry of smtpd(8), and what that says before it ends."""

STOPS_READERS = {
    "inline-comment": ["smtpd_helo_required = yes # on\n", "bad boolean configuration"],
    "quoted-value": ['smtpd_helo_required = "yes"\n', "bad boolean configuration"],
    "macro-syntax": ["smtpd_helo_required = ${stress\n", "macro processing error"],
    "macro-syntax-name": ["smtpd_helo_required = ${my-name}\n", "macro processing error"],
}
"""main.cf, and what smtpd(8) says before it ends."""

WARNED_BY_POSTCONF = {
    "missing-equals": ["relayhost [smtp.example.net]\n", "missing '=' after attribute name"],
    "missing-equals-name": ["= [smtp.example.net]\n", "missing attribute name"],
    "leading-whitespace": ["  relayhost = [smtp.example.net]\n", "must not start with whitespace"],
    "unknown-parameter": ["smtpd_require_hello = yes\n", "unused parameter: smtpd_require_hello"],
    "undefined-parameter-reference": ["mydestination = $my_domain\n", "undefined parameter: my_domain"],
    "duplicate-parameter": ["mydomain = a.example\nmydomain = b.example\n", "overriding earlier entry"],
    "macro-syntax": ["mydestination = ${mydomain\n", "truncated macro reference"],
}
"""main.cf, and what postconf(1) says."""


def rules_that_fire(main: str = "", master: str = "") -> set[str]:
    """The ids of the rules of both areas that have something to say about these files."""
    configuration = Configuration(
        parse_main_cf(Source("main.cf", main)), parse_master_cf(Source("master.cf", master))
    )
    rules = [rule for rule in scan(BUILT_IN) if rule.area in ("syntax", "master")]
    return {rule.id for rule in rules if any(True for _ in function(rule)(configuration))}


def rule_of(case: str) -> str:
    """The rule that a case is about: its name but for what tells it from others of the same rule."""
    names = [rule.id for rule in scan(BUILT_IN) if case.startswith(rule.id)]
    return max(names, key=len)


@needs_root
@needs_postfix
@pytest.mark.parametrize("case", STOPS_MASTER)
def test_master_does_not_start(case: str) -> None:
    text, words = STOPS_MASTER[case]
    assert rules_that_fire(master=LISTENER + text) == {rule_of(case)}
    with Postfix(master_cf=text) as postfix:
        assert postfix.said(words) is not None, postfix.log
        assert postfix.said("this is never said", timeout=3.0) is None
        assert not postfix.running


@needs_root
@needs_postfix
@pytest.mark.parametrize("case", STOPS_SMTPD)
def test_the_service_does_not_answer(case: str) -> None:
    text, words = STOPS_SMTPD[case]
    assert rules_that_fire(master=LISTENER + text) == {rule_of(case)}
    with Postfix(master_cf=LISTENER + text) as postfix:
        assert _is_dead(postfix, words), postfix.log


@needs_root
@needs_postfix
@pytest.mark.parametrize("case", STOPS_READERS)
def test_the_reader_of_the_parameter_does_not_answer(case: str) -> None:
    text, words = STOPS_READERS[case]
    assert rules_that_fire(main=text) == {rule_of(case)}
    with Postfix(main_cf=text) as postfix:
        assert _is_dead(postfix, words), postfix.log


def _is_dead(postfix: Postfix, words: str) -> bool:
    """Whether smtpd(8) ends with a fatal error, in these words, when it is spoken to."""
    with socket.create_connection(("127.0.0.1", postfix.port), timeout=5):
        return postfix.said(words) is not None and postfix.said("fatal:") is not None


@needs_postfix
@pytest.mark.parametrize("case", WARNED_BY_POSTCONF)
def test_postconf_complains(case: str) -> None:
    text, words = WARNED_BY_POSTCONF[case]
    assert rules_that_fire(main=text) == {rule_of(case)}
    assert words in run_postconf("-n", main=text).stderr
