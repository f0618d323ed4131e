"""Tables are read as the real Postfix opens them; which proxied tables are approved."""

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.postfix.configuration import Configuration
from maillint.postfix.tables import (
    BAD_NAME,
    NO_NAME,
    NO_TYPE,
    UNKNOWN_TYPE,
    approved_tables,
    parse_table,
    plugin_types,
    proxied,
)
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source
from support import needs_postfix

V37 = Version("3.7.11")

REFUSED = {
    ":name": (NO_TYPE, ":name"),
    "hash:": (NO_NAME, "hash:"),
    "hahs:/x": (UNKNOWN_TYPE, "hahs"),
    "HASH:/x": (UNKNOWN_TYPE, "HASH"),
    "inline:x": (BAD_NAME, "x"),
    "inline:{}": (BAD_NAME, "{}"),
    "inline:{ }": (BAD_NAME, "{ }"),
    "inline:{a=b": (BAD_NAME, "{a=b"),
    "inline:{a=b}c": (BAD_NAME, "{a=b}c"),
    "inline:{a b}": (BAD_NAME, "a"),
    "inline:{a=b, {c d}}": (BAD_NAME, "{c d}"),
    "inline:{a=b, {c=d}e}": (BAD_NAME, "{c=d}e"),
    "inline:{ {} }": (BAD_NAME, "{}"),
    'inline:{{"a b=c}}': (BAD_NAME, '{"a b=c}'),
    'inline:{{"a b" c}}': (BAD_NAME, '{"a b" c}'),
    "static:{a": (BAD_NAME, "{a"),
    "static:{a}b": (BAD_NAME, "{a}b"),
    "pipemap:x": (BAD_NAME, "x"),
    "pipemap:{}": (BAD_NAME, "{}"),
    "pipemap:{static:a, b}": (BAD_NAME, "b"),
    "pipemap:{static:a, hahs:b}": (UNKNOWN_TYPE, "hahs"),
    "unionmap:{static:a": (BAD_NAME, "{static:a"),
    "unionmap:{static:a, pipemap:{inline:{b c}}}": (BAD_NAME, "b"),
    "randmap:a": (BAD_NAME, "a"),
    "randmap:{ , }": (BAD_NAME, "{ , }"),
    "unix:shadow": (BAD_NAME, "shadow"),
    "socketmap:x": (BAD_NAME, "x"),
    "socketmap:inet:host": (BAD_NAME, "inet"),
    "socketmap:x:y:z": (BAD_NAME, "x:y"),
    "socketmap:inet:127.0.0.1:1x:name": (BAD_NAME, "127.0.0.1:1x"),
    "tcp:127.0.0.1:1x": (BAD_NAME, "127.0.0.1:1x"),
    "tcp:[127.0.0.1:1": (BAD_NAME, "[127.0.0.1:1"),
    "regexp:{{/a/ b}": (BAD_NAME, "{{/a/ b}"),
    "regexp:{/a/ b}": (BAD_NAME, "/a/"),
    "cidr:{{192.0.2.1 b} c}": (BAD_NAME, "c"),
}
"""Tables that Postfix 3.7 refuses: why, and the text at fault."""

TAKEN = [
    "inline:{a=b}",
    "inline:{a=}",
    "inline:{ {a = b c}, d=e }",
    'inline:{{"a b" = c}}',
    "static:{a}",
    "static:a b",
    "randmap:{a}",
    "pipemap:{static:a, inline:{b=c}}",
    "unionmap:{static:a}",
    "unix:passwd.byname",
    "environ:x",
    "regexp:{{/a/ b}, {/c/ d}}",
    "regexp:{}",
    "cidr:{{192.0.2.1 b}}",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    kind, at_fault = REFUSED[text]
    problems = [problem for table in parse_table(text, V37).walk() for problem in table.problems]
    assert [(problem.kind, text[problem.start : problem.end]) for problem in problems] == [(kind, at_fault)]


@needs_postfix
@pytest.mark.parametrize("text", REFUSED)
def test_postfix_says_so(text: str, postmap: dict[str, list[str]]) -> None:
    problem = next(problem for table in parse_table(text, V37).walk() for problem in table.problems)
    assert f"postmap: fatal: {problem.said}" in postmap[text]


@pytest.mark.parametrize("text", TAKEN)
def test_taken(text: str) -> None:
    assert not [table for table in parse_table(text, V37).walk() if table.problems]


@needs_postfix
@pytest.mark.parametrize("text", TAKEN)
def test_postfix_takes_it(text: str, postmap: dict[str, list[str]]) -> None:
    assert postmap[text] == []


@pytest.fixture(scope="module")
def postmap() -> dict[str, list[str]]:
    """What postmap says of each table. All at once: it sleeps for a second before it gives up."""
    texts = [*REFUSED, *TAKEN]
    with ThreadPoolExecutor(len(texts)) as pool:
        return dict(zip(texts, pool.map(look_up, texts), strict=True))


def look_up(table: str) -> list[str]:
    """What postmap says when it looks something up in *table*."""
    with tempfile.TemporaryDirectory() as directory:
        main = Path(directory, "main.cf")
        main.write_text("")
        os.utime(main, (0, 0))  # Postfix reads a file again and again until it is some seconds old.
        answer = subprocess.run(
            ["/usr/sbin/postmap", "-c", directory, "-q", "root", table],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    return answer.stderr.splitlines()


def test_no_colon() -> None:
    (problem,) = parse_table("/etc/aliases", V37).problems
    assert problem.kind == NO_TYPE and problem.fatal


@pytest.mark.parametrize(
    ("text", "version", "kinds"),
    [
        ("inline:{a=b}", "2.11", [UNKNOWN_TYPE]),
        ("inline:{a=b}", "3.0", []),
        ("static:{a", "2.11", []),
        ("static:{a", "3.0", [BAD_NAME]),
        ("cidr:{{192.0.2.1 b}}", "3.6", [BAD_NAME]),
        ("cidr:{{192.0.2.1 b}}", "3.7", []),
        ("debug:hash:/x", "3.10", [UNKNOWN_TYPE]),
        ("debug:hahs:/x", "3.11", [UNKNOWN_TYPE]),
    ],
)
def test_version(text: str, version: str, kinds: list[str]) -> None:
    tables = parse_table(text, Version(version)).walk()
    assert [problem.kind for table in tables for problem in table.problems] == kinds


def test_unavailable_tables_were_fatal() -> None:
    (old,) = parse_table("hahs:/x", Version("2.10")).problems
    (new,) = parse_table("hahs:/x", Version("2.11")).problems
    assert old.fatal and not new.fatal


def test_nesting_has_an_end() -> None:
    parse_table("pipemap:{" * 10_000, V37)
    parse_table("pipemap:{" * 10_000 + "}" * 10_000, V37)
    parse_table("proxy:" * 10_000 + "x", V37)


@given(
    st.text(alphabet='ab:{}= ,"\\/\t', max_size=40), st.sampled_from(["inline", "pipemap", "static", "tcp"])
)
def test_ranges_lie_within_the_text(name: str, type: str) -> None:
    text = f"{type}:{name}"
    for table in parse_table(text, V37).walk():
        assert 0 <= table.start <= table.end <= len(text)
        for problem in table.problems:
            assert table.start <= problem.start <= problem.end <= table.end


def configuration(main: str, version: Version = V37) -> Configuration:
    return Configuration(parse_main_cf(Source("main.cf", main)), None, version=version)


def test_names_for_proxymap() -> None:
    table = parse_table("pipemap:{proxy:proxy:mysql:/a, static:x, unionmap:{proxy:pgsql:/b}}", V37)
    assert [name for _, name in proxied(table)] == ["mysql:/a", "pgsql:/b"]


def test_approved_by_default() -> None:
    config = configuration(
        "virtual_alias_maps = proxy:mysql:/a hash:/b\n"
        "smtpd_recipient_restrictions = check_client_access proxy:proxy:hash:/c\n"
        "transport_maps = unionmap:{proxy:pgsql:/d, static:x}\n"
        "x = proxy:hash:/e\n"
    )
    assert approved_tables(config.main_view, "proxy_read_maps") == {
        "mysql:/a",
        "hash:/c",
        "pgsql:/d",
        "unix:passwd.byname",
    }


def test_composed_tables_were_not_looked_into() -> None:
    config = configuration("proxy_read_maps = unionmap:{proxy:pgsql:/d} proxy:hash:/a\n", Version("3.6"))
    assert approved_tables(config.main_view, "proxy_read_maps") == {"hash:/a"}


def test_approved_in_braces() -> None:
    config = configuration("proxy_read_maps = { proxy:hash:/a x=y } {x} {} hash:/b\n")
    assert approved_tables(config.main_view, "proxy_read_maps") == {"hash:/a"}


def test_template_leaves_it_open() -> None:
    config = configuration("virtual_alias_maps = @MAPS@\n")
    assert approved_tables(config.main_view, "proxy_read_maps") is None


def test_plugin_types(tmp_path: Path) -> None:
    assert plugin_types(str(tmp_path)) is None
    (tmp_path / "dynamicmaps.cf").write_text("# dict-type so-name\n\npcre\tpostfix-pcre.so\tdict_pcre_open\n")
    (tmp_path / "dynamicmaps.cf.d").mkdir()
    (tmp_path / "dynamicmaps.cf.d" / "ldap.cf").write_text("ldap postfix-ldap.so dict_ldap_open")
    (tmp_path / "dynamicmaps.cf.d" / "README").write_text("mysql postfix-mysql.so dict_mysql_open")
    assert plugin_types(str(tmp_path)) == {"pcre", "ldap"}
