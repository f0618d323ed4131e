"""Findings keep their places when they let go of the file, and fixes change what they name."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from maillint.engine.excerpt import compact
from maillint.engine.finding import Edit, Finding, Fix, NotChecked, Related
from maillint.engine.fix import fixed, hunks
from maillint.syntax.source import Location, Source, Span

texts = st.text(st.sampled_from("ab#=\n\r\t é\udcff"), max_size=60)


@st.composite
def locations(draw: st.DrawFn, source: Source) -> Location:
    start = draw(st.integers(0, len(source.text)))
    return Location(source, Span(start, draw(st.integers(start, len(source.text)))))


def seen(location: Location) -> tuple[object, ...]:
    """All that a report may ask of a location."""
    lines = range(location.start.line, location.end.line + 1)
    return (
        location.source.path, location.start, location.end, location.text,
        [location.source.line(number) for number in lines],
    )  # fmt: skip


@given(st.data())
def test_nothing_changes_for_a_report(data: st.DataObject) -> None:
    sources = [Source("main.cf", data.draw(texts)), Source("master.cf", data.draw(texts))]
    places = [data.draw(locations(data.draw(st.sampled_from(sources)))) for _ in range(5)]
    before = [seen(place) for place in places]
    finding = Finding(
        places[0], "message", related=(Related(places[1], "here"),), fix=Fix("mend", (Edit(places[2], "x"),))
    )
    bare = Finding(places[3], "message")
    findings, notes = compact([finding, bare], [NotChecked("rule", "reason", "question", places[4])])
    findings, notes = pickle.loads(pickle.dumps((findings, notes)))
    assert findings[0].fix is not None
    after = [
        findings[0].location, findings[0].related[0].location, findings[0].fix.edits[0].location,
        findings[1].location, notes[0].location,
    ]  # fmt: skip
    assert [seen(place) for place in after] == before


def test_excerpt_is_small() -> None:
    source = Source("main.cf", "a = b\n" * 100_000)
    [finding], _ = compact([Finding(Location(source, Span(600, 605)), "message")], [])
    assert len(pickle.dumps(finding)) < 1000
    assert finding.location.start == (101, 1)


def fix(source: Source, *edits: tuple[int, int, str]) -> Finding:
    made = tuple(Edit(Location(source, Span(start, end)), text) for start, end, text in edits)
    return Finding(Location(source, Span(0, 0)), "message", fix=Fix("mend", made))


def test_fixes_of_several_findings_are_all_made() -> None:
    source = Source("main.cf", "0123456789")
    assert fixed([fix(source, (8, 9, "B"), (0, 1, "")), fix(source, (4, 4, "A"))]) == {source: "123A4567B9"}


def test_overlapping_fix_is_left_out_as_a_whole() -> None:
    source = Source("main.cf", "0123456789")
    assert fixed([fix(source, (2, 5, "A")), fix(source, (4, 6, "B"), (9, 10, "C"))]) == {source: "01A56789"}


def test_the_same_fix_twice_is_made_once() -> None:
    source = Source("main.cf", "ab")
    assert fixed([fix(source, (1, 1, "x")), fix(source, (1, 1, "x"))]) == {source: "axb"}


def test_no_fix_changes_nothing() -> None:
    assert fixed([Finding(Location(Source("main.cf", "a"), Span(0, 1)), "message")]) == {}


@given(st.lists(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), min_size=1, max_size=2)))
def test_fixes_are_made_as_if_each_was_compared_with_all_before(wanted: list[list[tuple[int, int]]]) -> None:
    source = Source("main.cf", "abcdefghijklmnopqrstuvwxyz")
    fixes = [[(start, start + length) for start, length in edits] for edits in wanted]
    fixes = [spans for spans in fixes if not any(map(_overlap, spans, spans[1:]))]
    made: list[tuple[int, int]] = []
    for spans in fixes:
        if not any(_overlap(span, other) for span in spans for other in made):
            made += spans
    text = source.text
    for start, end in sorted(made, reverse=True):
        text = text[:start] + "*" + text[end:]
    findings = [fix(source, *((start, end, "*") for start, end in spans)) for spans in fixes]
    assert fixed(findings) == ({source: text} if made else {})


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (one[0] < other[1] and other[0] < one[1]) or one == other


def test_time_for_many_fixes_grows_with_their_number() -> None:
    source = Source("main.cf", "ab" * 30_000)
    assert fixed([fix(source, (at, at + 1, "c")) for at in range(0, 60_000, 2)]) == {source: "cb" * 30_000}


def test_hunks_are_the_lines_that_change() -> None:
    text = "a\nb\nc\nd\ne\nf\n"
    source = Source("main.cf", text)
    finding = fix(source, (2, 4, ""), (6, 7, "D"), (8, 8, "new\n"), (12, 12, "g\n"))
    [finding], _ = compact([finding], [])
    assert finding.fix is not None
    assert [hunk[1:] for hunk in hunks(finding.fix)] == [
        (2, ["b"], []),
        (4, ["d"], ["D"]),
        (5, [], ["new"]),
        (7, [], ["g"]),
    ]


@given(st.data())
def test_hunks_are_a_patch(data: st.DataObject) -> None:
    source = Source("main.cf", data.draw(texts))
    spans = []
    start = 0
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(start, len(source.text)))
        end = data.draw(st.integers(start, len(source.text)))
        spans.append((start, end, data.draw(texts)))
        start = end + 1
        if start > len(source.text):
            break
    finding = fix(source, *spans)
    assert finding.fix is not None
    lines = source.text.split("\n")
    for hunk in reversed(hunks(finding.fix)):
        assert lines[hunk.line - 1 : hunk.line - 1 + len(hunk.before)] == hunk.before
        lines[hunk.line - 1 : hunk.line - 1 + len(hunk.before)] = hunk.after
    assert "\n".join(lines) == fixed([finding])[source]
