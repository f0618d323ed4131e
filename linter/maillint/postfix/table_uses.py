"""What the tables of a parameter are for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .table_results import (
    Addresses,
    Checks,
    Ids,
    Nexthops,
    Replies,
    Results,
    Statuses,
    TlsPolicies,
    VirtualAliases,
)

if TYPE_CHECKING:
    from .version import Version

_ADDRESSES = frozenset(
    {
        "alias_database",
        "alias_maps",
        "canonical_maps",
        "lmtp_generic_maps",
        "recipient_bcc_maps",
        "recipient_canonical_maps",
        "sender_bcc_maps",
        "sender_canonical_maps",
        "smtp_generic_maps",
        "smtpd_sender_login_maps",
        "virtual_mailbox_maps",
    }
)
TRANSPORTS = frozenset(
    {
        "address_verify_sender_dependent_default_transport_maps",
        "address_verify_transport_maps",
        "fallback_transport_maps",
        "mailbox_transport_maps",
        "sender_dependent_default_transport_maps",
        "transport_maps",
    }
)
"""The parameters in whose tables transports stand."""
_NEXTHOPS = frozenset({"address_verify_sender_dependent_relayhost_maps", "sender_dependent_relayhost_maps"})
_POLICIES = frozenset({"lmtp_tls_policy_maps", "smtp_tls_policy_maps", "tlsproxy_client_policy_maps"})
EXPANDED = frozenset({"alias_maps", "virtual_alias_maps"})
"""The parameters in whose tables results are looked up again."""
PASSWORDS = frozenset({"lmtp_sasl_password_maps", "smtp_sasl_password_maps"})
ALIASES = frozenset({"alias_database", "alias_maps"})
"""The parameters whose tables postalias(1) builds."""
_CHECKS = re.compile(
    r"(?P<client>(?:smtp|lmtp)_)?(?:(?:mime_|nested_|milter_)?(?P<header>header)|body)_checks"
)
NUMBERS_REFUSED = frozenset(
    {
        "address_verify_sender_dependent_default_transport_maps",
        "address_verify_sender_dependent_relayhost_maps",
        "address_verify_transport_maps",
        "alias_maps",
        "fallback_transport_maps",
        "mailbox_command_maps",
        "mailbox_transport_maps",
        "sender_dependent_default_transport_maps",
        "sender_dependent_relayhost_maps",
        "transport_maps",
        "virtual_gid_maps",
        "virtual_mailbox_maps",
        "virtual_uid_maps",
    }
)
"""The parameters in whose tables a pattern may not put text of the sender into the result
(DICT_FLAG_NO_REGSUB)."""


def results_of(parameter: str, filters: Results, version: Version) -> Results | None:
    """What the results are for in the tables of *parameter*, where that needs no further knowledge.

    *filters*: what is wrong with where FILTER sends a message.
    """
    if parameter == "virtual_alias_maps":
        return VirtualAliases()
    if parameter in _ADDRESSES:
        return Addresses()
    if parameter in _NEXTHOPS:
        return Nexthops(version)
    if parameter in _POLICIES:
        return TlsPolicies(version)
    if parameter == "virtual_gid_maps":
        return Ids("gid", 1)
    if parameter == "rbl_reply_maps":
        return Replies()
    if parameter.endswith("_delivery_status_filter"):
        return Statuses()
    checks = _CHECKS.fullmatch(parameter)
    if checks is None:
        return None
    return Checks("smtp-header" if checks["client"] else "header", bool(checks["header"]), filters, version)
