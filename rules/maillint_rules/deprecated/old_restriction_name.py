"""A restriction under a name that Postfix has replaced.

## What happens
Postfix 2.3 gave `reject_unknown_client`, `reject_invalid_hostname` and others names that say what they are
about. The old names still work.

## Bad
```main.cf old-restriction-name@1 fragment
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_hostname
```

## Good
```main.cf fragment
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
```

## When it is right
Where the same file serves a Postfix older than 2.3.

## References
- DEPRECATION_README; postconf(5) smtpd_helo_restrictions
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
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


def _fix(found: Judged, new: str) -> Fix | None:
    if found.location.text != found.restriction.word.text:
        return None
    return Fix.write(found.location, new)
