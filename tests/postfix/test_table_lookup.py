"""What tables hold, where it can be read, and where that is left open."""

from pathlib import Path

import pytest

from maillint.postfix.configuration import load_directory
from maillint.postfix.table_lookup import FAILED, FOUND, MISSING, UNKNOWN, open_table

FILES = {
    "main.cf": "",
    "pairs": "# a comment\nKey.Example  first\n    second line\nother value\n",
    "twice": "key one\nKEY two\n",
    "nets": "if 10.0.0.0/8\n!10.1.0.0/16 outer\n10.1.2.0/24 inner\nendif\n::/0 six\nnonsense x\n",
    "patterns": "/^a(b|c)$/ group\nif !/x/\n/y/i capital\nendif\n/(a+)+$/ slow\n",
}


@pytest.mark.parametrize(
    ("table", "key", "state", "value"),
    [
        ("static:OK", "anything", FOUND, "OK"),
        ("inline:{ a=1, {b = 2 c}, a=3 }", "a", FOUND, "3"),
        ("hash:/etc/postfix/pairs", "key.example", FOUND, "first    second line"),
        ("proxy:hash:/etc/postfix/pairs", "key.example", FOUND, "first    second line"),
        ("proxy:texthash:/etc/postfix/pairs", "key.example", MISSING, ""),
        ("texthash:/etc/postfix/pairs", "nobody", MISSING, ""),
        ("texthash:/etc/postfix/twice", "nobody", FAILED, ""),
        ("hash:/etc/postfix/twice", "key", FOUND, "one"),
        ("cidr:/etc/postfix/nets", "10.2.0.1", FOUND, "outer"),
        ("cidr:/etc/postfix/nets", "10.1.2.3", FOUND, "inner"),
        ("cidr:/etc/postfix/nets", "192.0.2.1", MISSING, ""),
        ("cidr:/etc/postfix/nets", "2001:db8::1", FOUND, "six"),
        ("cidr:/etc/postfix/nets", "host.example", MISSING, ""),
        ("regexp:/etc/postfix/patterns", "AB", FOUND, "group"),
        ("regexp:/etc/postfix/patterns", "Y", UNKNOWN, ""),
        ("pcre:/etc/postfix/patterns", "y", FOUND, "capital"),
        ("pcre:/etc/postfix/patterns", "zzz", UNKNOWN, ""),
        ("unionmap:{static:a, inline:{k=b}}", "k", FOUND, "a,b"),
        ("pipemap:{inline:{k=b}, inline:{b=c}}", "k", FOUND, "c"),
        ("fail:x", "k", FAILED, ""),
        ("mysql:/etc/postfix/sql.cf", "k", UNKNOWN, ""),
        ("hash:/etc/postfix/not-there", "k", UNKNOWN, ""),
        ("hash:/etc/elsewhere/pairs", "k", UNKNOWN, ""),
    ],
)
def test_find(tmp_path: Path, table: str, key: str, state: str, value: str) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    view = load_directory(str(tmp_path)).main_view
    found = open_table(table, view).find(key)
    assert (found.state, found.value) == (state, value)
