"""Judges templates without rendering them: every variant by itself, and says what holds in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maillint.syntax.source import OPAQUE, Location, Source, Span
from maillint.syntax.template.choices import choices
from maillint.syntax.template.languages import Language, language, language_of
from maillint.syntax.template.template import Template

from .finding import Finding, Fix, NotChecked
from .run import Outcome, configuration_of, judge
from .settings import AUTO

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.template.choices import Choice
    from maillint.syntax.template.tags import Block

    from .discovery import Target
    from .plan import Plan
    from .result import Problem
    from .suppression import Ignore


def judge_variants(
    target: Target, plan: Plan, outcome: Outcome, main: Source | None, master: Source | None
) -> None:
    """Judge *main* and *master*, at least one of which may be a template.

    Adds to *outcome* what holds whatever the template puts in: a finding is told when every variant has it
    in which its line is there, and when it is not about what a tag puts in.
    """
    files = _files(plan, main, master)
    merged = _Merged(files)
    for choice in _choices(files):
        chosen = [file.variant(choice) for file in files]
        judged = Outcome()
        judge(_configuration(target, plan, chosen), plan, judged, target.is_named)
        merged.add(judged, chosen)
    merged.finish(outcome)


def read_variant(target: Target, plan: Plan, main: Source | None, master: Source | None) -> Configuration:
    """The configuration that *main* and *master* are with the first branch of each block."""
    files = _files(plan, main, master)
    return _configuration(target, plan, [file.variant(_choices(files)[0]) for file in files])


class _File:
    """A file, which may be a template."""

    __slots__ = ("is_master", "source", "template")

    def __init__(
        self, source: Source, language: Language | None, *, is_master: bool, values: Mapping[str, Any]
    ) -> None:
        self.source = source
        self.is_master = is_master
        self.template = (
            None if language is None else Template(source.text, language, is_master=is_master, values=values)
        )

    @property
    def blocks(self) -> Sequence[Block]:
        return self.template.blocks if self.template is not None else ()

    def variant(self, choice: Choice) -> _Variant:
        if self.template is None:
            return _Variant(self, self.source, (), (), False, {})
        made = self.template.variant(choice)
        source = Source(self.source.path, made.text)
        return _Variant(self, source, made.left_out, made.taken, made.is_open, made.filled)

    def is_unknown(self, span: Span) -> bool:
        """Whether a tag may put something into *span*."""
        return self.template is not None and _touches(self.template.unknown, span)

    def has_tag(self, span: Span) -> bool:
        return self.template is not None and _touches(self.template.tags, span)


class _Variant:
    """One of the texts that a file may be."""

    __slots__ = ("file", "filled", "is_open", "left_out", "source", "taken")

    def __init__(
        self,
        file: _File,
        source: Source,
        left_out: Sequence[Span],
        taken: Sequence[Span],
        is_open: bool,
        filled: Mapping[str, str],
    ) -> None:
        self.file = file
        self.source = source
        self.left_out = left_out
        self.taken = taken
        self.is_open = is_open
        self.filled = filled


def _files(plan: Plan, main: Source | None, master: Source | None) -> list[_File]:
    wish = plan.settings.get("template")
    return [
        _File(
            source,
            language_of(source.path, source.text) if wish == AUTO else language(wish),
            is_master=is_master,
            values=plan.values,
        )
        for source, is_master in ((main, False), (master, True))
        if source is not None
    ]


def _choices(files: Iterable[_File]) -> list[Choice]:
    return choices([block for file in files for block in file.blocks])


def _configuration(target: Target, plan: Plan, chosen: Sequence[_Variant]) -> Configuration:
    sources = {variant.file.is_master: variant.source for variant in chosen}
    configuration = configuration_of(
        target,
        plan,
        sources.get(False),
        sources.get(True),
        is_open=any(variant.is_open for variant in chosen),
    )
    for variant in chosen:
        configuration.filled.update(variant.filled)
    configuration.branches = tuple(
        Location(variant.source, span) for variant in chosen for span in variant.taken
    )
    return configuration


def _touches(tags: Iterable[Span], span: Span) -> bool:
    return any(tag.start < span.end and span.start < tag.end for tag in tags)


class _Seen:
    """A finding, and in how many variants it was found."""

    __slots__ = ("finding", "times")

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        self.times = 0


class _Merged:
    """What all variants together tell."""

    def __init__(self, files: Iterable[_File]) -> None:
        self._files = {file.source.path: file for file in files}
        self._chosen: list[dict[str, _Variant]] = []
        self._found: dict[object, _Seen] = {}
        self._silenced: dict[object, Finding] = {}
        self._unsure: dict[object, Finding] = {}
        self._ignores: dict[object, Ignore] = {}
        self._notes: list[NotChecked] = []
        self._problems: list[Problem] = []
        self._names: set[str] = set()
        """Names that stand for values: nobody knows them, so that nothing can be said with them."""

    def add(self, judged: Outcome, chosen: Sequence[_Variant]) -> None:
        """Take in what was *judged* of one variant of each file."""
        self._chosen.append({variant.source.path: variant for variant in chosen})
        self._names.update(name for variant in chosen for name in variant.filled)
        for finding in judged.findings:
            seen = self._found.setdefault(_key(finding), _Seen(finding))
            seen.times += 1
            if _edits(finding.fix) != _edits(seen.finding.fix):
                seen.finding.fix = None
        for finding in judged.suppressed:
            self._silenced.setdefault(_key(finding), finding)
        for finding in judged.unsure:
            self._unsure.setdefault(_key(finding), finding)
        for ignore in judged.ignores:
            ignore.move(self._original)
            known = self._ignores.setdefault((ignore.location, ignore.name), ignore)
            known.silenced = max(known.silenced, ignore.silenced)
        for note in judged.not_checked:
            note = note._replace(location=note.location and self._original(note.location))
            if note not in self._notes and OPAQUE not in note.reason:
                self._notes.append(note)
        self._problems += [problem for problem in judged.problems if problem not in self._problems]

    def finish(self, outcome: Outcome) -> None:
        """Add to *outcome* what is to be told."""
        everywhere = [
            seen.finding for seen in self._found.values() if seen.times == self._possible(seen.finding)
        ]
        outcome.findings = self._told(everywhere)
        outcome.suppressed = self._told(self._silenced.values())
        outcome.unsure = self._told(self._unsure.values())
        outcome.ignores = list(self._ignores.values())
        outcome.not_checked += self._notes
        outcome.problems += self._problems

    def _possible(self, finding: Finding) -> int:
        """In how many variants the line of *finding* is there."""
        path, offset = finding.location.source.path, finding.location.span.start
        return sum(
            path not in chosen or not any(span.start <= offset < span.end for span in chosen[path].left_out)
            for chosen in self._chosen
        )

    def _told(self, findings: Iterable[Finding]) -> list[Finding]:
        """The *findings* that are not about what a tag puts in, at their places in the files themselves."""
        told = []
        for finding in findings:
            said = finding.message + finding.mend
            if (
                OPAQUE in said
                or self._is_unknown(finding.location)
                or any(name in said for name in self._names)
            ):
                continue
            if finding.fix is not None and any(
                OPAQUE in edit.text or self._has_tag(edit.location) for edit in finding.fix.edits
            ):
                finding.fix = None
            finding.move(self._original)
            told.append(finding)
        return sorted(told, key=self._place)

    def _is_unknown(self, location: Location) -> bool:
        file = self._files.get(location.source.path)
        return file is not None and file.is_unknown(location.span)

    def _has_tag(self, location: Location) -> bool:
        file = self._files.get(location.source.path)
        return file is not None and file.has_tag(location.span)

    def _place(self, finding: Finding) -> tuple[int, Span, str]:
        path = finding.location.source.path
        order = list(self._files)
        return order.index(path) if path in order else len(order), finding.location.span, finding.rule

    def _original(self, location: Location) -> Location:
        """*location* of a variant, in the file itself."""
        file = self._files.get(location.source.path)
        return location if file is None else Location(file.source, location.span)


def _key(finding: Finding) -> object:
    return finding.rule, finding.location.source.path, finding.location.span, finding.message


def _edits(fix: Fix | None) -> object:
    return fix and [(edit.location.source.path, edit.location.span, edit.text) for edit in fix.edits]
