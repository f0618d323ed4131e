"""Reading master.cf."""

import re
from collections.abc import Callable
from functools import cache

from .grammar import Parser, Token
from .lists import open_group
from .logical import WHITE_SPACE, logical_text, with_final_newline
from .source import LogicalText, Source, Span
from .tree import Malformed, MasterCf, Service, Setting, Trivia

FIELD_COUNT = 8
"""How many fields stand before the arguments, the command included (master(5))."""


def parse_master_cf(source: Source) -> MasterCf:
    """The tree of a master.cf. Every text has one: what Postfix refuses is a `Malformed` line in it."""
    lines = _parser().parse(with_final_newline(source))
    return MasterCf(source, tuple([_NODES[rule](source, tokens) for rule, tokens in lines.children]))


@cache
def _parser() -> Parser:
    return Parser("master_cf")


def _trivia(source: Source, tokens: list[Token]) -> Trivia:
    return Trivia(source, _span(source, tokens))


def _leading_whitespace(source: Source, tokens: list[Token]) -> Malformed:
    span = _span(source, tokens)
    return Malformed(source, span, Malformed.LEADING_WHITESPACE, logical_text(source, *span))


def _entry(source: Source, tokens: list[Token]) -> Service | Malformed:
    span = _span(source, tokens)
    words = _words(source, tokens)
    if len(words) < FIELD_COUNT:
        return Malformed(source, span, Malformed.FIELD_COUNT, logical_text(source, *span))
    service = Service(source, span, tuple(words[:FIELD_COUNT]), tuple(words[FIELD_COUNT:]))
    _read_options(service)
    return service


def _words(source: Source, tokens: list[Token]) -> list[LogicalText]:
    starts: list[int] = []
    ends: list[int] = []
    for token in tokens[:-1]:
        lead = _LEAD.match(str(token))
        assert lead  # it matches everything
        if lead[1] or lead[2] or not starts:
            ends.append(token.start_pos)
            starts.append(token.start_pos + lead.end())
    ends.append(tokens[-1].start_pos)
    return [logical_text(source, *span, trimmed="") for span in zip(starts, ends[1:], strict=True)]


_LEAD = re.compile(r"([ \t\r]*)(?:\n(?:.*\n)*([ \t\r]*))?")
"""What a token begins with: white space (and more in the next line that counts) separates words."""


def _read_options(service: Service) -> None:
    """Find the ``-o name=value`` among the arguments (getopt(3), and postconf_master.c)."""
    options: list[Setting] = []
    malformed: list[LogicalText] = []
    arguments = iter(service.arguments)
    for argument in arguments:
        flags = argument.text
        if flags[0] != "-" or flags in ("-", "--"):
            break
        letter = flags.find("o", 1)
        if letter < 0:
            continue
        last = argument
        if letter + 1 < len(flags):
            value = argument.slice(letter + 1, len(flags))
        else:
            last = value = next(arguments, argument)
        span = Span(argument.span.start, last.span.end)
        option, well_formed = _option(service, span, value)
        if option:
            options.append(option)
        if not well_formed:
            malformed.append(value)
    service.options = tuple(options)
    service.malformed_options = tuple(malformed)


def _option(service: Service, span: Span, value: LogicalText) -> tuple[Setting | None, bool]:
    """The setting, if there is one to be read, and whether the daemons take it, too."""
    well_formed = True
    if value.text.startswith("{"):
        group = open_group(value)
        value = value.slice(group.start, group.end)
        well_formed = not group.error
    head = _NAME_EQUALS.match(value.text)
    if head is None:
        return None, False
    name = value.slice(*head.span(1))
    text = value.text.rstrip(WHITE_SPACE)
    start = len(text) - len(text[head.end() :].lstrip(WHITE_SPACE))
    return Setting(
        service.source, span, name.text, name.span, value.slice(start, len(text)), service
    ), well_formed


_NAME_EQUALS = re.compile(r"[ \t\v\f\r]*([^ \t\v\f\r=]+)[ \t\v\f\r]*=")
"""util/split_nameval.c"""


def _span(source: Source, tokens: list[Token]) -> Span:
    return Span(tokens[0].start_pos, min(tokens[-1].end_pos, len(source.text)))


_NODES: dict[str, Callable[[Source, list[Token]], Trivia | Service | Malformed]] = {
    "trivia": _trivia,
    "entry": _entry,
    "leading_whitespace": _leading_whitespace,
}
"""What each rule of the grammar makes."""
