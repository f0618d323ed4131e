"""Which configuration an open file belongs to, and what of it is unsaved."""

import os
from pathlib import Path

import pytest

from maillint.server.documents import Documents, path_of, uri_of
from server.editing import Editor


@pytest.mark.parametrize(
    "uri",
    ["untitled:main.cf", "git:/etc/postfix/main.cf", "file:", "file://server/share/main.cf", "", "file:///a%00b",
     "http://[", "main.cf"],
)  # fmt: skip
def test_what_lies_on_no_disk_has_no_path(uri: str) -> None:
    assert path_of(uri) is None
    assert Documents().put(uri, 1, "biff = no\n") is None


@pytest.mark.parametrize("path", ["/etc/postfix/main.cf", "/tmp/a b/ä%20#?/main.cf", "/tmp/\udcff/main.cf"])
def test_a_path_goes_to_a_uri_and_back(path: str) -> None:
    assert path_of(uri_of(path)) == path


def test_the_editor_gets_its_own_spelling_of_a_uri() -> None:
    documents = Documents()
    documents.put("file:///tmp/%6dain.cf", 1, "")
    assert documents.uri("/tmp/main.cf") == "file:///tmp/%6dain.cf"


def test_halves_of_pairs_are_no_text_of_a_file() -> None:
    document = Documents().put("file:///tmp/main.cf", 1, "a\ud800b😀\udc00")
    assert document is not None
    assert document.text == "a\ufffdb😀\ufffd"
    assert document.data.decode() == document.text


def test_unsaved_texts_of_one_directory_are_judged_together(editor: Editor) -> None:
    editor.open("main.cf", "compatibility_level = 3.6\nmyhostname = mx.example.com\nbiff = maybe\n")
    assert "bad-boolean" in editor.rules()
    main = editor.path
    editor.open("master.cf", "smtp inet n - y - - smtpd\n  -o smtpd_helo_required=maybe\n")
    assert "bad-boolean" in [finding.rule for finding in editor.analysis.findings(editor.path)]
    editor.path = main
    editor.documents.put(
        uri_of(main), 2, "compatibility_level = 3.6\nmyhostname = mx.example.com\nbiff = no\n"
    )
    assert "bad-boolean" not in editor.rules()


def test_the_unsaved_text_of_a_table_counts(editor: Editor) -> None:
    editor.save("virtual", "anna@example.com anna\n")
    editor.open("main.cf", "virtual_alias_maps = hash:/etc/postfix/virtual\n")
    assert "table-duplicate-key" not in editor.rules("virtual")
    editor.open("virtual", "anna@example.com anna\nanna@example.com berta\n")
    assert "table-duplicate-key" in editor.rules()
    assert (editor.folder / "virtual").read_text() == "anna@example.com anna\n"


def test_a_table_in_a_folder_below_belongs_to_the_main_cf_above(editor: Editor) -> None:
    editor.save("main.cf", "virtual_alias_maps = hash:/etc/postfix/maps/virtual\n")
    editor.save("maps/virtual", "")
    editor.open("maps/virtual", "a@example.com b\na@example.com c\n")
    assert "table-duplicate-key" in editor.rules()


def test_a_file_that_somebody_else_writes_is_read_again(editor: Editor) -> None:
    editor.save("master.cf", "smtp inet n - y - - smtpd\n")
    editor.open("main.cf", "compatibility_level = 3.6\nbiff = no\n")
    before = editor.analysis
    assert editor.analysis is before
    editor.save("master.cf", "smtp inet n - y - - smtpd\n  -o smtpd_helo_required=maybe\n")
    os.utime(editor.folder / "master.cf", (1, 1))
    assert editor.analysis is not before


@pytest.mark.parametrize("name", ["notes.txt", "main.cf.orig", "README"])
def test_a_document_of_another_kind_gets_nothing(name: str, editor: Editor) -> None:
    editor.save("main.cf", "biff = maybe\n")
    editor.open(name, "biff = maybe\nanything at all\n")
    assert editor.rules() == []
    assert editor.analysis.tree(editor.path) is None


def test_a_document_without_a_configuration_gets_nothing(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    editor.open("notes.txt", "biff = maybe\n")
    assert editor.analyses.of(editor.path) is None


def test_a_file_whose_language_is_known_is_judged_as_a_part(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    editor.open("main.cf.proto", "biff = maybe\n", language="pfmain")
    assert editor.rules() == ["bad-boolean"]


def test_the_settings_of_the_workspace_count(editor: Editor) -> None:
    editor.save("maillint.toml", 'ignore = ["bad-boolean"]\n')
    editor.open("main.cf", "biff = maybe\n")
    assert "bad-boolean" not in editor.rules()
    editor.analyses.forget()
    editor.save("maillint.toml", 'exclude = ["main.cf"]\n')
    assert editor.analyses.of(editor.path) is None


def test_an_empty_main_cf_is_told_so_and_can_be_filled(editor: Editor) -> None:
    from maillint.server.diagnostics import diagnostics

    editor.open("main.cf", "")
    (found,) = diagnostics(editor.analysis, editor.path)
    assert "is empty" in found.message
    assert editor.analysis.tree(editor.path) is not None


def test_a_template_is_judged_as_one(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    text = "{% if relay %}\nrelayhost = {{ relay }}\n{% endif %}\nbiff = maybe\n"
    editor.open("main.cf.j2", text)
    assert editor.rules() == ["bad-boolean"]
