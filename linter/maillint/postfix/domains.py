"""Every domain that the four domain lists name, with its place.

A list holds names, files with names, and tables whose keys are names. Which list decides about a domain is
said by ``address_class.py``. Nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.addresses import packed
from maillint.record import NamedTuple

from .matching import expanded
from .matchlist import COMMENT, PLAIN, TABLE
from .services import rewriting_view
from .table_lookup import FOUND, open_table

if TYPE_CHECKING:
    from .configuration import Configuration, Item, Value, View
    from .table_lookup import Contents

LISTS = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains")
"""The lists, in the order in which they decide (trivial-rewrite/resolve.c)."""
_NOBODY = "nobody.invalid"
"""A domain that only a table has that has everything."""


class Listed(NamedTuple):
    """One domain in a list."""

    domain: str
    """In lower case, as it is written."""
    parameter: str
    item: Item
    """The element of the value that names it: itself, a file or a table."""
    path: str = ""
    """Of the file or table; empty: the domain stands in the configuration."""
    line: int = 0
    key: str = ""
    """In a table, the key as it is written."""


class ListedTable(NamedTuple):
    """One table in a list."""

    item: Item
    text: str
    """``TYPE:NAME``."""
    contents: Contents


class DomainList(NamedTuple):
    """What one list holds, as far as it can be read."""

    parameter: str
    value: Value
    domains: tuple[Listed, ...]
    """In the order of the list, each once."""
    tables: tuple[ListedTable, ...]
    is_known: bool
    """Whether these are all."""

    @property
    def is_empty(self) -> bool:
        """Whether it is certain that there is no domain."""
        return self.is_known and not self.domains


def domain_lists(config: Configuration) -> dict[str, DomainList]:
    """The four lists, by parameter, as trivial-rewrite(8) has them."""
    known: dict[str, DomainList] | None = config.memo.get("domain_lists")
    if known is None:
        view = rewriting_view(config.main_view)
        known = config.memo["domain_lists"] = {name: read_list(view, name) for name in LISTS}
    return known


def read_list(view: View, parameter: str) -> DomainList:
    """The list of domains in *parameter*."""
    value = view.value(parameter)
    domains: dict[str, Listed] = {}
    tables: list[ListedTable] = []
    excluded: set[str] = set()
    is_known = not value.problem
    for pattern, path, line in expanded(view, value):
        if pattern.kind == COMMENT:
            break
        if pattern.kind == PLAIN and pattern.negated:
            excluded.add(pattern.text.lower())
        elif pattern.kind == PLAIN:
            domain = pattern.text.lower()
            if domain not in excluded:
                domains.setdefault(domain, Listed(domain, parameter, pattern.item, path, line))
        elif pattern.kind == TABLE and not pattern.negated:
            table = ListedTable(pattern.item, pattern.text, open_table(pattern.text, view))
            tables.append(table)
            for entry in table.contents.names():
                domain = entry.key.lower()
                if is_domain(domain) and domain not in excluded:
                    found = Listed(domain, parameter, pattern.item, entry.path, entry.line, entry.key)
                    domains.setdefault(domain, found)
            is_known = is_known and holds_what_it_lists(table.contents)
        else:
            is_known = False
    return DomainList(parameter, value, tuple(domains.values()), tuple(tables), is_known)


def holds_what_it_lists(table: Contents) -> bool:
    """Whether the keys of *table* are all that it has an answer for."""
    return table.is_known and table.is_fixed and table.find(_NOBODY).state != FOUND


def is_domain(key: str) -> bool:
    """Whether the key of a table may be a domain."""
    return "@" not in key and "." in key and "/" not in key and packed(key) is None
