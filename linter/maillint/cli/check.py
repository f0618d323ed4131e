"""``maillint check``: judge files and directories."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from maillint.engine.discovery import STDIN, Target, discover
from maillint.engine.plan import Plan, Planner
from maillint.engine.pool import run
from maillint.engine.result import Problem, Result
from maillint.engine.settings import COMMAND_LINE, FLAG, KEYS, LISTS, Layer, SettingsError
from maillint.postfix.configuration import ConfigurationError

from . import FAILED, UsageError, silence_stdout
from .baselines import Baselines
from .output import FORMATS, default_format, requested, write, write_file

if TYPE_CHECKING:
    from maillint.engine.rule import Rule

_EXAMPLES = """\
examples:
  maillint check                                    here and below
  maillint check /etc/postfix --postfix-version 3.7
  maillint check --select identity --ignore mydomain-mismatch
  maillint check --format concise --output json=report.json conf/
  git show HEAD:main.cf | maillint check --stdin-filename main.cf -

exit status:
  0  nothing at the failure level (--fail-on)
  1  findings
  2  maillint could not do what was asked
"""


def main(arguments: list[str]) -> int:
    """Run ``maillint check`` with *arguments*; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        command_line = _command_line(options)
        _check_consistency(options)
        outputs = [requested(text) for text in options.output]
        jobs, problems = _jobs(options, command_line)
        if options.online:
            problems += _go_online({plan for _, plan in jobs})
        baselines = Baselines([plan for _, plan in jobs], options.update_baseline)
    except (SettingsError, UsageError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    result, failed = _judged(jobs, problems, baselines, options.jobs)
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
        write(result, options.format or default_format(), sys.stdout, options.color)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
    print(_summary(result), file=sys.stderr)
    if result.errors:
        return FAILED
    return 1 if failed else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint check",
        description="Judge Postfix configurations: whole directories, single files, or fragments of main.cf.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="a file or directory (default: here); - is stdin",
    )
    add("--stdin-filename", default="main.cf", metavar="NAME", help="the file that stdin stands for")
    add(
        "--format",
        choices=FORMATS,
        help="how to print the findings (default: text; github in GitHub Actions)",
    )
    add(
        "--output", action="append", default=[], metavar="FORMAT=FILE",
        help="write another report to a file; may be repeated",
    )  # fmt: skip
    add(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour the text (default: auto)"
    )
    settings = parser.add_argument_group(
        "settings", "Each is also a key of [tool.maillint] in pyproject.toml."
    )
    for key in KEYS:
        if key.option and key.kind is FLAG:
            settings.add_argument(f"--{key.name}", action="store_const", const=True, help=key.help)
        elif key.option:
            settings.add_argument(
                f"--{key.name}",
                action="append" if key.kind in LISTS else "store",
                metavar=key.metavar or None,
                choices=key.choices or None,
                help=key.help + (f" (default: {key.default})" if key.default else ""),
            )
    add("--online", action="store_true", help="ask the DNS as well")
    add("--update-baseline", action="store_true", help="write what is found now to the file of --baseline")
    add("--add-ignores", metavar="REASON", help="silence what is found, by comments that tell the REASON")
    add("--no-ignores", action="store_true", help="let no comment silence a finding")
    add(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes to use (default: as many as it is worth)",
    )
    add("--debug", action="store_true", help=SUPPRESS)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)


def _check_consistency(options: Namespace) -> None:
    """Raises UsageError for options that cannot be followed together."""
    if options.add_ignores is not None:
        from .add_ignores import checked_reason

        options.add_ignores = checked_reason(options.add_ignores)
        if STDIN in options.paths:
            raise UsageError("--add-ignores changes files, and standard input is none")
        if options.update_baseline:
            raise UsageError("--add-ignores and --update-baseline: one of them is enough")


def _add_ignores(result: Result, reason: str) -> int:
    """Silence what was found; returns the exit status."""
    from .add_ignores import add_ignores

    areas = {rule.id: rule.area for rule in result.rules}
    try:
        comments, files = add_ignores(result.findings, areas, reason)
    except OSError as error:
        result.errors.append(Problem(error.filename or "", f"cannot be changed: {error.strerror or error}"))
    else:
        print(f"{_counted(comments, 'comment')} added to {_counted(files, 'file')}", file=sys.stderr)
    _report_problems(result.errors, False)
    return FAILED if result.errors else 0


def _command_line(options: Namespace) -> Layer:
    """The settings that the command line gives. A list may be repeated, and separated by commas."""
    values: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(options, key.name.replace("-", "_"), None)
        if value is not None:
            values[key.name] = (
                [word.strip() for text in value for word in text.split(",") if word.strip()]
                if key.kind in LISTS
                else value
            )
    return Layer(values, COMMAND_LINE)


def _jobs(options: Namespace, command_line: Layer) -> tuple[list[tuple[Target, Plan]], list[Problem]]:
    planner = Planner(command_line, ignores=not options.no_ignores)
    jobs: list[tuple[Target, Plan]] = []
    problems: list[Problem] = []
    for found in discover(options.paths, options.stdin_filename):
        if isinstance(found, ConfigurationError):
            problems.append(Problem(found.path, found.message))
        else:
            jobs.append((found, planner.plan(found.directory)))
    return jobs, problems


def _go_online(plans: Iterable[Plan]) -> Iterator[Problem]:
    """Give each of *plans* the resolver that its settings name; yields why one of those will not answer."""
    from maillint.dns.resolver import Resolver, ResolverError

    resolvers: dict[object, Resolver] = {}
    for plan in plans:
        server = plan.settings.get("resolver")
        if server not in resolvers:
            try:
                resolvers[server] = resolver = Resolver(server)
            except ResolverError as error:
                raise UsageError(f"--online: {error}") from None
            if silence := resolver.probe():
                yield Problem("", f"--online: {silence}; name another with --resolver ADDR[#PORT]")
        plan.dns = resolvers[server]


def _judged(
    jobs: Sequence[tuple[Target, Plan]],
    problems: list[Problem],
    baselines: Baselines,
    processes: int | None,
) -> tuple[Result, bool]:
    """Everything that was found, and whether it reaches the failure level."""
    rules: dict[str, Rule] = {rule.id: rule for _, plan in jobs for rule in plan.rules}
    result = Result(errors=problems, rules=tuple(rules.values()))
    failed = False
    for (target, plan), outcome in zip(jobs, run(jobs, processes), strict=False):
        findings, known = baselines.split(target, plan, outcome)
        result.findings += findings
        result.suppressed += (*outcome.suppressed, *known)
        result.not_checked += outcome.not_checked
        result.errors += outcome.problems
        result.configurations += outcome.configurations
        failed |= any(map(plan.fails, findings))
    return result, failed


def _report_problems(problems: Iterable[Problem], debug: bool) -> None:
    for problem in problems:
        print(f"maillint: {problem}", file=sys.stderr)
        if debug and problem.details:
            print(problem.details, file=sys.stderr, end="")


def _summary(result: Result) -> str:
    """One line such as ``2 errors and 1 warning in 3 configurations``."""
    counts = [_counted(number, severity) for severity, number in result.counts.items() if number]
    if len(counts) > 1:
        counts[-2:] = [f"{counts[-2]} and {counts[-1]}"]
    text = f"{', '.join(counts) or 'nothing found'} in {_counted(result.configurations, 'configuration')}"
    if result.not_checked:
        text += f"; {_counted(len(result.not_checked), 'question')} not checked"
    return text


def _counted(number: int, noun: str) -> str:
    if noun == "info":
        return f"{number} info"
    return f"{number} {noun}{'' if number == 1 else 's'}"
