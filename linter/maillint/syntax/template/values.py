"""Values for the outputs of templates, from a file of variables: looked up, never computed.

Only what is plain is understood: a name, a path such as ``mail.relay`` or ``node['mail']['relay']``, and a
few filters that change nothing about what a value means. Everything else stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class ValuesError(Exception):
    """A file of variables that cannot be read; the message names it and what to do."""


def read_values(path: str) -> dict[str, Any]:
    """The variables in the file at *path*: TOML, or YAML and JSON with PyYAML. Raises ValuesError."""
    try:
        with open(path, "rb") as file:
            data = file.read().decode("utf-8")
    except OSError as error:
        raise ValuesError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValuesError(f"{path}: is not UTF-8") from None
    try:
        values = _toml(data) if path.endswith(".toml") else _yaml(path, data)
    except ValueError as error:
        raise ValuesError(f"{path}: {error}") from None
    if not isinstance(values, dict):
        raise ValuesError(f"{path}: must be a table of variables and their values")
    return values


def _toml(data: str) -> Any:
    import tomli

    return tomli.loads(data)


def _yaml(path: str, data: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise ValuesError(
            f"{path}: to read YAML and JSON, install maillint[yaml]; TOML needs nothing"
        ) from None
    try:
        return yaml.safe_load(data)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark is not None else ""
        raise ValueError(f"{place}{getattr(error, 'problem', None) or error}") from None


_DELIMITERS = re.compile(
    r"\{\{\{?[-+~&]?\s*(.*?)\s*[-+~]?\}?\}\}|<%=\s*(.*?)\s*-?%>|\$\{(\w+)\}|\$(\w+)|@@?([\w.]+?)@@?|%%?(\w+?)%{0,2}"
    r"|<([\w-]+)>|\{(\w+)\}|__(\w+?)__",
    re.DOTALL,
)
_PATH = re.compile(r"""[@$.]?[A-Za-z_]\w*(?:\.\w+|\[\s*(?:'[^']*'|"[^"]*"|\d+)\s*\])*""")
_STEP = re.compile(r"""[A-Za-z_]\w*|\.(\w+)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]""")
_FILTER = re.compile(r"""\s*\|\s*(\w+)\s*(?:\(\s*('[^']*'|"[^"]*")?\s*\))?""")
_HELM = "Values"
"""The name that Helm puts before the variables of a chart."""


def value_of(tag: str, values: Mapping[str, Any], language: str) -> str | None:
    """What the output *tag* of a template in *language* puts into the text; None: that is not known."""
    found = _DELIMITERS.fullmatch(tag)
    if found is None:
        return None
    expression = next(group for group in found.groups() if group is not None)
    path = _PATH.match(expression)
    if path is None:
        return None
    known, value = _looked_up(path[0].lstrip("@$."), values)
    for name, argument in _filters(expression[path.end() :]):
        if name == "default" and argument is not None:
            known, value = True, value if known else argument
        elif name == "join" and isinstance(value, list):
            value = (argument or "").join(map(str, value))
        elif name == "":
            return None
    return _written(value, language) if known else None


def _looked_up(path: str, values: Mapping[str, Any]) -> tuple[bool, Any]:
    value: Any = values
    for step in _STEP.finditer(path):
        key = next((group for group in step.groups() if group is not None), step[0])
        if key == _HELM and value is values and key not in values:
            continue
        if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            return False, None
    return True, value


_HARMLESS = frozenset(("default", "join", "string", "trim", "mandatory"))


def _filters(text: str) -> list[tuple[str, str | None]]:
    """The filters in *text* and their arguments; one without a name stands for what is not understood."""
    found: list[tuple[str, str | None]] = []
    offset = 0
    while match := _FILTER.match(text, offset):
        argument = match[2][1:-1] if match[2] else None
        found.append((match[1] if match[1] in _HARMLESS else "", argument))
        offset = match.end()
    return found if not text[offset:].strip() else [("", None)]


def _written(value: Any, language: str) -> str | None:
    """*value* as the language writes it into a text; None where that is not one line."""
    if isinstance(value, bool):
        # Jinja writes what Python does, which Postfix refuses.
        text = str(value) if language == "jinja" else str(value).lower()
    elif isinstance(value, (str, int, float)) or (isinstance(value, list) and language == "jinja"):
        text = str(value)
    else:
        return None
    return None if "\n" in text else text
