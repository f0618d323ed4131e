"""A restriction in a list that is evaluated when what it asks for is not known.

## What happens
smtpd skips, without a word, a restriction about the sender where there is no sender yet, and one about the
recipient where there is no recipient. With `smtpd_delay_reject = yes`, the default, the lists for client,
HELO and sender wait for the recipient, so everything is known there. With `no` each is evaluated at once: at
the connection there is no HELO name, no login and no sender. ETRN has neither sender nor recipient.

## Bad
```main.cf restriction-in-wrong-list@3 fragment
# maillint: ignore[delay-reject-off] to keep the load down
smtpd_delay_reject = no
smtpd_client_restrictions = reject_unauth_destination
```

### A login at the connection
```main.cf restriction-in-wrong-list@3 fragment
# maillint: ignore[delay-reject-off] to keep the load down
smtpd_delay_reject = no
smtpd_client_restrictions = permit_sasl_authenticated, reject_unknown_client_hostname
```

### ETRN
```main.cf restriction-in-wrong-list@1 fragment
smtpd_etrn_restrictions = permit_mynetworks, reject_unknown_sender_domain
```

### ETRN access elsewhere
```main.cf restriction-in-wrong-list@1 fragment
smtpd_recipient_restrictions = check_etrn_access inline:{example.com=OK}, reject
```

## Good
```main.cf fragment
smtpd_client_restrictions = permit_sasl_authenticated, reject_unauth_destination
```

```main.cf fragment
# maillint: ignore[delay-reject-off] to keep the load down
smtpd_delay_reject = no
smtpd_client_restrictions = permit_mynetworks, reject_unknown_client_hostname
smtpd_sender_restrictions = permit_sasl_authenticated, reject_unknown_sender_domain
smtpd_etrn_restrictions = permit_mynetworks, reject
```

## When it is right
Never; but for a list that many services share, where only some of them set `smtpd_delay_reject = no`.

## References
- SMTPD_ACCESS_README, "Delayed evaluation of SMTP access restriction lists"
- Postfix source: smtpd/smtpd_check.c (smtpd_check_client and its kin)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import Missing

from .._chain import set_here
from ._lists import DELAY, IDLE, LISTS, idle

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_MISSING = {
    "helo": "the HELO name is",
    "sender": "the sender is",
    "recipient": "the recipient is",
    "login": "the login is",
    "certificate": "the client's certificate is",
    "etrn": "the domain of an ETRN command is",
}


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", IDLE),
)
def restriction_in_wrong_list(view: View) -> Iterator[Finding]:
    for where, missing, location in idle(view):
        word = missing.restriction.word.text
        yield Finding(
            location,
            f"`{word}` does nothing in `{where.name}`{_why_early(missing)}:"
            f" {_MISSING[missing.what]} not known when smtpd evaluates this list",
            mend=_mend(word, missing),
            parameter=where.name,
            related=set_here((view.setting(DELAY),)) if missing.early else (),
        )


def _why_early(missing: Missing) -> str:
    return f" with `{DELAY} = no`" if missing.early else ""


def _mend(word: str, missing: Missing) -> str:
    if missing.what == "etrn":
        return f"move `{word}` to `smtpd_etrn_restrictions`"
    if missing.early:
        return f"remove `{DELAY} = no`, or move `{word}` to a later list"
    return f"remove `{word}`"
