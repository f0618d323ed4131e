"""Mail from programs leaves with a sender domain that does not exist.

## What happens
`myorigin` completes addresses without a domain, such as those of cron and of PHP's `mail()`. Of `localhost`,
a name without a dot, or one in `.local` or `.lan`, the DNS knows nothing: receivers answer `450 4.1.8` or
`550 5.1.8 Sender address rejected: Domain not found`, or take the mail for spam, and no bounce ever comes
back.

What `myorigin` has from `myhostname` is judged by the rules about that.

## Bad
```main.cf myorigin-local@2
myhostname = web01.example.com
myorigin = localhost
inet_interfaces = loopback-only
compatibility_level = 3.6
```

```main.cf myorigin-local@2
myhostname = web01.example.com
myorigin = web01.lan
inet_interfaces = loopback-only
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
inet_interfaces = loopback-only
compatibility_level = 3.6
```

```main.cf
# A table gives senders their domain.
myhostname = web01.example.com
myorigin = localhost
inet_interfaces = loopback-only
smtp_generic_maps = inline:{ { @localhost = website@example.com } }
compatibility_level = 3.6
```

## What Postfix says
```witness deliver user bad=2
...: to=<user@web01.lan>, orig_to=<user>, ...
```

## When it is right
On a host whose mail stays in a network of its own, or whose relay rewrites it.

## References
- postconf(5) myorigin
- RFC 5321, section 2.3.5
- BASIC_CONFIGURATION_README, "What domain name to use in outbound mail"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.sender import DIRECT, NOWHERE, RELAY, default_route, program_sender
from maillint.postfix.typed import is_hostname

from .._chain import set_here
from .._domains import ODD_ORIGIN, is_good_name, is_qualified, why_placeholder
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value
    from maillint.postfix.sender import Route


@rule(
    severity=ERROR,
    area="identity",
    parameters=("myorigin",),
    when_set=True,
    noted=("maillint_rules._domains", ODD_ORIGIN),
)
def myorigin_local(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("myorigin")
    if value.setting is None or told(value) or not _is_its_own(config, value):
        return
    sender = program_sender(config)
    if (
        sender is None
        or sender.parameter != "myorigin"
        or not sender.domain
        or not is_hostname(sender.domain)
    ):
        return
    route = default_route(config)
    if is_good_name(sender.domain) or route.kind == NOWHERE:
        return
    why = why_placeholder(sender.domain) or f"`{sender.domain}` is no full domain name"
    severity, confidence = _weight(route)
    mend = _mend(config)
    relayed = f"; only the relay `{route.nexthop}` can mend that" if route.kind == RELAY else ""
    yield Finding(
        value.setting.value.location(),
        f"mail from programs leaves as `user@{sender.domain}`, and {why}: receivers refuse a sender whose"
        f" domain they cannot look up{relayed}",
        mend=f"write `myorigin = {mend}`",
        severity=severity,
        confidence=confidence,
        parameter="myorigin",
        related=set_here((*value.chain[1:], route.setting)),
        fix=Fix(f"write `myorigin = {mend}`", (Edit(value.setting.value.location(), mend),), safe=False)
        if mend.startswith("$")
        else None,
    )


def _is_its_own(config: Configuration, value: Value) -> bool:
    """Whether the host's own name is good, and nothing of it comes from there: that has rules of its own."""
    host = config.main_view.value("myhostname")
    if host.setting is not None and host.text is not None and not is_good_name(host.text):
        return False
    names = {setting.name for setting in value.chain}
    assert value.setting is not None
    text = value.setting.value.text
    return (
        "myhostname" not in text
        and "myhostname" not in names
        and ("mydomain" not in text or "mydomain" in names)
    )


def _weight(route: Route) -> tuple[str, str]:
    if route.kind == RELAY:
        return INFO, HIGH
    return (ERROR, HIGH) if route.kind == DIRECT else (WARNING, MEDIUM)


def _mend(config: Configuration) -> str:
    domain = config.main_view.value("mydomain").text
    return "$mydomain" if domain and is_qualified(domain) and is_good_name(domain) else "example.com"
