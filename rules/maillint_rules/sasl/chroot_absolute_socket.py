"""A service in a chroot is given the path of a socket outside of it.

## What happens
With `y` in the column "chroot" of master.cf, the queue directory is `/` for the program as soon as it has
read its tables and certificates. It connects to login servers, milters, policy servers and LMTP servers
later, and so it looks for `/var/spool/postfix/private/auth` at
`/var/spool/postfix/var/spool/postfix/private/auth`: `No such file or directory`. With a login server, smtpd
ends with a fatal error for every client; with a milter or a policy server mail is put off; LMTP delivers
nothing. Where `milter_default_action = accept` lets mail pass without the milter, it is neither signed nor
checked.

A path that is relative to the queue directory is right inside and outside of a chroot.

## Bad
```main.cf chroot-absolute-socket@6
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = /var/spool/postfix/private/auth
smtpd_sasl_security_options = noanonymous, noplaintext
```
```master.cf
smtp inet n - y - - smtpd
```

### A directory that the chroot does not have, or has once more
```main.cf chroot-absolute-socket@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = unix:/run/opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
virtual_transport = lmtp:unix:/run/dovecot/lmtp
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
lmtp unix - - n - - lmtp
```

### Mail goes without the milter
```main.cf chroot-absolute-socket@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = unix:/var/spool/postfix/opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
milter_default_action = accept
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
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
smtpd_milters = unix:/opendkim/opendkim.sock
virtual_transport = lmtp:unix:/run/dovecot/lmtp
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - n - - lmtp
```

## What Postfix says
```witness knock chroot
postfix/smtpd: warning: SASL: Connect to Dovecot auth socket '/var/spool/postfix/private/auth' failed: ...
postfix/smtpd: fatal: no SASL authentication mechanisms
```
```witness rcpt bad=2 chroot
postfix/smtpd: warning: connect to Milter service unix:/run/opendkim/opendkim.sock: No such file or directory
```

## When it is right
Where the chroot has the directory, too: the other program makes its socket at
`/var/spool/postfix/run/...`, or the directory is mounted there.

## References
- master(5), "Chroot"; DEBUG_README, "Make Postfix logging..., Try turning off chroot operation"
- Postfix source: master/single_server.c, xsasl/xsasl_dovecot_server.c, milter/milter8.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.chroot import queue_directory

from .._jail import HIDDEN, hidden_sockets

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._jail import Misplaced


_MILTERS = ("smtpd_milters", "non_smtpd_milters")


@rule(severity=ERROR, area="sasl", noted=("maillint_rules._jail", HIDDEN))
def chroot_absolute_socket(config: Configuration) -> Iterator[Finding]:
    for misplaced in hidden_sockets(config):
        path, meant = misplaced.reference.name, misplaced.meant
        names = ", ".join(f"`{service.name}`" for service in misplaced.services)
        view = misplaced.reference.view
        is_missed = not (
            misplaced.reference.parameter in _MILTERS and view.value("milter_default_action").text == "accept"
        )
        yield Finding(
            misplaced.location,
            f"in its chroot, {names} looks for this socket at `{queue_directory(config)}{path}`",
            mend=f"write `{meant}`, which is right with and without a chroot"
            if meant
            else f"put the socket below `{queue_directory(config)}`, and write its path from there; or write"
            " `n` in the fifth column of the service in master.cf",
            severity=ERROR if meant and is_missed else WARNING,
            confidence=HIGH if meant else MEDIUM,
            parameter=misplaced.reference.parameter,
            related=misplaced.related,
            services=tuple(service.id for service in misplaced.services),
            fix=_fix(misplaced),
        )


def _fix(misplaced: Misplaced) -> Fix | None:
    meant = misplaced.meant
    if not meant or misplaced.location.text != misplaced.reference.name:
        return None
    return Fix.write(misplaced.location, meant)
