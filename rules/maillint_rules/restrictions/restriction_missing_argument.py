"""A restriction without its argument, or with the next restriction in its place.

## What happens
`check_client_access` and its kin want a table `type:name`, `check_policy_service` an endpoint, `sleep` a
number of seconds. Without it smtpd answers `451 4.3.5 Server configuration error` to everybody who gets as
far as the word; a `check_policy_service` before a word without a colon even ends smtpd when it starts.

`reject_rbl_client` and the other restrictions that ask a DNS list take the next word for the name of the
list, whatever it is. When that is a restriction, it no longer acts. Where it was
`reject_unauth_destination`, the host is an open relay, and smtpd's own check at its start does not notice.
As the last word such a restriction is skipped, with a warning in the log.

## Bad
```main.cf restriction-missing-argument@2 fragment
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_sender_restrictions = check_sender_access, reject_unknown_sender_domain
```

### An open relay
```main.cf restriction-missing-argument@2 fragment
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client, reject_unauth_destination
```

### At the end of the list
```main.cf restriction-missing-argument@1 fragment
smtpd_client_restrictions = reject_unauth_pipelining, reject_rbl_client
```

### A policy service
```main.cf restriction-missing-argument@1 fragment
smtpd_recipient_restrictions = check_policy_service policyd-spf
```

### With a unit
```main.cf restriction-missing-argument@1 fragment
smtpd_client_restrictions = sleep 5s, reject_unauth_pipelining
```

## Good
```main.cf fragment
smtpd_sender_restrictions = check_sender_access inline:{example.com=REJECT}, reject_unknown_sender_domain
smtpd_recipient_restrictions = check_policy_service unix:private/policyd-spf
smtpd_client_restrictions = sleep 5, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: restriction check_sender_access: bad argument "reject_...": need maptype:mapname
451 4.3.5 Server configuration error
```

```witness rcpt bad=3
postfix/smtpd: warning: restriction reject_rbl_client requires domain name argument
```

```witness connect bad=4
postfix/smtpd: fatal: need service transport:endpoint instead of "policyd-spf"
```

```witness rcpt bad=5
postfix/smtpd: warning: restriction sleep must be followed by number
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- postconf(5) smtpd_recipient_restrictions; SMTPD_POLICY_README
- Postfix source: smtpd/smtpd_check.c (is_map_command, generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import (
    DIES_AT_START,
    NO_DOMAIN,
    NO_ENDPOINT,
    NO_NUMBER,
    NO_TABLE,
    TAKES_RESTRICTION,
)

from ._lists import LISTS, SERVER_ERROR, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._lists import Judged

_WANTED = {
    NO_TABLE: ("a table `type:name`", "hash:/etc/postfix/access"),
    NO_ENDPOINT: (
        "an endpoint such as `unix:private/policy` or `inet:127.0.0.1:10031`",
        "unix:private/policy",
    ),
    NO_NUMBER: ("a number of seconds, without a unit", "1"),
    NO_DOMAIN: ("the domain of a DNS list", "zen.spamhaus.org=127.0.0.[2..11]"),
    TAKES_RESTRICTION: ("the domain of a DNS list", "zen.spamhaus.org=127.0.0.[2..11]"),
}
_GUARDS = frozenset({"reject_unauth_destination", "defer_unauth_destination", "reject", "defer"})


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    security=True,
    noted=("maillint_rules.restrictions._lists", *_WANTED),
)
def restriction_missing_argument(view: View) -> Iterator[Finding]:
    for found in judged(view):
        if found.problem in _WANTED:
            wanted, example = _WANTED[found.problem]
            name = found.restriction.word.text
            yield Finding(
                found.location,
                _message(found, wanted),
                mend=f"write `{name} {example}`, with your own value, or remove `{name}`",
                severity=WARNING if found.problem == NO_DOMAIN else ERROR,
                parameter=found.list.name,
            )


def _message(found: Judged, wanted: str) -> str:
    restriction = found.restriction
    problem, name, argument = restriction.problem, restriction.word.text, restriction.argument
    assert problem is not None
    if problem.kind == NO_DOMAIN:
        return f"smtpd skips `{name}`: {wanted} must follow it, and nothing does"
    if problem.kind == TAKES_RESTRICTION:
        assert argument is not None
        opened = ", which may make this host an open relay" if argument.text.lower() in _GUARDS else ""
        return f"`{argument.text}` does nothing{opened}: `{name}` takes it for {wanted}, which is missing"
    follows = f", not `{argument.text}`" if argument is not None else ""
    if problem.effect == DIES_AT_START:
        return f"smtpd ends with a fatal error when it starts: {wanted} must follow `{name}`{follows}"
    return (
        f"smtpd answers {SERVER_ERROR} to everybody who gets as far as `{name}`:"
        f" {wanted} must follow it{follows}"
    )
