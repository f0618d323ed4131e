"""The programs around Postfix whose files lie where a directory like /etc has them.

They are looked for above a directory called ``postfix`` with a main.cf, and read when a rule asks for them.
None of them need be there. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.syntax.grammar import ParseError

from ..elsewhere import directory_above, located

if TYPE_CHECKING:
    from maillint.syntax.entries import EntryFile
    from maillint.syntax.source import Source

    from ..configuration import Configuration
    from .clients import Client
    from .dovecot import Dovecot
    from .milter_programs import OpenDkim, OpenDmarc
    from .php import Php
    from .rspamd import Rspamd

DOVECOT = "dovecot"
OPENDKIM = "opendkim"
OPENDMARC = "opendmarc"
RSPAMD = "rspamd"
PHP = "php"
CLIENTS = "clients"
"""msmtp, ssmtp and nullmailer, which hand mail to another host and cannot do more."""

_BEGINNINGS = {
    "dovecot": DOVECOT,
    "opendkim": OPENDKIM,
    "opendmarc": OPENDMARC,
    "rspamd": RSPAMD,
    "php": PHP,
    "msmtprc": CLIENTS,
    "ssmtp": CLIENTS,
    "nullmailer": CLIENTS,
}
"""How the names begin of files and directories in /etc, and whose they are."""

_TEMPLATE = (
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|<%[-=\s][^%\n]{0,200}%>|#\{\w{1,99}\}"
    r"|@[A-Z][A-Z0-9_]{1,99}@|%[A-Z][A-Z0-9_]{1,99}%"
)
"""What is to be filled in before a program can read a file."""
_COMMENT = ("#", ";")


class Neighbours:
    """What there is around one Postfix."""

    __slots__ = ("_config", "_files", "_names", "_read", "directory", "unread")

    def __init__(self, config: Configuration) -> None:
        self._config = config
        self.directory = None if config.fragment else directory_above(config)
        """What stands for /etc; None: the place of main.cf does not tell, and there are no neighbours."""
        self._names: frozenset[str] | None = None
        self._files: dict[str, EntryFile | None] = {}
        self._read: dict[str, object] = {}
        self.unread: dict[str, str] = {}
        """By path, why a file could not be read; those that are to be filled in first, too."""

    @property
    def names(self) -> frozenset[str]:
        """Who may be there: words of this module."""
        if self._names is None:
            self._names = frozenset(self._present())
        return self._names

    def _present(self) -> Iterator[str]:
        if self.directory is None:
            return
        try:
            names = os.listdir(self.directory)
        except OSError:
            return
        for name in names:
            for beginning, program in _BEGINNINGS.items():
                if name.startswith(beginning):
                    yield program

    @property
    def is_certain(self) -> bool:
        """Whether the files are plainly of one host: what holds them is called ``etc``.

        Other directories may hold what belongs to several containers.
        """
        return self.directory is not None and os.path.basename(os.path.realpath(self.directory)) == "etc"

    @property
    def files(self) -> tuple[EntryFile, ...]:
        """The files that were read up to now."""
        return tuple(file for file in self._files.values() if file is not None)

    @property
    def dovecot(self) -> Dovecot | None:
        from .dovecot import read_dovecot

        return self._once(DOVECOT, read_dovecot)

    @property
    def opendkim(self) -> OpenDkim | None:
        from .milter_programs import read_opendkim

        return self._once(OPENDKIM, read_opendkim)

    @property
    def opendmarc(self) -> OpenDmarc | None:
        from .milter_programs import read_opendmarc

        return self._once(OPENDMARC, read_opendmarc)

    @property
    def rspamd(self) -> Rspamd | None:
        from .rspamd import read_rspamd

        return self._once(RSPAMD, read_rspamd)

    @property
    def php(self) -> Php | None:
        from .php import read_php

        return self._once(PHP, read_php)

    @property
    def clients(self) -> tuple[Client, ...]:
        from .clients import read_clients

        return self._once(CLIENTS, read_clients) or ()

    def _once(self, name: str, read: Callable[[Neighbours], _Program | None]) -> _Program | None:
        if name not in self._read:
            self._read[name] = read(self) if name in self.names else None
        return self._read[name]  # type: ignore[return-value]

    # --- files ---------------------------------------------------------------------------------------------

    def paths(self, *patterns: str) -> list[str]:
        """The files that match one of the *patterns*, which begin in /etc, in order."""
        import glob

        if self.directory is None:
            return []
        above = glob.escape(self.directory)
        found = (path for pattern in patterns for path in sorted(glob.glob(os.path.join(above, pattern))))
        return [os.path.normpath(path) for path in found if os.path.isfile(path)]

    def first(self, *names: str) -> str | None:
        """The first of the files *names*, which begin in /etc, that is there."""
        return next(iter(self.paths(*names)), None)

    def named(self, name: str) -> str | None:
        """Where the file *name*, an absolute path, is, as it is shown; None: it is not here."""
        path = located(self._config, name)
        return os.path.normpath(path) if path is not None and os.path.isfile(path) else None

    def place(self, name: str) -> str | None:
        """Where the directory *name*, an absolute path, is or would be in /etc; None: it is not here."""
        path = located(self._config, name)
        return path if path is not None and (os.path.isdir(path) or name.startswith("/etc/")) else None

    def read(self, path: str, parse: Callable[[Source], EntryFile]) -> EntryFile | None:
        """The file at *path*; None: it cannot be read or understood, or a template is to fill it in."""
        from ..configuration import ConfigurationError, read_source

        if path not in self._files:
            self._files[path] = None
            try:
                source = read_source(path)
                if _is_template(source.text):
                    self.unread[path] = f"{path}: is a template that was not filled in"
                else:
                    self._files[path] = parse(source)
            except (ConfigurationError, ParseError) as error:
                self.unread[path] = str(error)
        return self._files[path]


def _is_template(text: str) -> bool:
    """Whether something is to be filled in somewhere else than in a comment."""
    template, at = re.compile(_TEMPLATE), 0
    while found := template.search(text, at):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if not line.lstrip().startswith(_COMMENT):
            return True
        at = text.find("\n", found.end())
        if at < 0:
            break
    return False


if TYPE_CHECKING:
    from typing import TypeVar

    _Program = TypeVar("_Program")
