"""Which services get messages with more than one recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix import typed
from maillint.postfix.references import TRANSPORT, services_named

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service, Setting

FOR_ONE_RECIPIENT = frozenset("DO")
"""The flags of pipe(8), smtp(8) and lmtp(8) that name the recipient."""
_ONE_BY_ONE = ("mailbox_transport", "fallback_transport")
"""What local(8) hands on, it hands on for one recipient at a time."""


def used_for_delivery(config: Configuration) -> dict[str, Setting]:
    """The services that main.cf or a ``-o`` delivers mail by, and where it says so."""
    return {
        used.name: used.value.setting
        for used in services_named(config)
        if used.kind == TRANSPORT and used.value.setting is not None and used.parameter not in _ONE_BY_ONE
    }


def limit_of(service: Service) -> str:
    """The parameter that limits the recipients of a message for the service."""
    return f"{service.name}_destination_recipient_limit"


def takes_many(config: Configuration, service: Service) -> bool:
    """Whether the service is known to get messages with more than one recipient."""
    return typed.value_of(config.main_view, limit_of(service)) not in (1, None)
