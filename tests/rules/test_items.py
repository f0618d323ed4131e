"""Edits of lists leave the other elements, and the lines they stand on, as they are."""

import pytest

from maillint.engine.finding import Finding, Fix
from maillint.engine.fix import fixed
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source
from maillint_rules._items import without_item


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x, a, b", "a, b"),
        ("a, x, b", "a, b"),
        ("a x b", "a b"),
        ("a,x,b", "a,b"),
        ("a, b, x", "a, b"),
        ("x", ""),
        ("a,\n  x,\n  b", "a,\n  \n  b"),
        ("a,\n  x, b", "a,\n  b"),
        ("a, x,\n  b", "a,\n  b"),
        ("\n  x\n  a", "\n  \n  a"),
        ("\n  a\n# comment\n  x", "\n  a\n# comment\n  "),
    ],
)
@pytest.mark.parametrize("tail", ["", "\nrelayhost = r\n"])
def test_without_item(before: str, after: str, tail: str) -> None:
    source = Source("main.cf", f"mydestination = {before}{tail}")
    config = Configuration(parse_main_cf(source), None)
    setting = config.main_view.setting("mydestination")
    assert setting is not None
    (found,) = (item for item in config.main_view.items("mydestination") if item.text == "x")
    assert found.location is not None
    finding = Finding(found.location, "", fix=Fix("", (without_item(setting, found.location),)))
    text = fixed([finding])[source]
    assert text == f"mydestination = {after}{tail}"

    mended = Configuration(parse_main_cf(Source("main.cf", text)), None)
    assert "x" not in [item.text for item in mended.main_view.items("mydestination")]
    assert mended.settings.keys() == config.settings.keys()
    rest = [item.text for item in config.main_view.items("mydestination") if item.text != "x"]
    assert [item.text for item in mended.main_view.items("mydestination")] == rest
