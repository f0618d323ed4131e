"""What ``--fix`` and ``--diff`` of ``maillint check`` print."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillint.engine.discovery import Target
    from maillint.engine.fix import Change


def print_diff(changes: Iterable[Change]) -> None:
    """Print what fixes would change as a patch, byte for byte; a terminal gets nothing that it would obey."""
    from maillint.report.quote import printable

    for change in changes:
        for line in _diff(change):
            if sys.stdout.isatty():
                print(printable(line.removesuffix("\n")))
            else:
                sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape"))


def _diff(change: Change) -> Iterator[str]:
    from difflib import unified_diff

    for line in unified_diff(_lines(change.before), _lines(change.after), change.path, change.path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines with their ends, which are LF only: ``str.splitlines`` and ``patch`` differ about others."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def print_input(target: Target) -> None:
    """Print standard input as the fixes leave it."""
    for content in target.contents.values():
        sys.stdout.buffer.write(content)
