"""Runs the rules over one configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from maillint.postfix.catalogue import parameter
from maillint.postfix.configuration import Configuration, ConfigurationError
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Location, Span

from .discovery import MAIN_CF, MASTER_CF, Target
from .finding import Finding, NotChecked
from .result import Problem
from .rule import CONFIGURATION, IGNORES, Rule
from .settings import AUTO, COMMAND_LINE, NO_TEMPLATE

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.postfix.role import Told
    from maillint.syntax.source import Source
    from maillint.syntax.tree import MainCf, MasterCf

    from .fix import Change
    from .plan import Plan
    from .suppression import Ignore


class Outcome:
    """What came of one configuration."""

    __slots__ = (
        "changes", "configurations", "findings", "fixed", "ignores", "not_checked", "problems", "suppressed",
        "unsure",
    )  # fmt: skip

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.not_checked: list[NotChecked] = []
        self.problems: list[Problem] = []
        self.suppressed: list[Finding] = []
        """What comments silence."""
        self.unsure: list[Finding] = []
        """What the settings leave out because it is not sure enough, where a baseline has to know of it."""
        self.ignores: list[Ignore] = []
        """The comments."""
        self.configurations = 0
        """1 when there was a configuration to judge."""
        self.changes: list[Change] = []
        """What fixes made of the files, or would make."""
        self.fixed = 0
        """How many findings they mended."""


def check(target: Target, plan: Plan) -> Outcome:
    """Read *target* and judge it as *plan* says; what cannot be read is a problem in the outcome."""
    outcome = Outcome()
    try:
        main, master = (_source(target, path, outcome.problems) for path in (target.main, target.master))
        if not any(source is not None and target.is_named(source.path) for source in (main, master)):
            return outcome
        outcome.configurations = 1
        if target.fragment and (other := main or master) is not None and not _is_cf(other.path):
            from .embedded import is_embedded, judge_embedded

            if is_embedded(other.path, other.text):
                judge_embedded(target, plan, outcome, other)
                return outcome
        if any(source is not None and may_be_template(source, plan) for source in (main, master)):
            from .variants import judge_variants

            judge_variants(target, plan, outcome, main, master)
        else:
            judge(configuration_of(target, plan, main, master), plan, outcome, target.is_named)
    except Exception as error:
        outcome.problems.append(_bug(target.path, "maillint", "maillint", error))
    return outcome


def read(target: Target, plan: Plan, problems: list[Problem]) -> Configuration | None:
    """The configuration of *target*; None when nothing that was asked for can be read."""
    main, master = (_source(target, path, problems) for path in (target.main, target.master))
    if not any(source is not None and target.is_named(source.path) for source in (main, master)):
        return None
    if any(source is not None and may_be_template(source, plan) for source in (main, master)):
        from .variants import read_variant

        return read_variant(target, plan, main, master)
    return configuration_of(target, plan, main, master)


def _is_cf(path: str) -> bool:
    """Whether the name of a fragment says that it is one, and no file of another kind."""
    return path.endswith(".cf") and os.path.basename(path) != "postfix-master.cf"


def may_be_template(source: Source, plan: Plan) -> bool:
    """A cheap look at whether *source* could be one in a template language."""
    name = os.path.basename(source.path)
    wish = plan.settings.get("template")
    if wish != AUTO:
        return bool(wish != NO_TEMPLATE)
    text = source.text.replace(*_WRITTEN_OUT) if _WRITTEN_OUT[0] in source.text else source.text
    return name not in (MAIN_CF, MASTER_CF) or any(mark in text for mark in _TEMPLATE_MARKS)


_TEMPLATE_MARKS = ("{%", "{{", "<%")
"""Without one, a file with a plain name is no template."""
_WRITTEN_OUT = ":{{/", ":/"
"""How a table of patterns begins that is written out, which looks like a template, and what does not."""


def configuration_of(
    target: Target,
    plan: Plan,
    main_source: Source | None,
    master_source: Source | None,
    *,
    is_open: bool = False,
) -> Configuration:
    """The configuration that the two files are; *is_open*: there may be more in it than they say."""
    main = parse_main_cf(main_source) if main_source is not None else None
    master = parse_master_cf(master_source) if master_source is not None else None
    configuration = Configuration(
        main,
        master,
        directory=None if target.is_alone else target.directory,
        fragment=target.fragment or is_open,
        version=plan.settings.get("postfix-version"),
        hostname=plan.settings.get("hostname"),
    )
    configuration.dns = plan.dns
    configuration.policies = plan.policies
    configuration.told_roles = _told_roles(plan)
    configuration.public_addresses = plan.settings.get("public-ip") or ()
    if target.named is None and not target.fragment:
        configuration.beside = _files_beside(target.directory, main, master)
    return configuration


def _told_roles(plan: Plan) -> Told | None:
    """The roles that the settings say the host plays."""
    layer = plan.settings.layer("role")
    if layer is None:
        return None
    from maillint.postfix.role import Told

    return Told(layer.get("role"), layer.origin, is_final=layer.origin == COMMAND_LINE)


def _files_beside(directory: str, *trees: MainCf | MasterCf | None) -> frozenset[str]:
    """The names in *directory* that occur in the configuration, which may be tables."""
    texts = [tree.source.text for tree in trees if tree is not None]
    try:
        names = os.listdir(directory)
    except OSError:
        return frozenset()
    return frozenset(
        name for name in names if name not in (MAIN_CF, MASTER_CF) and any(name in text for text in texts)
    )


def _source(target: Target, path: str | None, problems: list[Problem]) -> Source | None:
    if path is None:
        return None
    try:
        return target.read(path)
    except ConfigurationError as error:
        problems.append(Problem(error.path, error.message))
        return None


def judge(
    configuration: Configuration, plan: Plan, outcome: Outcome, is_named: Callable[[str], bool]
) -> None:
    """Run the rules of *plan*; add to *outcome* what they say about files that *is_named*."""
    runner = _Runner(configuration, plan)
    rules = [rule for rule in plan.rules if runner.applies(rule)]
    findings: list[Finding] = []
    for online in (False, True):
        for rule in rules:
            if (
                rule.online == online
                and rule.each != IGNORES
                and runner.is_noted(rule)
                and runner.is_for_host(rule)
            ):
                findings += runner.run(rule, runner.subjects(rule))
    tables, around = configuration.tables, configuration.files_around
    if plan.ignores and (
        any(table.comments for table in tables)
        or any(_MARK in file.source.text for file in (*runner.files, *around))
    ):
        ignores, findings, outcome.suppressed = _heeding_ignores(findings, runner, rules)
        outcome.ignores = [ignore for ignore in ignores if is_named(ignore.location.source.path)]
    sources = [file.source for file in (*runner.files, *tables, *around)]
    order = {source.path: number for number, source in enumerate(sources)}

    def place(finding: Finding) -> tuple[int, Span, str]:
        path = finding.location.source.path
        return order.get(path, len(order)), finding.location.span, finding.rule

    findings = [finding for finding in findings if is_named(finding.location.source.path)]

    def asked_for(found: Iterable[Finding]) -> list[Finding]:
        return sorted(filter(plan.is_sure_enough, found), key=place)

    if plan.settings.get("baseline") is not None:
        outcome.unsure = [finding for finding in findings if not plan.is_sure_enough(finding)]
    outcome.findings = asked_for(findings)
    outcome.suppressed = asked_for(
        finding for finding in outcome.suppressed if is_named(finding.location.source.path)
    )
    outcome.not_checked += [
        note for note in runner.notes if note.location is not None and is_named(note.location.source.path)
    ]
    outcome.problems += runner.problems


_MARK = "maillint:"
"""Without it, a file has no ignore comment."""


def _heeding_ignores(
    findings: list[Finding], runner: _Runner, rules: Sequence[Rule]
) -> tuple[list[Ignore], list[Finding], list[Finding]]:
    """The comments; the *findings* that none silences, with those about them; and the silenced ones."""
    from .suppression import Ignores

    ran = (rule.id for rule in rules if rule.id not in runner.crashed)
    ignores = Ignores(
        (*runner.files, *runner.configuration.files_around),
        runner.plan.registry.rules,
        ran,
        runner.tables,
        require_reason=runner.plan.settings.get("require-reason"),
    )
    left, silenced = ignores.filter(findings)
    for rule in rules:
        if rule.each == IGNORES:
            more = ignores.filter(runner.run(rule, ((ignores, ()),)))
            left += more[0]
            silenced += more[1]
    return ignores.ignores, left, silenced


_LONG = 4000
"""From so many characters on, nobody reads a message, and some who show findings refuse it."""


def _shorten(finding: Finding) -> None:
    """Leave out the middle of what *finding* quotes; a value may have a million characters."""
    import re

    def quoted(found: re.Match[str]) -> str:
        return f"{found[1]} … {found[2]}"

    for name in ("message", "mend"):
        setattr(finding, name, re.sub(r"(`[^`]{150})[^`]{100,}([^`]{50}`)", quoted, getattr(finding, name)))


class _Runner:
    """Calls rules on one configuration, and lets none of them take the run down."""

    def __init__(self, configuration: Configuration, plan: Plan) -> None:
        self.configuration = configuration
        self.plan = plan
        self.notes: list[NotChecked] = []
        self.problems: list[Problem] = []
        self.crashed: set[str] = set()
        """The ids of the rules that raised."""
        self.files = [file for file in (configuration.main, configuration.master) if file is not None]
        self.tables = configuration.tables
        self._set = {setting.name for setting in configuration.main.settings} if configuration.main else set()
        if configuration.master is not None:
            self._set.update(
                option.name for service in configuration.master.services for option in service.options
            )
        self._may_lack_something = configuration.fragment or configuration.is_to_be_filled
        self._has_tables = bool(configuration.beside) or configuration.writes_out_tables
        self._groups: list[tuple[View, tuple[str, ...]]] | None = None
        self._notes: dict[str, frozenset[str]] = {}

    def applies(self, rule: Rule) -> bool:
        """Whether *rule* could have something to say, as far as its metadata tells."""
        return not (
            (rule.online and self.plan.dns is None)
            or (rule.complete and self._may_lack_something)
            or (rule.when_set and self._set.isdisjoint(rule.parameters))
            or (rule.tables and not self._has_tables)
        )

    def is_noted(self, rule: Rule) -> bool:
        """Whether *rule* has something to say, as far as the notes tell that its family takes.

        Where they cannot be taken, the rule fails for the same reason, and says so.
        """
        if not rule.noted:
            return True
        module, *words = rule.noted
        if module not in self._notes:
            try:
                self._notes[module] = import_module(module).noted(self.configuration)
            except Exception:
                return True
        return not self._notes[module].isdisjoint(words)

    def is_for_host(self, rule: Rule) -> bool:
        """Whether the host plays one of the roles that *rule* is for."""
        if not rule.roles:
            return True
        from maillint.postfix.role import has_role

        try:
            return has_role(self.configuration, *rule.roles) is True
        except Exception as error:
            self._failed(rule, "maillint", error)
            return False

    def subjects(self, rule: Rule) -> Sequence[tuple[object, tuple[str, ...]]]:
        """What to call *rule* with, and the ids of the services that each stands for."""
        if rule.each == CONFIGURATION:
            return ((self.configuration, ()),)
        readers = _readers(rule.parameters)
        views = [
            (view, services)
            for view, services in self._views()
            if not rule.parameters or "*" in readers or view.daemon in readers
        ]
        return views or ((self.configuration.main_view, ()),)

    def _views(self) -> list[tuple[View, tuple[str, ...]]]:
        """The views of the services. Services of one daemon without ``-o`` see the same and share one.

        Those with equal ``-o`` do not: a finding in a line of one says nothing about the line of the other.
        """
        if self._groups is None:
            groups: dict[object, tuple[View, list[str]]] = {}
            for view in self.configuration.views:
                if view.service is not None:
                    key = view.daemon if not view.service.options else view.service
                    groups.setdefault(key, (view, []))[1].append(view.id)
            self._groups = [(view, tuple(ids)) for view, ids in groups.values()]
        return self._groups

    def run(self, rule: Rule, subjects: Sequence[tuple[object, tuple[str, ...]]]) -> list[Finding]:
        """The findings of *rule*; the same one for several services is one that names them all."""
        merged: dict[object, Finding] = {}
        try:
            check = self.plan.registry.function(rule)
            for subject, services in subjects:
                for found in check(subject):
                    if isinstance(found, NotChecked):
                        self._note(rule, found)
                        continue
                    if len(found.message) > _LONG or len(found.mend) > _LONG:
                        _shorten(found)
                    key = found.location.source, found.location.span, found.message
                    known = merged.setdefault(key, found)
                    known.services = tuple(dict.fromkeys((*known.services, *(found.services or services))))
                    known.rule = rule.id
                    known.severity = self.plan.severity(rule, known)
        except (Exception, SystemExit) as error:
            self._failed(rule, rule.module.partition(".")[0], error)
        return list(merged.values())

    def _failed(self, rule: Rule, package: str, error: BaseException) -> None:
        self.crashed.add(rule.id)
        self.problems.append(_bug(self.files[0].source.path, f"the rule {rule.id}", package, error))

    def _note(self, rule: Rule, note: NotChecked) -> None:
        location = note.location or Location(self.files[0].source, Span(0, 0))
        note = note._replace(rule=note.rule or rule.id, location=location)
        if note not in self.notes:
            self.notes.append(note)


def _readers(parameters: tuple[str, ...]) -> frozenset[str]:
    """The programs that read one of *parameters*."""
    known = map(parameter, parameters)
    return frozenset().union(*(found.read_by for found in known if found is not None))


def _bug(path: str, culprit: str, package: str, error: BaseException) -> Problem:
    """That *culprit*, a part of *package*, raised *error* when it judged *path*."""
    from traceback import format_exception

    said = str(error).partition("\n")[0]
    return Problem(
        path,
        f"{culprit} failed ({type(error).__name__}: {said}), which is a bug in {package};"
        " please report it with what --debug prints",
        "".join(format_exception(error)),
    )
