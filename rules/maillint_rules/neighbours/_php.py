"""The sender that PHP's mail() gives to mail, and what this host would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.php import Call
    from maillint.syntax.source import Location

_SENDMAIL = "sendmail"


class Given(NamedTuple):
    """A sender that PHP hands to Postfix."""

    call: Call
    address: str
    location: Location


def calls(config: Configuration) -> list[Call]:
    """The settings of PHP by which mail goes to the sendmail of this Postfix."""
    php = config.neighbours.php
    return [
        call
        for call in (php.calls if php is not None else ())
        if not call.is_command or call.program == _SENDMAIL
    ]


def given(config: Configuration) -> Iterator[Given]:
    """The senders that PHP is told."""
    for call in calls(config):
        sender = call.sender
        if sender is not None and "%" not in sender[0]:
            yield Given(call, *sender)
