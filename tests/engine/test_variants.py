"""What is said of templates, which are judged without being rendered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maillint.engine.discovery import discover
from maillint.engine.fix import UNSAFE, fix
from maillint.engine.plan import Plan, Planner
from maillint.engine.run import Outcome, check, read
from maillint.engine.settings import Layer
from maillint.postfix.configuration import ConfigurationError

Judge = Callable[..., Outcome]


def plan_with(**settings: object) -> Plan:
    layer = {name.replace("_", "-"): value for name, value in settings.items()}
    return Planner(Layer(layer, "the test")).plan("/")


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Write files and judge the first of them, with settings."""
    monkeypatch.chdir(tmp_path)

    def judge(files: str | dict[str, str], **settings: object) -> Outcome:
        texts = {"main.cf.j2": files} if isinstance(files, str) else files
        for name, text in texts.items():
            Path(name).write_text(text, newline="")
        [target] = discover([next(iter(texts))])
        assert not isinstance(target, ConfigurationError)
        outcome = check(target, plan_with(**settings))
        assert outcome.problems == []
        assert outcome.configurations == 1
        for finding in outcome.findings:
            assert finding.location.source.text == texts[finding.location.source.path]
        return outcome

    return judge


def found(outcome: Outcome) -> list[tuple[str, int]]:
    return [(finding.rule, finding.location.start.line) for finding in outcome.findings]


def lines(outcome: Outcome, rule: str) -> list[int]:
    return [line for name, line in found(outcome) if name == rule]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.cf.j2", "{% if a %}\nmyorigin = a.net\n{% else %}\nmyorigin = b.net\n{% endif %}\n"),
        ("main.cf.erb", "<% if a -%>\nmyorigin = a.net\n<% else -%>\nmyorigin = b.net\n<% end -%>\n"),
        ("main.cf.epp", "<% if $a { -%>\nmyorigin = a.net\n<% } else { -%>\nmyorigin = b.net\n<% } -%>\n"),
        ("main.cf.tmpl", "{{if .A}}\nmyorigin = a.net\n{{else}}\nmyorigin = b.net\n{{end}}\n"),
        ("main.cf.mustache", "{{#a}}\nmyorigin = a.net\n{{/a}}\n{{^a}}\nmyorigin = b.net\n{{/a}}\n"),
        ("main.cf.j2", "myorigin = a.net\n{% if a %}\nmyorigin = b.net\n{% endif %}\n"),
    ],
)
def test_alternatives_are_no_duplicates(judge: Judge, name: str, text: str) -> None:
    assert lines(judge({name: text}), "duplicate-parameter") == []


def test_a_duplicate_within_a_branch_or_of_all_branches_is_one(judge: Judge) -> None:
    text = "{% if a %}\nmyorigin = a.net\nmyorigin = b.net\n{% endif %}\n"
    assert lines(judge(text), "duplicate-parameter") == [3]
    text = "{% if a %}\nmyorigin = a.net\n{% else %}\nmyorigin = b.net\n{% endif %}\nmyorigin = c.net\n"
    outcome = judge(text)
    # Which line it replaces hangs on the branch.
    assert lines(outcome, "duplicate-parameter") == []


def test_a_value_that_is_put_in_is_unknown(judge: Judge) -> None:
    assert found(judge("smtpd_helo_required = {{ required }}\nbiff = perhaps\n")) == [("bad-boolean", 2)]
    assert found(judge("smtpd_helo_required = y{{ required }}\nbiff = {% if a %}x{% endif %}\n")) == []


def test_an_item_that_is_put_in_is_unknown_while_the_others_are_judged(judge: Judge) -> None:
    text = "smtpd_recipient_restrictions =\n    reject_unauth_destinaton,\n    {{ last }}\n"
    [finding] = judge(text).findings
    assert (finding.rule, finding.location.text) == ("unknown-restriction", "reject_unauth_destinaton")
    text = "smtpd_recipient_restrictions =\n    reject_{{ first }},\n    reject_unauth_destination\n"
    assert found(judge(text)) == []


PAIR = {"main.cf.j2": "", "master.cf.j2": "smtp inet n - y - - smtpd\n"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("compatibility_level = 3.6\n", True),
        ("compatibility_level = 3.6\n{% if a %}\nmyhostname = mx.a.net\n{% endif %}\n", False),
        ("compatibility_level = 3.6\n{% for a in b %}\nmyhostname = {{ a }}\n{% endfor %}\n", False),
        ("compatibility_level = 3.6\nmyhostname = {{ name }}\n", False),
        ("compatibility_level = 3.6\n{% include 'more.j2' %}\n", False),
        ("compatibility_level = 3.6\n{{ more }}\n", False),
        ("compatibility_level = 3.6\n{% for k, v in a %}\n{{ k }} = {{ v }}\n{% endfor %}\n", False),
    ],
)
def test_what_may_be_there_is_not_missing(judge: Judge, text: str, missing: bool) -> None:
    outcome = judge(PAIR | {"main.cf.j2": text})
    assert bool(lines(outcome, "myhostname-unset")) is missing


def test_a_lone_template_is_a_fragment(judge: Judge) -> None:
    assert lines(judge("compatibility_level = 3.6\n"), "myhostname-unset") == []


def test_a_finding_in_a_branch_is_told(judge: Judge) -> None:
    text = "{% if a %}\n{% if b %}\nbiff = perhaps\n{% endif %}\n{% else %}\nbiff = no\n{% endif %}\n"
    assert found(judge(text)) == [("bad-boolean", 3)]


def test_a_finding_that_hangs_on_another_branch_is_not_told(judge: Judge) -> None:
    always = "mynetworks = 127.0.0.0/8\nmynetworks_style = host\n"
    assert lines(judge(always), "mynetworks-style-shadowed") == [2]
    sometimes = "{% if a %}\nmynetworks = 127.0.0.0/8\n{% endif %}\nmynetworks_style = host\n"
    assert lines(judge(sometimes), "mynetworks-style-shadowed") == []


def test_a_finding_that_hangs_on_another_branch_is_not_told_among_very_many(judge: Judge) -> None:
    others = "".join(f"{{% if v{n} %}}\nvar{n} = 1\n{{% endif %}}\n" for n in range(20))
    text = others + "{% if a %}\nmynetworks = 127.0.0.0/8\n{% endif %}\n"
    text += "{% if b %}\nx = 1\n{% elif c %}\nmynetworks_style = host\n{% endif %}\n"
    assert lines(judge(text), "mynetworks-style-shadowed") == []


def test_findings_come_in_the_order_of_lines(judge: Judge) -> None:
    text = "{% if a %}\nbiff = a\n{% else %}\nbiff = b\n{% endif %}\nsmtpd_helo_required = c\n"
    assert [line for _, line in found(judge(text))] == [2, 4, 6]


def test_a_fix_holds_in_all_variants_and_touches_no_tag(judge: Judge) -> None:
    text = (
        '{# a #}\r\nmyhostname = "mx.example.com"\r\n{% if a %}\r\nmydomain = "{{ b }}"\r\n'
        'myorigin = "example.com" {# c #}\r\n{% endif %}\r\n'
    )
    judge(text)
    [target] = discover(["main.cf.j2"])
    assert not isinstance(target, ConfigurationError)
    plan = plan_with()
    plan.fixes, plan.writes_fixes = UNSAFE, True
    outcome = fix(target, plan)
    assert outcome.problems == []
    assert outcome.fixed == 2
    after = Path("main.cf.j2").read_bytes().decode()
    assert after == text.replace('"mx.example.com"', "mx.example.com").replace('"example.com"', "example.com")


def test_a_fix_that_would_take_a_tag_away_is_none(judge: Judge) -> None:
    text = "mynetworks = 127.0.0.0/8,\n{% if a %}\n    192.0.2.0/24\n{% endif %}\nmynetworks = 127.0.0.0/8\n"
    for finding in judge(text).findings:
        assert finding.fix is None or finding.location.start.line == 5


@pytest.mark.parametrize("comment", ["# maillint: ignore[bad-boolean] on purpose"])
@pytest.mark.parametrize("inside", [True, False])
def test_ignore_comments(judge: Judge, comment: str, inside: bool) -> None:
    setting = f"{comment}\nbiff = perhaps\n"
    text = f"{{% if a %}}\n{setting}{{% endif %}}\n" if inside else f"{{{{ a }}}}\n{setting}"
    outcome = judge(text)
    assert found(outcome) == []
    [finding] = outcome.suppressed
    assert finding.rule == "bad-boolean"
    assert finding.suppression is not None
    [ignore] = outcome.ignores
    assert ignore.silenced == 1
    assert ignore.location.source.text == text
    assert found(judge(text, require_reason=True)) == []


def test_an_ignore_comment_that_silences_nothing(judge: Judge) -> None:
    text = "{% if a %}\n# maillint: ignore[bad-boolean] why\nbiff = no\n{% endif %}\n"
    assert [line for _, line in found(judge(text))] == [2]
    # One that silences something in one variant only is of use.
    text = "# maillint: ignore-file[mynetworks-style-shadowed] why\nmynetworks_style = host\n"
    text += "{% if a %}\nmynetworks = 127.0.0.0/8\n{% endif %}\n"
    assert found(judge(text)) == []


def test_pairs_are_judged_together(judge: Judge) -> None:
    files = {
        "main.cf.j2": "smtpd_tls_security_level = {{ level }}\nmyhostname = mx.example.com\n",
        "master.cf.j2": "smtp inet n - y - - smtpd\n  -o smtpd_helo_required=perhaps\n"
        "{% if a %}\nsubmission inet n - y - - smtpd\n  -o syslog_name=postfix/{{ b }}\n"
        "  -o smtpd_sasl_auth_enable=maybe\n{% endif %}\n",
    }
    outcome = judge(dict(reversed(files.items())))
    assert lines(outcome, "bad-boolean") == [2, 6]
    assert {finding.location.source.path for finding in outcome.findings} == {"master.cf.j2"}


def test_an_option_in_master_cf_is_seen_with_the_branches_of_main_cf(judge: Judge) -> None:
    files = {
        "main.cf.j2": "{% if a %}\nmy_restrictions = reject\n{% endif %}\n",
        "master.cf.j2": "{% if b %}\nsmtp inet n - y - - smtpd\n"
        "  -o smtpd_client_restrictions=$my_restrictions\n{% endif %}\n",
    }
    assert found(judge(files, select=["undefined-parameter-reference"])) == []


def test_the_language_is_what_the_settings_say(judge: Judge) -> None:
    text = "myorigin = a.net\n<% more %>\n"
    assert lines(judge({"main.cf": text}), "missing-equals") == []
    assert lines(judge({"main.cf": text}, template="none"), "missing-equals") == [2]
    assert lines(judge({"main.cf": text}, template="jinja"), "missing-equals") == [2]
    residue = {"main.cf": "myhostname = @NAME@\n"}
    assert lines(judge(residue), "template-residue") == [1]
    assert lines(judge(residue, template="placeholder"), "template-residue") == []


def test_a_template_can_be_read_whole(judge: Judge) -> None:
    judge("myorigin = {{ a }}\n{% if b %}\nmyhostname = mx.a.net\n{% else %}\nmyhostname = b\n{% endif %}\n")
    [target] = discover(["main.cf.j2"])
    assert not isinstance(target, ConfigurationError)
    configuration = read(target, plan_with(), [])
    assert configuration is not None
    assert configuration.main_view.value("myhostname").text == "mx.a.net"
    assert configuration.main_view.value("myorigin").text is None
    assert "template" in configuration.main_view.value("myorigin").unknown


@pytest.mark.parametrize(
    "text",
    [
        "{% if a %}\nmyorigin = a\n",
        "{% endif %}\nmyorigin = a\nmyorigin = b\n{% if a %}\n",
        "{{ a\nmyorigin = b\n",
        "{% if a %}\n" * 100,
        "{{ a }}\n" * 1000,
        "{% if a %}\nmyorigin = a\n{% endif %}\n" * 100,
        "{% raw %}",
        "{#",
    ],
)
def test_broken_templates_are_no_reason_to_fail(judge: Judge, text: str) -> None:
    judge(text)
