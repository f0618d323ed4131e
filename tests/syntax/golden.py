"""The golden cases: what stands in a file, its tree, and what the real Postfix makes of it.

A case is a section of a Markdown file in the folder ``cases``: a heading that says what is shown, then
fences. The first one, marked ``main.cf``, ``master.cf``, ``value`` or ``list``, is the input; ``tree``
is what the parser must give (see `rendering`); one that is marked with a command has the outcome of
this command. In inputs and trees, ``\\r \\v \\f \\t \\0 \\xNN \\\\`` stand for themselves as in Python,
and a ``\\`` at the end of the input for a missing newline.
"""

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """One section of a file of cases."""

    title: str
    input: bytes
    options: str
    """What stands behind the mark of the input."""
    tree: str
    outcomes: dict[str, str]
    """Commands, and what they print."""


def cases(kind: str) -> list[Case]:
    """The cases for inputs marked *kind*, from the file of this name."""
    text = (FOLDER / f"{kind}.md").read_text("utf-8")
    return [_case(kind, section) for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]


def unescaped(text: str) -> bytes:
    """What *text* stands for, as bytes."""
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\\n\Z", r"\1", text)
    return re.sub(
        rb"\\(x[0-9a-f]{2}|.)",
        lambda found: bytes([int(found[1][1:], 16)]) if found[1][:1] == b"x" else _ESCAPES[found[1]],
        text.encode(),
    )


_ESCAPES = {b"r": b"\r", b"v": b"\v", b"f": b"\f", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}


def _case(kind: str, section: str) -> Case:
    title = section.partition("\n")[0]
    fences = dict(re.findall(r"^```(.+)\n((?:.*\n)*?)```$", section, flags=re.MULTILINE))
    mark = next(mark for mark in fences if mark.split()[0] == kind)
    source, tree = fences.pop(mark), fences.pop("tree")
    return Case(title, unescaped(source), mark[len(kind) :].strip(), tree, fences)
