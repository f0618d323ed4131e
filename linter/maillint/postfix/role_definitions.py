"""How the roles of a host follow from the facts. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .evidence import Answer, all_of, any_of, known, no
from .role import (
    BACKUP_MX,
    GATEWAY,
    LAN_HUB,
    LIST_SERVER,
    MX,
    NULL_CLIENT,
    SATELLITE,
    SEND_ONLY,
    SUBMISSION,
    VIRTUAL_HOSTING,
)
from .role_facts import Facts, facts_of

if TYPE_CHECKING:
    from .configuration import Configuration


def _hosts_for_others(facts: Facts) -> Answer:
    return any_of(facts.mailbox_domains, facts.alias_domains, facts.relay_domains)


def _serves_itself(facts: Facts) -> Answer:
    """No other host and no user has anything to do with it."""
    if facts.unreachable.holds:
        return all_of(facts.unreachable, no(any_of(_hosts_for_others(facts), facts.has_logins)))
    domains = any_of(_hosts_for_others(facts), facts.local_domains, facts.domains_among_aliases)
    alone = all_of(no(domains), no(facts.trusts_others), no(facts.has_logins))
    if alone.holds:
        return known(True, "it has no domain but its own name, no users who log in, and trusts itself alone")
    return alone


def _null_client(facts: Facts) -> Answer:
    return all_of(facts.leaves_through_relay, no(facts.keeps_mail), _serves_itself(facts))


def _satellite(facts: Facts) -> Answer:
    return all_of(facts.leaves_through_relay, facts.keeps_mail, _serves_itself(facts))


def _send_only(facts: Facts) -> Answer:
    return all_of(facts.unreachable, facts.sends, no(any_of(_hosts_for_others(facts), facts.has_logins)))


def _mx(facts: Facts) -> Answer:
    domains = any_of(
        facts.mailbox_domains, facts.alias_domains, facts.domains_among_aliases, facts.relay_domains
    )
    if not domains.holds:
        domains = any_of(domains, facts.local_domains)
        if domains.holds and facts.leaves_through_relay.holds:
            domains = known(
                None, "its mail leaves through a relay, where the mail for its domain may come in"
            )
    if domains.holds is False:
        domains = facts.own_name
    return all_of(facts.is_exchange, facts.admits_strangers, domains)


def _gateway(facts: Facts) -> Answer:
    return all_of(facts.is_exchange, facts.admits_strangers, facts.forwards_inside)


def _backup_mx(facts: Facts) -> Answer:
    passed_on = any_of(facts.forwards_by_mx, facts.permits_mx_backup)
    return all_of(facts.is_exchange, facts.admits_strangers, passed_on)


def _virtual_hosting(facts: Facts) -> Answer:
    return any_of(facts.mailbox_domains, facts.alias_domains, facts.domains_among_aliases)


def _list_server(facts: Facts) -> Answer:
    return all_of(no(facts.unreachable), facts.has_lists)


def _submission(facts: Facts) -> Answer:
    return facts.has_logins


def _lan_hub(facts: Facts) -> Answer:
    return all_of(no(facts.unreachable), facts.trusts_others, facts.permits_networks)


_ROLES: dict[str, Callable[[Facts], Answer]] = {
    NULL_CLIENT: _null_client,
    SEND_ONLY: _send_only,
    SATELLITE: _satellite,
    GATEWAY: _gateway,
    MX: _mx,
    BACKUP_MX: _backup_mx,
    VIRTUAL_HOSTING: _virtual_hosting,
    LIST_SERVER: _list_server,
    SUBMISSION: _submission,
    LAN_HUB: _lan_hub,
}


def role_answer(config: Configuration, name: str) -> Answer:
    """Whether the settings of *config* show the role *name*, and why."""
    return _ROLES[name](facts_of(config))
