"""What the SigningTable of OpenDKIM can match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.neighbours.milter_programs import FILE

if TYPE_CHECKING:
    from maillint.postfix.neighbours.milter_programs import OpenDkim
    from maillint.syntax.entries import Entry


def patterns_never_matched(opendkim: OpenDkim) -> list[Entry]:
    """The lines of a plain file that are written as patterns, such as ``*@example.com``.

    Only ``refile:`` has patterns; ``user@*`` and ``*`` mean something in a plain file, too.
    """
    table = opendkim.set_of("signingtable") if opendkim.uses_tables else None
    if table is None or table.kind != FILE or table.entries is None:
        return []
    return [
        entry
        for entry in table.entries
        if "*" in entry.name and entry.name != "*" and not entry.name.endswith("@*")
    ]


def is_plain_with_patterns(opendkim: OpenDkim) -> bool:
    """Whether rule signing-table-without-refile speaks."""
    return bool(patterns_never_matched(opendkim))
