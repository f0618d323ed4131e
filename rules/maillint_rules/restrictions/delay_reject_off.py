"""Clients are refused before they have said whom the mail is for.

## What happens
With `smtpd_delay_reject = no` smtpd refuses a client at once, in the middle of the greeting. The log then
names neither sender nor recipient, some clients take the early answer for a broken connection and come
back, and a list such as `smtpd_client_restrictions` knows nothing of the recipient, so that no exception
can be made for one.

## Bad
```main.cf delay-reject-off@1 fragment
smtpd_delay_reject = no
smtpd_client_restrictions = reject_unknown_client_hostname
```

## Good
```main.cf fragment
smtpd_delay_reject = yes
smtpd_client_restrictions = permit_mynetworks, reject_unknown_reverse_client_hostname
```

### Behind a content filter, where the only client is the filter
```master.cf fragment
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_delay_reject=no
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o content_filter=
```

## When it is right
On a service for programs of the own host, or where the load of unwanted clients must be kept down.

## References
- postconf(5) smtpd_delay_reject; SMTPD_ACCESS_README, "Delayed evaluation of SMTP access restriction lists"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, is_mail_exchange, reach

from .._uses import found, users
from .._values import known_values
from .._words import OFF

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_DELAY = "smtpd_delay_reject"


@rule(
    severity=INFO,
    area="restrictions",
    parameters=(_DELAY,),
    when_set=True,
    noted=("maillint_rules._words", OFF),
)
def delay_reject_off(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _DELAY):
        serving = [view for view in users(judged, "smtpd") if _is_for_others(view)]
        if judged.text.lower() == "no" and serving:
            yield found(
                judged,
                "clients are refused before they have named sender and recipient: the log does not tell"
                " whose mail it was",
                f"write `{_DELAY} = yes`",
                users=serving if judged.view.service is not None else (),
                meant="yes",
                sure=False,
            )


def _is_for_others(view: View) -> bool:
    return reach(view) not in (LOOPBACK, NOBODY) and (is_mail_exchange(view) or is_for_submission(view))
