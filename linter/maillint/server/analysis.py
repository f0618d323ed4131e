"""A configuration as it is in the editor now, and what maillint finds in it.

Everything here runs in one thread: :data:`maillint.postfix.beside.unsaved` is one for the process.
"""

from __future__ import annotations

import os
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from maillint.engine.plan import Planner
from maillint.engine.result import Problem
from maillint.engine.run import Outcome, check
from maillint.engine.settings import Layer
from maillint.postfix import beside
from maillint.postfix.configuration import Configuration, ConfigurationError, View, read_source
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

if TYPE_CHECKING:
    from maillint.engine.discovery import Target
    from maillint.engine.finding import Finding
    from maillint.engine.plan import Plan
    from maillint.syntax.tree import MainCf, MasterCf, Service

    from .documents import Documents

EDITOR = "editor"
"""The origin of the settings that the server adds: none."""


class Analysis:
    """One configuration; what is asked for is worked out once."""

    def __init__(self, target: Target, plan: Plan) -> None:
        self.target = target
        self.plan = plan

    @cached_property
    def configuration(self) -> Configuration:
        """What its files say, as far as they can be read; an empty one may be about to be written."""
        main, master = (self._source(path) for path in (self.target.main, self.target.master))
        return Configuration(
            parse_main_cf(main) if main is not None else None,
            parse_master_cf(master) if master is not None else None,
            directory=self.target.directory,
            fragment=self.target.fragment,
            version=self.plan.settings.get("postfix-version"),
            hostname=self.plan.settings.get("hostname"),
        )

    def _source(self, path: str | None) -> Source | None:
        try:
            return self.source(path) if path is not None else None
        except ConfigurationError:
            return None

    @cached_property
    def outcome(self) -> Outcome:
        """What the rules find."""
        beside.unsaved = self.target.contents
        outcome = check(self.target, self.plan)
        outcome.findings = self._without_known(outcome.findings, outcome.problems)
        return outcome

    def _without_known(self, findings: list[Finding], problems: list[Problem]) -> list[Finding]:
        """The *findings* that the baseline of the settings does not know."""
        path = self.plan.settings.get("baseline")
        if path is None:
            return findings
        from maillint.engine.baseline import Baseline, BaselineError

        try:
            return Baseline.read(path).new(findings)[0]
        except BaselineError as error:
            problems.append(Problem("", str(error)))
            return findings

    def findings(self, path: str) -> list[Finding]:
        """What is found in the file at *path*."""
        return [finding for finding in self.outcome.findings if finding.location.source.path == path]

    def tree(self, path: str) -> MainCf | MasterCf | None:
        """The tree of main.cf or master.cf; None: *path* is neither."""
        if path == self.target.main:
            return self.configuration.main
        return self.configuration.master if path == self.target.master else None

    def source(self, path: str) -> Source:
        """The text of a file, as it is in the editor, else on the disk. Raises ConfigurationError."""
        data = self.target.contents.get(path)
        return read_source(path) if data is None else Source.from_bytes(path, data)

    def with_text(self, path: str, text: str) -> Analysis:
        """What it would be if the file at *path* had this text."""
        target = copy(self.target)
        target.contents = {**target.contents, path: Source(path, text).to_bytes()}
        return Analysis(target, self.plan)

    def view(self, service: Service | None) -> View:
        """What the program of *service* sees; without one, main.cf alone."""
        view = self.configuration.view(service.id) if service is not None else None
        return view or self.configuration.main_view

    def shown(self, path: str) -> str:
        """What to call a file in a sentence."""
        return os.path.relpath(path, self.target.directory)


class Analyses:
    """The latest analysis of each configuration."""

    __slots__ = ("_documents", "_known")

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[str, tuple[object, Analysis]] = {}

    def forget(self) -> None:
        """Something changed that the names and times of files do not tell, such as settings."""
        self._known.clear()

    def of(self, path: str) -> Analysis | None:
        """The configuration that the file at *path* belongs to. Raises SettingsError.

        None: there is none, or the settings leave it alone.
        """
        target = self._documents.target(path)
        return self.of_target(target) if target is not None else None

    def of_target(self, target: Target) -> Analysis | None:
        """The same for a configuration that is known."""
        state = target.files, target.contents, _state(target.directory)
        known = self._known.get(target.path)
        if known is not None and known[0] == state:
            return known[1]
        planner = Planner(Layer({}, EDITOR))
        place = target.directory, *target.files
        if planner.excludes(*place):
            return None
        analysis = Analysis(target, planner.plan(*place))
        self._known[target.path] = state, analysis
        return analysis


def _state(directory: str) -> tuple[object, ...]:
    """What changes when somebody else writes a file of *directory*."""
    found = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=True) if entry.is_file() else None
                found.append((entry.name, status and (status.st_mtime_ns, status.st_size)))
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda entry: entry[0]))
