"""JUnit XML, which GitLab, Jenkins, Azure and CircleCI show as the results of tests.

A suite for each file; each finding is a test that failed. What maillint could not do is an error of the run,
and a run without findings has one test that passed: an empty report counts as "no tests found".
"""

from typing import TextIO

from maillint.engine.finding import WARNING, Finding
from maillint.engine.result import Result

from ._machine import clean, relative, sentence
from ._xml import attributes, content


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*."""
    suites: dict[str, list[str]] = {}
    for finding in result.findings:
        suites.setdefault(relative(finding.location.source.path), []).append(_failure(finding))
    for problem in result.errors:
        suites.setdefault(relative(problem.path) if problem.path else "maillint", []).append(
            _case("maillint", f"<error{attributes(message=clean(problem.message))}/>")
        )
    failures, errors = len(result.findings), len(result.errors)
    if not suites:
        suites["maillint"] = [f"    <testcase{attributes(name='no findings', classname='maillint')}/>\n"]
    counts = attributes(name="maillint", tests=max(1, failures + errors), failures=failures, errors=errors)
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{counts} time="0">\n')
    for path, cases in suites.items():
        failed = sum("<failure" in case for case in cases)
        broken = sum("<error" in case for case in cases)
        head = attributes(name=path, tests=len(cases), failures=failed, errors=broken, skipped=0, time=0)
        stream.write(f"  <testsuite{head}>\n{''.join(cases)}  </testsuite>\n")
    stream.write("</testsuites>\n")


def _failure(finding: Finding) -> str:
    path = relative(finding.location.source.path)
    line, column = finding.location.start
    head = attributes(message=clean(finding.message), type=finding.severity or WARNING)
    text = content(f"{path}:{line}:{column}: {sentence(finding)}")
    return _case(finding.rule, f"<failure{head}>{text}</failure>", classname=path, file=path, line=line)


def _case(name: str, inside: str, **more: object) -> str:
    head = attributes(name=name, **{"classname": "maillint", **more})
    return f"    <testcase{head}>{inside}</testcase>\n"
