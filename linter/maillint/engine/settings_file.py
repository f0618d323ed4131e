"""Finds and reads settings files: ``maillint.toml``, or ``[tool.maillint]`` in pyproject.toml."""

from __future__ import annotations

import os
import re
from typing import Any

from .settings import EXTENDS, Layer, SettingsError

FILE = "maillint.toml"
PYPROJECT = "pyproject.toml"


_TOOL = rb"""tool["']?\s*(?:\.\s*["']?maillint|\]|=)"""
"""Without this, a pyproject.toml has no table ``[tool.maillint]``, though the name may be in it."""

Files = dict[str, "Layer | None"]
"""What was read already, by path."""


def find_layers(directory: str, files: Files | None = None) -> tuple[Layer, ...]:
    """The settings for *directory*: the nearest file upward, behind those that it extends; the weakest first.

    A pyproject.toml without a table ``[tool.maillint]`` does not count. What is in *files* is not read again.
    Raises SettingsError for a file that is wrong.
    """
    files = {} if files is None else files
    directory = os.path.abspath(directory)
    while True:
        for name in (FILE, PYPROJECT):
            path = os.path.join(directory, name)
            layer = _layer(path, files) if os.path.isfile(path) else None
            if layer is not None:
                return _extended(layer, (path,), files)
        above = os.path.dirname(directory)
        if above == directory:
            return ()
        directory = above


def _layer(path: str, files: Files) -> Layer | None:
    if path not in files:
        files[path] = _read(path)
    return files[path]


def _extended(layer: Layer, chain: tuple[str, ...], files: Files) -> tuple[Layer, ...]:
    """*layer* behind those that it extends; *chain*: the files that led to it, itself the last."""
    layers: tuple[Layer, ...] = ()
    for path in layer.get(EXTENDS) or ():
        if os.path.realpath(path) in map(os.path.realpath, chain):
            raise SettingsError(
                f"{layer.origin}: {EXTENDS}: {path} extends this file, so there is no end to it"
            )
        if not os.path.isfile(path):
            raise SettingsError(f"{layer.origin}: {EXTENDS}: there is no file {path}")
        base = _layer(path, files)
        if base is None:
            raise SettingsError(f"{layer.origin}: {EXTENDS}: {path} has no table [tool.maillint]")
        layers += _extended(base, (*chain, path), files)
    return (*layers, layer)


def _read(path: str) -> Layer | None:
    """The settings in the file at *path*; None for a pyproject.toml that has none. Raises SettingsError."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    pyproject = os.path.basename(path) == PYPROJECT
    if pyproject and (b"maillint" not in data or re.search(_TOOL, data) is None):
        return None
    import tomli

    try:
        table: Any = tomli.loads(data.decode("utf-8"))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    if pyproject:
        tools = table.get("tool")
        table = tools.get("maillint") if isinstance(tools, dict) else None
        if table is None:
            return None
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: tool.maillint must be a table, not {table!r}")
    return Layer(table, path)
