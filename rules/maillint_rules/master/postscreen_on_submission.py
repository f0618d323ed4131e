"""postscreen(8) stands on a port for users.

## What happens
postscreen is made for other mail servers. It cannot speak TLS from the start, so that on port 465 nobody gets
any further. On port 587 it turns away the computers of users, whose addresses stand in DNS lists, before they
can log in.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf postscreen-on-submission@1
submission inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_chain_files=/etc/postfix/server.pem
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
Never.

## References
- POSTSCREEN_README; postscreen(8)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import is_for_submission
from maillint.postfix.master import COMMAND

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", "postscreen"))
def postscreen_on_submission(config: Configuration) -> Iterator[Finding]:
    for view in config.views:
        service = view.service
        if service is None or view.daemon != "postscreen" or not is_for_submission(view):
            continue
        yield Finding(
            service.fields[COMMAND].location(),
            f"users cannot send through `{service.name}`: postscreen(8) turns away the dynamic addresses that"
            " DNS lists have, and cannot speak TLS from the start",
            mend="write `smtpd`",
            services=(service.id,),
        )
