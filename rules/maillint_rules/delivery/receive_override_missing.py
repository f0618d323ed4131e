"""Addresses are mapped before the content filter and once more behind it.

## What happens
Mail passes cleanup(8) twice: when it comes in, and when the filter gives it back. Each time aliases are
expanded, and each time `always_bcc`, `sender_bcc_maps` and `recipient_bcc_maps` add their recipient: who is
to get a copy gets two. `receive_override_options = no_address_mappings` leaves that out, on the way in or on
the way back.

With aliases alone it is work done twice, which now and then comes to another result.

## Bad
```main.cf receive-override-missing@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
always_bcc = archive@example.com
```
```master.cf
smtp    inet n - n - - smtpd
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
amavis  unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
always_bcc = archive@example.com
```
```master.cf
smtp    inet n - n - - smtpd
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
amavis  unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks
```

## When it is right
Where the filter knows nothing of the second copy, because it throws one of them away.

## References
- postconf(5) receive_override_options, always_bcc; FILTER_README, "Advanced content filter example"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._told import told
from ._filters import FILTER, OVERRIDES, filtering

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_COPIES = ("always_bcc", "sender_bcc_maps", "recipient_bcc_maps")
_ALIASES = "virtual_alias_maps"
_NO_MAPPINGS = "no_address_mappings"


@rule(severity=INFO, area="delivery", parameters=(FILTER,), when_set=True, complete=True)
def receive_override_missing(config: Configuration) -> Iterator[Finding]:
    found = filtering(config)
    back = [view for view in found.returns if found.comes_back_at(view)] if found is not None else []
    if found is None or len(back) != 1 or _may_skip_mappings(back[0]):
        return
    front = [view for view in config.views if view.daemon in ("smtpd", "pickup") and view not in back]
    for name in (*_COPIES, _ALIASES):
        value = config.main_view.value(name)
        if value.setting is None or not value.text or told(value) or not _maps(back[0], name):
            continue
        if not front or not all(_maps(view, name) and not _may_skip_mappings(view) for view in front):
            continue
        is_copy = name in _COPIES
        yield Finding(
            value.setting.name_location,
            f"`{name}` counts before the content filter and again behind it"
            + (": there are two copies of each message" if is_copy else ": aliases are expanded twice"),
            mend=f"write `-o {OVERRIDES}={_NO_MAPPINGS}` for the service that takes mail back,"
            f" `{back[0].service.name if back[0].service else ''}`, or for those that take it in",
            severity=WARNING if is_copy else None,
            parameter=name,
            related=set_here((found.value.setting,)),
        )


def _may_skip_mappings(view: View) -> bool:
    value = view.value(OVERRIDES)
    return value.text is None or _NO_MAPPINGS in value.text.lower()


def _maps(view: View, name: str) -> bool:
    """Whether the cleanup(8) that gets the mail of *view* has a value for the parameter *name*."""
    cleanup = view.configuration.view(f"{view.value('cleanup_service_name').text}/unix")
    return cleanup is not None and bool(cleanup.value(name).text)
