"""Terms of the SPF record stand behind `all`, where no receiver looks at them.

## What happens
`all` matches every sender, so evaluation ends there. Hosts that only a later term names get the result of
`all`: they may not send. It happens when a term is added at the end of the record.

## Bad
```main.cf spf-all-not-last@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 mx -all ip4:192.0.2.1"
example.com. 60 MX 10 mail.example.com.
mail.example.com. 60 A 192.0.2.2
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.com"
why.example.com. 60 TXT "see https://example.com/mail"
```

## When it is right
Never. Modifiers such as `exp=` may stand anywhere.

## References
- RFC 7208, section 5.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._sender_spf import PARAMETERS, SenderSpf, after_all, judged_trees, record_lines, with_all_last

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_all_not_last(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    ignored = after_all(spf)
    if ignored:
        terms = " ".join(term.text for term in ignored)
        yield spf.finding(
            f"{spf.mail}, and receivers ignore `{terms}` in its SPF record, which stands behind `all`"
            f" ({spf.asked})",
            mend="publish instead, if these may send:\n" + record_lines(spf.domain, with_all_last(spf)),
        )
