"""Judges templates without rendering them: every variant by itself, and says what holds in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from maillint.syntax.source import OPAQUE, Location, Source, Span
from maillint.syntax.template.languages import LANGUAGES, language_of
from maillint.syntax.template.template import Template

from .finding import Finding
from .run import Outcome, configuration_of, judge
from .settings import AUTO

if TYPE_CHECKING:
    from .discovery import Target
    from .plan import Plan


class _Variant(NamedTuple):
    """One of the texts that a file may be."""

    source: Source
    left_out: Sequence[Span]
    """What is not there in this one."""
    branches: Sequence[Span]
    """What is there, and would not be in another."""
    is_open: bool


class _File:
    """A file and its variants; a plain file has one."""

    def __init__(self, source: Source, plan: Plan, *, is_master: bool) -> None:
        self.source = source
        wish = plan.settings.get("template")
        language = language_of(source.path, source.text) if wish == AUTO else LANGUAGES[wish]
        self.tags: Sequence[Span] = ()
        self.variants = [_Variant(source, (), (), False)]
        if language is None:
            return
        template = Template(source.text, language, is_master=is_master)
        self.tags = template.spans
        self.variants = [
            _Variant(Source(source.path, template.masked(choice)), *template.parts(choice), template.is_open)
            for choice in template.choices()
        ]

    def original(self, location: Location) -> Location:
        """*location* of a variant, in the file itself."""
        return Location(self.source, location.span)

    def touches_tag(self, span: Span) -> bool:
        return any(tag.start < span.end and span.start < tag.end for tag in self.tags)


def judge_variants(
    target: Target, plan: Plan, outcome: Outcome, main: Source | None, master: Source | None
) -> None:
    """Judge the templates *main* and *master*; add to *outcome* what holds whatever the template puts in.

    A finding is told when every variant has it in which its line is there. One that a tag of the template
    touches is not: what stands there is not known.
    """
    files = {
        source.path: _File(source, plan, is_master=is_master)
        for source, is_master in ((main, False), (master, True))
        if source is not None
    }
    rounds = max(len(file.variants) for file in files.values())
    merged = _Merged(files)
    for number in range(rounds):
        chosen = {path: file.variants[number % len(file.variants)] for path, file in files.items()}
        is_open = any(variant.is_open for variant in chosen.values())
        sources = (None if source is None else chosen[source.path].source for source in (main, master))
        configuration = configuration_of(target, plan, *sources, is_open=is_open)
        configuration.branches = tuple(
            Location(variant.source, span) for variant in chosen.values() for span in variant.branches
        )
        judged = Outcome()
        judge(configuration, plan, judged, target.is_named)
        merged.add(judged, chosen)
    merged.finish(outcome)


Key = tuple[str, str, object, object, str]


class _Merged:
    """The findings of all variants."""

    def __init__(self, files: dict[str, _File]) -> None:
        self._files = files
        self._chosen: list[dict[str, _Variant]] = []
        self._found: dict[Key, Finding] = {}
        self._times: dict[Key, int] = {}
        self._suppressed: dict[Key, Finding] = {}
        self._outcome = Outcome()

    def add(self, judged: Outcome, chosen: dict[str, _Variant]) -> None:
        self._chosen.append(chosen)
        for finding in judged.findings:
            key = _key(finding)
            self._found.setdefault(key, finding)
            self._times[key] = self._times.get(key, 0) + 1
        for finding in judged.suppressed:
            self._suppressed.setdefault(_key(finding), finding)
        self._outcome.ignores = self._outcome.ignores or judged.ignores
        merged = self._outcome
        merged.not_checked += [note for note in judged.not_checked if note not in merged.not_checked]
        merged.problems += [problem for problem in judged.problems if problem not in merged.problems]

    def finish(self, outcome: Outcome) -> None:
        kept = [
            finding for key, finding in self._found.items() if self._times[key] == self._possible(finding)
        ]
        outcome.findings = self._told(kept)
        outcome.suppressed = self._told(self._suppressed.values())
        outcome.ignores = self._outcome.ignores
        outcome.not_checked = [
            note._replace(location=note.location and self._original(note.location))
            for note in self._outcome.not_checked
            if OPAQUE not in note.reason
        ]
        outcome.problems += self._outcome.problems

    def _possible(self, finding: Finding) -> int:
        """In how many variants the line of *finding* is there."""
        path, offset = finding.location.source.path, finding.location.span.start
        return sum(
            not any(span.start <= offset < span.end for span in chosen[path].left_out)
            if path in chosen
            else True
            for chosen in self._chosen
        )

    def _told(self, findings: Iterable[Finding]) -> list[Finding]:
        """The *findings* that no tag touches, at their places in the files themselves."""
        told = []
        for finding in findings:
            if OPAQUE in finding.message + finding.mend or self._touches_tag(finding.location):
                continue
            if finding.fix is not None and any(
                self._touches_tag(edit.location) or OPAQUE in edit.text for edit in finding.fix.edits
            ):
                finding.fix = None
            _move(finding, self._original)
            told.append(finding)
        return told

    def _touches_tag(self, location: Location) -> bool:
        file = self._files.get(location.source.path)
        return file is not None and file.touches_tag(location.span)

    def _original(self, location: Location) -> Location:
        file = self._files.get(location.source.path)
        return location if file is None else file.original(location)


def _key(finding: Finding) -> Key:
    location = finding.location
    return finding.rule, location.source.path, location.start, location.end, finding.message


def _move(finding: Finding, moved: Callable[[Location], Location]) -> None:
    """Give all places of *finding* another source."""
    finding.location = moved(finding.location)
    finding.related = tuple(place._replace(location=moved(place.location)) for place in finding.related)
    if finding.fix is not None:
        edits = tuple(edit._replace(location=moved(edit.location)) for edit in finding.fix.edits)
        finding.fix = finding.fix._replace(edits=edits)
    if finding.suppression is not None and finding.suppression.location is not None:
        place = moved(finding.suppression.location)
        finding.suppression = finding.suppression._replace(location=place)
