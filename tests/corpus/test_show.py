"""``maillint show`` prints what the real postconf prints, on every real main.cf and master.cf."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maillint.cli.show import as_text
from maillint.postfix.configuration import Configuration
from maillint.postfix.host import Host
from maillint.postfix.postconf import RefusalError, in_force, options
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from postfix.oracle import Question, ask, installed_version
from support import MAIN_CF, MASTER_CF, CorpusFile, corpus_files, needs_corpus, needs_postfix

pytestmark = needs_corpus


def recorded(file: CorpusFile) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(file.recorded.read_text(encoding="utf-8"))
    return answers


def beside(file: CorpusFile) -> bytes | None:
    """The master.cf that belongs to a main.cf, or the other way round."""
    name = recorded(file).get("master_cf_used" if file.kind == MAIN_CF else "main_cf_used")
    path = Path(str(file.path).removesuffix(file.name)) / (name or "")
    return path.read_bytes() if path.is_file() else None


def questions() -> Iterator[Question]:
    for file in corpus_files(MAIN_CF):
        main = file.path.read_bytes()
        yield Question(str(file), main, b"", ("-n", "-nx"))
        master = beside(file)
        if master is not None:
            yield Question(f"{file} with its master.cf", main, master, ("-n", "-nx"))
    for file in corpus_files(MASTER_CF):
        master = file.path.read_bytes()
        yield Question(str(file), b"", master, ("-P", "-d"))
        main = beside(file)
        if main is not None:
            yield Question(f"{file} with its main.cf", main, master, ("-P",))


@needs_postfix
def test_postconf_prints_the_same() -> None:
    pairs = list(ask(questions(), installed_version()))
    assert len(pairs) > 1000
    assert [pair.difference for pair in pairs if pair.difference] == []


def test_postconf_printed_the_same_elsewhere() -> None:
    """What postconf 3.7.11 of another machine printed, as far as no host has a part in it."""
    differences = []
    for file in corpus_files(MAIN_CF, MASTER_CF):
        answers = recorded(file)
        option = "n" if file.kind == MAIN_CF else "P"
        ours = printed(file)
        expected = answers[f"stdout_{option}"] if answers[f"rc_{option}"] == 0 else None
        if without_directory(ours) != without_directory(expected):
            differences.append(str(file))
    assert differences == []


def printed(file: CorpusFile) -> str | None:
    """The output of ``show`` for a file, with the file of the other kind that lies beside it."""
    main = file.path.read_bytes() if file.kind == MAIN_CF else beside(file)
    master = file.path.read_bytes() if file.kind == MASTER_CF else beside(file)
    configuration = Configuration(
        parse_main_cf(Source.from_bytes(MAIN_CF, main or b"")),
        parse_master_cf(Source.from_bytes(MASTER_CF, master or b"")),
        version=Version("3.7.11"),
        hostname="localhost",
        host=Host(),
    )
    try:
        if file.kind == MAIN_CF:
            return as_text(in_force(configuration))
        return "".join(as_text(options(configuration, service.id)) for service in configuration.services)
    except RefusalError:
        return None


def without_directory(output: str | None) -> list[str] | None:
    if output is None:
        return None
    return [line for line in output.split("\n") if not line.startswith("config_directory =")]
