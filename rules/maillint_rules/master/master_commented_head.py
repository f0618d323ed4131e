"""The head of an entry is commented out, but not its options: they belong to the entry above.

## What happens
A comment between the lines of an entry does not end it. With `#` in front of the first line of an entry
alone, its `-o` lines continue the entry before it: the options of a submission service, say, then rule the
service on port 25, which asks every mail server for a password, or speaks TLS before it greets.

## Bad
```master.cf master-commented-head@2 fragment
smtp inet n - n - - smtpd
#submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
```

```master.cf master-commented-head@4 fragment
smtp inet n - n - - smtpd
  -o smtpd_tls_security_level=may

# submissions inet n - n - - smtpd
#  -o syslog_name=postfix/submissions
   -o smtpd_tls_wrappermode=yes
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd
#submission inet n - n - - smtpd
#  -o smtpd_tls_security_level=encrypt
#  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
```

### The comment is another form of the same entry
```master.cf fragment
smtp inet n - n - - smtpd
#smtp inet n - n - 1 postscreen
  -o smtpd_tls_security_level=may
```

## What Postfix says
```witness rcpt
530 5.7.0 Must issue a STARTTLS command first
```

## When it is right
Where the options are meant for the entry above, and the comment only happens to stand between.

## References
- master(5), "SYNTAX"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, TYPES
from maillint.syntax.source import Location, Span

from ._entries import COMMENTS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service

_HEAD = re.compile(
    r"^[ \t]*#+[ \t]*(?P<name>[^\s#]+)[ \t]+(?P<type>" + "|".join(TYPES) + r")"
    r"(?:[ \t]+[-yn0-9?]+){5}[ \t]+[\w-]+",
    re.MULTILINE,
)
_OPTION = re.compile(r"[ \t]+-o[ \t]*\S")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", COMMENTS))
def master_commented_head(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        text = service.location.text
        if "#" not in text:
            continue
        heads = list(_HEAD.finditer(text))
        if heads:
            yield from _options_below(service, text, heads)


def _options_below(service: Service, text: str, heads: list[re.Match[str]]) -> Iterator[Finding]:
    """The last head that is commented out and the options below it, if it is no other form of *service*."""
    head = heads[-1]
    if head["name"] == service.name or any(other["name"] == service.name for other in heads):
        return
    options, offset = [], head.end()
    for line in text[head.end() :].splitlines(keepends=True):
        if _OPTION.match(line):
            options.append(offset)
        offset += len(line)
    if not options:
        return
    starts = [service.span.start + start for start in options]
    edits = tuple(Edit.insert(service.source, start, "#") for start in starts)
    yield Finding(
        _location(service, head.start("name"), head.end("type")),
        f"this entry is commented out, but not the options below it: they rule `{service.id}`",
        mend="comment the options out, too",
        services=(service.id,),
        related=(
            Related(_location(service, options[0], options[0]), "the first of the options"),
            Related(service.fields[NAME].location(), "the entry that they belong to"),
        ),
        fix=Fix("comment the options out", edits, safe=False),
    )


def _location(service: Service, start: int, end: int) -> Location:
    return Location(service.source, Span(service.span.start + start, service.span.start + end))
