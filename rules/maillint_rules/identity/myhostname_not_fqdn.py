"""The host introduces itself by a name without a domain.

## What happens
Postfix takes `myhostname` as it is written: it appends `$mydomain` to a short name only when that comes
from the operating system. With `myhostname = web01` the SMTP client says `EHLO web01`, and mail from
programs leaves as `user@web01` unless `myorigin` says otherwise. A host name without a dot cannot be looked
up: receivers refuse the greeting (`504 5.5.2 Helo command rejected: need fully-qualified hostname`) and
the sender. `$mydomain`, if it is not set, becomes `localdomain`.

## Bad
```main.cf myhostname-not-fqdn@1
myhostname = web01
mydomain = example.com
myorigin = $mydomain
```

```main.cf myhostname-not-fqdn@2
# Advice only: nobody but the relay is told this name.
myhostname = web01
myorigin = example.com
relayhost = [smtp.example.com]:587
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
```

```main.cf
mydomain = example.com
myhostname = web01.$mydomain
myorigin = $mydomain
```

## When it is right
On a host that hands all its mail to a relay that does not mind. The rule says nothing where no mail
leaves the host.

## References
- RFC 5321, section 2.3.5 and 4.1.1.1
- postconf(5) myhostname, reject_non_fqdn_helo_hostname
- Postfix source: global/mail_params.c (check_myhostname)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import is_hostname

from .._chain import set_here
from .._domains import ODD_HOST, is_qualified, why_placeholder
from ._names import keeps_to_itself, weight_of_name

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="identity",
    parameters=("myhostname",),
    when_set=True,
    noted=("maillint_rules._domains", ODD_HOST),
)
def myhostname_not_fqdn(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("myhostname")
    name = value.text
    if value.setting is None or value.setting.cut is not None:
        return  # What a NUL byte cuts off has a rule of its own.
    if not name or "." in name or not is_hostname(name) or why_placeholder(name) or keeps_to_itself(config):
        return
    location = value.setting.value.location()
    weight = weight_of_name(config)
    yield Finding(
        location,
        f"the host introduces itself as `{name}`, a name without a domain;"
        f" {weight.because or 'receivers cannot look it up, and many refuse it'}",
        mend=f"write the full name, `myhostname = {name}.{_domain(config)}`: Postfix adds no domain to it",
        severity=weight.severity,
        confidence=weight.confidence,
        parameter="myhostname",
        related=set_here((*value.chain, weight.setting), but=location),
    )


def _domain(config: Configuration) -> str:
    """The domain that is set, or one that stands for the reader's."""
    own = config.main_view.value("mydomain")
    return own.text if own.setting is not None and own.text and is_qualified(own.text) else "example.com"
