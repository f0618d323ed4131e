"""The pages of the site that nobody writes: of rules, areas, parameters, words, commands and settings.

``pages()`` gives them as Markdown; ``links()`` says where the names of things lead to.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from maillint.cli import COMMANDS, USAGE
from maillint.engine import settings, site
from maillint.engine.docs import Fence
from maillint.engine.registry import BUILT_IN, Registry
from maillint.engine.rule import Rule
from maillint.engine.settings import KEYS, NOT_FOR_PATHS, Key
from maillint.postfix import catalogue, vocabulary
from maillint.postfix.version import NEWEST
from maillint.report.words.explanation import Explainer

sys.path.insert(0, str(Path(__file__).parent.parent))

from generate import ACTS

ROOT = Path(__file__).parent.parent.parent
REGISTRY = Registry.load()
RULES = tuple(REGISTRY.rules.values())

_EXPECTED = re.compile(r"([a-z0-9-]+)@(\d+)")
_FENCE = re.compile(r"^( *)(`{3,})(.*)$")
_SAID = "witness"
_SPECIAL = ("lmtp", "postscreen", "smtp", "smtpd", "tlsproxy")
"""Programs that have so many parameters of their own that they get a page."""
_LANGUAGES = {"main.cf": "ini", "master.cf": "ini", "sh": "sh", "console": "console", "toml": "toml",
              "yaml": "yaml", "python": "python", "ini": "ini", "vim": "vim", "lua": "lua", "json": "json",
              "lisp": "lisp", "text": "text"}  # fmt: skip
"""How a fence is coloured, by the first word behind its backquotes; those with a dot are names of files."""


def pages() -> Iterator[tuple[str, str]]:
    """The path and the Markdown of each page."""
    yield "rules/index.md", _rules_index()
    for area in sorted(REGISTRY.areas):
        yield f"areas/{area}.md", _area(area)
    for rule in RULES:
        yield f"rules/{rule.id}.md", _rule(rule)
    yield "reference/index.md", _reference()
    for group, names in sorted(groups().items()):
        yield f"parameters/{group}.md", _parameters(group, names)
    yield (
        "reference/restrictions.md",
        _words(
            "Restrictions",
            "The words of smtpd's access lists.",
            vocabulary.restriction_names(),
            "restriction",
        ),
    )
    yield (
        "reference/programs.md",
        _words("Programs", "What `master.cf` can start.", vocabulary.programs(), "program"),
    )
    yield (
        "reference/tables.md",
        _words(
            "Types of tables",
            "What can stand before the colon in `TYPE:NAME`.",
            vocabulary.table_types(),
            "table",
        ),
    )
    yield "reference/commands.md", _commands()
    yield "reference/settings.md", _settings()
    yield "changelog.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def links() -> dict[str, str]:
    """Where the name of a rule, a parameter or a restriction leads: the path of a page, and the anchor."""
    found = {name: f"reference/restrictions.md#{name}" for name in vocabulary.restriction_names()}
    for group, names in groups().items():
        found.update((name, f"parameters/{group}.md#{name}") for name in names)
    found.update((rule.id, f"rules/{rule.id}.md") for rule in RULES)
    return found


def groups() -> dict[str, list[str]]:
    """The parameters by the page that they stand on."""
    found: dict[str, list[str]] = {}
    for name in catalogue.names(NEWEST):
        head = name.partition("_")[0]
        found.setdefault(head if head in _SPECIAL else name[0], []).append(name)
    return found


# --- rules -----------------------------------------------------------------------------------------------


def _rules_index() -> str:
    areas = [
        f"- [{area}](../areas/{area}.md), {len(_of(area))} rules  \n  {_about(area)}"
        for area in sorted(REGISTRY.areas)
    ]
    return (
        f"# Rules\n\n{len(RULES)} rules in {len(areas)} areas. *error*: mail breaks, is lost, or the host is "
        "open; *warning*: very likely wrong or risky; *info*: advice. "
        "`maillint rules` lists and filters them.\n\n"
    ) + "\n".join(areas)


def _of(area: str) -> list[Rule]:
    return [rule for rule in RULES if rule.area == area]


def _about(area: str) -> str:
    """What belongs into an area: the docstring of its folder."""
    doc = import_module(f"{BUILT_IN}.{area.replace('-', '_')}").__doc__ or ""
    return doc.strip().partition("\n\n")[0].replace("\n", " ")


def _area(area: str) -> str:
    items = [
        f"- [{rule.id}](../rules/{rule.id}.md) {' '.join((_severity(rule), *_properties(rule)))}  \n"
        f"  {rule.summary}"
        for rule in _of(area)
    ]
    return f"# {area}\n\n{_about(area)}\n\n" + "\n".join(items) + "\n"


def _severity(rule: Rule) -> str:
    return f"*{rule.severity}*{{ .mark .{rule.severity} }}"


def _properties(rule: Rule) -> list[str]:
    """Marks for what is special about *rule*."""
    marks = {
        "online": rule.online,
        "security": rule.security,
        "fix": rule.fixable,
        "off by default": not rule.default,
    }
    return [f"*{mark}*{{ .mark }}" for mark, holds in marks.items() if holds]


def _rule(rule: Rule) -> str:
    summary, _, rest = REGISTRY.page(rule).strip().partition("\n")
    head = [_severity(rule), f"[{rule.area}](../areas/{rule.area}.md)"]
    about = f"\n\nAbout {', '.join(f'`{name}`' for name in rule.parameters)}." if rule.parameters else ""
    return (
        f"# {rule.id}\n\n{' '.join((*head, *_properties(rule)))}\n\n**{summary}**{about}\n{rest}\n\n"
        f"## Silence it\n```ini\n# maillint: ignore[{rule.id}] the reason\n```\n"
    )


# --- words of Postfix ------------------------------------------------------------------------------------


def _reference() -> str:
    letters = " · ".join(f"[{group}](../parameters/{group}.md)" for group in sorted(groups()))
    return f"""# Reference

What maillint knows about Postfix, from Postfix 2.0 to {NEWEST}; `maillint explain NAME` tells the same, and
what a parameter is in a configuration at hand.

Parameters: {letters}

- [Restrictions](restrictions.md) of smtpd
- [Programs](programs.md) that `master.cf` starts
- [Types of tables](tables.md)

And about maillint itself: its [commands](commands.md) and its [settings](settings.md).
"""


def _parameters(group: str, names: Iterable[str]) -> str:
    explainer = Explainer(REGISTRY)
    title = f"{group}_…" if group in _SPECIAL else f"{group.upper()}"
    return f"# {title}\n\n" + "\n".join(
        _inside(explainer.pages(name), name, "Parameter of") for name in names
    )


def _words(title: str, about: str, names: Iterable[str], kind: str) -> str:
    explainer = Explainer(REGISTRY)
    marks = {"restriction": "Restriction of", "program": "Program of", "table": "Type of"}
    return f"# {title}\n\n{about}\n\n" + "\n".join(
        _inside(explainer.pages(name), name, marks[kind]) for name in names
    )


def _inside(found: list[str], name: str, mark: str) -> str:
    """The page among *found* that is about what *mark* says, as a section of a longer one."""
    page = next(page for page in found if page.partition("\n\n")[2].startswith(mark))
    page = re.sub(r"^## (.*)$", r"**\1**", page, flags=re.MULTILINE)
    return f"## {name} {{ #{name} }}{page.partition(chr(10))[2].rstrip()}\n".replace("}\n", "}\n", 1)


# --- maillint --------------------------------------------------------------------------------------------


def _commands() -> str:
    os.environ["COLUMNS"] = "80"  # argparse folds its help to the terminal.
    parts = ["# Commands\n", f"```text\n{USAGE}```\n"]
    for command in COMMANDS:
        module = "check_options" if command == "check" else command
        parser = import_module(f"maillint.cli.{module}").make_parser()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            parser.print_help()
        parts.append(f"## maillint {command}\n\n```text\n{said.getvalue()}```\n")
    return "\n".join(parts)


def _settings() -> str:
    parts = [
        "# Settings",
        "The keys of `maillint.toml`, and of the table `[tool.maillint]` in `pyproject.toml`. "
        "[What they are for](../settings.md), and the "
        "[JSON Schema](../settings.schema.json) that makes editors know them.",
    ]
    for key in KEYS:
        parts += [f"## {key.name}", *_key(key)]
    return "\n\n".join(parts) + "\n"


def _key(key: Key) -> Iterator[str]:
    yield f"{key.help[0].upper()}{key.help[1:]}."
    facts = [f"value: {key.kind}"]
    if key.choices:
        facts = [f"value: {', '.join(f'`{choice}`' for choice in key.choices)}"]
    if key.default not in (None, (), {}):
        facts.append(f"default: `{str(key.default).lower()}`")
    if key.option:
        facts.append(f"on the command line: `--{key.name}{' ' + key.metavar if key.metavar else ''}`")
    if key.kind in settings.LISTS:
        facts.append("on the command line it may be repeated, and hold several separated by commas")
    if key.name in NOT_FOR_PATHS:
        facts.append("not in `overrides`")
    yield "\n".join(f"- {fact}" for fact in facts)
    if key.kind is settings.SITE:
        rows = "\n".join(f"| `{name}` | {form} |" for name, form in site.FIELDS.items())
        yield f"| key of the table | value |\n|---|---|\n{rows}"


# --- Markdown as the generator takes it -----------------------------------------------------------------


def adapted(markdown: str) -> str:
    """*markdown* with fences as the site shows them, and blank lines before lists that have none."""
    lines: list[str] = []
    inside: Fence | None = None
    mark = ""
    for line in markdown.split("\n"):
        fence = _FENCE.match(line)
        if inside is not None:
            lines.append(line)
            if fence and fence[2].startswith(mark) and not fence[3].strip():
                lines += _finds(inside)
                inside = None
            continue
        if fence:
            inside, mark = Fence(tuple(fence[3].split()), ""), fence[2]
            lines.append(f"{fence[1]}{mark}{_header(inside.info)}")
            continue
        is_item = re.match(r"(- |\d+\. )", line)
        if is_item and lines and lines[-1].strip() and not re.match(r"(- |\d+\. |  |#)", lines[-1]):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _header(info: tuple[str, ...]) -> str:
    if not info or info[0].startswith("{"):
        return " " + " ".join(info) if info else " {.text}"
    name, *words = info
    if name in _LANGUAGES and "." not in name and words and "." in words[0]:
        return f' {{.{_LANGUAGES[name]} title="{words[0]}"}}'
    if name == _SAID:
        act = words[0] if words else ""
        return f' {{.text title="What Postfix says: {ACTS.get(act, act).replace("`", "")}"}}'
    marked = " ".join(found[2] for word in words if (found := _EXPECTED.fullmatch(word)))
    highlight = f' hl_lines="{marked}"' if marked else ""
    title = f' title="{name}"' if name not in _LANGUAGES or "." in name else ""
    return f" {{.{_LANGUAGES.get(name, 'text')}{title}{highlight}}}"


def _finds(fence: Fence) -> list[str]:
    found: dict[str, list[str]] = {}
    for word in fence.info:
        if match := _EXPECTED.fullmatch(word):
            found.setdefault(match[2], []).append(f"`{match[1]}`")
    if not found:
        return []
    return [
        "",
        "; ".join(f"line {line}: {', '.join(rules)}" for line, rules in found.items()),
        "{ .finds }",
        "",
    ]
