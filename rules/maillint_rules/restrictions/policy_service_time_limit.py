"""A policy server that spawn(8) runs is ended every now and then.

## What happens
spawn(8) ends its command after `command_time_limit`, 1000 seconds by default, at work or not. A policy server
is to live as long as smtpd talks to it. Each time, smtpd logs a warning, and a client may be put off with
`451 4.3.5 Server configuration problem`.

## Bad
```main.cf policy-service-time-limit@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policy
```
```master.cf
smtp inet n - n - - smtpd
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policy
policy_time_limit = 3600
```
```master.cf
smtp inet n - n - - smtpd
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## When it is right
Never.

## References
- SMTPD_POLICY_README; spawn(8)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix, Related
from maillint.engine.rule import VIEW, rule

from .._edits import settings_written
from ._lists import LISTS
from ._sequence import UNTIMED, untimed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", UNTIMED),
    complete=True,
)
def policy_service_time_limit(view: View) -> Iterator[Finding]:
    for found, name in untimed(view):
        spawned = view.configuration.view(f"{name}/unix")
        if spawned is not None and spawned.service is not None:
            limit = f"{name}_time_limit"
            beside = found.list.value.setting
            edits = None
            if beside is not None and beside.service is None:
                edits = settings_written(view.configuration.main_view, {limit: "3600"}, beside)
            yield Finding(
                found.argument_location,
                f"spawn(8) ends the policy server `{name}` 1000 seconds after its start, whatever it is"
                f" doing: `{limit}` is not set",
                mend=f"write `{limit} = 3600` in main.cf",
                parameter=found.list.name,
                related=(Related(spawned.service.fields[0].location(), "it is started here"),),
                fix=Fix(f"set `{limit}`", edits) if edits else None,
            )
