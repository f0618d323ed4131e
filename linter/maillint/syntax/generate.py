"""``python -m maillint.syntax.generate``: compile the grammars into `_grammars`, if they have changed.

A grammar takes some ten milliseconds to compile, its tables less than one to load.
"""

import glob
import hashlib
import os

import lark

from .grammar import GRAMMARS, tables

_HERE = os.path.dirname(__file__)
TARGET = os.path.join(_HERE, "_grammars.py")


def digest() -> str:
    """Changes when a grammar does. (The tables do not tell: they differ from run to run.)"""
    return hashlib.sha256(b"".join(map(_read, sorted(glob.glob(f"{_HERE}/*.lark"))))).hexdigest()


def generate() -> str:
    """The text of the module `_grammars`."""
    literals = "".join(f"    {name!r}: {tables(name)!r},\n" for name in GRAMMARS)
    return f"{_head()}TABLES = {{\n{literals}}}\n"


def is_stale() -> bool:
    """Whether `_grammars` belongs to other grammars or another version of Lark than there are now."""
    return not (os.path.exists(TARGET) and _read(TARGET).startswith(_head().encode()))


def _head() -> str:
    return (
        '"""The grammars beside this module, compiled by ``python -m maillint.syntax.generate``."""\n'
        "# fmt: off\n"
        "# ruff: noqa: E501\n\n"
        f'LARK_VERSION = "{lark.__version__}"\n'
        f'DIGEST = "{digest()}"\n'
    )


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__" and is_stale():
    with open(TARGET, "w", encoding="utf-8") as target:
        target.write(generate())
