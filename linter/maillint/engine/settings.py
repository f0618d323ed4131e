"""What the user wants: ``[tool.maillint]`` in pyproject.toml, maillint.toml, and the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from maillint.record import NamedTuple

from .finding import CONFIDENCES, LOW, SEVERITIES, WARNING
from .patterns import Patterns

NEVER = "never"
FAIL_ON = (*reversed(SEVERITIES), NEVER)


class SettingsError(Exception):
    """A settings file that cannot be read or used; the message names the file and the key."""


class Key(NamedTuple):
    """One key of the settings file, and usually one option of ``maillint check``."""

    name: str
    kind: str
    """One of the constants below, which say what a value of it looks like."""
    help: str
    choices: tuple[str, ...] = ()
    metavar: str = ""
    default: Any = None
    option: bool = True
    """Whether the command line has it too, as ``--name``."""


WORDS = "a list of strings"
WORD = "a string"
FLAG = "true or false"
FILE_NAME = "the name of a file"
"""In a settings file, seen from its directory."""
FILE_NAMES = "a list of names of files"
PATTERNS = "a list of patterns of paths"
OVERRIDES = "a list of tables, each with `paths` and the settings for these"
DATA = "a list of tables, each with `paths`, and `at`: the keys above the settings, with dots between"
SITE = "a list of tables, each with the `name` of a rule, the `parameter` it is about, and what it demands"
ADDRESSES = "a list of IP addresses"
ROLES = "a list of roles"
LISTS = (WORDS, ADDRESSES, ROLES, PATTERNS, FILE_NAMES)
"""The kinds that the command line may say several times, or separated by commas."""
VERSION = 'a Postfix version such as "3.7"'
RESOLVER = 'an address and optional port such as "127.0.0.1#5300"'
SEVERITY_TABLE = f"a table of rules and their severities ({', '.join(SEVERITIES)})"

EXTENDS = "extends"
AUTO, NO_TEMPLATE = "auto", "none"
TEMPLATES = (AUTO, NO_TEMPLATE, "jinja", "erb", "go", "mustache", "placeholder")
"""The template languages (:mod:`maillint.syntax.template.languages`), and what a file may say instead."""

KEYS = (
    Key("select", WORDS, "run only these rules and areas", metavar="NAME"),
    Key("extend-select", WORDS, "run these, too, even if ignored or off by default", metavar="NAME"),
    Key("ignore", WORDS, "do not run these rules and areas", metavar="NAME"),
    Key("severity", SEVERITY_TABLE, "report these rules with another severity", option=False, default={}),
    Key("fail-on", WORD, "exit with 1 from this severity on", FAIL_ON, default=WARNING),
    Key("min-confidence", WORD, "leave out findings that are less sure", CONFIDENCES, default=LOW),
    Key("postfix-version", VERSION, "the Postfix that reads the files", metavar="VERSION"),
    Key("role", ROLES, "what the host is, such as mx or send-only, whatever its files show", metavar="NAME"),
    Key("hostname", WORD, "the name that the host says it has", metavar="NAME"),
    Key("public-ip", ADDRESSES, "an address that the Internet sees this host send from", metavar="ADDR"),
    Key("template", WORD, "the language of templates of main.cf and master.cf", TEMPLATES, default=AUTO),
    Key("vars", FILE_NAMES, "values of variables of templates: TOML, YAML or JSON", metavar="FILE"),
    Key("resolver", RESOLVER, "the name server to ask with --online", metavar="ADDR[#PORT]"),
    Key("zone", FILE_NAMES, "a zone file that answers before the DNS is asked", metavar="FILE"),
    Key("baseline", FILE_NAME, "report only what is not in this file", metavar="FILE"),
    Key("require-reason", FLAG, "demand a reason in every ignore comment", default=False),
    Key("exclude", PATTERNS, "leave these files and folders alone, named or not", metavar="PATTERN"),
    Key(EXTENDS, FILE_NAMES, "settings files that this one builds on", option=False),
    Key("overrides", OVERRIDES, "other settings for some paths", option=False, default=()),
    Key("data", DATA, "data files that hold settings of main.cf", option=False, default=()),
    Key("site", SITE, "what this site demands, as rules without code", option=False, default=()),
    Key("plugins", WORDS, "installed packages with more rules", option=False, default=()),
)  # fmt: skip

_BY_NAME = {key.name: key for key in KEYS}

COMMAND_LINE = "command line"
"""The origin of the layer that the options make."""


class Override(NamedTuple):
    """Settings for some paths."""

    paths: Patterns
    layer: Layer


class Keys(NamedTuple):
    """Where in which data files settings stand."""

    paths: Patterns
    at: str
    """The keys above the settings, with dots between."""


class Layer:
    """The settings of one place: a file, or the command line. What it does not say is None."""

    __slots__ = ("_values", "origin", "written")

    def __init__(self, values: Mapping[str, Any], origin: str) -> None:
        """Raises SettingsError, naming *origin*, for unknown keys and values of the wrong type."""
        self.origin = origin
        """The path of the file; COMMAND_LINE."""
        self.written = dict(values)
        """The values as they were given."""
        self._values = {name: _checked(name, value, origin) for name, value in values.items()}

    def get(self, name: str) -> Any:
        return self._values.get(name)


def _checked(name: str, value: Any, origin: str) -> Any:
    key = _BY_NAME.get(name)
    if key is None:
        from maillint.nearest import nearest

        near = nearest(name, _BY_NAME)
        raise SettingsError(f"{origin}: unknown key {name!r}" + (f"; did you mean {near}?" if near else ""))
    try:
        return _CHECKS[key.kind](key, value, origin)
    except ValueError as error:
        raise SettingsError(f"{origin}: {name}: {error}") from None


def _words(key: Key, value: Any, origin: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"must be {WORDS}, not {value!r}")
    return tuple(value)


def _addresses(key: Key, value: Any, origin: str) -> tuple[str, ...]:
    from ipaddress import ip_address

    found = []
    for word in _words(key, value, origin):
        try:
            found.append(str(ip_address(word)))
        except ValueError:
            raise ValueError(f"{word!r} is not an IP address") from None
    return tuple(dict.fromkeys(found))


def _roles(key: Key, value: Any, origin: str) -> tuple[str, ...]:
    from maillint.postfix.role import why_unknown

    words = _words(key, value, origin)
    for word in words:
        if why := why_unknown(word):
            raise ValueError(why)
    return tuple(dict.fromkeys(words))


def _word(key: Key, value: Any, origin: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be {key.kind}, not {value!r}")
    if key.choices and value not in key.choices:
        raise ValueError(f"must be one of {', '.join(key.choices)}, not {value!r}")
    return value


def _flag(key: Key, value: Any, origin: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be {key.kind}, not {value!r}")
    return value


def _file_name(key: Key, value: Any, origin: str) -> str:
    return os.path.join(_directory(origin), _word(key, value, origin))


def _file_names(key: Key, value: Any, origin: str) -> tuple[str, ...]:
    words = _words(key, [value] if isinstance(value, str) else value, origin)
    return tuple(os.path.normpath(os.path.join(_directory(origin), word)) for word in words)


def _patterns(key: Key, value: Any, origin: str) -> Patterns:
    return Patterns(_words(key, value, origin), _directory(origin))


def _directory(origin: str) -> str:
    """The folder that names of files are seen from."""
    return os.path.dirname(origin)


def _overrides(key: Key, value: Any, origin: str) -> tuple[Override, ...]:
    tables = _tables(key, value)
    found = []
    for number, table in enumerate(tables, 1):
        for name in table.keys() & NOT_FOR_PATHS:
            raise ValueError(f"[{number}]: {name} cannot be different for some paths")
        if "paths" not in table:
            raise ValueError(f"[{number}]: there are no `paths` that these settings are for")
        paths = _patterns(_BY_NAME["exclude"], table.get("paths"), origin)
        rest = {name: setting for name, setting in table.items() if name != "paths"}
        found.append(Override(paths, Layer(rest, f"{origin}: {key.name}[{number}]")))
    return tuple(found)


NOT_FOR_PATHS = frozenset(("data", "exclude", EXTENDS, "overrides", "plugins", "site"))


def _data(key: Key, value: Any, origin: str) -> tuple[Keys, ...]:
    found = []
    for table in _tables(key, value):
        if unknown := table.keys() - {"paths", "at"}:
            raise ValueError(f"unknown key {min(unknown)!r}")
        if not isinstance(at := table.get("at", ""), str):
            raise ValueError(f"at must be {WORD}, not {at!r}")
        found.append(Keys(_patterns(key, table.get("paths"), origin), at))
    return tuple(found)


def _site(key: Key, value: Any, origin: str) -> tuple[Any, ...]:
    from .site import demand

    return tuple(demand(table) for table in _tables(key, value))


def _tables(key: Key, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise ValueError(f"must be {key.kind}, not {value!r}")
    return value


def _version(key: Key, value: Any, origin: str) -> Any:
    from maillint.postfix.version import Version

    return Version(_word(key, value, origin))


def _resolver(key: Key, value: Any, origin: str) -> Any:
    from maillint.nameserver import parse_server

    return parse_server(_word(key, value, origin))


def _severity_table(key: Key, value: Any, origin: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"must be {key.kind}, not {value!r}")
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            raise ValueError(f"{rule} must be one of {', '.join(SEVERITIES)}, not {severity!r}")
    return value


_CHECKS = {
    WORDS: _words,
    WORD: _word,
    FLAG: _flag,
    FILE_NAME: _file_name,
    FILE_NAMES: _file_names,
    PATTERNS: _patterns,
    OVERRIDES: _overrides,
    DATA: _data,
    SITE: _site,
    ADDRESSES: _addresses,
    ROLES: _roles,
    VERSION: _version,
    RESOLVER: _resolver,
    SEVERITY_TABLE: _severity_table,
}


class Settings:
    """The layers together; the last that says something wins."""

    __slots__ = ("layers",)

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers
        """The weakest first."""

    def get(self, name: str) -> Any:
        """The value of the key *name*, or its default."""
        layer = self.layer(name)
        return layer.get(name) if layer is not None else _BY_NAME[name].default

    def layer(self, name: str) -> Layer | None:
        """The layer that decides about the key *name*; None: its default applies."""
        return next((layer for layer in reversed(self.layers) if layer.get(name) is not None), None)
