"""TLS reports are switched on, but cannot be made.

## What happens
smtp(8) hands what it saw of TLS to a collector behind the socket `smtp_tlsrpt_socket_name`. Where that is
empty, or the DNS is switched off, it warns and makes no reports. lmtp(8) makes none at all.

## Bad
```main.cf tlsrpt-without-socket@1 postfix=3.11
smtp_tlsrpt_enable = yes
myhostname = mail.example.com
myorigin = example.com
```

## Good
```main.cf fragment postfix=3.11
smtp_tlsrpt_enable = yes
smtp_tlsrpt_socket_name = run/tlsrpt/tlsrpt.sock
```

## What Postfix says
```witness deliver user@example.net since=3.10
postfix/smtp: warning: TLSRPT: parameter smtp_tlsrpt_socket_name has empty value -- TLSRPT will be disabled
```

## When it is right
Never.

## References
- postconf(5) smtp_tlsrpt_enable, smtp_tlsrpt_socket_name; TLSRPT_README
- Postfix source: smtp/smtp_tlsrpt.c, smtp/smtp.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._told import told
from .._uses import clients_of, may_stand_elsewhere

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_SWITCHES = ("smtp_tlsrpt_enable", "lmtp_tlsrpt_enable")


@rule(severity=WARNING, area="tls", parameters=_SWITCHES, when_set=True, each=VIEW)
def tlsrpt_without_socket(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_tlsrpt_enable"):
        switch = view.value(f"{client}_tlsrpt_enable")
        if switch.setting is None or not view.boolean(f"{client}_tlsrpt_enable") or told(switch):
            continue
        socket, support = f"{client}_tlsrpt_socket_name", view.value(f"{client}_dns_support_level")
        if client == "lmtp":
            why, mend = "`lmtp` makes none", "remove the line"
        elif (support.text or "").lower() == "disabled":
            why, mend = "the DNS is switched off", "write `smtp_dns_support_level = enabled`"
        elif view.value(socket).text == "" and not may_stand_elsewhere(view, socket):
            why, mend = f"`{socket}` is empty", f"write `{socket} = run/tlsrpt/tlsrpt.sock`"
        else:
            continue
        yield Finding(
            switch.setting.value.location(),
            f"there will be no TLS reports: {why}",
            mend=mend,
            parameter=f"{client}_tlsrpt_enable",
            related=set_here((view.setting(socket), support.setting)),
        )
