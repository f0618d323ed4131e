from maillint.engine.finding import Finding
from maillint.engine.fingerprint import Identity, identities
from maillint.syntax.source import Location, Source, Span


def _finding(text: str, word: str, *, at: int = 0, path: str = "main.cf", rule: str = "some-rule") -> Finding:
    start = text.index(word, at)
    finding = Finding(
        Location(Source(path, text), Span(start, start + len(word))), "a message", parameter="a"
    )
    finding.rule = rule
    return finding


def _one(finding: Finding) -> Identity:
    (identity,) = identities([finding])
    return identity


def test_lines_above_and_white_space_do_not_matter() -> None:
    before = _one(_finding("a = one\n  two\n", "one\n  two"))
    after = _one(_finding("# new\nb = c\na = one   two\n", "one   two"))
    assert before == after
    assert before.fingerprint == after.fingerprint


def test_another_value_rule_or_file_is_another_finding() -> None:
    findings = [
        _finding("a = one\n", "one"),
        _finding("a = two\n", "two"),
        _finding("a = one\n", "one", rule="other-rule"),
        _finding("a = one\n", "one", path="sub/main.cf"),
    ]
    assert len({_one(finding).fingerprint for finding in findings}) == len(findings)


def test_two_that_are_alike_are_told_apart() -> None:
    text = "a = one one\n"
    first, second = identities([_finding(text, "one"), _finding(text, "one", at=6)])
    assert (first.occurrence, second.occurrence) == (1, 2)
    assert first.fingerprint != second.fingerprint


def test_bytes_that_are_no_text_have_a_fingerprint() -> None:
    assert len(_one(_finding("a = \udcff\n", "\udcff")).fingerprint) == 32
