"""A restriction under a name that Postfix has replaced.

## What happens
Postfix 2.3 gave `reject_unknown_client`, `reject_invalid_hostname` and others names that say what they are
about. The old names still work. `permit_mx_backup` works, too, but lets strangers decide by their DNS what
this host relays; since 3.9 smtpd logs that it will be removed.

## Bad
```main.cf old-restriction-name@1 fragment
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_hostname
```

```main.cf old-restriction-name@1 fragment
smtpd_relay_restrictions = permit_mynetworks, permit_mx_backup, reject_unauth_destination
```

## Good
```main.cf fragment
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
```

## When it is right
Where the same file serves a Postfix older than 2.3.

## References
- DEPRECATION_README; postconf(5) smtpd_helo_restrictions, permit_mx_backup
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule

from ..restrictions._lists import LISTS, OUTDATED, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ..restrictions._lists import Judged


@rule(
    severity=INFO,
    area="deprecated",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", OUTDATED),
)
def old_restriction_name(view: View) -> Iterator[Finding]:
    version = view.configuration.version
    for found in judged(view):
        fact = found.restriction.fact
        if fact is None or fact.until is not None or not fact.replacement:
            continue
        if fact.alias:
            new = fact.replacement[0]
            yield Finding(
                found.location,
                f"`{fact.name}` is the old name of `{new}`",
                mend=f"write `{new}`",
                parameter=found.list.name,
                fix=_fix(found, new),
            )
        elif fact.deprecated is not None and version.has(fact.deprecated):
            yield Finding(
                found.location,
                f"Postfix will remove `{fact.name}`, and says so in the log whenever it gets there",
                mend=f"use {' or '.join(f'`{name}`' for name in fact.replacement)} instead",
                severity=WARNING,
                parameter=found.list.name,
            )


def _fix(found: Judged, new: str) -> Fix | None:
    if found.location.text != found.restriction.word.text:
        return None
    return Fix(f"write `{new}`", (Edit(found.location, new),))
