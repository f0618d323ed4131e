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

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
```

## When it is right
On a host that hands all its mail to a relay inside the same network, or that sends none. The finding is
advice there, and where `smtp_helo_name` gives the public name.

## References
- RFC 5321, section 4.1.1.1; RFC 6761, RFC 6762 appendix G, RFC 8375
- postconf(5) myhostname, smtp_helo_name
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ._names import weight_of_name, why_placeholder

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="identity", parameters=("myhostname",), when_set=True)
def myhostname_placeholder(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("myhostname")
    reason = why_placeholder(value.text) if value.text else None
    if value.setting is None or reason is None:
        return
    location = value.setting.value.location()
    weight = weight_of_name(config)
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
