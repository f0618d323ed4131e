"""The SMTP client greets with an address instead of a name.

## What happens
Behind EHLO belongs the full name of the host. A bare address is no name at all: many receivers refuse it
(`501 Syntax error in parameters`, `504 5.5.2 need fully-qualified hostname`). An address in brackets is
allowed for hosts without a name (RFC 5321), and so it counts against the mail: a mail server has one.

## Bad
```main.cf helo-name-literal-ip@2
myhostname = mail.example.com
smtp_helo_name = 192.0.2.25
myorigin = $mydomain
compatibility_level = 3.6
```

```main.cf helo-name-literal-ip@3
# Advice only.
myhostname = mail.example.com
smtp_helo_name = [192.0.2.25]
myorigin = $mydomain
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = mail.example.com
smtp_helo_name = $myhostname
myorigin = $mydomain
compatibility_level = 3.6
```

## When it is right
Where all mail goes to a relay that does not look at the greeting.

## References
- RFC 5321, sections 4.1.1.1 and 4.1.3
- postconf(5) smtp_helo_name
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.host_port import address_family
from maillint.postfix.sender import NOWHERE, RELAY, default_route

from .._chain import set_here
from .._domains import is_good_name
from ._names import is_default_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=WARNING, area="identity", parameters=("smtp_helo_name",), when_set=True, each=VIEW)
def helo_name_literal_ip(view: View) -> Iterator[Finding]:
    value = view.value("smtp_helo_name")
    setting, name = value.setting, value.text or ""
    if (
        setting is None
        or len(value.chain) > 1
        or (setting.service is not None and not is_default_client(view))
    ):
        return
    is_literal = name.startswith("[") and name.endswith("]")
    route = default_route(view.configuration)
    bare = name.strip("[]").lower().removeprefix("ipv6:")
    if address_family(bare) is None or route.kind == NOWHERE:
        return
    host = view.value("myhostname").text
    is_known = host is not None and is_good_name(host)
    why = (
        "receivers count that against the mail"
        if is_literal
        else "that is no name, and many receivers refuse it"
    )
    yield Finding(
        setting.value.location(),
        f"the SMTP client introduces itself as `{name}`: {why}",
        mend="write `smtp_helo_name = $myhostname`, or remove the line: that is the default",
        severity=INFO if is_literal or route.kind == RELAY else None,
        parameter="smtp_helo_name",
        related=set_here((route.setting,)),
        fix=Fix("greet as `$myhostname`", (Edit(setting.value.location(), "$myhostname"),), safe=False)
        if is_known
        else None,
    )
