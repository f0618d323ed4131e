"""The compatibility level keeps defaults of an older Postfix.

## What happens
Postfix changes a few defaults only for configurations whose `compatibility_level` is high enough. With a
lower level the old default stays, `postfix start` logs `Postfix is using backwards-compatible default
settings`, and the programs log each one when it makes a difference.

The rule names the ones that have an effect here. Levels above `2` are judged only when the Postfix version is
told (`--postfix-version`, or the settings file).

## Bad
```main.cf backwards-compatible-default@1
compatibility_level = 0
myhostname = mail.example.com
mydestination = $myhostname, localhost
myorigin = $myhostname
mynetworks = 127.0.0.0/8, [::1]/128
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf
smtp inet n - - - - smtpd
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
```

## Good
```main.cf
compatibility_level = 2
myhostname = mail.example.com
mydestination = $myhostname, localhost
myorigin = $myhostname
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
```

## What Postfix says
```witness start
postfix/master: /etc/postfix/master.cf: line ...: using backwards-compatible default setting chroot=y
```

## When it is right
Until you have made sure that nothing depends on the old values; that is what the level is for.

## References
- postconf(5) compatibility_level; COMPATIBILITY_README
- Postfix source: global/mail_params.c, master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from ._levels import FIRST_LEVELLED, LEVEL, OLD, named, newest_level, old_defaults

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="deprecated",
    parameters=(LEVEL,),
    when_set=True,
    complete=True,
    noted=("maillint_rules.deprecated._levels", OLD),
)
def backwards_compatible_default(config: Configuration) -> Iterator[Finding]:
    setting = config.settings.get(LEVEL)
    if setting is None or config.master is None or not config.version.has(FIRST_LEVELLED):
        return
    found = old_defaults(config)
    if found:
        yield Finding(
            setting.value.location(),
            f"this level keeps old defaults: {named([str(default) for default in found])}",
            mend=f"set those that you rely on, and write `{LEVEL} = {newest_level(config)}`",
            parameter=LEVEL,
        )
