"""The sender of address probes is only half an address.

## What happens
`address_verify_sender` is a whole address, a name without domain, or empty or `<>` for the null sender. With
an `@` at its beginning or end, a program that verifies addresses ends with a fatal error when it needs the
sender.

## Bad
```main.cf bad-address-verify-sender@1 fragment
address_verify_sender = @example.com
smtpd_recipient_restrictions = reject_unverified_recipient
unverified_recipient_reject_code = 550
```

```main.cf bad-address-verify-sender@1 fragment
address_verify_sender = probe@
```

## Good
```main.cf fragment
address_verify_sender = probe@example.com
smtpd_recipient_restrictions = reject_unverified_recipient
unverified_recipient_reject_code = 550
```

```main.cf fragment
address_verify_sender = <>
```

## What Postfix says
```witness rcpt
postfix/verify: fatal: parameter address_verify_sender: value "@example.com" must not start with '@'
```

## When it is right
Never.

## References
- postconf(5) address_verify_sender; ADDRESS_VERIFICATION_README
- Postfix source: global/verify_sender_addr.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "address_verify_sender"


@rule(severity=ERROR, area="values", parameters=(_NAME,), when_set=True)
def bad_address_verify_sender(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        name, at, domain = judged.text.partition("@")
        if at and not (name and domain):
            found = refused(
                judged,
                f"{shown(judged.text)} has no {'domain behind' if name else 'name before'} its `@`",
                "write `name@domain`, or a name alone",
            )
            if found is not None:
                yield found
