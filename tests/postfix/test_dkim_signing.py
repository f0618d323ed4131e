"""The keys that OpenDKIM and rspamd sign with, by the files beside those of Postfix."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillint.postfix.configuration import Configuration, load_directory
from maillint.postfix.dkim_signing import OPENDKIM, RSPAMD, private_key, signing
from maillint.postfix.elsewhere import directory_above, located

Made = Callable[..., Configuration]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Makes a configuration in ``etc/postfix`` with other files, named from the root directory on."""

    def make(files: dict[str, str] | None = None, home: str = "etc/postfix") -> Configuration:
        for name, text in {f"{home}/main.cf": "myorigin = good.net\n", **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return load_directory(str(tmp_path / home))

    return make


def keys(config: Configuration) -> list[tuple[str, str | None, str, str, int]]:
    return [(key.program, key.domain, key.selector, key.path, key.line) for key in signing(config).keys]


def test_where_files_lie(made: Made, tmp_path: Path) -> None:
    config = made()
    assert directory_above(config) == str(tmp_path / "etc")
    assert located(config, "/etc/postfix/cert.pem") == str(tmp_path / "etc/postfix/cert.pem")
    assert located(config, "/etc/ssl/cert.pem") == str(tmp_path / "etc/ssl/cert.pem")
    assert located(config, "/var/lib/key") == str(tmp_path / "var/lib/key")
    assert located(config, "/etc/../var/key") == str(tmp_path / "var/key")
    assert located(config, "cert.pem") is None


def test_a_directory_of_another_name_tells_of_itself_only(made: Made, tmp_path: Path) -> None:
    config = made(home="files/mail")
    assert directory_above(config) is None
    assert located(config, "/etc/postfix/cert.pem") == str(tmp_path / "files/mail/cert.pem")
    assert located(config, "/etc/ssl/cert.pem") is None
    other = made(home="files/postfix")
    assert located(other, "/etc/ssl/cert.pem") == str(tmp_path / "files/ssl/cert.pem")
    assert located(other, "/var/lib/key") is None


def test_one_key_of_opendkim(made: Made) -> None:
    text = "# signs\nDOMAIN good.net, Other.net # two\nselector mail\nKeyFile /etc/dkim/mail.private\n"
    config = made({"etc/opendkim.conf": text, "etc/dkim/mail.private": "the key"})
    assert keys(config) == [
        (OPENDKIM, "good.net", "mail", "/etc/dkim/mail.private", 3),
        (OPENDKIM, "other.net", "mail", "/etc/dkim/mail.private", 3),
    ]
    assert private_key(config, signing(config).keys[0]) == "the key"
    assert private_key(made(), signing(config).keys[0]._replace(path="/etc/none")) is None


def test_tables_of_opendkim(made: Made) -> None:
    config = made(
        {
            "etc/opendkim/opendkim.conf": "KeyTable /etc/opendkim/k\nSigningTable refile:/etc/opendkim/s\n",
            "etc/opendkim/k": "# keys\na good.net:s1:/k/a\nb %:s2:/k/b\nc idle.net:s3:/k/c\n",
            "etc/opendkim/s": "*@good.net a\ninfo@Shop.net b\n* b\n",
        }
    )
    assert keys(config) == [
        (OPENDKIM, "good.net", "s1", "/k/a", 2),
        (OPENDKIM, "shop.net", "s2", "/k/b", 3),
        (OPENDKIM, None, "s2", "/k/b", 3),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KeyTable /etc/opendkim/k\n", "`/etc/opendkim/k`, which `KeyTable` names, is not here"),
        ("KeyTable ldap://host/?x\n", "of the type `ldap`"),
        ("Domain /etc/domains\nSelector s\n", "`/etc/domains`, which `Domain` names"),
    ],
)
def test_what_is_not_here_leaves_it_open(made: Made, text: str, words: str) -> None:
    found = signing(made({"etc/opendkim.conf": text}))
    assert found.keys == ()
    (reason,) = found.unknown
    assert words in reason


@pytest.mark.parametrize("text", ["", "Mode v\nDomain good.net\nSelector s\n", "Domain good.net\n"])
def test_opendkim_that_does_not_sign(made: Made, text: str) -> None:
    assert signing(made({"etc/opendkim.conf": text})) == ((), ())


RSPAMD_FILE = "etc/rspamd/local.d/dkim_signing.conf"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('domain { good.net { selector = "s"; path = "/k"; } }', [("good.net", "s", "/k")]),
        (
            'domain {\n "good.net" {\n selector: s\n}\n}',
            [("good.net", "s", "/var/lib/rspamd/dkim/good.net.s.key")],
        ),
        (
            'path = "/d/$domain/$selector";\ndomain { a.net { selectors [ {selector: x}, {selector: y} ] } }',
            [("a.net", "x", "/d/a.net/x"), ("a.net", "y", "/d/a.net/y")],
        ),
        ('selector = "s"; use_esld = false; path = "/d/$domain.key"', [(None, "s", "/d/$domain.key")]),
        ('selector = "s";', []),  # The domain is cut down by a list that is not known here.
        ('enabled = false;\ndomain { a.net { selector = "s"; } }', []),
        ('# domain { a.net { selector = "s"; } }\n/* domain { b.net { } } */', []),
        ("sign_local = true;", []),
    ],
)
def test_rspamd(made: Made, text: str, expected: list[tuple[str | None, str, str]]) -> None:
    found = signing(made({RSPAMD_FILE: text}))
    assert [(key.domain, key.selector, key.path) for key in found.keys] == expected
    assert {key.program for key in found.keys} <= {RSPAMD}


def test_a_map_of_rspamd(made: Made) -> None:
    files = {RSPAMD_FILE: 'selector_map = "/etc/rspamd/map";', "etc/rspamd/map": "a.net one\nb.net two\n"}
    assert [(key.domain, key.selector) for key in signing(made(files)).keys] == [
        ("a.net", "one"),
        ("b.net", "two"),
    ]
    (reason,) = signing(made({RSPAMD_FILE: 'selector_map = "/etc/other";'})).unknown
    assert "`selector_map`" in reason


@given(st.text(alphabet='{}[];,=: \n"\\#/*adomainselectorpath.$', max_size=60))
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_readers(made: Made, text: str) -> None:
    signing(made({RSPAMD_FILE: text, "etc/opendkim.conf": text}))
