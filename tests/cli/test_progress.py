"""What a terminal shows of work that takes long."""

import os
import pty
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import MAILLINT, SURROUNDINGS, run_maillint

SLOW = """\
import time
from maillint.engine.rule import rule


@rule(severity="error", area="house")
def slow(config):
    time.sleep({seconds})
    return ()
"""
WIPE = "\r\x1b[K"
SUMMARY = "nothing found in 2 configurations"


@pytest.fixture
def two(place: Path) -> Path:
    """A directory with two configurations, whose rule takes its time in each."""
    (place / "slow_rules").mkdir()
    (place / "slow_rules" / "__init__.py").write_text("")
    (place / "maillint.toml").write_text('plugins = ["slow_rules"]\nselect = ["slow"]\n')
    for host in ("one", "two"):
        (place / host).mkdir()
        (place / host / "main.cf").write_text("myhostname = mx.example.com\n")
    return place


def take(place: Path, seconds: float) -> None:
    (place / "slow_rules" / "slow.py").write_text(SLOW.format(seconds=seconds))


@contextmanager
def on_terminal(
    place: Path, *arguments: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[bytes]]]:
    """A ``maillint check`` whose standard error is a terminal, and what the terminal has got so far."""
    reader, writer = pty.openpty()
    got: list[bytes] = []

    def read() -> None:
        try:
            while data := os.read(reader, 4096):
                got.append(data)
        except OSError:  # how Linux says that nobody writes any more
            pass

    base = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    with subprocess.Popen(
        [MAILLINT, "check", *arguments],
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=writer,
        env={**base, "PYTHONPATH": str(place), "TERM": "xterm", **environment},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        os.close(writer)
        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield process, got
            process.wait(timeout=60)
        finally:
            process.kill()
            thread.join(timeout=60)
            os.close(reader)


def shown(place: Path, *arguments: str, **environment: str) -> str:
    with on_terminal(place, *arguments, **environment) as (process, got):
        process.wait(timeout=60)
    return b"".join(got).decode()


def left(terminal: str) -> str:
    """What stays on the screen: each part up to a carriage return that a wipe of the line follows is gone."""
    return re.sub(r"[^\n]*\r\x1b\[K", "", terminal).replace("\r\n", "\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_long_work_is_shown_and_wiped_away(two: Path, jobs: str) -> None:
    take(two, 1.3)
    terminal = shown(two, "--jobs", jobs, ".")
    assert re.search(r"maillint: judging, 0 of 2 configurations done, [1-9] s", terminal)
    # Two processes share the work by the handful, and one tells of each.
    assert ("1 of 2 configurations done" in terminal) is (jobs == "1")
    assert left(terminal) == f"{SUMMARY}\n"
    assert terminal.endswith(f"{WIPE}{SUMMARY}\r\n")


def test_short_work_is_not_shown(two: Path) -> None:
    take(two, 0)
    assert shown(two, ".") == f"{SUMMARY}\r\n"


def test_a_pipe_gets_nothing(two: Path) -> None:
    take(two, 0.7)
    assert run_maillint("check", ".", cwd=two, env={"PYTHONPATH": str(two)}).stderr == f"{SUMMARY}\n"


def test_a_terminal_that_cannot_wipe_gets_nothing(two: Path) -> None:
    take(two, 0.7)
    assert shown(two, ".", TERM="dumb") == f"{SUMMARY}\r\n"


def test_interrupted_work_leaves_nothing(two: Path) -> None:
    take(two, 30)
    with on_terminal(two, ".") as (process, got):
        deadline = time.monotonic() + 30
        while b"judging" not in b"".join(got) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    assert left(b"".join(got).decode()) == ""


def test_the_line_is_no_wider_than_the_terminal(two: Path) -> None:
    import fcntl
    import struct
    import termios

    take(two, 0.7)
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 20, 0, 0))
    base = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    subprocess.run(
        [MAILLINT, "check", "."],
        cwd=two,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=writer,
        env={**base, "PYTHONPATH": str(two), "TERM": "xterm"},
        timeout=60,
    )
    os.close(writer)
    terminal = os.read(reader, 65536).decode()
    os.close(reader)
    [line] = set(re.findall(r"\r(maillint[^\x1b]*)", terminal))
    assert line == "maillint: judging, "
