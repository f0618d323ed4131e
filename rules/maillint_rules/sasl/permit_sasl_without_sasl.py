"""A service for users, on which nobody can log in.

## What happens
`permit_sasl_authenticated` lets those in who have logged in. With `smtpd_sasl_auth_enable = no`, the default,
smtpd offers no login, so the word lets nobody in: users hear `Relay access denied` or `Client host rejected`,
or their mail program says that the server has no authentication.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf permit-sasl-without-sasl@3
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

### It is switched on nowhere
```main.cf permit-sasl-without-sasl@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
Never.

## References
- SASL_README, "Enabling SASL authentication and authorization in the Postfix SMTP server"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import is_for_submission
from maillint.postfix.restrictions import access_lists

from ..restrictions._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

_SASL = "smtpd_sasl_auth_enable"
_WORD = "permit_sasl_authenticated"
_PREPARED = ("smtpd_sasl_path", "smtpd_sasl_type", "smtpd_sasl_local_domain", "smtpd_sasl_security_options")


@rule(severity=WARNING, area="sasl", complete=True)
def permit_sasl_without_sasl(config: Configuration) -> Iterator[Finding]:
    if config.main is None or config.master is None:
        return  # It may be switched on in the other file.
    views = smtpd_views(config)
    told = _SASL in config.settings  # Who writes it there means it.
    for view in views:
        place = _place(view)
        if place is not None and is_for_submission(view) and view.boolean(_SASL) is False:
            told = True
            assert view.service is not None
            yield Finding(
                place,
                f"nobody can log in at the service `{view.service.name}`, so `{_WORD}` lets nobody in:"
                f" `{_SASL}` is off there",
                mend=f"add `-o {_SASL}=yes` to the service",
                parameter=_SASL,
                services=(view.id,),
            )
    if told or not views or any(view.boolean(_SASL) is not False for view in views):
        return
    setting = next((found for name in _PREPARED if (found := _changed(config, name))), None)
    if setting is not None:
        yield Finding(
            setting.value.location() if setting.value.text else setting.name_location,
            f"`{setting.name}` has no effect, and `{_WORD}` lets nobody in:"
            f" `{_SASL}` is off for every service",
            mend=f"write `-o {_SASL}=yes` below the services where users log in, or remove `{setting.name}`",
            confidence=MEDIUM,
            parameter=setting.name,
        )


def _changed(config: Configuration, name: str) -> Setting | None:
    """The setting of main.cf, if it is another value than the default."""
    setting, default = config.settings.get(name), config.default(name)
    return setting if setting and (default is None or setting.value.text != default.text) else None


def _place(view: View) -> Location | None:
    """Where the service itself has the word; None: it has it from main.cf, or not at all."""
    for where in access_lists(view).lists.values():
        setting = where.value.setting
        if setting is None or setting.service is None:
            continue
        for restriction in where.restrictions:
            if restriction.name == _WORD and restriction.ended_by is None:
                return restriction.word.location
    return None
