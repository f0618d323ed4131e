"""What is known about parameters, restrictions, programs and types of tables, in Markdown.

For ``maillint explain``, for editors and for the site alike. A page is a head and facts; a fact is one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix import vocabulary
from maillint.postfix.catalogue import system_default
from maillint.report.quote import printable, without_passwords

if TYPE_CHECKING:
    from maillint.engine.rule import Rule
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration, Value, View
    from maillint.postfix.facts import Arrival
    from maillint.postfix.version import Version
    from maillint.postfix.vocabulary import Program, Restriction, TableType
    from maillint.syntax.tree import Service, Setting

    Place = Callable[[Setting | Service], str]
    """Where something stands, such as ``main.cf:12``."""

_SITE = "https://www.postfix.org/"
MANUAL = f"{_SITE}postconf.5.html"

_TYPES = {
    "bool": "yes or no",
    "nbool": "yes or no, by an expression if need be",
    "int": "whole number",
    "nint": "whole number, by an expression if need be",
    "long": "whole number",
    "time": "time",
    "str": "text",
    "raw": "text, in which `$name` waits until it is used",
}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_KINDS = {
    "list": "a list",
    "brace-list": "a list, in which `{ }` groups may hold blanks",
    "maps": "a list of tables `TYPE:NAME`",
    "table": "a table `TYPE:NAME`",
    "match-list": "a list of patterns, tables and files",
    "restrictions": "a list of restrictions",
    "server-acl": "a list of networks and tables",
    "milters": "a list of milters",
    "nexthops": "a list of next hops",
    "transport": "`TRANSPORT:NEXTHOP`",
    "service": "the name of a service of master.cf",
    "file": "the name of a file",
    "directory": "the name of a directory",
    "tls-protocols": "TLS protocols",
    "tls-exclusions": "a list of ciphers to leave out",
}
_LONGEST = 300
_MOST_WORDS = 24
_ARGUMENTS = {
    "digits": "a number",
    "policy": "a policy server `TRANSPORT:ENDPOINT`",
    "table": "a table `TYPE:NAME`",
    "dnsbl": "a DNS list `DOMAIN[=FILTER]`",
}
_NAMES = {
    "index": "the source of a compiled index (postmap)",
    "text": "a text file that is read at start",
    "client": "a file with the settings of a database client, or the prefix of such parameters",
    "endpoint": "a server that is asked",
    "tables": "other tables",
    "value": "the value itself",
    "map": "the name of a map of the system",
    "none": "nothing that is read",
}


def code(text: str) -> str:
    """*text* as Markdown code on one line, whatever is in it; cut when it is very long."""
    text = printable(without_passwords(text))
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if not text:
        return "(empty)"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def manual(name: str) -> str:
    """The link to the place in postconf(5) that is about a parameter or a restriction."""
    return f"[postconf(5)]({MANUAL}#{name})"


def program_manual(name: str) -> str:
    return f"[{name}(8)]({_SITE}{name}.8.html)"


# --- parameters ------------------------------------------------------------------------------------------


def kind(known: Parameter, version: Version) -> str:
    """What a value of *known* looks like in *version*."""
    type = known.type_in(version)
    what, _, _ = known.kind.partition(":")
    text = _TYPES[type]
    if what in _KINDS:
        text = f"{text}: {_KINDS[what]}"
    if type == "time" and known.unit:
        text += f", in {_UNITS[known.unit]} when no unit is written"
    least, most = known.bounds_in(version)
    if least is not None or most is not None:
        text += f", {_range(least, most, is_text=type in ('str', 'raw'))}"
    return text


def _range(least: int | None, most: int | None, *, is_text: bool) -> str:
    """What numbers are taken; of texts, what lengths."""
    if is_text and (least, most) == (1, None):
        return "not empty"
    unit = " characters" if is_text else ""
    if most is None:
        return f"at least {least}{unit}"
    return f"at most {most}{unit}" if least is None else f"{least} to {most}{unit}"


def effective(config: Configuration, view: View, name: str, place: Place) -> Iterator[str]:
    """The value of *name* in *view*, where it comes from, and the services that see another."""
    value = view.value(name)
    where = f" for {code(view.id)}" if view.id else ""
    if value.text is not None:
        yield f"Now{where}: {code(value.text)}{_origin(value, place)}"
    else:
        yield f"Now{where}: {code(value.partial)}{_origin(value, place)} ({printable(value.unknown)})"
    chain = [setting for setting in value.chain if setting is not value.setting]
    if chain:
        yield "\n".join(
            f"- {code(f'{setting.name} = {setting.value.text}')}, {place(setting)}" for setting in chain
        )
    if not view.id:
        others = [
            f"- {code(other.id)}: {code(option.value.text)}, {place(option)}"
            for other in config.views
            if (option := other.overrides.get(name)) is not None
        ]
        if others:
            yield "\n".join(["In master.cf:", *others])


def _origin(value: Value, place: Place) -> str:
    return ", by default" if value.setting is None else f", {place(value.setting)}"


def parameter_facts(known: Parameter, version: Version) -> Iterator[str]:
    """Lines about *known* as *version* has it."""
    default = known.default_in(version)
    how = system_default(known.name)
    if default is None:
        yield "default: depends on the host" + (f" ({how.how})" if how is not None else "")
    else:
        yield f"default in Postfix {version}: {code(default)}"
    if known.enumeration is not None:
        words = known.enumeration.words_in(version)
        more = ", …" if len(words) > _MOST_WORDS else ""
        yield "words: " + ", ".join(map(code, words[:_MOST_WORDS])) + more
    if known.introduced is not None:
        yield f"since Postfix {known.introduced}{_backports(known.backported)}"
    if known.deprecated is not None and version.has(known.deprecated):
        yield f"deprecated since Postfix {known.deprecated}{_instead(known.replacement)}"
    if known.removed is not None:
        yield f"removed in Postfix {known.removed}"
    if known.read_by:
        readers = sorted(known.read_by)
        yield "read by " + ("every program" if "*" in readers else ", ".join(readers))


def parameter_history(known: Parameter) -> Iterator[str]:
    """What was different about *known* in older versions, a line each, the oldest first."""
    for fact, period, was in known.changes:
        if fact == "bounds" and not was:
            was = "any number" if known.type not in ("str", "raw") else "any length"
        elif fact == "type":
            was = _TYPES[was]
        elif fact == "default":
            was = code(was)
        yield f"{fact} {_period(period)}: {was}"


def _period(cell: str) -> str:
    """``FROM..BEFORE ...`` in words."""
    ranges = (part.partition("..") for part in cell.split())
    return ", ".join(f"{first} to before {last}" if first else f"before {last}" for first, _, last in ranges)


def rules_about(name: str, rules: Iterable[Rule]) -> list[Rule]:
    """Those that have the parameter *name* in their sights."""
    return [rule for rule in rules if name in rule.parameters]


def _backports(versions: Iterable[Version]) -> str:
    older = ", ".join(map(str, versions))
    return f", and {older}" if older else ""


def _instead(names: Iterable[str]) -> str:
    others = ", ".join(map(code, names))
    return f"; instead: {others}" if others else ""


def _since(arrival: Arrival) -> Iterator[str]:
    if arrival.release is not None:
        yield f"since Postfix {arrival.release}{_backports(arrival.backports)}"


# --- other words -----------------------------------------------------------------------------------------


def restriction_facts(fact: Restriction) -> Iterator[str]:
    """Lines about a word of an smtpd access list."""
    if fact.effect:
        yield fact.effect
    if fact.argument:
        yield f"takes {_ARGUMENTS[fact.argument]}"
    if fact.needs:
        yield f"does nothing before the {fact.needs} is known"
    yield from _since(fact.since)
    if fact.deprecated is not None:
        yield f"deprecated since Postfix {fact.deprecated}"
    if fact.until is not None:
        yield f"refused from Postfix {fact.until} on"
    if fact.replacement:
        yield f"instead: {', '.join(map(code, fact.replacement))}"


def too_early(fact: Restriction) -> list[str]:
    """The access lists where *fact* is skipped when ``smtpd_delay_reject = no``."""
    return [
        name for name, stage in vocabulary.stages().items() if fact.needs and fact.needs not in stage.known
    ]


def table_facts(known: TableType) -> Iterator[str]:
    """Lines about a type of lookup table."""
    yield known.what
    yield f"{code(f'{known.type}:NAME')}, where NAME is {_NAMES[known.name]}"
    if known.inline is not None:
        since = f", since Postfix {known.inline.release}" if known.inline.release is not None else ""
        yield f"may be written out in braces{since}"
    if known.extension:
        yield f"the index is NAME{known.extension}"
    if known.package:
        yield f"Debian's package {known.package}"
    yield from _since(known.since)


def program_facts(known: Program) -> Iterator[str]:
    """Lines about a program that master(8) starts."""
    yield known.task
    if known.limit is not None:
        processes = "any number of processes (limit `0`)" if known.limit == 0 else "exactly one process"
        yield f"insists on {processes}"
    if known.privileged:
        yield "the column unprivileged must be `n`"
    if not known.chroot:
        yield "cannot do its work in a chroot"
    yield from _since(known.since)
