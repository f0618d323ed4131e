"""Whole pages, in Markdown, about one rule, parameter, restriction, program, service or type of table.

For ``maillint explain``, and without a configuration for the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix import catalogue, vocabulary
from maillint.postfix.version import NEWEST
from maillint.report.quote import printable

from . import place as place_of
from .reference import (
    code,
    effective,
    kind,
    manual,
    parameter_facts,
    parameter_history,
    program_facts,
    program_manual,
    restriction_facts,
    rules_about,
    table_facts,
    too_early,
)

if TYPE_CHECKING:
    from maillint.engine.registry import Registry
    from maillint.engine.rule import Rule
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.version import Version
    from maillint.postfix.vocabulary import Program, Restriction, TableType
    from maillint.syntax.tree import Service, Setting

_DELAY = "smtpd_delay_reject = no"
_SHOWN = 12
"""How many of the parameters that a program reads are named."""


class Explainer:
    """What there is to say, with a configuration or without one."""

    def __init__(
        self, registry: Registry, config: Configuration | None = None, version: Version | None = None
    ) -> None:
        """*version*: whose facts count; None: that of *config*, or the newest."""
        self.registry = registry
        self.config = config
        self.version = version or (config.version if config is not None else NEWEST)

    def pages(self, name: str) -> list[str]:
        """The pages of all things that are called *name*; empty: nothing is."""
        return [page for find in (self._rule, self._parameter, self._restriction, self._program,
                                  self._services, self._table) for page in find(name)]  # fmt: skip

    def names(self) -> Iterator[str]:
        """The names of all things that have a page."""
        yield from self.registry.rules
        yield from catalogue.names(self.version)
        yield from vocabulary.restriction_names()
        yield from vocabulary.programs()
        yield from (service.id for service in self._entries())
        yield from vocabulary.table_types()

    # --- finding what a name means -----------------------------------------------------------------------

    def _rule(self, name: str) -> Iterator[str]:
        rule = self.registry.rules.get(name)
        if rule is not None:
            yield rule_page(rule, self.registry)

    def _parameter(self, name: str) -> Iterator[str]:
        config = self.config
        known = (config.parameter(name) if config is not None else None) or catalogue.parameter(name)
        if known is not None:
            yield self.parameter(known)
        elif config is not None and any(view.is_set(name) for view in config.views):
            text = f"Postfix {self.version} has no such parameter; a name that the configuration makes up."
            yield _page(name, text, *self._here(name))

    def _restriction(self, name: str) -> Iterator[str]:
        fact = vocabulary.restriction(name)
        if fact is not None:
            yield self.restriction(fact)

    def _program(self, name: str) -> Iterator[str]:
        known = vocabulary.programs().get(name)
        if known is not None:
            yield self.program(known)

    def _services(self, name: str) -> Iterator[str]:
        for service in self._entries():
            if name in (service.name, service.id):
                yield self.service(service)

    def _table(self, name: str) -> Iterator[str]:
        known = vocabulary.table_types().get(name.removesuffix(":"))
        if known is not None:
            yield self.table(known)

    # --- the pages ---------------------------------------------------------------------------------------

    def parameter(self, known: Parameter) -> str:
        """The page of a parameter."""
        default, *facts = parameter_facts(known, self.version)
        facts = [default, *parameter_history(known), *facts]
        rules = rules_about(known.name, self.registry.rules.values())
        return _page(
            known.name,
            f"Parameter of Postfix, {kind(known, self.version)}.",
            *self._here(known.name),
            _list(facts),
            *(["## Rules about it", _list(_summary(rule) for rule in rules)] if rules else ()),
            manual(known.name),
        )

    def restriction(self, fact: Restriction) -> str:
        """The page of a word of smtpd's access lists."""
        facts = list(restriction_facts(fact))
        early = too_early(fact)
        if early:
            facts.append(f"so with `{_DELAY}` it is skipped in {', '.join(map(code, early))}")
        return _page(
            fact.name,
            "Restriction of smtpd, for the lists `smtpd_..._restrictions`.",
            *self._uses(fact),
            _list(facts),
            manual(fact.name),
        )

    def program(self, known: Program) -> str:
        """The page of a program that master.cf names."""
        reads = [name for name in catalogue.names(self.version) if _reads(known.name, name)]
        facts = list(program_facts(known))
        if reads:
            more = f" and {len(reads) - _SHOWN} more" if len(reads) > _SHOWN else ""
            facts.append(f"parameters of its own: {', '.join(map(code, reads[:_SHOWN]))}{more}")
        entries = [service for service in self._entries() if service.command == known.name]
        return _page(
            known.name,
            "Program of Postfix, the last field of an entry in `master.cf`.",
            *(["Here it runs as:", _list(map(_entry, entries))] if entries else ()),
            _list(facts),
            program_manual(known.name),
        )

    def service(self, service: Service) -> str:
        """The page of an entry of the master.cf at hand."""
        known = vocabulary.programs().get(service.command)
        fields = " ".join(code(field.text) for field in service.fields)
        options = [f"{code(f'{o.name} = {o.value.text}')}, {_place(o)}" for o in service.options]
        arguments = " ".join(argument.text for argument in service.arguments)
        return _page(
            service.id,
            f"Service of this `master.cf`, {_place(service)}: {fields}",
            *([f"{known.name}(8) {known.task}."] if known is not None else ()),
            *(["Its own settings:", _list(options)] if options else ()),
            *([f"Arguments: {code(arguments)}"] if arguments and not options else ()),
        )

    def table(self, known: TableType) -> str:
        """The page of a type of lookup table."""
        used: dict[str, str] = {}
        for name, setting in self.config.settings.items() if self.config is not None else ():
            if f"{known.type}:" in setting.value.text:
                used[name] = f"{code(name)}, {_place(setting)}"
        return _page(
            known.type,
            "Type of lookup table, as it stands before the colon in `TYPE:NAME`.",
            *(["Here it stands in:", _list(used.values())] if used else ()),
            _list(table_facts(known)),
            "[DATABASE_README](https://www.postfix.org/DATABASE_README.html#types)",
        )

    # --- what the configuration says ---------------------------------------------------------------------

    def _here(self, name: str) -> Iterator[str]:
        if self.config is not None:
            yield from effective(self.config, self.config.main_view, name, _place)

    def _uses(self, fact: Restriction) -> Iterator[str]:
        from maillint.postfix.restrictions import access_lists

        found: dict[str, None] = {}
        for view in self.config.views if self.config is not None else ():
            if view.daemon in ("smtpd", None):
                for access in access_lists(view).lists.values():
                    for reached in access_lists(view).walk(access):
                        word = reached.restriction
                        if word.fact is not None and word.fact.name == fact.name:
                            at = word.word.location
                            where = place_of(at) if at is not None else "by default"
                            found[f"{code(reached.list.name)}, {where}"] = None
        if found:
            yield "Here it stands in:"
            yield _list(found)

    def _entries(self) -> tuple[Service, ...]:
        master = self.config.master if self.config is not None else None
        return master.services if master is not None else ()


def rule_page(rule: Rule, registry: Registry) -> str:
    """The page of *rule*: its name, what it is, and its documentation."""
    facts = [rule.severity, f"area {rule.area}"]
    if not rule.default:
        facts.append("off by default")
    if rule.online:
        facts.append("needs --online")
    if rule.parameters:
        facts.append(f"about {', '.join(rule.parameters)}")
    return f"# {rule.id}\n\n{', '.join(facts)}\n\n{registry.page(rule).strip()}"


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {printable(title)}", *parts))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _summary(rule: Rule) -> str:
    return f"`{rule.id}` ({rule.severity}): {rule.summary}"


def _entry(service: Service) -> str:
    return f"{code(service.id)}, {_place(service)}"


def _place(node: Setting | Service) -> str:
    """``main.cf:12``."""
    return place_of(node.fields[0].location() if hasattr(node, "fields") else node.name_location)


def _reads(program: str, name: str) -> bool:
    """Whether *program* reads the parameter *name*, which not every one does."""
    known = catalogue.parameter(name)
    return known is not None and program in known.read_by
