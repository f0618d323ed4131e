"""Each sender is verified by a call to the mail server of its domain.

## What happens
For each new sender, Postfix connects to the mail server of the domain and asks whether the address exists.
Spam has forged senders, so most of these calls go to people who have nothing to do with it. Large providers
answer them with refusals or put the caller on a block list, and then wanted mail is refused, too. While the
answer takes its time, the client is put off.

## Bad
```main.cf reject-unverified-sender-global@1 fragment
smtpd_sender_restrictions = permit_mynetworks, reject_unverified_sender
```

## Good
```main.cf fragment
smtpd_sender_restrictions = permit_mynetworks,
  check_sender_access inline:{example.com=reject_unverified_sender}
```

```main.cf fragment
# maillint: ignore[warn-if-reject-left] being tried out
smtpd_sender_restrictions = permit_mynetworks, warn_if_reject reject_unverified_sender
```

## When it is right
On a host that takes mail from a few partners only.

## References
- ADDRESS_VERIFICATION_README, "Limitations of address verification"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, reach

from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WORD = "reject_unverified_sender"


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", _WORD),
)
def reject_unverified_sender_global(view: View) -> Iterator[Finding]:
    if reach(view) in (LOOPBACK, NOBODY) or is_for_submission(view):
        return
    for found in judged(view):
        if found.restriction.name == _WORD and not found.restriction.warns and found.list.stage is not None:
            yield Finding(
                found.location,
                f"`{_WORD}` calls the mail servers of others for each sender of spam: providers refuse or"
                " block hosts that do so, and wanted mail is put off",
                mend=f"ask for it by sender, in a table for `check_sender_access`, or remove `{_WORD}`",
                parameter=found.list.name,
            )
