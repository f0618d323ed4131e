"""Where the reports of ``maillint check`` go, and in which format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, TextIO

from . import UsageError

if TYPE_CHECKING:
    from maillint.engine.result import Result

FORMATS = (
    "text", "grouped", "concise", "statistics", "json", "jsonl", "sarif", "github", "gitlab", "azure",
    "checkstyle", "junit", "rdjson", "rdjsonl", "sonarqube", "html",
)  # fmt: skip
"""Each is a module of :mod:`maillint.report`."""


COLORS = ("auto", "always", "never")
"""What one may wish for."""


def default_format() -> str:
    """The format for the place that this process runs in."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "azure" if os.environ.get("TF_BUILD") == "True" else "text"


def requested(text: str) -> tuple[str, str]:
    """The format and the path of ``--output FORMAT=FILE``. Raises UsageError."""
    format, equals, path = text.partition("=")
    if not equals or not path or format not in FORMATS:
        raise UsageError(f"--output {text}: expected FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}")
    if path == "-":
        raise UsageError(f"--output {text}: for standard output, write --format {format}")
    return format, path


def all_requested(texts: Sequence[str]) -> list[tuple[str, str]]:
    """The formats and the paths of all ``--output``. Raises UsageError for two reports in one file."""
    outputs = [requested(text) for text in texts]
    paths = [os.path.realpath(path) for _, path in outputs]
    for number, (format, path) in enumerate(outputs):
        if paths[number] in paths[:number]:
            raise UsageError(f"--output {format}={path}: another report goes to this file")
    return outputs


def write(result: Result, format: str, stream: TextIO, color: str = "never") -> None:
    """Write *result* to *stream*; *color* is auto, always or never."""
    from importlib import import_module

    import_module(f"maillint.report.{format}").write(result, stream, color=in_color(stream, color))


def write_file(result: Result, format: str, path: str) -> None:
    """Write *result* to the file at *path*, so that no reader ever sees half of it. Raises OSError."""
    from io import TextIOWrapper

    from maillint.files import replace_file

    def put(binary: BinaryIO) -> None:
        stream = TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace")
        write(result, format, stream)
        stream.flush()
        stream.detach()

    replace_file(path, put)


def in_color(stream: TextIO, wish: str) -> bool:
    """Whether to colour. See no-color.org and force-color.org: set and not empty."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
