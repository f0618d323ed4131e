"""A provider's port for other mail servers, used to log in.

## What happens
Port 25 is for mail between servers. Many networks, nearly all of homes and clouds, let no connection to it
out or slow it down, and mail then waits in the queue with `Connection timed out`. For customers who log in,
the provider has port 587.

## Bad
```main.cf relayhost-port-25-submission@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.sendgrid.net]
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous
```

### The password is there for any port
```main.cf relayhost-port-25-submission@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.sendgrid.net]
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous
```

```sasl_passwd
smtp.sendgrid.net apikey:invented
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.sendgrid.net]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous
```

## When it is right
Where the network lets port 25 out.

## References
- RFC 6409, section 3.1
- postconf(5) relayhost
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import SUBMISSION

from ._smarthosts import MODULE, PORT_25, ROUTES, Fault, faults, finding, keeps_password

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="delivery", parameters=ROUTES, when_set=True, noted=(MODULE, PORT_25))
def relayhost_port_25_submission(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, PORT_25):
        meant = f"[{fault.server.host}]:{SUBMISSION}"
        yield from finding(
            fault,
            f"`{fault.server.text}` is logged in to at port 25, which many networks do not let out;"
            f" for that it has port {SUBMISSION}",
            f"write `{meant}`, and the same in `smtp_sasl_password_maps`",
            fix=_fix(fault, meant),
        )


def _fix(fault: Fault, meant: str) -> Fix | None:
    location = fault.route.location(fault.server)
    if location is None or location.text != fault.server.text or fault.route.entry is not None:
        return None
    if not keeps_password(fault, meant) or fault.view.value("smtp_tls_policy_maps").text != "":
        return None
    return Fix.write(location, meant)
