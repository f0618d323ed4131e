"""smtpd does not start without a restriction that refuses to relay for strangers.

## What happens
Every smtpd looks, when it starts, through `smtpd_recipient_restrictions` and `smtpd_relay_restrictions` for
one of `reject_unauth_destination`, `defer_unauth_destination`, `reject`, `defer`, `defer_if_permit` or
`check_relay_domains`. Without it ends with a fatal error: the host is no open relay, it accepts no mail at
all. A word behind `warn_if_reject` does not count, nor does one behind `permit`, nor one in a class that only
a table names.

Since Postfix 3.0 `smtpd_relay_restrictions` has a safe default only when `compatibility_level` is 1 or more.
Without that line, its default is empty.

## Bad
```main.cf relay-control-missing@3 fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions =
  permit_mynetworks, permit_sasl_authenticated
```

### It only warns
```main.cf relay-control-missing@2 warn-if-reject-left@2 fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, warn_if_reject reject_unauth_destination
```

### On one port
```main.cf fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf relay-control-missing@3
smtp inet n - n - - smtpd
10025 inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_mynetworks
```

### An old level
```main.cf relay-control-missing@1
compatibility_level = 0
myhostname = mail.example.com
myorigin = example.com
```

## Good
```main.cf fragment
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_mynetworks
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
```

```main.cf fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf
smtp inet n - n - - smtpd
10025 inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify ...
```

```witness connect bad=4
postfix/smtpd: fatal: in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify ...
```

## When it is right
Never.

## References
- postconf(5) smtpd_relay_restrictions; COMPATIBILITY_README
- Postfix source: smtpd/smtpd_check.c (has_required, fail_required)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, Fix
from maillint.engine.places import absent_location
from maillint.engine.rule import VIEW, rule
from maillint.postfix.master import Option, split_arguments
from maillint.postfix.restrictions import (
    RECIPIENT,
    RELAY,
    UNKNOWN_NAME,
    WARN_IF_REJECT,
    AccessList,
    AccessLists,
)

from .._chain import set_here
from .._edits import settings_written
from .._told import told
from ..restrictions._edits import guarded, without_restriction
from ..restrictions._lists import lists_of_smtpd
from ._servers import NO_CONTROL

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Service, Setting

_LEVEL = "compatibility_level"
_DEFAULT = "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=(RELAY, RECIPIENT),
    each=VIEW,
    noted=("maillint_rules.relay_security._servers", NO_CONTROL),
    security=True,
)
def relay_control_missing(view: View) -> Iterator[Finding]:
    lists = lists_of_smtpd(view)
    if lists is None or lists.controls_relay() is not False:
        return
    if view.service is not None and _is_torn(view.configuration, view.service):
        return
    relay, recipient, level = (view.setting(name) for name in (RELAY, RECIPIENT, _LEVEL))
    if any(_is_told(lists.lists[name]) for name in (RELAY, RECIPIENT) if name in lists.lists):
        return
    place = _place(view, recipient, relay, level)
    config, by_default = view.configuration, relay is None
    elsewhere = config.fragment or config.main is None or config.is_to_be_filled
    if place is None or (elsewhere and (by_default or recipient is None)):
        return
    why = "the words that guard against relaying are missing"
    if by_default:
        why += f", and `{RELAY}` is empty by default as long as `{_LEVEL}` is below 1"
    yield Finding(
        place,
        f"smtpd ends with a fatal error when it starts, and no mail is accepted: {why}",
        mend=f"write `{RELAY} = {_DEFAULT}`",
        confidence=HIGH if config.version_given or not by_default or level is not None else MEDIUM,
        parameter=RELAY if by_default else RECIPIENT,
        related=set_here((recipient, relay, level), but=place),
        fix=_fix(view, lists),
    )


def _fix(view: View, lists: AccessLists) -> Fix | None:
    """Put the word at the end of the list that is set and does not end before, or set the usual list."""
    settings = [view.setting(name) for name in (RELAY, RECIPIENT, _LEVEL)]
    own = [found for found in settings if found is not None and found.service is view.service]
    for name in (RELAY, RECIPIENT):
        where = lists.lists.get(name)
        if where is None or where.value.setting not in own or not where.restrictions:
            continue
        for mark, guard in zip(where.restrictions, where.restrictions[1:], strict=False):
            if mark.name == WARN_IF_REJECT and guard.name == "reject_unauth_destination":
                edit = without_restriction(mark, where)
                return Fix("let it refuse", (edit,)) if edit is not None else None
        last = where.restrictions[-1]
        if last.ended_by is None and last.name not in ("permit", WARN_IF_REJECT):
            edits = guarded(where, None)
            return Fix("refuse to relay for strangers", edits) if edits else None
    if view.is_set(RELAY) or not own:
        return None
    usual = settings_written(view, {RELAY: _DEFAULT}, own[-1]) if view.service is None else None
    return Fix(f"set `{RELAY}`", usual) if usual else None


def _is_torn(config: Configuration, service: Service) -> bool:
    """Whether a value ends at a blank: smtpd refuses the words behind it, and another rule tells."""
    return any(not isinstance(word, Option) for word in split_arguments(config, service))


def _is_told(where: AccessList) -> bool:
    """Whether another rule speaks of a mistake in the list for which the word may be missing."""
    problems = (restriction.problem for restriction in where.restrictions)
    return told(where.value) or any(problem and problem.kind == UNKNOWN_NAME for problem in problems)


def _place(
    view: View, recipient: Setting | None, relay: Setting | None, level: Setting | None
) -> Location | None:
    """The setting nearest to the service; without any, nothing tells that there is an smtpd at all."""
    settings = [setting for setting in (recipient, relay, level) if setting is not None]
    own = [setting for setting in settings if setting.service is not None]
    for setting in own + settings:
        return setting.value.location() if setting.value.text else setting.name_location
    return absent_location(view.configuration) if view.service is not None else None
