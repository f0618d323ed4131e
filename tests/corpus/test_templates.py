"""Real templates, judged as they are and as they may be when they are filled in."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from corpus.rendered import RUBY, rendered
from maillint.engine.discovery import Target
from maillint.engine.finding import Finding
from maillint.engine.plan import Plan, Planner
from maillint.engine.run import check
from maillint.engine.settings import NO_TEMPLATE, Layer
from maillint.syntax.source import OPAQUE
from maillint.syntax.template.languages import language, language_of
from maillint.syntax.template.template import Template
from support import MAIN_CF, MAIN_CF_TEMPLATE, MASTER_CF, MASTER_CF_TEMPLATE, corpus_files, needs_corpus

pytestmark = needs_corpus

needs_ruby = pytest.mark.skipif(RUBY is None, reason="Ruby is not installed")


class RealTemplate(NamedTuple):
    name: str
    data: bytes
    language: str
    is_master: bool

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "surrogateescape")


def templates() -> Iterator[RealTemplate]:
    for file in corpus_files(MAIN_CF_TEMPLATE, MASTER_CF_TEMPLATE):
        data = file.path.read_bytes()
        found = language_of(file.name, data.decode("utf-8", "surrogateescape"))
        name = found.name if found is not None else NO_TEMPLATE
        yield RealTemplate(str(file), data, name, file.kind == MASTER_CF_TEMPLATE)


def plan(language: str) -> Plan:
    return Planner(Layer({"template": language}, "the test")).plan("/")


def judged(data: bytes, is_master: bool, language: str) -> list[Finding]:
    """What is found in a part of a configuration, as a template of *language* or as it stands."""
    name = MASTER_CF if is_master else MAIN_CF
    main, master = (None, name) if is_master else (name, None)
    target = Target(".", main, master, named=frozenset((name,)), fragment=True)
    target.is_alone = True
    target.contents[name] = data
    outcome = check(target, plan(language))
    assert [str(problem) + problem.details for problem in outcome.problems] == []
    return outcome.findings


def line(finding: Finding) -> str:
    return finding.location.source.line(finding.location.start.line).rstrip()


def test_almost_all_are_known_for_templates() -> None:
    languages = Counter(template.language for template in templates())
    # Those are plain files with the name of something else, such as a default.
    assert languages[NO_TEMPLATE] <= 2
    assert languages["jinja"] > 40
    assert languages["erb"] > 35
    assert languages["go"] >= 3


def test_no_plain_file_is_taken_for_a_template() -> None:
    for file in corpus_files(MAIN_CF, MASTER_CF):
        text = file.path.read_bytes().decode("utf-8", "surrogateescape")
        assert language_of(file.path.name, text) is None, file


def test_findings_are_about_the_file_as_it_is_and_touch_no_tag() -> None:
    for template in templates():
        if template.language == NO_TEMPLATE:
            continue
        parts = Template(template.text, language(template.language), is_master=template.is_master)
        for finding in judged(template.data, template.is_master, template.language):
            places = [finding.location, *(place.location for place in finding.related)]
            edits = finding.fix.edits if finding.fix is not None else ()
            for place in (*places, *(edit.location for edit in edits)):
                assert place.source.to_bytes() == template.data
            assert OPAQUE not in finding.message + finding.mend
            assert not any(_overlap(finding.location.span, tag) for tag in parts.unknown), finding
            for edit in edits:
                assert not any(_overlap(edit.location.span, tag) for tag in parts.tags), finding


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def test_each_takes_a_bounded_time() -> None:
    for template in templates():
        started = time.monotonic()
        judged(template.data, template.is_master, template.language)
        assert time.monotonic() - started < 20, template.name


@pytest.mark.parametrize("language", ["jinja", pytest.param("erb", marks=needs_ruby)])
def test_findings_agree_with_those_in_the_file_that_is_filled_in(language: str) -> None:
    """By name, errors, warnings and advice alike.

    There: whatever is found in a template is found in each rendering that has the line. Back: so is most of
    what is found in lines that the template has word for word; the rest hangs on a value or a branch.
    """
    seen: Counter[str] = Counter()
    for template in templates():
        if template.language != language or template.name.endswith(".epp"):
            continue
        mine = judged(template.data, template.is_master, language)
        for truth in (True, False):
            try:
                text = rendered(language, template.text, truth)
            except Exception:  # whatever a filter raises that gets an invented value
                seen["not rendered"] += 1
                continue
            if text.strip():
                seen["rendered"] += 1
                theirs = judged(text.encode("utf-8", "surrogateescape"), template.is_master, NO_TEMPLATE)
                _compare(seen, template, mine, text, theirs)
    assert seen["rendered"] > 50
    assert seen["not rendered"] < 10
    assert seen["there"] > 30
    assert seen["back"] > 30
    assert seen["back, only rendered"] <= 0.25 * seen["back"], seen


def _compare(
    seen: Counter[str], template: RealTemplate, mine: list[Finding], text: str, theirs: list[Finding]
) -> None:
    have = {(finding.rule, line(finding)) for finding in theirs}
    lines = {one.rstrip() for one in text.split("\n")}
    for finding in mine:
        if line(finding) in lines:
            seen["there"] += 1
            assert (finding.rule, line(finding)) in have, (template.name, finding)
        elif any(mark in line(finding) for mark in ("{{", "<%")):
            name = line(finding).partition("=")[0]
            if any(one.startswith(name) for one in lines):
                seen["there"] += 1
                assert (finding.rule, finding.parameter) in {(one.rule, one.parameter) for one in theirs}
    known = {(finding.rule, line(finding)) for finding in mine}
    literal = {one.rstrip() for one in template.text.split("\n")}
    for finding in theirs:
        if line(finding) in literal:
            seen["back"] += 1
            seen["back, only rendered"] += (finding.rule, line(finding)) not in known
