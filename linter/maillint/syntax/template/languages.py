"""The template languages, and which of them a file is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from maillint.record import NamedTuple

from .names import OF_SOME_LANGUAGE, SUFFIXES
from .tags import Tag


class Language(NamedTuple):
    """One template language."""

    name: str
    scan: Callable[[str], Iterator[Tag]]
    """The tags in a text, in order."""


_JINJA_WORDS = "if|elif|else|endif|for|endfor|set|include|macro|raw|block|import|from|extends"
_CURLY = r"(?<!\$)(?<!inline:)(?<!pcre:)(?<!regexp:)(?<!cidr:)\{\{"
"""Two braces that Postfix has no use for; ``${{$name} == ...}`` and ``inline:{{a = b}}`` are its own."""
_GUESSES = (
    ("jinja", re.compile(rf"\{{%[-+]?\s*(?:{_JINJA_WORDS})\b")),
    ("erb", re.compile(r"<%[-=#@\s]")),
    ("mustache", re.compile(_CURLY + r"[#^/]\s*[A-Za-z][\w.]*(?:\s[^{}\n]*)?\}\}")),
    ("go", re.compile(_CURLY + r"-?\s*(?:(?:if|range|end|with|template|else)\b|[.$]\w|/\*)")),
    ("jinja", re.compile(_CURLY + r"-?\s*[A-Za-z_][\w.\[\]'\"]*\s*(?:\|[^{}\n]*)?-?\}\}")),
)
"""Forms that a plain main.cf does not have, the surest first."""


def language(name: str) -> Language:
    """The language of this name, one of :data:`~maillint.syntax.template.names.SUFFIXES`."""
    return Language(name, import_module(f".{name}", __package__).scan)


def language_of(path: str, text: str) -> Language | None:
    """The language of a file, by its name or else by what it surely holds; None: it is no template."""
    lower = path.lower()
    name = next((name for name, suffixes in SUFFIXES.items() if lower.endswith(suffixes)), "")
    name = name or _guess(text)
    if not name and lower.endswith(OF_SOME_LANGUAGE):
        name = "placeholder"
    return language(name) if name else None


def _guess(text: str) -> str:
    if "{%" not in text and "{{" not in text and "<%" not in text:
        return ""
    return next((name for name, form in _GUESSES if form.search(text)), "")
