"""Settings in YAML and JSON: a table of parameters and their values, as Ansible, Hiera or Chef keep them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from maillint.syntax.source import OPAQUE

from .extract import MAIN_CF, Part, Piece

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|%\{.*?\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9_]+")
_YES_NO = {"true": "yes", "false": "no"}


class DataError(Exception):
    """Data that cannot be read; the message says why, and where."""


def parts(text: str, at: str) -> Iterator[Part]:
    """The settings below the keys *at* of the data *text*.

    *at*: names with dots between, ``*`` for any one, as in ``postfix.main_cf`` or ``hosts.*.postfix``. A list
    becomes one value with commas. Raises DataError.
    """
    yaml = _yaml()
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark is not None else ""
        raise DataError(f"{place}{getattr(error, 'problem', None) or error}") from None
    for document in documents:
        for table in _below(document, at.split(".") if at else []):
            for key, value in table.value:
                part = _part(key, value, text)
                if part is not None:
                    yield part


def _yaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise DataError("to read YAML and JSON, install maillint[yaml]") from None
    return yaml


def _below(node: Any, steps: list[str]) -> Iterator[Any]:
    """The mapping nodes that *steps* lead to from *node*."""
    if node is None:
        return
    if not steps:
        if node.id == "mapping":
            yield node
        return
    if node.id == "sequence":
        for item in node.value:
            yield from _below(item, steps)
    elif node.id == "mapping":
        for key, value in node.value:
            if steps[0] in ("*", key.value):
                yield from _below(value, steps[1:])


def _part(key: Any, value: Any, text: str) -> Part | None:
    if key.id != "scalar" or not _NAME.fullmatch(key.value):
        return None
    pieces = [Piece(key.value, key.start_mark.index), Piece(" = ", key.end_mark.index)]
    items = value.value if value.id == "sequence" else [value]
    for number, item in enumerate(items):
        if item.id != "scalar":
            return None
        if number:
            pieces.append(Piece(", ", item.start_mark.index))
        pieces += _scalar(item, text)
    return Part(MAIN_CF, "", tuple(pieces))


def _scalar(node: Any, text: str) -> Iterator[Piece]:
    """The value of *node* on one line, what a template fills in masked."""
    written = node.value
    if node.tag.endswith(":bool"):
        written = _YES_NO.get(written.lower(), written)
    elif node.tag.endswith(":null"):
        written = ""
    start = node.start_mark.index + (node.style in ("'", '"'))
    first = written.partition("\n")[0].strip()
    if node.style in ("|", ">") and first:
        start = max(start, text.find(first, start))
    written = _TAG.sub(lambda found: OPAQUE * len(found[0]), " ".join(written.split("\n")).strip())
    yield Piece(written, start)
