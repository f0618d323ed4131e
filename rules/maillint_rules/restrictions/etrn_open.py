"""Every client may have the queue flushed for a domain with ETRN.

## What happens
With `ETRN example.com` a client asks for the mail that waits for this domain, which Postfix then tries to
deliver. It serves hosts that dial in now and then. Without `smtpd_etrn_restrictions` every stranger may ask
for each domain of `fast_flush_domains`, which is `$relay_domains` by default.

## Bad
```main.cf etrn-open@3
compatibility_level = 3.6
myhostname = mail.example.com
relay_domains = example.net
myorigin = $mydomain
relay_recipient_maps = static:all
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
relay_domains = example.net
relay_recipient_maps = static:all
smtpd_etrn_restrictions = permit_mynetworks, reject
```

### There is no domain to ask for
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
relay_domains =
```

## When it is right
Where customers dial in from anywhere; it costs little. The rule is off by default: select it by name, or its
area with `extend-select = ["restrictions"]`.

## References
- ETRN_README; postconf(5) smtpd_etrn_restrictions, fast_flush_domains
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, reach
from maillint.postfix.services import views_of

from .._edits import settings_written

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_LIST = "smtpd_etrn_restrictions"
_DOMAINS = ("fast_flush_domains", "relay_domains")


@rule(severity=INFO, area="restrictions", parameters=_DOMAINS, when_set=True, complete=True, default=False)
def etrn_open(config: Configuration) -> Iterator[Finding]:
    main = config.main_view
    cause = next((found for name in _DOMAINS for found in [main.setting(name)] if found is not None), None)
    if cause is None or not main.value(_DOMAINS[0]).text or not any(map(_is_open, views_of(config, "smtpd"))):
        return
    edits = settings_written(main, {_LIST: "permit_mynetworks, reject"}, cause)
    yield Finding(
        cause.value.location(),
        "every client may have the queue flushed for these domains with `ETRN`",
        mend=f"write `{_LIST} = permit_mynetworks, reject`",
        parameter=_LIST,
        fix=Fix(f"set `{_LIST}`", edits) if edits else None,
    )


def _is_open(view: View) -> bool:
    return (
        view.value(_LIST).text == ""
        and reach(view) not in (LOOPBACK, NOBODY)
        and not is_for_submission(view)
        and all(item.text.lower() != "etrn" for item in view.items("smtpd_discard_ehlo_keywords"))
    )
