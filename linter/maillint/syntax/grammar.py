"""Parsers made from the grammars beside this module. That they are Lark's is known here alone."""

from __future__ import annotations

import os
from typing import Any

import lark

from maillint.record import NamedTuple

GRAMMARS = {
    "main_cf": ("start",),
    "master_cf": ("start",),
    "value": ("text", "expression"),
    "dovecot": ("start",),
    "ucl": ("start",),
}
"""The grammars, each with the rules that a parse can begin with."""

MODULES = {"_grammars": ("main_cf", "master_cf", "value"), "_neighbour_grammars": ("dovecot", "ucl")}
"""The modules with the compiled grammars. Those that a run seldom needs are apart from the others."""

Tables = dict[str, Any]
"""A compiled grammar, as Lark serializes it: plain literals."""


class Token(NamedTuple):
    """For type checkers: what this package uses of a Lark token, which is a str besides."""

    type: str
    start_pos: int
    end_pos: int


class Parsed(NamedTuple):
    """A rule of a grammar and what was found for it: tokens and other rules."""

    rule: str
    children: list[Any]


class ParseError(ValueError):
    """A text that is not in the language of a grammar."""


class Parser:
    """The parser of one grammar. The grammars of this package refuse no text, but for `ucl`."""

    __slots__ = ("_lark",)

    def __init__(self, name: str) -> None:
        tables = _shipped_tables(name)
        if tables is None:
            self._lark = _compile(name)
        else:
            self._lark = lark.Lark._load_from_dict(**tables, tree_class=Parsed)  # type: ignore[no-untyped-call]

    def parse(self, text: str, start: str = "start") -> Parsed:
        """What *text* is, read as the rule *start*. Raises ParseError."""
        try:
            return self._lark.parse(text, start)  # type: ignore[return-value]
        except lark.UnexpectedInput as error:
            raise ParseError(f"line {error.line}: cannot be understood") from error


def tables(name: str) -> Tables:
    """The tables of a grammar, freshly compiled (some ten milliseconds)."""
    data, memo = _compile(name).memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    del data["options"]["tree_class"]
    return {"data": _plain(data), "memo": _plain(memo)}


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {_plain(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(map(_plain, data))
    if isinstance(data, str):
        return str(data)  # it may be a token
    if isinstance(data, int) and data > _WIDE:
        return _WIDE
    return data


_WIDE = 65535
"""Stands for the unbounded width of a terminal, a number that is another one in each Python."""


def _shipped_tables(name: str) -> Tables | None:
    """The tables made in advance; None if they are for another version of Lark."""
    from importlib import import_module

    home = next(module for module, names in MODULES.items() if name in names)
    shipped = import_module(f"{__package__}.{home}")
    return shipped.TABLES[name] if lark.__version__ == shipped.LARK_VERSION else None


def _compile(name: str) -> lark.Lark:
    return lark.Lark.open(
        os.path.join(os.path.dirname(__file__), f"{name}.lark"),
        parser="lalr",
        lexer="contextual",
        start=list(GRAMMARS[name]),
        maybe_placeholders=False,
        tree_class=Parsed,
    )
