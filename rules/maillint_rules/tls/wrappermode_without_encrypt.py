"""The client is to begin with TLS at once, but at a level that does not require TLS.

## What happens
`smtp_tls_wrappermode` needs the level `encrypt` or a stronger one. Without it smtp(8) connects nowhere: it
logs `smtp_tls_wrappermode requires "smtp_tls_security_level = encrypt" (or stronger)`, and all mail is
deferred.

## Bad
```main.cf wrappermode-without-encrypt@2 fragment
relayhost = [127.0.0.1]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = may
```

### In master.cf
```master.cf wrappermode-without-encrypt@2 fragment
smtps unix - - n - - smtp
  -o smtp_tls_wrappermode=yes -o smtp_tls_security_level=none
```

## Good
```main.cf fragment
relayhost = [127.0.0.1]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: smtp_tls_wrappermode requires "smtp_tls_security_level = encrypt" (or stronger)
```

## When it is right
Never, unless a table of TLS policies has a stronger level for every destination; where there is such a table
the rule says nothing.

## References
- postconf(5) smtp_tls_wrappermode
- Postfix source: smtp/smtp_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import ENCRYPT, MAY, NONE, client_level, has_policies

from .._chain import set_here
from .._told import told
from .._uses import clients_of, may_stand_elsewhere

if TYPE_CHECKING:
    from maillint.postfix.configuration import Value, View

_PARAMETERS = ("smtp_tls_wrappermode", "lmtp_tls_wrappermode")


@rule(severity=ERROR, area="tls", parameters=_PARAMETERS, when_set=True, each=VIEW)
def wrappermode_without_encrypt(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_tls_wrappermode"):
        wrapper = view.value(f"{client}_tls_wrappermode")
        level = view.value(f"{client}_tls_security_level")
        if wrapper.setting is None or not view.boolean(f"{client}_tls_wrappermode"):
            continue
        if client_level(view, client) not in (NONE, MAY) or has_policies(view, client):
            continue
        if told(wrapper) or told(level) or may_stand_elsewhere(view, f"{client}_tls_security_level"):
            continue
        yield Finding(
            wrapper.setting.value.location(),
            f"no mail leaves: `{client}_tls_wrappermode` needs a TLS level of `encrypt` or more, and it is"
            f" `{client_level(view, client)}`",
            mend=f"write `{client}_tls_security_level = encrypt`",
            parameter=f"{client}_tls_wrappermode",
            related=set_here((level.setting,)),
            fix=_fix(wrapper, level),
        )


def _fix(wrapper: Value, level: Value) -> Fix | None:
    """Only where the level stands beside the wrapper mode, and so is not for others as well."""
    first, second = wrapper.setting, level.setting
    if first is None or second is None or first.service is not second.service:
        return None
    if len(level.chain) > 1 or not level.text:
        return None
    return Fix("require TLS", (Edit(second.value.location(), ENCRYPT),))
