"""Mail is signed before the content filter, and again when it comes back from there.

## What happens
The smtpd that takes mail back from a content filter inherits `smtpd_milters` from main.cf. So the milter that
signs sees each message twice. What the filter changed in between breaks the first signature, and receivers
see one signature that fails beside one that holds; a milter that verifies takes the filter on 127.0.0.1 for
the sender.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
content_filter = amavis:[127.0.0.1]:10024
```
```master.cf milter-double-signing@3 fragment
smtp inet n - y - - smtpd
amavis unix - - y - 2 smtp
127.0.0.1:10025 inet n - y - - smtpd
    -o content_filter=
    -o smtpd_client_restrictions=permit_mynetworks,reject
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8891
non_smtpd_milters = $smtpd_milters
content_filter = amavis:[127.0.0.1]:10024
```
```master.cf fragment
smtp inet n - y - - smtpd
amavis unix - - y - 2 smtp
127.0.0.1:10025 inet n - y - - smtpd
    -o content_filter=
    -o smtpd_client_restrictions=permit_mynetworks,reject
    -o receive_override_options=no_milters,no_header_body_checks
```

## When it is right
Where the filter breaks the first signature on purpose, or the milter knows the filter and signs only what
comes from there.

## References
- FILTER_README; postconf(5) receive_override_options (no_milters); RFC 6376, 5.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import SMTPD

from .._chain import set_here
from ._signing import TWICE, signed_twice

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View


@rule(
    severity=WARNING,
    area="milter",
    parameters=(SMTPD,),
    when_set=True,
    noted=("maillint_rules.milter._signing", TWICE),
)
def milter_double_signing(config: Configuration) -> Iterator[Finding]:
    for again, first in signed_twice(config):
        view, program = again.view, again.milter.software
        assert view.service is not None and program is not None
        yield Finding(
            view.service.fields[0].location(),
            f"{program.name} signs each message a second time here, when it comes back from the filter",
            mend="add `-o smtpd_milters=`, or sign here only",
            confidence=MEDIUM,
            parameter=SMTPD,
            related=(
                *set_here([view.setting(SMTPD)]),
                *(
                    (Related(first.view.service.fields[0].location(), "here the message is signed first"),)
                    if first.view.service is not None
                    else ()
                ),
            ),
            services=(view.id,),
            fix=_fix(view),
        )


def _fix(view: View) -> Fix | None:
    """Turn the milters off below the last option of the service, where main.cf sets them."""
    if SMTPD in view.overrides or not view.options:
        return None
    last = view.options[-1].span
    source = view.options[-1].source
    line = source.line(source.position(last.start).line)
    indentation = line[: len(line) - len(line.lstrip())]
    if not indentation:
        return None
    edit = Edit.insert(source, last.end, f"\n{indentation}-o {SMTPD}=")
    return Fix("ask no milters here", (edit,))
