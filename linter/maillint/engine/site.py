"""What a site demands of its configurations, written in the settings instead of in Python.

Each table ``[[site]]`` is a rule like the others: it judges every service after its ``-o``, stands at the
value it is about, and can be selected, silenced and reported like any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from maillint.record import NamedTuple

from .finding import SEVERITIES, WARNING, Finding
from .places import absent_location
from .registry import Registry
from .rule import CONFIGURATION, VIEW, Rule

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location

    from .rule import CheckFunction

AREA = "site"
"""The area of all these rules."""


class Demand(NamedTuple):
    """One table; what it does not say is None or empty."""

    name: str
    """The id of the rule."""
    parameter: str
    set: bool
    """The parameter must be set, whatever its default."""
    one_of: tuple[str, ...]
    contain: tuple[str, ...]
    not_contain: tuple[str, ...]
    at_least: str | None
    at_most: str | None
    services: tuple[str, ...]
    """Only these, by ``name/type`` or by program; empty: every one that reads the parameter."""
    roles: tuple[str, ...]
    message: str
    severity: str
    link: str


WORD, WORDS, FLAG, AMOUNT = (
    "a string",
    "a list of strings",
    "true or false",
    "a number, or a string with a unit",
)
FIELDS = {
    "name": WORD,
    "parameter": WORD,
    "set": FLAG,
    "one-of": WORDS,
    "contain": WORDS,
    "not-contain": WORDS,
    "at-least": AMOUNT,
    "at-most": AMOUNT,
    "services": WORDS,
    "roles": WORDS,
    "message": WORD,
    "severity": WORD,
    "link": WORD,
}
"""The keys of a table, and what a value of each looks like."""

_DEMANDS = ("set", "one-of", "contain", "not-contain", "at-least", "at-most")
_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
"""Units of bytes, which Postfix itself does not have."""


def demand(table: Mapping[str, Any]) -> Demand:
    """What *table* says. Raises ValueError for what cannot be understood."""
    for key, value in table.items():
        _check(key, value)
    for key in ("name", "parameter"):
        if not table.get(key):
            raise ValueError(f"a table has no `{key}`")
    name = table["name"]
    if not all(part.isalnum() and part == part.lower() and part.isascii() for part in name.split("-")):
        raise ValueError(
            f"{name!r} is no name of a rule: write small letters and digits, with hyphens between"
        )
    if not any(table.get(key) not in (None, False, []) for key in _DEMANDS):
        raise ValueError(f"{name} demands nothing: say one of {', '.join(_DEMANDS)}")
    severity = table.get("severity", WARNING)
    if severity not in SEVERITIES:
        raise ValueError(f"{name}: severity must be one of {', '.join(SEVERITIES)}, not {severity!r}")

    def words(key: str) -> tuple[str, ...]:
        return tuple(table.get(key, ()))

    def amount(key: str) -> str | None:
        return str(table[key]) if key in table else None

    made = Demand(
        name=name,
        parameter=table["parameter"],
        set=table.get("set", False),
        one_of=words("one-of"),
        contain=words("contain"),
        not_contain=words("not-contain"),
        at_least=amount("at-least"),
        at_most=amount("at-most"),
        services=words("services"),
        roles=words("roles"),
        message=table.get("message", ""),
        severity=severity,
        link=table.get("link", ""),
    )
    _check_parameter(made)
    _check_roles(made)
    return made


def _check(key: str, value: Any) -> None:
    form = FIELDS.get(key)
    if form is None:
        from maillint.nearest import nearest

        near = nearest(key, FIELDS)
        raise ValueError(f"unknown key {key!r}" + (f"; did you mean {near}?" if near else ""))
    right = {
        WORD: isinstance(value, str),
        FLAG: isinstance(value, bool),
        WORDS: isinstance(value, list) and all(isinstance(word, str) for word in value),
        AMOUNT: isinstance(value, (int, str)) and not isinstance(value, bool),
    }
    if not right[form]:
        raise ValueError(f"{key} must be {form}, not {value!r}")


def _check_parameter(made: Demand) -> None:
    from maillint.nearest import nearest
    from maillint.postfix import catalogue
    from maillint.postfix.version import NEWEST

    parameter = catalogue.parameter(made.parameter)
    if parameter is None:
        near = nearest(made.parameter, catalogue.names(NEWEST))
        hint = f"; did you mean {near}?" if near else ""
        raise ValueError(f"{made.name}: Postfix has no parameter {made.parameter!r}{hint}")
    for key, amount in (("at-least", made.at_least), ("at-most", made.at_most)):
        if amount is not None and _amount(amount, parameter) is None:
            raise ValueError(f"{made.name}: {key}: {amount!r} is no amount that {made.parameter} could have")


def _check_roles(made: Demand) -> None:
    if made.roles:
        from maillint.postfix.role import why_unknown

        for role in made.roles:
            if why := why_unknown(role):
                raise ValueError(f"{made.name}: {why}")


def _amount(text: str, parameter: Parameter) -> int | None:
    """The number or the seconds that *text* means for *parameter*; None: it means none."""
    from maillint.postfix import typed
    from maillint.postfix.version import NEWEST

    type = parameter.type_in(NEWEST)
    if type == "time":
        return typed.seconds(text, parameter.unit) if text[:1].isdigit() else None
    if type not in typed.NUMBERS:
        return None
    size = _SIZES.get(text[-1:].lower(), 1)
    return int(digits) * size if (digits := text[:-1] if size > 1 else text).isdecimal() else None


class SiteRegistry(Registry):
    """The rules of a registry, and those that a site demands beside them."""

    __slots__ = ("_demands",)

    def __init__(self, registry: Registry, demands: Iterable[Demand]) -> None:
        """Raises RegistryError for a name that another rule has."""
        self._demands = {demand.name: demand for demand in demands}
        super().__init__((*registry.rules.values(), *map(_rule, demands)))

    def function(self, rule: Rule) -> CheckFunction:
        demand = self._demands.get(rule.id)
        return _check_function(demand) if demand is not None else super().function(rule)

    def page(self, rule: Rule) -> str:
        demand = self._demands.get(rule.id)
        if demand is None:
            return super().page(rule)
        return f"{rule.summary}\n\n## What happens\n{demand.message or rule.summary}\n" + (
            f"\n## References\n- {demand.link}\n" if demand.link else ""
        )


def _rule(demand: Demand) -> Rule:
    return Rule(
        id=demand.name,
        module="",
        area=AREA,
        severity=demand.severity,
        summary=f"This site demands of `{demand.parameter}`: {' and '.join(_words(demand))}.",
        parameters=(demand.parameter,),
        when_set=not (demand.set or demand.contain or demand.one_of or demand.at_least or demand.at_most),
        noted=(),
        each=CONFIGURATION if demand.services else VIEW,
        online=False,
        complete=False,
        security=False,
        roles=demand.roles,
    )


def _words(demand: Demand) -> Iterator[str]:
    """Each thing that *demand* asks for, in words."""
    if demand.set:
        yield "it is set"
    if demand.one_of:
        yield f"one of {_listed(demand.one_of)}"
    if demand.contain:
        yield f"it contains {_listed(demand.contain)}"
    if demand.not_contain:
        yield f"it does not contain {_listed(demand.not_contain)}"
    if demand.at_least is not None:
        yield f"at least {demand.at_least}"
    if demand.at_most is not None:
        yield f"at most {demand.at_most}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _check_function(demand: Demand) -> CheckFunction:
    def of_services(config: Configuration) -> Iterator[Finding]:
        for view in config.views:
            if view.service is not None and {view.id, view.daemon} & {*demand.services}:
                yield from _findings(demand, view, (view.id,))

    def of_view(view: View) -> Iterator[Finding]:
        yield from _findings(demand, view, ())

    return of_services if demand.services else of_view


def _findings(demand: Demand, view: View, services: tuple[str, ...]) -> Iterator[Finding]:
    for location, said, wanted in _faults(demand, view):
        message = f"`{demand.parameter}` is {said}, and this site demands {wanted}"
        yield Finding(
            location,
            f"{demand.message} ({message})" if demand.message else message,
            mend=_mend(demand, wanted),
            parameter=demand.parameter,
            services=services,
            link=demand.link,
        )


def _mend(demand: Demand, wanted: str) -> str:
    one = demand.one_of[0] if len(demand.one_of) == 1 else ""
    mend = (
        f"write `{demand.parameter} = {one}`" if one else f"let `{demand.parameter}` be as demanded: {wanted}"
    )
    return f"{mend}; see {demand.link}" if demand.link else mend


def _faults(demand: Demand, view: View) -> Iterator[tuple[Location, str, str]]:
    """Where *view* does not meet *demand*: the place, what is there, what is wanted. The unknown meets it."""
    config = view.configuration
    value = view.value(demand.parameter)
    if demand.set and not view.is_set(demand.parameter):
        if not config.fragment:
            yield absent_location(config), "not set", "that it is"
        return
    if value.text is None or (not view.is_set(demand.parameter) and config.fragment):
        return
    place = value.location() or absent_location(config)
    said = f"`{value.text}`" if value.text else "empty"
    if not view.is_set(demand.parameter):
        said += " by default"
    if demand.one_of and value.text.casefold() not in {word.casefold() for word in demand.one_of}:
        yield place, said, f"one of {_listed(demand.one_of)}"
    if demand.contain or demand.not_contain:
        items = view.items(demand.parameter)
        there = {item.text.casefold() for item in items}
        missing = [word for word in demand.contain if word.casefold() not in there]
        if missing and all(item.known for item in items):
            yield place, said, f"that it contains {_listed(missing)}"
        for word in demand.not_contain:
            for item in items:
                if item.known and item.text.casefold() == word.casefold():
                    yield item.location or place, said, f"that it does not contain `{word}`"
    yield from _amounts(demand, view, place, said)


def _amounts(demand: Demand, view: View, place: Location, said: str) -> Iterator[tuple[Location, str, str]]:
    from maillint.postfix.typed import value_of

    parameter = view.configuration.parameter(demand.parameter)
    actual = value_of(view, demand.parameter)
    if parameter is None or actual is None:
        return
    compare: tuple[tuple[str | None, str, Callable[[int, int], bool]], ...] = (
        (demand.at_least, "at least", int.__ge__),
        (demand.at_most, "at most", int.__le__),
    )
    for text, word, holds in compare:
        limit = None if text is None else _amount(text, parameter)
        if limit is not None and not holds(int(actual), limit):
            yield place, said, f"{word} {text}"
