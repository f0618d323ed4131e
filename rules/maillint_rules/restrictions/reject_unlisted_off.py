"""Mail for users who do not exist is accepted, and comes back as a bounce.

## What happens
With `smtpd_reject_unlisted_recipient = no` smtpd does not look whether the recipient exists. It accepts the
mail, finds out later, and sends a bounce. Spam has forged senders, so the bounces go to people who never
wrote: their providers put the host on a block list.

## Bad
```main.cf reject-unlisted-off@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_reject_unlisted_recipient = no
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_unlisted_recipient
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = scan:[127.0.0.1]:10024
```
```master.cf
smtp inet n - n - - smtpd
scan unix - - n - 10 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_reject_unlisted_recipient=no
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
```

## When it is right
Where another program refuses unknown recipients while the client waits: a milter or a policy server.

## References
- BACKSCATTER_README; postconf(5) smtpd_reject_unlisted_recipient
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_mail_exchange, reach
from maillint.postfix.restrictions import RECIPIENT, RELAY

from .._told import told
from ._lists import lists_of_smtpd

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_CHECK = "smtpd_reject_unlisted_recipient"
_OTHERS = frozenset(
    {
        "reject_unlisted_recipient",
        "reject_unverified_recipient",
        "check_recipient_access",
        "check_policy_service",
        "reject",
    }
)
"""Words that may do the same."""


@rule(severity=WARNING, area="restrictions", parameters=(_CHECK,), when_set=True, each=VIEW, complete=True)
def reject_unlisted_off(view: View) -> Iterator[Finding]:
    setting = view.setting(_CHECK)
    lists = lists_of_smtpd(view)
    if (
        setting is None
        or lists is None
        or view.boolean(_CHECK) is not False
        or told(view.value(_CHECK))
        or not is_mail_exchange(view)
        or reach(view) in (LOOPBACK, NOBODY)
        or view.value("smtpd_milters").text != ""
        or view.value("smtpd_proxy_filter").text != ""
    ):
        return
    for name in (RELAY, RECIPIENT):
        where = lists.lists.get(name)
        if where is not None and any(
            found.restriction.name in _OTHERS or not found.restriction.name for found in lists.walk(where)
        ):
            return
    yield Finding(
        setting.value.location(),
        "mail for users who do not exist is accepted, and a bounce goes to the sender, who in spam is"
        " somebody else",
        mend=f"remove `{setting.name} = {setting.value.text}`, or add `reject_unlisted_recipient` to"
        f" `{RECIPIENT}`",
        parameter=_CHECK,
        fix=Fix("write `yes`", (Edit(setting.value.location(), "yes"),))
        if setting.value.text.lower() == "no"
        else None,
    )
