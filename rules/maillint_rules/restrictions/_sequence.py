"""The order of restrictions, whom they are for, and the policy servers that they ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, reach
from maillint.postfix.restrictions import BUILT_IN, TABLE, WARN_IF_REJECT
from maillint.record import NamedTuple

from .._told import told
from .._uses import may_stand_elsewhere
from ._lists import judged, lists_of_smtpd, smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.restrictions import AccessList, Restriction

    from ._lists import Judged

SASL = "smtpd_sasl_auth_enable"
HELO_REQUIRED = "smtpd_helo_required"

LATE_PERMIT = "late-permit"
"""Own clients are let in behind a check that turns some of them away."""
INHERITED = "inherited"
"""A service for users has the checks of the mail exchange, and nothing lets the users in before."""
REPEATED = "repeated"
"""Some restriction stands twice in one list."""
HELO_NOT_REQUIRED = "helo-not-required"
"""HELO names are checked, but clients need not give one."""

UNTIMED = "untimed"
"""Some policy server is ended by spawn(8) after its usual time."""

_NETWORKS = "permit_mynetworks"
_LOGIN = "permit_sasl_authenticated"
_POLICY = "check_policy_service"
_PRIVATE = "unix:private/"
"""How the socket of a service in master.cf is named, before the name of the service."""
_STRICT = frozenset(
    {
        "reject_unknown_client_hostname",
        "reject_unknown_client",
        "reject_unknown_reverse_client_hostname",
        "reject_unknown_helo_hostname",
        "reject_unknown_hostname",
        "reject_non_fqdn_helo_hostname",
        "reject_non_fqdn_hostname",
    }
)
"""What hosts of the own network and the computers of users often fail."""
_FOR_STRANGERS = _STRICT | {"reject_rbl_client", "reject_rbl", "reject_maps_rbl"}
"""What the computers of users fail: dynamic addresses stand in many DNS lists."""
_OF_HELO = frozenset(
    {
        "reject_invalid_helo_hostname",
        "reject_invalid_hostname",
        "reject_non_fqdn_helo_hostname",
        "reject_non_fqdn_hostname",
        "reject_unknown_helo_hostname",
        "reject_unknown_hostname",
        "reject_rhsbl_helo",
        "check_helo_access",
    }
)


class Late(NamedTuple):
    """A check that own clients meet before the word that lets them in."""

    check: Restriction
    permit: Restriction
    list: AccessList


def late_permits(view: View) -> Iterator[Late]:
    """Of each list, the first check that stands before the word that lets own clients in."""
    for where in _lists_in_files(view):
        for permit, strict in ((_NETWORKS, _STRICT), (_LOGIN, _FOR_STRANGERS)):
            if permit == _LOGIN and not view.boolean(SASL):
                continue
            names = [restriction.name for restriction in where.restrictions]
            if permit not in names or where.restrictions[names.index(permit)].ended_by is not None:
                continue
            before = where.restrictions[: names.index(permit)]
            check = next(_checks(before, strict), None)
            if check is not None:
                yield Late(check, where.restrictions[names.index(permit)], where)
                break


def inherited_checks(view: View) -> Iterator[tuple[Restriction, AccessList]]:
    """Of each list that a service for users has from main.cf, the first check that users fail.

    Lists that let users in anywhere are left out: :func:`late_permits` speaks of these.
    """
    if view.service is None or not is_for_submission(view) or not view.boolean(SASL):
        return
    for where in _lists_in_files(view):
        setting = where.value.setting
        if setting is None or setting.service is not None or not _may_be_evaluated(view, where):
            continue
        if all(restriction.name != _LOGIN for restriction in where.restrictions):
            check = next(_checks(where.restrictions, _FOR_STRANGERS), None)
            if check is not None:
                yield check, where


def _may_be_evaluated(view: View, where: AccessList) -> bool:
    """Whether all restrictions of the list are read directly; a class may hold what lets users in."""
    return all(restriction.kind in (BUILT_IN, TABLE) for restriction in where.restrictions)


def _checks(restrictions: tuple[Restriction, ...], names: frozenset[str]) -> Iterator[Restriction]:
    return (
        restriction
        for restriction in restrictions
        if restriction.name in names
        and not restriction.warns
        and restriction.ended_by is None
        and restriction.problem is None
        and restriction.word.location is not None
    )


def repeated(view: View) -> Iterator[tuple[Restriction, Restriction, AccessList]]:
    """Each restriction that stands twice in a list, with the first one."""
    lists = lists_of_smtpd(view)
    for where in _lists_in_files(view) + ([*lists.classes.values()] if lists else []):
        seen: dict[tuple[str, str, bool], Restriction] = {}
        for restriction in where.restrictions:
            if restriction.kind == TABLE or restriction.ended_by is not None or not restriction.certain:
                continue
            argument = restriction.argument.text if restriction.argument is not None else ""
            key = (restriction.name or restriction.word.text, argument, restriction.warns)
            if restriction.name in ("", WARN_IF_REJECT, "sleep") or restriction.problem is not None:
                continue
            first = seen.setdefault(key, restriction)
            if first is not restriction and restriction.word.location is not None:
                yield restriction, first, where


def unasked_helo(view: View) -> Iterator[tuple[Restriction, AccessList]]:
    """The first check of HELO names, where clients that other hosts run may leave HELO out."""
    if (
        view.boolean(HELO_REQUIRED) is not False
        or may_stand_elsewhere(view, HELO_REQUIRED)
        or reach(view) in (LOOPBACK, NOBODY)
        or is_for_submission(view)
    ):
        return
    for where in _lists_in_files(view):
        check = next(_checks(where.restrictions, _OF_HELO), None)
        if check is not None:
            yield check, where
            return


def untimed(view: View) -> Iterator[tuple[Judged, str]]:
    """The policy servers that spawn(8) ends after its usual time, with the name of the service."""
    config = view.configuration
    for found in judged(view):
        argument = found.restriction.argument
        if found.restriction.name != _POLICY or argument is None or not argument.text.startswith(_PRIVATE):
            continue
        name = argument.text.removeprefix(_PRIVATE)
        service = config.view(f"{name}/unix")
        if service is None or service.daemon != "spawn":
            continue
        if not (service.is_set(f"{name}_time_limit") or service.is_set("command_time_limit")):
            yield found, name


def _lists_in_files(view: View) -> list[AccessList]:
    lists = lists_of_smtpd(view)
    if lists is None:
        return []
    return [
        where for where in lists.lists.values() if where.value.setting is not None and not told(where.value)
    ]


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the order of restrictions."""
    words = set()
    for view in smtpd_views(config):
        for word, found in (
            (LATE_PERMIT, late_permits(view)),
            (INHERITED, inherited_checks(view)),
            (REPEATED, repeated(view)),
            (HELO_NOT_REQUIRED, unasked_helo(view)),
            (UNTIMED, untimed(view)),
        ):
            if word not in words and next(iter(found), None) is not None:
                words.add(word)
    return frozenset(words)
