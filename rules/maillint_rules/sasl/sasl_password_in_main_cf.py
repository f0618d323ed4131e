"""A password in a file that every user of the host can read.

## What happens
main.cf and master.cf must be readable by all: sendmail(1) and postqueue(1) read them as whoever calls them.
With `static:USER:PASSWORD`, or a password in an `inline` table, every user and every program on the host, a
hacked web site included, can read it, and send mail in the name of the account. `postconf` prints it, too.

## Bad
```main.cf sasl-password-in-main-cf@5
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = static:anna:correct-horse
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

```main.cf sasl-password-in-main-cf@5
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = inline:{ [smtp.example.org]:587=anna:correct-horse }
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

## Good
The file `sasl_passwd` has the mode 0600:

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

## When it is right
In a container with nobody else inside, or where the password opens nothing. What looks like a placeholder is
left alone.

## References
- postconf(5) smtp_sasl_password_maps; SASL_README; DATABASE_README
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import parse_table
from maillint.postfix.written_table import written_pairs
from maillint.syntax.lists import open_group

from .._told import is_placeholder
from .._values import judged_values
from .._words import PASSWORD

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.tables import Table

_MAPS = ("smtp_sasl_password_maps", "lmtp_sasl_password_maps")
_SAMPLE = re.compile(r"(?i).*(?:pass|secret|change|your|example|x{3}|\*{3}).*|[A-Z][A-Z0-9]*_[A-Z0-9_]+")


@rule(
    severity=ERROR,
    area="sasl",
    parameters=_MAPS,
    when_set=True,
    noted=("maillint_rules._words", PASSWORD),
    security=True,
)
def sasl_password_in_main_cf(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name not in _MAPS:
            continue
        for item in judged.value.items(braces=True):
            tables = parse_table(item.text, config.version).walk() if item.known else ()
            if not any(map(_has_password, tables)):
                continue
            file = "master.cf" if judged.setting.service is not None else "main.cf"
            yield Finding(
                judged.setting.name_location,
                f"the password in `{judged.parameter.name}` can be read by every user and program on this"
                f" host: {file} is there for all to read",
                mend="write the entry into a file of mode 0600, such as `/etc/postfix/sasl_passwd`, and"
                f" `{judged.parameter.name} = texthash:/etc/postfix/sasl_passwd`; change the password if"
                " others may have read it",
                parameter=judged.parameter.name,
            )
            break


def _has_password(table: Table) -> bool:
    if table.type == "static":
        group = open_group(table.name) if table.name.startswith("{") else None
        return _is_login(group.payload if group is not None else table.name)
    return table.type == "inline" and any(_is_login(value) for _, value in written_pairs(table))


def _is_login(text: str) -> bool:
    """Whether *text* is ``USER:PASSWORD``, with a real password."""
    user, _, password = text.strip().partition(":")
    return bool(user and password) and not any(
        is_placeholder(word) or "$" in word or _SAMPLE.fullmatch(word) for word in (user, password)
    )
