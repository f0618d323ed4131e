"""The four formats, on findings that an ordinary and a hostile configuration would give."""

import io
import json
import re

import pytest

from maillint.engine.finding import ERROR, INFO, LOW, WARNING, Edit, Finding, Fix, NotChecked, Related
from maillint.engine.result import Problem, Result
from maillint.report import concise, github, text
from maillint.report import json as json_report
from maillint.report.quote import without_passwords
from maillint.syntax.source import Location, Source, Span

HOSTILE = "a\x1b[31m::error::x\r\u202e\udcff%0A]]>,\x00"


def finding_at(source, start, end, *, rule, severity, message="something is wrong", **rest):
    finding = Finding(Location(source, Span(start, end)), message, severity=severity, **rest)
    finding.rule = rule
    return finding


@pytest.fixture
def source():
    return Source("etc/main.cf", "# names\nmyhostname = web01\nmyorigin =\n\t$mydomain\n")


@pytest.fixture
def result(source):
    start = source.text.index("web01")
    origin = source.text.index("$mydomain")
    first = finding_at(
        source,
        start,
        start + 5,
        rule="name-short",
        severity=ERROR,
        message="`web01` has no dot",
        mend="write the full name:\nmyhostname = web01.example.com",
        parameter="myhostname",
        services=("smtp/inet", "submission/inet"),
        related=(Related(Location(source, Span(origin, origin + 9)), "used here"),),
        fix=Fix(
            "add the domain",
            (Edit(Location(source, Span(start + 5, start + 5)), ".example.com"),),
            safe=False,
        ),
    )
    second = finding_at(source, 0, 7, rule="remark", severity=INFO, confidence=LOW)
    note = NotChecked(
        "spf-missing", "the server did not answer", "TXT example.com", Location(source, Span(0, 0))
    )
    return Result([first, second], [note], [Problem("x", "is a directory")], configurations=1)


def written(module, result, *, color=False):
    stream = io.StringIO()
    module.write(result, stream, color=color)
    return stream.getvalue()


def test_text_shows_the_line_the_chain_and_the_mend(result):
    assert written(text, result) == (
        "error[name-short]: `web01` has no dot\n"
        " --> etc/main.cf:2:14\n"
        "  |\n"
        "2 | myhostname = web01\n"
        "  |              ^^^^^\n"
        "  | used here:\n"
        " ::: etc/main.cf:4:2\n"
        "  |\n"
        "4 |  $mydomain\n"
        "  |  ---------\n"
        "  = services: smtp/inet, submission/inet\n"
        "  = mend: write the full name:\n"
        "          myhostname = web01.example.com\n"
        "  = fix: add the domain (unsafe: may change what Postfix does)\n"
        "  | - myhostname = web01\n"
        "  | + myhostname = web01.example.com\n"
        "\n"
        "info[remark]: something is wrong (low confidence)\n"
        " --> etc/main.cf:1:1\n"
        "  |\n"
        "1 | # names\n"
        "  | ^^^^^^^\n"
        "\n"
        "not checked: etc/main.cf: the server did not answer (TXT example.com) [spf-missing]\n"
    )


LONG = "it " + "stops and " * 12 + "waits, see `smtpd_relay_restrictions = permit_mynetworks, reject` there"


def test_text_folds_sentences_between_words_and_tears_nothing_in_backticks(source):
    finding = finding_at(source, 0, 1, rule="r", severity=ERROR, message=LONG, mend=LONG, confidence=LOW)
    output = written(text, Result([finding], [NotChecked("spf", LONG)]))
    lines = output.splitlines()
    assert max(map(len, lines)) <= 110
    assert (
        len([line for line in lines if "`smtpd_relay_restrictions = permit_mynetworks, reject`" in line]) == 3
    )
    assert " ".join(output.split()).count(LONG) == 3
    assert lines[1].startswith("    stops") or lines[1].startswith("    and")
    mend = next(number for number, line in enumerate(lines) if "= mend: " in line)
    assert lines[mend + 1].index(lines[mend + 1].strip()) == lines[mend].index("it stops")


@pytest.mark.parametrize(("columns", "width"), [("40", 60), ("72", 72), ("300", 110)])
def test_text_is_as_wide_as_the_terminal(source, monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    stream = io.StringIO()
    stream.isatty = lambda: True
    message = "it stops " * 60
    text.write(
        Result([finding_at(source, 0, 1, rule="r", severity=ERROR, message=message)]), stream, color=False
    )
    assert width - len("stops ") <= max(map(len, stream.getvalue().splitlines())) <= width


def test_text_in_colour_is_the_same_text(result):
    colored = written(text, result, color=True)
    assert "\x1b[1;31merror[name-short]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == written(text, result)


def test_text_shows_a_long_line_in_part_with_the_place_in_view():
    source = Source("main.cf", "a = " + "x" * 1_000_000 + "NEEDLE" + "y" * 1_000_000)
    start = source.text.index("NEEDLE")
    lines = written(
        text, Result([finding_at(source, start, start + 6, rule="r", severity=ERROR)])
    ).splitlines()
    line, marks = lines[3], lines[4]
    assert len(line) < 130
    assert line[marks.index("^") : marks.rindex("^") + 1] == "NEEDLE"


def test_text_puts_the_marks_below_wide_and_escaped_characters():
    source = Source("main.cf", "日\x01 = bad")
    lines = written(text, Result([finding_at(source, 5, 8, rule="r", severity=ERROR)])).splitlines()
    assert lines[3] == "1 | 日\\x01 = bad"
    assert lines[4] == "  | " + " " * 9 + "^^^", "日 is two columns wide, \\x01 is shown in four"


def test_text_marks_a_place_that_goes_over_several_lines_on_its_first():
    source = Source("main.cf", "a = b,\n  c\n")
    lines = written(text, Result([finding_at(source, 4, 10, rule="r", severity=ERROR)])).splitlines()
    assert lines[4] == "  |     ^^"


def test_text_marks_an_empty_place():
    lines = written(
        text, Result([finding_at(Source("main.cf", ""), 0, 0, rule="r", severity=ERROR)])
    ).splitlines()
    assert lines[4] == "  | ^"


def test_concise_is_the_gnu_form(result):
    assert written(concise, result) == (
        "etc/main.cf:2:14: error: `web01` has no dot [name-short]\n"
        "etc/main.cf:1:1: info: something is wrong [remark]\n"
    )


def test_github_gives_the_gravest_first(source):
    findings = [
        finding_at(source, 0, 1, rule=severity, severity=severity) for severity in (INFO, ERROR, WARNING)
    ]
    commands = [line.partition(" ")[0] for line in written(github, Result(findings)).splitlines()]
    assert commands == ["::error", "::warning", "::notice"]


def test_github_gives_columns_only_within_one_line(source):
    one, several = (
        finding_at(source, 0, 7, rule="r", severity=ERROR),
        finding_at(source, 0, 9, rule="r", severity=ERROR),
    )
    first, second = written(github, Result([one, several])).splitlines()
    assert ",col=1,endColumn=8::" in first
    assert "col" not in second.replace("columns", "").lower()
    assert "line=1,endLine=2" in second


def test_json_has_the_fields_of_the_contract(result):
    document = json.loads(written(json_report, result))
    assert document["version"] == 1
    assert document["errors"] == [{"path": "x", "message": "is a directory"}]
    assert document["not_checked"] == [
        {
            "rule": "spf-missing",
            "reason": "the server did not answer",
            "question": "TXT example.com",
            "path": "etc/main.cf",
            "start": {"line": 1, "column": 1},
            "end": {"line": 1, "column": 1},
        }
    ]
    first, second = document["findings"]
    assert (first["path"], first["rule"], first["severity"], first["confidence"]) == (
        "etc/main.cf",
        "name-short",
        "error",
        "high",
    )
    assert first["start"] == {"line": 2, "column": 14}
    assert first["end"] == {"line": 2, "column": 19}
    assert first["services"] == ["smtp/inet", "submission/inet"]
    assert first["related"][0]["message"] == "used here"
    assert first["fix"]["edits"][0]["text"] == ".example.com"
    assert first["fix"]["safe"] is False
    assert second["fix"] is None
    assert second["parameter"] is None


@pytest.mark.parametrize(
    "module", [text, concise, github], ids=lambda module: module.__name__.rpartition(".")[2]
)
def test_hostile_text_neither_breaks_a_line_nor_reaches_the_terminal(module):
    source = Source(HOSTILE, f"{HOSTILE} = {HOSTILE}\n")
    finding = finding_at(
        source, 0, 3, rule="r", severity=ERROR, message=HOSTILE, mend=HOSTILE,
        related=(Related(Location(source, Span(0, 1)), HOSTILE),), services=(HOSTILE,),
    )  # fmt: skip
    output = written(module, Result([finding]))
    assert all(character == "\n" or character.isprintable() for character in output)
    assert not re.search("^::(?!error file=)", output, re.MULTILINE), "a workflow command of the file's own"
    output.encode("utf-8")


def test_github_escapes_what_the_runner_would_decode():
    source = Source("a,b:c%.cf", "x\n")
    output = written(
        github, Result([finding_at(source, 0, 1, rule="r", severity=ERROR, message="50%\nof: it,")])
    )
    assert "file=a%2Cb%3Ac%25.cf," in output
    assert output.endswith("a,b:c%25.cf:1:1: 50%25%0Aof: it, [r]\n")


def test_json_keeps_hostile_text_to_the_letter():
    source = Source(HOSTILE, f"{HOSTILE}\n")
    document = json.loads(
        written(json_report, Result([finding_at(source, 0, 1, rule="r", severity=ERROR, message=HOSTILE)]))
    )
    assert document["findings"][0]["message"] == HOSTILE


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("smtp_sasl_password_maps = static:anna:secret", "smtp_sasl_password_maps = static:anna:******"),
        (
            "smtp_sasl_password_maps = static:{anna:my secret}",
            "smtp_sasl_password_maps = static:{anna:*********}",
        ),
        (" inline:{ {[a.example]:587 = anna:/se[cret} }", " inline:{ {[a.example]:587 = anna:********} }"),
        (
            "  -o smtp_sasl_password_maps=static:anna:secret",
            "  -o smtp_sasl_password_maps=static:anna:******",
        ),
        (
            "smtp_sasl_password_maps = hash:/etc/postfix/sasl",
            "smtp_sasl_password_maps = hash:/etc/postfix/sasl",
        ),
        (" inline:{ { a.example = anna:my secret } }", " inline:{ { a.example = anna:********* } }"),
        ('smtp_sasl_password_maps = "static:anna:secret"', 'smtp_sasl_password_maps = "static:anna:*******'),
        ("  -o smtpd_milters=inet:127.0.0.1:8891", "  -o smtpd_milters=inet:127.0.0.1:8891"),
        ("  inline:{ example.org=smtp:[a.example]:587 }", "  inline:{ example.org=smtp:[a.example]:587 }"),
        ("transport_maps = static:smtp:relay", "transport_maps = static:smtp:relay"),
    ],
)
def test_passwords_in_a_line_are_not_shown(line: str, shown: str) -> None:
    assert without_passwords(line) == shown
