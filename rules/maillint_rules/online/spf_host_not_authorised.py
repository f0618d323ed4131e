"""The SPF record of the sender domain does not name this host.

## What happens
Receivers look up the SPF record of the domain that the mail carries in its envelope, and find a record that
names the servers of a mail provider, and ends with `~all` or `-all`. This host is not in it: the mail gets
`softfail` or `fail`, like forged mail. Gmail puts it into the spam folder or refuses it with
`550-5.7.26 This message does not have authentication information or fails to pass authentication checks`;
with `-all`, many refuse it at once. `~all` is no way to tell that one's own host may send.

The addresses that the host sends from are those of `--public-ip`, else of `smtp_bind_address`, else the one
address in `inet_interfaces`. Where nothing says so, the addresses that the DNS has for the name in the
greeting are taken, which is a guess, and reported as one. A private address says nothing: receivers see that
of the router.

## Bad
```main.cf spf-host-not-authorised@3 public-ip=203.0.113.7
myhostname = web01.example.com
mydomain = example.com
myorigin = $mydomain
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.example.net ~all"
_spf.example.net. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
```

### Each client has its own address
```main.cf spf-host-not-authorised@3
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtp_bind_address = 203.0.113.7
default_transport = bulk
```

```master.cf
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
smtp unix - - n - - smtp
bulk unix - - n - - smtp
  -o smtp_bind_address=203.0.113.8
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 -all"
mail.example.com. 60 A 203.0.113.8
mail.example.com. 60 TXT "v=spf1 a -all"
8.113.0.203.in-addr.arpa. 60 PTR mail.example.com.
```

## Good
```main.cf public-ip=203.0.113.7
myhostname = web01.example.com
mydomain = example.com
myorigin = $mydomain
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 include:_spf.example.net ~all"
_spf.example.net. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
```

## When it is right
Where the mail never leaves the organisation, or a relay that the configuration does not show sends it on.

## References
- RFC 7208, sections 4.6, 8.4 and 8.5
- Gmail, "Email sender guidelines"
- postconf(5) myorigin, smtp_bind_address, inet_interfaces
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._authorised import finding, refused, unsure
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_host_not_authorised(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding | NotChecked]:
    _, notes = spf.checks()
    yield from notes
    yield from unsure(spf)
    checks, only_new_family = refused(spf)
    if checks and not only_new_family:
        yield finding(spf, checks)
