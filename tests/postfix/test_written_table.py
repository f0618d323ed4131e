"""Tables that are written out where they are named: what is wrong in them, and where."""

import pytest

from maillint.postfix.pattern_syntax import BAD_REGEX, Patterns
from maillint.postfix.table_results import BAD_ID, EMPTY_RESULT, Ids
from maillint.postfix.table_syntax import BAD_NETWORK, UNMATCHED_IF, Cidr
from maillint.postfix.tables import parse_table
from maillint.postfix.version import NEWEST
from maillint.postfix.written_table import is_written_out, read_written_out


def problems(text: str) -> list[tuple[str, str, str]]:
    """The kinds of problems in the table *text*, with the key and what is to blame."""
    table = parse_table(text, NEWEST)
    assert is_written_out(table)
    syntax = {"cidr": Cidr(()), "pcre": Patterns("pcre", (), False)}.get(table.type)
    return [
        (found.problem.kind, found.key, text[found.start.column - 1 : found.end.column - 1])
        for found in read_written_out(table, syntax, Ids("uid", 100))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("static:vmail", [(BAD_ID, "*", "vmail")]),
        ("static:{ vmail }", [(BAD_ID, "*", "vmail")]),
        ("static:5000", []),
        ("static:{ }", [(EMPTY_RESULT, "*", "")]),
        ("inline:{ a=vmail, b=5000 }", [(BAD_ID, "a", "vmail")]),
        ("inline:{ { a = 5000 } { b = v mail } }", [(BAD_ID, "b", "v mail")]),
        ('inline:{ { "a b" = 7 } }', [(BAD_ID, '"a b"', "7")]),
        ("inline:{ a=, b= }", [(EMPTY_RESULT, "a", "a="), (EMPTY_RESULT, "b", "b=")]),
        ("cidr:{ { 10.0.0.0/8 5000 } { 10.0.0.1/8 5000 } }", [(BAD_NETWORK, "", "10.0.0.1/8")]),
        ("cidr:{ {10.0.0.0/8 7} {if 10.0.0.0/8} }", [(BAD_ID, "10.0.0.0/8", "7"), (UNMATCHED_IF, "", "if")]),
        ("pcre:{ { /a(/ 5000 } { /b/ 7 } }", [(BAD_REGEX, "", "("), (BAD_ID, "b", "7")]),
    ],
)
def test_problems_have_their_place(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    "text", ["hash:/etc/postfix/x", "pcre:/etc/postfix/x", "inline:{ a }", "pcre:{ /a/ b }", "static:"]
)
def test_what_is_not_written_out_or_cannot_be_read(text: str) -> None:
    assert not is_written_out(parse_table(text, NEWEST))
