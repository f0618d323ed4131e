"""What a host is called, and who gets to hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, INFO, MEDIUM
from maillint.postfix.sender import DIRECT, NOWHERE, RELAY, UNKNOWN, default_route
from maillint.record import NamedTuple

from .._domains import is_good_name

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


class Weight(NamedTuple):
    """How much it matters that a host introduces itself by a bad name."""

    severity: str | None
    """None: as much as the rule says."""
    confidence: str
    because: str
    """Why it matters less, as the end of a sentence; empty when it does not."""
    setting: Setting | None = None
    """The setting that makes it matter less."""


def weight_of_name(config: Configuration) -> Weight:
    """How much a bad ``myhostname`` of a host that sends mail matters.

    Only one that delivers itself shows it to strangers.
    """
    route = default_route(config)
    client = smtp_client(config)
    helo = client.setting("smtp_helo_name")
    if route.kind == RELAY:
        return Weight(INFO, HIGH, f"only the relay `{route.nexthop}` is told this name", route.setting)
    if helo is not None and is_good_name(client.value("smtp_helo_name").text or ""):
        return Weight(INFO, HIGH, "mail servers are told the name in `smtp_helo_name`", helo)
    return Weight(None, MEDIUM if route.kind == UNKNOWN else HIGH, "", route.setting)


def delivers_directly(config: Configuration) -> bool:
    """Whether it is certain that the receivers' mail servers see this host itself."""
    return default_route(config).kind == DIRECT


def keeps_to_itself(config: Configuration) -> bool:
    """Whether it is certain that no mail leaves this host."""
    return default_route(config).kind == NOWHERE


def smtp_client(config: Configuration) -> View:
    """What the client of the service ``smtp`` sees, which delivers to the Internet by default."""
    return config.view("smtp/unix") or config.main_view


def is_default_client(view: View) -> bool:
    """Whether the service delivers mail that no table sends elsewhere."""
    main = view.configuration.main_view
    transports = (main.value(name).text or "" for name in ("default_transport", "relay_transport"))
    return view.service is not None and view.service.name in {text.partition(":")[0] for text in transports}
