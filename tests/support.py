"""What many tests need: the corpus, the real programs, and maillint as a process.

Tests import it as ``from support import ...``.
"""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

_corpus = Path(os.environ.get("MAILLINT_CORPUS") or ROOT.parent / "shared" / "corpus")
CORPUS: Path | None = _corpus if (_corpus / "index.tsv").is_file() else None
"""A folder of real configurations to read in place; None where there is none."""

needs_corpus = pytest.mark.skipif(
    CORPUS is None, reason=f"no corpus of real configurations at {_corpus} (set MAILLINT_CORPUS)"
)

POSTCONF = shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NSD = shutil.which("nsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

needs_postfix = pytest.mark.skipif(POSTCONF is None, reason="Postfix is not installed (no postconf)")
needs_nsd = pytest.mark.skipif(NSD is None, reason="the name server nsd is not installed")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

MAIN_CF = "main.cf"
MASTER_CF = "master.cf"
MAIN_CF_TEMPLATE = "main.cf template"
MASTER_CF_TEMPLATE = "master.cf template"
TABLE = "table"


class CorpusFile(NamedTuple):
    """One real file, as the corpus's index describes it."""

    repo: str
    """``owner/name`` of the repository that it comes from."""
    name: str
    """Its path in that repository."""
    kind: str
    """``main.cf``, ``master.cf``, ``main.cf template``, ``master.cf template``, ``table`` or ``other``."""
    subtype: str
    """The template language or table type; may be empty."""
    path: Path
    """Where to read it."""

    @property
    def recorded(self) -> Path:
        """What postconf printed for this file (JSON); exists for every ``main.cf`` and ``master.cf``."""
        assert CORPUS is not None
        return CORPUS / "postconf" / _folder(self.repo) / f"{self.name}.json"

    def __str__(self) -> str:
        return f"{_folder(self.repo)}/{self.name}"


def _folder(repo: str) -> str:
    return repo.replace("/", "__")


def corpus_files(*kinds: str) -> Iterator[CorpusFile]:
    """The files of the named *kinds* (of all kinds when none is named), in the index's order.

    Yields nothing where there is no corpus, so that it can stand in a ``parametrize``.
    """
    if CORPUS is None:
        return
    with open(CORPUS / "index.tsv", encoding="utf-8") as index:
        columns = next(index).rstrip("\n").split("\t")
        for line in index:
            row = dict(zip(columns, line.rstrip("\n").split("\t"), strict=True))
            if not kinds or row["kind"] in kinds:
                path = CORPUS / "files" / _folder(row["repo"]) / row["path"]
                yield CorpusFile(row["repo"], row["path"], row["kind"], row["lang_or_subtype"], path)


MAILLINT = str(Path(sysconfig.get_path("scripts")) / "maillint")
"""The installed console script of the interpreter that runs the tests."""

SURROUNDINGS = frozenset({"GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "TF_BUILD", "NO_COLOR", "FORCE_COLOR"})
"""Variables that change what maillint prints: those of the machine must not reach the tests."""


def run_maillint(
    *arguments: str | os.PathLike[str],
    cwd: str | os.PathLike[str] | None = None,
    input: str | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run the real ``maillint`` as a process, with *env* added to the environment (less SURROUNDINGS).

    Output is text, bytes that are not UTF-8 as surrogates. Raises subprocess.TimeoutExpired after
    *timeout* seconds.
    """
    return subprocess.run(
        [MAILLINT, *arguments],
        cwd=cwd,
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        env={name: value for name, value in os.environ.items() if name not in SURROUNDINGS} | dict(env or {}),
        timeout=timeout,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
    )


def run_postconf(
    *arguments: str, main: str | bytes = "", master: str | bytes = "", timeout: float = 30
) -> subprocess.CompletedProcess[str]:
    """Run the real ``postconf`` with *arguments* on these two files, in a private configuration directory."""
    with tempfile.TemporaryDirectory(prefix="maillint-postconf-") as directory:
        for name, text in ((MAIN_CF, main), (MASTER_CF, master)):
            data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
            (Path(directory) / name).write_bytes(data)
            # Postfix reads a file again and again until it is some seconds old (util/dict.c).
            os.utime(Path(directory) / name, (0, 0))
        return run_postconf_in(directory, *arguments, timeout=timeout)


def run_postconf_in(
    directory: str | os.PathLike[str], *arguments: str, timeout: float = 30
) -> subprocess.CompletedProcess[str]:
    """Run the real ``postconf`` with *arguments* on a configuration directory that exists already."""
    assert POSTCONF is not None, "mark the test with needs_postfix"
    return subprocess.run(
        [POSTCONF, "-c", os.fspath(directory), *arguments],
        stdin=subprocess.DEVNULL,
        timeout=timeout,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
    )
