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

from maillint.engine.finding import WARNING, Finding, Related
from maillint.engine.rule import VIEW, rule

from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_POLICY = "check_policy_service"


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", _POLICY),
    complete=True,
)
def policy_service_time_limit(view: View) -> Iterator[Finding]:
    for found in judged(view):
        argument = found.restriction.argument
        if found.restriction.name != _POLICY or argument is None:
            continue
        kind, _, path = argument.text.partition(":")
        name = path.removeprefix("private/")
        spawned = view.configuration.view(f"{name}/unix") if kind == "unix" else None
        limit = f"{name}_time_limit"
        if (
            spawned is None
            or spawned.service is None
            or spawned.daemon != "spawn"
            or spawned.is_set(limit)
            or spawned.is_set("command_time_limit")
        ):
            continue
        yield Finding(
            found.argument_location,
            f"spawn(8) ends the policy server `{name}` 1000 seconds after its start, whatever it is doing:"
            f" `{limit}` is not set",
            mend=f"write `{limit} = 3600` in main.cf",
            parameter=found.list.name,
            related=(Related(spawned.service.fields[0].location(), "the policy server is started here"),),
        )
