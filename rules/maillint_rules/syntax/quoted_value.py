"""Quotes around a value are part of the value.

## What happens
Postfix has no quoting in main.cf, nor in the `-o` of master.cf: it keeps the quotes. The host is then
called `"mail.example.com"`, the file `"/etc/ssl/mail.pem"` does not exist, the network `"127.0.0.0/8"`
matches no client, and `"yes"` is neither yes nor no, which ends the program with a fatal error. In a
banner the quotes go out to the client.

## Bad
```main.cf quoted-value@1 fragment
myhostname = "mail.example.com"
```

```main.cf quoted-value@2 fragment
myhostname = mail.example.com
smtpd_tls_cert_file = '/etc/ssl/mail.pem'
```

```master.cf quoted-value@2 fragment
submission inet n - y - - smtpd
  -o syslog_name="postfix/submission"
```

```main.cf quoted-value@1 fragment
smtpd_helo_required = "yes"
```

## Good
```main.cf fragment
myhostname = mail.example.com
smtpd_tls_cert_file = /etc/ssl/mail.pem
```

```main.cf fragment
mailbox_command = "/usr/lib/dovecot/deliver"
```

## What Postfix says
```witness connect bad=3
postfix/smtpd: fatal: bad boolean configuration: smtpd_helo_required = "yes"
```

## When it is right
In a command that a shell reads, such as `mailbox_command`, and in other texts where the quotes are
meant; the rule leaves those alone.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/split_nameval.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule

from .._settings import services_of, settings
from .._text import BANNERS
from .._told import QUOTED, is_quoted

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", QUOTED))
def quoted_value(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        if not is_quoted(setting):
            continue
        text = setting.value.text
        edits = (
            Edit(setting.value.location(0, 1), ""),
            Edit(setting.value.location(len(text) - 1), ""),
        )
        yield Finding(
            setting.value.location(),
            f"the quotes are part of the value of `{setting.name}`: Postfix has no quoting here",
            mend="remove the quotes",
            severity=WARNING if setting.name in BANNERS else None,
            parameter=setting.name,
            services=services_of(setting),
            fix=Fix("remove the quotes", edits),
        )
