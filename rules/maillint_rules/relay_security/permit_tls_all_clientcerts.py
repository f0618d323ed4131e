"""Whoever has a certificate from some authority may send mail to anywhere.

## What happens
`permit_tls_all_clientcerts` lets in every client whose certificate was signed by an authority that smtpd
trusts. With the authorities of the operating system in `smtpd_tls_CAfile` or `smtpd_tls_CApath`, or added to
those by `tls_append_default_CA = yes`, that is everybody who gets a certificate from any of them: the host is
an open relay.

## Bad
```main.cf permit-tls-all-clientcerts@5 fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/mail.pem
smtpd_tls_ask_ccert = yes
smtpd_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/mail.pem
smtpd_tls_ask_ccert = yes
smtpd_tls_CAfile = /etc/postfix/our-own-authority.pem
smtpd_relay_restrictions = permit_tls_all_clientcerts, reject_unauth_destination
```

## When it is right
Never with public authorities.

## References
- postconf(5) permit_tls_all_clientcerts, permit_tls_clientcerts, relay_clientcerts; TLS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import PUBLIC_AUTHORITIES, has_authorities

from .._chain import set_here
from ..restrictions._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_WORD = "permit_tls_all_clientcerts"


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", _WORD),
    security=True,
)
def permit_tls_all_clientcerts(view: View) -> Iterator[Finding]:
    public = _public(view)
    if public is None or not (view.boolean("smtpd_tls_ask_ccert") or view.boolean("smtpd_tls_req_ccert")):
        return
    for found in judged(view):
        if found.restriction.name == _WORD:
            yield Finding(
                found.location,
                "whoever gets a certificate from any public authority may send mail to anywhere:"
                f" `{public.name}` trusts them all",
                mend="write `permit_tls_clientcerts`, with the certificates in `relay_clientcerts`",
                parameter=found.list.name,
                related=set_here((public,)),
            )


def _public(view: View) -> Setting | None:
    """The setting that makes smtpd trust the authorities of the whole Internet."""
    for name in ("smtpd_tls_CAfile", "smtpd_tls_CApath"):
        if (view.value(name).text or "").rstrip("/") in PUBLIC_AUTHORITIES:
            return view.setting(name)
    if view.boolean("tls_append_default_CA") and has_authorities(view, "smtpd"):
        return view.setting("tls_append_default_CA")
    return None
