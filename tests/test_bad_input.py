"""Input that is no configuration, through the real command: a clear answer, in time, never a traceback."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import MAILLINT, run_maillint

SECONDS = 60
"""The longest that any of these may take; they all end within a few seconds on an idle machine."""


def check(
    *arguments: str | Path, timeout: float = SECONDS, **options: str
) -> subprocess.CompletedProcess[str]:
    """Run ``maillint check`` and see to what holds for every bad input."""
    run = run_maillint("check", *arguments, timeout=timeout, **options)
    assert run.returncode in (0, 1, 2), run.stderr
    assert "Traceback" not in run.stdout + run.stderr, run.stderr
    for line in (run.stdout + run.stderr).splitlines():
        assert len(line) < 1_000, "a message must not repeat the input"
    return run


def assert_refused(run: subprocess.CompletedProcess[str], *words: str | Path) -> None:
    """maillint could not do what was asked, and says with which path and why."""
    assert run.returncode == 2, run.stdout + run.stderr
    for word in words:
        assert str(word) in run.stderr


@pytest.mark.parametrize("name", ["main.cf", "master.cf", "etc"])
def test_missing(tmp_path: Path, name: str) -> None:
    assert_refused(check(tmp_path / name), tmp_path / name, "No such file or directory")


def test_directory_without_main_cf(tmp_path: Path) -> None:
    (tmp_path / "aliases").write_text("root: admin\n")
    assert_refused(check(tmp_path), tmp_path, "main.cf")


def test_one_bad_path_does_not_hide_the_findings_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("myhostname mx.example.com\n")
    run = check(tmp_path / "missing", tmp_path / "main.cf")
    assert_refused(run, tmp_path / "missing")
    assert "missing-equals" in run.stdout


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_directory_with_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    if name == "master.cf":
        (tmp_path / "main.cf").write_text("myhostname = mx.example.com\n")
    (tmp_path / name).mkdir()
    assert_refused(check(tmp_path), tmp_path / name, "directory")


POWERLESS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Root may read everything; without these capabilities it may read what its permissions say."""

needs_permissions = pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None,
    reason="root may read everything, and there is no setpriv",
)


def check_powerless(path: Path) -> subprocess.CompletedProcess[str]:
    """Run ``maillint check`` as somebody who may not read what the permissions forbid."""
    run = subprocess.run(
        [*POWERLESS, MAILLINT, "check", path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert "Traceback" not in run.stderr
    return run


@needs_permissions
@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_unreadable_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.cf").write_text("myhostname = mx.example.com\n")
    (tmp_path / name).write_text("")
    (tmp_path / name).chmod(0)
    for path in (tmp_path, tmp_path / name):
        assert_refused(check_powerless(path), tmp_path / name, "Permission denied")


@needs_permissions
def test_unreadable_directory(tmp_path: Path) -> None:
    folder = tmp_path / "postfix"
    folder.mkdir()
    (folder / "main.cf").write_text("myhostname = mx.example.com\n")
    folder.chmod(0)
    assert_refused(check_powerless(folder), folder, "Permission denied")
    assert_refused(check_powerless(folder / "main.cf"), folder / "main.cf", "Permission denied")


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
@pytest.mark.parametrize("seed", range(3))
def test_binary(tmp_path: Path, name: str, seed: int) -> None:
    (tmp_path / name).write_bytes(random.Random(seed).randbytes(50_000))
    assert check(tmp_path / name).returncode in (1, 2)


@pytest.mark.parametrize("byte", [b"\0", b"\xff", b"\r", b"\\\n", b"#"])
def test_one_byte_over_and_over(tmp_path: Path, byte: bytes) -> None:
    (tmp_path / "main.cf").write_bytes(byte * 100_000)
    check(tmp_path / "main.cf")


def test_empty(tmp_path: Path) -> None:
    """An empty main.cf is legal: every default applies, and that is what can be said about it."""
    (tmp_path / "main.cf").write_bytes(b"")
    assert check(tmp_path / "main.cf").stderr != ""
    (tmp_path / "master.cf").write_bytes(b"")
    check(tmp_path)
    check(tmp_path / "master.cf")


def sparse(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(100 * 2**20)


def comments(path: Path) -> None:
    path.write_bytes(b"# nothing but comments, line after line after line\n" * (2 * 2**20))


def settings(path: Path) -> None:
    path.write_bytes(b"relay_domains = example.com, example.net, example.org\n" * (2 * 2**20))


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
@pytest.mark.parametrize("fill", [sparse, comments, settings])
def test_hundred_megabytes(tmp_path: Path, name: str, fill: Callable[[Path], None]) -> None:
    fill(tmp_path / name)
    assert_refused(check(tmp_path / name), tmp_path / name, "too large")


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_loop_of_symbolic_links(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "other.cf")
    (tmp_path / "other.cf").symlink_to(tmp_path / name)
    assert_refused(check(tmp_path / name), tmp_path / name, "symbolic link")


def test_loop_of_directories(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert_refused(check(tmp_path / "a"), tmp_path / "a", "symbolic link")


def test_directory_that_contains_itself(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("myhostname mx.example.com\n")
    (tmp_path / "again").symlink_to(tmp_path)
    run = check(tmp_path)
    assert run.returncode == 1
    assert run.stdout.count("missing-equals") == 1


def test_path_too_long(tmp_path: Path) -> None:
    assert_refused(check(tmp_path / ("x" * 300)), "File name too long")


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("${", ""), ("${", "}"), ("${mydomain?{", "}}"), ("$(", ")"), ("{", "}"), ("{", ""), ("unionmap:{", "")],
)
def test_nesting(tmp_path: Path, depth: int, opening: str, closing: str) -> None:
    value = opening * depth + "mydomain" + closing * depth
    (tmp_path / "main.cf").write_text(f"relay_domains = {value}\nmyorigin = example.com\n")
    run = check(tmp_path / "main.cf")
    if opening.startswith("$"):
        assert run.returncode == 1
        assert "relay_domains" in run.stdout
    (tmp_path / "master.cf").write_text(f"smtp inet n - n - - smtpd\n  -o relay_domains={value}\n")
    check(tmp_path)


def test_parameters_that_refer_to_themselves(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(
        "myhostname = $mydomain\nmydomain = $myhostname\nmyorigin = $myorigin\n"
    )
    check(tmp_path / "main.cf")


@pytest.mark.parametrize(
    "text",
    [
        "relay_domains = " + "$mydomain " * 40_000,
        "relay_domains = " + "example.com, " * 100_000,
        "relay_domains =\n" + " example.com\n" * 100_000,
        "relay_domains = " + "${mydomain?{a}:{b}}" * 40_000,
        "smtpd_relay_restrictions = " + "{ permit } " * 100_000,
        "# maillint: ignore[myorigin-unset]\n" * 40_000 + "relay_domains =",
        "relay_domains = a\n" * 40_000,
    ],
    ids=lambda text: text[:40].replace("\n", " "),
)
def test_long_lists(tmp_path: Path, text: str) -> None:
    """What takes the square of their length takes minutes here."""
    (tmp_path / "main.cf").write_text(f"{text}\n")
    check(tmp_path / "main.cf")


def test_doubling_references(tmp_path: Path) -> None:
    """Each name stands for the one before twice: 2**60 words, were they ever written out."""
    lines = ["a0 = example.com"] + [f"a{n} = $a{n - 1} $a{n - 1}" for n in range(1, 61)]
    (tmp_path / "main.cf").write_text("\n".join([*lines, "relay_domains = $a60", "myhostname = $a60", ""]))
    check(tmp_path / "main.cf")


def test_fifo(tmp_path: Path) -> None:
    """Nobody writes to it: reading would wait for ever."""
    os.mkfifo(tmp_path / "main.cf")
    assert_refused(check(tmp_path / "main.cf", timeout=20), tmp_path / "main.cf", "not a regular file")
    assert_refused(check(tmp_path, timeout=20), tmp_path / "main.cf", "not a regular file")


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_device(device: str) -> None:
    assert_refused(check(device, timeout=20), device, "not a regular file")


def test_file_that_vanishes(tmp_path: Path) -> None:
    """A directory entry that leads nowhere by the time it is opened."""
    (tmp_path / "main.cf").symlink_to(tmp_path / "gone")
    assert_refused(check(tmp_path / "main.cf"), tmp_path / "main.cf", "No such file or directory")


def test_closed_standard_output(tmp_path: Path) -> None:
    """As in ``maillint check | head -1``."""
    (tmp_path / "main.cf").write_text("".join(f"no equals sign here {n}\n" for n in range(5_000)))
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [MAILLINT, "check", tmp_path / "main.cf"], stdout=writer, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(writer)
        _, errors = process.communicate(timeout=SECONDS)
    assert "Traceback" not in errors
    assert "BrokenPipeError" not in errors


def test_standard_input_of_any_bytes() -> None:
    process = subprocess.run(
        [MAILLINT, "check", "--stdin-filename", "main.cf", "-"],
        input=random.Random(4).randbytes(50_000),
        capture_output=True,
        timeout=SECONDS,
    )
    assert process.returncode in (1, 2)
    assert b"Traceback" not in process.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are arbitrary bytes on Linux")
def test_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    with open(folder + b"/main.cf", "wb") as file:
        file.write(b"myhostname mx.example.com\n")
    for format in ("text", "concise", "json", "github"):
        run = run_maillint("check", "--format", format, os.fsdecode(folder), env={"PYTHONUTF8": "1"})
        assert run.returncode == 1, run.stderr
        assert "Traceback" not in run.stderr
