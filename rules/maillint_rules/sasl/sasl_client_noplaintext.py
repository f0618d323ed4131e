"""The client may not log in by a plain password, and the relay has nothing else.

## What happens
By default `smtp_sasl_security_options` has `noplaintext`, and `smtp_sasl_tls_security_options`, which counts
under TLS, is the same. So smtp(8) never uses PLAIN and LOGIN. Nearly all relays have only these. The client
warns `SASL authentication failure: No worthy mechs found`, and mail stays in the queue: `SASL authentication
failed; cannot authenticate to server ...: no mechanism available`.

It is an error for providers that are known to have no other, and where `smtp_sasl_mechanism_filter` leaves
no other; else a warning.

## Bad
```main.cf sasl-client-noplaintext@5
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
```

```main.cf sasl-client-noplaintext@7
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noplaintext, noanonymous
smtp_sasl_mechanism_filter = plain, login
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

## When it is right
Where the relay has CRAM-MD5, SCRAM or the like, and Cyrus SASL has the plug-in for it.

## References
- postconf(5) smtp_sasl_security_options, smtp_sasl_tls_security_options; SASL_README
- Postfix source: smtp/smtp_sasl_proto.c smtp_sasl_helo_login()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import sasl_options, tls_level

from .._edits import settings_written
from ..delivery._smarthosts import MODULE, NO_MECHANISM, Fault, faults, finding, takes_only_plain

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_SWITCH = "smtp_sasl_auth_enable"
_WITHOUT_TLS = "smtp_sasl_security_options"
_UNDER_TLS = "smtp_sasl_tls_security_options"


@rule(
    severity=ERROR,
    area="sasl",
    parameters=(_SWITCH,),
    when_set=True,
    complete=True,
    noted=(MODULE, NO_MECHANISM),
)
def sasl_client_noplaintext(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, NO_MECHANISM):
        switch = fault.view.setting(_SWITCH)
        if switch is None:
            continue
        options = _options(fault)
        culprit = _culprit(fault, options)
        is_sure = takes_only_plain(fault.view, fault.provider)
        has = "has no other way to log in" if is_sure else "most likely has no other way to log in"
        yield from finding(
            fault,
            f"`{options}` has `noplaintext`{'' if culprit else ' by default'}, which rules out PLAIN"
            f" and LOGIN, and `{fault.server.host}` {has}: mail for it stays in the queue",
            _mend(options),
            at=(culprit or switch).value.location(),
            related=(switch, fault.route.value.setting),
            severity=None if is_sure else WARNING,
            confidence=HIGH if is_sure else MEDIUM,
            parameter=options,
            fix=_fix(options, culprit, switch, fault),
        )


def _options(fault: Fault) -> str:
    """The parameter that rules the login out, under TLS where there may be any."""
    level = tls_level(fault.route, fault.server)
    encrypts = fault.provider is not None and fault.provider.requires_tls
    return sasl_options(level or "", encrypts)[-1]


def _culprit(fault: Fault, options: str) -> Setting | None:
    """The setting with the word; None: it comes from the default."""
    return next(
        (
            setting
            for setting in fault.view.value(options).chain
            if "noplaintext" in setting.value.text.lower()
        ),
        None,
    )


def _mend(options: str) -> str:
    if options == _WITHOUT_TLS:
        return f"write `{_UNDER_TLS} = noanonymous` and `smtp_tls_security_level = encrypt`"
    return f"write `{_UNDER_TLS} = noanonymous`"


def _fix(options: str, culprit: Setting | None, switch: Setting, fault: Fault) -> Fix | None:
    title = "let plain passwords go under TLS"
    if options == _WITHOUT_TLS:
        return None
    if culprit is None or culprit.name == _WITHOUT_TLS:
        edits = settings_written(fault.view, {_UNDER_TLS: "noanonymous"}, culprit or switch)
        return Fix(title, edits) if edits is not None else None
    words = [word for word in culprit.value.text.replace(",", " ").split() if word.lower() != "noplaintext"]
    if not words or "$" in culprit.value.text:
        return None
    return Fix(title, (Edit(culprit.value.location(), ", ".join(words)),))
