"""Mail is refused for a name that its sender's server made up.

## What happens
`reject_unknown_helo_hostname` refuses a client whose name in HELO has no address and no MX record in the
DNS. Mail servers behind a firewall often give a name that only their own network knows (`mail.corp.local`),
and nothing else is wrong with them. RFC 5321 lets servers verify that name, and forbids to refuse mail when
that fails. `warn_if_reject` in front of the word writes to the log what it would refuse.

`reject_invalid_helo_hostname` and `reject_non_fqdn_helo_hostname` look at the form of the name only, and
hit mostly spam.

## Bad
```main.cf reject-unknown-helo-strict@6
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_helo_required = yes
smtpd_helo_restrictions = permit_mynetworks, reject_unknown_helo_hostname
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_helo_required = yes
smtpd_helo_restrictions = permit_mynetworks, reject_non_fqdn_helo_hostname
```

## When it is right
Where the loss of some wanted mail is accepted, and somebody looks at what was refused.

## References
- postconf(5) reject_unknown_helo_hostname, warn_if_reject; RFC 5321, section 4.1.4
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

_WORDS = ("reject_unknown_helo_hostname", "reject_unknown_hostname")
_INSTEAD = "reject_non_fqdn_helo_hostname"


@rule(
    severity=INFO,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_WORDS),
    roles=(MX,),
)
def reject_unknown_helo_strict(view: View) -> Iterator[Finding]:
    for found in for_strangers(view, *_WORDS):
        yield Finding(
            found.location,
            f"`{found.restriction.name}` refuses wanted mail, too: of servers that greet with a name that"
            " only their own network knows",
            mend=f"write `{_INSTEAD}`",
            parameter=found.list.name,
            fix=Fix.write(found.location, _INSTEAD, safe=False),
        )
