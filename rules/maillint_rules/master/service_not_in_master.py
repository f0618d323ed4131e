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
from maillint.nearest import nearest
from maillint.postfix.master import NAME, is_complete, is_transport, readable_services

from .._told import is_placeholder, told
from ._entries import UNSERVED, unserved

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.master import Use
    from maillint.syntax.tree import Service


_MOST_COMPARED = 200
"""With how many names a name that is not there is compared."""


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", UNSERVED))
def service_not_in_master(config: Configuration) -> Iterator[Finding]:
    if not is_complete(config):
        return
    services = readable_services(config)
    transports = list(dict.fromkeys(service.name for service in services if is_transport(service)))
    for use, named in unserved(config):
        if not told(use.value) and not is_placeholder(use.service):
            yield _finding(use, named, transports[:_MOST_COMPARED])


def _finding(use: Use, named: list[Service], transports: list[str]) -> Finding:
    setting = use.value.setting
    assert setting is not None
    location = use.value.location(0, len(use.service))
    assert location is not None
    meant = nearest(use.service, transports)
    if named:
        what = f"the service `{use.service}` of master.cf is not private, or not of the type unix"
        mend = f"write `{use.service} unix - ...` in master.cf"
    else:
        what = f"master.cf has no service `{use.service}`"
        mend = f"write `{meant}`" if meant else f"add an entry for `{use.service}` to master.cf"
    effect = "mail for it stays in the queue" if use.is_transport else "who needs it waits, and mail with it"
    return Finding(
        location,
        f"{what}: {effect}",
        mend=mend,
        parameter=setting.name,
        services=(use.view.id,) if use.view.service is not None else (),
        related=tuple(Related(service.fields[NAME].location(), "the service") for service in named[-1:]),
    )
