"""The host, its domain and the domain of its mail do not belong together.

## What happens
`myhostname` names the host, `mydomain` its domain, `myorigin` the domain of mail from programs. Usually the
host is in the domain and the mail is of it: `web01.example.com`, `example.com`, `example.com`. Where one of
them is of somebody else's domain, it is mostly left over from a sample or from another machine, or
misspelt. `$mydomain`, where `mydestination` and other settings refer to it, then means a domain that the
host does not have; and mail of a domain that is not the host's own has an SPF record that does not know
this host, so that receivers refuse it.

The rule counts two names as related when one is in the other or both agree in their last two parts, and
a `myorigin` as the host's own when the host receives mail for it.

## Bad
```main.cf mydomain-mismatch@2
myhostname = mail.example.com
mydomain = example.net
myorigin = $mydomain
```

```main.cf mydomain-mismatch@2
myhostname = web01.example.com
myorigin = example.org
inet_interfaces = loopback-only
```

```main.cf mydomain-mismatch@3
myhostname = web01.example.com
mydomain = example.com
myorigin = examlpe.com
```

## Good
```main.cf
myhostname = web01.example.com
mydomain = example.com
myorigin = $mydomain
```

```main.cf
# One host, several domains: mail is of one that is received here.
myhostname = mail.example.com
myorigin = example.org
mydestination = $myhostname, localhost, example.org
```

## When it is right
A host that a provider has named, `vps123.provider.example`, may well have mail of your domain only; what
matters is that the SPF record of that domain names it.

## References
- postconf(5) myhostname, mydomain, myorigin
- BASIC_CONFIGURATION_README, "What domain name to use in outbound mail"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest

from .._chain import set_here
from .._domains import FOREIGN, belong_together, is_chosen, is_qualified

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value

_RECEIVED = ("mydestination", "virtual_mailbox_domains", "virtual_alias_domains", "relay_domains")


@rule(
    severity=WARNING,
    area="identity",
    parameters=("mydomain", "myorigin"),
    when_set=True,
    noted=("maillint_rules._domains", FOREIGN),
)
def mydomain_mismatch(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    host, domain, origin = (view.value(name) for name in ("myhostname", "mydomain", "myorigin"))
    if not is_chosen(host):
        return
    if is_chosen(domain) and not belong_together(host, domain):
        yield _foreign_domain(host, domain, origin)
    elif is_chosen(origin) and not any(belong_together(own, origin) for own in (host, domain)):
        yield from _foreign_origin(config, host, domain, origin)


def _foreign_domain(host: Value, domain: Value, origin: Value) -> Finding:
    assert domain.setting is not None and host.text is not None and domain.text is not None
    location = domain.setting.value.location()
    leads_to_mail = domain.setting in origin.chain
    mail = f"; mail from programs leaves as `user@{origin.text}`" if leads_to_mail and origin.text else ""
    return Finding(
        location,
        f"the host `{host.text}` is not in its own domain `{domain.text}`{mail}",
        mend=_mend(host, "mydomain"),
        confidence=MEDIUM,
        parameter="mydomain",
        related=set_here((*host.chain, *origin.chain), but=location),
    )


def _foreign_origin(config: Configuration, host: Value, domain: Value, origin: Value) -> Iterator[Finding]:
    assert origin.setting is not None and origin.text is not None and host.text is not None
    text = origin.text.lower()
    for name in _RECEIVED:
        if any(
            not item.known or ":" in item.text or item.text.lower() == text
            for item in config.main_view.items(name)
        ):
            return
    location = origin.setting.value.location()
    own = [name.lower() for name in (host.text, domain.text) if name and is_qualified(name)]
    meant = nearest(text, own)
    which = "is not a domain of this host" if meant is None else f"is nearly `{meant}`, but not quite"
    yield Finding(
        location,
        f"mail from programs leaves as `user@{origin.text}`, which {which} (`{host.text}`);"
        " unless the SPF record of that domain names this host, receivers refuse the mail",
        mend=f"write `myorigin = {meant}`" if meant is not None else _mend(host, "myorigin"),
        confidence=MEDIUM if meant is None else HIGH,
        parameter="myorigin",
        related=set_here((*host.chain, *domain.chain), but=location),
    )


def _mend(host: Value, parameter: str) -> str:
    assert host.text is not None
    parent = host.text.partition(".")[2]
    domain = parent if "." in parent else host.text
    return (
        f"write `{parameter} = {domain}` if that is the domain that is meant;"
        " else correct `myhostname`, or see that the SPF record of the mail's domain names this host"
    )
