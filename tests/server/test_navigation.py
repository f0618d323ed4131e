"""Go to definition, and find references."""

import pytest

from maillint.server.navigation import definition, highlights, references
from server.editing import Editor

MAIN = """\
compatibility_level = 3.6
mydomain = example.com
mydomain = example.net
myorigin = $mydomain
mydestination = localhost, ${mydomain}
virtual_alias_maps = hash:/etc/postfix/virtual, hash:$config_directory/virtual
alias_maps = hash:/etc/postfix/missing
default_transport = relay:[mx.example.com]
smtpd_restriction_classes = strict
strict = reject_non_fqdn_sender
smtpd_sender_restrictions = permit_mynetworks, strict
"""


def with_cursor(editor: Editor, before: str, name: str = "main.cf", text: str = MAIN) -> None:
    """Open the file with the cursor behind *before*."""
    editor.save("virtual", "a@example.com b\n")
    at = text.index(before) + len(before)
    editor.open(name, f"{text[:at]}‸{text[at:]}")


@pytest.mark.parametrize(
    ("before", "leads_to"),
    [
        ("myorigin = $myd", ["main.cf:3:mydomain"]),
        ("mydestination = localhost, ${myd", ["main.cf:3:mydomain"]),
        ("hash:/etc/postfix/vir", ["virtual:1:"]),
        ("$config_directory/vir", ["virtual:1:"]),
        ("/etc/postfix/miss", []),
        ("default_transport = rel", ["master.cf:5:relay"]),
        ("permit_mynetworks, str", ["main.cf:10:strict"]),
        ("smtpd_restriction_classes = str", ["main.cf:10:strict"]),
        ("mydomain = example.c", []),
        ("# ", []),
    ],
)
def test_definition(before: str, leads_to: list[str], editor: Editor) -> None:
    with_cursor(editor, before, text="# \n" + MAIN if before == "# " else MAIN)
    assert list(map(editor.shown, definition(*editor.place))) == leads_to


def test_an_override_leads_to_what_it_overrides(editor: Editor) -> None:
    editor.save("main.cf", "biff = no\nsmtpd_tls_security_level = may\n")
    text = "submission inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n"
    with_cursor(editor, "-o smtpd_tls", "master.cf", text)
    assert list(map(editor.shown, definition(*editor.place))) == ["main.cf:2:smtpd_tls_security_level"]


def test_in_an_override_a_name_is_that_of_the_service(editor: Editor) -> None:
    editor.save("main.cf", "mydomain = example.com\n")
    text = "submission inet n - y - - smtpd\n  -o mydomain=example.net\n  -o myorigin=$mydomain\n"
    with_cursor(editor, "$myd", "master.cf", text)
    assert list(map(editor.shown, definition(*editor.place))) == ["master.cf:2:mydomain"]


def test_references_of_a_parameter(editor: Editor) -> None:
    with_cursor(editor, "mydomain = example.net\nmyorigin = $myd")
    assert list(map(editor.shown, references(*editor.place))) == [
        "main.cf:2:mydomain",
        "main.cf:3:mydomain",
        "main.cf:4:$mydomain",
        "main.cf:5:${mydomain}",
    ]
    uses = references(*editor.place, with_definition=False)
    assert [place.start.line for place in uses] == [4, 5]


def test_references_of_a_service_go_over_both_files(editor: Editor) -> None:
    editor.save("main.cf", MAIN)
    with_cursor(editor, "rel", "master.cf", "relay unix - - y - - smtp\n")
    shown = list(map(editor.shown, references(*editor.place)))
    assert shown == ["master.cf:1:relay", "main.cf:8:relay"]


def test_references_of_a_file(editor: Editor) -> None:
    with_cursor(editor, "hash:/etc/postfix/vir")
    shown = list(map(editor.shown, references(*editor.place)))
    assert shown == ["main.cf:6:/etc/postfix/virtual", "main.cf:6:$config_directory/virtual"]


def test_an_override_is_a_reference_too(editor: Editor) -> None:
    text = "compatibility_level = 3.6\nsmtpd_tls_security_level = may\n"
    with_cursor(editor, "smtpd_tls", text=text)
    shown = list(map(editor.shown, references(*editor.place)))
    assert shown == ["main.cf:2:smtpd_tls_security_level", "master.cf:3:smtpd_tls_security_level"]
    assert len(highlights(*editor.place)) == 1
