"""The settings that the SMTP servers use to which other mail servers deliver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.listening import LOOPBACK, NOBODY, is_send_only, mail_exchanges, reach
from maillint.postfix.tls import ENCRYPT, NONE, server_level

from ._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

MANDATORY = "mandatory"
"""Some server requires TLS."""
PLAIN = "plain"
"""Some server has no TLS."""
ASKS = "asks"
"""Some server asks for a certificate."""
HIGH = "high"
"""Some server has high ciphers only."""
LOGIN = "login"
"""Some server offers a login."""

ALONE = "alone"
"""No other host can connect to any server."""

LEVEL = "smtpd_tls_security_level"
ASK = "smtpd_tls_ask_ccert"
CIPHERS = "smtpd_tls_ciphers"
SASL = "smtpd_sasl_auth_enable"


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    words: set[str] = {ALONE} if is_send_only(config) else set()
    for view in public_exchanges(config):
        level = server_level(view)
        words.update((MANDATORY,) if level == ENCRYPT else (PLAIN,) if level == NONE else ())
        words.update((ASKS,) if view.boolean(ASK) else ())
        words.update((HIGH,) if (view.value(CIPHERS).text or "").lower() == "high" else ())
        words.update((LOGIN,) if view.boolean(SASL) else ())
    return frozenset(words)


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
