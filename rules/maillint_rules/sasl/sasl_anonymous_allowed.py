"""A login without name and password is allowed.

## What happens
`noanonymous` in `smtpd_sasl_security_options` keeps the mechanism ANONYMOUS away. Without it, Cyrus SASL
offers that mechanism wherever its module is installed, and anybody may "log in": for
`permit_sasl_authenticated` that is a user, who may send mail to anywhere. Dovecot offers it only where
`auth_mechanisms` has it.

## Bad
```main.cf sasl-anonymous-allowed@2 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noplaintext
```

### Dovecot
```main.cf sasl-anonymous-allowed@3 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_security_options =
```

### With TLS
```main.cf sasl-anonymous-allowed@3 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noplaintext, noanonymous
smtpd_sasl_tls_security_options =
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noplaintext, noanonymous
smtpd_sasl_tls_security_options = noanonymous
```

## When it is right
Never.

## References
- postconf(5) smtpd_sasl_security_options, smtpd_sasl_tls_security_options; SASL_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._items import appended
from .._told import told
from .._words import ANONYMOUS

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_PLAIN = "smtpd_sasl_security_options"
_TLS = "smtpd_sasl_tls_security_options"
_SASL = "smtpd_sasl_auth_enable"
_NEEDED = "noanonymous"


@rule(
    severity=ERROR,
    area="sasl",
    parameters=(_PLAIN, _TLS),
    when_set=True,
    noted=("maillint_rules._words", ANONYMOUS),
    each=VIEW,
    security=True,
)
def sasl_anonymous_allowed(view: View) -> Iterator[Finding]:
    if not view.boolean(_SASL) or (view.service is not None and view.daemon != "smtpd"):
        return
    for name in (_PLAIN, _TLS):
        value = view.value(name)
        setting = value.setting
        if setting is None or value.text is None or told(value) or value.chain[1:]:
            continue  # What comes out of the other one is told there.
        if name == _PLAIN and view.boolean("smtpd_tls_auth_only"):
            continue  # Without TLS there is no login.
        if _NEEDED in {item.text.lower() for item in value.items(braces=False)}:
            continue
        dovecot = view.value("smtpd_sasl_type").text == "dovecot"
        yield Finding(
            setting.value.location() if setting.value.text else setting.name_location,
            f"`{name}` does not forbid anonymous logins: "
            + (
                "should Dovecot offer them, anybody counts as logged in, and may send to anywhere"
                if dovecot
                else "Cyrus SASL offers them where it can, and then anybody may send to anywhere"
            ),
            mend=f"add `{_NEEDED}`",
            severity=WARNING if dovecot else ERROR,
            parameter=name,
            related=set_here((view.setting(_SASL),)),
            fix=_fix(setting),
        )


def _fix(setting: Setting) -> Fix | None:
    if setting.service is not None or not setting.value.text:
        return None
    return Fix(f"add `{_NEEDED}`", (appended(setting, _NEEDED),))
