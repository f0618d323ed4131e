"""No client can reach the score at which postscreen(8) acts.

## What happens
Each list in `postscreen_dnsbl_sites` that has the client adds its weight, 1 without a `*`. When the sum is at
least `postscreen_dnsbl_threshold`, postscreen does what `postscreen_dnsbl_action` says. Where all weights
together are less, it never does.

## Bad
```main.cf postscreen-threshold-unreachable@3 fragment
postscreen_dnsbl_action = enforce
postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.[2..11]*2, bl.spamcop.net, list.dnswl.org*-2
postscreen_dnsbl_threshold = 4
```

## Good
```main.cf fragment
postscreen_dnsbl_action = enforce
postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.[2..11]*2, bl.spamcop.net
postscreen_dnsbl_threshold = 3
```

```main.cf fragment
# The lists are only there to let known good hosts in.
postscreen_dnsbl_sites = list.dnswl.org=127.0.[0..255].[1..3]*-2
postscreen_dnsbl_allowlist_threshold = -2
```

## When it is right
Never.

## References
- postconf(5) postscreen_dnsbl_sites, postscreen_dnsbl_threshold; POSTSCREEN_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.dnsbl import site

from .._chain import set_here
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_SITES = "postscreen_dnsbl_sites"
_THRESHOLD = "postscreen_dnsbl_threshold"
_ACTION = "postscreen_dnsbl_action"


@rule(severity=WARNING, area="restrictions", parameters=(_SITES,), when_set=True, each=VIEW)
def postscreen_threshold_unreachable(view: View) -> Iterator[Finding]:
    if view.service is not None and view.daemon != "postscreen":
        return
    sites, limit = view.value(_SITES), view.value(_THRESHOLD)
    if sites.setting is None or not sites.text or limit.text is None or not limit.text.isdecimal():
        return
    if view.value(_ACTION).text not in ("enforce", "drop") or told(sites) or told(limit):
        return
    weights = [site(item.text).weight for item in view.items(_SITES)]
    total = sum(weight for weight in weights if weight is not None and weight > 0)
    if None in weights or total >= int(limit.text):
        return
    place = limit.setting.value.location() if limit.setting is not None else sites.setting.value.location()
    yield Finding(
        place,
        f"postscreen never turns a client away for `{_SITES}`: one that is in all lists scores {total}, and"
        f" `{_THRESHOLD}` is {limit.text}",
        mend=f"write `{_THRESHOLD} = {total}` or less" if total > 0 else f"add a list to `{_SITES}`",
        parameter=_THRESHOLD,
        related=set_here((sites.setting,), but=place),
    )
