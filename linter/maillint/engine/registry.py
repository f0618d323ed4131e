"""The rules there are, and their code when it is needed.

The built-in rules and a stranger's plug-in come through the same door: the name of a package whose
modules are rules. A package may carry a generated module ``_index`` (:mod:`maillint.engine.index`),
so that a rule's module is imported only when the rule runs; without one, all its modules are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from .rule import Rule

if TYPE_CHECKING:
    from .rule import CheckFunction

BUILT_IN = "maillint_rules"
"""The package of the built-in rules."""

INDEX = "_index"
"""The module of a package that lists its rules, if there is one, in ``RULES``."""


class RegistryError(Exception):
    """A package of rules that cannot be used, or a rule or area that does not exist."""


class Registry:
    """All rules of some packages, by id, in the order of their ids."""

    __slots__ = ("areas", "rules")

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raises RegistryError when two rules share an id."""
        self.rules: dict[str, Rule] = {}
        for rule in sorted(rules):
            other = self.rules.setdefault(rule.id, rule)
            if other is not rule:
                raise RegistryError(f"two rules have the id {rule.id}: {other.module} and {rule.module}")
        self.areas = frozenset(rule.area for rule in self.rules.values())

    @classmethod
    def load(cls, packages: Iterable[str] = (BUILT_IN,)) -> Registry:
        """The rules of *packages*. Raises RegistryError for one that cannot be imported or has no rules."""
        return cls(rule for package in packages for rule in package_rules(package))

    def matching(self, names: Iterable[str]) -> frozenset[str]:
        """The ids of the rules that *names*, of rules and areas, mean; RegistryError for an unknown one."""
        matched: set[str] = set()
        for name in names:
            if name in self.rules:
                matched.add(name)
            elif name in self.areas:
                matched.update(rule.id for rule in self.rules.values() if rule.area == name)
            else:
                raise RegistryError(f"there is no rule or area {name!r}{self.hint(name)}")
        return frozenset(matched)

    def function(self, rule: Rule) -> CheckFunction:
        """The code of *rule*; imports its module. Whatever that raises comes through."""
        return function(rule)

    def page(self, rule: Rule) -> str:
        """The page of *rule*, in Markdown: the docstring of its module."""
        self.function(rule)
        return sys.modules[rule.module].__doc__ or rule.summary

    def hint(self, name: str) -> str:
        """``; did you mean ...?`` for a name that is nearly that of a rule or an area, else nothing."""
        from maillint.nearest import nearest

        near = nearest(name, [*self.rules, *self.areas])
        return f"; did you mean {near}?" if near else ""


def function(rule: Rule) -> CheckFunction:
    """The code of *rule*; imports its module. Whatever that raises comes through."""
    found: CheckFunction = getattr(import_module(rule.module), rule.id.replace("-", "_"))
    return found


def package_rules(package: str) -> Iterator[Rule]:
    """The rules of *package*, from its index when it has one. Raises RegistryError as ``Registry.load``."""
    root = _import(package, package)
    index = f"{package}.{INDEX}"
    if hasattr(root, "__path__") and _has_module(root, INDEX):
        yield from _import(package, index).RULES
    else:
        yield from scan(package)


def scan(package: str) -> Iterator[Rule]:
    """The rules of *package* by importing all its modules, whether it has an index or not."""
    found = False
    for module in _modules(package):
        for thing in vars(module).values():
            declared = getattr(thing, "rule", None)
            if isinstance(declared, Rule) and declared.module == module.__name__:
                found = True
                yield declared
    if not found:
        raise RegistryError(f"the package {package} has no rules")


def _modules(package: str) -> Iterator[ModuleType]:
    root = _import(package, package)
    yield root
    if not hasattr(root, "__path__"):
        return
    from pkgutil import walk_packages

    def unimportable(name: str) -> None:
        raise _not_importable(package, name, sys.exc_info()[1])

    for _, name, _ in walk_packages(root.__path__, f"{package}.", unimportable):
        if not name.rpartition(".")[2].startswith("_"):
            yield _import(package, name)


def _has_module(package: ModuleType, name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(f"{package.__name__}.{name}") is not None


def _import(package: str, name: str) -> ModuleType:
    try:
        return import_module(name)
    except (Exception, SystemExit) as error:
        raise _not_importable(package, name, error) from error


def _not_importable(package: str, name: str, error: BaseException | None) -> RegistryError:
    if isinstance(error, ModuleNotFoundError) and error.name == package == name:
        return RegistryError(f"the package of rules {package!r} is not installed where maillint is")
    said = f"{type(error).__name__}: {error}"
    return RegistryError(f"{name}, of the package of rules {package!r}, cannot be imported: {said}")
