"""What was meant by the arguments of a master.cf entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.master import Option, split_arguments

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service


def overrides(config: Configuration, service: Service) -> Iterator[Option]:
    """The ``-o`` options, well-formed or not."""
    for item in split_arguments(config, service):
        if isinstance(item, Option) and item.letter == "o":
            yield item


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
