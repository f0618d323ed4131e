"""The postmaster gets a message for each thing that goes wrong in somebody's session.

## What happens
With `bounce`, `policy` or `protocol` in `notify_classes`, Postfix sends the postmaster a copy of each bounce,
or a transcript of each session in which a client was refused or made an error. On a server that the Internet
reaches these are thousands a day, and the messages that matter (`resource`, `software`) drown in them.

## Bad
```main.cf notify-classes-noise@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
notify_classes = resource, software, policy, protocol
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
notify_classes = resource, software, delay
```

## When it is right
On a small server, or for some days.

## References
- postconf(5) notify_classes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, smtp_reach

from .._uses import found
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "notify_classes"
_NOISY = {
    "bounce": "a copy of each bounce",
    "policy": "a transcript of each session in which a client is refused",
    "protocol": "a transcript of each session in which a client makes an error",
}


@rule(severity=INFO, area="limits", parameters=(_NAME,), when_set=True, complete=True)
def notify_classes_noise(config: Configuration) -> Iterator[Finding]:
    if smtp_reach(config) in (LOOPBACK, NOBODY):
        return
    for judged in known_values(config, _NAME):
        items = judged.value.items(braces=False)
        noisy = [item for item in items if item.text.lower() in _NOISY]
        if noisy:
            first = noisy[0]
            sent = " and ".join(_NOISY[item.text.lower()] for item in noisy)
            finding = found(
                judged,
                f"the postmaster gets {sent}",
                "write `resource, software`, the default",
                place=(first.start, first.start + len(first.text)),
            )
            value = judged.setting.value.location()
            if value.text == judged.text:
                quiet = [item.text for item in items if item not in noisy]
                meant = ", ".join(quiet) or "resource, software"
                finding.fix = Fix.write(value, meant, safe=False)
            yield finding
