"""Policy servers as ``check_policy_service`` names them, read as smtpd(8) does when it starts.

The endpoint alone, or ``{ ENDPOINT, NAME=VALUE, ... }`` with the options that stand for the parameters
``smtpd_policy_service_NAME`` (smtpd/smtpd_check.c, global/attr_override.c). Nothing is judged here.
"""

from __future__ import annotations

from maillint.syntax.lists import ListItem, open_group, split_list

from . import catalogue, typed
from .endpoints import DIES, Problem, name_value, policy_problem
from .version import Version

_PREFIX = "smtpd_policy_service_"
_FIRST_WITH_OPTIONS = Version("3.0")


def endpoint(text: str) -> ListItem:
    """The endpoint in the argument of check_policy_service, with its place; empty: there is none."""
    if not text.startswith("{"):
        return ListItem(text, 0, len(text))
    group = open_group(text)
    words = split_list(group.payload, braces=False)
    if not words:
        return ListItem("", group.start, group.end)
    return ListItem(words[0].text, group.start + words[0].start, group.start + words[0].end)


def policy_service_problem(text: str, version: Version) -> Problem | None:
    """What makes smtpd end when it reads the argument *text*; None: it takes it."""
    server = endpoint(text)
    if text.startswith("{") and version.has(_FIRST_WITH_OPTIONS):
        group = open_group(text)
        if group.error:
            return Problem(DIES, f"policy service syntax error: {group.error}", 0, len(text))
        if not server.text:
            return Problem(DIES, f'empty policy service: "{text}"', 0, len(text))
        for option in split_list(text[server.end : group.end], braces=True):
            said = _option_problem(option.text, version)
            if said:
                return Problem(DIES, said, server.end + option.start, server.end + option.end)
    found = policy_problem(server.text)
    return found.moved(server.start) if found is not None else None


def option_names(version: Version) -> list[str]:
    """The options that *version* knows."""
    names = (name for name in catalogue.names(version) if name.startswith(_PREFIX))
    return [name.removeprefix(_PREFIX) for name in names]


def _option_problem(option: str, version: Version) -> str:
    group = open_group(option) if option.startswith("{") else None
    if group is not None and group.error:
        return f'{group.error} in "{option}"'
    text = group.payload if group is not None else option
    name, value, error = name_value(text)
    if error:
        return f'malformed option: {error}: "...{text}..."'
    parameter = catalogue.parameter(_PREFIX + name)
    if parameter is None or not parameter.known_in(version):
        return f'unknown option: "{name} = {value}"'
    if parameter.type == "str" and not value:
        return f"bad string length 0 < 1: {name} = "
    refusal = typed.refusal(parameter, value, version)
    return refusal.said.replace(_PREFIX, "") if refusal is not None else ""
