"""Mail that goes through a content filter and comes back (FILTER_README, "Advanced content filter")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.addresses import is_loopback
from maillint.postfix.endpoints import destinations, transport
from maillint.postfix.host_port import host_port
from maillint.postfix.listening import LOOPBACK, is_for_submission, is_mail_exchange, listeners
from maillint.postfix.services import program_of
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration, Value, View
    from maillint.syntax.tree import Service

MODULE = "maillint_rules.delivery._filters"

LOOPS = "loops"
"""What comes back from the filter goes there again."""
MAPPED_TWICE = "mapped-twice"
"""Addresses are mapped before the filter and behind it."""

FILTER = "content_filter"
OVERRIDES = "receive_override_options"
NO_MAPPINGS = "no_address_mappings"
COPIES = ("always_bcc", "sender_bcc_maps", "recipient_bcc_maps")
MAPPINGS = (*COPIES, "virtual_alias_maps")
"""The parameters that count, or not, with the mappings of addresses."""


class Filtering(NamedTuple):
    """A filter that mail of all kinds goes through, on this host."""

    value: Value
    """Of ``content_filter`` in main.cf."""
    port: str
    """Where the filter listens."""
    returns: tuple[View, ...]
    """The smtpd services that only programs on this host reach, at ports of their own."""

    def comes_back_at(self, view: View) -> bool:
        """Whether the service *view* surely takes mail back: it sends it to no filter."""
        return view in self.returns and view.value(FILTER).text == ""


def filtering(config: Configuration) -> Filtering | None:
    """The filter of *config*; None: there is none, or it is not known, or on another host."""
    value = config.main_view.value(FILTER)
    if not value.text or told(value) or config.master is None:
        return None
    named = transport(value.text)
    nexthop = named.nexthop.removeprefix("inet:")
    servers = destinations(nexthop, config.version)
    if program_of(config, named.name) not in ("smtp", "lmtp") or len(servers) != 1:
        return None
    parts = host_port(servers[0].text, None, "smtp")
    if parts.error or not (parts.host == "localhost" or is_loopback(parts.host)):
        return None
    return Filtering(value, parts.port, tuple(_returns(config, parts.port)))


def _returns(config: Configuration, port: str) -> Iterator[View]:
    for listener in listeners(config):
        view = listener.view
        if view.daemon != "smtpd" or listener.by_interfaces or listener.reach != LOOPBACK:
            continue
        assert view.service is not None
        is_own = view.service.name.rpartition(":")[2] == port
        if not (is_own or is_for_submission(view) or is_mail_exchange(view)):
            yield view


def looping_return(found: Filtering) -> Service | None:
    """The service that takes mail back and sends it to the filter again; None: there is none for sure."""
    if len(found.returns) != 1:
        return None
    view = found.returns[0]
    service = view.service
    return None if service is None or FILTER in view.overrides or service.malformed_options else service


def mapped_twice(config: Configuration, found: Filtering) -> list[tuple[str, Value, Service]]:
    """The parameters of :data:`MAPPINGS` that count twice, their values, and where mail comes back."""
    back = [view for view in found.returns if found.comes_back_at(view)]
    if len(back) != 1 or back[0].service is None or _may_skip_mappings(back[0]):
        return []
    front = [view for view in config.views if view.daemon in ("smtpd", "pickup") and view not in back]
    if not front or any(map(_may_skip_mappings, front)):
        return []
    return [
        (name, value, back[0].service)
        for name in MAPPINGS
        for value in [config.main_view.value(name)]
        if value.setting is not None and value.text and not told(value)
        if all(_maps(view, name) for view in (*front, *back))
    ]


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    found = filtering(config)
    words = set()
    if found is not None and looping_return(found) is not None:
        words.add(LOOPS)
    if found is not None and mapped_twice(config, found):
        words.add(MAPPED_TWICE)
    return frozenset(words)


def _may_skip_mappings(view: View) -> bool:
    value = view.value(OVERRIDES)
    return value.text is None or NO_MAPPINGS in value.text.lower()


def _maps(view: View, name: str) -> bool:
    """Whether the cleanup(8) that gets the mail of *view* has a value for the parameter *name*."""
    cleanup = view.configuration.view(f"{view.value('cleanup_service_name').text}/unix")
    return cleanup is not None and bool(cleanup.value(name).text)
