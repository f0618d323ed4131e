"""What may be written at a place."""

import pytest

from maillint.server.completion import PARAMETER, RESTRICTION, Completions, complete, documentation
from server.editing import Editor

START = "compatibility_level = 3.6\n"


def offered(editor: Editor) -> Completions:
    found = complete(*editor.place)
    assert found is not None
    return found


def labels(editor: Editor) -> list[str]:
    return [item.label for item in offered(editor).items]


def test_names_of_parameters(editor: Editor) -> None:
    editor.open("main.cf", START + "smtpd_relay_r‸\n")
    found = offered(editor)
    assert [item.label for item in found.items] == ["smtpd_relay_restrictions"]
    assert found.items[0].suffix == " = "
    assert found.span == (editor.offset - len("smtpd_relay_r"), editor.offset)


def test_a_name_in_the_midst_of_a_line_that_is_right_already(editor: Editor) -> None:
    editor.open("main.cf", START + "smtpd_ban‸ = hello\n")
    (found,) = (item for item in offered(editor).items if item.label == "smtpd_banner")
    assert found.suffix == ""
    editor.open("main.cf", START + "smtpd_sender_restrictions = check_sender_access‸ hash:/x\n")
    assert offered(editor).items[0].suffix == ""


def test_only_names_of_the_version(editor: Editor) -> None:
    editor.save("maillint.toml", 'postfix-version = "3.4"\n')
    editor.open("main.cf", "smtpd_forbid_‸\n")
    assert "smtpd_forbid_bare_newline" not in labels(editor)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("biff = ‸", ["no", "yes"]),
        ("biff = y‸", ["yes"]),
        ("smtp_tls_security_level = dane‸", ["dane", "dane-only"]),
        ("inet_interfaces = ‸", ["all"]),
        ("smtpd_relay_restrictions = permit_my‸", ["permit_mynetworks"]),
        ("smtpd_relay_restrictions =\n  permit_mynetworks,\n  # and\n  reject_unauth_d‸",
         ["reject_unauth_destination"]),
        ("smtpd_restriction_classes = strict\nstrict = reject\nsmtpd_relay_restrictions = str‸",
         ["strict"]),
        ("smtpd_restriction_classes = strict\nstrict = reject_non_fqdn_h‸",
         ["reject_non_fqdn_helo_hostname"]),
        ("smtpd_sender_restrictions = check_sender_access text‸", ["texthash:"]),
        ("virtual_alias_maps = unio‸", ["unionmap:"]),
        ("virtual_alias_maps = proxy:mys‸", ["mysql:"]),
        ("transport_maps = hash:/etc/postfix/tr‸", ["/etc/postfix/transport"]),
        ("default_transport = rel‸", ["relay"]),
        ("myorigin = $mydom‸", ["mydomain", "append_dot_mydomain"]),
        ("myorigin = ${mydom‸", ["mydomain", "append_dot_mydomain"]),
        ("# maillint: ignore[bad-bool‸", ["bad-boolean"]),
    ],
)  # fmt: skip
def test_words_that_fit(line: str, words: list[str], editor: Editor) -> None:
    editor.save("transport", "")
    editor.open("main.cf", START + line + "\n")
    assert labels(editor) == words


def test_restrictions_are_not_offered_in_other_lists(editor: Editor) -> None:
    editor.open("main.cf", START + "mydestination = reject_‸\n")
    assert labels(editor) == []


def test_what_is_set_comes_first_behind_a_dollar(editor: Editor) -> None:
    editor.open("main.cf", START + "my_own = x\nmyorigin = $my‸\n")
    assert labels(editor)[0] == "my_own"


def test_a_blank_line_begins_a_name_and_an_indented_one_goes_on(editor: Editor) -> None:
    editor.open("main.cf", START + "smtpd_helo_restrictions =\n  permit_mynetworks\n‸\n")
    assert "biff" in labels(editor)
    editor.open("main.cf", START + "smtpd_helo_restrictions =\n  permit_mynetworks\n  ‸\n")
    assert "reject_invalid_helo_hostname" in labels(editor)


def test_in_master_cf(editor: Editor) -> None:
    entry = "submission inet n - y - - smtpd\n"
    editor.open("master.cf", entry + "  -o smtpd_tls_wra‸\n")
    assert offered(editor).items[0][:1] == ("smtpd_tls_wrappermode",)
    assert offered(editor).items[0].suffix == "="
    editor.open("master.cf", entry + "  -o smtpd_tls_wrappermode=‸\n")
    assert labels(editor) == ["no", "yes"]
    editor.open("master.cf", entry + "  -o { smtpd_relay_restrictions = permit_s‸\n")
    assert labels(editor) == ["permit_sasl_authenticated"]
    editor.open("master.cf", "submission inet n - y - - trivial‸\n")
    assert labels(editor) == ["trivial-rewrite"]
    editor.open("master.cf", "submission un‸\n")
    assert labels(editor) == ["unix", "unix-dgram"]
    editor.open("master.cf", entry + "  ‸\n")
    assert labels(editor) == ["-o"]


def test_what_the_program_reads_comes_first(editor: Editor) -> None:
    editor.open("master.cf", "smtp unix - - y - - smtp\n  -o smtp‸\n")
    assert labels(editor)[0].startswith("smtp_")


def test_a_long_list_is_cut_and_says_so(editor: Editor) -> None:
    editor.open("main.cf", "‸")
    found = offered(editor)
    assert not found.is_complete
    assert 100 <= len(found.items) <= 200


def test_more_is_told_of_one(editor: Editor) -> None:
    editor.open("main.cf", START + "biff = no\n")
    assert "Now: `no`" in (documentation(editor.analysis, PARAMETER, "biff") or "")
    assert "restriction of smtpd" in (documentation(editor.analysis, RESTRICTION, "reject") or "")
    assert documentation(editor.analysis, RESTRICTION, "no_such_thing") is None
