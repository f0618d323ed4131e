"""``maillint check --fix``, ``--unsafe-fixes`` and ``--diff``."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from support import MAILLINT, run_maillint

BEFORE = b"# \xe9\x0c\r\nsyslog_name = 'postfix'\n# a\nsmtp_tls_security_levl = may # yes\nmail_name = b"
AFTER = b"# \xe9\x0c\r\nsyslog_name = postfix\n# a\n# yes\nsmtp_tls_security_level = may\nmail_name = b"
"""A chain of fixes: the name is misspelt, and only when it is mended its value is looked at."""


def put(path: Path, content: bytes = BEFORE) -> Path:
    path.write_bytes(content)
    return path


def test_until_nothing_changes(tmp_path: Path) -> None:
    file = put(tmp_path / "some.cf")
    run = run_maillint("check", "--fix", str(file))
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    assert "3 findings fixed in 1 file; nothing found" in run.stderr
    assert file.read_bytes() == AFTER
    again = run_maillint("check", "--fix", str(file))
    assert "fixed" not in again.stderr
    assert file.read_bytes() == AFTER


def test_what_is_left_is_reported(tmp_path: Path) -> None:
    file = put(tmp_path / "some.cf", b"syslog_name = 'postfix'\nmessage_size_limit = much\n")
    run = run_maillint("check", "--fix", "--format", "concise", str(file))
    assert run.returncode == 1
    assert [line.rpartition(" ")[2] for line in run.stdout.splitlines()] == ["[bad-number]"]


def test_unsafe_fixes_are_made_on_demand_only(tmp_path: Path) -> None:
    text = b"smtp_tls_security_level = may\nsmtp_tls_security_level = encrypt\n"
    file = put(tmp_path / "some.cf", text)
    assert b"unsafe" in run_maillint("check", str(file)).stdout.encode()
    run_maillint("check", "--fix", str(file))
    assert file.read_bytes() == text
    run_maillint("check", "--fix", "--unsafe-fixes", str(file))
    assert file.read_bytes() != text


def test_only_what_is_selected(tmp_path: Path) -> None:
    file = put(tmp_path / "some.cf")
    run_maillint("check", "--fix", "--select", "quoted-value", str(file))
    assert file.read_bytes() == BEFORE.replace(b"'", b"")


def test_ignored_findings_are_not_fixed(tmp_path: Path) -> None:
    text = b"# maillint: ignore[quoted-value] shown as it stands\nsyslog_name = 'postfix'\n"
    file = put(tmp_path / "some.cf", text)
    run_maillint("check", "--fix", str(file))
    assert file.read_bytes() == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("syslog_name = 'a'\n# maillint: ignore[quoted-value] why\n", None),
        ("# maillint: ignore quoted-value: why\nsyslog_name = 'a'\n", None),
        ("# maillint: ignor[quoted-value] why\nsyslog_name = 'a'\n", None),
        (
            "# maillint: ignore(quoted-value)\nsyslog_name = 'a'\n",
            "# maillint: ignore[quoted-value]\nsyslog_name = 'a'\n",
        ),
        ("syslog_name = 'a'\n# maillint: ignore-end[quoted-value] why\n", "syslog_name = a\n"),
        (
            "syslog_name = 'a'\r\n# maillint: ignore[x-y, quoted-value] b\r\n",
            "# maillint: ignore[quoted-value] b\r\nsyslog_name = 'a'\r\n# maillint: ignore[x-y] b\r\n",
        ),
    ],
)
def test_what_a_wrong_comment_is_meant_to_silence_is_not_fixed(
    tmp_path: Path, before: str, after: str | None
) -> None:
    file = tmp_path / "some.cf"
    file.write_bytes(before.encode())
    run_maillint("check", "--fix", str(file))
    expected = "# maillint: ignore[quoted-value] why\nsyslog_name = 'a'\n" if after is None else after
    assert file.read_bytes().decode() == expected


def test_only_named_files_are_changed(tmp_path: Path) -> None:
    main = put(tmp_path / "main.cf", b"syslog_name = 'postfix'\n")
    master = put(tmp_path / "master.cf", b"smtp inet n - y - - smtpd\n  -o syslog_name='a'\n")
    run_maillint("check", "--fix", str(main))
    assert b"'" not in main.read_bytes()
    assert b"'" in master.read_bytes()


def test_mode_owner_and_link_are_kept(tmp_path: Path) -> None:
    real = put(tmp_path / "real.cf")
    os.chmod(real, 0o2640)
    if os.geteuid() == 0:
        os.chown(real, 12345, 23456)
        os.chmod(real, 0o2640)
    link = tmp_path / "some.cf"
    link.symlink_to("real.cf")
    before = real.stat()
    run_maillint("check", "--fix", str(link))
    after = real.stat()
    assert link.is_symlink()
    assert real.read_bytes() == AFTER
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert sorted(os.listdir(tmp_path)) == ["real.cf", "some.cf"]


def test_a_file_that_cannot_be_replaced_is_left(tmp_path: Path) -> None:
    file = put(tmp_path / "some.cf")
    # A name with no room for the temporary file's own.
    long = put(tmp_path / f"{'x' * 250}.cf"[-255:])
    run = run_maillint("check", "--fix", str(file), str(long))
    assert run.returncode == 2
    assert "is left as it is" in run.stderr
    assert "Traceback" not in run.stderr
    assert (file.read_bytes(), long.read_bytes()) == (AFTER, BEFORE)


def test_diff_is_a_patch_and_changes_nothing(tmp_path: Path) -> None:
    file = put(tmp_path / "some.cf")
    run = subprocess.run(
        [MAILLINT, "check", "--diff", "some.cf"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert b"3 findings would be fixed in 1 file" in run.stderr
    assert file.read_bytes() == BEFORE
    patch = shutil.which("patch")
    if patch is None:
        pytest.skip("patch is not installed")
    subprocess.run([patch, "-p0", "--binary"], input=run.stdout, cwd=tmp_path, check=True, timeout=60)
    assert file.read_bytes() == AFTER
    assert run_maillint("check", "--diff", str(file)).returncode == 0


def test_standard_input(tmp_path: Path) -> None:
    wrong = b"\nmessage_size_limit = much\n"
    run = subprocess.run(
        [MAILLINT, "check", "--fix", "--stdin-filename", "some.cf", "-"],
        cwd=tmp_path, input=BEFORE + wrong, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.stdout == AFTER + wrong
    assert b"bad-number" in run.stderr
    assert run.returncode == 1


def test_standard_input_that_is_right_comes_back(tmp_path: Path) -> None:
    run = subprocess.run(
        [MAILLINT, "check", "--fix", "--stdin-filename", "some.cf", "-"],
        input=AFTER, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (0, AFTER)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unsafe-fixes",),
        ("--fix", "--add-ignores", "why"),
        ("--diff", "--update-baseline"),
        ("--fix", "-", "other.cf"),
    ],
)
def test_what_does_not_go_together(arguments: tuple[str, ...]) -> None:
    run = run_maillint("check", *arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("maillint: --")


def test_many_directories_in_parallel(tmp_path: Path) -> None:
    for number in range(40):
        directory = tmp_path / str(number)
        directory.mkdir()
        put(directory / "main.cf")
    run = run_maillint("check", "--fix", "--jobs", "2", "--select", "syntax", str(tmp_path))
    assert "120 findings fixed in 40 files" in run.stderr
    assert {file.read_bytes() for file in tmp_path.glob("*/main.cf")} == {AFTER}


def test_killed_at_any_moment_it_loses_nothing(tmp_path: Path) -> None:
    """Each file is the old one or the new one, whenever the process dies."""
    many = b"# x\n" * 20_000
    directories = [tmp_path / str(number) for number in range(12)]
    for directory in directories:
        directory.mkdir()
    chance = random.Random(7)
    seen = set()
    for number in range(12):
        for directory in directories:
            put(directory / "main.cf", many + BEFORE)
        process = subprocess.Popen(
            [MAILLINT, "check", "--fix", "--jobs", "1", "--select", "syntax", str(tmp_path)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if number % 2:
            time.sleep(chance.uniform(0.05, 0.6))
        else:  # However slow the machine is: with some files done, and others not.
            first = directories[chance.randrange(len(directories) - 1)] / "main.cf"
            while process.poll() is None and first.stat().st_size == len(many + BEFORE):
                time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        contents = [(directory / "main.cf").read_bytes() for directory in directories]
        assert set(contents) <= {many + BEFORE, many + AFTER}
        seen.add(len(set(contents)))
    assert 2 in seen, "no run was killed between two files: the test has seen nothing"
