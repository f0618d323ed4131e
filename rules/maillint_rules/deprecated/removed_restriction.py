"""A restriction that this Postfix version no longer has.

## What happens
Postfix 3.9 removed `check_relay_domains`, `permit_naked_ip_address` and `reject_maps_rbl`, which had been
deprecated for twenty years. smtpd logs that support has been removed and answers `451 4.3.5 Server
configuration error` to everybody who gets as far as the word. Older versions do as they always did and log
that the word is deprecated.

## Bad
```main.cf removed-restriction@2 fragment postfix=3.9
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, check_relay_domains
```

### Still there, but not for long
```main.cf removed-restriction@1 fragment postfix=3.7
smtpd_client_restrictions = permit_mynetworks, reject_maps_rbl
```

## Good
```main.cf fragment
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]
```

## What Postfix says
```witness rcpt bad=1 since=3.9
postfix/smtpd: warning: support for restriction "check_relay_domains" has been removed in Postfix 3.9; ...
451 4.3.5 Server configuration error
```

## When it is right
Never with 3.9 and later.

## References
- DEPRECATION_README; RELEASE_NOTES of Postfix 3.9
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import REMOVED

from ..restrictions._lists import LISTS, OUTDATED, SERVER_ERROR, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="deprecated",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", OUTDATED),
)
def removed_restriction(view: View) -> Iterator[Finding]:
    for found in judged(view):
        fact = found.restriction.fact
        if fact is None or fact.until is None:
            continue
        if found.problem == REMOVED:
            message = (
                f"smtpd answers {SERVER_ERROR} to everybody who gets as far as `{fact.name}`:"
                f" Postfix {fact.until} removed it"
            )
        else:
            message = f"`{fact.name}` is deprecated, and Postfix {fact.until} refuses it"
        yield Finding(
            found.location,
            message,
            mend=f"write `{', '.join(fact.replacement)}`",
            confidence=HIGH if view.configuration.version_given else MEDIUM,
            severity=ERROR if found.problem == REMOVED else WARNING,
            parameter=found.list.name,
        )
