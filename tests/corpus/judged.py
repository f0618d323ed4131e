"""The configurations of the corpus, and what all rules find in them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from maillint.engine.discovery import Target
from maillint.engine.finding import Finding
from maillint.engine.plan import Plan
from maillint.engine.registry import BUILT_IN, Registry
from maillint.engine.run import check
from maillint.engine.settings import Layer, Settings
from support import MAIN_CF, MASTER_CF, CorpusFile, corpus_files


class RealConfiguration(NamedTuple):
    """A main.cf and the master.cf beside it, or one of the two alone."""

    name: str
    main: Path | None
    master: Path | None

    @property
    def files(self) -> dict[str, bytes]:
        """The contents by ``main.cf`` and ``master.cf``; empty for what there is not."""
        return {
            name: path.read_bytes() if path is not None else b""
            for name, path in ((MAIN_CF, self.main), (MASTER_CF, self.master))
        }

    @property
    def directory(self) -> Path:
        path = self.main or self.master
        assert path is not None
        return path.parent


def configurations() -> Iterator[RealConfiguration]:
    """Each main.cf with its master.cf, then each master.cf that was not among them, with its main.cf."""
    seen = set()
    for file in corpus_files(MAIN_CF):
        master = _beside(file, "master_cf_used")
        seen.add(master)
        yield RealConfiguration(str(file), file.path, master)
    for file in corpus_files(MASTER_CF):
        if file.path not in seen:
            yield RealConfiguration(str(file), _beside(file, "main_cf_used"), file.path)


def _beside(file: CorpusFile, key: str) -> Path | None:
    name = json.loads(file.recorded.read_text("utf-8", "surrogateescape")).get(key)
    path = Path(str(file.path).removesuffix(file.name)) / (name or "")
    return path if path.is_file() else None


def plan(version: str) -> Plan:
    """All offline rules, for a Postfix version, without heed to ignore comments."""
    return Plan(
        Settings(Layer({"postfix-version": version}, "the test")), Registry.load((BUILT_IN,)), ignores=False
    )


def findings(configuration: RealConfiguration, plan: Plan) -> list[Finding]:
    """What the rules of *plan* find in a configuration as a whole. Raises AssertionError for a crash."""
    main, master = (str(path) if path else None for path in (configuration.main, configuration.master))
    outcome = check(Target(str(configuration.directory), main, master), plan)
    crashes = [problem for problem in outcome.problems if problem.details]
    assert crashes == [], configuration.name
    return outcome.findings
