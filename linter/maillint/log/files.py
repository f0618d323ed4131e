"""Log files as streams of lines: plain, compressed, or standard input; of any size, with bounded memory."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

STDIN = "-"
"""The path that stands for standard input."""

LONGEST = 8192
"""Of a line, so many bytes are read; Postfix and syslog write shorter ones (util/msg_syslog.c, RFC 5424)."""

_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_XZ = b"\xfd7zXZ\x00"
_BZIP2 = b"BZh"


class LogError(Exception):
    """A log that cannot be read; the message names the file and says why."""


def numbered_lines(path: str) -> Iterator[tuple[int, list[bytes]]]:
    """Pieces of the log at *path*: the number of the first line, and the lines without their ends.

    A line longer than LONGEST comes cut off. Raises LogError.
    """
    try:
        with _opened(path) as stream:
            yield from _pieces(stream)
    except (OSError, EOFError) as error:
        raise LogError(f"{path}: {_why(error)}") from None
    except Exception as error:
        # zlib.error, lzma.LZMAError and ZstdError have no base of their own.
        if type(error).__module__ in (
            "zlib",
            "_lzma",
            "zstandard",
            "zstandard.backend_c",
            "compression.zstd",
        ):
            raise LogError(f"{path}: is damaged ({error})") from None
        raise


def modified(path: str) -> float | None:
    """When the file was last written to, in seconds since 1970; None for standard input."""
    if path == STDIN:
        return None
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def _why(error: OSError | EOFError) -> str:
    if isinstance(error, EOFError):
        return "ends in the middle of the compressed data"
    return error.strerror or str(error)


def _pieces(stream: IO[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    number, rest = 1, b""
    while chunk := stream.read(_CHUNK):
        first, *more = chunk.split(b"\n")
        if not more:  # the middle of a line without end
            rest += first[: max(0, LONGEST - len(rest))]
            continue
        lines = [rest + first, *more]
        rest = lines.pop()[:LONGEST]
        yield number, lines
        number += len(lines)
    if rest:
        yield number, [rest]


def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
    if path == STDIN:
        return _standard_input()
    if os.path.isdir(path):
        raise LogError(f"{path}: is a directory; name the log files in it")
    return _file(path)


@contextmanager
def _standard_input() -> Iterator[IO[bytes]]:
    import io

    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        raise LogError("-: standard input is closed")
    buffered = raw if hasattr(raw, "peek") else io.BufferedReader(raw)
    with _unpacked("standard input", buffered, buffered.peek(8)[:8]) as stream:
        yield stream


@contextmanager
def _file(path: str) -> Iterator[IO[bytes]]:
    with open(path, "rb") as file, _unpacked(path, file, file.peek(8)[:8]) as stream:
        yield stream


@contextmanager
def _unpacked(path: str, file: IO[bytes], magic: bytes) -> Iterator[IO[bytes]]:
    """*file*, decompressed as its first bytes, *magic*, ask for."""
    if magic.startswith(_GZIP):
        import gzip

        yield gzip.GzipFile(fileobj=file)  # type: ignore[misc]
    elif magic.startswith(_XZ):
        import lzma

        with lzma.LZMAFile(file) as stream:
            yield stream
    elif magic.startswith(_BZIP2):
        import bz2

        with bz2.BZ2File(file) as stream:
            yield stream
    elif magic.startswith(_ZSTD):
        with _zstd(path, file) as stream:
            yield stream
    else:
        yield file


@contextmanager
def _zstd(path: str, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """By the standard library (Python 3.14), the package zstandard, or the program zstd; else LogError."""
    from importlib import import_module
    from importlib.util import find_spec

    if sys.version_info >= (3, 14) and find_spec("compression.zstd"):
        yield import_module("compression.zstd").ZstdFile(file)
    elif find_spec("zstandard"):
        yield import_module("zstandard").ZstdDecompressor().stream_reader(file, read_across_frames=True)
    elif program := shutil.which("zstd"):
        with _piped(path, program, file) as stream:
            yield stream
    else:
        raise LogError(
            f"{path}: is compressed with zstd, which this Python cannot read; install the program zstd or the"
            " package zstandard, or decompress it elsewhere"
        )


@contextmanager
def _piped(path: str, program: str, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """What *program* makes of *file*, which may be a pipe and of which nothing has been taken but a peek."""
    import subprocess
    import threading

    process = subprocess.Popen(
        [program, "-dcq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    feeder = threading.Thread(target=_feed, args=(file, process.stdin), daemon=True)
    feeder.start()
    try:
        yield process.stdout
        if not process.stdout.read(1):
            said = process.stderr.read(1000).decode("utf-8", "replace").strip()
            if process.wait() != 0:
                raise LogError(f"{path}: is damaged ({said})")
    finally:
        process.stdout.close()
        process.stderr.close()
        process.terminate()
        process.wait()
        feeder.join()


def _feed(file: IO[bytes], pipe: IO[bytes]) -> None:
    try:
        # The other end may have what it wanted, and close.
        with suppress(OSError, ValueError):
            shutil.copyfileobj(file, pipe, _CHUNK)
    finally:
        with suppress(OSError):
            pipe.close()
