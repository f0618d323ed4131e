"""What the right-hand side of an access table orders (check_table_result in smtpd/smtpd_check.c).

The first word is an action, in any case; else it is a reply code, a number that means OK, or the beginning of
a list of restrictions. Nothing is judged here.
"""

from __future__ import annotations

import re

from maillint.record import NamedTuple

from . import vocabulary
from .version import Version

PERMIT = "permit"
"""Ends the list: the client may go on."""
REJECT = "reject"
DEFER = "defer"
NOTHING = "nothing"
"""The list goes on, whatever else the action does to the message."""
DISCARD = "discard"
"""Ends all lists: the message is accepted and thrown away."""
HANGUP = "hangup"
DEFER_IF_PERMIT = "defer_if_permit"
DEFER_IF_REJECT = "defer_if_reject"
RESTRICTIONS = "restrictions"
"""A list of restrictions and classes, read like any other."""

_EFFECTS = {
    "DUNNO": NOTHING,
    "REJECT": REJECT,
    "DEFER": DEFER,
    "HANGUP": HANGUP,
    "INFO": NOTHING,
    "WARN": NOTHING,
    "FILTER": NOTHING,
    "HOLD": NOTHING,
    "DISCARD": DISCARD,
    "REDIRECT": NOTHING,
    "BCC": NOTHING,
    "DEFER_IF_PERMIT": DEFER_IF_PERMIT,
    "DEFER_IF_REJECT": DEFER_IF_REJECT,
    "PREPEND": NOTHING,
    "OK": PERMIT,
    "RELAY": PERMIT,
}
_SPACE = " \t\n\v\f\r"
_SEPARATORS = ", \t\r\n"
_REPLY = re.compile(r"[45][0-9][0-9]")
_HEADER = re.compile(r"[!-9;-~]+[ \t]*:")

NEVER_PERMITS = frozenset(
    f"check_{who}_{what}_access"
    for who in ("client", "reverse_client_hostname", "helo", "sender", "recipient")
    for what in ("ns", "mx", "a")
) | {"check_reverse_client_hostname_access"}
"""The restrictions that refuse a result which permits (forbid_allowlist): what they look up is in the hands
of strangers."""

_WHOLE_MESSAGE = frozenset({"FILTER", "HOLD", "DISCARD", "REDIRECT", "BCC"})
"""Actions that cleanup(8) carries out."""


class AccessResult(NamedTuple):
    """A result of a look-up, taken apart."""

    effect: str
    """One of the constants of this module."""
    action: str
    """In upper case; empty for a reply code, a number, or restrictions."""
    text: str
    """What follows the action or the code; all of it, for restrictions and for a number that permits."""


def access_result(value: str, version: Version) -> AccessResult:
    """Read *value*, what a table holds for a key, as *version* does."""
    word = re.split("[ \t]", value, maxsplit=1)[0]
    text = value[len(word) :].lstrip(_SPACE)
    action = word.upper()
    known = vocabulary.actions("access").get(action)
    if action in _EFFECTS and (known is None or known.since.within(version)):
        return AccessResult(_EFFECTS[action], action, text)
    if (value.isascii() and value.isdigit()) or not value.strip(_SEPARATORS):
        return AccessResult(PERMIT, "", value.strip(_SEPARATORS))
    if _REPLY.fullmatch(word) and text:
        return AccessResult(REJECT if word[0] == "5" else DEFER, "", text)
    return AccessResult(RESTRICTIONS, "", value)


class Problem(NamedTuple):
    """What smtpd does not like about a result."""

    said: str
    """What it says, in its words, without the name of the table."""
    refuses: bool
    """True: it answers ``451 4.3.5 Server configuration error``. False: it leaves the action out."""


def result_problem(result: AccessResult, key: str) -> Problem | None:
    """What is wrong with a result wherever it is used; words that are no restrictions apart."""
    action, text = result.action, result.text
    entry = f'entry "{key}"'
    if result.effect == PERMIT and not action and not text:
        return Problem(f"entry {key} has empty value", False)
    if action == "FILTER":
        if not text:
            return Problem(f"{entry} has FILTER entry without value", False)
        return None if ":" in text else Problem(f"{entry} requires transport:destination", False)
    if action in ("REDIRECT", "BCC"):
        return None if "@" in text else Problem(f"{entry} requires user@domain target", False)
    if action == "PREPEND":
        return None if _HEADER.match(text) else Problem(f"{entry} requires header: text", False)
    if result.effect == RESTRICTIONS and ":" in text:
        return Problem(f"has entry with lookup table: {text}", True)
    return None


def forbids(restriction: str, result: AccessResult) -> bool:
    """Whether *restriction* answers 451 because the result permits (discarding is allowed)."""
    return restriction in NEVER_PERMITS and result.effect == PERMIT


def skipped_because(result: AccessResult, parameter: str, *, delayed: bool, proxied: bool) -> str:
    """Why the action is left out in a list, in smtpd's words; empty: it is not.

    *parameter*: of the list; *delayed*: ``smtpd_delay_reject``; *proxied*: ``smtpd_proxy_filter`` is set.
    """
    action = result.action
    if action in _WHOLE_MESSAGE and proxied:
        return f"with smtpd_proxy_filter specified, action {action} is unavailable"
    if action in _WHOLE_MESSAGE and parameter == "smtpd_etrn_restrictions":
        return f"action {action} is unavailable in smtpd_etrn_restrictions"
    early = parameter in ("smtpd_client_restrictions", "smtpd_helo_restrictions") and not delayed
    if early and (action in _WHOLE_MESSAGE or action == "PREPEND"):
        when = "with smtpd_delay_reject=no"
        return f"{when}, action {action} is always skipped in Client host or Helo command restrictions"
    if action == "PREPEND" and parameter == "smtpd_end_of_data_restrictions":
        return "action PREPEND must be used before smtpd_end_of_data_restrictions"
    return ""
