"""Tables of patterns that are named as if they had keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.engine.finding import Edit, Fix
from maillint.postfix.beside import path_beside
from maillint.postfix.tablefile import lines

from ._tables import is_written

if TYPE_CHECKING:
    from ._tables import Named

_RULE = re.compile(r"!?\s*/.*/[a-zA-Z]*\s+\S|(?:if|endif)\b", re.IGNORECASE)
_OF_PCRE = re.compile(r"\\[dDsSwWbB]|\(\?|[*+?]\?")
"""What only Perl's expressions know."""


def as_patterns(named: Named) -> Fix | None:
    """Give the table the type that its file is written for; None: not all of it are patterns."""
    table = named.table
    path = path_beside(named.view.configuration, table.name)
    if path is None or table.members or not is_written(named, table.start, table.start + len(table.type)):
        return None
    try:
        texts = [line.text for line in lines(path)]
    except OSError:
        return None
    if not texts or not all(map(_RULE.match, texts)):
        return None
    type = "pcre" if any(map(_OF_PCRE.search, texts)) else "regexp"
    place = named.location(table.start, table.start + len(table.type))
    return Fix(f"write `{type}:`", (Edit(place, type),))
