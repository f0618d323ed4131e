"""Names that a script replaces, in forms that main.cf itself does not have.

A parameter's name is in small letters, so ``${MAIL_HOST}`` is none of Postfix's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tags import OUTPUT, Tag

FORM = re.compile(
    r"\$\{[A-Z_][A-Z0-9_]*(?::?[-=?+][^{}\n]*)?\}|\$[A-Z_][A-Z0-9_]*"  # envsubst and the shell
    r"|@@?[A-Za-z_][A-Za-z0-9_.]*@@?"  # Autoconf and the like
    r"|%[a-z][a-z0-9]*(?:_[a-z0-9]+)*"  # Python's
    r"|%%[A-Za-z_][A-Za-z0-9_]*%%|%[A-Z_][A-Z0-9_]*%"
    r"|<[A-Z_][A-Z0-9_-]*>|__[A-Z0-9]+(?:_[A-Z0-9]+)*__"  # Froxlor; YunoHost
    r"|(?<!\$)\{[a-z]+(?:_[a-z]+)+\}"  # ISPConfig
)


def scan(text: str) -> Iterator[Tag]:
    """The placeholders in *text*, in order."""
    return (Tag(*found.span(), OUTPUT) for found in FORM.finditer(text))
