"""The programs around Postfix: where their files are found, and what they say."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from maillint.postfix.configuration import Configuration, load_directory, load_files
from maillint.postfix.neighbours import CLIENTS, DOVECOT, OPENDKIM, OPENDMARC, PHP, RSPAMD
from maillint.postfix.neighbours.address import at_path, at_port, of_milter
from maillint.postfix.neighbours.clients import IMPLICIT, NONE, STARTTLS
from support import ROOT, corpus_files, needs_corpus, run_maillint

Made = Callable[..., Configuration]
DOVECONF = shutil.which("doveconf")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(files: dict[str, str], home: str = "etc/postfix") -> Configuration:
        for name, text in {f"{home}/main.cf": "myorigin = good.net\n", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return load_directory(str(tmp_path / home))

    return make


# --- where they are --------------------------------------------------------------------------------------


def test_who_is_there(made: Made) -> None:
    files = dict.fromkeys(
        ("etc/dovecot/dovecot.conf", "etc/opendkim.conf", "etc/opendmarc/opendmarc.conf",
         "etc/rspamd/local.d/worker-proxy.inc", "etc/php/8.2/cli/php.ini", "etc/msmtprc"), "",
    )  # fmt: skip
    around = made(files).neighbours
    assert around.names == {DOVECOT, OPENDKIM, OPENDMARC, RSPAMD, PHP, CLIENTS}
    assert around.is_certain
    assert around.dovecot is not None
    assert around.opendkim is not None
    assert around.opendmarc is not None
    assert around.rspamd is not None


def test_nobody_is_around_a_file_of_another_place(made: Made, tmp_path: Path) -> None:
    files = {"etc/opendkim.conf": "Mode s\n", "srv/opendkim.conf": "Mode s\n"}
    assert made(files, home="srv/mail").neighbours.names == frozenset()
    fragment = load_files(
        str(tmp_path / "srv/mail/main.cf"), None, directory=str(tmp_path / "etc/postfix"), fragment=True
    )
    assert fragment.neighbours.names == frozenset()
    other = made(files, home="srv/postfix").neighbours
    assert (other.names, other.is_certain) == ({OPENDKIM}, False)


def test_nothing_is_read_before_it_is_asked_for(made: Made) -> None:
    config = made({"etc/opendkim.conf": "Mode s\n", "etc/php.ini": "a=b\n"})
    assert config.files_around == ()
    assert config.neighbours.opendkim is not None
    assert [Path(file.source.path).name for file in config.files_around] == ["opendkim.conf"]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [("Domain {{ domain }}\n", False), ("Domain @DOMAIN@\n", False), ("# {{ c }}\nDomain a.net\n", True)],
)
def test_a_template_is_not_read(made: Made, text: str, is_read: bool) -> None:
    assert (made({"etc/opendkim.conf": text}).neighbours.opendkim is not None) is is_read


# --- addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("inet:8891@localhost", at_port("localhost", "8891")),
        ("inet:8891@[127.0.0.1]", at_port("127.0.0.1", "8891")),
        ("inet6:8891", at_port("", "8891")),
        ("local:/var/run/opendkim/opendkim.sock", at_path("/run/opendkim/opendkim.sock")),
        ("/run/x", at_path("/run/x")),
        ("relative", None),
        ("", None),
    ],
)
def test_addresses_of_milters(text: str, expected: object) -> None:
    assert of_milter(text) == expected


def test_who_reaches_whom() -> None:
    local, loopback, anywhere = at_port("localhost", "25"), at_port("127.0.0.1", "smtp"), at_port("", "25")
    assert local.reaches(loopback)
    assert local.reaches(anywhere)
    assert not local.reaches(at_port("localhost", "26"))
    assert not at_port("192.0.2.1", "25").reaches(loopback)
    assert not at_path("/run/x").reaches(local)


# --- Dovecot ---------------------------------------------------------------------------------------------

DOVECOT_CONF = """\
default_internal_user = dovecot
!include conf.d/*.conf
recipient_delimiter = -
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
  unix_listener auth-client {
    mode = 0
  }
}
"""
MORE = """\
recipient_delimiter = +
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0600
    group = mail
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = 24
  }
}
"""


def test_the_last_setting_counts_wherever_it_stands(made: Made) -> None:
    files = {"etc/dovecot/dovecot.conf": DOVECOT_CONF, "etc/dovecot/conf.d/10-more.conf": MORE}
    dovecot = made(files).neighbours.dovecot
    assert dovecot is not None
    assert dovecot.is_whole
    assert dovecot.delimiter == "-"
    (auth,) = dovecot.listeners("auth")
    assert (auth.address, auth.mode, auth.user, auth.group) == (
        at_path("/var/spool/postfix/private/auth"), 0o660, "postfix", "mail",
    )  # fmt: skip
    assert [one.address for one in dovecot.listeners("lmtp")] == [
        at_path("/run/dovecot/lmtp"), at_port("127.0.0.1", "24"),
    ]  # fmt: skip


def test_what_is_missing_leaves_it_open(made: Made) -> None:
    text = "!include_try /usr/share/dovecot/protocols.d/*.protocol\n!include conf.d/*.conf\nlisten = *\n"
    dovecot = made({"etc/dovecot/dovecot.conf": text}).neighbours.dovecot
    assert dovecot is not None
    assert not dovecot.is_whole
    assert dovecot.text("listen", "") is None


def test_includes_that_go_round_end(made: Made) -> None:
    dovecot = made({"etc/dovecot/dovecot.conf": "!include dovecot.conf\nlisten = *\n"}).neighbours.dovecot
    assert dovecot is not None
    assert not dovecot.is_whole


def test_the_language_of_2_4(made: Made) -> None:
    text = (
        "dovecot_config_version = 2.4.0\nprotocols {\n imap = yes\n lmtp = no\n}\n"
        "ssl_server {\n cert_file = /c\n}\n"
    )
    dovecot = made({"etc/dovecot/dovecot.conf": text}).neighbours.dovecot
    assert dovecot is not None
    assert dovecot.protocols == {"imap"}
    assert dovecot.certificate is not None
    assert dovecot.certificate.value.text == "/c"


def test_dovecot_1_is_left_alone(made: Made) -> None:
    text = "auth default {\n socket listen {\n client {\n path = /var/run/auth\n }\n }\n}\n"
    dovecot = made({"etc/dovecot/dovecot.conf": text}).neighbours.dovecot
    assert dovecot is not None
    assert not dovecot.is_whole


@pytest.mark.skipif(DOVECONF is None, reason="needs Dovecot (Debian: dovecot-core)")
@pytest.mark.parametrize("conf", [DOVECOT_CONF, DOVECOT_CONF.replace("!include conf.d/*.conf\n", "")])
def test_doveconf_sees_the_same_listeners(made: Made, tmp_path: Path, conf: str) -> None:
    config = made({"etc/dovecot/dovecot.conf": conf, "etc/dovecot/conf.d/10-more.conf": MORE})
    assert DOVECONF is not None
    command = [DOVECONF, "-n", "-c", str(tmp_path / "etc/dovecot/dovecot.conf"), "service/auth"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    blocks = re.findall(r"unix_listener (\S+) \{\n((?:    .*\n)+)", said)
    theirs = {
        (
            path,
            *(
                re.search(rf"{name} = ?(\S*)", block)[1] if name in block else ""
                for name in ("mode", "user", "group")
            ),
        )  # type: ignore[index]
        for path, block in blocks
        if path.startswith("/")
    }
    assert config.neighbours.dovecot is not None
    ours = {
        (one.address.path, f"{one.mode:04o}", one.user, one.group)
        for one in config.neighbours.dovecot.listeners("auth")
        if one.address is not None and one.mode is not None
    }
    assert ours == theirs


# --- the others ------------------------------------------------------------------------------------------

TABLES = "KeyTable file:/etc/opendkim/keys\nSigningTable {kind}/etc/opendkim/signing\n"


@pytest.mark.parametrize(
    ("text", "signing", "covered", "not_covered"),
    [
        ("Domain a.net, B.net\n", "", ["a.net", "b.net"], ["c.net", "sub.a.net"]),
        ("Domain a.net\nSubDomains yes\n", "", ["a.net", "sub.a.net"], ["xa.net"]),
        ("Mode v\nDomain a.net\n", "", [], ["a.net"]),
        (TABLES.format(kind="refile:"), "*@a.net k\n*@*.b.net k\n", ["a.net", "x.b.net"], ["b.net"]),
        (TABLES.format(kind=""), "a.net k\n.b.net k\n*@c.net k\n", ["a.net", "x.b.net"], ["b.net", "c.net"]),
        (TABLES.format(kind="file:"), "* k\n", ["a.net"], []),
    ],
)
def test_what_opendkim_signs(
    made: Made, text: str, signing: str, covered: list[str], not_covered: list[str]
) -> None:
    files = {
        "etc/opendkim.conf": text,
        "etc/opendkim/signing": signing,
        "etc/opendkim/keys": "k a.net:s:/k\n",
    }
    opendkim = made(files).neighbours.opendkim
    assert opendkim is not None
    assert [opendkim.covers("user", domain) for domain in covered] == [True] * len(covered)
    assert [opendkim.covers("user", domain) for domain in not_covered] == [False] * len(not_covered)


def test_what_the_files_of_opendkim_leave_open(made: Made) -> None:
    opendkim = made({"etc/opendkim.conf": "KeyTable dsn:x\nSigningTable /etc/none\n"}).neighbours.opendkim
    assert opendkim is not None
    assert opendkim.covers("user", "a.net") is None
    assert opendkim.addresses is None


def test_opendkim_may_be_started_with_another_socket(made: Made) -> None:
    files = {
        "etc/opendkim.conf": "Socket local:/run/a\n",
        "etc/default/opendkim": '# options\nSOCKET="inet:8891@localhost"\n',
    }
    opendkim = made(files).neighbours.opendkim
    assert opendkim is not None
    assert opendkim.addresses == (at_path("/run/a"), at_port("localhost", "8891"))


def test_the_milter_of_rspamd(made: Made) -> None:
    default = made({"etc/rspamd/local.d/other.conf": ""}).neighbours.rspamd
    assert default is not None
    assert default.milter == ([(at_port("localhost", "11332"), None)], None)
    files = {
        "etc/rspamd/local.d/worker-proxy.inc": 'bind_socket = "*:11332";\nmilter = no;\n',
        "etc/rspamd/override.d/worker-proxy.inc": 'bind_socket = "/run/rspamd/milter.sock mode=0660";\n',
    }
    rspamd = made(files).neighbours.rspamd
    assert rspamd is not None
    assert rspamd.milter is not None
    (address, _), *others = rspamd.milter[0]
    assert (address, others) == (at_path("/run/rspamd/milter.sock"), [])
    assert rspamd.milter[1] is not None
    broken = made({"etc/rspamd/override.d/worker-proxy.inc": "bind_socket = {\n"}).neighbours.rspamd
    assert broken is not None
    assert broken.milter is None


@pytest.mark.parametrize(
    ("value", "program", "sender"),
    [
        ('"/usr/sbin/sendmail -t -i"', "sendmail", None),
        ("/usr/sbin/sendmail -t -i -f shop@a.net", "sendmail", "shop@a.net"),
        ("'/usr/sbin/sendmail -t -f\"b@a.net\"'", "sendmail", "b@a.net"),
        ("/usr/bin/msmtp -t -f a@b.net -f c@d.net", "msmtp", "c@d.net"),
        ("/usr/sbin/sendmail -t --help-f x", "sendmail", None),
    ],
)
def test_php(made: Made, value: str, program: str, sender: str | None) -> None:
    files = {"etc/php/8.2/fpm/pool.d/www.conf": f"[www]\nphp_admin_value[sendmail_path] = {value}\n"}
    php = made(files).neighbours.php
    assert php is not None
    (call,) = php.calls
    assert call.program == program
    assert (call.sender[0] if call.sender else None) == sender
    if call.sender:
        assert call.sender[1].text == sender


def test_small_clients(made: Made) -> None:
    files = {
        "etc/msmtprc": "defaults\ntls on\naccount a\nport 465\naccount b : a\ntls_starttls off\n"
        "account c\ntls off\nport 25\n",
        "etc/ssmtp/ssmtp.conf": "mailhub=smtp.a.net:587\nUseTLS=YES\nUseSTARTTLS=YES\n",
        "etc/nullmailer/remotes": "# to the hub\nsmtp.a.net smtp --port=465 --ssl\nb.net smtp\n",
    }
    clients = made(files).neighbours.clients
    assert [(one.program, one.name, one.port, one.tls) for one in clients] == [
        ("msmtp", "a", "465", STARTTLS),
        ("msmtp", "b", "465", IMPLICIT),
        ("msmtp", "c", "25", NONE),
        ("sSMTP", "", "587", STARTTLS),
        ("nullmailer", "smtp.a.net", "465", IMPLICIT),
    ]


# --- real files ------------------------------------------------------------------------------------------


@needs_corpus
def test_real_files_are_read(tmp_path: Path) -> None:
    read = 0
    places = {
        "dovecot.conf": "dovecot/dovecot.conf", "opendkim.conf": "opendkim.conf",
        "opendmarc.conf": "opendmarc.conf", "php.ini": "php.ini",
    }  # fmt: skip
    for number, file in enumerate(corpus_files("other", "table")):
        name = file.path.name
        if name not in places and "conf.d" not in file.path.parts:
            continue
        etc = tmp_path / str(number) / "etc"
        target = etc / places.get(name, f"dovecot/conf.d/{name}")
        target.parent.mkdir(parents=True)
        (etc / "postfix").mkdir()
        (etc / "postfix/main.cf").write_text("myorigin = good.net\n")
        target.write_bytes(file.path.read_bytes())
        if name not in places:
            (etc / "dovecot/dovecot.conf").write_text("!include conf.d/*\n")
        around = load_directory(str(etc / "postfix")).neighbours
        if around.dovecot is not None:
            around.dovecot.listeners()
        for program in (around.opendkim, around.opendmarc):
            if program is not None:
                program.addresses  # noqa: B018
        if around.php is not None:
            assert all(isinstance(call.program, str) for call in around.php.calls)
        read += len(around.files)
    assert read > 50


# --- whole hosts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", sorted(path.name for path in (ROOT / "examples/neighbours").iterdir() if path.is_dir())
)
def test_the_files_around_an_example_fit(host: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples/neighbours" / host, tmp_path / "etc")
    shutil.copytree(ROOT / "examples/configurations" / host, tmp_path / "etc/postfix")
    config = load_directory(str(tmp_path / "etc/postfix"))
    assert config.neighbours.names
    run = run_maillint("check", "--fail-on", "info", "--format", "concise", str(tmp_path / "etc/postfix"))
    assert (run.returncode, run.stdout) == (0, "")
