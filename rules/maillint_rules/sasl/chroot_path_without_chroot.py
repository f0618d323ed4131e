"""A path that is right in a chroot only, in a service without one.

## What happens
In a chroot the queue directory is `/`, and `/private/auth` is the socket `private/auth` of the queue
directory. Without one, `/private/auth` is looked for below the root of the file system, where nothing puts
it: `No such file or directory`. A path that is relative to the queue directory is right in both cases.

## Bad
```main.cf chroot-path-without-chroot@6
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = /private/auth
smtpd_sasl_security_options = noanonymous, noplaintext
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
```
```master.cf
smtp inet n - n - - smtpd
```

### In a chroot
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_transport = lmtp:unix:/private/dovecot-lmtp
```
```master.cf
lmtp unix - - y - - lmtp
```

## What Postfix says
```witness knock
postfix/smtpd: warning: SASL: Connect to Dovecot auth socket '/private/auth' failed: No such file or directory
postfix/smtpd: fatal: no SASL authentication mechanisms
```

## When it is right
Where the host has a directory of this name below `/`.

## References
- master(5), "Chroot"; postconf(5) queue_directory
- Postfix source: master/single_server.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule

from .._jail import FALSE_ROOT, false_roots

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="sasl", noted=("maillint_rules._jail", FALSE_ROOT))
def chroot_path_without_chroot(config: Configuration) -> Iterator[Finding]:
    for misplaced in false_roots(config):
        path, meant = misplaced.reference.name, misplaced.meant
        assert meant is not None
        fix = Fix.write(misplaced.location, meant)
        names = ", ".join(f"`{service.name}`" for service in misplaced.services)
        yield Finding(
            misplaced.location,
            f"there is no chroot, so {names} looks for this socket in `{path.rpartition('/')[0]}` below the"
            " root of the file system",
            mend=f"write `{meant}`, which is right with and without a chroot",
            parameter=misplaced.reference.parameter,
            related=misplaced.related,
            services=tuple(service.id for service in misplaced.services),
            fix=fix if misplaced.location.text == path else None,
        )
