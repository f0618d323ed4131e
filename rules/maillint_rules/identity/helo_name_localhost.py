"""The SMTP client greets the Internet as localhost, or by a name without a domain.

## What happens
`smtp_helo_name` is what the SMTP client says behind EHLO. RFC 5321 wants the full name of the host there,
or its address in brackets. With `localhost` or a short name, receivers answer `501 5.5.4` or
`504 5.5.2 Helo command rejected: need fully-qualified hostname`, and others count it against the mail.

The rule leaves `-o smtp_helo_name` of services alone that do not deliver to the Internet by default: a
content filter on the same host may well be greeted as `localhost`. It has nothing to say about
`lmtp_lhlo_name`, as LMTP stays within a site.

## Bad
```main.cf helo-name-localhost@2
myhostname = mail.example.com
smtp_helo_name = localhost
myorigin = example.com
```

```main.cf helo-name-localhost@2
myhostname = mail.example.com
smtp_helo_name = mail
myorigin = example.com
```

```main.cf
myhostname = mail.example.com
myorigin = example.com
```
```master.cf helo-name-localhost@3
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
  -o smtp_helo_name=localhost.localdomain
```

## Good
```main.cf
myhostname = mail.example.com
smtp_helo_name = $myhostname
myorigin = example.com
```

```main.cf
myhostname = mail.example.com
myorigin = example.com
content_filter = amavis:[127.0.0.1]:10024
```
```master.cf
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
amavis unix - - n - 2 smtp
  -o smtp_helo_name=localhost
```

## When it is right
Where all mail goes to a relay that does not look at the greeting.

## References
- RFC 5321, sections 2.3.5 and 4.1.1.1
- postconf(5) smtp_helo_name, reject_non_fqdn_helo_hostname
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, INFO, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.sender import NOWHERE, RELAY, default_route
from maillint.postfix.typed import is_hostname

from .._chain import set_here
from .._domains import is_good_name, why_placeholder
from ._names import is_default_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View


@rule(severity=ERROR, area="identity", parameters=("smtp_helo_name",), when_set=True, each=VIEW)
def helo_name_localhost(view: View) -> Iterator[Finding]:
    config = view.configuration
    value = view.value("smtp_helo_name")
    setting, name = value.setting, value.text
    if setting is None or not name or not is_hostname(name) or is_good_name(name):
        return
    if len(value.chain) > 1 or (setting.service is not None and not is_default_client(view)):
        return
    route = default_route(config)
    if route.kind == NOWHERE:
        return
    location = setting.value.location()
    relayed = f"the relay `{route.nexthop}` sees it" if route.kind == RELAY else ""
    yield Finding(
        location,
        f"the SMTP client introduces itself as `{name}`: {_reason(name)}, and many receivers refuse that"
        + (f" ({relayed})" if relayed else ""),
        mend="write `smtp_helo_name = $myhostname`, or remove the line: that is the default",
        severity=INFO if relayed else None,
        parameter="smtp_helo_name",
        related=set_here((route.setting,)),
        fix=_fix(config, view),
    )


def _reason(name: str) -> str:
    return why_placeholder(name) or "it is a name without a domain"


def _fix(config: Configuration, view: View) -> Fix | None:
    """Only where the default is known to be better, or at least not known to be as bad."""
    setting = view.setting("smtp_helo_name")
    name = view.value("myhostname").text
    if setting is None or (name is not None and not is_good_name(name)):
        return None
    return Fix("greet as `$myhostname`", (Edit(setting.value.location(), "$myhostname"),))
