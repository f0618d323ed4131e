"""The defaults that stay as they were in older versions because of the compatibility level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix import catalogue
from maillint.postfix.version import Version, implied_by_compatibility_level
from maillint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration

LEVEL = "compatibility_level"
FIRST_LEVELLED = Version("3.0")
"""The first release with compatibility levels."""
DOTTED = Version("3.6")
"""The first release whose levels have the form of a version."""
CHROOT = "chroot"
"""Stands among the parameters for the fifth field of master.cf, whose ``-`` depends on the level, too."""

_REFERENCE = f"${LEVEL}"
_LAST_WHOLE_LEVEL = "2"
_SHOWN = 24

GATED: dict[str, tuple[str, ...]] = {
    "append_dot_mydomain": (),
    "mynetworks_style": (),
    "relay_domains": (),
    "smtp_tls_fingerprint_digest": ("smtp_tls_policy_maps", "smtp_tls_fingerprint_cert_match"),
    "lmtp_tls_fingerprint_digest": ("lmtp_tls_policy_maps", "lmtp_tls_fingerprint_cert_match"),
    "smtp_tls_security_level": (),
    "smtpd_relay_before_recipient_restrictions": ("smtpd_relay_restrictions",),
    "smtpd_relay_restrictions": (),
    "smtpd_tls_fingerprint_digest": ("relay_clientcerts",),
    "smtputf8_enable": (),
}
"""The parameters whose default depends on the level, and those of which one must be set to make it matter."""

_MADE_UP_FOR = {
    "mynetworks_style": ("mynetworks",),
    "smtp_tls_security_level": ("smtp_use_tls", "smtp_enforce_tls"),
}
"""Settings with which the default does not matter."""

OLD = "old"
"""Some default stays as it was in older versions."""
TOLD = "told"
"""The version is told."""


class OldDefault(NamedTuple):
    """A default that the compatibility level keeps as it was."""

    name: str
    old: str
    """The value in force; ``…`` stands for what is not known."""
    new: str
    """What the default would be with the newest level."""

    def __str__(self) -> str:
        if not self.old:
            return f"an empty `{self.name}`"
        return f"`{self.name} = {self.old}`" if len(self.old) <= _SHOWN else f"that of `{self.name}`"


def newest_level(config: Configuration) -> str:
    """The highest level that makes sense for the version that is meant.

    Where none is told, the one that every version with levels has.
    """
    if not config.version_given or not config.version.has(DOTTED):
        return _LAST_WHOLE_LEVEL
    return ".".join(map(str, config.version.series))


def old_defaults(config: Configuration) -> list[OldDefault]:
    """The defaults that the level of *config* keeps as they were, where they have an effect."""
    level = config.main_view.value(LEVEL).text
    if level is None or implied_by_compatibility_level(level) is None:
        return []
    newest = newest_level(config)
    if numbers(level) >= numbers(newest):
        return []
    found = [
        OldDefault(name, old, new)
        for name in GATED
        if _matters(config, name)
        and (old := _default(config, name, level)) != (new := _default(config, name, newest))
    ]
    if numbers(level) < (1,) and any(service.fields[4].text == "-" for service in config.services):
        found.append(OldDefault(CHROOT, "y", "n"))
    return found


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about defaults: the words of this module."""
    return frozenset({OLD} if old_defaults(config) else ()).union({TOLD} if config.version_given else ())


def numbers(level: str) -> tuple[int, ...]:
    """A level, which must be well-formed, in a form that can be compared."""
    return tuple(map(int, level.strip().split(".")))


def _default(config: Configuration, name: str, level: str) -> str:
    text = catalogue.default(name, config.version) or ""
    return config.main_view.expand(text.replace(_REFERENCE, level)).text if _REFERENCE in text else ""


def _matters(config: Configuration, name: str) -> bool:
    main = config.settings
    if name in main or any(other in main for other in _MADE_UP_FOR.get(name, ())):
        return False
    needed = GATED[name]
    if needed and not any(other in main for other in needed):
        return False
    if config.master is None:
        return True
    readers = _users(name)
    return any(view.daemon in readers and not view.is_set(name) for view in config.views)


def _users(name: str) -> frozenset[str]:
    """The programs in which the default shows: of what all of them read, the SMTP server."""
    parameter = catalogue.parameter(name)
    assert parameter is not None
    return frozenset({"smtpd"}) if "*" in parameter.read_by else parameter.read_by


def named(names: Iterator[str] | list[str]) -> str:
    """Words in a row, with "and" before the last."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
