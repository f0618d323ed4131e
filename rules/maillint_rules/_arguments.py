"""What was meant by the arguments of a master.cf entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.master import Option, split_arguments
from maillint.syntax.lists import open_group

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import Service


def overrides(config: Configuration, service: Service) -> Iterator[Option]:
    """The ``-o`` options, well-formed or not."""
    for item in split_arguments(config, service):
        if isinstance(item, Option) and item.letter == "o":
            yield item


def unbalanced(argument: LogicalText) -> str:
    """What master(8) says of an argument in braces that do not fit; empty when they do."""
    error = open_group(argument).error if argument.text.startswith("{") else ""
    return error.partition(' in "')[0]


def override_problem(option: Option) -> str:
    """What is wrong with a ``-o`` that its command refuses, a clause; empty: nothing, or its braces."""
    if option.value is None:
        return "nothing stands behind this `-o`"
    if unbalanced(option.value):
        return ""
    name, equals, _ = option.value.text.removeprefix("{").partition("=")
    if not equals:
        return "this `-o` has no `=`"
    if not name.strip():
        return "this `-o` has no name before its `=`"
    return "this `-o` has white space in its name" if name.strip().split()[1:] else ""


def has_spaces_around_equals(option: Option) -> bool:
    """Whether the value of this ``-o`` stands, or begins, in the arguments behind it."""
    value = option.value
    if value is None or option.end == len(option.arguments) or value.text.startswith("{"):
        return False
    next_word = option.arguments[option.end]
    if "=" not in value.text:
        return next_word.text.startswith("=")
    return (
        value.text.endswith("=")
        and value.text.count("=") == 1
        and not next_word.text.startswith(("-", "#", "="))
        and next_word.location().start.line == value.location().start.line
    )
