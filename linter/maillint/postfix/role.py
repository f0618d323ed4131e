"""What part a host plays in the mail system, as far as its configuration tells.

Every question has three answers: True, False, and None for "the configuration does not say": a rule
keeps silent then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import Item, View

_NOWHERE = frozenset({"error", "retry", "discard"})
_LOCALHOSTS = frozenset(
    {"localhost", "localhost.localdomain", "localhost.localdomain6", "localhost4", "localhost6"}
)
_UNKNOWN_OWN = frozenset({"$myhostname", "localhost.$mydomain"})


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """True if one is True; else None if one is unknown; else False."""
    unknown = False
    for answer in answers:
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def has_relayhost(view: View) -> bool | None:
    """Whether mail for the rest of the world goes through another host of the administrator's choice.

    That is so with ``relayhost``, and with a next hop in ``default_transport``. By sender it may differ:
    None with ``sender_dependent_relayhost_maps`` and ``sender_dependent_default_transport_maps``.
    """
    relayhost, transport = view.value("relayhost").text, view.value("default_transport").text
    by_sender = ("sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps")
    return any_of(
        (
            None if relayhost is None else bool(relayhost),
            None if transport is None else ":" in transport and not _ends_nowhere(view, transport),
            *(None if view.value(name).text != "" else False for name in by_sender),
        )
    )


def _ends_nowhere(view: View, transport: str) -> bool:
    return _program(view, transport) in _NOWHERE


def _program(view: View, transport: str) -> str:
    """The program behind a transport: what master.cf says; without master.cf, the transport's own name."""
    name = transport.partition(":")[0]
    service = view.configuration.view(f"{name}/unix")
    return name if service is None else service.daemon or name


def receives_for_domains(view: View) -> bool | None:
    """Whether the host is a destination for domains that are more than its own name.

    Tables of addresses in ``virtual_alias_maps`` may hold domains: None, if nothing else tells.
    """
    answers = [_not_empty(view, "virtual_mailbox_domains")]
    # Its default is mydestination or nothing.
    answers.append(view.is_set("relay_domains") and _not_empty(view, "relay_domains"))
    answers.append(any_of(None if not item.known else True for item in foreign_destinations(view)))
    if view.is_set("virtual_alias_domains"):
        answers.append(_not_empty(view, "virtual_alias_domains"))
    else:
        answers.append(None if view.value("virtual_alias_maps").text != "" else False)
    return any_of(answers)


def _not_empty(view: View, name: str) -> bool | None:
    items = view.items(name)
    own = _own_names(view)
    return any_of(not _is_own(item, own) if item.known else None for item in items)


def foreign_destinations(view: View) -> list[Item]:
    """The items of ``mydestination`` that are neither localhost nor the host's own name, tables included.

    The default has none.
    """
    if not view.is_set("mydestination"):
        return []
    own = _own_names(view)
    return [item for item in view.items("mydestination") if not _is_own(item, own)]


def _is_own(item: Item, own: frozenset[str]) -> bool:
    if item.known:
        return item.text.lower() in own
    return item.location is not None and re.sub("[{()}]", "", item.location.text) in _UNKNOWN_OWN


def _own_names(view: View) -> frozenset[str]:
    """Names in lower case that mean this host and nothing else."""
    names = set(_LOCALHOSTS)
    host, domain = view.value("myhostname").text, view.value("mydomain").text
    if host is not None:
        names |= {host.lower(), host.lower().partition(".")[0]}
    if domain is not None:
        names.add(f"localhost.{domain.lower()}")
    return frozenset(names)
