"""An entry in milter_macro_defaults is no NAME=VALUE.

## What happens
As soon as there is a milter to talk to, smtpd(8) and cleanup(8) end with
`fatal: malformed default macro entry` for every message.

## Bad
```main.cf bad-milter-macro-default@2 fragment
smtpd_milters = inet:127.0.0.1:8891
milter_macro_defaults = daemon_name
```

## Good
```main.cf fragment
smtpd_milters = inet:127.0.0.1:8891
milter_macro_defaults = daemon_name=ORIGINATING, { auth_type = PLAIN }
```

## What Postfix says
```witness knock
postfix/smtpd: fatal: malformed default macro entry: missing '=' after attribute name in "daemon_name"
```

## When it is right
Never.

## References
- postconf(5) milter_macro_defaults
- Postfix source: milter/milter.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import milter_macro_problems

from .._uses import found, shown, users
from .._values import judged_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_MILTERS = {"smtpd": "smtpd_milters", "cleanup": "non_smtpd_milters"}


@rule(severity=ERROR, area="milter", parameters=("milter_macro_defaults",), when_set=True)
def bad_milter_macro_default(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name != "milter_macro_defaults" or judged.value.text is None:
            continue
        views = users(judged, *_MILTERS)
        for problem in milter_macro_problems(judged.text):
            part = judged.text[problem.start : problem.end]
            yield found(
                judged,
                f"{shown(part)} is not `NAME=VALUE`: `smtpd` and `cleanup` end with a fatal error for every"
                " message that a milter is to see",
                "write `NAME=VALUE`",
                users=views,
                place=(problem.start, problem.end),
                severity=None if any(map(_has_milter, views)) else WARNING,
            )


def _has_milter(view: View) -> bool:
    names = [name for daemon, name in _MILTERS.items() if view.daemon in (daemon, None)]
    return any(view.value(name).text != "" for name in names)
