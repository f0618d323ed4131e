"""Numbers and times that are far from sane, and pairs of them in the wrong order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.listening import NETWORK, is_for_submission, is_mail_exchange, reach
from maillint.postfix.master import process_limit
from maillint.postfix.typed import SECONDS, refusal, value_of
from maillint.record import NamedTuple

from .._chain import set_here
from .._programs import readers
from .._told import told
from .._values import known_values
from ..values._time import meant_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.engine.finding import Related
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location

    from .._values import Judged

HOPS = "hopcount_limit"
SIZE = "message_size_limit"
LIFETIME, BOUNCE_LIFETIME = "maximal_queue_lifetime", "bounce_queue_lifetime"
SHORTEST_BACKOFF, LONGEST_BACKOFF = "minimal_backoff_time", "maximal_backoff_time"
RUN_DELAY = "queue_run_delay"
RECIPIENTS, ACTIVE = "qmgr_message_recipient_limit", "qmgr_message_active_limit"
CONCURRENCY, DEFAULT_CONCURRENCY = (
    "smtp_destination_concurrency_limit",
    "default_destination_concurrency_limit",
)
MAILBOXES = ("mailbox_size_limit", "virtual_mailbox_limit")
COUNT, PROCESSES = "smtpd_client_connection_count_limit", "default_process_limit"
HARD_ERRORS, ERROR_SLEEP = "smtpd_hard_error_limit", "smtpd_error_sleep_time"


class Range(NamedTuple):
    """What is sane."""

    least: int | None = None
    most: int | None = None
    zero_is_endless: bool = False


SANE = {
    HOPS: Range(least=30),
    SIZE: Range(least=1),
    LIFETIME: Range(least=4 * SECONDS["h"], most=14 * SECONDS["d"]),
    CONCURRENCY: Range(most=50, zero_is_endless=True),
    DEFAULT_CONCURRENCY: Range(most=50, zero_is_endless=True),
    HARD_ERRORS: Range(most=100),
    ERROR_SLEEP: Range(least=1),
}
"""Numbers, and times in seconds."""

ORDERED = (
    (SHORTEST_BACKOFF, LONGEST_BACKOFF),
    (RUN_DELAY, SHORTEST_BACKOFF),
    (BOUNCE_LIFETIME, LIFETIME),
    (ACTIVE, RECIPIENTS),
)
"""Parameters of the queue manager, of which the first must not be more than the second."""


class Limit(NamedTuple):
    """A number that is set, or a time in seconds."""

    judged: Judged
    value: int


def insane(config: Configuration, *names: str) -> Iterator[Limit]:
    """The values of *names*, of :data:`SANE`, that Postfix takes and that are not in their range."""
    for judged in known_values(config, *names):
        value = _value(judged.view, judged.parameter.name)
        if value is None or readers(judged) is None:
            continue
        least, most, zero_is_endless = SANE[judged.parameter.name]
        too_low = least is not None and value < least
        too_high = most is not None and (value > most or (zero_is_endless and value == 0))
        if too_low or too_high:
            yield Limit(judged, value)


class Disorder(NamedTuple):
    """Two parameters in the wrong order."""

    less: str
    """The name of the one that must not be more."""
    more: str
    least: int
    """The value of :attr:`less`: a number, or seconds."""
    most: int
    parameter: str
    """The one that is set; :attr:`less` if both are."""
    location: Location
    related: tuple[Related, ...]


def disordered(view: View, less: str, more: str) -> Disorder | None:
    """Where *less* is more than *more*, one of :data:`ORDERED`; None: it is not, or that is not known."""
    least, most = _value(view, less), _value(view, more)
    if least is None or most is None or least <= most:
        return None
    values = {name: value for name in (less, more) if (value := view.value(name)).setting is not None}
    if not values or any(map(told, values.values())):
        return None
    parameter = next(iter(values))
    location = values[parameter].location()
    if location is None:
        return None
    settings = [setting for value in values.values() for setting in value.chain]
    return Disorder(less, more, least, most, parameter, location, set_here(settings, but=location))


def holds_no_message(view: View, limit: str) -> bool:
    """Whether *limit*, of a mailbox, is less than that of a message; False, too, where it is not known."""
    mailbox, message = value_of(view, limit), value_of(view, SIZE)
    return bool(mailbox and message is not None and mailbox > 0 and not 0 < message <= mailbox)


class Crowded(NamedTuple):
    """An SMTP server of which one client may take all processes."""

    view: View
    processes: int
    connections: int
    """How many one client may hold."""


def crowded(config: Configuration) -> Iterator[Crowded]:
    """The SMTP servers for others of which one client may take all processes."""
    for view in config.views:
        if view.service is None or view.daemon != "smtpd" or view.service.type != "inet":
            continue
        if not (view.is_set(COUNT) or PROCESSES in config.settings) or reach(view) != NETWORK:
            continue
        if not (is_mail_exchange(view) or is_for_submission(view)):
            continue
        processes, connections = process_limit(config, view.service), _value(view, COUNT)
        if processes and connections and processes <= connections and not told(view.value(COUNT)):
            yield Crowded(view, processes, connections)


def _value(view: View, name: str) -> int | None:
    """The number or the seconds; None: unknown, or Postfix refuses it, or has no such parameter."""
    config = view.configuration
    parameter, text = config.parameter(name), view.value(name).text
    if parameter is None or text is None or refusal(parameter, text, config.version) is not None:
        return None
    value = value_of(view, name)
    if parameter.type_in(config.version) == "time" and meant_seconds(text, parameter.unit) != value:
        return None  # Rule ignored-time-suffix speaks of it.
    return value


def noted(config: Configuration) -> frozenset[str]:
    """The parameters with values that are not sane, and the first of each pair in the wrong order.

    One of MAILBOXES stands for one that holds no message, and COUNT for a client that may take all processes.
    """
    words = {limit.judged.parameter.name for limit in insane(config, *SANE)}
    if next(crowded(config), None) is not None:
        words.add(COUNT)
    for view in config.views:
        if view.service is not None and not view.options:
            continue  # It sees what is in main.cf.
        words.update(limit for limit in MAILBOXES if holds_no_message(view, limit))
        words.update(less for less, more in ORDERED if disordered(view, less, more) is not None)
    return frozenset(words)
