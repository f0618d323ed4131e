"""The hosts of a domain all send as the same root.

## What happens
`masquerade_domains` takes the host's name out of senders: the reports of `root@web01.example.com` and
`root@web02.example.com` both come from `root@example.com`, and nobody sees whose they are. An exception for
root keeps the name of its host.

This is advice for who asks for it: the rule is off until it is selected.

## Bad
```main.cf masquerade-hides-root@4
myhostname = web01.example.com
myorigin = $myhostname
compatibility_level = 3.6
masquerade_domains = example.com
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $myhostname
compatibility_level = 3.6
masquerade_domains = example.com
masquerade_exceptions = root
```

## When it is right
Where the sender of such reports does not matter, or the headers are read as well.

## References
- postconf(5) masquerade_domains, masquerade_exceptions
- ADDRESS_REWRITING_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._edits import lines_below

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="identity",
    parameters=("masquerade_domains",),
    when_set=True,
    complete=True,
    each=VIEW,
    default=False,
)
def masquerade_hides_root(view: View) -> Iterator[Finding]:
    value, exceptions = view.value("masquerade_domains"), view.value("masquerade_exceptions")
    if value.setting is None or not value.text or exceptions.text != "":
        return
    fix = None
    if value.setting.service is None and exceptions.setting is None:
        fix = Fix("except root", (lines_below(value.setting, "masquerade_exceptions = root\n"),))
    yield Finding(
        value.setting.value.location(),
        "the reports of root come from the same address on all hosts of the domain",
        mend="write `masquerade_exceptions = root`",
        parameter="masquerade_domains",
        fix=fix,
    )
