"""The JSON Schema of the settings, for editors: made from what :mod:`.settings` and :mod:`.site` check."""

from __future__ import annotations

from typing import Any

from . import settings, site
from .finding import SEVERITIES
from .settings import KEYS, NOT_FOR_PATHS, Key

_STRING: dict[str, Any] = {"type": "string"}
_STRINGS: dict[str, Any] = {"type": "array", "items": _STRING}
_FORMS: dict[str, dict[str, Any]] = {
    settings.WORDS: _STRINGS,
    settings.WORD: _STRING,
    settings.FLAG: {"type": "boolean"},
    settings.FILE_NAME: _STRING,
    settings.FILE_NAMES: {"oneOf": [_STRING, _STRINGS]},
    settings.PATTERNS: _STRINGS,
    settings.ADDRESSES: _STRINGS,
    settings.VERSION: {"type": "string", "pattern": r"^\d+(\.\d+)*$"},
    settings.RESOLVER: _STRING,
    settings.SEVERITY_TABLE: {"type": "object", "additionalProperties": {"enum": list(SEVERITIES)}},
}
_FIELDS: dict[str, dict[str, Any]] = {
    site.WORD: _STRING,
    site.WORDS: _STRINGS,
    site.FLAG: {"type": "boolean"},
    site.AMOUNT: {"type": ["integer", "string"]},
}


def schema() -> dict[str, Any]:
    """The schema of maillint.toml, and of the table ``[tool.maillint]`` in pyproject.toml."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of maillint",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _property(key) for key in KEYS},
    }


def _property(key: Key) -> dict[str, Any]:
    return {"description": key.help, **_form(key)}


def _form(key: Key) -> dict[str, Any]:
    if key.kind is settings.OVERRIDES:
        return _tables(
            {
                "paths": _STRINGS,
                **{other.name: _property(other) for other in KEYS if other.name not in NOT_FOR_PATHS},
            },
            ["paths"],
        )
    if key.kind is settings.SITE:
        fields = {name: _FIELDS[form] for name, form in site.FIELDS.items()}
        return _tables(
            {**fields, "severity": {"enum": list(SEVERITIES)}, "roles": _roles()}, ["name", "parameter"]
        )
    if key.kind is settings.DATA:
        return _tables({"paths": _STRINGS, "at": _STRING}, ["paths"])
    if key.kind is settings.ROLES:
        return _roles()
    return {"enum": list(key.choices)} if key.choices else _FORMS[key.kind]


def _roles() -> dict[str, Any]:
    from maillint.postfix.role import ROLES

    return {"type": "array", "items": {"enum": list(ROLES)}}


def _tables(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    item = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"type": "array", "items": item}
