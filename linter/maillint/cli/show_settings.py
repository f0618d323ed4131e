"""``maillint show --settings``: what counts for a path, and which file says so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from maillint.engine.plan import Planner
from maillint.engine.settings import COMMAND_LINE, KEYS, Layer
from maillint.record import NamedTuple

DEFAULT = "default"
VERSION = 1

_GATHERED = frozenset(("select", "extend-select", "ignore", "severity", "exclude", "plugins", "site"))
"""What one layer says of these adds to what the weaker ones say; of the others, the strongest counts."""


class Line(NamedTuple):
    """One value and where it comes from."""

    key: str
    value: Any
    """As it is written."""
    origin: str
    """The path of a file, and which of its overrides; or DEFAULT."""


def as_text(path: str) -> str:
    """The settings for the file or directory at *path*, as lines of TOML. Raises SettingsError."""
    lines = [(f"{line.key} = {json.dumps(line.value)}", line.origin) for line in _lines(path)]
    width = min(40, max(len(text) for text, _ in lines))
    return "".join(f"{text:{width}}  # {origin}\n" for text, origin in lines)


def as_json(path: str) -> str:
    """The same as a JSON object."""
    return (
        json.dumps({"version": VERSION, "settings": [line._asdict() for line in _lines(path)]}, indent=2)
        + "\n"
    )


def _lines(path: str) -> Iterator[Line]:
    directory, files = (path, ()) if os.path.isdir(path) else (os.path.dirname(path) or ".", (path,))
    layers = Planner(Layer({}, COMMAND_LINE)).plan(directory, *files).settings.layers
    for key in KEYS:
        said = [layer for layer in layers if layer.get(key.name) is not None]
        for layer in said if key.name in _GATHERED else said[-1:]:
            yield Line(key.name, layer.written[key.name], os.path.relpath(layer.origin))
        if not said and key.default not in (None, (), {}):
            yield Line(key.name, key.default, DEFAULT)
