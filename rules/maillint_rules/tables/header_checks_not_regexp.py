"""Checks of headers and bodies need patterns: `pcre:` or `regexp:`.

## What happens
Each line of the header or body is looked up as a whole. In an indexed table a rule matches when the whole
line is the key, to the last character, which never happens; the checks do nothing.

## Bad
```main.cf header-checks-not-regexp@1 fragment
header_checks = hash:/etc/postfix/header_checks
```

### Its lines are patterns
```main.cf header-checks-not-regexp@3
myhostname = mail.example.com
myorigin = $mydomain
header_checks = hash:/etc/postfix/header_checks
```

```header_checks
/^Subject: .*lottery/ REJECT
```

## Good
```main.cf fragment
header_checks = regexp:/etc/postfix/header_checks
```

## When it is right
When the keys are whole lines.

## References
- header_checks(5), BUILTIN_FILTER_README
- Postfix source: global/header_body_checks.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._pattern_files import as_patterns
from .._tables import NO_PATTERNS, named_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_CHECKS = (
    "milter_header_checks",
    *(
        f"{client}{part}_checks"
        for client in ("", "lmtp_", "smtp_")
        for part in ("body", "header", "mime_header", "nested_header")
    ),
)
_WHOLE_KEYS = frozenset({"btree", "cdb", "cidr", "dbm", "hash", "lmdb", "sdbm", "texthash"})


@rule(
    severity=WARNING,
    area="tables",
    parameters=_CHECKS,
    when_set=True,
    noted=("maillint_rules._tables", NO_PATTERNS),
)
def header_checks_not_regexp(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        type = named.table.type
        if named.parameter in _CHECKS and type in _WHOLE_KEYS and not named.table.problems:
            yield Finding(
                named.location(),
                f"`{named.parameter}` does nothing: a table of the type `{type}` knows no patterns, and no"
                " key is a whole line",
                mend="write the rules as patterns, and `pcre:` or `regexp:` before the name of the file",
                parameter=named.parameter,
                related=set_here(named.value.chain[1:]),
                services=named.readers.services,
                fix=as_patterns(named),
            )
