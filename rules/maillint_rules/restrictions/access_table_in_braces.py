"""An access table in braces that smtpd cannot read, or does not look into.

## What happens
`check_ccert_access` takes a table as `{ type:name, { search_order = cert_fingerprint } }`, since Postfix 3.5.
When the form is wrong, smtpd warns when it starts and then answers `451 4.3.5 Server configuration error` to
everybody who gets as far as the word. All other restrictions want the bare `type:name`: a table in braces is
an `unexpected dictionary` for them, with the same answer.

## Bad
```main.cf access-table-in-braces@1 fragment
smtpd_client_restrictions = check_client_access { inline:{192.0.2.1=REJECT} }, reject_unauth_pipelining
```

```main.cf access-table-in-braces@2 fragment
smtpd_tls_ask_ccert = yes
smtpd_client_restrictions = check_ccert_access { static:DUNNO { search_order = fingerprint } }
```

```main.cf access-table-in-braces@2 fragment
smtpd_tls_ask_ccert = yes
smtpd_client_restrictions = check_ccert_access { static:DUNNO { order = cert_fingerprint } }
```

## Good
```main.cf fragment
smtpd_tls_ask_ccert = yes
smtpd_client_restrictions = check_client_access inline:{192.0.2.1=REJECT},
  check_ccert_access { static:DUNNO { search_order = cert_fingerprint, pubkey_fingerprint } }
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: ... unexpected dictionary: { inline:{192.0.2.1=REJECT} }
451 4.3.5 ... Server configuration error
```

```witness rcpt bad=2
postfix/smtpd: warning: unknown search type 'fingerprint' in '{ static:DUNNO { search_order = fingerprint } }'
451 4.3.5 Server configuration error
```

```witness connect bad=3
postfix/smtpd: warning: unknown map attribute in '{ static:DUNNO { order = cert_fingerprint } }': 'order'
```

## When it is right
Never.

## References
- postconf(5) check_ccert_access
- Postfix source: global/map_search.c, smtpd/smtpd_check.c (check_access)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import BAD_GROUP, table_argument

from ._lists import LISTS, SERVER_ERROR, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", BAD_GROUP),
)
def access_table_in_braces(view: View) -> Iterator[Finding]:
    for found in judged(view):
        problem, argument = found.restriction.problem, found.restriction.argument
        if problem is None or problem.kind != BAD_GROUP or argument is None:
            continue
        table = table_argument(argument.text)
        mend = "write `{ type:name, { search_order = cert_fingerprint, pubkey_fingerprint } }`"
        if table.table and not table.said:
            mend = f"write `{table.table}`, without the braces"
        yield Finding(
            found.argument_location,
            f"smtpd answers {SERVER_ERROR} to everybody who gets as far as this table: {problem.said}",
            mend=mend,
            parameter=found.list.name,
        )
