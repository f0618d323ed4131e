"""``NamedTuple``, made fast: a cold start makes a hundred of these classes.

``typing.NamedTuple`` compiles the annotation of each field and the constructor of each class, which takes
longer than the rest of the modules that they stand in. Type checkers see ``typing.NamedTuple``, whose
interface this is, for modules with ``from __future__ import annotations``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from collections import _tuplegetter
    from types import FunctionType

    _UNEXPECTED = TypeError if sys.version_info >= (3, 13) else ValueError

    class _Record(tuple):
        """What all such classes share."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, **changes):
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise _UNEXPECTED(f"Got unexpected field names: {list(changes)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)

    _constructors = {}
    """By the number of fields, a function whose code is right but for the names of the fields."""

    def _constructor(fields):
        known = _constructors.get(len(fields))
        if known is None:
            values = "".join(f"_{number}, " for number in range(len(fields)))
            known = _constructors[len(fields)] = eval(f"lambda cls, {values}: new(cls, ({values}))")
        code = known.__code__.replace(co_varnames=("cls", *fields))
        return FunctionType(code, {"new": tuple.__new__}, "__new__")

    class _Maker(type):
        """Makes the class that a class statement with ``NamedTuple`` as its base describes."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace[field] for field in fields if field in namespace}
            for number, field in enumerate(fields):
                namespace[field] = _tuplegetter(number, "")
            constructor = _constructor(fields)
            constructor.__defaults__ = tuple(defaults.values())
            namespace.update(
                __slots__=(),
                __new__=constructor,
                __match_args__=fields,
                _fields=fields,
                _field_defaults=defaults,
            )
            return type(name, (_Record,), namespace)

    class NamedTuple(metaclass=_Maker):
        """See ``typing.NamedTuple``."""
