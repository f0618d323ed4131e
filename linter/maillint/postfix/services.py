"""Which services of a configuration do a job: the views that count for it.

Where there is no master.cf, or none of its entries fits, main.cf alone tells what a program sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import Configuration, View

_USUAL = {"smtp": "smtp", "relay": "smtp", "lmtp": "lmtp"}
"""The programs behind the transports of a stock master.cf."""


def views_of(config: Configuration, *programs: str) -> list[View]:
    """The views of the services that run one of *programs*; that of main.cf where master.cf is not known."""
    if config.master is None:
        return [config.main_view]
    return [view for view in config.views if view.daemon in programs]


def service_view(config: Configuration, name: str | None, program: str) -> View:
    """What *program* sees as the internal service *name*."""
    view = config.view(f"{name}/unix")
    return view if view is not None and view.daemon == program else config.main_view


def rewriting_view(view: View) -> View:
    """What the trivial-rewrite(8) sees that the program of *view* asks about addresses."""
    return service_view(view.configuration, view.value("rewrite_service_name").text, "trivial-rewrite")


def cleanup_view(taker: View) -> View:
    """What the cleanup(8) sees that gets the mail of *taker*."""
    return service_view(taker.configuration, taker.value("cleanup_service_name").text, "cleanup")


def pickup_view(config: Configuration) -> View:
    """What pickup(8) sees, which takes mail from programs on this host."""
    return next((view for view in config.views if view.daemon == "pickup"), config.main_view)


def program_of(config: Configuration, transport: str) -> str | None:
    """The program that delivers as the service *transport*; None: it is not known."""
    if config.master is None:
        return _USUAL.get(transport)
    view = config.view(f"{transport}/unix")
    return view.daemon if view is not None else None


def delivering_program(config: Configuration, transport: str) -> str:
    """The same, by its name where it is not known."""
    return program_of(config, transport) or _USUAL.get(transport, transport)
