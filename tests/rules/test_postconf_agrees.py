"""On real files, the syntax rules say what postconf(1) warns of, and nothing that it does not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from maillint.engine.finding import INFO, Finding
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from support import MAIN_CF, MASTER_CF, corpus_files, needs_corpus

VERSION = Version("3.7.11")
"""The Postfix whose words are recorded in the corpus."""

CHECKS = {rule.id: function(rule) for rule in scan(BUILT_IN) if rule.area in ("syntax", "master")}

_SERVICE_SUFFIX = re.compile(r".+_(time_limit|recipient_limit|transport_rate_delay)")


class Case(NamedTuple):
    """One real file, what postconf said about it, and what the rules say."""

    name: str
    configuration: Configuration
    said: list[str]
    findings: dict[str, list[Finding]]

    def warned(self, pattern: str) -> set[str]:
        """What stands in the group of *pattern* in the lines that postconf wrote about this file."""
        return {found[1] for line in self.said if (found := re.search(pattern, line))}

    def found(self, *rules: str) -> set[str]:
        """The names at which these rules found something, as postconf would print them."""
        return {
            re.sub(r"[^ -~]", "?", finding.location.text) for rule in rules for finding in self.findings[rule]
        }


def cases(kind: str) -> Iterator[Case]:
    for file in corpus_files(kind):
        recorded = json.loads(file.recorded.read_text("utf-8", "surrogateescape"))
        used = recorded.get("master_cf_used" if kind == MAIN_CF else "main_cf_used")
        sibling = _sibling(file.path, file.name, used)
        own, other = (parse_main_cf, parse_master_cf) if kind == MAIN_CF else (parse_master_cf, parse_main_cf)
        trees: list[Any] = [_tree(own, file.path), _tree(other, sibling) if sibling else None]
        configuration = Configuration(*(trees if kind == MAIN_CF else trees[::-1]), version=VERSION)
        findings = {
            rule: [found for found in check(configuration) if found.location.source is trees[0].source]
            for rule, check in CHECKS.items()
        }
        said = [line for key, text in recorded.items() if key.startswith("stderr") for line in _lines(text)]
        yield Case(str(file), configuration, said, findings)


def _sibling(path: Path, name: str, used: str | None) -> Path | None:
    found = Path(str(path).removesuffix(name)) / used if used else None
    return found if found and found.is_file() else None


def _tree(parse: Any, path: Path) -> Any:
    return parse(Source.from_bytes(str(path), path.read_bytes()))


def _lines(text: str | list[str] | None) -> list[str]:
    return text if isinstance(text, list) else (text or "").splitlines()


@needs_corpus
def test_unused_parameters() -> None:
    seen = 0
    for kind in (MAIN_CF, MASTER_CF):
        for case in cases(kind):
            warned = case.warned(rf"{kind}: unused parameter: ([^=]*)=")
            # Unknown, so not judged: names from templates, and of services when there is no master.cf.
            judged = {
                name
                for name in warned
                if "{" not in name
                and (case.configuration.master is not None or not _SERVICE_SUFFIX.fullmatch(name))
            }
            assert case.found("unknown-parameter", "unsupported-parameter-in-version") == judged, case.name
            seen += len(judged)
    assert seen > 50


@needs_corpus
def test_undefined_parameters() -> None:
    seen = 0
    for kind in (MAIN_CF, MASTER_CF):
        for case in cases(kind):
            warned = case.warned(rf"{kind}: undefined parameter: (.*)")
            assert case.found("undefined-parameter-reference") == warned, case.name
            seen += len(warned)
    assert seen > 5


@needs_corpus
def test_overridden_entries() -> None:
    seen = 0
    for case in cases(MAIN_CF):
        # postconf reads a young file several times, and then complains of the first line, too: no lines here.
        warned = case.warned(r"main\.cf, line \d+: overriding earlier entry: ([^=]*)=")
        differing = {
            finding.location.text
            for finding in case.findings["duplicate-parameter"]
            if finding.severity != INFO
        }
        assert differing == warned, case.name
        seen += len(warned)
    assert seen > 5


@needs_corpus
def test_nothing_that_postconf_can_read_is_called_fatal() -> None:
    """No file of the corpus stops postconf because of its syntax."""
    fatal_for_postconf = ("missing-equals", "master-missing-field", "master-option-not-indented")
    for kind in (MAIN_CF, MASTER_CF):
        for case in cases(kind):
            assert case.found(*fatal_for_postconf) == set(), case.name
