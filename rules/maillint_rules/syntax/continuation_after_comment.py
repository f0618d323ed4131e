"""The first line of a setting is commented out, but not the rest: it belongs to the setting above.

## What happens
A comment between the lines of a value does not end the value. With `#` in front of the first line of a
setting alone, its indented lines continue the setting before it: a boolean is then `yes` and some more
words, which ends the program with a fatal error, and a list gets what was meant for another one.

## Bad
```main.cf continuation-after-comment@2 fragment
smtpd_helo_required = yes
#smtpd_sender_restrictions =
    reject_non_fqdn_sender
```

```main.cf continuation-after-comment@3 fragment
mydestination = example.com
# The other branch.
#relay_domains = example.net,
    example.org
```

## Good
```main.cf fragment
smtpd_helo_required = yes
#smtpd_sender_restrictions =
#    reject_non_fqdn_sender,
#    reject_unknown_sender_domain
```

### A comment in the middle of a list
```main.cf fragment
smtpd_helo_required = yes
smtpd_helo_restrictions =
    permit_mynetworks,
#    reject_non_fqdn_helo_hostname,
# smtpd_delay_reject = no would be too early here
    reject_invalid_helo_hostname
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: bad boolean configuration: smtpd_helo_required = yes ... reject_non_fqdn_sender
```

## When it is right
Where the lines are meant for the setting above, and the comment only happens to stand between.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule

from .._told import COMMENTED_HEAD, commented_head

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", COMMENTED_HEAD))
def continuation_after_comment(config: Configuration) -> Iterator[Finding]:
    for setting in config.main.settings if config.main is not None else ():
        head = commented_head(setting)
        if head is None:
            continue
        starts = [place.span.start for place in head.rest]
        yield Finding(
            head.name,
            f"`{head.name.text}` is commented out, but not the lines below it: they continue the value of"
            f" `{setting.name}`",
            mend="comment the lines out, too",
            severity=ERROR if head.is_open else WARNING,
            confidence=HIGH if head.is_open else MEDIUM,
            parameter=setting.name,
            related=(
                Related(head.rest[0], "the first of the lines"),
                Related(setting.name_location, "the setting that they belong to"),
            ),
            fix=Fix(
                "comment the lines out",
                tuple(Edit.insert(setting.source, start, "#") for start in starts),
                safe=False,
            ),
        )
