"""An SMTP server that is started with root's privileges refuses to talk to the network.

## What happens
`n` in the column "unprivileged" starts smtpd(8) as root. It does nothing for clients on the network then:
it ends with `fatal: the Postfix SMTP server must run with $mail_owner privileges` as soon as one connects.

## Bad
```master.cf smtpd-privileged@1 fragment
smtp inet n n n - - smtpd
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: the Postfix SMTP server must run with $mail_owner privileges
```

## When it is right
Never.

## References
- master(5), "Unprivileged"; smtpd(8), "SECURITY"
- Postfix source: smtpd/smtpd_peer.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import UNPRIVILEGED, active_services, is_unprivileged

from ._entries import PRIVILEGES

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_FROM_THE_NETWORK = ("inet", "pass")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", PRIVILEGES))
def smtpd_privileged(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.command != "smtpd" or service.type not in _FROM_THE_NETWORK:
            continue
        if not is_unprivileged(service):
            field = service.fields[UNPRIVILEGED]
            yield Finding(
                field.location(),
                f"`{service.id}` hangs up on everybody: smtpd stops with a fatal error when it runs as root",
                mend="write `-`",
                services=(service.id,),
                fix=Fix.write(field.location(), "-"),
            )
