"""Addresses are mapped before the content filter and once more behind it.

## What happens
Mail passes cleanup(8) twice: when it comes in, and when the filter gives it back. Each time aliases are
expanded, and each time `always_bcc`, `sender_bcc_maps` and `recipient_bcc_maps` add their recipient: who is
to get a copy gets two. `receive_override_options = no_address_mappings` leaves that out, on the way in or on
the way back.

With aliases alone it is work done twice, which now and then comes to another result.

## Bad
```main.cf receive-override-missing@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
always_bcc = archive@example.com
```
```master.cf
smtp    inet n - n - - smtpd
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
amavis  unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
always_bcc = archive@example.com
```
```master.cf
smtp    inet n - n - - smtpd
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
amavis  unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks
```

## When it is right
Where the filter knows nothing of the second copy, because it throws one of them away.

## References
- postconf(5) receive_override_options, always_bcc; FILTER_README, "Advanced content filter example"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ._filters import (
    COPIES,
    FILTER,
    MAPPED_TWICE,
    MODULE,
    NO_MAPPINGS,
    OVERRIDES,
    filtering,
    mapped_twice,
)

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="delivery",
    parameters=(FILTER,),
    when_set=True,
    complete=True,
    noted=(MODULE, MAPPED_TWICE),
)
def receive_override_missing(config: Configuration) -> Iterator[Finding]:
    found = filtering(config)
    for name, value, back in mapped_twice(config, found) if found is not None else ():
        assert found is not None and value.setting is not None
        is_copy = name in COPIES
        yield Finding(
            value.setting.name_location,
            f"`{name}` counts before the content filter and again behind it"
            + (": there are two copies of each message" if is_copy else ": aliases are expanded twice"),
            mend=f"write `-o {OVERRIDES}={NO_MAPPINGS}` for `{back.name}`, which takes mail back, or"
            " for those that take it in",
            severity=WARNING if is_copy else None,
            parameter=name,
            related=set_here((found.value.setting,)),
        )
