"""A header is changed after the mail has been signed.

## What happens
Milters sign mail when it comes in. `smtp_header_checks` are for what the SMTP client sends, and so they
change the signed message: the DKIM signature covers the header as it was, and receivers find it broken.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
smtp_header_checks = regexp:/etc/postfix/headers
```
```headers header-changed-after-signing@1
/^From:.*root@/ REPLACE From: Example <info@example.com>
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
header_checks = regexp:/etc/postfix/headers
```
```headers
/^From:.*root@/ REPLACE From: Example <info@example.com>
```

### A header that is not signed
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
smtp_header_checks = regexp:/etc/postfix/headers
```
```headers
/^X-Mailer:/ IGNORE
```

## When it is right
Where the milter does not sign this header, or the mail goes to a relay that signs it.

## References
- MILTER_README; header_checks(5); RFC 6376, 5.4.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS, SMTPD, milters
from maillint.postfix.table_results import CHANGES_SIGNED

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", CHANGES_SIGNED))
def header_changed_after_signing(config: Configuration) -> Iterator[Finding]:
    signer = _signer(config)
    if not signer:
        return
    for judged in problems(config, CHANGES_SIGNED):
        found = finding(
            judged,
            f"this header is changed after {signer} has signed the mail, which breaks the signature",
            "do it in `header_checks`, before the mail is signed",
        )
        found.confidence = MEDIUM
        yield found


def _signer(config: Configuration) -> str:
    for name in (SMTPD, OTHERS):
        for milter in milters(config.main_view, name) or ():
            if milter.software is not None and milter.software.signs:
                return milter.software.name
    return ""
