"""A value that Postfix would have without the line.

## What happens
Nothing: the parameter has this value by default, in every version. But a reader must look it up to know that,
and among many such lines those that make a difference are hard to see.

## Bad
```main.cf default-restated@2 fragment
myhostname = mail.example.com
smtpd_delay_reject = yes
smtpd_helo_required = yes
```

## Good
```main.cf fragment
myhostname = mail.example.com
smtpd_helo_required = yes
```

### The default is another one in other versions
```main.cf fragment
smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3
```

## When it is right
Where the file is to show what was decided, or a distribution ships it. The rule is off by default: select it
by name, or its area with `extend-select = ["style"]`. It says nothing of what a host is and whom it serves
(`myorigin`, `mydestination`, `relayhost` and the like), where a written default is a decision.

## References
- postconf(1), `-n` and `-d`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix import catalogue

from .._told import REPEATED, noted

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_DECISIONS = frozenset(
    {
        "compatibility_level",
        "inet_interfaces",
        "inet_protocols",
        "local_recipient_maps",
        "local_transport",
        "milter_default_action",
        "mydestination",
        "mydomain",
        "myhostname",
        "mynetworks",
        "mynetworks_style",
        "myorigin",
        "non_smtpd_milters",
        "relay_domains",
        "relayhost",
        "smtp_tls_security_level",
        "smtpd_relay_restrictions",
        "smtpd_tls_security_level",
    }
)
"""What a host is, whom it serves, and what must be safe: a written default shows that it was thought of."""


@rule(severity=INFO, area="style", default=False)
def default_restated(config: Configuration) -> Iterator[Finding]:
    repeats = REPEATED in noted(config)
    for setting in config.settings.values():
        if _is_default(config, setting):
            yield Finding(
                setting.location._replace(span=setting.name_span),
                f"`{setting.name}` has this value by default",
                mend="remove the line",
                parameter=setting.name,
                fix=None if repeats else Fix("remove the line", (Edit(setting.location, ""),)),
            )


def _is_default(config: Configuration, setting: Setting) -> bool:
    name = setting.name
    parameter = catalogue.parameter(name)
    if (
        parameter is None
        or parameter.legacy
        or parameter.system_dependent
        or name in _DECISIONS
        or not catalogue.accepted(name, config.version)
        or parameter.has_changed("default")
    ):
        return False
    default = config.default(name)
    if default is None:
        return False
    text = config.main_view.value(name).text
    expanded = config.main_view.expand(default.text)
    known = not expanded.problem and not expanded.reason
    return text is not None and known and text.lower() == expanded.text.lower()
