"""The greeting of the SMTP server does not begin with the name of the host.

## What happens
A mail server greets a client with `220`, its own name, and whatever else it likes to say (RFC 5321). The
value of `smtpd_banner` is that text, and Postfix adds nothing: with `smtpd_banner = Welcome ESMTP` it
claims to be a host called `Welcome`. Monitors of mail servers complain about it, and clients that take the
name for their log or compare it with the DNS get a word.

A literal full name in place of `$myhostname` is as good, whatever `myhostname` is: a service may have a
name of its own.

## Bad
```main.cf banner-without-hostname@1 fragment
smtpd_banner = Welcome ESMTP
```

### In master.cf
```master.cf banner-without-hostname@2
submission inet n - n - - smtpd
  -o smtpd_banner=Submission
```

## Good
```main.cf fragment
smtpd_banner = $myhostname ESMTP $mail_name
```

```main.cf fragment
smtpd_banner = smtp.example.com ESMTP
```

## When it is right
Never for a server that other hosts reach. Where only programs on the host itself see the greeting, the
rule says nothing.

## References
- RFC 5321, sections 3.1 and 4.2
- postconf(5) smtpd_banner
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, listeners

from .._domains import is_qualified
from .._told import told_elsewhere
from .._words import HOST_NAMES, OTHER_BANNER

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


@rule(
    severity=WARNING,
    area="identity",
    parameters=("smtpd_banner",),
    when_set=True,
    noted=("maillint_rules._words", OTHER_BANNER),
)
def banner_without_hostname(config: Configuration) -> Iterator[Finding]:
    for listener in listeners(config):
        setting = listener.view.setting("smtpd_banner")
        if setting is None or listener.reach == LOOPBACK or told_elsewhere(setting):
            continue
        if not _lacks_name(listener.view, setting):
            continue
        yield Finding(
            setting.value.location(),
            f"the server greets with `220 {setting.value.text}`, where the name of the host must come first",
            mend=_mend(setting),
            parameter="smtpd_banner",
            services=(listener.view.id,) if listener.view.id else (),
            fix=_fix(setting),
        )


def _lacks_name(view: View, setting: Setting) -> bool:
    """Whether the greeting certainly begins with something else than a name or an address in brackets."""
    raw, text = setting.value.text, view.value("smtpd_banner").text
    if raw.startswith(HOST_NAMES) or not text:
        return False
    first = text.split(maxsplit=1)[0]
    return not is_qualified(first) and not first.startswith("[")


def _mend(setting: Setting) -> str:
    text = setting.value.text
    value = f"smtpd_banner = $myhostname {text if 'ESMTP' in text.upper() else f'ESMTP {text}'}"
    return f"write `{value}`" if setting.service is None else f"write `-o {{ {value} }}`"


def _fix(setting: Setting) -> Fix | None:
    """None in master.cf, where white space would end the value."""
    if setting.service is not None:
        return None
    start = setting.value.span.start
    edit = Edit.insert(setting.source, start, "$myhostname ")
    return Fix("begin the greeting with `$myhostname`", (edit,))
