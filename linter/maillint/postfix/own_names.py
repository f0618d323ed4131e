"""The names that mean the host itself, and what ``mydestination`` has beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import Item, View

_LOCALHOSTS = frozenset(
    {"localhost", "localhost.localdomain", "localhost.localdomain6", "localhost4", "localhost6"}
)
_UNKNOWN_OWN = frozenset({"$myhostname", "localhost.$mydomain"})


def own_names(view: View) -> frozenset[str]:
    """Names in lower case that mean this host and nothing else."""
    names = set(_LOCALHOSTS)
    host, domain = view.value("myhostname").text, view.value("mydomain").text
    if host is not None:
        names |= {host.lower(), host.lower().partition(".")[0]}
    if domain is not None:
        names.add(f"localhost.{domain.lower()}")
    return frozenset(names)


def is_own_unknown(item: Item) -> bool:
    """Whether an item of a list is a name of this host that only the host knows."""
    return not item.known and (
        item.location is None or re.sub("[{()}]", "", item.location.text) in _UNKNOWN_OWN
    )


def foreign_destinations(view: View) -> list[Item]:
    """The items of ``mydestination`` that are neither localhost nor the host's own name, tables included.

    The default has none.
    """
    if not view.is_set("mydestination"):
        return []
    own = own_names(view)
    return [
        item
        for item in view.items("mydestination")
        if (item.text.lower() not in own if item.known else not is_own_unknown(item))
    ]
