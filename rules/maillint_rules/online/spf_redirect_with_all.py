"""The SPF record has `redirect=` beside `all`, so that nobody follows it.

## What happens
`redirect=` counts only where no mechanism matches, and `all` matches always: receivers ignore `redirect=`
(RFC 7208, 6.1), and the hosts that the other record names may not send. What was meant is `include:`.

## Bad
```main.cf spf-redirect-with-all@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 redirect=_spf.example.com ~all"
_spf.example.com. 60 TXT "v=spf1 ip4:192.0.2.2 -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.com ~all"
_spf.example.com. 60 TXT "v=spf1 ip4:192.0.2.2 -all"
```

## When it is right
Never.

## References
- RFC 7208, section 6.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._sender_spf import PARAMETERS, SenderSpf, ignored_redirect, judged_trees, record_lines, with_include

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_redirect_with_all(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    redirect = ignored_redirect(spf)
    if redirect is not None:
        yield spf.finding(
            f"{spf.mail}, and receivers ignore `{redirect.text}` in its SPF record, because the record has"
            " `all`"
            f" as well ({spf.asked})",
            mend="publish instead:\n" + record_lines(spf.domain, with_include(spf)),
        )
