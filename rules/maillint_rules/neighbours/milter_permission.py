"""Postfix may not use the socket of a milter.

## What happens
A milter that listens at a UNIX-domain socket owns it, and `UMask` says who else may use it: who connects must
be allowed to write. With a mask that takes this right from group and others, Postfix, which connects as its
own user, is told `Permission denied`, as if the milter were down.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf milter-permission@5
Domain    example.com
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
UserID    opendkim
UMask     022
Socket    local:/var/spool/postfix/opendkim/opendkim.sock
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf
Domain    example.com
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
UserID    opendkim
UMask     007
Socket    local:/var/spool/postfix/opendkim/opendkim.sock
```

## When it is right
Where an access control list or a starting script gives Postfix the right.

## References
- MILTER_README, "Non-SMTP Milter applications"; opendkim.conf(5) and opendmarc.conf(5) UMask; unix(7)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS, SMTPD

from .._uses import ids
from ._around import AROUND, OPENDKIM, OPENDMARC, confidence
from ._milters import asks

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WRITING = 0o022
"""The rights that a mask must not take from both group and others."""


@rule(
    severity=ERROR,
    area="neighbours",
    parameters=(SMTPD, OTHERS),
    when_set=True,
    complete=True,
    noted=(AROUND, OPENDKIM, OPENDMARC),
)
def milter_permission(config: Configuration) -> Iterator[Finding]:
    around = config.neighbours
    owner = config.main_view.value("mail_owner").text
    for name, program in ((OPENDKIM, around.opendkim), (OPENDMARC, around.opendmarc)):
        mask = program.mask if program is not None else None
        if program is None or mask is None or mask & _WRITING != _WRITING:
            continue
        if not program.user or program.user == owner:
            continue
        users = [one for one in asks(config, name) if one.address is not None and one.address.path]
        entry = program.entry("umask")
        if not users or entry is None:
            continue
        yield Finding(
            entry.value.location(),
            f"only `{program.user}` may use the socket with this mask: Postfix cannot connect to the milter",
            mend=f"write `UMask 007`, and make `{owner}` a member of the group of `{program.user}`",
            confidence=confidence(config),
            parameter=users[0].parameter,
            services=ids(view for one in users for view in one.views),
            related=(Related(users[0].location, "here Postfix is told to ask the milter"),),
            fix=Fix.write(entry.value.location(), "007", safe=False),
        )
