"""The physical lines of a logical line, where one of them looks like a setting of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maillint.postfix import catalogue
from maillint.syntax.source import Location, Span
from maillint.syntax.tree import Node

_INDENTED_SETTING = re.compile(r"^([ \t\r\v\f]+)([A-Za-z0-9_]+)[ \t]*=", re.MULTILINE)


def indented_settings(node: Node) -> Iterator[tuple[Location, Location]]:
    """The indented physical lines in *node* that begin with ``name =``, name a Postfix parameter.

    Yields the location of the indentation and that of the name.
    """
    text = node.location.text
    for found in _INDENTED_SETTING.finditer(text):
        if catalogue.parameter(found[2]) is not None:
            yield _location(node, found.span(1)), _location(node, found.span(2))


def _location(node: Node, span: tuple[int, int]) -> Location:
    return Location(node.source, Span(node.span.start + span[0], node.span.start + span[1]))
