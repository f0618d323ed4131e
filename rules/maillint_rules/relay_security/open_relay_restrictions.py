"""Strangers can send mail to anywhere: nothing in the access lists refuses them.

## What happens
A recipient that is not this host's must be refused by `smtpd_relay_restrictions` or by
`smtpd_recipient_restrictions`; both lists are gone through. Where a word such as `permit` lets everybody past
before `reject_unauth_destination`, or where the refusal stands behind a condition that strangers meet, the
host is an open relay. Spammers find it within hours, and soon all its mail is refused.

smtpd only looks whether such a word occurs somewhere, not whether anybody gets to it.

## Bad
```main.cf open-relay-restrictions@3 unreachable-restriction@4 fragment
compatibility_level = 3.6
smtpd_restriction_classes = checked
checked = reject_non_fqdn_sender, permit
smtpd_relay_restrictions = checked, reject_unauth_destination
smtpd_recipient_restrictions =
```

### On one port
```main.cf open-relay-restrictions@3 fragment
compatibility_level = 3.6
smtpd_restriction_classes = checked
checked = reject_non_fqdn_sender, permit
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf unreachable-restriction@3
smtp inet n - n - - smtpd
2525 inet n - n - - smtpd
  -o smtpd_relay_restrictions=checked,reject
```

## Good
```main.cf fragment
compatibility_level = 3.6
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit
```

```main.cf fragment
# One of the two lists is enough.
compatibility_level = 3.6
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, permit
```

## What Postfix says
```witness rcpt-as 203.0.113.9 somebody@elsewhere.example
250 2.1.5 Ok
```

## When it is right
Never where other hosts can connect.

## References
- SMTPD_ACCESS_README, "Dangerous use of smtpd_recipient_restrictions"
- Postfix source: smtpd/smtpd_check.c (smtpd_check_rcpt)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import RECIPIENT, RELAY, access_lists

from ..restrictions._edits import guarded
from ..restrictions._lists import LISTS
from ._relay import OPEN, is_behind_filter, relayed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._relay import Way

_OWN_CLIENTS = frozenset(
    {"permit_mynetworks", "permit_sasl_authenticated", "permit_tls_clientcerts", "permit_inet_interfaces"}
)


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.relay_security._relay", OPEN),
    security=True,
)
def open_relay_restrictions(view: View) -> Iterator[Finding]:
    if is_behind_filter(view):
        return  # Rule reinjection-port-exposed
    way = next((way for way in relayed(view) if not way.is_by_entry), None)
    if way is None or way.location is None or _by_networks(way):
        return
    step = way.decisive
    yield Finding(
        way.location,
        "open relay: anybody can send mail to anywhere, for "
        + (
            f"`{step.word}` in `{step.parameter}` lets in whoever gets there, and strangers do"
            if step is not None
            else "no word that strangers get to refuses them"
        )
        + way.by_default,
        mend="put `reject_unauth_destination` in front of all that could let strangers in, as in `smtpd_relay"
        "_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination`",
        confidence=HIGH if way.certain else MEDIUM,
        parameter=step.parameter if step is not None else None,
        related=way.related(way.location),
        fix=_fix(view),
    )


def _fix(view: View) -> Fix | None:
    """Put the word against relaying in front of the first one that may let strangers in."""
    lists = access_lists(view).lists
    set_ones = [lists[name] for name in (RELAY, RECIPIENT) if name in lists and lists[name].restrictions]
    for where in set_ones:
        first = next((found for found in where.restrictions if found.name not in _OWN_CLIENTS), None)
        edits = guarded(where, first)
        if edits:
            return Fix("refuse to relay for strangers first", edits, safe=False)
    return None


def _by_networks(way: Way) -> bool:
    """Whether mynetworks holds everybody (rule open-relay-mynetworks)."""
    return way.decisive is not None and way.decisive.word == "permit_mynetworks"
