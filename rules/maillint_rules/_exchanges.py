"""The settings that the SMTP servers use to which other mail servers deliver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.listening import LOOPBACK, NOBODY, mail_exchanges, reach

from ._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


def public_exchanges(config: Configuration) -> Iterator[View]:
    """The views of these servers, as far as other hosts may reach them."""
    for view in mail_exchanges(config):
        if reach(view) not in (LOOPBACK, NOBODY):
            yield view


def exchange_settings(config: Configuration, *names: str) -> Iterator[tuple[View, Setting]]:
    """The setting of *names* that is in force in each of the views, where no rule about syntax spoke of it.

    Of several names the first that is set and not empty.
    """
    for view in public_exchanges(config):
        for name in names:
            value = view.value(name)
            if value.setting is not None and value.text:
                if not told(value):
                    yield view, value.setting
                break
