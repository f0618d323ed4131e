"""The documentation site: built without a network, whole, and right in a real browser, wide and narrow."""

import os
import subprocess
import sys
import time
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from browser import Browser, needs_chromium
from maillint.engine.registry import Registry
from maillint.postfix import catalogue, vocabulary
from maillint.postfix.version import NEWEST
from maillint.report import links
from support import ROOT

pytestmark = [
    pytest.mark.skipif(find_spec("material") is None, reason="the generator is not installed: '.[docs]'"),
    pytest.mark.xdist_group("site"),
]

_SHOWN = ("index.html", "story.html", "settings.html", "formats.html", "rules/index.html", "areas/tls.html",
          "rules/myorigin-unset.html", "rules/bad-boolean.html", "parameters/smtpd.html",
          "reference/commands.html", "reference/settings.html", "reference/restrictions.html",
          "postfix-complaints.html", "writing-a-rule.html", "relay.html", "changelog.html")  # fmt: skip
"""Pages of each kind."""


class Page(HTMLParser):
    """What a page leads to, loads, and can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids.update(found[name] for name in ("id", "name") if name in found)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif "src" in found:
            self.loaded.append(found["src"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload", "modulepreload"):
            self.loaded.append(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built by a process that finds no other host."""
    target = tmp_path_factory.mktemp("site")
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    build = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", target],
        cwd=ROOT, env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (build.returncode, build.stdout, build.stderr) == (0, "", "")
    return target


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_page_and_a_place_in_it(site: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            url, anchor = urldefrag(link)
            if urlsplit(url).scheme in ("http", "https"):
                continue
            base = site if url.startswith("/") else path.parent  # The page 404.html may be shown anywhere.
            target = (base / unquote(url).lstrip("/")).resolve() if url else path
            target = target / "index.html" if target.is_dir() else target
            known = pages[target].ids if target in pages else {anchor}
            if not target.is_file() or (anchor and unquote(anchor) not in known):
                broken.append((path.relative_to(site), link))
    assert broken == []


def test_links_elsewhere_are_well_formed(pages: dict[Path, Page]) -> None:
    away = {link for page in pages.values() for link in page.links if "://" in link}
    assert away
    for link in away:
        parts = urlsplit(link)
        assert parts.scheme == "https" and "." in parts.netloc, link


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page]) -> None:
    loaded = {url for page in pages.values() for url in page.loaded}
    assert [url for url in loaded if urlsplit(url).netloc] == []


def test_everything_has_its_page(
    site: Path, pages: dict[Path, Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "SITE", f"{site.as_uri()}/")
    for rule in Registry.load().rules:
        url = links.rule_url(rule)
        assert url is not None and Path(urlsplit(url).path).is_file(), rule
    ids = {name for path, page in pages.items() if path.parent.name == "parameters" for name in page.ids}
    assert set(catalogue.names(NEWEST)) <= ids
    assert set(vocabulary.restriction_names()) <= pages[site / "reference" / "restrictions.html"].ids


def test_a_rule_s_page_shows_what_postfix_says_and_links_what_it_names(site: Path) -> None:
    page = (site / "rules" / "bad-boolean.html").read_text()
    assert "What Postfix says: " in page
    page = (site / "rules" / "myorigin-unset.html").read_text()
    assert '<a href="../parameters/m.html#myorigin"><code>myorigin</code></a>' in page
    assert 'href="https://www.rfc-editor.org/rfc/rfc7208"' in page
    assert 'href="https://www.postfix.org/postconf.5.html#myorigin"' in page


@needs_chromium
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_in_a_browser(dark: bool, site: Path) -> None:
    with Browser() as browser:
        for width in (1280, 400):
            browser.look(width=width, dark=dark)
            for name in _SHOWN:
                browser.open(site / name)
                assert browser.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
                scheme = browser.evaluate("document.body.dataset.mdColorScheme")
                assert scheme == ("slate" if dark else "default"), name
        assert browser.complaints == []
        assert {url for url in browser.requests if not url.startswith(("file:", "data:"))} == set()


_SEARCH = """(() => {
    document.querySelector("[data-md-toggle=search]").click();
    const field = document.querySelector(".md-search__input");
    field.focus();
    field.value = %r;
    for (const name of ["input", "keyup"]) field.dispatchEvent(new Event(name, { bubbles: true }));
})()"""
_FOUND = "[...document.querySelectorAll('.md-search-result__item a')].map(link => link.href.split('?')[0])"


@needs_chromium
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("programs sender domain nobody chose myorigin", "rules/myorigin-unset.html"),
        ("smtpd_tls_mandatory_protocols", "parameters/smtpd.html"),
        ("baseline old tree", "silencing.html"),
    ],
)
def test_the_search_works_in_a_folder(words: str, expected: str, site: Path) -> None:
    with Browser() as browser:
        browser.look()
        browser.open(site / "index.html")
        browser.evaluate(_SEARCH % words)
        end = time.monotonic() + 30
        while not (found := browser.evaluate(_FOUND)):
            assert time.monotonic() < end, "nothing is found"
            time.sleep(0.1)
        assert (site / expected).as_uri() in found
        assert browser.complaints == []
