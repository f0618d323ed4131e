"""The client is to log in, but has no table of passwords.

## What happens
smtp(8) ends with `fatal: specify a password table via the `smtp_sasl_password_maps' configuration parameter`
whenever it is started, and no mail leaves by it.

## Bad
```main.cf sasl-client-no-password-maps@1
smtp_sasl_auth_enable = yes
relayhost = [127.0.0.1]:2525
myhostname = mail.example.com
myorigin = example.com
```

### In master.cf
```main.cf
myhostname = mail.example.com
myorigin = example.com
```
```master.cf sasl-client-no-password-maps@2
provider unix - - n - - smtp
  -o smtp_sasl_auth_enable=yes
```

## Good
```main.cf fragment postfix=3.7
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
relayhost = [127.0.0.1]:2525
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: fatal: specify a password table via the `smtp_sasl_password_maps' configuration parameter
```

## When it is right
Never.

## References
- postconf(5) smtp_sasl_auth_enable, smtp_sasl_password_maps; SASL_README
- Postfix source: smtp/smtp_sasl_glue.c smtp_sasl_initialize()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._told import told
from .._uses import clients_of, may_stand_elsewhere

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_SWITCHES = ("smtp_sasl_auth_enable", "lmtp_sasl_auth_enable")


@rule(severity=ERROR, area="sasl", parameters=_SWITCHES, when_set=True, each=VIEW)
def sasl_client_no_password_maps(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_sasl_auth_enable"):
        switch, maps = view.value(f"{client}_sasl_auth_enable"), view.value(f"{client}_sasl_password_maps")
        if switch.setting is None or not view.boolean(f"{client}_sasl_auth_enable") or maps.text != "":
            continue
        if told(switch) or told(maps) or may_stand_elsewhere(view, f"{client}_sasl_password_maps"):
            continue
        yield Finding(
            switch.setting.value.location(),
            f"`{client}` is to log in, but `{client}_sasl_password_maps` is empty: it ends with a fatal"
            " error, and no mail leaves by it",
            mend=f"write `{client}_sasl_password_maps = TYPE:NAME`, or `{client}_sasl_auth_enable = no`",
            parameter=f"{client}_sasl_auth_enable",
            related=set_here((maps.setting,)),
        )
