"""A word in postscreen_access_list is none that postscreen knows.

## What happens
postscreen(8) logs `unknown command` for each client that gets to the word, and ignores it and all behind it:
clients that were to pass are tested, clients that were to be turned away are not. The words are `permit`,
`reject`, `dunno`, `permit_mynetworks`, and tables such as `cidr:/etc/postfix/postscreen_access.cidr`.

## Bad
```main.cf unknown-postscreen-access-word@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
postscreen_access_list = permit_sasl_authenticated, cidr:/etc/postfix/postscreen_access.cidr
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
postscreen_access_list = permit_mynetworks, cidr:/etc/postfix/postscreen_access.cidr
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
```

## What Postfix says
```witness connect
postfix/postscreen: warning: postscreen_access_list: unknown command: permit_sasl_authenticated ...
```

## When it is right
Never.

## References
- postconf(5) postscreen_access_list
- Postfix source: global/server_acl.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.nearest import nearest

from .._told import is_placeholder, told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_NAME = "postscreen_access_list"
_WORDS = ("permit", "reject", "dunno", "permit_mynetworks")


@rule(severity=WARNING, area="lists", parameters=(_NAME,), when_set=True, each=VIEW)
def unknown_postscreen_access_word(view: View) -> Iterator[Finding]:
    if told(view.value(_NAME)):
        return
    for item in view.items(_NAME):
        if not item.known or ":" in item.text or item.text.lower() in _WORDS or item.location is None:
            continue
        if is_placeholder(item.text):
            return
        meant = nearest(item.text, _WORDS)
        literal = item.location.text == item.text
        yield Finding(
            item.location,
            f"`postscreen` ignores `{item.text}` and all behind it: it has no such word",
            mend=f"write `{meant}`"
            if meant
            else "use `permit_mynetworks`, `reject` or a table, or remove it",
            parameter=_NAME,
            fix=Fix.write(item.location, meant) if meant and literal else None,
        )
        return
