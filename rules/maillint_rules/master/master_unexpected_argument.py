"""A word behind the command of a master.cf entry that is no option.

## What happens
Most Postfix daemons take options only. A word that is none, such as the second half of a value with a
blank in it, or `name=value` without its `-o`, ends the daemon with `fatal: unexpected command-line
argument`; master(8) starts it again and again, and the service never answers. `postconf` says nothing
about it. Quotes do not help: master.cf has none.

## Bad
```master.cf master-unexpected-argument@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_client_restrictions=permit_sasl_authenticated, reject
```

```master.cf master-unexpected-argument@2 fragment
smtp inet n - y - - smtpd
  smtpd_tls_security_level=encrypt
```

```master.cf master-unexpected-argument@1 fragment
smtp unix - - y - - smtp flag=D
```

### The rest of the value is lost, and with it what controls relaying
```main.cf fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf master-unexpected-argument@2
submission inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_mynetworks, reject
```

## Good
```master.cf fragment
smtp inet n - y - - smtpd
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

```master.cf fragment
maildrop unix - n n - - pipe flags=DRX user=vmail argv=/usr/bin/maildrop -d ${recipient}
relay unix - - y - - smtp flags=D
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: unexpected command-line argument: reject
```
```witness connect bad=2
postfix/smtpd: fatal: unexpected command-line argument: smtpd_tls_security_level=encrypt
```
```witness deliver bad=3 user@example.net
postfix/smtp: fatal: unknown attribute name: flag=D
```

## When it is right
The arguments of pipe(8), spawn(8) and of programs that are not Postfix's own; the rule leaves those
alone.

## References
- master(5), "Command name + arguments"
- Postfix source: smtpd/smtpd.c pre_jail_init(), and the like in other daemons; smtp/smtp.c get_cli_attr()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import Option, split_arguments

from .._arguments import has_spaces_around_equals
from ._entries import UNEXPECTED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", UNEXPECTED))
def master_unexpected_argument(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        torn = False
        for word in split_arguments(config, service):
            if isinstance(word, Option):
                torn = has_spaces_around_equals(word)
            elif word.text.startswith("#"):
                break
            elif not torn:
                yield Finding(
                    word.location(),
                    f"`{service.command}` stops with a fatal error when `{service.id}` is used:"
                    f" it takes no argument such as `{word.text}`",
                    mend="remove it, or make it part of an option: `-o name=value` without white space,"
                    " `-o { name = value }`",
                    services=(service.id,),
                )
                break
