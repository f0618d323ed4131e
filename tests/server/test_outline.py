"""Symbols, folding, colours and hints."""

from maillint.server.hints import hints
from maillint.server.outline import folds, symbols
from maillint.server.tokens import tokens
from maillint.syntax.source import Span
from server.editing import Editor

MAIN = """\
# One
# Two

# Three
compatibility_level = 3.6
mydomain = example.com
smtpd_relay_restrictions =
  permit_mynetworks,
  # a comment inside
  reject_unauth_destination
myorigin = $mydomain
biff = no
"""


def test_symbols_of_main_cf(editor: Editor) -> None:
    editor.open("main.cf", MAIN)
    tree = editor.analysis.tree(editor.path)
    assert tree is not None
    found = symbols(tree)
    assert [(symbol.name, symbol.detail) for symbol in found] == [
        ("compatibility_level", "3.6"),
        ("mydomain", "example.com"),
        ("smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination"),
        ("myorigin", "$mydomain"),
        ("biff", "no"),
    ]
    for symbol in found:
        outer, inner = symbol.location.span, symbol.name_location.span
        assert outer.start <= inner.start <= inner.end <= outer.end


def test_symbols_of_master_cf(editor: Editor) -> None:
    editor.open("master.cf", "submission inet n - y - - smtpd\n  -o biff=no\n  -o { mydomain = x y }\n")
    tree = editor.analysis.tree(editor.path)
    assert tree is not None
    (service,) = symbols(tree)
    assert (service.name, service.detail) == ("submission/inet", "smtpd")
    assert [(option.name, option.detail) for option in service.children] == [
        ("biff", "no"),
        ("mydomain", "x y"),
    ]
    for option in service.children:
        assert service.location.span.start <= option.location.span.start
        assert option.location.span.end <= service.location.span.end


def test_folds(editor: Editor) -> None:
    editor.open("main.cf", MAIN)
    tree = editor.analysis.tree(editor.path)
    assert tree is not None
    assert folds(tree) == [(1, 2, "comment"), (7, 10, "region")]


def test_tokens(editor: Editor) -> None:
    editor.open("main.cf", MAIN)
    text = MAIN
    found = [(text[token.start : token.end], token.type) for token in tokens(editor.analysis, editor.path)]
    assert found == [
        ("# One", "comment"),
        ("# Two", "comment"),
        ("# Three", "comment"),
        ("compatibility_level", "property"),
        ("mydomain", "property"),
        ("smtpd_relay_restrictions", "property"),
        ("permit_mynetworks", "function"),
        ("  # a comment inside", "comment"),
        ("reject_unauth_destination", "function"),
        ("myorigin", "property"),
        ("$mydomain", "variable"),
        ("biff", "property"),
        ("no", "keyword"),
    ]


def test_what_is_outdated_is_marked(editor: Editor) -> None:
    editor.open("main.cf", "smtpd_use_tls = yes\n")
    assert [token.modifier for token in tokens(editor.analysis, editor.path)][:1] == ["deprecated"]


def test_hints(editor: Editor) -> None:
    editor.open("main.cf", MAIN)
    (hint,) = hints(editor.analysis, editor.path, Span(0, len(MAIN)))
    assert hint.text == "= example.com"
    assert MAIN[: hint.offset].endswith("myorigin = $mydomain")
    assert hints(editor.analysis, editor.path, Span(0, 20)) == []


def test_a_hint_shows_what_is_unknown_and_is_not_endless(editor: Editor) -> None:
    text = "a = " + "x" * 500 + "\nb = $a\nc = $myhostname, x\n"
    editor.open("main.cf", text)
    long, unknown = hints(editor.analysis, editor.path, Span(0, len(text)))
    assert len(long.text) < 70
    assert long.tooltip == "x" * 500
    assert unknown.text == "= …, x"
