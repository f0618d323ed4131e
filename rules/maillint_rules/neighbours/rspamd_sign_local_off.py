"""rspamd signs the mail of users, and not that of programs on the host.

## What happens
Postfix passes mail of programs, such as PHP and cron, to rspamd with `non_smtpd_milters`, as coming from
127.0.0.1. With `sign_local = false` the module `dkim_signing` leaves such mail alone, so it goes out without
a signature, though everything else is in place.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:11332
non_smtpd_milters = $smtpd_milters
```
```../rspamd/local.d/dkim_signing.conf rspamd-sign-local-off@1
sign_local = false;
selector = "mail";
domain {
  example.com {
    path = "/var/lib/rspamd/dkim/example.com.mail.key";
    selector = "mail";
  }
}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:11332
non_smtpd_milters = $smtpd_milters
```
```../rspamd/local.d/dkim_signing.conf
selector = "mail";
domain {
  example.com {
    path = "/var/lib/rspamd/dkim/example.com.mail.key";
    selector = "mail";
  }
}
```

## When it is right
Where programs on this host send nothing to others, or under names that are not to be signed.

## References
- rspamd, "DKIM signing module" (sign_local); postconf(5) non_smtpd_milters
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS

from ._around import AROUND, RSPAMD, confidence
from ._milters import asks

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WITH_KEYS = ("domain", "selector", "selector_map", "path", "path_map")
"""The options without one of which the module signs nothing."""


@rule(
    severity=WARNING,
    area="neighbours",
    parameters=(OTHERS,),
    when_set=True,
    complete=True,
    noted=(AROUND, RSPAMD),
)
def rspamd_sign_local_off(config: Configuration) -> Iterator[Finding]:
    rspamd = config.neighbours.rspamd
    off = rspamd.is_off("sign_local") if rspamd is not None else None
    if rspamd is None or off is None or rspamd.is_off("enabled") is not None:
        return
    settings = rspamd.settings("dkim_signing.conf") or {}
    asked = next((one for one in asks(config, RSPAMD) if one.parameter == OTHERS), None)
    if asked is None or not any(name in settings for name in _WITH_KEYS):
        return
    yield Finding(
        off.value.location(),
        "rspamd does not sign what programs on this host send, though Postfix shows it to rspamd",
        mend="write `sign_local = true`",
        confidence=confidence(config),
        parameter=OTHERS,
        related=(Related(asked.location, "here Postfix passes such mail to rspamd"),),
        fix=Fix.write(off.value.location(), "true", safe=False),
    )
