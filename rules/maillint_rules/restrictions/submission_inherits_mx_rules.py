"""The service for users has the checks that are meant for other mail servers.

## What happens
A master.cf entry without a list of its own has that of main.cf. There stand checks for hosts that deliver
mail: whether they have a name, whether their address is in a DNS list. The computers and telephones of users
fail them, and nothing in the list lets those in who have logged in: their mail is rejected as spam.

## Bad
```main.cf submission-inherits-mx-rules@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client psbl.surriel.com
smtpd_tls_chain_files = /etc/postfix/mail.pem
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client psbl.surriel.com
smtpd_tls_chain_files = /etc/postfix/mail.pem
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
Where all users have addresses with names and a clean record.

## References
- SMTPD_ACCESS_README; the entries for submission in the master.cf that Postfix brings along
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Related
from maillint.engine.rule import VIEW, rule

from ._lists import LISTS
from ._sequence import INHERITED, inherited_checks

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", INHERITED),
)
def submission_inherits_mx_rules(view: View) -> Iterator[Finding]:
    for check, where in inherited_checks(view):
        assert view.service is not None and check.word.location is not None
        yield Finding(
            check.word.location,
            f"users whose computer fails `{check.word.text}` cannot send: their service has `{where.name}`"
            " from here, and nothing in it lets them in",
            mend=f"add `-o {where.name}=permit_sasl_authenticated,reject` to the service, or put"
            " `permit_sasl_authenticated` in front",
            parameter=where.name,
            related=(Related(view.service.fields[0].location(), "users send through this service"),),
        )
