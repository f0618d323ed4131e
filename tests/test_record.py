"""A fast NamedTuple does what that of ``typing`` does."""

from __future__ import annotations

import pickle
import typing

import pytest

from maillint import record


class Slow(typing.NamedTuple):
    first: int
    second: str = "b"
    third: tuple[int, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.first}{self.second}"

    def moved(self) -> Slow:
        return self._replace(first=self.first + 1)


class Fast(record.NamedTuple):
    first: int
    second: str = "b"
    third: tuple[int, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.first}{self.second}"

    def moved(self) -> Fast:
        return self._replace(first=self.first + 1)


USES = {
    "defaults": lambda of: of(1),
    "names": lambda of: of(third=(1,), first=2),
    "attributes": lambda of: (of(1).first, of(1).third, of(1).both),
    "replaced": lambda of: (of(1).moved(), of(1, "x")._replace(second="y", third=(2,))),
    "dictionary": lambda of: of(1)._asdict(),
    "made": lambda of: of._make([1, "x", ()]),
    "equal": lambda of: (of(1) == of(1), of(1) == (1, "b", ()), hash(of(1)) == hash((1, "b", ()))),
    "order": lambda of: sorted([of(2), of(1)]),
    "unpacked": lambda of: [*of(1)],
    "shown": lambda of: repr(of(1)).replace("Slow", "Fast"),
    "pickled": lambda of: pickle.loads(pickle.dumps(of(1, "x"))),
    "fields": lambda of: (of._fields, of._field_defaults, of.__match_args__, typing.get_type_hints(of)),
    "place": lambda of: (of.__module__, isinstance(of(1), tuple)),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_works_alike(use: typing.Callable[[type], object]) -> None:
    assert use(Fast) == use(Slow)
    assert type(use(Fast)) is (Fast if type(use(Slow)) is Slow else type(use(Slow)))


MISUSES = {
    "too few": lambda of: of(),
    "too many": lambda of: of(1, "b", (), 4),
    "unknown": lambda of: of(1, fourth=2),
    "assigned": lambda of: setattr(of(1), "first", 2),
    "added": lambda of: setattr(of(1), "fourth", 2),
    "replaced": lambda of: of(1)._replace(fourth=2),
    "made": lambda of: of._make([1]),
}


@pytest.mark.parametrize("misuse", MISUSES.values(), ids=MISUSES)
def test_it_fails_alike(misuse: typing.Callable[[type], object]) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)) as slow:
        misuse(Slow)
    with pytest.raises(slow.type):
        misuse(Fast)
