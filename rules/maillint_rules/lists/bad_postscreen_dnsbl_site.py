"""An entry of postscreen_dnsbl_sites that postscreen cannot read stops it.

## What happens
An entry is `DOMAIN`, `DOMAIN=FILTER`, and `*WEIGHT` behind either. With a domain that is no name of a host, a
filter that is not four numbers or sets between dots, or a weight that is no whole number, postscreen ends
with a fatal error when it starts, and nobody can hand over mail.

## Bad
```main.cf bad-postscreen-dnsbl-site@1 fragment
postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.[2..11]*high, bl.spamcop.net
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
```

```main.cf bad-postscreen-dnsbl-site@1 fragment
postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.2-11*3
```

```main.cf bad-postscreen-dnsbl-site@1 fragment
postscreen_dnsbl_sites = https://zen.spamhaus.org*3
```

## Good
```main.cf fragment
postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.[2..11]*3, bl.spamcop.net,
  list.dnswl.org=127.0.[0..255].[1..3]*-2
```

## What Postfix says
```witness knock bad=1
postfix/postscreen: fatal: bad DNSBL weight factor "high" in "zen.spamhaus.org=127.0.0.[2..11]*high"
```

## When it is right
Never.

## References
- postconf(5) postscreen_dnsbl_sites
- Postfix source: postscreen/postscreen_dnsbl.c psc_dnsbl_add_site()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.dnsbl import is_filter, site
from maillint.postfix.typed import is_hostname

from .._programs import readers
from .._values import judged_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SITES = "postscreen_dnsbl_sites"


@rule(severity=ERROR, area="lists", parameters=(_SITES,), when_set=True)
def bad_postscreen_dnsbl_site(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name != _SITES:
            continue
        who = readers(judged)
        for item in judged.view.items(_SITES):
            mistake = _mistake(item.text) if item.known else None
            if who is not None and mistake is not None and item.location is not None:
                why, mend = mistake
                yield Finding(
                    item.location,
                    f"{why}: {who.halt}",
                    mend=mend,
                    severity=None if who.are_here else WARNING,
                    parameter=_SITES,
                    services=who.services,
                )


def _mistake(text: str) -> tuple[str, str] | None:
    """Why postscreen cannot read an entry, and what to do; None: it can."""
    found = site(text)
    if found.weight is None:
        return f"the weight of `{text}` is no whole number", "write a number behind the `*`, such as `*2`"
    if "=" in text.partition("*")[0] and not is_filter(found.filter):
        return (
            f"`{found.filter}` is no filter for the answers of a DNS list",
            "write four numbers or sets between dots, such as `127.0.0.[2..11]`",
        )
    if not is_hostname(found.domain):
        return (
            f"`{found.domain}` is no domain",
            "write the domain of the list alone, such as `zen.spamhaus.org`",
        )
    return None
