"""Reading main.cf."""

from collections.abc import Callable
from functools import cache

from .grammar import Parser, Token
from .logical import cut_by_null, logical_text, with_final_newline
from .source import Source, Span
from .tree import MainCf, Malformed, Setting, Trivia


def parse_main_cf(source: Source) -> MainCf:
    """The tree of a main.cf. Every text has one: what Postfix refuses is a `Malformed` line in it."""
    lines = _parser().parse(with_final_newline(source))
    return MainCf(source, tuple([_NODES[rule](source, tokens) for rule, tokens in lines.children]))


@cache
def _parser() -> Parser:
    return Parser("main_cf")


def _trivia(source: Source, tokens: list[Token]) -> Trivia:
    return Trivia(source, _span(source, tokens))


def _setting(source: Source, tokens: list[Token]) -> Setting:
    name, _, rest = tokens
    return Setting(
        source,
        _span(source, tokens),
        str(name),
        Span(name.start_pos, name.end_pos),
        logical_text(source, rest.start_pos, rest.end_pos),
        cut=cut_by_null(source, rest.start_pos, rest.end_pos),
    )


def _malformed(kind: str) -> Callable[[Source, list[Token]], Malformed]:
    def node(source: Source, tokens: list[Token]) -> Malformed:
        span = _span(source, tokens)
        return Malformed(source, span, kind, logical_text(source, *span))

    return node


def _span(source: Source, tokens: list[Token]) -> Span:
    return Span(tokens[0].start_pos, min(tokens[-1].end_pos, len(source.text)))


_NODES: dict[str, Callable[[Source, list[Token]], Trivia | Setting | Malformed]] = {
    "trivia": _trivia,
    "setting": _setting,
    "missing_equals": _malformed(Malformed.MISSING_EQUALS),
    "missing_name": _malformed(Malformed.MISSING_NAME),
    "leading_whitespace": _malformed(Malformed.LEADING_WHITESPACE),
}
"""What each rule of the grammar makes."""
