"""The page: valid, harmless whatever a configuration holds, and looked at by a real browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest

from browser import Browser, needs_chromium
from maillint.postfix.configuration import load_directory
from maillint.postfix.flow import IN, OUT, QUEUE, Flow, Stop, Way, flow
from maillint.report import _picture
from maillint.report._page import markdown, prose
from support import ROOT, run_maillint

SHOWN = (
    "examples/gmail-bounce/before",
    "examples/configurations/department",
    "examples/configurations/gateway-amavis",
    "examples/configurations/mx-dovecot-rspamd",
)
CONFIGURATIONS = sorted((ROOT / "examples" / "configurations").iterdir())

TROUBLES = (
    "compatibility_level = 3.6\nmyhostname = mail.example.com\nmynetworks = 127.0.0.0/8, 0.0.0.0/0\n"
    "mydestination = $myhostname, example.com\nvirtual_mailbox_domains = example.com\n"
    "relayhost = smtp.example.net:587\nsmtp_sasl_auth_enable = yes\n"
    "smtp_sasl_password_maps = static:user:open-sesame\nsmtp_tls_security_level = my\n"
    "transport_maps = hash:/etc/postfix/transport\nsmtpd_tls_security_level = may\n"
    "sender_canonical_maps = hash:/etc/postfix/senders\n"
)
TROUBLED_SERVICES = (
    "smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n"
    "  -o smtpd_recipient_restriction=permit_sasl_authenticated,reject\n"
    "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n"
    "smtp unix - - n - - smtp\nlocal unix - n n - - local\nlmtp unix - - n - - lmtp\n"
)

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
HOSTILE_MAIN = (
    f"# {EVIL} \x1b[31m \u202egnol\u202c \u200f <!-- ]]> &lt; &#60;\n"
    f"smtpd_banner = $myhostname {EVIL}\n"
    'myhostname = "<b onmouseover=alert(4)>.example.com"\n'
    "relayhost = javascript:alert(5)\n"
    "smtpd_recipient_restrictions = check_policy_service <script>alert(6)</script>, reject\n"
    "smtpd_milters = inet:<i>localhost</i>:8891\ncontent_filter = <u>scan</u>:[<s>]:1\x07\n"
    "transport_maps = hash:/etc/postfix/<b>transport\n"
    f"mydestination = {'x' * 1_000_000}\n"
    f"{EVIL}\nno_such_parameter = \udcff\ufffe\x00 日本\U0001f600\n"
)
HOSTILE_MASTER = (
    "smtp inet n - n - - smtpd\n<b>x inet n - n - - smtpd\n  -o smtpd_banner=<script>\n"
    "<u>scan</u> unix - - n - - pipe\n  argv=/bin/<script>alert(7)</script>\n"
)


def page_of(*arguments: str | Path, cwd: Path = ROOT) -> str:
    run = run_maillint("check", "--format", "html", *arguments, cwd=cwd)
    assert run.returncode in (0, 1), run.stderr
    assert "Traceback" not in run.stderr
    return run.stdout


def configuration(directory: Path, main: str, master: str, **tables: str) -> Path:
    directory.mkdir()
    for name, text in {"main.cf": main, "master.cf": master, **tables}.items():
        (directory / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return directory


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports, by what they are about."""
    top = tmp_path_factory.mktemp("pages")
    found = {name: page_of(name) for name in SHOWN}
    found["troubles"] = page_of(
        configuration(
            top / "troubles",
            TROUBLES,
            TROUBLED_SERVICES,
            transport="example.net smtp:[mail.example.net]\n",
            senders="".join(f"user{number} other{number}@example.com\n" for number in range(5000)),
        )
    )
    found["hostile"] = page_of(configuration(top / "hostile", HOSTILE_MAIN, HOSTILE_MASTER))
    found["several"] = page_of(top / "troubles", ROOT / SHOWN[0], ROOT / SHOWN[1])
    paths = {}
    for number, (name, text) in enumerate(found.items()):
        paths[name] = top / f"{number}.html"
        paths[name].write_text(text)
    return paths


NAMES = (*SHOWN, "troubles", "hostile", "several")


@pytest.fixture(params=NAMES)
def path(request: pytest.FixtureRequest, pages: dict[str, Path]) -> Path:
    return pages[request.param]


def tree(path: Path) -> Any:
    """The page as a browser understands it; fails where it is not valid HTML."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(path.read_text())
    assert parser.errors == []
    return document


def elements(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for element in tree(path).iter():
        if isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2], dict(element.attrib)


def test_the_page_is_one_document_in_ascii(path: Path) -> None:
    text = path.read_text()
    assert text.isascii()
    assert text.count("<!DOCTYPE html>") == text.count("</html>") == 1
    tree(path)


def test_each_anchor_leads_to_one_place(path: Path) -> None:
    ids = [attributes["id"] for _, attributes in elements(path) if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        attributes["href"][1:]
        for _, attributes in elements(path)
        if attributes.get("href", "").startswith("#")
    }
    targets |= {
        id
        for _, attributes in elements(path)
        for name in ("aria-labelledby", "aria-describedby")
        for id in attributes.get(name, "").split()
    }
    assert targets
    assert targets - set(ids) == set()


def test_nothing_is_run_and_nothing_is_loaded(path: Path) -> None:
    for tag, attributes in elements(path):
        assert tag not in ("script", "iframe", "object", "embed", "img", "form", "base", "audio", "video")
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("style", "src", "srcset", "action"), (tag, name)
            if name.endswith("href"):
                assert re.match(r"#|https://|data:,$", value), value
                assert tag == "a" or value == "data:,", tag


def test_the_policy_allows_the_one_style_and_nothing_else(path: Path) -> None:
    text = path.read_text()
    assert "@import" not in text and "url(" not in text.partition("</style>")[0]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = next(
        attributes["content"]
        for _, attributes in elements(path)
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_hostile_text_stays_text(pages: dict[str, Path]) -> None:
    text = "".join(tree(pages["hostile"]).itertext())
    assert EVIL in text
    assert "javascript:alert(5)" in text
    for character in "\x1b\x07\0\u202e\u200f\ufffe":
        assert character not in text
    for shown in ("\\x1b", "\\u202e", "\\u200f", "\\xff", "日本"):
        assert shown in text
    assert len(text) < 200_000
    assert "998,016 more characters" in text


def test_passwords_are_masked(pages: dict[str, Path]) -> None:
    text = "".join(tree(pages["troubles"]).itertext())
    assert "open-sesame" not in text
    assert "static:user:***********" in text


def test_tables_with_passwords_and_other_secrets_are_not_shown(tmp_path: Path) -> None:
    directory = configuration(
        tmp_path / "postfix",
        "smtp_sasl_password_maps = hash:/etc/postfix/passwords\nsmtpd_tls_key_file = /etc/postfix/host.key\n"
        "virtual_alias_maps = mysql:/etc/postfix/sql.cf, hash:/etc/postfix/virtual\n",
        "smtp inet n - n - - smtpd\n",
    )
    for name, text in {
        "passwords": "relay.example.net user:open-sesame\n",
        "host.key": "open-sesame\n",
        "sql.cf": "password = open-sesame\n",
        "virtual": "info@example.com anna\n",
    }.items():
        (directory / name).write_text(text)
    page = page_of(directory)
    assert "open-sesame" not in page
    assert "info@example.com anna" in page


def test_the_page_tells_what_to_do_first_and_shows_the_findings_in_place(pages: dict[str, Path]) -> None:
    text = pages["troubles"].read_text()
    plain = " ".join("".join(tree(pages["troubles"]).itertext()).split())
    assert "What to do first" in plain
    assert re.search(r"<b>\d+</b> break mail, lose it, or leave the host open", text)
    assert "Open relay: 0.0.0.0/0 puts every client into mynetworks" in plain
    below = text.partition('id="c1-s1-L3">')[2].partition('id="c1-s1-L4">')[0]
    note = re.search(r'<a class="note error" href="#(c1-f\d+)">', below)
    assert note is not None and f'id="{note[1]}"' in text
    assert "<del>- " in text and "<ins>+ " in text
    assert "<summary>The rule open-relay-mynetworks, with examples</summary>" in text
    assert '<td class="open">' in text


def test_a_large_table_is_shown_in_part(pages: dict[str, Path]) -> None:
    assert "4,996 lines not shown" in pages["troubles"].read_text()


def test_several_configurations_have_a_table_of_contents(pages: dict[str, Path]) -> None:
    text = pages["several"].read_text()
    assert text.count('class="directory"') == 3
    assert text.count('<svg class="flow"') == 3
    assert all(f'<a href="#c{number}">' in text for number in (1, 2, 3))


def test_processes_and_files_make_no_difference(tmp_path: Path) -> None:
    configuration(tmp_path / "a", TROUBLES, TROUBLED_SERVICES)
    configuration(tmp_path / "b", TROUBLES.replace("example.com", "example.org"), TROUBLED_SERVICES)
    one = page_of("a", "b", "--jobs", "1", cwd=tmp_path)
    assert page_of("a", "b", "--jobs", "2", cwd=tmp_path) == one
    run = run_maillint("check", "--output", "html=page.html", "--format", "concise", "a", "b", cwd=tmp_path)
    assert run.returncode == 1
    assert (tmp_path / "page.html").read_text() == one


def test_standard_input_and_fragments_have_a_page() -> None:
    run = run_maillint("check", "--format", "html", "-", input="relayhost = [smtp.example.net\n")
    assert run.returncode == 1, run.stderr
    assert "relayhost" in run.stdout and 'class="source"' in run.stdout
    run = run_maillint(
        "check",
        "--format",
        "html",
        "--stdin-filename",
        "part.cf",
        "-",
        input="relayhost = [smtp.example.net\n",
    )
    assert 'class="source"' in run.stdout and "<svg" not in run.stdout


def test_what_cannot_be_judged_is_told(tmp_path: Path) -> None:
    run = run_maillint("check", "--format", "html", "nowhere", cwd=tmp_path)
    assert run.returncode == 2
    assert "Not everything could be judged" in run.stdout and "nowhere" in run.stdout
    assert "Nothing was found in what could be judged" in run.stdout
    assert '<p class="card verdict good">' not in run.stdout


def test_prose_and_markdown() -> None:
    assert prose("a `<b>` at https://example.com/x.") == (
        'a <code>&lt;b&gt;</code> at <a href="https://example.com/x" rel="noreferrer">https://example.com/x</a>.'
    )
    text = "One\nline.\n\n- a\n  b\n- c\n```main.cf rule@1\nx = <y>\n```"
    assert list(markdown(text)) == [
        "<p>One line.</p>",
        "<ul><li>a b</li><li>c</li></ul>",
        '<p class="file">main.cf</p>',
        "<pre>x = &lt;y&gt;</pre>",
    ]


# --- the picture -----------------------------------------------------------------------------------------


def drawn(found: Flow) -> str:
    return "".join(_picture.picture(found, "p", lambda stop: "", lambda stop: ("", 0)))


def boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of the boxes."""
    found = re.findall(r'class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    return [(x, y, x + w, y + h) for x, y, w, h in (map(float, one) for one in found)]


def many(number: int) -> Flow:
    """Ports that all lead to the queue, and as many places behind it."""
    stops = [Stop(f"in{n}", IN, f"Port {n}", ("fact " * (n % 7),)) for n in range(number)]
    stops.append(Stop("queue", QUEUE, "Queue"))
    stops += [Stop(f"out{n}", OUT, f"Host {n} {'x' * n}", ("a long fact " * (n % 9),)) for n in range(number)]
    ways = [Way(f"in{n}", "queue") for n in range(number)] + [Way("queue", f"out{n}") for n in range(number)]
    return Flow(tuple(stops), (*ways, Way("out0", "in0")), (), ())


FLOWS = {path.name: flow(load_directory(str(path))) for path in CONFIGURATIONS}
FLOWS |= {f"{number} ports": many(number) for number in (1, 8, 60)}


@pytest.mark.parametrize("name", FLOWS)
def test_no_two_boxes_overlap_and_all_are_in_the_picture(name: str) -> None:
    svg = drawn(FLOWS[name])
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert size is not None
    places = boxes(svg)
    assert places
    for at, (left, top, right, bottom) in enumerate(places):
        assert left >= 0 and top >= 0 and right <= int(size[1]) and bottom <= int(size[2])
        for other_left, other_top, other_right, other_bottom in places[at + 1 :]:
            assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top, (
                name
            )


def test_the_picture_is_always_the_same() -> None:
    found = FLOWS["department"]
    assert drawn(found) == drawn(found)
    assert len({page_of(SHOWN[1]) for _ in range(2)}) == 1


def test_what_is_too_much_for_a_column_is_told_together() -> None:
    assert len(boxes(drawn(many(8)))) == 17
    svg = drawn(many(60))
    assert len(boxes(svg)) == 17
    assert svg.count(">53 more<") == 2
    assert sum(len(stops) for _, stops in _picture.words(many(60))) == 121


# --- a real browser --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


TEXTS_IN_BOXES = """
[...document.querySelectorAll('.stop')].flatMap(stop => {
  const box = stop.querySelector('.box').getBBox();
  return [...stop.querySelectorAll('.name, .fact')]
    .filter(text => { const own = text.getBBox();
      return own.x + own.width > box.x + box.width - 2 || own.y + own.height > box.y + box.height + 1; })
    .map(text => text.textContent);
})
"""


@needs_chromium
@pytest.mark.parametrize("dark", (False, True), ids=("light", "dark"))
@pytest.mark.parametrize("width", (1280, 400))
@pytest.mark.parametrize("name", NAMES)
def test_a_browser_shows_the_page(
    name: str, width: int, dark: bool, pages: dict[str, Path], browser: Browser
) -> None:
    browser.requests.clear()
    browser.complaints.clear()
    browser.look(width=width, dark=dark)
    browser.open(pages[name])
    assert browser.evaluate("document.documentElement.scrollWidth") == width
    background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(18, 22, 28)" if dark else "rgb(246, 247, 249)")
    assert browser.evaluate(TEXTS_IN_BOXES) == []
    assert browser.complaints == []
    assert {unquote(address) for address in browser.requests} - {"data:,"} == {pages[name].as_uri()}


@needs_chromium
def test_the_page_can_be_printed(pages: dict[str, Path], browser: Browser, tmp_path: Path) -> None:
    browser.look(width=800, media="print")
    browser.open(pages["troubles"])
    browser.pdf(tmp_path / "page.pdf")
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    # The picture has a page across.
    sizes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", data)}
    assert len({width > height for _, _, width, height in sizes}) == 2
