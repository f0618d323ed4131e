"""Markdown on a terminal."""

import re

import pytest

from maillint.engine.registry import Registry
from maillint.report.terminal import rendered

PAGE = """\
# title

A paragraph with `code` and **two words** that is
broken in the source. See [the manual](https://example.org/a).

## Section
- an item with more words than the line can take
- a second

1. first

```main.cf some-rule@2
a = b
  # kept   as it is
```

| name | what |
|---|---|
| `x` | a \\| b |

---

end
"""


def test_without_colours() -> None:
    assert rendered(PAGE, width=40, color=False) == (
        "title\n"
        "\n"
        "A paragraph with `code` and\n"
        "two words that is broken in the\n"
        "source. See the manual\n"
        "https://example.org/a.\n"
        "\n"
        "Section\n"
        "  • an item with more words than the\n"
        "    line can take\n"
        "  • a second\n"
        "\n"
        "  1. first\n"
        "\n"
        "  main.cf: finds some-rule in line 2\n"
        "  │ a = b\n"
        "  │   # kept   as it is\n"
        "\n"
        "  name  what\n"
        "  `x`   a | b\n"
        "\n" + "─" * 40 + "\n\nend\n"
    )


def test_colours_change_nothing_but_marks() -> None:
    painted = rendered(PAGE, width=60, color=True)
    assert "\033[33mcode\033[0m" in painted
    assert "\033[1mtwo words\033[0m" in painted
    assert "\033[4;34mhttps://example.org/a\033[0m" in painted
    plain = re.sub(r"\033\[[0-9;]*m", "", painted)
    assert plain.split() == rendered(PAGE, width=60, color=False).replace("`", "").split()


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [20, 47, 80])
def test_no_line_of_prose_is_too_wide(width: int, color: bool) -> None:
    text = (
        "word `some code` **bold and more** and `more code than fits into any line, however wide it is` end"
    )
    for line in rendered(text, width=width, color=color).splitlines():
        assert len(re.sub(r"\033\[[0-9;]*m", "", line)) <= width


def test_nothing_of_the_pages_of_rules_is_lost() -> None:
    registry = Registry.load()
    for rule in [*registry.rules.values()][::7]:
        page = registry.page(rule)
        written = re.sub(r"^```.*|^ *- |^\|[-|]+$", "", page, flags=re.MULTILINE)
        for color in (False, True):
            shown = re.sub(r"\033\[[0-9;]*m", "", rendered(page, width=72, color=color))
            shown = re.sub(r"^  [\w./-]+(: finds .*)?$|^  Postfix says$", "", shown, flags=re.MULTILINE)
            assert _letters(shown) == _letters(written), rule.id


def _letters(text: str) -> str:
    return re.sub(r"[\s`*|│•#]", "", text)
