"""One way that it may have gone with a message so far, and what all the ways come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from maillint.record import NamedTuple

from .effect import NOTHING, Effect
from .model import DEFER, DEPENDS, PERMIT, REJECT, Branch, Condition, Step, Verdict

T = TypeVar("T")

_MOST_WAYS = 100
"""So many ways to one outcome are looked at for what they depend on."""


class _Chain(Generic[T]):
    """A sequence that grows at its end, and shares what it grew from."""

    __slots__ = ("before", "last")

    def __init__(self, last: T, before: _Chain[T] | None) -> None:
        self.last = last
        self.before = before


def _all(chain: _Chain[T] | None) -> tuple[T, ...]:
    found: list[T] = []
    while chain is not None:
        found.append(chain.last)
        chain = chain.before
    return tuple(reversed(found))


class State(NamedTuple):
    """One way that it may have gone so far."""

    defer_if_permit: int = 0
    """The first digit of the reply code that a permit is turned into; 0: it is not."""
    defer_if_reject: int = 0
    """The first digit of the reply code that a permanent refusal is turned into; 0: it is not."""
    discards: bool = False
    outcome: str = ""
    assumed: dict[str, str] = {}  # noqa: RUF012 - never changed, but copied
    """What was taken for granted, by what is asked: it stays so."""
    unusual: tuple[Condition, ...] = ()
    """What does not hold for most, of what was taken for granted."""
    conditions: _Chain[Condition] | None = None
    path: _Chain[Step] | None = None
    length: int = 0
    """Of the path."""

    @property
    def rank(self) -> tuple[int, int]:
        """The less, the more usual."""
        return len(self.unusual), self.length

    def told(self, step: Step) -> State:
        """The state behind one more step."""
        return self._replace(path=_Chain(step, self.path), length=self.length + 1)

    def after(self, effect: Effect) -> State | None:
        """The state when what *effect* takes for granted holds; None: it contradicts what did before."""
        condition, question = effect.condition, effect.question
        if condition is None:
            return self
        answer = self.assumed.get(question)
        if answer is not None:
            return self if answer == condition.answer else None
        return self._replace(
            assumed={**self.assumed, question: condition.answer} if question else self.assumed,
            unusual=self.unusual if condition.usual else (*self.unusual, condition),
            conditions=_Chain(condition, self.conditions),
        )

    def branch(self) -> Branch:
        discards = self.discards and self.outcome == PERMIT
        return Branch(self.outcome, _all(self.conditions), _all(self.path), discards=discards)


def joined(states: Iterable[State]) -> list[State]:
    """*states*, of those that are alike the most usual."""
    found: dict[tuple[int, int, bool], State] = {}
    for state in states:
        key = (state.defer_if_permit, state.defer_if_reject, state.discards)
        other = found.get(key)
        found[key] = state if other is None else _merged(other, state)
    return list(found.values())


def _merged(one: State, other: State) -> State:
    """One state for two: what both take for granted stays so."""
    best = min(one, other, key=lambda state: state.rank)
    worst = other if best is one else one
    common = {asked: answer for asked, answer in best.assumed.items() if worst.assumed.get(asked) == answer}
    return best._replace(assumed=common)


def anything() -> list[State]:
    """All outcomes, where the lists have no end."""
    condition = Condition("the access lists", "setting", "the access lists lead to too many words", False)
    return [State(outcome=outcome, unusual=(condition,)) for outcome in (REJECT, DEFER, PERMIT)]


def verdict_of(states: list[State]) -> Verdict:
    """What *states* that have an outcome come to together."""
    by_outcome: dict[tuple[str, bool], list[State]] = {}
    for state in sorted(states, key=lambda state: state.rank):
        discards = state.discards and state.outcome == PERMIT
        by_outcome.setdefault((state.outcome, discards), []).append(state)
    branches = tuple(_branch(alike) for alike in by_outcome.values())
    outcome = branches[0].outcome if len({branch.outcome for branch in branches}) == 1 else DEPENDS
    return Verdict(outcome, _reason(branches), branches[0].path, branches)


def _branch(states: list[State]) -> Branch:
    """What *states* with one outcome have come to, the most usual first."""
    first, *others = states
    also = [first.unusual]
    for state in others[:_MOST_WAYS]:
        if not any(set(known) <= set(state.unusual) for known in also):
            also.append(state.unusual)
    return first.branch()._replace(also=tuple(also[1:]))


def _reason(branches: tuple[Branch, ...]) -> str:
    """What decides, in one line."""
    if len(branches) == 1:
        return decisive(branches[0])
    ways = [way for branch in branches[1:] for way in (branch.unusual, *branch.also)]
    subjects = dict.fromkeys(condition.subject for way in ways for condition in way)
    return f"depends on {', '.join(subjects)}"


def decisive(branch: Branch) -> str:
    """The step that decides, in words."""
    for step in reversed(branch.path):
        if step.result != NOTHING:
            where = f"`{step.word}` in {step.parameter}" if step.word else step.parameter
            where = where if step.parameter else f"`{step.word}`"
            return f"{step.why} ({where})" if step.why else where
    return "no restriction has anything against it"
