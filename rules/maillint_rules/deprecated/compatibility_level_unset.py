"""Without `compatibility_level`, Postfix runs with the defaults of Postfix 2.

## What happens
Postfix 3.0 and later keep the old defaults of a few parameters until `compatibility_level` says that the
configuration was made for the new ones; unset, it is `0`. Then `mynetworks_style = subnet` lets every host
of the subnet relay, `append_dot_mydomain = yes` completes the addresses in the mail of strangers with the own
domain, `-` in the fifth column of master.cf means a chroot, and mail with UTF-8 addresses is refused. When it
starts, `postfix` logs `Postfix is using backwards-compatible default settings`, and the programs log each
one as they use it.

The rule names the old defaults that have an effect here. It is a warning when one of them lets others relay.

## Bad
```main.cf compatibility-level-unset@1
myhostname = mail.example.com
mydestination = $myhostname, localhost
myorigin = $myhostname
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtputf8_enable = yes
append_dot_mydomain = no
relay_domains =
```
```master.cf
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
myorigin = $myhostname
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

### Nothing depends on the level
```main.cf
myhostname = mail.example.com
mydestination = $myhostname, localhost
myorigin = $myhostname
mynetworks = 127.0.0.0/8, [::1]/128
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtputf8_enable = yes
append_dot_mydomain = no
relay_domains =
```
```master.cf
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
```

## When it is right
With a Postfix older than 3.0, which has no levels.

## References
- postconf(5) compatibility_level; COMPATIBILITY_README
- Postfix source: global/mail_params.c, postfix/postfix.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, INFO, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.places import absent_location
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, interfaces_reach

from ._levels import FIRST_LEVELLED, LEVEL, OLD, named, newest_level, old_defaults

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="deprecated",
    parameters=(LEVEL,),
    complete=True,
    noted=("maillint_rules.deprecated._levels", OLD),
)
def compatibility_level_unset(config: Configuration) -> Iterator[Finding]:
    if (
        config.main is None
        or config.master is None
        or LEVEL in config.settings
        or not config.version.has(FIRST_LEVELLED)
    ):
        return
    found = old_defaults(config)
    if not found:
        return
    opens = any(default.name == "mynetworks_style" for default in found)
    opens = opens and interfaces_reach(config) not in (LOOPBACK, NOBODY)
    place, line = absent_location(config), f"{LEVEL} = {newest_level(config)}"
    yield Finding(
        place,
        f"`{LEVEL}` is not set, so Postfix keeps defaults of its version 2:"
        f" {named([str(default) for default in found])}",
        mend=f"set those that you rely on, and add `{line}`",
        severity=WARNING if opens else INFO,
        confidence=HIGH if config.version_given else MEDIUM,
        parameter=LEVEL,
        fix=Fix(f"add `{line}`", (Edit(place, f"{line}\n"),), safe=False),
    )
