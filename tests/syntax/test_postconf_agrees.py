"""On generated files, the real postconf(1) loads what the tree says, and complains of the same lines."""

import re

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.tree import MainCf, Malformed, MasterCf, Setting
from support import needs_postfix, run_postconf

KNOWN = ("mydestination", "relayhost", "smtp_helo_name")
"""Parameters that postconf prints without looking into them; it warns of the others as unused."""

NAMES = st.sampled_from((*KNOWN, "own", "other-name", "#no", ";", "\ufeffrelayhost"))
SPACE = st.text(" \t\r\v\f", max_size=3)
WORDS = st.text("abc,#=;\\'\"[]é\udcff\0 \t\r\v\f", max_size=8)
LINES = st.one_of(
    st.builds("{}{}={}{}".format, NAMES, SPACE, SPACE, WORDS),
    st.builds("{}={}".format, NAMES, WORDS),
    st.builds(" {}{}".format, SPACE, WORDS),
    st.builds("{}#{}".format, SPACE, WORDS),
    SPACE,
)
READABLE = st.lists(LINES, max_size=8).map("\n".join)
UNREADABLE = st.builds("{}{}".format, NAMES, SPACE) | st.builds("={}".format, WORDS)
FATAL = st.builds("{}\n{}\n{}".format, READABLE, UNREADABLE, READABLE)

QUICKLY = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Without shrinking: a Postfix program that has met a fatal error sleeps for a second."""

OPTIONS = st.sampled_from(
    [
        "-o",
        "-v",
        "-vo",
        "--",
        "biff=no",
        "biff=",
        "=x",
        "-obiff=yes",
        "{",
        "}",
        "{ biff = a b }",
        "{biff}",
        "x={a b}",
        "\n ",
        "\n# c\n ",
        "\n\n\t",
        "\0",
        "x",
    ]
)
ENTRY = st.builds(
    lambda name, words: f"{name} unix - - n - - smtpd " + " ".join(words) + "\n",
    st.sampled_from("ab"),
    st.lists(OPTIONS, max_size=7),
)
MASTER = st.lists(ENTRY | st.sampled_from(["# c\n", "\n", "  \n", " -o biff=a\n"]), max_size=4).map("".join)


@needs_postfix
@settings(QUICKLY, max_examples=150)
@given(READABLE, st.sampled_from(["", "\n"]))
def test_names_and_values(text: str, end: str) -> None:
    tree = parse_main_cf(Source("main.cf", text + end))
    values = {setting.name: setting.value.text for setting in tree.settings}
    run = run_postconf("-n", main=text + end)
    printed = dict(line.split(" =", 1) for line in run.stdout.split("\n") if line)
    del printed["config_directory"]
    assert {name: squeezed(value) for name, value in printed.items()} == {
        name: squeezed(value) for name, value in values.items() if name in KNOWN
    }
    assert complaints(run.stderr, "unused") == {
        seen(f"warning: main.cf: unused parameter: {name}={value}")
        for name, value in values.items()
        if name not in KNOWN
    }
    assert complaints(run.stderr, COMPLAINTS) == expected_complaints(tree)


@needs_postfix
@settings(QUICKLY, max_examples=6)
@given(FATAL)
def test_the_line_that_cannot_be_read(text: str) -> None:
    tree = parse_main_cf(Source("main.cf", text))
    assert complaints(run_postconf("-n", main=text).stderr, COMPLAINTS) == expected_complaints(tree)


COMPLAINTS = "overriding|missing|logical line"


def expected_complaints(tree: MainCf) -> set[str]:
    """What Postfix says while it loads a main.cf; it ends at the first line that it cannot read."""
    said: set[str] = set()
    values: dict[str, str] = {}
    for node in tree.nodes:
        if isinstance(node, Malformed):
            if node.kind == Malformed.LEADING_WHITESPACE:
                said.add("warning: main.cf: logical line must not start with whitespace")
                continue
            what = "missing attribute name" if node.kind == Malformed.MISSING_NAME else MISSING_EQUALS
            return {*said, f"fatal: main.cf, line {node.line}: {what}"}
        if isinstance(node, Setting):
            name, value = node.name, node.value.text
            if values.get(name, value) != value:
                place = f"main.cf, line {node.line}"
                said.add(seen(f"warning: {place}: overriding earlier entry: {name}={values[name]}"))
            values[name] = value
    return said


MISSING_EQUALS = "missing '=' after attribute name"


@needs_postfix
@settings(QUICKLY, max_examples=150)
@given(MASTER)
def test_master_cf(text: str) -> None:
    tree = parse_master_cf(Source("master.cf", text))
    run = run_postconf("-P", main="compatibility_level = 3.6\n", master=text)
    assert complaints(run.stderr, "fatal|logical line") == expected_refusals(tree)
    if run.returncode == 0:
        printed = dict(line.split(" =", 1) for line in run.stdout.split("\n") if line)
        assert {name: squeezed(value) for name, value in printed.items()} == {
            f"{service.id}/{option.name}": squeezed(option.value.text)
            for service in tree.services
            for option in service.options
        }


def expected_refusals(tree: MasterCf) -> set[str]:
    said: set[str] = set()
    for node in tree.nodes:
        if isinstance(node, Malformed):
            if node.kind == Malformed.LEADING_WHITESPACE:
                said.add("warning: master.cf: logical line must not start with whitespace")
            else:
                return {*said, f"fatal: file master.cf: line {node.line}: bad field count"}
    return said


def complaints(stderr: str, pattern: str) -> set[str]:
    """The lines that postconf wrote and that match, without what depends on the place or on the length."""
    lines = (re.sub(r"^\S*postconf: ", "", line) for line in stderr.split("\n"))
    lines = (re.sub(r"/\S*/(main\.cf|master\.cf)", r"\1", line) for line in lines)
    lines = (re.sub(r"(start with whitespace|attribute name): \".*", r"\1", line) for line in lines)
    return {line for line in lines if re.search(pattern, line)}


def seen(message: str) -> str:
    """*message* as Postfix logs it: a ``?`` for each byte that does not print."""
    return "".join(
        chr(byte) if 32 <= byte < 127 else "?" for byte in message.encode("utf-8", "surrogateescape")
    )


def squeezed(value: str) -> str:
    """*value* as postconf prints it: one space where white space separates words."""
    return " ".join(re.split(r"[ \t\r\n]+", value.strip(" \t\r\n")))
