"""A value under an old parameter name that does not reach the new one.

## What happens
Postfix keeps an old parameter name working by letting the default of the new one refer to it. Three of
these defaults do so the wrong way: set `smtpd_client_connection_limit_exceptions`, and
`smtpd_client_event_limit_exceptions` is empty, without its usual `$mynetworks`, too. So it is with
`tlsproxy_client_level` and `tlsproxy_client_policy` in the older patch releases of each series.

## Bad
```main.cf old-name-loses-value@1 fragment
smtpd_client_connection_limit_exceptions = 192.0.2.0/24
```

## Good
```main.cf fragment
smtpd_client_event_limit_exceptions = 192.0.2.0/24
```

## When it is right
Never: write the new name.

## References
- postconf(5) smtpd_client_event_limit_exceptions
- Postfix source: global/mail_params.h; util/mac_expand.c, "${name:text}"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix import catalogue

from .._settings import services_of
from ._successors import is_lost, renamed

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAMES = ("smtpd_client_connection_limit_exceptions", "tlsproxy_client_level", "tlsproxy_client_policy")


@rule(severity=WARNING, area="deprecated", parameters=_NAMES, when_set=True)
def old_name_loses_value(config: Configuration) -> Iterator[Finding]:
    for view in config.views:
        for name in _NAMES:
            setting, parameter = view.setting(name), catalogue.parameter(name)
            if setting is None or parameter is None or (setting.service is None) != (view.service is None):
                continue
            if is_lost(view, parameter):
                new = parameter.replacement[0]
                yield Finding(
                    setting.name_location,
                    f"this line makes `{new}` empty: the value under the old name does not get there",
                    mend=f"write `{new}`",
                    parameter=name,
                    fix=renamed(config, setting, parameter),
                    services=services_of(setting),
                )
