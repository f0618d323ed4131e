"""What is said of the thing under the pointer."""

import pytest

from maillint.server.hover import hover
from server.editing import Editor, plain

START = "compatibility_level = 3.6\n"


def said(editor: Editor) -> str:
    found = hover(*editor.place)
    return plain(found.text) if found is not None else ""


def test_a_parameter_has_its_facts_and_its_value_with_the_chain(editor: Editor) -> None:
    editor.open(
        "main.cf", START + "mydomain = example.com\nmyhostname = mx.$mydomain\nmydest‸ination = $myhostname\n"
    )
    text = said(editor)
    assert text.startswith("**mydestination**, text")
    assert "Now: `mx.example.com`, main.cf:4" in text
    assert "`myhostname = mx.$mydomain`, main.cf:3" in text
    assert "`mydomain = example.com`, main.cf:2" in text
    assert "postconf.5.html#mydestination" in text


def test_a_default_is_that_of_the_version(editor: Editor) -> None:
    editor.save("maillint.toml", 'postfix-version = "3.10"\n')
    editor.open("main.cf", START + "smtpd_tls_prot‸ocols = $x\n")
    assert "default in Postfix 3.10: `>=TLSv1`" in said(editor)
    editor.analyses.forget()
    editor.save("maillint.toml", 'postfix-version = "3.4"\n')
    assert "default in Postfix 3.4: `!SSLv2, !SSLv3`" in said(editor)


def test_a_service_has_its_own_value(editor: Editor) -> None:
    editor.open("main.cf", START + "smtpd_tls_sec‸urity_level = may\n")
    text = said(editor)
    assert "Now: `may`" in text
    assert "`submission/inet`: `encrypt`, master.cf:3" in text
    editor.save("main.cf", START + "smtpd_tls_security_level = may\n")
    editor.open("master.cf", "submission inet n - y - - smtpd\n  -o smtpd_tls_sec‸urity_level=encrypt\n")
    assert "Now for `submission/inet`: `encrypt`, master.cf:2" in said(editor)


def test_a_reference_is_about_what_it_refers_to(editor: Editor) -> None:
    editor.open("main.cf", START + "mydomain = example.com\nmydestination = localhost, $myd‸omain\n")
    assert said(editor).startswith("**mydomain**")


def test_a_word_that_is_a_restriction_says_what_it_does(editor: Editor) -> None:
    editor.open(
        "main.cf", START + "smtpd_sender_restrictions =\n  # first\n  reject_unkn‸own_sender_domain\n"
    )
    assert said(editor).startswith("**reject_unknown_sender_domain**, restriction of smtpd")


def test_a_table_type_says_what_its_name_is(editor: Editor) -> None:
    editor.open("main.cf", START + "virtual_alias_maps = ha‸sh:/etc/postfix/virtual\n")
    assert "type of lookup table" in said(editor)


def test_a_finding_brings_the_page_of_its_rule(editor: Editor) -> None:
    editor.open("main.cf", START + "biff = may‸be\n")
    text = said(editor)
    assert text.startswith("**biff**")
    assert "**bad-boolean**, error" in text


def test_a_finding_in_a_table_brings_the_page_of_its_rule(editor: Editor) -> None:
    editor.save("main.cf", START + "virtual_alias_maps = hash:/etc/postfix/virtual\n")
    editor.save("virtual", "")
    editor.open("virtual", "# one\n\na@example.com b\na@exam‸ple.com c\n")
    assert "**table-duplicate-key**" in said(editor)


def test_the_rule_that_an_ignore_comment_names(editor: Editor) -> None:
    editor.open("main.cf", START + "# maillint: ignore[bad-bo‸olean] because\nbiff = maybe\n")
    assert said(editor).startswith("**bad-boolean**, error")


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ("smtp ine‸t n - y - - smtpd", "**type**"),
        ("smtp inet n - ‸y - - smtpd", "**chroot**"),
        ("smtp inet n - y - - smt‸pd", "**smtpd**(8), program of Postfix"),
        ("sm‸tp inet n - y - - smtpd", "**smtp/inet**, master.cf:1"),
    ],
)
def test_a_field_of_an_entry_is_explained(line: str, said_of_it: str, editor: Editor) -> None:
    editor.open("master.cf", line + "\n")
    assert said(editor).startswith(said_of_it)


def test_what_is_unknown_is_not_made_up(editor: Editor) -> None:
    editor.open("main.cf", START + "mydestination = $myhost‸name\n")
    text = said(editor)
    assert "Now: `…`, by default (myhostname is not set" in text


def test_text_of_a_configuration_stays_code(editor: Editor) -> None:
    editor.open("main.cf", START + "mail_n‸ame = `x` [a](http://b) <b>``\n")
    assert "``` `x` [a](http://b) <b>`` ```" in said(editor)


@pytest.mark.parametrize("text", ["‸", START + "\n‸\n", START + "# only ‸words\n", "nothing ‸\n"])
def test_there_is_nothing_to_say_about_nothing(text: str, editor: Editor) -> None:
    editor.open("main.cf", text)
    assert "**nothing**" not in said(editor)
