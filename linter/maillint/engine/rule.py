"""The interface between the engine and a rule: a decorated generator function.

A rule is one module with one decorated function of the same name. Its docstring is its
documentation and its test (see CONTRIBUTING.md); the decorator's arguments are its metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from maillint.record import NamedTuple

from .finding import SEVERITIES

if TYPE_CHECKING:
    from .finding import Finding, NotChecked

    CheckFunction = Callable[[Any], Iterator[Finding | NotChecked]]

CONFIGURATION = "configuration"
"""The rule is called once with the whole :class:`Configuration`."""
VIEW = "view"
"""The rule is called with every distinct :class:`View`: what one daemon sees after its ``-o``."""
IGNORES = "ignores"
"""The rule is called after all others with the :class:`Ignores`: the comments that silence findings."""


class Rule(NamedTuple):
    """The metadata of a rule: all that the engine knows before it imports the module."""

    id: str
    """Kebab case of the function's name; reads as a sentence after "allow"."""
    module: str
    area: str
    severity: str
    """The severity of a finding that does not set its own."""
    summary: str
    """The first line of the module's docstring."""
    parameters: tuple[str, ...]
    """The parameters that the rule is about."""
    when_set: bool
    """True: only worth running when one of *parameters* is set in main.cf or by a ``-o``."""
    noted: tuple[str, ...]
    """A module and some words: worth running only when ``noted(configuration)`` of the module has one.

    So rules share one pass over the configuration, and are not even imported where it found nothing.
    """
    each: str
    """CONFIGURATION, VIEW or IGNORES: what the function is called with."""
    online: bool
    """True: asks the DNS; runs only with ``--online`` and gets a resolver from ``configuration.dns``."""
    complete: bool
    """True: says that something is missing, so it needs the whole file, and none that a script adds to."""
    security: bool
    """True: about who may use the host, read the mail or learn a secret."""
    tables: bool = False
    """True: about what lookup tables hold; it runs only where one that is named lies beside main.cf, or is
    written out in a setting.
    """
    roles: tuple[str, ...] = ()
    """Only for hosts that surely play one of these (:mod:`maillint.postfix.role`); empty: for all."""
    default: bool = True
    """False: runs only when it is selected by its name, or its area by ``extend-select``."""
    fixable: bool = False
    """True: what it finds in its own bad examples has a fix. Only the index of a package tells."""


def rule(
    *,
    severity: str,
    area: str,
    parameters: tuple[str, ...] = (),
    when_set: bool = False,
    noted: tuple[str, ...] = (),
    each: str = CONFIGURATION,
    online: bool = False,
    complete: bool = False,
    security: bool = False,
    tables: bool = False,
    roles: tuple[str, ...] = (),
    default: bool = True,
) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a function as a rule; for the arguments see :class:`Rule`.

    The function itself is returned unchanged, with the metadata in its attribute ``rule``.
    Raises ValueError for a severity, or a value of *each*, that does not exist, and TypeError for
    *parameters* or *roles* that are one string.
    """
    for name, value in (("parameters", parameters), ("roles", roles)):
        if isinstance(value, str):
            raise TypeError(f"{name} must be a tuple, not {value!r}")
    _one_of("severity", severity, SEVERITIES)
    _one_of("each", each, (CONFIGURATION, VIEW, IGNORES))

    def declare(function: CheckFunction) -> CheckFunction:
        import sys

        module = sys.modules[function.__module__]
        doc = (module.__doc__ or "").strip()
        function.rule = Rule(  # type: ignore[attr-defined]
            id=function.__name__.replace("_", "-"),
            module=function.__module__,
            area=area,
            severity=severity,
            summary=doc.partition("\n")[0],
            parameters=parameters,
            when_set=when_set,
            noted=noted,
            each=each,
            online=online,
            complete=complete,
            security=security,
            tables=tables,
            roles=roles,
            default=default,
        )
        return function

    return declare


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
