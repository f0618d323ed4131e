"""The runner of documentation tests fails when it should."""

import pytest

from maillint.engine.docs import Fence, parse
from maillint.engine.registry import Registry
from maillint.testing import BAD, GOOD, Case, Example

REGISTRY = Registry.load()

QUOTED = 'syslog_name = "x"\n'
FINE = "biff = no\n"


def case(section: str, *fences: Fence) -> Case:
    return Case(REGISTRY.rules["quoted-value"], REGISTRY, section, 1, fences)


def main_cf(text: str, *info: str) -> Fence:
    return Fence(("main.cf", "fragment", *info), text)


@pytest.mark.parametrize(
    "passing",
    [
        case(BAD, main_cf(QUOTED, "quoted-value@1")),
        case(BAD, main_cf(FINE + QUOTED, "quoted-value@2")),
        case(BAD, main_cf(QUOTED, "quoted-value@1", "postfix=3.4", "hostname=mx.example.com")),
        case(GOOD, main_cf(FINE)),
    ],
)
def test_passes(passing: Case) -> None:
    passing.check()


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (case(BAD, main_cf(QUOTED, "quoted-value@2")), "expected quoted-value@2 in main.cf"),
        (case(BAD, main_cf(FINE, "quoted-value@1")), "found: nothing"),
        (
            case(BAD, main_cf(QUOTED, "quoted-value@1", "quoted-value@1")),
            "quoted-value@1 in main.cf, quoted-value@1",
        ),
        (case(BAD, main_cf(QUOTED + "biff = no # x\n", "quoted-value@1")), "inline-comment"),
        (case(BAD, main_cf("biff = no # x\n", "inline-comment@1")), "expects no quoted-value@LINE"),
        (case(GOOD, main_cf(QUOTED, "quoted-value@1")), "a good example has no findings"),
        (case(GOOD, main_cf(QUOTED)), "expected nothing"),
        (case(GOOD, main_cf(FINE, "nonsense")), "'nonsense'"),
        (case(GOOD, Fence((), FINE)), "info string"),
        (case(GOOD, Fence(("transport",), "")), "needs a main.cf or a master.cf"),
    ],
)
def test_fails(failing: Case, words: str) -> None:
    with pytest.raises(AssertionError) as error:
        failing.check()
    assert words in str(error.value)


def test_fences_of_different_files_are_one_example() -> None:
    doc = parse(
        "Summary.\n\n## Bad\nWords.\n```main.cf a@1\n# not a heading\n```\n"
        "```master.cf b@2\n```\n```main.cf\n```\n"
        "### Another\n```master.cf\n```\n"
        "```sh\n## not a section\n```\n## Good\nNone.\n"
    )
    assert doc.summary == "Summary."
    assert [section.title for section in doc.sections] == ["Bad", "Good"]
    assert [[fence.info for fence in example] for example in doc.sections[0].examples] == [
        [("main.cf", "a@1"), ("master.cf", "b@2")],
        [("main.cf",)],
        [("master.cf",), ("sh",)],
    ]
    assert doc.sections[0].examples[0][0].text == "# not a heading\n"


def test_escaped_example_has_nul_bytes() -> None:
    text = "myhostname = mail\\0.example.com\n"
    plain, escaped = (Example([main_cf(text, *info)]).files["main.cf"] for info in ((), ("escaped",)))
    assert plain == text
    assert escaped == "myhostname = mail\0.example.com\n"


def test_example_is_judged_in_a_directory_of_its_own() -> None:
    example = Example(
        [Fence(("main.cf",), QUOTED), Fence(("master.cf",), 'smtp inet n - y - - smtpd\n  -o a="b"\n')]
    )
    found = {
        (finding.location.source.path.rpartition("/")[2], finding.rule)
        for finding in example.findings(REGISTRY)
    }
    assert {("main.cf", "quoted-value")} <= found
