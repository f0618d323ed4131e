"""Which servers take mail for recipients that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.listening import NETWORK, is_mail_exchange, reach

from ..restrictions._lists import lists_of_smtpd, smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_ASKING = frozenset(
    (
        "check_policy_service",
        "check_recipient_access",
        "check_recipient_maps",
        "reject",
        "reject_unverified_recipient",
    )
)
"""The words that may know better which recipients there are."""


def unasking_servers(config: Configuration) -> list[View]:
    """The servers for other mail servers, where none of them asks anybody else about recipients."""
    views = [view for view in smtpd_views(config) if is_mail_exchange(view) and reach(view) == NETWORK]
    return views if not any(map(_asks, views)) else []


def _asks(view: View) -> bool:
    """Whether something but the tables of recipients may refuse one."""
    if view.value("smtpd_proxy_filter").text != "" or view.boolean("smtpd_reject_unlisted_recipient") is None:
        return True
    lists = lists_of_smtpd(view)
    return lists is None or any(
        restriction.name in _ASKING or not restriction.certain
        for found in (*lists.lists.values(), *lists.classes.values())
        for restriction in found.restrictions
        if restriction.ended_by is None
    )
