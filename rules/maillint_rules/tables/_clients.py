"""The files beside main.cf that say how to ask a database: ``mysql:/etc/postfix/users.cf``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.configuration import ConfigurationError, read_source
from maillint.postfix.vocabulary import table_types
from maillint.record import NamedTuple
from maillint.syntax.main_cf import parse_main_cf

from .._tables import Named, named_tables
from .._told import is_placeholder

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.tables import Table
    from maillint.syntax.tree import Setting

_USUAL_DIRECTORY = "/etc/postfix"


class Client(NamedTuple):
    """A table whose name is the path of a file with the settings of a database client."""

    named: Named
    table: Table
    path: str
    """Where the file is, or should be, on this machine."""
    shown: str
    """The path as seen from the directory of main.cf."""


def clients(config: Configuration) -> Iterator[Client]:
    """The files in the directory of main.cf and below, each once, in the order in which they are named.

    None where no look at other files was asked for.
    """
    directory = config.directory
    if directory is None or not config.beside:
        return
    seen: set[tuple[str, str]] = set()
    for named in named_tables(config):
        for table in named.table.walk():
            known = table_types().get(table.type)
            if known is None or known.name != "client" or not named.item.known or is_placeholder(table.name):
                continue
            shown = _below(table.name, directory)
            if shown is not None and (table.type, shown) not in seen:
                seen.add((table.type, shown))
                yield Client(named, table, os.path.join(directory, shown), shown)


def client_settings(config: Configuration) -> Iterator[tuple[Client, dict[str, Setting]]]:
    """The files of :func:`clients` that can be read, with the settings in force in each."""
    for client in clients(config):
        try:
            tree = parse_main_cf(read_source(client.path))
        except ConfigurationError:
            continue
        yield client, {setting.name: setting for setting in tree.settings}


def _below(path: str, directory: str) -> str | None:
    """*path* as seen from *directory*, which stands for ``/etc/postfix``; None: it leads elsewhere."""
    for top in (_USUAL_DIRECTORY, os.path.abspath(directory)):
        if path.startswith(f"{top}/"):
            shown = os.path.normpath(path[len(top) + 1 :])
            return None if shown.startswith(("..", "/")) else shown
    return None
