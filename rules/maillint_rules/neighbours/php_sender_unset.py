"""PHP's mail has the user of the web server as its sender.

## What happens
Without `-f` the envelope sender is the user that PHP runs as: `www-data@` or `nginx@` the domain of
`myorigin`. Bounces go to that address. Where nobody reads it, a site does not learn that its mail is refused,
until the receiver takes it for a spammer.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../php/8.2/fpm/php.ini php-sender-unset@2
[mail function]
sendmail_path = /usr/sbin/sendmail -t -i
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../php/8.2/fpm/php.ini
[mail function]
sendmail_path = /usr/sbin/sendmail -t -i
mail.force_extra_parameters = -fbounces@example.com
```

## When it is right
Where each program gives its own sender, as the fifth argument of mail(), or an alias leads the user's mail to
a person.

## References
- PHP manual, mail(), sendmail_path, mail.force_extra_parameters; sendmail(1) -f
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding, Related
from maillint.engine.rule import rule

from ._around import AROUND, PHP
from ._php import calls

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="neighbours", complete=True, noted=(AROUND, PHP))
def php_sender_unset(config: Configuration) -> Iterator[Finding]:
    found = calls(config)
    if not found or any(call.sender is not None for call in found):
        return
    from maillint.postfix.sender import DIRECT, default_route, program_sender, sender_mapping

    own = program_sender(config)
    if own is None or own.domain is None or sender_mapping(config) is not None:
        return
    commands = [call for call in found if call.is_command]
    if not commands or default_route(config).kind != DIRECT:
        return
    first, *others = commands
    yield Finding(
        first.entry.value.location(),
        f"what PHP sends has the user of the web server as its sender, such as `www-data@{own.domain}`:"
        " bounces go there",
        mend=f"add `-f` with an address that somebody reads, such as `-f bounces@{own.domain}`",
        confidence=MEDIUM,
        parameter=own.parameter,
        related=tuple(Related(other.entry.value.location(), "and here") for other in others),
    )
