"""A table that is too large to be kept answers like the same one that is kept."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.engine.discovery import Target, discover
from maillint.engine.plan import Plan
from maillint.engine.registry import BUILT_IN, Registry
from maillint.engine.run import check
from maillint.engine.settings import Layer, Settings
from maillint.postfix import large_table, table_source, tablefile
from maillint.postfix.configuration import load_directory
from maillint.postfix.large_table import LargeTable
from maillint.postfix.table_lookup import Contents, open_table

TEXT = """\
# a comment
Anna@Example.com  anna
@example.com all
example.net  a, \\
    b
anna@example.com again

"quoted name"@example.com q
no-value
bert@example.com bert
   , carl
# another
example.org x
Example.NET y
last@example.com z"""
ASKED = ("ANNA@example.com", "@example.com", "example.net", "nobody", '"quoted name"@example.com', "no-value")

LINES = st.sampled_from(
    [
        "a@b.c x",
        "A@B.C y",
        "b.c x",
        "@b.c x",
        "  more",
        "# no",
        "",
        "é@b.c x",
        "novalue",
        "q: x",
        f"{40 * 'x'} y",
    ]
)


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tablefile, "LARGE", 0)
    monkeypatch.setattr(table_source, "LARGE", 0)


def opened(directory: Path, text: str) -> Contents:
    (directory / "main.cf").write_text("")
    (directory / "table").write_text(text)
    return open_table("hash:/etc/postfix/table", load_directory(str(directory)).main_view)


def answers(table: Contents, keys: tuple[str, ...]) -> object:
    found = [(table.has(key), table.find(key)) for key in keys]
    return found, list(table.entries()), list(table.all_keys()), list(table.names())


def test_it_answers_like_a_small_one(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    small = answers(opened(tmp_path, TEXT), ASKED)
    request.getfixturevalue("everything_is_large")
    large = opened(tmp_path, TEXT)
    assert isinstance(large, LargeTable)
    assert answers(large, ASKED) == small


@settings(deadline=None)
@given(lines=st.lists(LINES, max_size=12), piece=st.integers(1, 40), names=st.integers(0, 3))
def test_any_table_answers_like_a_small_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], piece: int, names: int
) -> None:
    directory, text = tmp_path_factory.mktemp("table"), "\n".join(lines)
    keys = ("a@b.c", "b.c", "@b.c", "novalue", "q:", "é@b.c")
    small = answers(opened(directory, text), keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tablefile, "LARGE", 0)
        patch.setattr(table_source, "LARGE", 0)
        patch.setattr(tablefile, "_PIECE", piece)
        patch.setattr(tablefile, "_MOST_NAMES", names)
        assert answers(opened(directory, text), keys) == small


CONFIGURATION = {
    "main.cf": "compatibility_level = 3.6\nmyhostname = mx.example.com\n"
    "virtual_mailbox_domains = example.com example.net\n"
    "virtual_alias_maps = hash:/etc/postfix/aliases\nvirtual_mailbox_maps = hash:/etc/postfix/boxes\n"
    "virtual_alias_domains = hash:/etc/postfix/domains\nrelay_domains = hash:/etc/postfix/relayed\n",
    "aliases": "@example.com\tanna@example.com\nanna@example.com\tanna@example.com\n"
    "bert@example.org\tanna@example.com\n",
    "boxes": "anna@example.com\ta/\ncarl@example.com\tc/\ndora@example.net\td/\ndora@example.net\te/\n",
    "domains": "example.org x\nexample.edu x\nexample.net x\n",
    "relayed": "someone@elsewhere.example x\n",
}
EXPECTED = {
    "catch-all-alias",
    "domain-in-two-classes",
    "domain-list-holds-addresses",
    "postmaster-missing",
    "table-duplicate-key",
    "virtual-alias-domain-unmapped",
}


def found_in(directory: Path) -> list[str]:
    [target] = discover([str(directory)])
    assert isinstance(target, Target)
    outcome = check(target, Plan(Settings(Layer({}, "the test")), Registry.load((BUILT_IN,))))
    assert not outcome.problems
    return [f"{found.rule} {found.location.span} {found.message}" for found in outcome.findings]


def test_rules_find_the_same_and_read_the_file_once(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in CONFIGURATION.items():
        (tmp_path / name).write_text(text)
    small = found_in(tmp_path)
    assert {line.split()[0] for line in small} >= EXPECTED
    request.getfixturevalue("everything_is_large")
    monkeypatch.setattr(large_table, "keys_in", None)  # Who judges the lines has remembered the keys.
    assert found_in(tmp_path) == small
