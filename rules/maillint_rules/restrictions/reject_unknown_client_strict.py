"""Mail is refused for the reverse DNS of its sender's server.

## What happens
`reject_unknown_client_hostname` refuses a client unless its address has a name, that name has an address,
and that is the client's own. Small companies often have no say in the reverse DNS of their address, and a
name server that does not answer for a moment counts, too (with `450`): wanted mail is refused or delayed.

`reject_unknown_reverse_client_hostname` asks only whether the address has a name at all, which nearly every
mail server has and few infected desks do.

## Bad
```main.cf reject-unknown-client-strict@6
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_tls_security_level = may
smtpd_client_restrictions = permit_mynetworks, reject_unknown_client_hostname
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_tls_security_level = may
smtpd_client_restrictions = permit_mynetworks, reject_unknown_reverse_client_hostname
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
```

## When it is right
Where the loss of some wanted mail is accepted, and somebody looks at what was refused.

## References
- postconf(5) reject_unknown_client_hostname, reject_unknown_reverse_client_hostname
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.role import MX

from ._lists import LISTS, for_strangers

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WORDS = ("reject_unknown_client_hostname", "reject_unknown_client")
_INSTEAD = "reject_unknown_reverse_client_hostname"


@rule(
    severity=INFO,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_WORDS),
    roles=(MX,),
)
def reject_unknown_client_strict(view: View) -> Iterator[Finding]:
    for found in for_strangers(view, *_WORDS):
        yield Finding(
            found.location,
            f"`{found.restriction.name}` refuses wanted mail, too: of servers whose name and address do not"
            " lead to each other",
            mend=f"write `{_INSTEAD}`",
            parameter=found.list.name,
            fix=Fix.write(found.location, _INSTEAD, safe=False),
        )
