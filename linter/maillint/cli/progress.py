"""A line on the terminal about work that takes long, wiped away when it is done."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TypeVar

Item = TypeVar("Item")

_PATIENCE = 1.0
"""Seconds until anybody wants to know."""
_INTERVAL = 0.25

_WIPE = "\r\x1b[K"


def watched(items: Iterable[Item], text: Callable[[int], str]) -> Iterator[Item]:
    """*items*, while standard error, a terminal, shows ``text(how many were taken)`` and the seconds.

    A timer writes the line, because a single item may take long as well; no thread does, because a process
    with threads must not fork.
    """
    if os.environ.get("TERM") == "dumb" or not hasattr(signal, "setitimer"):
        yield from items
        return
    line = _Line(text)
    before = signal.signal(signal.SIGALRM, line.show)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _INTERVAL)
    try:
        for item in items:
            line.taken += 1
            yield item
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        line.wipe()


class _Line:
    def __init__(self, text: Callable[[int], str]) -> None:
        self.taken = 0
        self._text = text
        self._start = monotonic()
        self._shown = False

    def show(self, *_: object) -> None:
        """Write the line, or write it anew; called between any two steps of the program."""
        terminal = sys.stderr.fileno()
        if _in_background(terminal):
            return
        line = f"maillint: {self._text(self.taken)}, {monotonic() - self._start:.0f} s"
        try:
            width = os.get_terminal_size(terminal).columns
            os.write(terminal, f"\r{line[: width - 1] if width else line}{_WIPE[1:]}".encode())
        except OSError:
            return
        self._shown = True

    def wipe(self) -> None:
        if self._shown:
            sys.stderr.write(_WIPE)
            sys.stderr.flush()


def _in_background(terminal: int) -> bool:
    """Whether the line would run into what somebody types for another program."""
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:
        return False
