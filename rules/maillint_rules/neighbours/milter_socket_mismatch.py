"""A milter listens at another address than Postfix asks.

## What happens
Postfix connects to the milter for each message, finds nobody, and does what `milter_default_action` says:
with `tempfail` no mail comes in or leaves, with `accept` it goes unsigned and unchecked. The path of a socket
counts from the queue directory on where the service runs in a chroot: `unix:/opendkim/opendkim.sock` is the
file `/var/spool/postfix/opendkim/opendkim.sock` then.

## Bad
```main.cf milter-socket-mismatch@4
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
```
```../opendkim.conf
Domain    example.com
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
Socket    inet:12301@localhost
```

### A socket outside of the chroot
```main.cf milter-socket-mismatch@4
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
```
```../opendkim.conf
Domain    example.com
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
Socket    local:/run/opendkim/opendkim.sock
```

### rspamd
```main.cf milter-socket-mismatch@4
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:11332
non_smtpd_milters = $smtpd_milters
```
```../rspamd/local.d/worker-proxy.inc
bind_socket = "/run/rspamd/milter.sock mode=0660 owner=_rspamd group=postfix";
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock, inet:localhost:8893
non_smtpd_milters = $smtpd_milters
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
```
```../opendkim.conf
Domain    example.com
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
Socket    local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendmarc.conf
Socket inet:8893@127.0.0.1
```

## What Postfix says
```witness connect
postfix/smtpd: warning: connect to Milter service inet:localhost:8891: Connection refused
```

## When it is right
Where the program is started with another address than its file has (`opendkim -p`).

## References
- MILTER_README; postconf(5) smtpd_milters, milter_default_action
- opendkim.conf(5), opendmarc.conf(5) Socket; rspamd, "Proxy worker"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.chroot import inside, is_chrooted
from maillint.postfix.milters import OTHERS, SMTPD

from .._uses import ids
from ._around import AROUND, OPENDKIM, OPENDMARC, RSPAMD, confidence, said_in
from ._milters import Asked, asked, listening

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.address import Address


@rule(
    severity=ERROR,
    area="neighbours",
    parameters=(SMTPD, OTHERS),
    when_set=True,
    complete=True,
    noted=(AROUND, OPENDKIM, OPENDMARC, RSPAMD),
)
def milter_socket_mismatch(config: Configuration) -> Iterator[Finding]:
    programs = listening(config)
    told: set[tuple[str, str]] = set()
    for one in sorted(asked(config), key=_is_at_name):
        address = one.address
        if address is None or any(
            address.reaches(other) for program in programs for other in program.addresses
        ):
            continue
        meant = next((program for program in programs if program.program == one.program), None)
        if meant is None or (one.text, meant.program) in told:
            continue
        told.add((one.text, meant.program))
        text = _written(one, meant.addresses[0])
        yield Finding(
            one.location,
            f"{meant.title} listens at `{meant.addresses[0]}`, Postfix asks at `{address}`: nobody answers",
            mend=f"write `{text}`" if text is not None else "give both the same address",
            confidence=confidence(config),
            parameter=one.parameter,
            services=ids(one.views),
            related=said_in(meant.entry, f"here {meant.title} is told where to listen"),
            fix=_fix(one, text),
        )


def _is_at_name(one: Asked) -> bool:
    return one.location.text.startswith("$")


def _written(one: Asked, address: Address) -> str | None:
    """How all services that ask must write *address*; None: some cannot, or not with certainty."""
    if not address.path:
        return f"inet:{address.host or 'localhost'}:{address.port}"
    config = one.views[0].configuration
    name = inside(config, address.path)
    if name is not None:
        return f"unix:{name}"
    services = [view.service for view in one.views if view.service is not None]
    is_free = services and all(is_chrooted(config, service) is False for service in services)
    return f"unix:{address.path}" if is_free else None


def _fix(one: Asked, text: str | None) -> Fix | None:
    return Fix.write(one.location, text, safe=False) if text and one.location.text == one.text else None
