"""Reading the files of the programs around Postfix."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.syntax.dovecot import parse_dovecot
from maillint.syntax.entries import EntryFile
from maillint.syntax.pairs import ASSIGNMENTS, INI, QUOTED_WORDS, WORDS, parse_pairs
from maillint.syntax.source import Source
from maillint.syntax.ucl import ParseError, parse_ucl

DOVECOT = """\
# begins
protocols = imap lmtp # speaks
service auth {
  unix_listener "/var/spool/postfix/private/auth" { # for Postfix
    mode = 0660
  }
}
login_greeting = one \\
   two # not this
!include conf.d/*.conf
ssl_cert = </etc/ssl/cert.pem
separator = "# ."
} stray
last = yes"""


def read(file: EntryFile) -> list[tuple[str, str, str]]:
    """Of each entry the titles around it, its name and its value."""
    return [(" / ".join(head.title for head in e.within), e.name, e.value.text) for e in file.entries]


def test_dovecot() -> None:
    file = parse_dovecot(Source("dovecot.conf", DOVECOT))
    listener = "service auth / unix_listener /var/spool/postfix/private/auth"
    assert read(file) == [
        ("", "protocols", "imap lmtp"),
        ("", "service", "auth"),
        ("service auth", "unix_listener", "/var/spool/postfix/private/auth"),
        (listener, "mode", "0660"),
        ("", "login_greeting", "one two"),
        ("", "!include", "conf.d/*.conf"),
        ("", "ssl_cert", "</etc/ssl/cert.pem"),
        ("", "separator", "# ."),
        ("", "last", "yes"),
    ]
    assert [entry.value.location().text for entry in file.entries[:4]] == [
        "imap lmtp", "auth", "/var/spool/postfix/private/auth", "0660",
    ]  # fmt: skip


def test_ucl() -> None:
    text = """\
# signs
milter = yes; bind_socket = "localhost:11332";
domain { example.com { selectors [ { path: "/a"; selector: "s" }, { selector = t } ] } }
.include(try=true) "more"
upstream "local" { self_scan = yes }  /* inside */
list = ["a", "b"]
"""
    assert read(parse_ucl(Source("x.conf", text))) == [
        ("", "milter", "yes"),
        ("", "bind_socket", "localhost:11332"),
        ("", "domain", ""),
        ("domain", "example.com", ""),
        ("domain / example.com", "selectors", ""),
        ("domain / example.com / selectors", "", ""),
        ("domain / example.com / selectors / ", "path", "/a"),
        ("domain / example.com / selectors / ", "selector", "s"),
        ("domain / example.com / selectors", "", ""),
        ("domain / example.com / selectors / ", "selector", "t"),
        ("", ".include(try=true)", "more"),
        ("", "upstream", ""),
        ("upstream", "local", ""),
        ("upstream / local", "self_scan", "yes"),
        ("", "list", ""),
        ("list", "", "a"),
        ("list", "", "b"),
    ]


@pytest.mark.parametrize("text", ["a = {", "a = }", "= b", 'x = "open'])
def test_what_is_no_ucl_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_ucl(Source("x.conf", text))


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (
            WORDS,
            "Socket local:/x # c\nUMask\t007\r\nalone\n#Mode v\n",
            [("Socket", "local:/x"), ("UMask", "007"), ("alone", "")],
        ),
        (
            QUOTED_WORDS,
            '# c\naccount x\nfrom "a b"\n  port 465',
            [("account", "x"), ("from", "a b"), ("port", "465")],
        ),
        (
            ASSIGNMENTS,
            "# c\nmailhub=smtp:465\nUseTLS = YES\nroot=\n",
            [("mailhub", "smtp:465"), ("UseTLS", "YES"), ("root", "")],
        ),
        (
            INI,
            "; c\n[mail]\nsendmail_path = \"/s -t; -i\" ; c\nphp_value[a] = /b c ; d\nempty =\nx='y'",
            [
                ("mail", ""),
                ("sendmail_path", "/s -t; -i"),
                ("php_value[a]", "/b c"),
                ("empty", ""),
                ("x", "y"),
            ],
        ),
    ],
)
def test_pairs(form: object, text: str, expected: list[tuple[str, str]]) -> None:
    file = parse_pairs(Source("file", text), form)  # type: ignore[arg-type]
    assert [(entry.name, entry.value.text) for entry in file.entries] == expected


TEXT = st.text(alphabet=st.sampled_from("ab={}[]<>;,:#\"'\\ \t\r\n!/*.\0\udc80"), max_size=80)


@given(TEXT)
@settings(deadline=None, max_examples=300)
def test_every_text_is_covered_by_nodes(text: str) -> None:
    source = Source("file", text)
    forms = (WORDS, QUOTED_WORDS, ASSIGNMENTS, INI)
    for file in (parse_dovecot(source), *(parse_pairs(source, form) for form in forms)):
        assert "".join(node.location.text for node in file.nodes) == text
        for entry in file.entries:
            assert entry.name_location.text == entry.name
            assert 0 <= entry.value.span.start <= entry.value.span.end <= len(text)


@given(TEXT)
@settings(deadline=None, max_examples=300)
def test_every_text_is_ucl_or_refused(text: str) -> None:
    source = Source("file", text)
    try:
        file = parse_ucl(source)
    except ParseError:
        return
    assert "".join(node.location.text for node in file.nodes) == text


LONG = 30_000


@pytest.mark.parametrize(
    "text",
    [
        *("a" + " " * LONG + "\x0b{", "a = " + "'\\" * LONG, "a" + " " * LONG, "a" + " =" * LONG, "=" * LONG),
        *("{" * LONG, "a {\n" * LONG, "}\n" * LONG, "[" * LONG, "a = [" * LONG, "a { " * LONG),
        *('"a' * LONG, "\\\n" * LONG, "/*" * LONG, "#" * LONG),
    ],
    ids=lambda text: repr(text[:4]),
)
def test_no_text_takes_long(text: str) -> None:
    """What grows with the square of the text would not end today."""
    source = Source("file", text)
    parse_dovecot(source)
    for form in (WORDS, QUOTED_WORDS, ASSIGNMENTS, INI):
        parse_pairs(source, form)
    try:
        parse_ucl(source)
    except ParseError:
        return
