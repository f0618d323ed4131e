"""Tests rules by the examples in their docstrings; for the built-in rules and for plug-ins.

With pytest, this is the whole test module of a package of rules::

    import pytest
    from maillint.testing import Case, cases

    @pytest.mark.parametrize("case", cases("our_mail_rules"), ids=str)
    def test_documentation(case: Case) -> None:
        case.check()

A fence below ``## Bad`` or ``## Good`` is a file. Its info string begins with the file's name
(``main.cf``, ``master.cf``, or a table beside them); further words are the findings that must come, as
``rule@line``, in this file and of any rule; ``fragment``: it is a part of a main.cf;
``require-reason``: the settings demand a reason in every ignore comment;
``postfix=3.4``: the Postfix version; ``hostname=mx.example.com``: what the host says its name is;
``public-ip=192.0.2.1,2001:db8::1``: the addresses that the Internet sees it send from;
``escaped``: ``\\0`` in the text stands for a NUL byte, and ``\\u00a0`` for the character of that number,
where no page could show it.
A fence ``dns.zone`` is what the DNS says, as a zone file; with it the online rules run too. What it leaves
out is right (:mod:`maillint.right_zone`), but for names that stand in its comments. The directory of main.cf
is one like ``/etc/postfix``, so that other programs' files are named as ``../dovecot/dovecot.conf``.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory

from maillint.engine.discovery import MAIN_CF, MASTER_CF, Target
from maillint.engine.docs import SECTIONS, WITNESS, Documentation, Fence, parse
from maillint.engine.finding import Finding
from maillint.engine.fix import fixed
from maillint.engine.plan import Plan
from maillint.engine.registry import BUILT_IN, Registry, scan
from maillint.engine.rule import Rule
from maillint.engine.run import check
from maillint.engine.settings import Layer, Settings
from maillint.record import NamedTuple
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.tree import Trivia

BAD = "Bad"
GOOD = "Good"

ZONE = "dns.zone"
"""The fence that stands for the DNS."""

_ABOVE = "../"
"""How the names begin of files of other programs."""
_WITH_SEMICOLONS = (".ini", "/www.conf")
"""How the names end of files whose comments begin with a semicolon."""
_ADDRESSES = "public-ip"
_PREFIX = "maillint-example-"
_PLACE = re.compile(rf".*{_PREFIX}[^/]*/etc/(postfix/)?(.*)")
"""How a path begins in the directory that stands for /etc."""
_EXPECTED = re.compile(r"([a-z0-9-]+)@([0-9]+)")
_SETTING = re.compile(r"(postfix|hostname|public-ip)=(.+)")
_KEYS = {"postfix": "postfix-version"}
"""The keys of the settings that have another name here."""

Expected = Counter[tuple[str, str, int]]
"""How often each (file, rule, line) is found."""


class Example:
    """The files of one example, and what must be found in them."""

    def __init__(self, fences: Iterable[Fence], *rules: str) -> None:
        """*rules*: those that must have an answer to all their questions, and run even if off by default.

        Raises AssertionError for a fence whose info string cannot be understood.
        """
        self.rules = rules
        self.files: dict[str, str] = {}
        self.expected: Expected = Counter()
        self.fragment = False
        self.settings: dict[str, str | list[str] | bool] = {}
        for fence in fences:
            assert fence.info, "a fence needs an info string: the file's name, then rule@line ..."
            name, *words = fence.info
            self.files[name] = fence.text
            for word in words:
                self._take(name, word)
        assert self.files.keys() & {MAIN_CF, MASTER_CF}, "an example needs a main.cf or a master.cf"

    def _take(self, name: str, word: str) -> None:
        if expected := _EXPECTED.fullmatch(word):
            self.expected[name, expected[1], int(expected[2])] += 1
        elif setting := _SETTING.fullmatch(word):
            key, value = setting[1], setting[2]
            self.settings[_KEYS.get(key, key)] = value.split(",") if key == _ADDRESSES else value
        elif word == "fragment":
            self.fragment = True
        elif word == "require-reason":
            self.settings[word] = True
        elif word == "escaped":
            text = self.files[name].replace(r"\0", "\0")
            self.files[name] = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
        else:
            raise AssertionError(f"{word!r} in the info string of a fence means nothing")

    def findings(self, registry: Registry, files: dict[str, str] | None = None) -> list[Finding]:
        """What all rules of *registry* find in *files* (default: the example's own)."""
        layer = Layer({"extend-select": self.rules, **self.settings}, "the example")
        plan = Plan(Settings(layer), registry)
        plan.dns = self._dns()
        with _directory(files or self.files) as directory:
            outcome = check(self._target(directory), plan)
        notes = [note for note in outcome.not_checked if note.rule in self.rules]
        assert not notes, f"not checked: {notes}"
        assert not outcome.problems, "\n".join(f"{found}\n{found.details}" for found in outcome.problems)
        return outcome.findings

    def _dns(self) -> object | None:
        zone = self.files.get(ZONE)
        if zone is None:
            return None
        from maillint.dns.zone import Zone
        from maillint.right_zone import completed

        hostname, given = self.settings.get("hostname"), self.settings.get(_ADDRESSES)
        return Zone(
            completed(
                zone,
                self.files.get(MAIN_CF, ""),
                hostname if isinstance(hostname, str) else "",
                tuple(given) if isinstance(given, list) else (),
            )
        )

    def _target(self, directory: str) -> Target:
        main, master = (
            os.path.join(directory, name) if name in self.files else None for name in (MAIN_CF, MASTER_CF)
        )
        return Target(directory, main, master, fragment=self.fragment)


@contextmanager
def _directory(files: dict[str, str]) -> Iterator[str]:
    with TemporaryDirectory(prefix=_PREFIX) as above:
        directory = os.path.join(above, "etc", "postfix")
        os.makedirs(directory)
        for name, text in files.items():
            path = os.path.normpath(os.path.join(directory, name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(Source(name, text).to_bytes())
        yield directory


class Case(NamedTuple):
    """One thing to test about one rule: its documentation as a whole, or one example."""

    rule: Rule
    registry: Registry
    section: str = ""
    number: int = 0
    fences: tuple[Fence, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule.id}-{self.section.lower()}-{self.number}" if self.section else self.rule.id

    def check(self) -> None:
        """Raises AssertionError, saying what is wrong."""
        if not self.section:
            _check_documentation(self.rule)
            return
        example = Example(self.fences, self.rule.id)
        _check_findings(example, self.registry, bad=self.section == BAD, rule=self.rule)
        _check_ignoring(example, self.registry)
        _check_fixing(example, self.registry)


def cases(package: str = BUILT_IN) -> list[Case]:
    """All that is to test about the rules of *package*; its examples are judged by the built-in rules too."""
    packages = dict.fromkeys((BUILT_IN, package))
    registry = Registry(rule for name in packages for rule in scan(name))
    found: list[Case] = []
    for rule in registry.rules.values():
        if not rule.module.startswith(package):
            continue
        found.append(Case(rule, registry))
        for section in documentation(rule).sections:
            if section.title in (BAD, GOOD):
                for number, fences in enumerate(section.examples, 1):
                    found.append(Case(rule, registry, section.title, number, fences))
    return found


def fixable(package: str = BUILT_IN) -> frozenset[str]:
    """The ids of the rules of *package* whose findings in their own bad examples have fixes."""
    return frozenset(
        case.rule.id
        for case in cases(package)
        if case.section == BAD
        for finding in Example(case.fences, case.rule.id).findings(case.registry)
        if finding.rule == case.rule.id and finding.fix is not None
    )


def documentation(rule: Rule) -> Documentation:
    """The docstring of the module of *rule*, taken apart."""
    return parse(import_module(rule.module).__doc__ or "")


def _check_documentation(rule: Rule) -> None:
    doc = documentation(rule)
    assert doc.summary.endswith("."), "the docstring begins with a sentence on one line"
    assert doc.summary == rule.summary
    titles = [section.title for section in doc.sections]
    needed = [title for title in SECTIONS if title != WITNESS or title in titles]
    assert titles == needed, f"the sections are {', '.join(needed)}, not {', '.join(titles)}"
    for section in doc.sections:
        assert section.text, f"the section {section.title} is empty"
        if section.title in (BAD, GOOD):
            assert section.examples, f"the section {section.title} has no example"
    assert rule.module.rpartition(".")[2] == rule.id.replace("-", "_"), "a module has the name of its rule"


def _check_findings(example: Example, registry: Registry, *, bad: bool, rule: Rule) -> None:
    if bad:
        assert rule.id in {found for _, found, _ in example.expected}, f"expects no {rule.id}@LINE"
    else:
        assert not example.expected, "a good example has no findings"
    findings = example.findings(registry)
    found = Counter(_place(finding) for finding in findings)
    messages = "".join(f"\n  {finding!r}" for finding in findings)
    assert found == example.expected, f"expected {_written(example.expected)}; found:{messages or ' nothing'}"


def _check_ignoring(example: Example, registry: Registry) -> None:
    """Each finding is silenced by a comment above it that names its rule, and by nothing else."""
    findings = example.findings(registry)
    files = dict(example.files)
    for name, marks in _comments(findings).items():
        lines = files[name].split("\n")
        for line in sorted(marks, reverse=True):
            mark = ";" if name.endswith(_WITH_SEMICOLONS) else "#"
            lines.insert(line - 1, f"{mark} maillint: ignore[{', '.join(sorted(marks[line]))}] because")
        files[name] = "\n".join(lines)
    left = example.findings(registry, files)
    assert not left, f"these were not silenced by a comment above: {left}"


def _comments(findings: Iterable[Finding]) -> dict[str, dict[int, set[str]]]:
    """For each file and line (from 1) above which a comment goes: the rules that it names."""
    comments: dict[str, dict[int, set[str]]] = {}
    for finding in findings:
        name = _name(finding.location.source.path)
        comments.setdefault(name, {}).setdefault(_first_line(finding), set()).add(finding.rule)
    return comments


def _first_line(finding: Finding) -> int:
    """The first line of the logical line that *finding* stands in; in trivia, its own line."""
    source, (offset, _) = finding.location
    if _name(source.path).startswith(_ABOVE):
        return finding.location.start.line
    tree = (parse_master_cf if os.path.basename(source.path) == MASTER_CF else parse_main_cf)(source)
    for node in tree.nodes:
        if node.span.start <= offset < node.span.end and not isinstance(node, Trivia):
            return source.position(node.span.start).line
    return finding.location.start.line


def _check_fixing(example: Example, registry: Registry) -> None:
    """What has a fix is gone after it, nothing new has come, and nothing is left to fix."""
    findings = example.findings(registry)
    changed = fixed(findings, lambda path: Source(path, example.files[_name(path)]))
    if not changed:
        return
    files = example.files | {_name(source.path): text for source, text in changed.items()}
    left = example.findings(registry, files)
    unfixable = Counter(finding.rule for finding in findings if finding.fix is None)
    assert Counter(finding.rule for finding in left) <= unfixable, f"after fixing there is {left} in {files}"
    assert not any(finding.fix for finding in left), f"fixing twice is not the same as fixing once: {left}"


def _place(finding: Finding) -> tuple[str, str, int]:
    return _name(finding.location.source.path), finding.rule, finding.location.start.line


def _name(path: str) -> str:
    """What the file at *path*, in the directory of an example, is called there."""
    found = _PLACE.match(path)
    if found is None:
        return os.path.basename(path)
    return found[2] if found[1] else _ABOVE + found[2]


def _written(expected: Expected) -> str:
    places = sorted(expected.elements())
    return ", ".join(f"{rule}@{line} in {name}" for name, rule, line in places) or "nothing"
