"""A smart host without brackets, so that the DNS is asked for its mail servers.

## What happens
`relayhost = smtp.example.org:587` means "the mail servers (MX) of the domain `smtp.example.org`, at port
587". There are seldom any, and then the host itself is taken: each delivery costs one more question to the
DNS, and fails when that has no answer. Should the name ever get an MX record, mail goes elsewhere. Brackets
mean the host.

## Bad
```main.cf relayhost-without-brackets@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = smtp.example.org:587
```

```main.cf relayhost-without-brackets@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = smtp.sendgrid.net
smtp_tls_security_level = may
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
```

The mail servers of the own domain take it, whatever they are called:

```main.cf
myhostname = www.example.com
myorigin = $mydomain
relayhost = $mydomain
```

## When it is right
Where the domain has MX records for its submission servers.

## References
- postconf(5) relayhost; transport(5)
- Postfix source: smtp/smtp_connect.c smtp_connect_inet()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule

from ._smarthosts import MODULE, ROUTES, UNBRACKETED, Fault, faults, finding, keeps_password

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="delivery", parameters=ROUTES, when_set=True, noted=(MODULE, UNBRACKETED))
def relayhost_without_brackets(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, UNBRACKETED):
        host = fault.server.text[: len(fault.server.host)]
        meant = f"[{host}]{fault.server.text[len(host) :]}"
        yield from finding(
            fault,
            f"`{fault.server.text}` means the mail servers of the domain `{host}`, for which the client asks"
            " the DNS before it tries the host itself",
            f"write `{meant}`, and the same in `smtp_sasl_password_maps` and `smtp_tls_policy_maps`",
            fix=_fix(fault, meant),
        )


def _fix(fault: Fault, meant: str) -> Fix | None:
    location = fault.route.location(fault.server)
    if location is None or location.text != fault.server.text or fault.route.entry is not None:
        return None
    if not keeps_password(fault, meant) or fault.view.value("smtp_tls_policy_maps").text != "":
        return None
    return Fix.write(location, meant, safe=fault.provider is not None)
