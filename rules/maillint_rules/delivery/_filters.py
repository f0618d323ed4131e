"""Mail that goes through a content filter and comes back (FILTER_README, "Advanced content filter")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from maillint.postfix.endpoints import destinations, transport
from maillint.postfix.host_port import host_port
from maillint.postfix.listening import LOOPBACK, is_for_submission, is_mail_exchange, listeners

from .._told import told
from ._nexthops import program_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration, Value, View

FILTER = "content_filter"
OVERRIDES = "receive_override_options"


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
    if parts.error or not (parts.host == "localhost" or parts.host == "::1" or parts.host.startswith("127.")):
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
