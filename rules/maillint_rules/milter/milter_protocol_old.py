"""An old version of the milter protocol, from before Postfix 2.6.

## What happens
Since Postfix 2.6 the default of `milter_protocol` is 6, the newest version, and filters that are linked with
a current libmilter speak it. With 2, 3 or 4, which old instructions name, Postfix leaves out what came later:
a filter that needs it logs that its action requirements are not fulfilled, and one that does without gets the
headers without the white space behind the colon.

## Bad
```main.cf milter-protocol-old@2 fragment
smtpd_milters = unix:/run/opendkim/opendkim.sock
milter_protocol = 2
```

## Good
```main.cf fragment
smtpd_milters = unix:/run/opendkim/opendkim.sock
milter_protocol = 6
```

## When it is right
The filter is linked with an old libmilter, which hangs up when it is offered a newer version.

## References
- postconf(5) milter_protocol; MILTER_README, "Workarounds"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from .._uses import found
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NEWEST = 6


@rule(severity=INFO, area="milter", parameters=("milter_protocol",), when_set=True)
def milter_protocol_old(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "milter_protocol"):
        version = judged.text
        if version.isdecimal() and int(version) < _NEWEST:
            yield found(
                judged,
                f"filters are offered version {version} of the milter protocol, and not what came later",
                f"write `{_NEWEST}`, or leave the line out",
                meant=str(_NEWEST),
                sure=False,
            )
