"""A restriction about the client's certificate, where smtpd asks for none.

## What happens
A client shows its certificate only when it is asked for it. With `smtpd_tls_ask_ccert = no`, the default,
`permit_tls_clientcerts`, `permit_tls_all_clientcerts` and `check_ccert_access` never match; over TLS smtpd
warns that they are `requested, but "smtpd_tls_ask_ccert = no"`. Whoever was to be let in by certificate is
refused.

## Bad
```main.cf client-certificate-not-asked@1 fragment
smtpd_relay_restrictions = permit_mynetworks, permit_tls_clientcerts, reject_unauth_destination
smtpd_tls_ask_ccert = no
relay_clientcerts = inline:{AA:BB:CC=partner}
```

## Good
```main.cf fragment
smtpd_relay_restrictions = permit_mynetworks, permit_tls_clientcerts, reject_unauth_destination
smtpd_tls_ask_ccert = yes
relay_clientcerts = inline:{AA:BB:CC=partner}
```

```main.cf fragment
smtpd_relay_restrictions = permit_mynetworks, permit_tls_clientcerts, reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_req_ccert = yes
```

## When it is right
Where a list in main.cf is shared, and only some services ask for certificates.

## References
- postconf(5) smtpd_tls_ask_ccert; TLS_README, "Server-side relaying and certificates"
- Postfix source: smtpd/smtpd_check.c (permit_tls_clientcerts, check_ccert_access), smtpd/smtpd.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_ASK = "smtpd_tls_ask_ccert"
_REQUIRE = "smtpd_tls_req_ccert"
_NEED_CERTIFICATE = ("permit_tls_clientcerts", "permit_tls_all_clientcerts", "check_ccert_access")


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_NEED_CERTIFICATE),
)
def client_certificate_not_asked(view: View) -> Iterator[Finding]:
    if view.boolean(_ASK) is not False or view.boolean(_REQUIRE) is not False or _asked_elsewhere(view):
        return
    if view.configuration.fragment and not view.is_set(_ASK):
        return
    certificates = view.is_set("relay_clientcerts")
    for found in judged(view):
        name = found.restriction.name
        if name in _NEED_CERTIFICATE and not found.problem:
            yield Finding(
                found.location,
                f"`{name}` lets nobody in and keeps nobody out: smtpd never asks a client for a certificate",
                mend=f"set `{_ASK} = yes`, or remove `{name}`",
                severity=WARNING if certificates or name == "check_ccert_access" else INFO,
                parameter=found.list.name,
                related=set_here((view.setting(_ASK),)),
            )


def _asked_elsewhere(view: View) -> bool:
    """Whether another smtpd with the same lists asks for certificates, for which the word is there."""
    return any(
        other.boolean(_ASK) is True or other.boolean(_REQUIRE) is True
        for other in view.configuration.views
        if other.daemon == "smtpd"
    )
