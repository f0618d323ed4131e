"""A program that needs the whole system runs in a chroot.

## What happens
With `y` in the column "chroot" the program sees nothing but the queue directory. `local` finds no home
directories and no aliases' files there, `virtual` no mailboxes, `pipe` and `spawn` none of the commands that
they are to run, and `proxymap`, which exists to open tables for programs in a chroot, no tables. The
master.cf that Postfix comes with has `n` for all of them.

`-` means `y` before Postfix 3.0, and later with a `compatibility_level` below 1.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
local_transport = archive
```
```master.cf chroot-not-supported@1
archive unix - n y - - pipe user=nobody argv=/usr/bin/env true
```

### By default
```main.cf postfix=2.11
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf chroot-not-supported@1
proxymap unix - - - - - proxymap
```

### Nothing asks it, for now
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mydestination =
```
```master.cf chroot-not-supported@1
proxymap unix - - y - - proxymap
```

## Good
```master.cf fragment
archive unix - n n - - pipe user=nobody argv=/usr/bin/env true
local unix - n n - - local
proxymap unix - - n - - proxymap
smtp unix - - y - - smtp
```

## What Postfix says
```witness deliver chroot user@mail.example.com
postfix/pipe: fatal: get_service_attr: unknown username: nobody
```

## When it is right
Where all that the program needs has been copied into the queue directory.

## References
- The comments and entries of the master.cf that Postfix comes with; proxymap(8), "Security"; master(5)
- Postfix source: conf/master.cf, master/single_server.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.chroot import is_chrooted, needs_whole_system
from maillint.postfix.master import CHROOT, active_services

from .._settings import settings
from ._entries import CHROOTED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_HIDDEN = {
    "local": "the home directories and mailboxes of users",
    "pipe": "the command that it is to run",
    "postlogd": "the log file",
    "proxymap": "the tables that it is to open",
    "spawn": "the command that it is to run",
    "virtual": "the mailboxes",
}
_PROXY = "proxy:"
_MAY_BE_MEANT = ("postlogd", "virtual")
"""What they write may be in the queue directory."""


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", CHROOTED))
def chroot_not_supported(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if not needs_whole_system(service) or not is_chrooted(config, service):
            continue
        hidden = _HIDDEN.get(service.command, "what it works with")
        field = service.fields[CHROOT]
        sure = service.command not in _MAY_BE_MEANT and (
            service.command != "proxymap" or _proxymap_is_asked(config)
        )
        yield Finding(
            field.location(),
            f"`{service.command}` does not find {hidden}: it runs in a chroot"
            + (", which is what `-` means here" if field.text == "-" else ""),
            mend="write `n`",
            severity=ERROR if sure else WARNING,
            confidence=MEDIUM,
            services=(service.id,),
            fix=Fix.write(field.location(), "n"),
        )


def _proxymap_is_asked(config: Configuration) -> bool:
    """Whether mail needs proxymap(8): a table is named with ``proxy:``, or users are looked up by default."""
    if any(_PROXY in setting.value.text for setting in settings(config)):
        return True
    view = config.main_view
    return view.value("mydestination").text != "" and not view.is_set("local_recipient_maps")
