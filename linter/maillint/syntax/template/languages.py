"""The template languages: where their tags are, and what each does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .tags import BRANCH, CONTROL, END, IF, LOOP, OPEN, OUTPUT, Tag


class Language(NamedTuple):
    """One template language."""

    name: str
    suffixes: tuple[str, ...]
    """How the names of its files end."""
    scan: Callable[[str], Iterator[Tag]]
    """The tags in a text, in order."""


_OUTPUT = r"(?:(?<!\$)\{\{|\{\{(?!\s*\$))"
"""The beginning of an output; ``${{$name} ...}`` is Postfix's own."""

_JINJA = re.compile(
    r"\{%(?P<trim>[-+]?)\s*(?P<word>\w*)(?P<rest>.*?)[-+]?%\}"
    rf"|{_OUTPUT}(?P<out>[-+]?).*?\}}\}}"
    r"|\{#.*?#\}",
    re.DOTALL,
)
_MANAGED = "ansible_managed"
"""Ansible's name for a comment at the head of a file."""
_JINJA_BLOCKS = {
    "if": IF, "for": LOOP, "elif": BRANCH, "else": BRANCH,
    **dict.fromkeys(("macro", "call", "filter", "with", "block", "autoescape", "trans"), ""),
}  # fmt: skip


def _jinja(text: str) -> Iterator[Tag]:
    """Jinja 3, as Ansible, Salt and many others use it (template designer documentation)."""
    offset = 0
    while found := _JINJA.search(text, offset):
        start, offset = found.span()
        word = found["word"]
        if _MANAGED in found[0]:
            yield Tag(start, offset, CONTROL)
        elif found["out"] is not None:
            yield Tag(start, offset, OUTPUT, joins=found["out"] == "-")
        elif word is None:
            yield Tag(start, offset, CONTROL)
        elif word == "raw":
            end = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}").search(text, offset)
            yield Tag(start, offset, CONTROL)
            if end is not None:
                yield Tag(end.start(), end.end(), CONTROL)
                offset = end.end()
        elif word in ("macro", "call", "filter") or (word == "set" and "=" not in found["rest"]):
            # What it holds is text for somewhere else, or is changed before it gets here.
            end = re.compile(rf"\{{%[-+]?\s*end{word}\s*[-+]?%\}}").search(text, offset)
            offset = end.end() if end is not None else offset
            yield Tag(start, offset, CONTROL if word in ("macro", "set") else OPEN)
        elif word in ("include", "import", "extends", "from"):
            yield Tag(start, offset, OPEN if word in ("include", "extends") else CONTROL)
        elif word in ("endif", "endfor"):
            yield Tag(start, offset, CONTROL, END, found["trim"] == "-")
        else:
            yield Tag(start, offset, CONTROL, _JINJA_BLOCKS.get(word, ""), found["trim"] == "-")


_RUBY = re.compile(r"<%(?!%)(?P<kind>[=#-]?)(?P<code>.*?)[-=]?%>", re.DOTALL)
_RUBY_FIRST = re.compile(r"(?:\}\s*)?(if|unless|case|elsif|else|when|end|while|until|for|begin)\b|(\})")
_RUBY_OPENS = re.compile(r"(?:\bdo|\{)\s*(?:\|[^|]*\|)?\s*\{?\s*$")


def _ruby(text: str) -> Iterator[Tag]:
    """ERB and EPP, as Puppet and Chef use them; of a tag with several statements, the last counts."""
    for found in _RUBY.finditer(text):
        start, end = found.span()
        kind, code = found["kind"], found["code"].strip()
        if kind == "#" or (kind in "-" and code.startswith("|") and code.endswith("|")):
            yield Tag(start, end, CONTROL)
        elif kind == "=":
            is_loop = bool(_RUBY_OPENS.search(code))
            yield Tag(start, end, OPEN if is_loop else OUTPUT, LOOP if is_loop else "")
        else:
            yield Tag(start, end, CONTROL, _ruby_role(code))


def _ruby_role(code: str) -> str:
    statements = [
        line for line in (part.strip() for part in re.split(r"[;\n]", code)) if line and line[0] != "#"
    ]
    if not statements:
        return ""
    last = statements[-1]
    word = _RUBY_FIRST.match(last)
    if word is None:
        return LOOP if _RUBY_OPENS.search(last) else ""
    first = word[1] or ""
    if first in ("elsif", "else", "when") or (word[2] and re.search(r"\belse|\belsif", last)):
        return BRANCH
    if first == "end" or word[2]:
        return END
    if first in ("while", "until", "for"):
        return LOOP
    # `if a then b end` opens nothing.
    return "" if re.search(r"\bend$|\}$", last) else IF


_CURLY = re.compile(
    r"\{\{\{.*?\}\}\}"
    rf"|{_OUTPUT}(?P<trim>-?)\s*(?P<word>[#^/!>&]|\w*)(?P<rest>.*?)-?\}}\}}",
    re.DOTALL,
)
_GO_ROLES = {"if": IF, "with": IF, "range": LOOP, "else": BRANCH, "end": END, "define": IF, "block": IF}


def _go(text: str) -> Iterator[Tag]:
    """Go's text/template, as Helm, gomplate, confd and consul-template use it."""
    for found in _CURLY.finditer(text):
        word = found["word"] or ""
        joins = found["trim"] == "-"
        if word in _GO_ROLES:
            yield Tag(*found.span(), CONTROL, _GO_ROLES[word], joins)
        elif word in ("template", "include", "tpl"):
            yield Tag(*found.span(), OPEN)
        elif (found["rest"] or "").lstrip().startswith("/*") or re.match(
            r"\s*\$\w*\s*:?=", found["rest"] or ""
        ):
            yield Tag(*found.span(), CONTROL)
        else:
            yield Tag(*found.span(), OUTPUT, "", joins)


def _mustache(text: str) -> Iterator[Tag]:
    """Mustache and Handlebars (mustache(5))."""
    roles = {"#": LOOP, "^": IF, "/": END}
    for found in _CURLY.finditer(text):
        word = found["word"] or ""
        if word in roles:
            yield Tag(*found.span(), CONTROL, roles[word])
        elif word == "else":
            yield Tag(*found.span(), CONTROL, BRANCH)
        elif word == ">":
            yield Tag(*found.span(), OPEN)
        else:
            yield Tag(*found.span(), CONTROL if word == "!" else OUTPUT)


_PLACEHOLDER = re.compile(
    r"\$\{[A-Z_][A-Z0-9_]*(?::?[-=?+][^{}]*)?\}|\$[A-Z_][A-Z0-9_]*"  # envsubst and the shell
    r"|@@?[A-Za-z_][A-Za-z0-9_.]*@@?"  # Autoconf and the like
    r"|%[a-z][a-z0-9]*(?:_[a-z0-9]+)*"  # Python's
    r"|%%[A-Za-z_][A-Za-z0-9_]*%%|%[A-Z_][A-Z0-9_]*%"
    r"|<[A-Z_][A-Z0-9_-]*>|__[A-Z0-9]+(?:_[A-Z0-9]+)*__"  # Froxlor; YunoHost
    r"|\{[a-z]+(?:_[a-z]+)+\}"  # ISPConfig
)


def _placeholder(text: str) -> Iterator[Tag]:
    """Names that a script replaces, in forms that main.cf itself does not have.

    A parameter's name is in small letters, so ``${MAIL_HOST}`` is none of Postfix's.
    """
    for found in _PLACEHOLDER.finditer(text):
        if found[0].startswith("{") and text[found.start() - 1 : found.start()] == "$":
            continue  # ${name}: Postfix's own
        yield Tag(*found.span(), OUTPUT)


LANGUAGES = {
    language.name: language
    for language in (
        Language("jinja", (".j2", ".jinja", ".jinja2", ".j2~"), _jinja),
        Language("erb", (".erb", ".epp"), _ruby),
        Language("go", (".gotmpl", ".gtpl"), _go),
        Language("mustache", (".mustache", ".hbs", ".handlebars"), _mustache),
        Language("placeholder", (".envsubst", ".in"), _placeholder),
    )
}
"""By name."""

_AMBIGUOUS = (".tmpl", ".tpl", ".template", ".proto", ".dist")
"""Names of templates of some language."""


def by_name(path: str) -> str:
    """The language of the file at *path* by its name; ``?`` for a template of some language; else empty."""
    lower = path.lower()
    for language in LANGUAGES.values():
        if lower.endswith(language.suffixes):
            return language.name
    return "?" if lower.endswith(_AMBIGUOUS) else ""


_GUESSES = (
    (
        "jinja",
        re.compile(r"\{%[-+]?\s*(?:if|for|set|else|endif|endfor|include|macro|raw|block)\b.*?%\}", re.DOTALL),
    ),
    ("erb", re.compile(r"<%[=#-]?.*?%>", re.DOTALL)),
    ("mustache", re.compile(r"\{\{[#^/]\s*[\w.]+\s*\}\}")),
    ("go", re.compile(r"\{\{-?\s*(?:if|range|end|with|template)\b|\{\{-?\s*\.|(?<!\$)\{\{-?\s*\$\w")),
    ("jinja", re.compile(r"(?<!\$)\{\{-?\s*[A-Za-z_][\w.\[\]'\"]*\s*(?:\|[^{}]*)?-?\}\}")),
)
"""Forms that a plain main.cf does not have, the surest first."""


def by_content(text: str) -> str:
    """The language that *text* is surely written in; empty: none can be seen."""
    if "{%" not in text and "{{" not in text and "<%" not in text:
        return ""
    return next((name for name, form in _GUESSES if form.search(text)), "")


def language_of(path: str, text: str) -> Language | None:
    """The language of a file, by its name or else by what it holds; None: it is no template."""
    name = by_name(path)
    if name in ("", "?"):
        name = by_content(text) or ("placeholder" if name == "?" and _PLACEHOLDER.search(text) else "")
    return LANGUAGES.get(name)
