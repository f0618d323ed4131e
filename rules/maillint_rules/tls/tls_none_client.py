"""Mail leaves in clear text, even to servers that offer TLS.

## What happens
At the level `none` the client never asks for TLS, so everybody on the way can read the mail. Nearly all
mail servers offer TLS; Gmail shows a red, open lock next to mail that came without, and some receivers do
not take it at all. `may` uses TLS where it is offered, and costs nothing.

Before Postfix 3.11, and later with a lower `compatibility_level`, the level is empty by default, which
means the same as `none`. The rule speaks only of a level that is set.

## Bad
```main.cf tls-none-client@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = none
```

```main.cf tls-none-client@4
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = example.com
smtp_tls_security_level =
relayhost = [smtp.example.net]
inet_interfaces = loopback-only
```

### By the old names
```main.cf tls-none-client@5 deprecated-parameter@4 deprecated-parameter@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_enforce_tls = no
smtp_use_tls = no
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = may
```

```main.cf
# The relay is in the same network.
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = example.com
smtp_tls_security_level = none
relayhost = [10.0.0.25]
inet_interfaces = loopback-only
```

## When it is right
Where all mail goes through a tunnel or to a host in the same rack.

## References
- postconf(5) smtp_tls_security_level; TLS_README, "Opportunistic TLS"
- Google, "Email sender guidelines"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_public
from maillint.engine.finding import HIGH, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.host_port import host_port
from maillint.postfix.route import DIRECT, RELAY, client_view, default_route
from maillint.postfix.tls import NONE, client_level, has_policies
from maillint.reserved import is_for_examples, reserved

from .._chain import set_here
from .._told import told
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "smtp_tls_security_level"
_SWITCHES = ("smtp_use_tls", "smtp_enforce_tls")


@rule(
    severity=WARNING,
    area="tls",
    parameters=(_LEVEL, *_SWITCHES),
    when_set=True,
    noted=("maillint_rules._words", NONE, f"{_LEVEL} =", REFERENCE, *_SWITCHES),
    complete=True,
    security=True,
)
def tls_none_client(config: Configuration) -> Iterator[Finding]:
    route = default_route(config)
    view = client_view(config, route)
    setting = next(
        (found for name in (_LEVEL, *_SWITCHES) if (found := view.setting(name)) is not None), None
    )
    if setting is None or any(
        told(view.value(name)) for name in (setting.name, "relayhost", "default_transport")
    ):
        return
    # A password in clear text is the matter of sasl-client-cleartext.
    if (
        client_level(view, "smtp") != NONE
        or has_policies(view, "smtp")
        or view.boolean("smtp_sasl_auth_enable")
    ):
        return
    if route.kind == RELAY and not _is_far(route.nexthop):
        return
    if route.kind not in (DIRECT, RELAY):
        return
    location = setting.value.location() if setting.value.text else setting.name_location
    where = f"through `{route.nexthop}`" if route.kind == RELAY else "to all other mail servers"
    is_level = setting.name == _LEVEL and bool(setting.value.text)
    yield Finding(
        location,
        f"mail goes {where} in clear text, even where TLS is offered",
        mend=f"write `{_LEVEL} = may`",
        confidence=MEDIUM if route.kind == RELAY else HIGH,
        parameter=setting.name,
        related=set_here((route.setting,), but=location),
        fix=Fix(f"write `{_LEVEL} = may`", (Edit(location, "may"),)) if is_level else None,
    )


def _is_far(nexthop: str) -> bool:
    """Whether the way to a relay leads through the Internet, as far as its name or address tells."""
    host = host_port(nexthop, None, "smtp").host.strip("[]").removeprefix("IPv6:")
    public = is_public(host)
    if public is not None:
        return public
    name = host.lower()
    return "." in name and (is_for_examples(name) or reserved(name) is None)
