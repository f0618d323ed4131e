"""TLS from the first byte on for mail to everybody.

## What happens
`smtp_tls_wrappermode` is for a relay at port 465. This host delivers to the mail servers of the recipients'
domains, at port 25, where each greets in plain text: the client takes that for broken TLS, and no mail
leaves.

## Bad
```main.cf wrappermode-global-direct-delivery@3
myhostname = mail.example.com
myorigin = $mydomain
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
smtp  unix - - n - - smtp
smtps unix - - n - - smtp
  -o smtp_tls_wrappermode=yes
  -o smtp_tls_security_level=encrypt
```

## When it is right
Never. Where a table may send all mail to a relay, the rule says nothing.

## References
- postconf(5) smtp_tls_wrappermode; TLS_README, "Client-side SMTPS"
- RFC 3207
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import routes
from maillint.postfix.tls import MAY, NONE, client_level

from .._told import told
from .._uses import ids
from ._smarthosts import MODULE, WRAPPED_DIRECT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_WRAPPER = "smtp_tls_wrappermode"


@rule(
    severity=ERROR,
    area="delivery",
    parameters=(_WRAPPER,),
    when_set=True,
    complete=True,
    noted=(MODULE, WRAPPED_DIRECT),
)
def wrappermode_global_direct_delivery(config: Configuration) -> Iterator[Finding]:
    for view in routes(config).direct:
        value = view.value(_WRAPPER)
        if not view.boolean(_WRAPPER) or value.setting is None or told(value):
            continue
        if client_level(view, "smtp") in (NONE, MAY):
            continue  # It does not even connect: wrappermode-without-encrypt.
        place = value.setting.value.location()
        yield Finding(
            place,
            "no mail leaves: the client begins with TLS, and the mail servers of other domains greet in plain"
            " text at port 25",
            mend=f"write `relayhost = [HOST]:465` if all mail is to go there, else `{_WRAPPER} = no`, and"
            f" `-o {_WRAPPER}=yes` in a service of master.cf for the relay",
            parameter=_WRAPPER,
            services=ids([view]),
            fix=Fix("begin with STARTTLS", _edits(view, value.setting), safe=False),
        )


def _edits(view: View, wrapper: Setting) -> tuple[Edit, ...]:
    """With STARTTLS, a level that requires TLS would keep mail from servers without it."""
    edits = [Edit(wrapper.value.location(), "no")]
    level = view.setting("smtp_tls_security_level")
    if level is not None and level.service is wrapper.service:
        edits.append(Edit(level.value.location(), MAY))
    return tuple(edits)
