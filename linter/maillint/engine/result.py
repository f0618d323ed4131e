"""What a run found: everything that a report has to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .finding import SEVERITIES, Finding, NotChecked

if TYPE_CHECKING:
    from .discovery import Target
    from .fix import Change
    from .plan import Plan
    from .rule import Rule


class Problem(NamedTuple):
    """Something that maillint could not do as it was asked; makes the exit status 2."""

    path: str
    """The file or directory; empty when the problem is not about one."""
    message: str
    details: str = ""
    """The traceback, when the cause is a bug."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class Judged:
    """One of the configurations of a run, and what was found in it.

    A report that shows more than findings reads it again: ``engine.run.read(target, plan, [])``. So no run
    has to hold thousands of configurations, or to send them from one process to another.
    """

    __slots__ = ("findings", "plan", "target")

    def __init__(self, target: Target, plan: Plan, findings: list[Finding]) -> None:
        self.target = target
        self.plan = plan
        self.findings = findings
        """Those of the result that are about it."""


class Result:
    """The outcome of one ``maillint check`` over any number of configurations.

    The locations in it know their path, positions and lines, but not always the rest of
    the file: ``location.source.line(n)`` is there for the lines that a location touches.
    """

    __slots__ = (
        "changes", "configurations", "errors", "excluded", "findings", "fixed", "judged", "not_checked",
        "rules", "suppressed",
    )  # fmt: skip

    def __init__(
        self,
        findings: Iterable[Finding] = (),
        not_checked: Iterable[NotChecked] = (),
        errors: Iterable[Problem] = (),
        configurations: int = 0,
        rules: Sequence[Rule] = (),
        suppressed: Iterable[Finding] = (),
    ) -> None:
        self.findings: list[Finding] = list(findings)
        """By configuration as given, then by path, line, column, and rule."""
        self.not_checked: list[NotChecked] = list(not_checked)
        self.errors: list[Problem] = list(errors)
        self.configurations = configurations
        """How many configurations were judged."""
        self.excluded = 0
        """How many were not, because the settings leave them alone."""
        self.judged: list[Judged] = []
        """The configurations themselves, for reports that show them."""
        self.rules = tuple(rules)
        """The rules that were selected."""
        self.suppressed: list[Finding] = list(suppressed)
        """Findings that a comment or the baseline silences; each says why in its ``suppression``."""
        self.changes: list[Change] = []
        """What fixes made of the files, or would make."""
        self.fixed = 0
        """How many findings these mended; they are not among the others."""

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, the gravest first, zeros included."""
        counts = dict.fromkeys(reversed(SEVERITIES), 0)
        for finding in self.findings:
            counts[finding.severity or ""] += 1
        return counts
