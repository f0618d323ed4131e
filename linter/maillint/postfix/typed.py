"""What Postfix makes of the text of a typed parameter, and what it refuses.

The readings are those of Postfix's own parsers (global/mail_conf_bool.c, _int.c, _long.c, _time.c, _str.c,
global/conv_time.c, global/compat_level.c, util/name_mask.c, util/name_code.c, util/valid_hostname.c). Which
type a parameter has, its bounds, its unit and its words are facts of the catalogue. Nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import ListItem, split_list

from . import catalogue

if TYPE_CHECKING:
    from .configuration import View
    from .version import Version

NOT_BOOLEAN = "not-boolean"
"""``bad boolean configuration``."""
NOT_NUMBER = "not-number"
"""``bad numerical configuration``."""
NOT_TIME = "not-time"
"""``bad time value or unit``."""
TOO_LOW = "too-low"
"""Below the least number, time or length."""
TOO_HIGH = "too-high"
"""Above the greatest number, time or length."""

NUMBERS = frozenset({"int", "nint", "long"})
BOOLEANS = frozenset({"bool", "nbool"})
TEXTS = frozenset({"str", "raw"})

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""The units of time, in seconds."""

_INT_MAX = (1 << 31) - 1
_LONG_MAX = (1 << 63) - 1
_SPACE = " \t\n\v\f\r"
_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_MOST_DIGITS = 20
_LABEL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_LONGEST_NAME, _LONGEST_LABEL = 255, 63


class Refusal(NamedTuple):
    """Why Postfix refuses a value."""

    kind: str
    """One of the constants of this module."""
    said: str
    """What Postfix says, in its words."""
    limit: int = 0
    """The bound that is crossed: a number, seconds, or bytes."""


def boolean(text: str) -> bool | None:
    """The value of a ``bool``; None: Postfix refuses it."""
    return {"yes": True, "no": False}.get(text.lower())


def number(text: str, type: str = "long") -> int | None:
    """The value of an ``int``, ``nint`` or ``long``; None: Postfix refuses it."""
    value, end = _strtol(text, _LONG_MAX if type == "long" else _INT_MAX)
    return value if end == len(text) else None


def seconds(text: str, unit: str) -> int | None:
    """The value of a ``time`` in seconds; None: Postfix refuses it.

    Without a unit in the text, *unit* counts. Only the first character behind the digits is looked at,
    and text without digits is zero: ``2months`` is two minutes, ``days`` no day at all.
    """
    count, end = _strtol(text, _INT_MAX)
    size = SECONDS.get(text[end : end + 1] or unit)
    if end == 0:
        count = 0
    if not text or count is None or count < 0 or size is None:
        return None
    return count * size if size == 1 or count < _INT_MAX // size else None


def _strtol(text: str, most: int) -> tuple[int | None, int]:
    """What strtol(3) reads in base 10, and where it stops: at 0 where there is no number.

    None: no number, or one beyond *most*.
    """
    start = len(text) - len(text.lstrip(_SPACE))
    digits = end = start + (text[start : start + 1] in ("+", "-"))
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    if end == digits:
        return None, 0
    if len(text[digits:end].lstrip("0")) > _MOST_DIGITS:
        return None, end
    value = int(text[start:end])
    return (value if -most - 1 <= value <= most else None), end


def refusal(parameter: catalogue.Parameter, text: str, version: Version) -> Refusal | None:
    """Why a program that reads *parameter* refuses *text*, the expanded value; None: it takes it.

    Only what the type says is looked at, not words, names or lists.
    """
    type = parameter.type_in(version)
    name = parameter.name
    if type in BOOLEANS:
        if boolean(text) is None:
            return Refusal(NOT_BOOLEAN, f"bad boolean configuration: {name} = {text}")
        return None
    least, greatest = parameter.bounds_in(version)
    if type in NUMBERS:
        value = number(text, type)
        if value is None:
            return Refusal(NOT_NUMBER, f"bad numerical configuration: {name} = {text}")
        return _out_of_bounds(
            value, least, greatest, f"invalid {name} parameter value {value}", " < {}", " > {}"
        )
    if type == "time":
        value = seconds(text, parameter.unit)
        if value is None:
            return Refusal(NOT_TIME, f"parameter {name}: bad time value or unit: {text}")
        return _out_of_bounds(value, least, greatest, f"invalid {name}: {value}", " (min {})", " (max {})")
    if least is None and greatest is None:
        return None
    length = len(text.encode("utf-8", "surrogateescape"))
    return _out_of_bounds(length, least, greatest, f"bad string length {length}", " < {}", " > {}")


def _out_of_bounds(
    value: int, least: int | None, greatest: int | None, said: str, below: str, above: str
) -> Refusal | None:
    """A bound of zero is none (check_mail_conf_int() and its sisters)."""
    if least and value < least:
        return Refusal(TOO_LOW, said + below.format(least), least)
    if greatest and value > greatest:
        return Refusal(TOO_HIGH, said + above.format(greatest), greatest)
    return None


def enumeration(parameter: catalogue.Parameter) -> catalogue.Enumeration | None:
    """The words that *parameter* takes; None: it takes others, too."""
    kind, _, name = parameter.kind.partition(":")
    return catalogue.enumeration(name) if kind == "enum" else None


def unknown_words(enumeration: catalogue.Enumeration, text: str, version: Version) -> list[ListItem]:
    """The words in *text*, an expanded value, that *version* does not know.

    An empty text has none: whether a value may be empty is a matter of its length.
    """
    if enumeration.form == "list":
        items = split_list(text, braces=False)
    else:
        items = [ListItem(text, 0, len(text))] if text else []
    return [item for item in items if not _is_word(enumeration, item.text, version)]


def _is_word(enumeration: catalogue.Enumeration, word: str, version: Version) -> bool:
    also, _, more = enumeration.also.partition(":")
    words = enumeration.words_in(version) + tuple(more.split(",") if also == "warn" else ())
    if also == "hex" and word[:2] in ("0x", "0X") and _HEX_DIGITS.issuperset(word[2:]):
        return True
    if also == "zeros":
        word = word.lstrip("0")
    if enumeration.case_sensitive:
        return word in words
    return word.lower() in {known.lower() for known in words}


def is_hostname(text: str) -> bool:
    """Whether *text* is the name of a host or domain (util/valid_hostname.c)."""
    labels = text.split(".")
    return (
        len(text) <= _LONGEST_NAME
        and not all(map(_DIGITS.issuperset, labels))
        and all(
            0 < len(label) <= _LONGEST_LABEL
            and label[0] != "-"
            and label[-1] != "-"
            and _LABEL_CHARACTERS.issuperset(label)
            for label in labels
        )
    )


def is_level(text: str) -> bool:
    """Whether *text* is a compatibility level as Postfix 3.6 and later read it."""
    parts = text.split(".")
    return len(parts) <= 3 and all(0 < len(part) < 10 and _DIGITS.issuperset(part) for part in parts)


def value_of(view: View, name: str) -> int | None:
    """The number, seconds or truth that a parameter has in *view*; None: unknown, refused, or a text."""
    parameter = view.configuration.parameter(name)
    text = view.value(name).text
    if parameter is None or text is None:
        return None
    type = parameter.type_in(view.configuration.version)
    if type in NUMBERS:
        return number(text, type)
    if type == "time":
        return seconds(text, parameter.unit)
    return boolean(text) if type in BOOLEANS else None
