"""Two entries of master.cf for one service: the first counts for nothing.

## What happens
A service is known by its type and by where it listens. When a second entry has the same, master(8)
warns, `duplicate master.cf entry`, and takes the last one whole: command, options, limits. `smtp` and `25`
are the same port, and `private` is part of the place where a service of another type listens.

## Bad
```master.cf master-duplicate-service@1 fragment
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
submission inet n - n - - smtpd
```

```master.cf master-duplicate-service@1 fragment
smtp inet n - n - - smtpd
25 inet n - n - 1 postscreen
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
127.0.0.1:10025 inet n - n - - smtpd
127.0.0.1:10026 inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: warning: duplicate master.cf entry for service ... -- using the last entry
```

## When it is right
Never: delete the entry that does not count.

## References
- master(5)
- Postfix source: master/master_conf.c, master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, canonical_id, readable_services

from ._entries import REPEATED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", REPEATED))
def master_duplicate_service(config: Configuration) -> Iterator[Finding]:
    last: dict[tuple[str, str], Service] = {}
    for service in reversed(list(readable_services(config))):
        counting = last.setdefault(canonical_id(config, service), service)
        if counting is not service:
            same = _content(service) == _content(counting)
            yield Finding(
                service.fields[NAME].location(),
                f"this entry counts for nothing: a later one for the same {service.type} service replaces it",
                mend="remove the entry that is not meant",
                severity=WARNING if same else None,
                services=(service.id,),
                related=(Related(counting.fields[NAME].location(), "this entry counts"),),
                fix=Fix("remove the entry", (Edit(service.location, ""),)) if same else None,
            )


def _content(service: Service) -> list[str]:
    """All that the entry says but for its name and type."""
    return [word.text for word in (*service.fields[2:], *service.arguments)]
