"""Runs many configurations, on all processors when there are enough of them to be worth it.

Those that ask the DNS run in threads of one process: they wait most of the time, and share one cache and one
budget of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .run import check

if TYPE_CHECKING:
    from .discovery import Target
    from .plan import Plan
    from .run import Outcome

    Job = tuple[Target, Plan]

WORTH_IT = 32
"""With fewer configurations, starting processes takes longer than they save."""

THREADS = 32
"""How many configurations are judged at once that ask the DNS."""

_CHUNK = 8

_jobs: Sequence[Job] = ()


def run(jobs: Sequence[Job], processes: int | None = None) -> Iterator[Outcome]:
    """The outcomes of *jobs*, in their order.

    *processes*: None takes as many as there are processors, and one for few jobs.
    """
    global _jobs
    _jobs = jobs
    if len(jobs) > 1 and any(plan.dns is not None for _, plan in jobs):
        yield from _in_threads()
        return
    if processes is None:
        processes = _processors() if len(jobs) > WORTH_IT else 1
    processes = min(processes, len(jobs))
    if processes > 1 and _can_fork():
        yield from _in_parallel(processes)
    else:
        yield from map(_check, range(len(jobs)))


def _in_parallel(processes: int) -> Iterator[Outcome]:
    import gc
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    gc.freeze()  # What all processes share stays shared.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_leave_interrupts_to_parent
    ) as executor:
        try:
            yield from executor.map(_check, range(len(_jobs)), chunksize=_CHUNK)
        except BrokenProcessPool:
            yield _broken()


def _in_threads() -> Iterator[Outcome]:
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(min(len(_jobs), THREADS))
    try:
        yield from executor.map(_check, range(len(_jobs)))
    finally:
        executor.shutdown(cancel_futures=True)


def _leave_interrupts_to_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _broken() -> Outcome:
    from .result import Problem
    from .run import Outcome

    outcome = Outcome()
    outcome.problems.append(
        Problem("", "a process of this run was killed, so it is not complete; try it with --jobs 1")
    )
    return outcome


def _check(number: int) -> Outcome:
    target, plan = _jobs[number]
    outcome = _judged(target, plan)
    if len(_jobs) > 1:
        from .excerpt import compact

        findings = (*outcome.findings, *outcome.suppressed, *outcome.unsure)
        _, outcome.not_checked = compact(findings, outcome.not_checked)
        outcome.ignores = []  # They hold whole files.
    return outcome


def _judged(target: Target, plan: Plan) -> Outcome:
    if plan.fixes:
        from .fix import fix

        return fix(target, plan)
    return check(target, plan)


def _processors() -> int:
    import os

    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _can_fork() -> bool:
    import os

    return hasattr(os, "fork")
