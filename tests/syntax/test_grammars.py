"""The compiled grammars that are shipped are those of the grammar files, and Lark stays inside."""

import logging
import subprocess
import sys
from typing import Any

import lark
import pytest

from maillint.syntax import generate, grammar
from maillint.syntax.grammar import GRAMMARS, Parser

TEXTS = {
    "main_cf": ["# c\n\nname = value\n  # c\n  more\nnothing\n= x\n", "  indented\nx=y\n", ""],
    "master_cf": ["s inet n - n - - smtpd\n  -o { a = b } {c {d} {\n# c\nx\n", " x\n\0y\n"],
    "dovecot": ["# c\na = b # c\nservice x {\n  c = d \\\n e\n}\n!include f\n} y\n", ""],
    "ucl": ['a = b;\nx "y" { z = [1, "2", {c = d}] }\n.include "f"\n', ""],
    "value": ["$a ${b?{c}:d} $(e) ${{f} == {g}} $$ ${", "plain"],
}


def test_the_shipped_tables_are_not_stale() -> None:
    assert not generate.is_stale(), "run: python -m maillint.syntax.generate"


@pytest.mark.parametrize("name", GRAMMARS)
def test_another_lark_compiles_the_grammars_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Parser(name)
    monkeypatch.setattr(lark, "__version__", "0.0.0")
    compiled = Parser(name)
    assert grammar._shipped_tables(name) is None
    for text in TEXTS[name]:
        assert compiled.parse(text, GRAMMARS[name][0]) == shipped.parse(text, GRAMMARS[name][0])


@pytest.mark.parametrize("name", GRAMMARS)
def test_the_grammars_leave_no_choice(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Lark would settle a conflict in silence, by preferring to shift."""
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        lark.Lark.open(
            generate.target(name).removesuffix(".py") + ".lark",
            parser="lalr",
            start=list(GRAMMARS[name]),
            debug=True,
        )
    assert not [message for message in caplog.messages if "conflict" in message.lower()]


def test_no_type_of_lark_is_in_a_tree() -> None:
    program = (
        "from maillint.syntax.main_cf import parse_main_cf\n"
        "from maillint.syntax.master_cf import parse_master_cf\n"
        "from maillint.syntax.source import Source\n"
        "from maillint.syntax.value import parse_value\n"
        "import pickle\n"
        "main = parse_main_cf(Source('main.cf', 'a = b\\n  c\\nd\\n'))\n"
        "master = parse_master_cf(Source('master.cf', 's inet n - n - - smtpd -o { a = b }\\n'))\n"
        "value = parse_value('$a ${b?{c}:{d}} ${{e} <=level {f}} ${g{h}} ${-')\n"
        "print(b'lark' in pickle.dumps((main, master, value)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout == "False\n"


def test_a_plain_value_loads_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    from maillint.syntax import value

    def fail(*_: Any) -> Any:
        raise AssertionError("the parser was used")

    monkeypatch.setattr(value, "_parser", fail)
    assert value.parse_value("a, {b} c $d").text == "a, {b} c $d"
    with pytest.raises(AssertionError):
        value.parse_value("${parsed_nowhere_else?{a}}")
