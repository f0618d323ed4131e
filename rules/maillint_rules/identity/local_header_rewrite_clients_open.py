"""Headers of strangers are completed with the domain of this host.

## What happens
Addresses without a domain in headers, as in `From: root`, get `@$myorigin` where the client is one of
`local_header_rewrite_clients`. With a table that lists everybody, such an address in mail from anywhere looks
like one of this host's users.

## Bad
```main.cf local-header-rewrite-clients-open@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
local_header_rewrite_clients = static:all
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
local_header_rewrite_clients = permit_inet_interfaces, permit_mynetworks
```

## When it is right
At a service for users who log in, whose mail programs may leave the domain out: there the rule says nothing.
Where software behind this host cannot read such addresses; `remote_header_rewrite_domain` gives them another
domain.

## References
- postconf(5) local_header_rewrite_clients, remote_header_rewrite_domain
- ADDRESS_REWRITING_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import NETWORK, is_for_submission, reach

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=INFO, area="identity", parameters=("local_header_rewrite_clients",), when_set=True, each=VIEW)
def local_header_rewrite_clients_open(view: View) -> Iterator[Finding]:
    value = view.value("local_header_rewrite_clients")
    if value.setting is None or reach(view) != NETWORK or is_for_submission(view):
        return
    for item in view.items("local_header_rewrite_clients"):
        if item.known and item.text.startswith("static:") and item.location is not None:
            default = "permit_inet_interfaces"
            yield Finding(
                item.location,
                "an address without a domain in the headers of a stranger's mail becomes one of this host's"
                " users",
                mend=f"write `local_header_rewrite_clients = {default}`, which is the default",
                parameter="local_header_rewrite_clients",
                fix=Fix.write(item.location, default, safe=False),
            )
