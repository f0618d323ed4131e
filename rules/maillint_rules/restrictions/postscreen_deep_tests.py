"""postscreen sends every mail server away once.

## What happens
The tests after the greeting (`postscreen_pipelining_enable`, `postscreen_non_smtp_command_enable`,
`postscreen_bare_newline_enable`) need a session that postscreen(8) cannot hand over to smtpd(8) afterwards:
a client that passes them is told `450 4.3.2 Service currently unavailable` and has to come again. Large
providers come again from another of their hundreds of addresses, which is tested anew, so that their mail
is late by hours. Mail with a code that expires in minutes is lost.

## Bad
```main.cf postscreen-deep-tests@6
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
postscreen_greet_action = enforce
postscreen_bare_newline_enable = yes
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
postscreen_greet_action = enforce
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## When it is right
Where mail that is late does not matter, or `postscreen_dnsbl_allowlist_threshold` or the access list lets
the large providers skip the tests.

## References
- POSTSCREEN_README, "Tests after the 220 SMTP server greeting"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.role import MX

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_TESTS = (
    "postscreen_pipelining_enable",
    "postscreen_non_smtp_command_enable",
    "postscreen_bare_newline_enable",
)


@rule(
    severity=INFO,
    area="restrictions",
    parameters=_TESTS,
    when_set=True,
    each=VIEW,
    roles=(MX,),
)
def postscreen_deep_tests(view: View) -> Iterator[Finding]:
    if view.daemon != "postscreen" or _lets_known_ones_skip(view):
        return
    for name in _TESTS:
        value = view.value(name)
        if value.setting is None or not view.boolean(name) or told(value):
            continue
        location = value.setting.value.location()
        yield Finding(
            location,
            "each new mail server is sent away once with 450: mail of large providers, which come again from"
            " another address, is late",
            mend=f"remove `{name} = {value.setting.value.text}`",
            parameter=name,
            fix=Fix("leave the test out", (Edit(location, "no"),), safe=False),
        )


def _lets_known_ones_skip(view: View) -> bool:
    """Whether clients of good reputation skip the tests."""
    threshold = view.value("postscreen_dnsbl_allowlist_threshold").text
    return threshold is None or threshold.strip() not in ("", "0")
