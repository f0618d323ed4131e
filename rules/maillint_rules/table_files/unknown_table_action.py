"""A table orders something that Postfix does not know.

## What happens
In an access table, a word that is no action is taken for the name of a restriction. Where there is none,
`smtpd` logs `unknown smtpd restriction` and answers `451 4.3.5 Server configuration error` to whoever the
entry is about.

`cleanup` and `smtp` ignore an unknown action of header and body checks, with a warning: the mail goes
through. `postscreen` ignores the rest of its access list.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients unknown-table-action@1 unknown-table-action@2
127.0.0.1 BLOCK
192.0.2.7 ALLOW
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks unknown-table-action@1
/^Subject:/ DROP
```

```main.cf unknown-table-action@1 fragment
smtpd_client_restrictions = check_client_access inline:{ 127.0.0.1=BLOCK, 192.0.2.7=REJECT }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_restriction_classes = OK_for_partners
OK_for_partners = permit_mynetworks
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients
127.0.0.1 reject_unknown_sender_domain, OK_for_partners
192.0.2.7 OK
192.0.2.8 550 5.7.1 Go away
192.0.2.9 20260801
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks
/^Subject:/ DISCARD
/^X-Spam:/ ignore
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: unknown smtpd restriction: "BLOCK"
451 4.3.5 Server configuration error
```

```witness deliver bad=2
postfix/cleanup: warning: unknown command in header_checks map: DROP
```

```witness rcpt bad=3
postfix/smtpd: warning: unknown smtpd restriction: "BLOCK"
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- access(5), header_checks(5), postconf(5) postscreen_access_list
- Postfix source: smtpd/smtpd_check.c, cleanup/cleanup_message.c, global/header_body_checks.c,
  global/server_acl.c
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix import vocabulary
from maillint.postfix.table_results import UNKNOWN_ACTION, Access, Checks

from .._names import one_slip_apart
from .._tablefiles import Judged, finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MEANT = {
    "ALLOW": "OK",
    "ACCEPT": "OK",
    "BLOCK": "REJECT",
    "DENY": "REJECT",
    "DROP": "DISCARD",
    "DELETE": "DISCARD",
}
_IN_HEADERS = {**_MEANT, "ALLOW": "DUNNO", "ACCEPT": "DUNNO"}
_IN_POSTSCREEN = ("permit", "reject", "dunno")


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", UNKNOWN_ACTION))
def unknown_table_action(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, UNKNOWN_ACTION):
        message, mend, meant = _explain(judged)
        found = finding(judged, message, mend)
        word = judged.problem.argument
        if meant is not None and judged.location.text == word:
            sure = one_slip_apart(word.upper(), meant.upper())
            found.fix = Fix.write(judged.location, meant, safe=sure)
        yield found


def _explain(judged: Judged) -> tuple[str, str, str | None]:
    """What happens, what to do, and the action that was meant, if that is plain."""
    word, results = judged.problem.argument, judged.found.results
    if isinstance(results, Access):
        meant = _meant(word, vocabulary.actions("access"), _MEANT)
        return (
            "`smtpd` answers `451 4.3.5 Server configuration error` to whoever this entry is about:"
            f" `{word}` is no action, no restriction and no restriction class",
            _mend(meant, "write an action, such as `REJECT`, `DUNNO` or `OK`"),
            meant,
        )
    if isinstance(results, Checks):
        meant = _meant(word, vocabulary.actions(results.where), _IN_HEADERS)
        return (
            f"Postfix does nothing here, and lets the message through: `{word}` is no action of these checks",
            _mend(meant, "write an action, such as `REJECT`, `IGNORE` or `DUNNO`"),
            meant,
        )
    meant = _meant(word, _IN_POSTSCREEN, {"OK": "permit", "ALLOW": "permit", "BLOCK": "reject"})
    return (
        f"`postscreen` ignores its access list for the clients that this entry is about: `{word}` is none of"
        " `permit`, `reject` and `dunno`",
        _mend(meant, "write `permit`, `reject` or `dunno`"),
        meant,
    )


def _meant(word: str, actions: Iterable[str], usual: dict[str, str]) -> str | None:
    return usual.get(word.upper()) or nearest(word.upper(), [action.upper() for action in actions])


def _mend(meant: str | None, otherwise: str) -> str:
    return f"write `{meant}`, if that is meant" if meant is not None else otherwise
