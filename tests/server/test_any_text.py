"""Whatever stands in a file and wherever the cursor is, each question has an answer, and none fails."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.server.actions import actions, fix_all
from maillint.server.completion import complete
from maillint.server.diagnostics import diagnostics
from maillint.server.hints import hints
from maillint.server.hover import hover
from maillint.server.navigation import definition, highlights, references
from maillint.server.outline import folds, symbols
from maillint.server.positions import Positions
from maillint.server.tokens import tokens
from maillint.syntax.source import Span
from server.editing import Editor
from support import MAIN_CF as MAIN
from support import MASTER_CF, corpus_files, needs_corpus

WORDS = (
    "\n", "\n  ", " ", "\t", "=", ",", "#", "$", "${", "}", "{", "(", "?", ":", "\0", "\r\n", "ä", "😀",
    "\udcff", "-o", "-", "n", "y", "smtp", "inet", "unix", "smtpd", "pipe", "hash:/etc/postfix/virtual",
    "static:{", "proxy:", "myhostname", "mydestination", "smtpd_restriction_classes",
    "smtpd_recipient_restrictions", "strict", "check_client_access", "reject", "biff",
    "smtpd_tls_security_level", "yes", "maybe", '"', "$myhostname", "# maillint: ignore[biff", "]",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


def ask_all(editor: Editor, offset: int) -> None:
    """Ask every question; the places in the answers are in the files that they name."""
    analysis, path = editor.analysis, editor.path
    text = analysis.source(path).text
    place = analysis, path, offset
    found = hover(*place)
    assert found is None or found.text
    offered = complete(*place)
    assert offered is None or 0 <= offered.span.start <= offset
    for location in (*definition(*place), *references(*place)):
        assert 0 <= location.span.start <= location.span.end
    highlights(*place)
    positions = Positions()
    for diagnostic in diagnostics(analysis, path):
        start, end = positions.range(diagnostic.location)
        assert start <= end
    for action in actions(analysis, path, 1, 10**6):
        for edit in action.edits:
            positions.range(edit.location)
    end = 0
    for token in tokens(analysis, path):
        assert end <= token.start < token.end <= len(text)
        assert "\n" not in text[token.start : token.end]
        end = token.end
    for hint in hints(analysis, path, Span(0, len(text))):
        assert 0 <= hint.offset <= len(text)
    tree = analysis.tree(path)
    assert tree is not None
    lines = text.count("\n") + 1
    for symbol in symbols(tree):
        outer, inner = symbol.location.span, symbol.name_location.span
        assert outer.start <= inner.start <= inner.end <= outer.end <= len(text)
    for fold in folds(tree):
        assert 1 <= fold.first < fold.last <= lines


@settings(max_examples=150)
@given(TEXTS, TEXTS, st.data())
def test_any_text(
    tmp_path_factory: pytest.TempPathFactory, main: str, master: str, data: st.DataObject
) -> None:
    editor = Editor(Path("/nowhere/at/all"))
    for name, text in (("main.cf", main), ("master.cf", master)):
        editor.open(name, text)
        held = editor.documents.get(editor.path)
        assert held is not None
        ask_all(editor, data.draw(st.integers(0, len(held.text))))
    fix_all(editor.analysis, editor.path)


@needs_corpus
@pytest.mark.parametrize("kind", [MAIN, MASTER_CF])
def test_real_files(kind: str, tmp_path: Path) -> None:
    """Every twentieth real file, with the cursor at some of its places."""
    name = "main.cf" if kind == MAIN else "master.cf"
    for file in list(corpus_files(kind))[::20]:
        editor = Editor(tmp_path)
        editor.open(name, file.path.read_bytes().decode("utf-8", "replace"))
        length = len(editor.analysis.source(editor.path).text)
        for offset in range(0, length, length // 3 + 1):
            ask_all(editor, offset)
