"""Users who have logged in cannot send mail to others.

## What happens
Each access list of a service is gone through. Where one of them refuses, and nothing before lets in those who
have logged in, users hear `Relay access denied` or `Access denied` with the right password.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf submission-refuses-users@2
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_tls_security_level=may -o smtpd_tls_chain_files=/etc/postfix/server.pem
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_tls_security_level=may -o smtpd_tls_chain_files=/etc/postfix/server.pem
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## What Postfix says
```witness rcpt-as 203.0.113.9 somebody@elsewhere.example info port=2
554 5.7.1 <somebody@elsewhere.example>: Relay access denied
```

## When it is right
Where the service is for mail to users of this host only.

## References
- SMTPD_ACCESS_README; SASL_README, "Enabling SASL authorization in the Postfix SMTP server"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import is_for_submission

from ._relay import REFUSED_USERS, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=("smtpd_sasl_auth_enable",),
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.relay_security._relay", REFUSED_USERS),
)
def submission_refuses_users(view: View) -> Iterator[Finding]:
    service = view.service
    way = next(refused(view), None) if service is not None and is_for_submission(view) else None
    if service is None or way is None or way.last is None:
        return
    step, place = way.last, service.fields[0].location()
    related = (Related(step.location, "users who have logged in are refused here"),) if step.location else ()
    yield Finding(
        place,
        f"users who have logged in at `{service.name}` cannot send to others: `{step.word}` in"
        f" `{step.parameter}` refuses them, and no `permit_sasl_authenticated` stands before it in this list",
        mend=f"add `-o {step.parameter}=permit_sasl_authenticated,reject` to the service",
        parameter=step.parameter,
        related=related,
    )
