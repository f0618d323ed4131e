"""Compare ``maillint show`` with the real postconf: the same output, or both refuse."""

import io
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from maillint.cli import show
from maillint.postfix.configuration import load_directory
from maillint.postfix.host import Host
from maillint.postfix.postconf import RefusalError, in_force, options
from maillint.postfix.version import Version
from support import MAIN_CF, MASTER_CF, POSTCONF, run_postconf

OPTIONS = {"-n": (), "-nx": ("--expand",), "-d": ("--defaults",)}
"""The arguments of ``show`` that stand for postconf's. ``-P`` prints all services, ``show`` one."""

NOT_COMPARED = {
    "mail_release_date": "the day of a release is in no source that is read: it says nothing about mail",
}
"""Parameters whose default is not compared, and why."""


def installed_version() -> Version:
    """That of the postconf on this machine."""
    return Version(run_postconf("-dh", "mail_version").stdout.strip())


class Question(NamedTuple):
    """A configuration, and the options to run postconf with."""

    name: str
    main: bytes
    master: bytes
    options: tuple[str, ...]


class Answer(NamedTuple):
    """What one of the two did."""

    accepted: bool
    output: str
    errors: str


class Pair(NamedTuple):
    """The two answers to one question with one option."""

    name: str
    option: str
    real: Answer
    ours: Answer

    @property
    def difference(self) -> str:
        """How the answers differ; empty: they do not."""
        title = f"{self.name} {self.option}"
        if self.real.accepted != self.ours.accepted:
            verdicts = ["accepted" if answer.accepted else "refused" for answer in (self.real, self.ours)]
            errors = (self.ours if self.real.accepted else self.real).errors
            return f"{title}: {verdicts[0]} by postconf, {verdicts[1]} by show: {errors[-500:]}"
        real, ours = (_lines(answer.output, self.option) for answer in (self.real, self.ours))
        if not self.real.accepted or real == ours:
            return ""
        only_real = [line for line in real if line not in ours]
        only_ours = [line for line in ours if line not in real]
        return f"{title}: postconf {only_real[:5]}, show {only_ours[:5]}"


def _lines(output: str, option: str) -> list[str]:
    """The lines to compare.

    Of a service that stands in master.cf twice, postconf -P prints all options, once or twice.
    """
    lines = [line for line in output.split("\n") if line.partition(" =")[0] not in NOT_COMPARED]
    return sorted(set(lines)) if option == "-P" else lines


def ask(questions: Iterable[Question], version: Version) -> Iterator[Pair]:
    """Put the questions to both. postconf waits a second before it refuses, so many run at a time."""
    with tempfile.TemporaryDirectory(prefix="maillint-show-") as folder, ThreadPoolExecutor(32) as threads:
        todo = []
        for number, question in enumerate(questions):
            directory = written(Path(folder) / str(number), question)
            for option in question.options:
                todo.append((question, directory, option, threads.submit(_postconf, directory, option)))
        for question, directory, option, answer in todo:
            process, real = answer.result()
            with mock.patch("maillint.postfix.host.os.getpid", lambda pid=process: pid):
                ours = _show_services(directory, version) if option == "-P" else None
                ours = ours or show_answer(directory, OPTIONS[option], version)
            yield Pair(question.name, option, real, ours)


def written(directory: Path, question: Question) -> Path:
    """Write the files of *question* into *directory*, which is made."""
    directory.mkdir()
    for name, data in ((MAIN_CF, question.main), (MASTER_CF, question.master)):
        (directory / name).write_bytes(data)
        # Postfix reads a file again and again until it is some seconds old (util/dict.c).
        os.utime(directory / name, (0, 0))
    return directory


def _postconf(directory: Path, option: str) -> tuple[int, Answer]:
    assert POSTCONF is not None
    command = [POSTCONF, "-c", str(directory), option]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
        output, errors = process.communicate(timeout=60)
    return process.pid, Answer(process.returncode == 0, _text(output), _text(errors))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def show_answer(directory: Path, arguments: Iterable[str], version: Version) -> Answer:
    """What ``maillint show`` does, in this process."""
    output, errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        status = show.main([str(directory), "--postfix-version", str(version), *arguments])
    output.flush()
    buffer = output.buffer
    assert isinstance(buffer, io.BytesIO)
    assert status in (0, 2)
    return Answer(status == 0, _text(buffer.getvalue()), errors.getvalue())


def _show_services(directory: Path, version: Version) -> Answer:
    """What ``maillint show --service`` prints for one service after the other."""
    host = Host()
    configuration = load_directory(str(directory), version=version, hostname=host.name(), host=host)
    try:
        in_force(configuration)  # refuses what postconf refuses even where there is no service
        values = [options(configuration, service.id) for service in configuration.services]
    except RefusalError as refusal:
        return Answer(False, "", refusal.message)
    return Answer(True, "".join(map(show.as_text, values)), "")
