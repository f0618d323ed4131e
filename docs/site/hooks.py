"""What MkDocs asks for while it builds the site (mkdocs.yml)."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parent))

import pages as generated

HERE = Path(__file__).parent
_SHOWN = ("examples", "integrations")
"""Folders of the repository that guides link to; their files are part of the site."""
_OUTSIDE = re.compile(rf"\]\((?:\.\./)+({'|'.join(_SHOWN)})/([^)]+)\)")
_CODE = re.compile(r"<(a|h[1-6]|pre)\b.*?</\1>|<code>([a-z0-9_-]+)</code>", re.DOTALL)
_REFERENCES = (
    (re.compile(r"\bpostconf\(5\) ([a-z0-9_]+)"), r'<a href="https://www.postfix.org/postconf.5.html#\1">\g<0></a>'),
    (re.compile(r"\b([A-Z_]+_README)\b"), r'<a href="https://www.postfix.org/\1.html">\1</a>'),
    (re.compile(r"\bRFC (\d+)"), r'<a href="https://www.rfc-editor.org/rfc/rfc\1">RFC \1</a>'),
)  # fmt: skip


def on_config(config: Any) -> Any:
    """Put the generated pages of a folder where the navigation names the folder."""
    made = [path for path, _ in generated.pages()]
    for section in config["nav"]:
        for title, entries in section.items() if isinstance(section, dict) else ():
            if isinstance(entries, list):
                section[title] = [page for entry in entries for page in _in_folder(entry, made)]
    return config


def _in_folder(entry: Any, made: list[str]) -> list[Any]:
    if not (isinstance(entry, str) and entry.endswith("/")):
        return [entry]
    return [{entry[:-1].title(): [path for path in made if path.startswith(entry)]}]


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made, and the files that pages show."""
    for path, text in generated.pages():
        level = InclusionLevel.NOT_IN_NAV if path.startswith("rules/") else InclusionLevel.UNDEFINED
        files.append(File.generated(config, path, content=text, inclusion=level))
    for name in ("site.css", "favicon.svg", "iframe-worker.js"):
        files.append(File.generated(config, f"assets/{name}", abs_src_path=str(HERE / name)))
    for folder in _SHOWN:
        for path in sorted((generated.ROOT / folder).rglob("*")):
            if path.is_file():
                where = f"files/{path.relative_to(generated.ROOT)}"
                where += "" if path.suffix not in (".md", ".html") else ".txt"
                files.append(File.generated(config, where, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Say fences, lists and links to the repository as the generator takes them."""
    up = "../" * page.file.src_uri.count("/")
    return _OUTSIDE.sub(rf"]({up}files/\1/\2)", generated.adapted(markdown))


@cache
def _links() -> dict[str, str]:
    return generated.links()


def on_page_content(html: str, page: Any, config: Any, files: Files) -> str:
    """Let names of rules and parameters lead to their pages, and references to what they name."""

    def linked(found: re.Match[str]) -> str:
        target = _links().get(found[2] or "")
        path, _, anchor = (target or "").partition("#")
        file = files.get_file_from_path(path) if target else None
        if file is None or (file.url == page.url and not anchor):
            return found[0]
        url = get_relative_url(file.url, page.url) + (f"#{anchor}" if anchor else "")
        return f'<a href="{url}">{found[0]}</a>'

    html = _CODE.sub(linked, html)
    head, title, rest = html.partition('<h2 id="references">')
    for pattern, replacement in _REFERENCES:
        rest = pattern.sub(replacement, rest)
    return f"{head}{title}{rest}"
