"""Which parameter names mean something, and what a misspelt one was to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from maillint.nearest import nearest
from maillint.postfix import catalogue
from maillint.postfix.version import NEWEST
from maillint.record import NamedTuple
from maillint.syntax.value import parse_value, problems

from ._settings import settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.names import Failed
    from maillint.syntax.tree import Setting


_WORDS_WITH_SUGGESTION = 100

UNKNOWN = "unknown"
"""Some setting has a name that means nothing."""
UNSUPPORTED = "unsupported"
"""Some parameter is none of this version."""
DEPRECATED = "deprecated"
"""Postfix is to lose some parameter."""
UNDEFINED = "undefined"
"""Some ``$name`` has no meaning."""
FAILED = "failed"
"""Some value cannot be expanded."""


class _AnyService(NamedTuple):
    """A service whose name is empty: its parameters are the bare suffixes."""

    command: str
    name: str = ""


@cache
def _service_suffixes() -> tuple[str, ...]:
    every = (_AnyService("pipe"), _AnyService("spawn"))
    return tuple(sorted({parameter.name for parameter in catalogue.service_parameters(every, NEWEST)}))


def service_named_by(name: str) -> str | None:
    """The service that ``<service>_destination_recipient_limit`` and its like are for; None: no such name."""
    for suffix in _service_suffixes():
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return None


def is_built_in(config: Configuration, name: str) -> bool:
    """Whether some Postfix version has the parameter, be it only because of a service in master.cf.

    Where master.cf is not known, each service may be there.
    """
    if catalogue.parameter(name) is not None:
        return True
    if config.master is None:
        return service_named_by(name) is not None
    return catalogue.service_parameter(name, config.services, NEWEST) is not None


def is_made_up(config: Configuration, setting: Setting) -> bool:
    """Whether something refers to the name of *setting*, so that it counts as a parameter there."""
    names = config.names
    if setting.name in names.main:
        return True
    return setting.service is not None and setting.name in names.services.get(setting.service.id, ())


def has_mistake(failed: Failed) -> bool:
    """Whether the value cannot be expanded because it, or one in it, is wrong as it is written."""
    settings = (failed.setting, *failed.expansion.settings)
    return any(next(problems(parse_value(setting.value.text)), None) for setting in settings)


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the names in the files: the words of this module."""
    words: set[str] = set()
    for setting in settings(config):
        parameter = catalogue.parameter(setting.name)
        if parameter is None:
            if not (is_made_up(config, setting) or is_built_in(config, setting.name)):
                words.add(UNKNOWN)
        elif not catalogue.accepted(setting.name, config.version):
            words.add(UNSUPPORTED)
        elif parameter.deprecated is not None:
            words.add(DEPRECATED)
    if config.names.undefined:
        words.add(UNDEFINED)
    if config.names.failed:
        words.add(FAILED)
    return frozenset(words)


def parameter_names(config: Configuration) -> frozenset[str]:
    """The names that this Postfix version knows, those that come from services included."""
    services = catalogue.service_parameters(config.services, config.version)
    return frozenset(catalogue.names(config.version)).union(parameter.name for parameter in services)


def speller(candidates: Callable[[], Iterable[str]]) -> Callable[[str], str | None]:
    """A :func:`nearest` for the words of one configuration; *candidates* is called when one is asked for.

    Behind the first hundred different words it finds nothing: who has that many has not misspelt them.
    """
    found = cache(lambda: tuple(candidates()))
    known: dict[str, str | None] = {}

    def meant(word: str) -> str | None:
        if word not in known:
            known[word] = nearest(word, found()) if len(known) < _WORDS_WITH_SUGGESTION else None
        return known[word]

    return meant


def one_slip_apart(left: str, right: str) -> bool:
    """Whether one character is added, lost or replaced, or two neighbours are swapped."""
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == 2 and left[::-1] == right)
