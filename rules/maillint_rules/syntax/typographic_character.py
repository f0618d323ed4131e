"""A character that came with a text copied from a page: a curly quote, a no-break space.

## What happens
For Postfix only the ASCII blank, tab and comma separate words, and every other character belongs to the
word that it stands in. A no-break space, which looks like a blank, joins two networks to one word that is
no network; an invisible character behind `yes` makes it something that is neither yes nor no; and the
curly quotes of a word processor are part of the value, as plain ones would be.

## Bad
```main.cf typographic-character@1 fragment escaped
mynetworks = 127.0.0.0/8\\u00a0[::1]/128
```

```main.cf typographic-character@1 fragment
smtpd_helo_required = “yes”
```

```main.cf typographic-character@3 fragment escaped
myhostname = mail.example.com
mydestination = example.com,
    localhost\\u200b
```

```master.cf typographic-character@2 fragment escaped
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt\\u200b
```

```main.cf typographic-character@1 fragment
smtpd_tls_cert_file = /etc/ssl/mail–2026.pem
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8 [::1]/128
smtpd_helo_required = yes
smtpd_banner = $myhostname ESMTP “la poste”
```

### A mailbox under a name in another script
```main.cf fragment
home_mailbox = Почта/
```

## What Postfix says
```witness connect bad=2
postfix/smtpd: fatal: bad boolean configuration: smtpd_helo_required = “yes”
```

## When it is right
In a text for people, such as a banner, and in a command; the rule leaves those alone.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/mystrtok.c, util/split_nameval.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule

from .._characters import described, pattern
from .._settings import services_of, settings
from .._told import TYPOGRAPHIC, is_typographic

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", TYPOGRAPHIC))
def typographic_character(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        if is_typographic(setting):
            yield _finding(setting)


def _finding(setting: Setting) -> Finding:
    value = setting.value
    places = [value.location(found.start(), found.end()) for found in pattern().finditer(value.text)]
    first, *others = places
    what, _ = described(first.text)
    return Finding(
        first,
        f"this is {what}: it is part of the value of `{setting.name}`",
        mend="write what is meant in plain ASCII",
        parameter=setting.name,
        related=tuple(Related(place, f"here is {described(place.text)[0]}") for place in others),
        services=services_of(setting),
        fix=_fix(places),
    )


def _fix(places: list[Location]) -> Fix:
    edits = tuple(Edit(place, described(place.text)[1]) for place in places)
    return Fix("write it in ASCII", edits, safe=all(edit.text != "-" for edit in edits))
