"""Whoever claims the right address gets past the checks.

## What happens
The sender's address and the HELO name are what the client says. An `OK` for one of them ends the list: a
spammer who uses the address, which is often the own domain or that of a large provider, is not asked for what
stands behind it.

## Bad
```main.cf forgeable-permit@2 fragment
smtpd_sender_restrictions = permit_mynetworks,
  check_sender_access inline:{example.com=OK}, reject_unknown_sender_domain
```

## Good
```main.cf fragment
smtpd_sender_restrictions = permit_mynetworks,
  check_sender_access inline:{example.com=REJECT}, reject_unknown_sender_domain
```

```main.cf fragment
# Nothing stands behind it.
smtpd_sender_restrictions = reject_unknown_sender_domain, check_sender_access inline:{example.com=OK}
```

```main.cf fragment
# An address cannot be claimed.
smtpd_client_restrictions = check_client_access inline:{192.0.2.25=OK}, reject_unknown_client_hostname
```

## When it is right
Where some partner's mail fails the checks, and his address does not help; name the one address that it is
about, and no whole domain.

## References
- access(5); SMTPD_ACCESS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.access_result import PERMIT, access_result
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, reach
from maillint.postfix.restrictions import TABLE, table_argument
from maillint.postfix.table_lookup import open_table

from ..restrictions._lists import LISTS, judged
from ._relay import relayed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ..restrictions._lists import Judged

_CLAIMED = {"check_sender_access": "the sender's address", "check_helo_access": "the HELO name"}


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_CLAIMED),
    tables=True,
    security=True,
)
def forgeable_permit(view: View) -> Iterator[Finding]:
    if reach(view) in (LOOPBACK, NOBODY) or is_for_submission(view):
        return
    for found in judged(view):
        claimed = _CLAIMED.get(found.restriction.name)
        behind = _checks_behind(found)
        if claimed is None or not behind or found.restriction.warns:
            continue
        key = _permitted(view, found)
        if key is not None and not _opens_relay(view, found):
            yield Finding(
                found.location,
                f"whoever gives `{key}` for {claimed} gets past `{behind}` and what follows in"
                f" `{found.list.name}`: a table lets it in, and anybody can claim it",
                mend="let hosts in by their address, with `check_client_access`, or write `DUNNO`",
                parameter=found.list.name,
            )


def _checks_behind(found: Judged) -> str:
    """The first word behind it that could refuse something; empty: there is none."""
    restrictions = found.list.restrictions
    for restriction in restrictions[restrictions.index(found.restriction) + 1 :]:
        if restriction.kind == TABLE or restriction.name.startswith(("reject_", "check_")):
            return restriction.word.text
    return ""


def _permitted(view: View, found: Judged) -> str | None:
    """A key that the table lets in; None: there is none, or the table cannot be read."""
    argument = found.restriction.argument
    if argument is None or not argument.known or found.problem:
        return None
    contents = open_table(table_argument(argument.text).table, view)
    if not contents.is_known:
        return None
    version = view.configuration.version
    return next(
        (
            entry.key
            for entry in contents.entries()
            if access_result(entry.value, version).effect == PERMIT and entry.key
        ),
        None,
    )


def _opens_relay(view: View, found: Judged) -> bool:
    """Whether rule open-relay-access-map-order speaks of it."""
    steps = (way.decisive for way in relayed(view))
    return any(step is not None and step.location == found.location for step in steps)
