"""An OK from a table that must not permit.

## What happens
What `check_client_ns_access`, `check_sender_mx_access` and their kin look up comes from the DNS of strangers,
as does the name that `check_reverse_client_hostname_access` sees. So smtpd lets them refuse but not permit:
when the table says `OK`, `RELAY` or a number, it logs `this is not allowed for security reasons` and answers
`451 4.3.5 Server configuration error`.

## Bad
```main.cf forbidden-access-result@1 fragment
smtpd_client_restrictions = check_reverse_client_hostname_access static:OK
```

```main.cf forbidden-access-result@1 fragment
smtpd_sender_restrictions = check_sender_mx_access inline:{mx.example.com=OK, example.net=REJECT}
```

## Good
```main.cf fragment
smtpd_client_restrictions = check_client_access inline:{192.0.2.1=OK}
smtpd_sender_restrictions = check_sender_mx_access inline:{mx.example.com=DUNNO, example.net=REJECT}
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: restriction check_reverse_client_hostname_access returns OK for unknown
postfix/smtpd: warning: this is not allowed for security reasons
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- postconf(5) check_sender_mx_access
- Postfix source: smtpd/smtpd_check.c (forbid_allowlist)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.access_result import NEVER_PERMITS, access_result, forbids
from maillint.postfix.restrictions import table_argument
from maillint.syntax.lists import open_group, split_list

from ._lists import LISTS, SERVER_ERROR, WITH_CONTENTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", WITH_CONTENTS),
)
def forbidden_access_result(view: View) -> Iterator[Finding]:
    version = view.configuration.version
    for found in judged(view):
        name, argument = found.restriction.name, found.restriction.argument
        if name not in NEVER_PERMITS or argument is None or not argument.known:
            continue
        for value in _values(table_argument(argument.text).table):
            if forbids(name, access_result(value, version)):
                yield Finding(
                    found.argument_location,
                    f"smtpd answers {SERVER_ERROR} when `{name}` finds `{value}`:"
                    " what it looks up is in the hands of strangers, so it must not permit",
                    mend=f"write `DUNNO` instead of `{value}`",
                    parameter=found.list.name,
                )
                break


def _values(table: str) -> Iterator[str]:
    """What a table holds whose contents stand in the configuration."""
    kind, _, name = table.partition(":")
    inside = open_group(name).payload if name.startswith("{") else name
    if kind == "static":
        yield inside
    elif kind == "inline":
        for pair in split_list(inside, braces=True):
            text = open_group(pair.text).payload if pair.text.startswith("{") else pair.text
            yield text.partition("=")[2].strip()
