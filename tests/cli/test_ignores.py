"""``maillint ignores``, and ``maillint check --add-ignores``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support import run_maillint

QUOTED = "# maillint: ignore[quoted-value] shown to people\nsyslog_name = 'postfix'\n"


def test_list(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(QUOTED + "# maillint: ignore-file[inline-comment]\n")
    run = run_maillint("ignores", "main.cf", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "main.cf:1: ignore[quoted-value] silences 1: shown to people",
        "main.cf:3: ignore-file[inline-comment] silences nothing: (no reason)",
    ]


def test_list_as_json(tmp_path: Path) -> None:
    text = f"# maillint: ignore-start[quoted-value] why\n{QUOTED}# maillint: ignore-end[quoted-value]\n"
    (tmp_path / "main.cf").write_text(text)
    run = run_maillint("ignores", "--format", "json", str(tmp_path))
    document = json.loads(run.stdout)
    assert document["version"] == 1
    assert [
        (found["kind"], found["line"], found["end_line"], found["rule"], found["reason"], found["silenced"])
        for found in document["ignores"]
    ] == [
        ("ignore-start", 1, 4, "quoted-value", "why", 1),
        ("ignore", 2, None, "quoted-value", "shown to people", 1),
    ]


def test_list_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("virtual_alias_maps = hash:$config_directory/virtual\n")
    (tmp_path / "virtual").write_text(
        "# maillint: ignore[table-inline-comment] the # is meant\na@example.com b # c\n"
    )
    run = run_maillint("ignores", str(tmp_path))
    assert "virtual:1: ignore[table-inline-comment]" in run.stdout, run.stdout + run.stderr


def test_list_of_nothing(tmp_path: Path) -> None:
    run = run_maillint("ignores", str(tmp_path / "main.cf"))
    assert (run.returncode, run.stdout) == (2, "")
    assert "main.cf" in run.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mail_name = Postfix\nsyslog_name = 'a'\n", "mail_name = Postfix\n{}\nsyslog_name = 'a'\n"),
        ("syslog_name =\n# a comment\n\n  'a'", "{}\nsyslog_name =\n# a comment\n\n  'a'"),
        ("syslog_name = 'a'\r\n", "{}\r\nsyslog_name = 'a'\r\n"),
    ],
)
def test_add(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "some.cf"
    file.write_bytes(before.encode())
    os.chmod(file, 0o640)
    run = run_maillint(
        "check", "--select", "quoted-value", "--add-ignores", "as it was", "some.cf", cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert "1 comment added to 1 file" in run.stderr
    comment = "# maillint: ignore[quoted-value] as it was"
    assert file.read_bytes() == after.format(comment).encode()
    assert file.stat().st_mode & 0o777 == 0o640
    again = run_maillint("check", "--select", "quoted-value,ignores", "some.cf", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "")


def test_add_silences_a_whole_directory(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(
        'compatibility_level = 3.6\nmyhostname = web01\nrelayhost = "mail.example.com"\n'
        "virtual_alias_maps = hash:$config_directory/virtual\nmynetwork = 127.0.0.0/8\n"
    )
    (tmp_path / "master.cf").write_text(
        "smtp inet n - y - - smtpd\n  -o smtpd_tls_security_level=may # TLS\n"
    )
    (tmp_path / "virtual").write_text("a@example.com b,\n  c # d\n")
    assert run_maillint("check", str(tmp_path)).returncode == 1
    run = run_maillint("check", "--add-ignores", "until Monday", str(tmp_path))
    assert run.returncode == 0, run.stderr
    after = run_maillint("check", str(tmp_path))
    assert (after.returncode, after.stdout) == (0, "")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.sh", "postconf -e \\\n  smtpd_helo_required=maybe\n"),
        ("Dockerfile", "RUN true && \\\n  postconf -e smtpd_helo_required=maybe\n"),
        ("data.json", '{"postfix": {"smtpd_helo_required": "maybe"}}\n'),
    ],
)
def test_files_of_other_kinds_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "maillint.toml").write_text('data = [{paths = ["*.json"], at = "postfix"}]\n')
    (tmp_path / name).write_text(text)
    (tmp_path / "main.cf").write_text("smtpd_helo_required = maybe\nmyhostname = mail.example.com\n")
    everything = ["check", "--select", "bad-boolean", name, "main.cf"]
    assert run_maillint(*everything, cwd=tmp_path).stdout.count("bad-boolean") == 2
    run = run_maillint(*everything, "--add-ignores", "why", cwd=tmp_path)
    assert run.returncode == 2
    assert f"{name}: takes no comments for maillint" in run.stderr
    assert "1 comment added to 1 file" in run.stderr
    assert (tmp_path / name).read_text() == text
    assert (tmp_path / "main.cf").read_text().startswith("# maillint: ignore[bad-boolean] why\n")


def test_add_to_a_file_of_php(tmp_path: Path) -> None:
    for directory in ("postfix", "php/8.2/fpm"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "postfix" / "main.cf").write_text(
        "compatibility_level = 3.6\nmyhostname = www.example.com\nmyorigin = $mydomain\n"
    )
    ini = tmp_path / "php/8.2/fpm/php.ini"
    line = 'sendmail_path = "/usr/sbin/sendmail -t -i -f webmaster@localhost"\n'
    ini.write_text("[mail function]\n" + line)
    run = run_maillint("check", "--add-ignores", "why", str(tmp_path / "postfix"))
    assert run.returncode == 0, run.stderr
    assert ini.read_text() == "[mail function]\n; maillint: ignore[php-sender-domain] why\n" + line
    assert "php-sender-domain" not in run_maillint("check", str(tmp_path / "postfix")).stdout


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "a\x01b"])
def test_a_reason_that_is_none(tmp_path: Path, reason: str) -> None:
    file = tmp_path / "some.cf"
    file.write_text("syslog_name = 'a'\n")
    run = run_maillint("check", "--add-ignores", reason, str(file))
    assert run.returncode == 2
    assert "reason" in run.stderr
    assert file.read_text() == "syslog_name = 'a'\n"


def test_standard_input_cannot_be_changed() -> None:
    run = run_maillint("check", "--add-ignores", "why", "-")
    assert run.returncode == 2
    assert "standard input" in run.stderr


def test_a_reason_may_be_demanded(tmp_path: Path) -> None:
    file = tmp_path / "some.cf"
    file.write_text("# maillint: ignore[quoted-value]\nsyslog_name = 'a'\n")
    assert run_maillint("check", str(file)).returncode == 0
    run = run_maillint("check", "--require-reason", str(file))
    assert run.returncode == 1
    assert "ignore-without-reason" in run.stdout
    (tmp_path / "maillint.toml").write_text("require-reason = true\n")
    assert run_maillint("check", str(file)).returncode == 1
