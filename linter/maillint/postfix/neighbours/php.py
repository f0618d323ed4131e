"""How PHP's mail() hands mail in.

The readings are those of PHP's manual (mail.configuration, install.fpm.configuration) and of
ext/standard/mail.c. Nothing is judged here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.pairs import INI, parse_pairs

if TYPE_CHECKING:
    from maillint.syntax.entries import Entry
    from maillint.syntax.source import Location

    from . import Neighbours

_PATTERNS = (
    "php.ini", "php*/php.ini", "php/*/*/php.ini", "php5/*/php.ini", "php.d/*.ini", "php*/conf.d/*.ini",
    "php/*/*/conf.d/*.ini", "php5/*/conf.d/*.ini", "php-fpm.conf", "php-fpm.d/*.conf",
    "php*/php-fpm.d/*.conf", "php/*/fpm/pool.d/*.conf", "php5/fpm/pool.d/*.conf", "php-zts.d/*.ini",
)  # fmt: skip
"""Where Debian, Red Hat, Alpine and Arch have PHP's files."""
_SENDMAIL = "sendmail_path"
_EXTRA = "mail.force_extra_parameters"
_IN_POOL = re.compile(r"php_(?:admin_)?value\[(.+)\]")
_SENDER = re.compile(r"(?<![^\s\"'])-[fr]\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+)")


class Call(NamedTuple):
    """One setting that says how sendmail is called."""

    entry: Entry
    is_command: bool
    """False: parameters that are added to whatever the command is."""

    @property
    def program(self) -> str:
        """The name of the program, without its directory; empty: it cannot be told."""
        try:
            words = shlex.split(self.entry.value.text)
        except ValueError:
            return ""
        return words[0].rpartition("/")[2] if words else ""

    @property
    def sender(self) -> tuple[str, Location] | None:
        """The envelope sender (``-f``), and where it stands."""
        found = list(_SENDER.finditer(self.entry.value.text))
        if not found:
            return None
        start, end = found[-1].span(1)
        address = found[-1][1]
        if address[0] in "\"'":
            start, end, address = start + 1, end - 1, address[1:-1]
        return address.strip("<>"), self.entry.value.location(start, end)


class Php(NamedTuple):
    """What PHP is told about mail."""

    calls: tuple[Call, ...]


def read_php(neighbours: Neighbours) -> Php:
    paths = dict.fromkeys(neighbours.paths(*_PATTERNS))
    return Php(tuple(call for path in paths for call in _calls(neighbours, path)))


def _calls(neighbours: Neighbours, path: str) -> Iterator[Call]:
    """The settings of one file; the last of each name in each section."""
    file = neighbours.read(path, partial(parse_pairs, form=INI))
    last: dict[tuple[str, str], Call] = {}
    for entry in file.entries if file is not None else ():
        in_pool = _IN_POOL.fullmatch(entry.name)
        name = (in_pool[1] if in_pool is not None else entry.name).lower()
        if name in (_SENDMAIL, _EXTRA) and entry.value.text and "$" not in entry.value.text:
            pool = entry.within[0].name if in_pool is not None and entry.within else ""
            last[name, pool] = Call(entry, name == _SENDMAIL)
    yield from last.values()
