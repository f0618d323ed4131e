"""The figures that maillint promises to keep, measured on this machine.

Whole processes are timed, each beside the thing it is compared with in the same run, in turn, so that a
busy machine slows both; what counts is the ratio of the medians. ``--json`` prints the same for programs.
Exit status 1 when a figure is missed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import generate

import server

MAILLINT = str(Path(sysconfig.get_path("scripts")) / "maillint")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed package has its modules compiled; here the first run, which is not counted, does that."""

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "configurations" / "department"
"""A server with tables of all kinds beside its main.cf, with which nothing is wrong."""

SIZE = 27_000
FILES = 1_000
ENTRIES = 1_000_000
POSTMAP = shutil.which("postmap", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


class Figure(NamedTuple):
    """One promise and how it was kept."""

    name: str
    value: float
    limit: float
    unit: str
    detail: str

    @property
    def kept(self) -> bool:
        return self.value <= self.limit


class Usage(NamedTuple):
    """What a process took."""

    seconds: float
    processor: float
    """Seconds that it and its children spent on all processors."""
    megabytes: float
    """The largest resident set of the process and of each of its children."""


def measure(*command: str) -> Usage:
    """Run *command* to its end; raise RuntimeError unless it did its work (exit status 0 or 1)."""
    begin = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command[:4])}: exit status {process.returncode}: {errors[-500:]!r}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def ratio(name: str, ours: list[str], theirs: list[str], limit: float, runs: int) -> Figure:
    """The median time of *ours* in medians of *theirs*."""
    for command in (ours, theirs):
        measure(*command)
    pairs = [(measure(*ours).seconds, measure(*theirs).seconds) for _ in range(runs)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Figure(name, mine / other, limit, "x", f"{mine * 1e3:.0f} ms / {other * 1e3:.0f} ms, {runs} runs")


def write(directory: Path, seed: int = 0, size: int = SIZE) -> Path:
    directory.mkdir()
    (directory / "main.cf").write_text(generate.main_cf(seed, size))
    (directory / "master.cf").write_text(generate.master_cf())
    return directory


def cold_check(work: Path, runs: int) -> list[Figure]:
    directories = {"a directory": write(work / "one"), EXAMPLE.name: EXAMPLE}
    lark = [sys.executable, "-c", "import lark"]
    return [
        ratio(f"cold check of {name} / import lark", [MAILLINT, "check", str(directory)], lark, 2.0, runs)
        for name, directory in directories.items()
    ]


def version(work: Path, runs: int) -> list[Figure]:
    version, bare = [MAILLINT, "--version"], [sys.executable, "-c", "pass"]
    return [ratio("--version / python -c pass", version, bare, 2.5, runs)]


def many_files(work: Path, runs: int) -> list[Figure]:
    paths = []
    for seed in range(FILES):
        paths.append(work / "many" / str(seed) / "main.cf")
        paths[-1].parent.mkdir(parents=True)
        paths[-1].write_text(generate.main_cf(seed, SIZE))
    few, *several = (
        measure(MAILLINT, "check", *map(str, paths[:count])) for count in (FILES // 10, FILES, FILES, FILES)
    )
    best = min(several)
    detail = f"{best.processor:.1f} s of {len(os.sched_getaffinity(0))} processors, best of {len(several)}"
    memory = max(usage.megabytes for usage in several)
    growth = f"{FILES // 10} files: {few.megabytes:.0f} MB"
    return [
        Figure(f"{FILES} different files", best.seconds, 4.0, "s", detail),
        Figure(f"memory of a process, {FILES} files", memory, 60, "MB", growth),
    ]


def ten_times(work: Path, runs: int) -> list[Figure]:
    """The time of the check alone, in this process, best of several: start-up would flatter the ratio."""
    small, large = (best_check(write(work / str(size), size=size), runs) for size in (SIZE, 10 * SIZE))
    detail = f"{large * 1e3:.0f} ms / {small * 1e3:.0f} ms, in process, best of {runs}"
    return [Figure("ten times the file / the file", large / small, 11, "x", detail)]


def best_check(directory: Path, runs: int) -> float:
    from maillint.engine.discovery import Target, discover
    from maillint.engine.plan import Planner
    from maillint.engine.run import check
    from maillint.engine.settings import Layer

    [target] = discover([str(directory)])
    assert isinstance(target, Target)
    plan = Planner(Layer({}, "benchmark")).plan(str(directory))
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        outcome = check(target, plan)
        times.append(time.perf_counter() - begin)
        assert outcome.configurations == 1
        assert not outcome.problems
    return min(times)


def large_table(work: Path, runs: int) -> list[Figure]:
    """Checking each line of a large table, beside the building of its index by the real postmap."""
    table = write(work / "table") / "virtual"
    with table.open("w") as file:
        file.writelines(generate.table(ENTRIES))
    ours = [MAILLINT, "check", str(table.parent)]
    usage = measure(*ours)
    detail = f"the file: {table.stat().st_size / 1e6:.0f} MB"
    figures = [Figure(f"memory, a table of {ENTRIES} lines", usage.megabytes, 80, "MB", detail)]
    for type in _types_of_postmap():
        name = f"a table of {ENTRIES} lines / postmap {type}:"
        figures.append(ratio(name, ours, [POSTMAP, f"{type}:{table}"], 1.0, min(runs, 7)))
    return figures


def editor(work: Path, runs: int) -> list[Figure]:
    """The answers of the language server to an editor, each after a change of the file."""
    times = server.seconds(MAILLINT, write(work / "editor") / "main.cf", runs)
    first = times.pop(server.FIRST)[0]
    medians = {name: statistics.median(found) for name, found in times.items()}
    slowest = max(medians, key=lambda name: medians[name])
    detail = f"{slowest}, the slowest of {len(medians)}; the first of all: {first * 1e3:.0f} ms"
    return [Figure("an answer of the language server", medians[slowest] * 1e3, 100, "ms", detail)]


def _types_of_postmap() -> list[str]:
    """The indexed types that the Postfix of this machine can build; none without Postfix."""
    if not POSTMAP:
        print("there is no postmap on this machine, so its time is not compared", file=sys.stderr)
        return []
    known = subprocess.run(
        [POSTMAP.replace("postmap", "postconf"), "-m"], capture_output=True, text=True, check=True
    ).stdout.split()
    return [type for type in ("lmdb", "hash") if type in known]


MEASUREMENTS: tuple[Callable[[Path, int], list[Figure]], ...] = (
    cold_check,
    version,
    many_files,
    ten_times,
    large_table,
    editor,
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the figures that maillint promises to keep.")
    parser.add_argument("--runs", type=int, default=21, help="runs of each command (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    figures: list[Figure] = []
    for measurement in MEASUREMENTS:
        with tempfile.TemporaryDirectory(prefix="maillint-bench-") as work:
            for figure in measurement(Path(work), options.runs):
                figures.append(figure)
                if not options.json:
                    print(line(figure), flush=True)
    if options.json:
        print(json.dumps([{**figure._asdict(), "kept": figure.kept} for figure in figures], indent=2))
    return 0 if all(figure.kept for figure in figures) else 1


def line(figure: Figure) -> str:
    verdict = "kept" if figure.kept else "MISSED"
    value = f"{figure.value:6.2f} {figure.unit}"
    limit = f"limit {figure.limit:g} {figure.unit}"
    return f"{verdict:<6} {figure.name:<40} {value:<9} {limit:<12} ({figure.detail})"


if __name__ == "__main__":
    sys.exit(main())
