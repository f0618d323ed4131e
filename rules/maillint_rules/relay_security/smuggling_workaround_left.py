"""The first remedy against SMTP smuggling is still there beside the better one.

## What happens
`smtpd_discard_ehlo_keywords = chunking` was to be set in December 2023, until Postfix learned to check line
ends by itself. With `smtpd_forbid_bare_newline` it is not needed any more, and senders that would use `BDAT`
cannot.

## Bad
```main.cf smuggling-workaround-left@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_bare_newline = normalize
smtpd_discard_ehlo_keywords = chunking, silent-discard
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_bare_newline = normalize
```

```main.cf postfix=3.7.11
# It is the only remedy here.
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_discard_ehlo_keywords = chunking, silent-discard
```

## When it is right
Where some client or filter has trouble with `BDAT`.

## References
- https://www.postfix.org/smtp-smuggling.html; postconf(5) smtpd_discard_ehlo_keywords; BDAT_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._told import told
from ._servers import FORBID

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_KEYWORDS = "smtpd_discard_ehlo_keywords"
_WORD = "chunking"
_STRICT = ("normalize", "reject", "yes")


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(_KEYWORDS,),
    when_set=True,
    each=VIEW,
)
def smuggling_workaround_left(view: View) -> Iterator[Finding]:
    if view.daemon not in ("smtpd", None) or view.configuration.parameter(FORBID) is None:
        return
    keywords, forbidden = view.value(_KEYWORDS), view.value(FORBID)
    if told(keywords) or (forbidden.text or "").lower() not in _STRICT:
        return
    for item in keywords.items(braces=False):
        if item.text.lower() == _WORD and item.location is not None:
            yield Finding(
                item.location,
                f"senders cannot use `BDAT`, and need not be kept from it: `{FORBID}` is"
                f" `{forbidden.text}`, which is enough against SMTP smuggling",
                mend="remove the word",
                parameter=_KEYWORDS,
                related=set_here((forbidden.setting,)),
            )
