"""The service for users takes mail from strangers.

## What happens
The ports 587 and 465 are for users, who log in first. Where no access list of the service refuses everybody
else, strangers deliver mail to this host there, too, past the checks that only the service on port 25 has:
postscreen(8), block lists, filters for incoming mail.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf submission-accepts-strangers@2
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_tls_security_level=may -o smtpd_tls_chain_files=/etc/postfix/server.pem
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_tls_security_level=may -o smtpd_tls_chain_files=/etc/postfix/server.pem
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## What Postfix says
```witness rcpt-as 203.0.113.9 user@mail.example.com port=2
250 2.1.5 Ok
```

## When it is right
Where some own device cannot log in; let it in by its address, and refuse the rest.

## References
- RFC 6409, section 4.3; RFC 8314
- The entries for submission in the master.cf that Postfix brings along
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, MEDIUM, WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import is_for_submission

from ._relay import FREE_SUBMISSION, handed_in, relayed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=("smtpd_sasl_auth_enable",),
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.relay_security._relay", FREE_SUBMISSION),
    security=True,
)
def submission_accepts_strangers(view: View) -> Iterator[Finding]:
    service = view.service
    if service is None or not is_for_submission(view) or next(relayed(view), None) is not None:
        return
    ways = sorted(handed_in(view), key=lambda way: not way.certain)
    if ways:
        place = service.fields[0].location()
        yield Finding(
            place,
            f"strangers can deliver mail to this host through `{service.name}`, which is for users: no access"
            " list of the service refuses who has not logged in",
            mend="add `-o smtpd_relay_restrictions=permit_sasl_authenticated,reject` to the service",
            confidence=HIGH if ways[0].certain else MEDIUM,
            related=ways[0].related(place),
        )
