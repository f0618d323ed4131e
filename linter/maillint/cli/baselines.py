"""``--baseline`` and ``--update-baseline`` of ``maillint check``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import UsageError

if TYPE_CHECKING:
    from maillint.engine.baseline import Baseline, Entry
    from maillint.engine.discovery import Target
    from maillint.engine.finding import Finding
    from maillint.engine.plan import Plan
    from maillint.engine.result import Result
    from maillint.engine.run import Outcome


class Baselines:
    """The baselines of a run: each settings file may name its own."""

    def __init__(self, plans: Sequence[Plan], update: bool) -> None:
        """Raises UsageError for a baseline that cannot be read, and for none to *update*."""
        self._update = update
        self._by_path: dict[str, Baseline] = {}
        self._judged: dict[str, list[tuple[Target, Plan]]] = {}
        for plan in plans:
            path = plan.settings.get("baseline")
            if path is not None and path not in self._by_path:
                self._by_path[path] = _baseline(path, update)
        if update and plans and not self._by_path:
            raise UsageError("--update-baseline: name the file with --baseline FILE or in the settings")

    def split(self, target: Target, plan: Plan, outcome: Outcome) -> tuple[list[Finding], list[Finding]]:
        """The findings of *outcome* to report, and those that the baseline of *plan* knows."""
        path = plan.settings.get("baseline")
        if path is None:
            return outcome.findings, []
        if outcome.configurations:
            self._judged.setdefault(path, []).append((target, plan))
        self._by_path[path].keep(outcome.unsure)
        new, known = self._by_path[path].new(outcome.findings)
        return ([], outcome.findings) if self._update else (new, known)

    def finish(self, result: Result) -> None:
        """Say on standard error what the baselines hold in vain; or, when asked to, write them anew."""
        for path, baseline in self._by_path.items():
            judged = self._judged.get(path, [])
            ran = {rule.id for _, plan in judged for rule in plan.rules if plan.dns or not rule.online}
            known = {rule for _, plan in judged for rule in plan.registry.rules}
            stale = [
                entry
                for entry in baseline.unseen(target for target, _ in judged)
                if entry.rule in ran or entry.rule not in known
            ]
            if self._update:
                self._write(result, baseline, stale)
            elif stale:
                print(f"maillint: {path}: no longer found; --update-baseline removes it:", file=sys.stderr)
                for entry in stale:
                    print(f"  {entry}", file=sys.stderr)

    def _write(self, result: Result, baseline: Baseline, stale: list[Entry]) -> None:
        from maillint.engine.result import Problem
        from maillint.files import replace_file

        if result.errors:
            message = "is left as it is, because not everything could be judged"
            result.errors.append(Problem(baseline.path, message))
            return
        text = baseline.written(stale)
        try:
            replace_file(baseline.path, lambda stream: stream.write(text.encode()))
        except OSError as error:
            result.errors.append(Problem(baseline.path, f"cannot be written: {error.strerror or error}"))
            return
        for finding in baseline.added:
            place = f"{finding.location.source.path}:{finding.location.start.line}"
            print(f"maillint: {baseline.path}: new: {place}: {finding.rule}", file=sys.stderr)
        added, removed = len(baseline.added), len(stale)
        print(f"maillint: {baseline.path}: {added} added, {removed} removed", file=sys.stderr)


def _baseline(path: str, update: bool) -> Baseline:
    import os

    from maillint.engine.baseline import Baseline, BaselineError

    if update and not os.path.exists(path):
        return Baseline(path)
    try:
        return Baseline.read(path)
    except BaselineError as error:
        raise UsageError(f"--baseline: {error}") from None
