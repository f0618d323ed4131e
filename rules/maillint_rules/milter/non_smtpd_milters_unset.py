"""Mail of programs is not signed: only mail that comes by SMTP passes the milter that signs.

## What happens
`smtpd_milters` are asked about mail that clients hand in by SMTP. What programs on the host send through
`sendmail`, as PHP's mail(), cron and monitoring do, and what the queue itself makes, goes to
`non_smtpd_milters`. Where that is empty, such mail leaves without a DKIM signature, fails DMARC when the SPF
check does not save it, and lands in spam.

## Bad
```main.cf non-smtpd-milters-unset@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
```

```main.cf non-smtpd-milters-unset@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:11332
```

### For one service
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf non-smtpd-milters-unset@2
smtp inet n - n - - smtpd
  -o smtpd_milters=inet:localhost:8891
pickup unix n - n 60 1 pickup
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
```

### A milter that does not sign
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = unix:/run/clamav/clamav-milter.sock
```

## When it is right
No program on the host sends mail, or the milter only verifies. rspamd signs only where it is told to, so
there it is advice; and so it is where `non_smtpd_milters` is set to nothing.

## References
- postconf(5) non_smtpd_milters; MILTER_README, "Non-SMTP Milter applications"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS, SMTPD

from .._chain import set_here
from .._edits import settings_written
from ._signing import UNSIGNED, unsigned

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="milter",
    parameters=(SMTPD,),
    when_set=True,
    noted=("maillint_rules.milter._signing", UNSIGNED),
    complete=True,
)
def non_smtpd_milters_unset(config: Configuration) -> Iterator[Finding]:
    found = unsigned(config)
    if found is None or config.main is None:
        return
    program = found.milter.software
    assert program is not None
    view = found.view
    setting = view.setting(SMTPD)
    assert setting is not None
    location = found.milter.item.location or setting.value.location()
    is_advice = program.by_choice or config.main_view.is_set(OTHERS)
    edits: tuple[Edit, ...] | None = None
    if setting.service is None and not config.main_view.is_set(OTHERS):
        edits = settings_written(config.main_view, {OTHERS: f"${SMTPD}"}, setting)
    yield Finding(
        location,
        f"mail that programs send through `sendmail` is not signed: {program.name} sees only what comes by"
        " SMTP",
        mend=f"write `{OTHERS} = ${SMTPD}`"
        if setting.service is None
        else f"name the milter in `{OTHERS}`, in main.cf",
        severity=INFO if is_advice else WARNING,
        confidence=MEDIUM,
        parameter=OTHERS,
        related=set_here([config.main_view.setting(OTHERS)], location),
        fix=Fix(f"set `{OTHERS}`", edits) if edits else None,
        services=(view.id,) if setting.service is not None else (),
    )
