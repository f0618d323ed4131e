"""``python -m maillint.syntax.generate``: compile the grammars, if they have changed.

A grammar takes some ten milliseconds to compile, its tables less than one to load.
"""

import glob
import hashlib
import os

import lark

from .grammar import MODULES, tables

_HERE = os.path.dirname(__file__)


def target(module: str) -> str:
    """The path of a module with compiled grammars."""
    return os.path.join(_HERE, f"{module}.py")


def digest() -> str:
    """Changes when a grammar does. (The tables do not tell: they differ from run to run.)"""
    return hashlib.sha256(b"".join(map(_read, sorted(glob.glob(f"{_HERE}/*.lark"))))).hexdigest()


def generate(module: str) -> str:
    """The text of one of the modules in MODULES."""
    literals = "".join(f"    {name!r}: {tables(name)!r},\n" for name in MODULES[module])
    return f"{_head()}TABLES = {{\n{literals}}}\n"


def is_stale() -> bool:
    """Whether a module belongs to other grammars or another version of Lark than there are now."""
    head = _head().encode()
    return not all(os.path.exists(path) and _read(path).startswith(head) for path in map(target, MODULES))


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
    for name in MODULES:
        with open(target(name), "w", encoding="utf-8") as file:
            file.write(generate(name))
