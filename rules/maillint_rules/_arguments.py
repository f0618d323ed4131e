"""What stands behind the command in a master.cf entry: options, and words that are none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import Service

_WITHOUT_ARGUMENTS = frozenset(
    {
        "anvil", "bounce", "cleanup", "discard", "dnsblog", "error", "flush", "local", "oqmgr", "pickup",
        "postlogd", "proxymap", "qmgr", "qmqpd", "scache", "showq", "smtpd", "tlsmgr", "tlsproxy",
        "trivial-rewrite", "verify", "virtual",
    }
)  # fmt: skip
"""The programs that end with ``unexpected command-line argument`` when they get one (their main modules)."""

_WITH_FLAGS = frozenset({"smtp", "lmtp"})
"""The programs that know one argument, ``flags=`` (smtp/smtp.c get_cli_attr())."""

_OPTIONS_WITH_VALUE = "imnost"
"""Of the options that every daemon knows (master/multi_server.c and its sisters), those with a value."""


class Option(NamedTuple):
    """An option such as ``-o name=value``."""

    letter: str
    at: LogicalText
    """The argument with the letter."""
    value: LogicalText | None
    """None: it has none, or it is missing at the end of the entry."""
    following: tuple[LogicalText, ...]
    """The arguments behind it."""


def refuses(service: Service, argument: str) -> bool:
    """Whether the command ends with a fatal error when it gets *argument*, which is no option."""
    if service.command in _WITH_FLAGS:
        return not argument.lower().startswith("flags=")
    return service.command in _WITHOUT_ARGUMENTS


def split_arguments(service: Service) -> Iterator[Option | LogicalText]:
    """The options of the entry, and the words between and behind them that its command refuses.

    A command with arguments of its own is read up to the first of them only.
    """
    arguments = service.arguments
    index = 0
    while index < len(arguments):
        at = arguments[index]
        word = at.text
        index += 1
        if word == "--":
            return
        if len(word) < 2 or word[0] != "-":
            if not refuses(service, word):
                return
            yield at
            continue
        for place, letter in enumerate(word[1:], start=1):
            value = None
            if letter in _OPTIONS_WITH_VALUE:
                if place + 1 < len(word):
                    value = at.slice(place + 1, len(word))
                elif index < len(arguments):
                    value = arguments[index]
                    index += 1
            yield Option(letter, at, value, arguments[index:])
            if letter in _OPTIONS_WITH_VALUE:
                break


def overrides(service: Service) -> Iterator[Option]:
    """The ``-o`` options, well-formed or not."""
    for item in split_arguments(service):
        if isinstance(item, Option) and item.letter == "o":
            yield item


def has_spaces_around_equals(option: Option) -> bool:
    """Whether the value of this ``-o`` stands, or begins, in the arguments behind it."""
    value, following = option.value, option.following
    if value is None or not following or value.text.startswith("{"):
        return False
    next_word = following[0]
    if "=" not in value.text:
        return next_word.text.startswith("=")
    return (
        value.text.endswith("=")
        and value.text.count("=") == 1
        and not next_word.text.startswith(("-", "#", "="))
        and next_word.location().start.line == value.location().start.line
    )


def unbalanced(text: str) -> str | None:
    """What master(8) says of an argument in braces that do not fit (util/extpar.c); None when they do."""
    if not text.startswith("{"):
        return None
    level = 0
    for offset, character in enumerate(text):
        level += (character == "{") - (character == "}")
        if level == 0:
            return None if offset == len(text) - 1 else "syntax error after '}'"
    return "missing '}'"
