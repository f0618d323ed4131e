"""``maillint explain``: every kind of thing, here and elsewhere, for people and for pipes."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from maillint.engine.registry import Registry
from maillint.postfix import catalogue, vocabulary
from maillint.postfix.version import NEWEST
from maillint.report.words.explanation import Explainer
from support import MAILLINT, ROOT, SURROUNDINGS, run_maillint

MAIN = """\
mydomain = example.com
myhostname = mx.$mydomain
virtual_alias_maps = lmdb:/etc/postfix/virtual
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
"""
MASTER = """\
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN)
    (tmp_path / "master.cf").write_text(MASTER)
    return tmp_path


def explained(*arguments: str, cwd: Path | None = None) -> str:
    run = run_maillint("explain", *arguments, cwd=cwd or ROOT)
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    return run.stdout


def test_a_rule_is_its_documentation() -> None:
    page = explained("myorigin-unset")
    assert page.startswith("# myorigin-unset\n\nwarning, area identity, about myorigin\n")
    assert "## When it is right" in page


def test_a_parameter_has_type_unit_bounds_words_and_readers() -> None:
    assert "time, in seconds when no unit is written" in explained("smtpd_timeout")
    assert "whole number, at least 1." in explained("default_process_limit")
    assert "words: `none`, `may`" in explained("smtp_tls_security_level")
    assert "read by every program" in explained("myorigin")
    assert "`myorigin-unset` (warning): " in explained("myorigin")


def test_a_default_is_told_for_every_version() -> None:
    page = explained("append_dot_mydomain")
    assert "default before 3.0: `yes`" in page
    assert "default 3.0 to before 3.6: `${{$compatibility_level} < {1} ? {yes} : {no}}`" in page
    assert "default in Postfix 3.4: `!SSLv2, !SSLv3`" in explained(
        "--postfix-version", "3.4", "smtpd_tls_protocols"
    )


def test_what_it_is_in_a_directory_and_where_it_was_set(config: Path) -> None:
    for page in (explained("myhostname", cwd=config), explained("--config", str(config), "myhostname")):
        assert "Now: `mx.example.com`, main.cf:2" in page
        assert "- `mydomain = example.com`, main.cf:1" in page
    page = explained("smtpd_tls_security_level", cwd=config)
    assert "Now: (empty), by default" in page
    assert "- `submission/inet`: `encrypt`, master.cf:3" in page


def test_a_restriction_has_argument_stage_and_effect(config: Path) -> None:
    page = explained("Reject_Unauth_Destination", cwd=config)
    assert page.startswith("# reject_unauth_destination\n")
    assert "refuses a recipient whose domain" in page
    assert "does nothing before the recipient is known" in page
    assert "it is skipped in `smtpd_client_restrictions`, `smtpd_helo_restrictions`" in page
    assert "- `smtpd_recipient_restrictions`, main.cf:4" in page
    assert "takes a table `TYPE:NAME`" in explained("check_client_access")


def test_a_program_and_its_services(config: Path) -> None:
    page = explained("smtpd", cwd=config)
    assert "takes in mail by SMTP" in page
    assert "- `submission/inet`, master.cf:2" in page
    page = explained("submission", cwd=config)
    assert page.startswith("# submission/inet\n")
    assert "`smtpd_tls_security_level = encrypt`, master.cf:3" in page
    assert explained("submission/inet", cwd=config) == page


def test_one_name_of_several_things(config: Path) -> None:
    assert [line for line in explained("smtp", cwd=config).splitlines() if line.startswith("# ")] == [
        "# smtp",
        "# smtp/inet",
    ]


def test_text_of_a_configuration_moves_no_cursor(config: Path) -> None:
    hostile = "sm\x1b[2Jtp"
    (config / "master.cf").write_text(f"{hostile} unix - - n - - smtpd -o my\x1bname=a`b\x1b[2J\n")
    (config / "main.cf").write_text("relayhost = \x1b]0;x\x07 $nobody\n")
    for name in (f"{hostile}/unix", "my\x1bname", "relayhost", "smtpd"):
        for color in ("never", "always"):
            page = explained("--color", color, name, cwd=config)
            assert set(re.findall("\x1b[^m]*m?", page)) <= set(re.findall("\x1b\\[[0-9;]*m", page))
            assert "\x07" not in page


def test_a_type_of_table(config: Path) -> None:
    page = explained("lmdb:", cwd=config)
    assert "- `virtual_alias_maps`, main.cf:3" in page
    assert "Debian's package postfix-lmdb" in page


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("myorigin-unsett", "myorigin-unset"),
        ("mydestinatoin", "mydestination"),
        ("permit_mynetwork", "permit_mynetworks"),
        ("trivial-rewrit", "trivial-rewrite"),
        ("socketmp", "socketmap"),
        ("submision/inet", "submission/inet"),
    ],
)
def test_the_nearest_name(name: str, meant: str, config: Path) -> None:
    run = run_maillint("explain", name, cwd=config)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"maillint: nothing is called {name!r}; did you mean {meant}?\n"


def test_bad_input_is_answered(tmp_path: Path) -> None:
    for arguments, said in (
        (("--config", str(tmp_path / "none"), "myorigin"), "none: "),
        (("--config", str(tmp_path), "myorigin"), "there is no main.cf in this directory"),
        (("--postfix-version", "new", "myorigin"), "is not a Postfix version"),
        (("identity",), "it is an area: see 'maillint rules identity'"),
    ):
        run = run_maillint("explain", *arguments, cwd=tmp_path)
        assert run.returncode == 2
        assert said in run.stderr
        assert "Traceback" not in run.stderr


def test_everything_has_a_page() -> None:
    explainer = Explainer(Registry.load())
    for name in (*catalogue.names(NEWEST), *vocabulary.restriction_names(), *vocabulary.programs(),
                 *vocabulary.table_types()):  # fmt: skip
        assert explainer.pages(name), name


def on_terminal(*arguments: str, columns: int, env: dict[str, str]) -> str:
    """What ``maillint`` prints on a terminal that is so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [MAILLINT, *arguments], stdin=theirs, stdout=theirs, cwd=ROOT, env={**environment, **env}
    ) as process:
        os.close(theirs)
        parts: list[bytes] = []
        while True:
            try:
                data = os.read(ours, 1 << 16)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not data:
                break
            parts.append(data)
        process.wait(30)
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_page_for_people_and_a_pipe_gets_markdown() -> None:
    in_colour = on_terminal("explain", "myorigin-unset", columns=60, env={"TERM": "xterm"})
    assert in_colour.startswith("\033[1;4mmyorigin-unset\033[0m\n")
    for env in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = on_terminal("explain", "myorigin-unset", columns=60, env=env)
        assert plain.startswith("myorigin-unset\n\nwarning, area")
        assert "\033" not in plain
        prose = [line for line in plain.splitlines() if "│" not in line and ": finds" not in line]
        assert max(map(len, prose)) <= 60
    assert explained("myorigin-unset").startswith("# myorigin-unset\n")
    assert "\033[1;4m" in explained("--color", "always", "myorigin-unset")
