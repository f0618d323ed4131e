"""What an access table that permits lets clients get past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.restrictions import access_lists

if TYPE_CHECKING:
    from .._tables import Named

_NO_CHECKS = frozenset({"permit", "permit_mynetworks", "permit_sasl_authenticated"})


def checks_behind(named: Named) -> bool:
    """Whether something that may refuse stands behind the table in its list; of classes it is taken to."""
    lists = access_lists(named.view)
    where = lists.lists.get(named.parameter)
    if where is None:
        return named.parameter in lists.classes
    behind = False
    for restriction in where.restrictions:
        if restriction.argument is not None and restriction.argument.start == named.item.start:
            behind = True
        elif behind and restriction.name not in _NO_CHECKS:
            return True
    return False
