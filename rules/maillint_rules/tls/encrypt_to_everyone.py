"""Mail goes to servers with good TLS only, whoever the recipient is.

## What happens
The host delivers to the mail servers of the world itself, and `smtp_tls_security_level` makes TLS a
condition. A receiver without STARTTLS, and at the higher levels one whose certificate cannot be verified,
never gets any mail: it waits (`TLS is required, but was not offered by host`), and goes back to its sender
after `maximal_queue_lifetime`. Few mail servers have a certificate that stands up to `verify` or `secure`.

`dane` uses what the receiver publishes, and asks no more of the others than `may` does;
`smtp_tls_policy_maps` says where more is to be asked.

## Bad
```main.cf encrypt-to-everyone@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = encrypt
```

```main.cf encrypt-to-everyone@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = secure
smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = may
smtp_tls_policy_maps = inline:{ { example.net = encrypt } }
```

```main.cf
# All mail goes to one server, which is known to have TLS.
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = example.com
smtp_tls_security_level = encrypt
relayhost = [mail.example.com]:587
inet_interfaces = loopback-only
```

## When it is right
Where the host writes to a closed group only, or where the law demands it and mail that cannot be encrypted is
better returned.

## References
- TLS_README, "Mandatory TLS encryption"; postconf(5) smtp_tls_security_level
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.route import DIRECT, client_view, default_route
from maillint.postfix.tls import DANE_ONLY, ENCRYPT, FINGERPRINT, SECURE, VERIFY, client_level, has_policies

from .._chain import set_here
from .._told import told
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "smtp_tls_security_level"
_DEMANDS = {
    ENCRYPT: "a server without TLS",
    DANE_ONLY: "a server without TLSA records",
    FINGERPRINT: "a server whose certificate is not listed",
    VERIFY: "a server whose certificate cannot be verified",
    SECURE: "a server whose certificate cannot be verified",
}


@rule(
    severity=WARNING,
    area="tls",
    parameters=(_LEVEL,),
    when_set=True,
    noted=("maillint_rules._words", *(f"{_LEVEL} {level}" for level in (*_DEMANDS, REFERENCE))),
    complete=True,
)
def encrypt_to_everyone(config: Configuration) -> Iterator[Finding]:
    route = default_route(config)
    view = client_view(config, route)
    value = view.value(_LEVEL)
    # That TLS is to begin at once, rule wrappermode-global-direct-delivery says.
    if (
        value.setting is None
        or not value.text
        or route.kind != DIRECT
        or any(told(view.value(name)) for name in (_LEVEL, "relayhost", "default_transport"))
        or view.boolean("smtp_tls_wrappermode") is not False
    ):
        return
    demand = _DEMANDS.get(client_level(view, "smtp") or "")
    if demand is None:
        return
    some = has_policies(view, "smtp")
    location = value.setting.value.location()
    yield Finding(
        location,
        f"{demand} gets no mail from this host, which delivers to all the world itself"
        + ("; other levels hold for the destinations in tables only" if some else ""),
        mend=f"write `{_LEVEL} = may`, or `dane`, and name those that need more in `smtp_tls_policy_maps`",
        severity=INFO if some else WARNING,
        parameter=_LEVEL,
        related=set_here((view.setting("smtp_tls_policy_maps"), view.setting("smtp_tls_per_site"))),
        fix=Fix(f"write `{_LEVEL} = may`", (Edit(location, "may"),), safe=False),
    )
