"""How the real Postfix expands ``foo``, with ``bar = B``, ``empty =`` and ``zip = $foo`` beside it.

Observed with ``postconf -hx foo`` of 3.7.11 and of 3.12, which differ only where two outcomes stand.
"""

from typing import NamedTuple


class Refused(NamedTuple):
    """Postfix gives up, with this warning (bytes outside of ASCII shown as ``?``)."""

    warning: str


class Case(NamedTuple):
    value: str
    outcome: "str | Refused"
    newest: "str | Refused | None" = None
    """The outcome in 3.12 where it is another one."""


CASES = [
    Case("$bar-x", "B-x"),
    Case("$(bar)x", "Bx"),
    Case("${bar}x", "Bx"),
    Case("$$bar $$", "$bar $"),
    Case("${bar?yes}|${bar:no}|${empty?yes}|${empty:no}|${nosuch?yes}|${nosuch:no}", "yes|||no||no"),
    Case("${bar?{yes}:{no}}|${empty?{yes}:{no}}|${bar ? {yes} : {no}}", "yes|no|yes"),
    Case("${bar?a:b}", "a:b"),
    Case("${bar?{a}:b}", "a"),
    Case("${bar?{a}b}", Refused('":" expected at: "...a}>>>b"')),
    Case("${{a}=={a}?{t}:{f}} ${{a} == {b} ? {t} : {f}}", "t f"),
    Case(
        "${{1} < {2}} ${{10}<{9}?{t}:{f}} ${{a10}<{a9}?{t}:{f}}"
        " ${{2}<={2}} ${{2}>={3}?t:f} ${{2}!={3}} ${{3}>{2}}",
        "true f t true true true",
    ),
    Case(
        "${{1} = {1}?t}",
        Refused('"==" or "!="" or "<"" or "<="" or ">="" or ">" expected at: "...1}>>>= {1}?t"'),
    ),
    Case(
        "${{1} =~ {1}?t}",
        Refused('"==" or "!="" or "<"" or "<="" or ">="" or ">" expected at: "...1}>>>=~ {1}?t"'),
    ),
    Case("${{1} == 1?t}", Refused('"{expression}" expected at: "...{1} ==>>> 1?t"')),
    Case("${1} == {1}?t}", "== {1}?t}"),
    Case("${{$bar} == {B} ? {[${bar}]} : {n}}", "[B]"),
    Case("${bar", Refused('truncated macro reference: "${bar"')),
    Case("$", Refused('empty macro name: "$"')),
    Case("a$ b", Refused('empty macro name: "a$ b"')),
    Case("${}", Refused('empty macro name: "${}"')),
    Case("$()", Refused('empty macro name: "$()"')),
    Case("${bar-x}", Refused('attribute name syntax error at: "...bar>>>-x"')),
    Case("${ bar }", "B"),
    Case("$bar.example ${bar}.example $bar_x", "B.example B.example"),
    Case("$foo", Refused('unreasonable macro call nesting: "foo"')),
    Case("$zip", Refused('unreasonable macro call nesting: "foo"')),
    Case("${nosuch}x", "x"),
    Case("$0$1$2", ""),
    Case(
        "${{3.6} >=level {3.10} ? {t} : {f}} ${{3} <level {3.1} ? {t} : {f}} ${{3.6} >= {3.10} ? {t} : {f}}",
        "f t t",
    ),
    Case("${{3.6.x} >=level {1}?t}", Refused('malformed compatibility level syntax: "3.6.x"')),
    Case("${{1} >=nosuch {1}?t}", Refused('bad operator suffix at: "...>=>>>nosuch"')),
    Case("${bar?{a {b} c}}", "a {b} c"),
    Case("${bar?$(bar)}", "B"),
    Case("${bar:${empty:${bar}}}", ""),
    Case("${bar?a}b}", "ab}"),
    Case("x}y{z", "x}y{z"),
    Case("${empty?{unbalanced}", Refused('truncated macro reference: "${empty?{unbalanced}"')),
    Case("$(bar?{yes}:{no})", "yes"),
    Case("${{a} == {a}}", "true"),
    Case("${{a} == {b}}|", "|"),
    Case("${{ a } == {a} ? {t} : {f}}", "f"),
    Case("${bar?{a}:{b}c}", Refused('unexpected input at: "...b}>>>c"')),
    Case("${{00} == {0} ? {t} : {f}}", "t"),
    Case(
        "${{99999999999999999999} == {1} ? {t} : {f}}",
        Refused("mac_exp_eval: bad conversion: 99999999999999999999"),
    ),
    Case("${{} == {} ? {t} : {f}}", "t"),
    Case(
        "${domain_to_ascii{bücher.de}}",
        Refused('attribute name syntax error at: "...domain_to_ascii>>>{b??cher.de}"'),
        "bücher.de",
    ),
    Case(
        "${nosuchfn{x}}",
        Refused('attribute name syntax error at: "...nosuchfn>>>{x}"'),
        Refused('unknown function "nosuchfn" at"...>>>nosuchfn{x}"'),
    ),
    Case("${bar?{$empty}:{x}}|", "|"),
    Case("${bar:}|${bar?}|", "||"),
    Case("${bar.x}", Refused('attribute name syntax error at: "...bar>>>.x"')),
    Case("$bü", "ü"),
    Case("\\$bar", "\\B"),
    Case("${bar}\n  ${bar}", "B B"),
]
