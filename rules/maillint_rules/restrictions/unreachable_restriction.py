"""Restrictions behind a word that ends the list.

## What happens
`permit`, `reject`, `defer` and `check_relay_domains` decide for everybody, so nobody gets to what follows in
the same list; so does a restriction class that holds one of them. smtpd warns `restriction ... after ... is
ignored` whenever it gets there. Behind `warn_if_reject`, `reject` and `defer` only log, and the list goes on.

## Bad
```main.cf unreachable-restriction@1 fragment
smtpd_sender_restrictions = permit, reject_unknown_sender_domain
```

### A class that always decides
```main.cf unreachable-restriction@3 fragment
smtpd_restriction_classes = insiders
insiders = permit_mynetworks, reject
smtpd_client_restrictions = insiders, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]
```

### Advice
```main.cf unreachable-restriction@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject, permit
```

## Good
```main.cf fragment
smtpd_sender_restrictions = reject_unknown_sender_domain, permit
```

```main.cf fragment
# maillint: ignore[warn-if-reject-left] being tried out
smtpd_client_restrictions = permit_mynetworks, warn_if_reject reject, reject_unauth_pipelining
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: restriction `reject_unknown_sender_domain' after `permit' is ignored
```

## When it is right
While somebody tries something out, with `permit` before what is to be switched off.

## References
- SMTPD_ACCESS_README
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding, Fix, Related
from maillint.engine.rule import VIEW, rule

from ._edits import without_restriction
from ._lists import BEHIND_END, LISTS, set_in_files

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.postfix.restrictions import AccessList, Restriction


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", BEHIND_END),
)
def unreachable_restriction(view: View) -> Iterator[Finding]:
    told: Restriction | None = None
    for found in set_in_files(view):
        ender = found.restriction.ended_by
        if ender is None or ender is told:
            continue
        told = ender
        word = found.restriction.word.text
        by = ender.word.location
        yield Finding(
            found.location,
            f"smtpd ignores `{word}` and what follows it in `{found.list.name}`:"
            f" nobody gets past the `{ender.name}` before it",
            mend=f"remove it, or move it in front of `{ender.name}`",
            severity=INFO if _decides_for_all(found.restriction) else WARNING,
            parameter=found.list.name,
            related=(Related(by, "this decides for everybody"),) if by is not None else (),
            fix=_fix(found.list, ender),
        )


def _fix(where: AccessList, ender: Restriction) -> Fix | None:
    """Remove all that nobody gets to."""
    edits = [without_restriction(found, where) for found in where.restrictions if found.ended_by is ender]
    written = tuple(edit for edit in edits if edit is not None)
    if len(written) < len(edits):
        return None
    return Fix("remove what nobody gets to", written, safe=False)


def _decides_for_all(restriction: Restriction) -> bool:
    """Whether the word was only to end the list, which had ended before."""
    return restriction.name in ("permit", "reject", "defer")
