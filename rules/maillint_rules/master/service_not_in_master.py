"""A setting names a service that master.cf does not have.

## What happens
A transport, a content filter and the name of an internal service is the name of an entry of master.cf. Mail
for a transport that is not there stays in the queue: qmgr warns, `connect to transport private/...: No such
file or directory`, and gives up after some days. The entry of a transport must be of the type `unix`
and private.

## Bad
```main.cf service-not-in-master@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_transport = dovecot
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf service-not-in-master@2
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

### The entry is public
```main.cf service-not-in-master@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
local_transport = archive
```
```master.cf
archive unix n n n - - pipe user=nobody argv=/usr/bin/archive
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```master.cf
smtp inet n - n - - smtpd
  -o content_filter=
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
lmtp unix - - n - - lmtp
```

### A name in front of a service that nobody here asks for
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
dnsblog_service_name = dnsblog-test
tlsproxy_service_name = tlsproxy
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## What Postfix says
```witness deliver bad=3 user@mail.example.com
postfix/qmgr: warning: connect to transport private/archive: No such file or directory
```

## When it is right
Never, in a whole master.cf.

## References
- postconf(5) default_transport, virtual_transport, content_filter and the like; master(5)
- Postfix source: qmgr/qmgr_transport.c, global/mail_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.master import NAME
from maillint.postfix.references import SERVICE, TRANSPORT, defined, nearest_defined

from .._told import is_placeholder, told
from ._entries import UNSERVED, unserved

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.references import Reference


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", UNSERVED))
def service_not_in_master(config: Configuration) -> Iterator[Finding]:
    for reference in unserved(config):
        if not told(reference.value) and not is_placeholder(reference.name):
            yield _finding(config, reference)


def _finding(config: Configuration, reference: Reference) -> Finding:
    name, location = reference.name, reference.location
    assert location is not None
    there = defined(config, SERVICE).get(name)
    if there is not None:
        what = f"the service `{name}` of master.cf is not private, or not of the type unix"
        mend = f"write `{name} unix - ...` in master.cf"
    else:
        meant = nearest_defined(reference._replace(kind=TRANSPORT))
        what = f"master.cf has no service `{name}`"
        mend = f"write `{meant}`" if meant else f"add an entry for `{name}` to master.cf"
    is_transport = reference.kind == TRANSPORT
    effect = "mail for it stays in the queue" if is_transport else "who needs it waits, and mail with it"
    return Finding(
        location,
        f"{what}: {effect}",
        mend=mend,
        parameter=reference.parameter,
        services=(reference.view.id,) if reference.view.service is not None else (),
        related=(Related(there.fields[NAME].location(), "the service"),) if there is not None else (),
    )
