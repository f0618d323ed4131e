"""The SMTP servers of master.cf by their ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.master import active_services, port_number

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

WRAPPERMODE = "smtpd_tls_wrappermode"
PROXY = "smtpd_upstream_proxy_protocol"


def servers_on(config: Configuration, *ports: int) -> Iterator[View]:
    """The views of the smtpd services that listen on one of *ports*."""
    for service in active_services(config):
        view = config.view(service.id)
        if view is None or service.type != "inet" or service.command != "smtpd":
            continue
        if port_number(config, service) in ports:
            yield view
