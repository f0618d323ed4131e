"""A key with a leading dot in an access table where nobody looks for one.

## What happens
As long as `smtpd_access_maps` stands in `parent_domain_matches_subdomains`, as it does by default, smtpd
looks for the parents of a domain without a dot: for `mail.example.com` it tries `mail.example.com`,
`example.com` and `com`. A key `.example.com` is never found, so that the domain is let in, or is refused,
as if it were not there.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
```
```senders access-key-leading-dot@1
.example.net REJECT
example.org REJECT
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
```
```senders
example.net REJECT
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
parent_domain_matches_subdomains =
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
```
```senders
.example.net REJECT
```

## When it is right
In a table that is looked into by something else, too; the rule knows the other uses in main.cf.

## References
- access(5), "Host name/address patterns"; postconf(5) parent_domain_matches_subdomains
- Postfix source: smtpd/smtpd_check.c (check_domain_access)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import DOTTED_KEY
from maillint.syntax.source import Location, Span

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", DOTTED_KEY))
def access_key_leading_dot(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, DOTTED_KEY):
        domain = judged.problem.argument
        found = finding(
            judged,
            f"nobody looks for `{judged.text}`: with `smtpd_access_maps` in"
            " `parent_domain_matches_subdomains`, `smtpd` leaves the dot out",
            f"write `{domain}`, which is for its subdomains, too",
        )
        place = judged.location
        dot = Location(place.source, Span(place.span.start, place.span.start + 1))
        if dot.text == ".":
            found.fix = Fix("remove the dot", (Edit(dot, ""),), safe=False)
        yield found
