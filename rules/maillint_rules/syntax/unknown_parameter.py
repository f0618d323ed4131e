"""A parameter that Postfix does not have.

## What happens
Postfix accepts any name in main.cf and in `-o`, because a value may refer to it as `$name`. A name that
it does not know and that no value refers to has no effect: with `smtpd_recipient_restriction`, say, the
restrictions stay at their default. No program but `postconf` says so, and that only as `warning: unused
parameter`.

The rule knows the names of every Postfix version, those that come from the services in master.cf
(`<service>_destination_recipient_limit`), those of database tables written as `mysql:name`, the classes
listed in `smtpd_restriction_classes`, and all names that a value refers to. Without master.cf it is less
sure, and says so.

## Bad
```main.cf unknown-parameter@1 fragment
smtpd_recipient_restriction = reject_unauth_destination
```
```master.cf unknown-parameter@2
smtp inet n - y - - smtpd
  -o smtpd_tls_auth_onli=yes
```

```main.cf unknown-parameter@3
myhostname = mail.example.com
myorigin = $mydomain
dovecot_destination_recipient_limit = 1
compatibility_level = 3.6
```
```master.cf
smtp inet n - y - - smtpd
```

### The parameter that is meant is set as well
```main.cf unknown-parameter@3 fragment
smtpd_sasl_auth_enable = yes
broken_sasl_auth_clients = yes
smtpd_sasl2_auth_enable = yes
```

```main.cf unknown-parameter@1 fragment escaped
myhostname\\u00a0= mail.example.com
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
my_networks = 192.0.2.0/24
mynetworks = 127.0.0.0/8, $my_networks
smtpd_restriction_classes = employees
employees = permit_sasl_authenticated, reject
smtpd_sender_restrictions = employees
dovecot_destination_recipient_limit = 1
```
```master.cf
dovecot unix - n n - - pipe flags=DRhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

### A table that another one hands its look-ups on to
```main.cf postfix=3.11
compatibility_level = 3.11
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = debug:mysql:people
people_hosts = db.example.com
```
```master.cf
smtp inet n - n - - smtpd
```

## What Postfix says
```witness postconf
postconf: warning: ...: unused parameter: smtpd_recipient_restriction=reject_unauth_destination
postconf: warning: ...: unused parameter: smtpd_tls_auth_onli=yes
```

## When it is right
A Postfix with a patch may have parameters of its own; and another program may read main.cf.

## References
- postconf(1), "unused parameter"
- Postfix source: postconf/postconf_user.c, postconf_unused.c, postconf_service.c, postconf_dbms.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, LOW, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule

from .._characters import BYTE_ORDER_MARK, described, in_ascii, pattern
from .._names import (
    UNKNOWN,
    is_built_in,
    is_made_up,
    one_slip_apart,
    parameter_names,
    service_named_by,
    speller,
)
from .._settings import namespaces, services_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_PLACEHOLDER = re.compile(r"[{}<>%@]")
"""In a name these come from a template that was not filled in: what it will be is not known."""


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._names", UNKNOWN))
def unknown_parameter(config: Configuration) -> Iterator[Finding]:
    meant = speller(lambda: parameter_names(config))
    for namespace in namespaces(config):
        names = {setting.name for setting in namespace}
        for setting in namespace:
            name = setting.name
            if is_built_in(config, name) or is_made_up(config, setting) or _PLACEHOLDER.search(name):
                continue
            if name.startswith(BYTE_ORDER_MARK):
                continue  # byte-order-mark
            if not name.isascii() and is_built_in(config, in_ascii(name)):
                yield _pasted(setting)
            elif (word := meant(name)) is not None:
                yield _misspelt(config, setting, word, taken=word in names)
            elif not config.fragment:
                yield _unused(config, setting)


def _pasted(setting: Setting) -> Finding:
    """The name has characters that came with a text copied from a page."""
    meant = in_ascii(setting.name)
    what, _ = described(next(pattern().finditer(setting.name))[0])
    return Finding(
        setting.name_location,
        f"this does not set `{meant}`: in the name stands {what}",
        mend=f"write `{meant}` in plain ASCII",
        parameter=meant,
        services=services_of(setting),
        fix=Fix.write(setting.name_location, meant),
    )


def _misspelt(config: Configuration, setting: Setting, meant: str, *, taken: bool) -> Finding:
    """*taken*: whether *meant* is set already, so that it would be set twice by the correction."""
    fix = Fix(
        f"write `{meant}`",
        (Edit(setting.name_location, meant),),
        safe=one_slip_apart(setting.name, meant),
    )
    whole = _is_whole(config)
    return Finding(
        setting.name_location,
        f"this line has no effect: Postfix has no parameter `{setting.name}`",
        mend=f"remove it, or correct the value of `{meant}`, which is set already"
        if taken
        else f"write `{meant}`",
        severity=ERROR if whole and not taken else WARNING,
        confidence=HIGH if whole else MEDIUM,
        parameter=setting.name,
        fix=None if taken else fix,
        services=services_of(setting),
    )


def _unused(config: Configuration, setting: Setting) -> Finding:
    name = setting.name
    whole = _is_whole(config)
    service = service_named_by(name)
    if service is not None and config.master is not None:
        message = f"this line has no effect: master.cf has no service `{service}` that could use `{name}`"
        mend = "name the parameter after the service that is meant, or remove the line"
    elif whole:
        message = f"this line has no effect: Postfix has no parameter `{name}`, and no value refers to it"
        mend = "remove the line, or correct the name"
    else:
        other = "master.cf" if config.master is None else "main.cf"
        message = f"Postfix has no parameter `{name}`, and no value in this file refers to it"
        mend = f"remove the line unless {other} refers to it, or correct the name"
    return Finding(
        setting.name_location,
        message,
        mend=mend,
        severity=WARNING if whole else INFO,
        confidence=HIGH if whole else LOW,
        parameter=name,
        services=services_of(setting),
    )


def _is_whole(config: Configuration) -> bool:
    """Whether all values are known that could refer to a name."""
    return config.main is not None and config.master is not None and not config.fragment
