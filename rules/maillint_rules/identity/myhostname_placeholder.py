"""The host introduces itself by a name that no host on the Internet can have.

## What happens
`localhost.localdomain`, `mail.local`, `host.domain.tld` and the like stand in the file until somebody writes
the host's real name. As long as they do, the SMTP client says `EHLO localhost.localdomain`, the
`Received:` and `Message-ID:` headers carry the name, and so do the sender addresses of mail from programs
unless `myorigin` says otherwise. Receivers that look the name up find nothing: they refuse the mail or
count it as spam. And a receiver that has the same placeholder, such as another `localhost.localdomain`,
takes it for its own mail that loops back to it.

The rule knows the top-level domains that are reserved or that no registry hands out. Names of
`example.com` count as good, here and everywhere in maillint: they stand for the reader's own.

## Bad
```main.cf myhostname-placeholder@1
myhostname = localhost.localdomain
myorigin = example.com
```

```main.cf myhostname-placeholder@1
myhostname = mail.office.lan
myorigin = example.com
```

```main.cf myhostname-placeholder@2
# Advice only: this may be a network of its own.
myhostname = mail.office.lan
mydomain = office.lan
myorigin = $mydomain
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
```

```main.cf
myhostname = localhost.localdomain
default_transport = error:this host sends no mail
```

## When it is right
In a network that has its own DNS and no mail with the Internet. Where no domain of the Internet is named in
the configuration, the finding is advice, and so it is on a host that hands all its mail to a relay or has
its public name in `smtp_helo_name`. The rule says nothing where no mail leaves the host.

## References
- RFC 5321, section 4.1.1.1; RFC 6761, RFC 6762 appendix G, RFC 8375
- postconf(5) myhostname, smtp_helo_name
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, INFO, LOW, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._domains import ODD_HOST, is_good_name, why_placeholder
from ._names import Weight, keeps_to_itself, weight_of_name

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


_OWN_NETWORK = ("local", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "test")
_DOMAINS = (
    "mydomain",
    "myorigin",
    "mydestination",
    "relay_domains",
    "virtual_alias_domains",
    "virtual_mailbox_domains",
)


@rule(
    severity=ERROR,
    area="identity",
    parameters=("myhostname",),
    when_set=True,
    noted=("maillint_rules._domains", ODD_HOST),
)
def myhostname_placeholder(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("myhostname")
    reason = why_placeholder(value.text) if value.text else None
    if value.setting is None or reason is None or keeps_to_itself(config):
        return
    location = value.setting.value.location()
    weight = _weight(config, value.text or "")
    yield Finding(
        location,
        f"the host introduces itself as `{value.text}`, which cannot be its name on the Internet: {reason};"
        f" {weight.because or 'receivers cannot look it up, and refuse the mail or count it as spam'}",
        mend="write the name that the DNS has for this host, as in `myhostname = web01.example.com`",
        severity=weight.severity,
        confidence=weight.confidence,
        parameter="myhostname",
        related=set_here((*value.chain, weight.setting), but=location),
    )


def _weight(config: Configuration, name: str) -> Weight:
    """Advice where the name may be that of a host in a network of its own; else as any bad name."""
    weight = weight_of_name(config)
    if weight.severity is not None or not name.lower().endswith(tuple(f".{top}" for top in _OWN_NETWORK)):
        return weight
    view = config.main_view
    mentioned = (item.text for parameter in _DOMAINS for item in view.items(parameter))
    if any(map(is_good_name, mentioned)):
        return weight
    return Weight(INFO, LOW, "right in a network of its own, wrong as soon as mail goes to the Internet")
