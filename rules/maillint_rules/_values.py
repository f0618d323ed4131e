"""The values that rules about values judge: each in force, once, with who reads it and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.catalogue import Parameter
from maillint.postfix.configuration import Configuration, Item, Value, View
from maillint.record import NamedTuple

from ._told import is_placeholder, told

if TYPE_CHECKING:
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting


class Judged(NamedTuple):
    """A value that is set, in one view."""

    view: View
    """Of main.cf, for what stands there; of a service, for its ``-o`` and for what depends on them."""
    parameter: Parameter
    value: Value

    @property
    def setting(self) -> Setting:
        assert self.value.setting is not None
        return self.value.setting

    @property
    def text(self) -> str:
        """What Postfix sees; only where the value is known."""
        return self.value.text or ""

    def location(self, start: int = 0, end: int | None = None) -> Location:
        """Where ``text[start:end]`` comes from; the name of the setting where it has no value."""
        if not self.setting.value.text:
            return self.setting.name_location
        if not self.value.text:
            return self.setting.value.location()
        found = self.value.location(start, end)
        assert found is not None
        return found


def judged_values(config: Configuration) -> list[Judged]:
    """Every value in force of a parameter that this version has, where no rule about syntax speaks.

    What is not known wholly is among them: its ``value.text`` is None.
    """
    known: list[Judged] | None = config.memo.get("judged_values")
    if known is None:
        known = config.memo["judged_values"] = list(_judged_values(config))
    return known


def known_values(config: Configuration, *names: str) -> Iterator[Judged]:
    """Those of :func:`judged_values` that are known wholly and are no placeholders.

    *names*: of these parameters; none: of all.
    """
    known: list[Judged] | None = config.memo.get("known_values")
    if known is None:
        known = config.memo["known_values"] = [
            judged
            for judged in judged_values(config)
            if (text := judged.value.text) is not None and not is_placeholder(text)
        ]
    for judged in known:
        if not names or judged.parameter.name in names:
            yield judged


def origin(view: View, item: Item) -> Parameter | None:
    """The parameter whose value *item*, of the value of another, was taken from by a mere ``$name``.

    What is wrong with the item is wrong there: it is set, so it is judged for itself. None: there is none.
    """
    if item.location is None or not item.location.text.startswith("$"):
        return None
    name = item.location.text.strip("${}()")
    return view.configuration.parameter(name) if view.is_set(name) else None


def _judged_values(config: Configuration) -> Iterator[Judged]:
    depending = [name for name, setting in config.settings.items() if "$" in setting.value.text]
    for view in config.views:
        if view.service is None:
            names = list(config.settings)
        elif view.options:
            options = dict.fromkeys(option.name for option in view.options)
            names = [*options, *(name for name in depending if name not in options)]
        else:
            continue
        for name in names:
            value = view.value(name)
            if view.service is not None and all(setting.service is None for setting in value.chain):
                continue  # It is as in main.cf.
            parameter = config.parameter(name)
            if parameter is not None and _is_read(view, parameter) and not told(value):
                yield Judged(view, parameter, value)


def _is_read(view: View, parameter: Parameter) -> bool:
    """Whether a value under an old name reaches the new one, whose default refers to it."""
    if not parameter.legacy:
        return True
    new = parameter.replacement[0]
    return not view.is_set(new) and view.value(new).text != ""
