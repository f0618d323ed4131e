"""No configuration, however absurd, makes a rule fail."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillint.engine.plan import Plan
from maillint.engine.registry import BUILT_IN, Registry
from maillint.engine.run import Outcome, judge
from maillint.engine.settings import Layer, Settings
from maillint.postfix import catalogue
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import NEWEST
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

PLAN = Plan(Settings(Layer({}, "the test")), Registry.load((BUILT_IN,)))

MASTER = """\
smtp inet n - y - 1 postscreen
smtpd pass - - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_sasl_auth_enable=yes
pickup unix n - y 60 1 pickup
cleanup unix n - y - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - y - - trivial-rewrite
smtp unix - - y - - smtp
local unix - n n - - local
dovecot unix - n n - - pipe flags=DRhu user=vmail argv=/bin/deliver ${recipient}
"""

WORDS = (
    *(
        "$myhostname",
        "${x?{a}:{b}}",
        "$nothing",
        "${{a} <=level {b}?c}",
        "$",
        "{",
        "}",
        "{ a = b }",
        "!",
        "/",
    ),
    *("hash:/etc/postfix/x", "inline:{ a=b }", "static:{", "pcre:{{/(a/ OK}}", "unionmap:{hash:x}", "proxy:"),
    *("check_client_access", "reject_rbl_client", "check_policy_service", "permit_mynetworks", "reject"),
    *(
        "10.0.0.0/8",
        "10.0.0.1/8|",
        "0.0.0.0/0",
        "[::1]/129",
        "[::1]",
        "::ffff:10.0.0.1",
        "a.example=127.0.0.[2",
    ),
    *("[a.example]:99999", "inet:h:25", "unix:", "smtp:[", "yes", "-1", "10m", "99999999999999999999", "1.5"),
    *("encrypt", "!SSLv2", ">=TLSv1", "TLSv9", "#", '"', "\0", "\udcff", "٣", "²", "=", "*-3", "user@"),
)

IMPORTANT = (
    *("mynetworks", "mydestination", "myhostname", "myorigin", "inet_interfaces", "relayhost"),
    *("smtpd_relay_restrictions", "smtpd_recipient_restrictions", "smtpd_client_restrictions"),
    *("virtual_alias_maps", "header_checks", "smtp_tls_security_level", "postscreen_dnsbl_sites"),
    *("smtpd_milters", "master_service_disable", "smtpd_restriction_classes", "compatibility_level"),
)
"""The parameters that most rules ask about."""

names = st.sampled_from(IMPORTANT) | st.sampled_from(catalogue.names(NEWEST))
values = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
assignments = st.tuples(names, values)
fields = st.sampled_from(
    ("x", "inet", "n", "-", "1?", "0", "[::]:x", "smtpd", "pipe", "{", "-o", "a=b", "\0")
)
services = st.lists(fields, min_size=1, max_size=10).map(" ".join)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(assignments, max_size=8),
    st.lists(assignments, max_size=4),
    st.lists(services, max_size=3),
    st.booleans(),
)
def test_no_rule_fails(
    main: list[tuple[str, str]], options: list[tuple[str, str]], entries: list[str], fragment: bool
) -> None:
    main_cf = "".join(f"{name} = {value}\n" for name, value in main) or "\n"
    overrides = "".join(f"  -o {{{name} = {value}}}\n" for name, value in options)
    master_cf = MASTER + overrides + "".join(f"{entry}\n" for entry in entries)
    try_rules(main_cf, None if fragment else master_cf)


@pytest.mark.parametrize("name", IMPORTANT)
def test_no_rule_fails_at_any_word(name: str) -> None:
    for word in WORDS:
        try_rules(f"{name} = {word}\n", MASTER)


def try_rules(main_cf: str, master_cf: str | None) -> None:
    """Judge a configuration, or a fragment where there is no master.cf."""
    configuration = Configuration(
        parse_main_cf(Source("main.cf", main_cf)),
        parse_master_cf(Source("master.cf", master_cf)) if master_cf is not None else None,
        fragment=master_cf is None,
    )
    outcome = Outcome()
    judge(configuration, PLAN, outcome, lambda path: True)
    assert [problem.details for problem in outcome.problems] == [], main_cf
    for finding in outcome.findings:
        assert finding.message
        assert 0 <= finding.location.span.start <= finding.location.span.end
        assert finding.location.span.end <= len(finding.location.source.text)
