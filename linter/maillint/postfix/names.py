"""Which made-up parameter names are legal, and by what (postconf/postconf_user.c, postconf_dbms.c).

Anybody may invent a parameter: it counts as one as soon as something refers to it with ``$name``, lists
it as a restriction class, or is a database table of which it is a part (``ldap:people`` makes
``people_server_host`` legal). A name that nothing uses is most likely a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import open_group, split_list
from maillint.syntax.value import (
    Call,
    Comparison,
    Conditional,
    Expression,
    Part,
    Problem,
    Reference,
    parse_value,
)

from . import catalogue
from .configuration import View
from .expand import READ_ONLY, Expansion, Raw, expand
from .version import Version

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    from .configuration import Configuration

RESTRICTION_CLASSES = "smtpd_restriction_classes"

_DEEPEST_GROUP = 20
_FIRST_WITH_DEBUG = Version("3.11")


class Undefined(NamedTuple):
    """A ``$name`` that nothing defines."""

    name: str
    setting: Setting
    """Where it is used."""


class Failed(NamedTuple):
    """A value that Postfix cannot expand, so that the programs stop that read it."""

    setting: Setting
    view: View
    """Of main.cf, or of the service whose ``-o`` the setting is."""
    expansion: Expansion


class Names:
    """The made-up names of a configuration that something makes legal."""

    __slots__ = ("failed", "main", "services", "undefined")

    def __init__(
        self,
        main: set[str],
        services: dict[str, set[str]],
        undefined: list[Undefined],
        failed: list[Failed],
    ) -> None:
        self.main = frozenset(main)
        """Legal in main.cf and in every ``-o``."""
        self.services = {key: frozenset(names) for key, names in services.items()}
        """Legal as a ``-o`` of the service ``name/type`` too."""
        self.undefined = tuple(undefined)
        """What is referred to, but has neither a setting nor a default."""
        self.failed = tuple(failed)
        """The values of Postfix's own parameters that cannot be expanded."""


def legal_names(configuration: Configuration) -> Names:
    """Work out the made-up names of *configuration* that are legal."""
    return _Search(configuration).run()


class _Search:
    __slots__ = ("configuration", "failed", "main", "services", "undefined", "views")

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.views = views_by_service(configuration)
        self.main: set[str] = set()
        self.services: dict[str, set[str]] = {key: set() for key in self.views}
        self.undefined: list[Undefined] = []
        self.failed: list[Failed] = []

    def run(self) -> Names:
        settings = self.configuration.settings
        classes = self.classes(settings)
        for key, view in self.views.items():
            if RESTRICTION_CLASSES in view.overrides:
                self.allow(self.classes(view.overrides), view.overrides[RESTRICTION_CLASSES], key)
            self.services[key].update(name for name in classes if name in view.overrides)
            self.scan(view.overrides.values(), view, key)
        if RESTRICTION_CLASSES in settings:
            self.allow(classes, settings[RESTRICTION_CLASSES], None)
        self.scan(settings.values(), self.configuration.main_view, None)
        return Names(self.main, self.services, self.undefined, self.failed)

    def classes(self, settings: Mapping[str, Setting]) -> list[str]:
        text = restriction_classes(settings, self.configuration.has_functions).text
        return [item.text for item in split_list(text, False)]

    def scan(self, settings: Iterable[Setting], view: View, key: str | None) -> None:
        """Allow what the texts of these settings refer to; *key*: the service that they belong to."""
        for setting in settings:
            text = setting.value.text
            if "$" not in text and ":" not in text:
                continue
            parameter = self.configuration.parameter(setting.name)
            if parameter is not None and parameter.type == "raw":
                continue
            self.allow(references(text, self.configuration.has_functions), setting, key)
            if parameter is not None and not parameter.legacy and ("$" in text or ":" in text):
                expansion = view.expand(text)
                if expansion.problem:
                    self.failed.append(Failed(setting, view, expansion))
                self.allow(self.table_parameters(expansion.text), setting, key, must_exist=False)

    def allow(self, names: Iterable[str], setting: Setting, key: str | None, must_exist: bool = True) -> None:
        """Make *names* legal where they are set: in the same service or main.cf; from main.cf anywhere."""
        for name in names:
            if self.configuration.parameter(name) is not None:
                continue
            found = False
            if key is not None and name in self.views[key].overrides:
                self.services[key].add(name)
                found = True
            elif name in self.configuration.settings:
                self.main.add(name)
                found = True
            if key is None:
                for service, view in self.views.items():
                    if name in view.overrides:
                        self.services[service].add(name)
                        found = True
            if must_exist and not found:
                self.undefined.append(Undefined(name, setting))

    def table_parameters(self, text: str) -> Iterator[str]:
        version = self.configuration.version
        for table_type, name in tables(text, version):
            if not name.startswith("/"):
                for suffix in catalogue.database_suffixes(table_type, version):
                    yield f"{name}_{suffix}"


def views_by_service(configuration: Configuration) -> dict[str, View]:
    """The views of the services that have a ``-o``, by ``name/type``, as postconf(1) sees them.

    Of entries that repeat, it takes the ``-o`` of all together; master(8) runs the last entry alone.
    """
    options: dict[str, dict[str, Setting]] = {}
    for service in configuration.services:
        for option in service.options:
            if option.name not in READ_ONLY:
                options.setdefault(service.id, {})[option.name] = option
    return {
        service.id: View(configuration, service, options[service.id])
        for service in configuration.services
        if service.id in options
    }


def restriction_classes(settings: Mapping[str, Setting], functions: bool) -> Expansion:
    """The value of smtpd_restriction_classes, as postconf(1) expands it: with these settings alone."""
    setting = settings.get(RESTRICTION_CLASSES)
    return expand(
        setting.value.text if setting is not None else "",
        lambda name: Raw(settings[name].value.text) if name in settings else None,
        functions,
    )


def references(text: str, functions: bool = False) -> list[str]:
    """Every name that *text* refers to, in branches that are not taken too, as postconf(1) finds them.

    It gives up at the first syntax problem. *functions*: whether this Postfix has ``${function{text}}``.
    """
    names: list[str] = []
    if "$" in text:
        _collect(parse_value(text), names, functions)
    return names


def _collect(expression: Expression, names: list[str], functions: bool) -> bool:
    """Add the names in *expression*; False: there was a problem (MAC_EXP_FLAG_SCAN in util/mac_expand.c)."""
    return all(_collect_part(part, names, functions) for part in expression.parts)


def _collect_part(part: Part, names: list[str], functions: bool) -> bool:
    if isinstance(part, Reference):
        names.append(part.name)
    elif isinstance(part, Conditional):
        branches = [branch for branch in (part.then, part.otherwise) if branch is not None]
        return _collect_part(part.test, names, functions) and all(
            _collect(branch, names, functions) for branch in branches
        )
    elif isinstance(part, Comparison):
        # A problem on one side does not keep it from reading the other.
        sides = [_collect(side, names, functions) for side in (part.left, part.right)]
        return all(sides)
    elif isinstance(part, Call):
        return functions and _collect(part.argument, names, functions)
    return not isinstance(part, Problem)


def tables(text: str, version: Version) -> Iterator[tuple[str, str]]:
    """What may be a table ``type:name`` in a list, ``{ }`` groups opened.

    ``proxy:`` in front is taken away, as is ``debug:`` where postconf(1) of this version does so: they hand
    each look-up on to the table behind them.

    Groups in groups are opened up to a depth that no real list has: each level costs a pass.
    """
    adapters = r"^((proxy|debug):)+" if version.has(_FIRST_WITH_DEBUG) else r"^(proxy:)+"
    todo = [(text, 0)]
    while todo:
        text, depth = todo.pop()
        for item in split_list(text, True):
            kind, _, name = re.sub(adapters, "", item.text).partition(":")
            group = item.text if item.text.startswith("{") else name if name.startswith("{") else ""
            if group:
                if depth < _DEEPEST_GROUP:
                    todo.append((open_group(group).payload, depth + 1))
            elif name and not name.startswith("."):
                yield kind, name
