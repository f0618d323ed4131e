"""A placeholder was not filled in.

## What happens
`@NAME@`, `%NAME%`, `{A_NAME}` or `<your domain>` is for a script, or a person, to replace. Postfix takes it
as it stands: the host, a domain or a file gets a name that nobody has, and a number or a yes and no is
refused with a fatal error.

A file with such places may well be what the script starts from. That is taken for granted, and the finding is
advice: neither what depends on these values is judged nor, where a script replaces them, what the file lacks,
for it may add lines as well. In a directory that is Postfix's own, with the files that its installation puts
there, it is an error.

## Bad
```main.cf template-residue@2 fragment
compatibility_level = 3.6
myhostname = @MAIL_NAME@
mydomain = @MAIL_DOMAIN@
```

```main.cf template-residue@1 fragment
mydestination = <your domain>, localhost
```

```main.cf template-residue@1 fragment
relay_domains = @@RELAY@@
```

### In the directory of an installation
```main.cf template-residue@3
compatibility_level = 3.6
mydestination =
myorigin = <your domain>
myhostname = mail.example.com
```
```postfix-files
$config_directory/main.cf:f:root:-:644:p
```

### The script may add a certificate, and smtpd_relay_restrictions
```main.cf template-residue@1
myhostname = {MTA_HOSTNAME}
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_recipient_restrictions = permit_mynetworks
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf fragment
myhostname = mail.example.com
mydomain = example.com
smtpd_tls_mandatory_protocols = <=TLSv1.3, >=TLSv1.2
smtpd_client_restrictions = check_client_access pcre:{{/./ DUNNO}}
```

## When it is right
In a template.

## References
- postconf(5), "main.cf file format"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, LOW, Finding
from maillint.engine.rule import rule
from maillint.syntax.tree import Malformed

from .._chain import set_here
from .._told import UNFILLED, is_unfilled
from .._uses import shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="syntax", noted=("maillint_rules._told", UNFILLED))
def template_residue(config: Configuration) -> Iterator[Finding]:
    if config.main is None or any(isinstance(node, Malformed) for node in config.main.nodes):
        return  # missing-equals speaks of lines that are for another program
    places = [setting for setting in config.main.settings if is_unfilled(config, setting)]
    if not places:
        return
    first, *others = places
    installed = config.is_installed
    also = (
        f", and so are {len(others)} more values"
        if len(others) > 1
        else ", and so is another"
        if others
        else ""
    )
    effect = "Postfix takes it as it stands" if installed else "nothing is said of what depends on it"
    if config.is_to_be_filled:
        effect += ", nor of what the file lacks"
    yield Finding(
        first.value.location(),
        f"{shown(first.value.text)} is to be filled in{also}: {effect}",
        mend="write the value, or check the file that the template makes",
        severity=ERROR if installed else INFO,
        confidence=HIGH if installed else LOW,
        parameter=first.name,
        related=set_here(others),
    )
