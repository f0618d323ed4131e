"""The settings of a configuration, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting


def namespaces(config: Configuration) -> Iterator[tuple[Setting, ...]]:
    """The settings of main.cf, then the ``-o`` of each service: in each, the last of a name is in force."""
    if config.main is not None:
        yield config.main.settings
    for service in config.services:
        yield service.options


def settings(config: Configuration) -> Iterator[Setting]:
    """Every setting: those of main.cf, then each ``-o`` of master.cf."""
    for namespace in namespaces(config):
        yield from namespace


def settings_in_force(config: Configuration) -> Iterator[Setting]:
    """The settings that no later one of the same name replaces."""
    for namespace in namespaces(config):
        yield from {setting.name: setting for setting in namespace}.values()


def services_of(setting: Setting) -> tuple[str, ...]:
    """The id of the service whose ``-o`` the setting is; nothing for one of main.cf."""
    return (setting.service.id,) if setting.service is not None else ()
