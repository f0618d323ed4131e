"""A flag that works for one recipient at a time only, in a service that gets many.

## What happens
`D` prepends `Delivered-To:` and `O` `X-Original-To:`, and both name one recipient. A message that comes to
pipe(8), smtp(8) or lmtp(8) with more than one is deferred, again and again, with `pipe flag ... requires
SERVICE_destination_recipient_limit = 1` in the log. That limit is 50 unless it is set.

## Bad
```main.cf fragment
virtual_transport = dovecot
```
```master.cf delivery-flag-needs-one-recipient@1
dovecot unix - n n - - pipe flags=DRhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

```main.cf fragment
local_transport = archive
```
```master.cf delivery-flag-needs-one-recipient@1
archive unix - n n - - pipe flags=DR user=nobody argv=/usr/bin/env archive -d ${recipient}
```

## Good
```main.cf fragment
virtual_transport = dovecot
dovecot_destination_recipient_limit = 1
```
```master.cf
dovecot unix - n n - - pipe flags=DRhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

### Nothing is said of a service that nobody uses
```master.cf fragment
dovecot unix - n n - - pipe flags=DRhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

## What Postfix says
```witness deliver bad=2 one@lab.example.com two@lab.example.com
postfix/pipe: warning: pipe flag `D' requires archive_destination_recipient_limit = 1
```

## When it is right
Where no message for the service ever has two recipients.

## References
- pipe(8), smtp(8), "flags="; postconf(5) transport_destination_recipient_limit
- Postfix source: pipe/pipe.c, smtp/smtp.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, attributes, program

from ._entries import FOR_ONE
from ._recipients import FOR_ONE_RECIPIENT, limit_of, takes_many, used_for_delivery

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", FOR_ONE))
def delivery_flag_needs_one_recipient(config: Configuration) -> Iterator[Finding]:
    used = used_for_delivery(config)
    for service in active_services(config):
        found = program(config, service)
        if service.name not in used or found is None or not found.attributes(config.version):
            continue
        if not takes_many(config, service):
            continue
        for attribute in attributes(service):
            flags = attribute.value.text if attribute.name == "flags" else ""
            place = next((place for place, flag in enumerate(flags) if flag in FOR_ONE_RECIPIENT), None)
            if place is not None:
                yield Finding(
                    attribute.value.location(place, place + 1),
                    f"a message with two recipients is never delivered by `{service.id}`:"
                    f" with the flag `{flags[place]}` it takes one recipient at a time",
                    mend=f"write `{limit_of(service)} = 1` in main.cf",
                    parameter=limit_of(service),
                    services=(service.id,),
                    related=(
                        Related(used[service.name].value.location(), "mail is sent to this service here"),
                    ),
                )
