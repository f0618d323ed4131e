"""An entry of an access table lets strangers relay.

## What happens
`OK` in an access table ends the list, so that whoever has it is not asked about the recipient any more. In
front of `reject_unauth_destination` that means: he may send to anywhere. The sender's address and the HELO
name are whatever the client says they are, so a spammer only has to claim one that the table has.

An entry for a recipient lets everybody send to this one; the host relays for its domain.

## Bad
```main.cf open-relay-access-map-order@4 fragment
compatibility_level = 3.6
mydestination = example.com
smtpd_relay_restrictions =
smtpd_recipient_restrictions = check_sender_access inline:{example.com=OK}, reject_unauth_destination
```

### By its HELO name
```main.cf open-relay-access-map-order@3 fragment
compatibility_level = 3.6
smtpd_relay_restrictions = permit_mynetworks,
  check_helo_access inline:{client.example.net=OK}, reject_unauth_destination
smtpd_recipient_restrictions =
```

### To some recipients
```main.cf open-relay-access-map-order@2 fragment
compatibility_level = 3.6
smtpd_relay_restrictions = check_recipient_access inline:{partner.example=OK}, reject_unauth_destination
smtpd_recipient_restrictions =
```

## Good
```main.cf fragment
compatibility_level = 3.6
mydestination = example.com
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = reject_rbl_client psbl.surriel.com, check_sender_access inline:{example.com=OK}
```

```main.cf fragment
compatibility_level = 3.6
mydestination = example.com
smtpd_relay_restrictions = check_sender_access inline:{example.com=REJECT}, reject_unauth_destination
smtpd_recipient_restrictions =
```

```main.cf fragment
# A host that may relay, by its address.
compatibility_level = 3.6
smtpd_relay_restrictions = check_client_access inline:{192.0.2.25=OK}, reject_unauth_destination
smtpd_recipient_restrictions =
```

## What Postfix says
```witness rcpt-as 203.0.113.9 somebody@elsewhere.example bad=2
250 2.1.5 Ok
```

```witness rcpt-as 203.0.113.9 somebody@partner.example bad=3
250 2.1.5 Ok
```

## When it is right
An entry for a recipient: where this host is to relay for its domain; `relay_domains` says so more plainly.

## References
- SMTPD_ACCESS_README, "Dangerous use of smtpd_recipient_restrictions"; access(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import access_lists

from ..restrictions._edits import guarded
from ..restrictions._lists import LISTS
from ._relay import OPEN, is_behind_filter, relayed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._relay import Way

_BY_CLIENT = ("check_client", "check_reverse_client", "check_ccert", "check_sasl")


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.relay_security._relay", OPEN),
    security=True,
)
def open_relay_access_map_order(view: View) -> Iterator[Finding]:
    if is_behind_filter(view):
        return  # Rule reinjection-port-exposed
    told = set()
    for way in relayed(view):
        step = way.decisive
        if step is None or step.location is None or not way.is_by_entry or step.location in told:
            continue
        told.add(step.location)
        some_clients = step.word.startswith(_BY_CLIENT) and bool(way.branch.unusual)
        if some_clients:
            continue  # A host that is let in by its address was chosen.
        yield _finding(way)


def _finding(way: Way) -> Finding:
    step = way.decisive
    assert step is not None and step.location is not None
    some_recipients = step.word.startswith("check_recipient_") and bool(way.branch.unusual)
    return Finding(
        step.location,
        (
            "this host relays for everybody to some recipients"
            if some_recipients
            else "open relay: whoever names the right sender or HELO name can send mail to anywhere"
        )
        + f", for nothing refuses that before ({step.why}){way.by_default}",
        mend="put the domain into `relay_domains`, or the check behind `reject_unauth_destination`"
        if some_recipients
        else "put the check behind `reject_unauth_destination`, or write `DUNNO` or `permit_auth_destination`"
        " in the table",
        severity=WARNING if some_recipients else ERROR,
        confidence=HIGH if way.certain else MEDIUM,
        parameter=step.parameter,
        related=way.related(step.location),
        fix=_fix(way),
    )


def _fix(way: Way) -> Fix | None:
    """Move the word against relaying in front of the check."""
    step = way.decisive
    where = access_lists(way.view).lists.get(step.parameter) if step is not None else None
    if step is None or where is None:
        return None
    check = next((found for found in where.restrictions if found.word.location == step.location), None)
    edits = guarded(where, check) if check is not None else None
    return Fix("refuse to relay for strangers first", edits, safe=False) if edits else None
