"""What can be done about a finding."""

import pytest

from maillint.engine.registry import Registry
from maillint.server.actions import FIX, FIX_UNSAFE, IGNORE, Action, actions, fix_all
from maillint.server.diagnostics import TAGGED
from maillint.server.documents import uri_of
from server.editing import Editor

START = "compatibility_level = 3.6\nmyhostname = mx.example.com\n"


def about(editor: Editor, rule: str) -> list[Action]:
    found = actions(editor.analysis, editor.path, 1, 99)
    return [action for action in found if action.diagnostic is not None and action.diagnostic.rule == rule]


def done(editor: Editor, action: Action) -> str:
    """Do it; returns the text of the file that was opened last."""
    text = editor.analysis.source(editor.path).text
    for edit in sorted(action.edits, key=lambda edit: edit.location.start, reverse=True):
        lines = text.split("\n")
        starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
        first, last = (
            starts[place.line - 1] + place.column - 1 for place in (edit.location.start, edit.location.end)
        )
        text = text[:first] + edit.text + text[last:]
    editor.documents.put(uri_of(editor.path), 2, text)
    return text


def test_a_safe_fix(editor: Editor) -> None:
    editor.open("main.cf", START + 'mydomain = "example.com"\n')
    fix, *_ = about(editor, "quoted-value")
    assert fix.kind == FIX
    assert done(editor, fix) == START + "mydomain = example.com\n"


def test_an_unsafe_fix_says_so(editor: Editor) -> None:
    editor.open("main.cf", "myhostname = mx.example.com\n")
    fix, *_ = about(editor, "compatibility-level-unset")
    assert fix.kind == FIX_UNSAFE
    assert fix.title.endswith("(may change what Postfix does)")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ignore_here_and_in_this_file(end: str, editor: Editor) -> None:
    lines = ["smtpd_sender_restrictions =", "  reject_non_fqdn_sender,", "  reject_non_fqdn_sender", ""]
    text = START + end.join(lines)
    rule = "duplicate-restriction"
    editor.open("main.cf", text)
    here, everywhere = (action for action in about(editor, rule) if action.kind == IGNORE)
    comment = f"# maillint: ignore[{rule}] TODO: say why this is right here{end}"
    assert done(editor, here) == START + comment + text.removeprefix(START)
    assert rule not in editor.rules()
    editor.open("main.cf", text)
    assert (
        done(editor, everywhere)
        == f"# maillint: ignore-file[{rule}] TODO: say why this is right here\n{text}"
    )
    assert rule not in editor.rules()


def test_ignore_in_a_table(editor: Editor) -> None:
    editor.save("main.cf", START + "virtual_alias_maps = hash:/etc/postfix/virtual\n")
    editor.save("virtual", "")
    editor.open("virtual", "# first\n\na@example.com b\na@example.com c\n")
    (here, _) = (action for action in about(editor, "table-duplicate-key") if action.kind == IGNORE)
    lines = done(editor, here).split("\n")
    assert lines[3].startswith("# maillint: ignore[table-duplicate-key]")
    assert "table-duplicate-key" not in editor.rules()


def test_comments_about_ignoring_cannot_be_ignored(editor: Editor) -> None:
    editor.open("main.cf", START + "# maillint: ignore[bad-boolean] why\nbiff = no\n")
    assert about(editor, "unused-ignore")
    assert all(action.kind != IGNORE for action in about(editor, "unused-ignore"))


def test_only_what_is_in_the_lines(editor: Editor) -> None:
    editor.open("main.cf", START + "biff = maybe\n\nappend_dot_mydomain = maybe\n")
    found = actions(editor.analysis, editor.path, 5, 5)
    assert {action.diagnostic.location.start.line for action in found if action.diagnostic} == {5}


def test_all_safe_fixes_at_once(editor: Editor) -> None:
    editor.open("main.cf", START + 'mydomain = "example.com"\nmyorigin = "$mydomain"\nbiff = no\n')
    action = fix_all(editor.analysis, editor.path)
    assert action is not None
    assert done(editor, action) == START + "mydomain = example.com\nmyorigin = $mydomain\nbiff = no\n"
    assert fix_all(editor.analysis, editor.path) is None


def test_all_safe_fixes_of_a_table_are_made_in_its_unsaved_text(editor: Editor) -> None:
    editor.save("main.cf", START + "virtual_alias_maps = hash:/etc/postfix/virtual\n")
    editor.save("virtual", "")
    editor.open("virtual", "# first\n\na@example.com b # why\nc@example.com d\n")
    action = fix_all(editor.analysis, editor.path)
    assert action is not None
    assert done(editor, action) == "# first\n\n# why\na@example.com b\nc@example.com d\n"
    assert (editor.folder / "virtual").read_text() == ""


def test_the_rules_that_are_tagged_exist() -> None:
    rules = Registry.load().rules
    assert all(name in rules for names in TAGGED.values() for name in names)
