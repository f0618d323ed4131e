"""An LDAP server is asked about every address, those of other hosts included.

## What happens
Postfix looks into virtual_alias_maps and the canonical maps for each address of each message. Without
`domain` in the file of an LDAP table, each of these is a question to the directory server, which cannot
know the addresses of others. With it, Postfix asks only about the domains named there.

## Bad
```main.cf ldap-domain-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = ldap:/etc/postfix/aliases.cf
```
```aliases.cf
server_host = ldap://ldap.example.com
search_base = dc=example,dc=com
query_filter = (mail=%s)
result_attribute = maildrop
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = ldap:/etc/postfix/aliases.cf
```
```aliases.cf
server_host = ldap://ldap.example.com
search_base = dc=example,dc=com
domain = example.com
query_filter = (mail=%s)
result_attribute = maildrop
```

## When it is right
Where the server is close and idle, or its domains change often. The rule is off by default: select it by
name, or its area with `extend-select = ["tables"]`.

## References
- ldap_table(5), "domain"; LDAP_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from .._tables import CLIENT
from ._clients import client_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_ASKED_ALWAYS = frozenset(
    {"canonical_maps", "recipient_canonical_maps", "sender_canonical_maps", "virtual_alias_maps"}
)


@rule(
    severity=INFO,
    area="tables",
    tables=True,
    noted=("maillint_rules._tables", CLIENT),
    default=False,
)
def ldap_domain_missing(config: Configuration) -> Iterator[Finding]:
    for client, settings in client_settings(config):
        if (
            client.table.type == "ldap"
            and client.named.parameter in _ASKED_ALWAYS
            and "query_filter" in settings
            and "domain" not in settings
        ):
            yield Finding(
                client.named.location(client.table.start, client.table.end),
                "the LDAP server is asked about every address of all mail, not only about its own domains",
                mend=f"write `domain = example.com` in `{client.shown}`",
                parameter=client.named.parameter,
                services=client.named.readers.services,
            )
