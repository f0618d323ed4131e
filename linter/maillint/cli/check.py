"""``maillint check``: judge files and directories."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from maillint.engine.discovery import STDIN, Target, discover, stand_in
from maillint.engine.plan import Plan, Planner
from maillint.engine.pool import run
from maillint.engine.result import Judged, Problem, Result
from maillint.engine.settings import SettingsError
from maillint.postfix.configuration import ConfigurationError

from . import FAILED, UsageError, silence_stdout
from .baselines import Baselines
from .check_options import layer, parsed
from .online import Online
from .output import all_requested, default_format, write, write_file

if TYPE_CHECKING:
    from argparse import Namespace

    from maillint.dns.answer import Lookup
    from maillint.engine.rule import Rule

Item = TypeVar("Item")


def main(arguments: list[str]) -> int:
    """Run ``maillint check`` with *arguments*; returns the exit status."""
    try:
        options = parsed(arguments)
        outputs = all_requested(options.output)
        jobs, problems, excluded = _jobs(options)
        online = Online(options.online, options.dns_record, options.dns_replay)
        for plan in _watched(dict.fromkeys(plan for _, plan in jobs), lambda _: "asking the DNS"):
            plan.dns = online.lookup(plan.settings)
        if options.fetch_policies:
            _fetch_policies({plan for _, plan in jobs}, online)
        baselines = Baselines([plan for _, plan in jobs], options.update_baseline)
    except (SettingsError, UsageError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    result, failed = _judged(jobs, problems, baselines, options)
    result.excluded = excluded
    online.finish()
    result.errors += online.problems
    if not options.diff:
        baselines.finish(result)
    if options.add_ignores is not None:
        return _add_ignores(result, options.add_ignores)
    for format, path in outputs:
        try:
            write_file(result, format, path)
        except OSError as error:
            result.errors.append(Problem(path, f"cannot be written: {error.strerror or error}"))
    _report_problems(result.errors, options.debug)
    try:
        _print(result, jobs, options)
    except BrokenPipeError:
        silence_stdout()
    print(_summary(result, options.diff), file=sys.stderr)
    if result.errors:
        return FAILED
    return 1 if failed or (options.diff and result.changes) else 0


def _print(result: Result, jobs: Sequence[tuple[Target, Plan]], options: Namespace) -> None:
    """Print the report, or the patch of ``--diff``; for standard input with ``--fix``, what became of it."""
    report = sys.stdout
    if options.diff:
        from .fixes import print_diff

        print_diff(result.changes)
        return
    if options.fix and STDIN in options.paths:
        from .fixes import print_input

        for target, _ in jobs:
            print_input(target)
        report = sys.stderr
    write(result, options.format or default_format(), report, options.color)
    sys.stdout.flush()


def _add_ignores(result: Result, reason: str) -> int:
    """Silence what was found; returns the exit status."""
    from .add_ignores import add_ignores

    areas = {rule.id: rule.area for rule in result.rules}
    comments, files, problems = add_ignores(result.findings, areas, reason)
    result.errors += problems
    print(f"{_counted(comments, 'comment')} added to {_counted(files, 'file')}", file=sys.stderr)
    _report_problems(result.errors, False)
    return FAILED if result.errors else 0


def _jobs(options: Namespace) -> tuple[list[tuple[Target, Plan]], list[Problem], int]:
    """What to judge and how, what cannot be, and how much the settings leave alone."""
    planner = Planner(layer(options), ignores=not options.no_ignores)
    jobs: list[tuple[Target, Plan]] = []
    problems: list[Problem] = []
    excluded = 0
    for found in _found(options):
        if isinstance(found, ConfigurationError):
            problems.append(Problem(found.path, found.message))
        else:
            place = found.directory, *found.files
            if planner.excludes(*place):
                excluded += 1
            else:
                jobs.append((found, planner.plan(*place)))
    if options.fix or options.diff:
        from maillint.engine.fix import SAFE, UNSAFE

        for _, plan in jobs:
            plan.fixes = UNSAFE if options.unsafe_fixes else SAFE
            plan.writes_fixes = not options.diff
    return jobs, problems, excluded


def _found(options: Namespace) -> Iterable[Target | ConfigurationError]:
    if options.stands_for is None:
        found = discover(options.paths, options.stdin_filename)
        # Who types the input knows what maillint waits for.
        return found if STDIN in options.paths else _watched(found, lambda _: "looking for configurations")
    try:
        return (stand_in(options.paths[0], options.stands_for),)
    except ConfigurationError as error:
        return (error,)


def _fetch_policies(plans: Iterable[Plan], online: Online) -> None:
    """Let *plans* fetch policies over HTTPS, each once; UsageError: they are not online."""
    if not online.fetches():
        raise UsageError("--fetch-policies is of no use without --online, or with --dns-replay")
    from maillint.dns.mta_sts import Fetcher

    fetchers: dict[int, Fetcher] = {}
    for plan in plans:
        if id(plan.dns) not in fetchers:
            dns = cast("Lookup", plan.dns)
            fetchers[id(plan.dns)] = Fetcher(dns)
        plan.policies = fetchers[id(plan.dns)]


def _judged(
    jobs: Sequence[tuple[Target, Plan]],
    problems: list[Problem],
    baselines: Baselines,
    options: Namespace,
) -> tuple[Result, bool]:
    """Everything that was found, and whether it reaches the failure level."""
    rules: dict[str, Rule] = {rule.id: rule for _, plan in jobs for rule in plan.rules}
    result = Result(errors=problems, rules=tuple(rules.values()))
    failed = False
    doing = "asking the DNS" if options.online else "judging"
    all_jobs = _counted(len(jobs), "configuration")
    outcomes = _watched(run(jobs, options.jobs), lambda done: f"{doing}, {done} of {all_jobs} done")
    for (target, plan), outcome in zip(jobs, outcomes, strict=False):
        findings, known = baselines.split(target, plan, outcome)
        result.findings += findings
        if outcome.configurations:
            result.judged.append(Judged(target, plan, findings))
        result.suppressed += (*outcome.suppressed, *known)
        result.not_checked += outcome.not_checked
        result.errors += outcome.problems
        result.configurations += outcome.configurations
        result.changes += outcome.changes
        result.fixed += outcome.fixed
        failed |= any(map(plan.fails, findings))
    return result, failed


def _watched(items: Iterable[Item], text: Callable[[int], str]) -> Iterable[Item]:
    """*items*, while a terminal shows how far they are."""
    if not sys.stderr.isatty():
        return items
    from .progress import watched

    return watched(items, text)


def _report_problems(problems: Iterable[Problem], debug: bool) -> None:
    for problem in problems:
        print(f"maillint: {problem}", file=sys.stderr)
        if debug and problem.details:
            print(problem.details, file=sys.stderr, end="")


def _summary(result: Result, diff: bool) -> str:
    """One line such as ``2 errors and 1 warning in 3 configurations``."""
    counts = [_counted(number, severity) for severity, number in result.counts.items() if number]
    if len(counts) > 1:
        counts[-2:] = [f"{counts[-2]} and {counts[-1]}"]
    text = f"{', '.join(counts) or 'nothing found'} in {_counted(result.configurations, 'configuration')}"
    if result.excluded:
        text += f"; {result.excluded} excluded by the settings"
    if result.not_checked:
        text += f"; {_counted(len(result.not_checked), 'question')} not checked"
    if result.fixed:
        files = _counted(len({change.path for change in result.changes}), "file")
        done = "would be fixed" if diff else "fixed"
        text = f"{_counted(result.fixed, 'finding')} {done} in {files}; {text}"
    return text


def _counted(number: int, noun: str) -> str:
    if noun == "info":
        return f"{number} info"
    return f"{number} {noun}{'' if number == 1 else 's'}"
