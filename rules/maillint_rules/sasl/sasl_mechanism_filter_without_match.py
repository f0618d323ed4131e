"""A filter of login mechanisms that lets none through.

## What happens
The filter is a list of what may be used. Names with `!` take something out of what follows; alone they let
nothing through. smtpd(8) then ends with `discards all mechanisms`, and the clients smtp(8) and lmtp(8) never
log in.

## Bad
```main.cf sasl-mechanism-filter-without-match@3 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noanonymous
smtpd_sasl_mechanism_filter = !external, !gssapi
```

```main.cf sasl-mechanism-filter-without-match@3 fragment postfix=3.7
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_mechanism_filter = !gssapi
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_security_options = noanonymous
smtpd_sasl_mechanism_filter = !external, static:rest
```

## What Postfix says
```witness knock
postfix/smtpd: fatal: smtpd_sasl_mechanism_filter discards all mechanisms in ...
```

## When it is right
Never.

## References
- postconf(5) smtpd_sasl_mechanism_filter, smtp_sasl_mechanism_filter
- Postfix source: smtpd/smtpd_sasl_glue.c, smtp/smtp_sasl_proto.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule

from .._uses import found, users
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PROGRAMS = {f"{program}_sasl_mechanism_filter": program for program in ("smtpd", "smtp", "lmtp")}


@rule(severity=ERROR, area="sasl", parameters=tuple(_PROGRAMS), when_set=True)
def sasl_mechanism_filter_without_match(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PROGRAMS):
        program = _PROGRAMS[judged.parameter.name]
        views = users(judged, program)
        words = judged.value.items(braces=True)
        if not views or not words or not all(_takes_out(word.text) for word in words):
            continue
        effect = (
            "`smtpd` ends with a fatal error for every client"
            if program == "smtpd"
            else f"`{program}` never logs in"
        )
        enabled = any(view.boolean(f"{program}_sasl_auth_enable") for view in views)
        meant = f"{judged.text}, static:rest"
        yield found(
            judged,
            f"this filter takes mechanisms out of nothing, and lets none through: {effect}",
            f"write `{meant}`",
            users=views,
            meant=meant,
            severity=None if enabled else WARNING,
        )


def _takes_out(word: str) -> bool:
    """Whether *word* can only keep something from matching: an odd number of ``!`` stand in front."""
    return (len(word) - len(word.lstrip("!"))) % 2 == 1
