"""A reply code for rejected mail that does not reject.

## What happens
When smtpd(8) is to refuse something with a code that is not from 400 to 599, it logs `SMTP reply code
configuration error` and answers `450 4.7.1 Service unavailable` instead, whatever was meant: the client comes
back for days. Nothing is accepted that way; whom to let in is for the restrictions to say.

## Bad
```main.cf reject-code-4xx-5xx-odd@1 fragment
unknown_local_recipient_reject_code = 250
```

```main.cf reject-code-4xx-5xx-odd@1 fragment
reject_code = 250
smtpd_recipient_restrictions = reject
```

```master.cf reject-code-4xx-5xx-odd@2
smtp inet n - n - - smtpd
  -o unverified_recipient_reject_code=350
```

## Good
```main.cf fragment
unknown_local_recipient_reject_code = 550
# 250 accepts what cannot be verified.
unverified_recipient_reject_code = 250
```

## What Postfix says
```witness rcpt bad=2
postfix/smtpd: warning: SMTP reply code configuration error: 250 5.7.1 ...
450 4.7.1 Service unavailable
```

## When it is right
A code from 200 to 299 in `unverified_sender_reject_code` and its three sisters, which skips the check; the
rule knows that.

## References
- postconf(5)
- Postfix source: smtpd/smtpd_check.c (smtpd_check_reject, verify_sender)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import NUMBERS, number, refusal

from .._programs import readers
from .._values import known_values
from ._refused import or_default, related, shown
from ._typed import ALWAYS_REJECT, MAY_ACCEPT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged


@rule(
    severity=WARNING,
    area="values",
    parameters=ALWAYS_REJECT + MAY_ACCEPT,
    when_set=True,
    noted=("maillint_rules.values._typed", *ALWAYS_REJECT, *MAY_ACCEPT),
)
def reject_code_4xx_5xx_odd(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *ALWAYS_REJECT, *MAY_ACCEPT):
        who = readers(judged)
        if who is not None and _is_odd(judged):
            yield Finding(
                judged.location(),
                f"{shown(judged.text)} is no code from 400 to 599: `smtpd` warns each time that it needs it,"
                " and answers `450 4.7.1 Service unavailable`",
                mend=f"write a code such as 450 or 550, or {or_default(judged)}",
                parameter=judged.parameter.name,
                related=related(judged),
                services=who.services,
            )


def _is_odd(judged: Judged) -> bool:
    version = judged.view.configuration.version
    if judged.parameter.type_in(version) not in NUMBERS or refusal(judged.parameter, judged.text, version):
        return False
    code = number(judged.text) or 0
    least = 300 if judged.parameter.name in MAY_ACCEPT else 0
    is_taken_as_accept = judged.parameter.name in MAY_ACCEPT and 200 <= code < least
    return not (400 <= code <= 599 or is_taken_as_accept)
