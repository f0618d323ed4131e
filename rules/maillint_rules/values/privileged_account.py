"""Postfix is to work as root, or two of its parts as one user.

## What happens
`mail_owner` is the user that Postfix itself works as, `default_privs` the one for the commands of other
people's aliases, and `setgid_group` the group of the mail queue's doors. None of them may be root, and the
first two must not be the same: every Postfix program, `postfix start` included, ends with a fatal error.

## Bad
```main.cf privileged-account@1 fragment
mail_owner = root
```

```main.cf privileged-account@1 fragment
default_privs = postfix
```

```main.cf privileged-account@1 fragment
setgid_group = root
```

## Good
```main.cf fragment
mail_owner = postfix
default_privs = nobody
setgid_group = postdrop
```

## What Postfix says
```witness postmap static:x
postmap: fatal: file /etc/postfix/main.cf: parameter mail_owner: user root has privileged user ID
```

```witness postmap static:x bad=2
postmap: fatal: file /etc/postfix/main.cf: parameters default_privs and mail_owner specify the same user...
```

```witness postmap static:x bad=3
postmap: fatal: file /etc/postfix/main.cf: parameter setgid_group: group root has privileged group ID
```

## When it is right
Never.

## References
- postconf(5) mail_owner, default_privs, setgid_group
- Postfix source: global/mail_params.c (check_mail_owner() and its sisters, check_overlap())
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged

_OWNER, _OTHERS, _GROUP = "mail_owner", "default_privs", "setgid_group"


@rule(severity=ERROR, area="values", parameters=(_OWNER, _OTHERS, _GROUP), when_set=True)
def privileged_account(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _OWNER, _OTHERS, _GROUP):
        why = _why(judged)
        if why:
            kind = "group" if judged.parameter.name == _GROUP else "user"
            usual = judged.parameter.default_in(config.version)
            found = refused(judged, why, f"write `{usual}`, or another {kind} without rights of its own")
            if found is not None:
                yield found


def _why(judged: Judged) -> str:
    name, text, view = judged.parameter.name, judged.text, judged.view
    if text == "root":
        return f"`{name}` must not be `root`"
    # Reported once: at default_privs where that is set.
    other = {_OTHERS: _OWNER, _OWNER: _OTHERS}.get(name)
    if other and text == view.value(other).text and not (name == _OWNER and view.is_set(_OTHERS)):
        return f"`{name}` and `{other}` must not be the same user `{text}`"
    return ""
