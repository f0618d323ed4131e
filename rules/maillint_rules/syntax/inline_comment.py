"""A `#` behind a value does not begin a comment.

## What happens
Postfix knows comments only as lines of their own. Behind a value, the `#` and the words after it belong
to the value: `yes # on` is not a valid yes or no, and the program ends with `fatal: bad boolean
configuration`; a number fails in the same way.

Lists of hosts, domains and networks (`mynetworks`, `mydestination`) end at the `#`, with a warning in the log
of each program. So a comment behind the last member does no harm, and one before it makes Postfix forget what
stands on the lines below.

In master.cf the words become arguments of the daemon, which ends with `fatal: unexpected command-line
argument: #` each time that it is started.

## Bad
```main.cf inline-comment@1 fragment
smtpd_helo_required = yes # stops some robots
```

### What is below the comment is lost
```main.cf inline-comment@2 fragment
mydestination = $myhostname,
    localhost,   # ourselves
    example.com
```

### The list would end here anyway
```main.cf inline-comment@1 fragment
mynetworks = 127.0.0.0/8 192.0.2.0/24 # the office
```

### In master.cf
```master.cf inline-comment@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_helo_required=yes # stops some robots
```

```main.cf inline-comment@1 fragment
smtpd_banner = ESMTP # maillint: ignore[banner-without-hostname] shown on purpose
```

## Good
```main.cf fragment
# Stops some robots.
smtpd_helo_required = yes
mydestination = $myhostname,
    # Ourselves.
    localhost,
    example.com
```

```main.cf fragment
smtpd_banner = $myhostname ESMTP # 1
smtpd_client_restrictions = check_client_access pcre:{
    {/^unknown #/ REJECT}}
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: bad boolean configuration: smtpd_helo_required = yes # stops some robots
```
```witness rcpt bad=2
postfix/smtpd: warning: mydestination: comment at end of line is not supported: # ourselves...
```
```witness connect bad=4
postfix/smtpd: fatal: unexpected command-line argument: #
```

## When it is right
In texts that Postfix sends, in commands, and inside `{ }`; the rule leaves those alone, unless the comment
speaks to maillint, which does not heed it there either.

## References
- postconf(5), "main.cf file format"; master(5), "SYNTAX"
- Postfix source: util/readlline.c, util/match_list.c; smtpd/smtpd.c pre_jail_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.postfix.master import Option, split_arguments
from maillint.syntax.source import Location, Span

from .._text import BANNERS
from .._told import COMMENT, has_comment, inline_comments

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service, Setting

_MATCH_LIST = "match-list:"
_MEND = "put the comment on a line of its own, above"


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", COMMENT))
def inline_comment(config: Configuration) -> Iterator[Finding]:
    for setting in config.main.settings if config.main is not None else ():
        if has_comment(setting):
            yield from _in_setting(setting)
    for service in config.services:
        yield from _in_service(config, service)


def _in_setting(setting: Setting) -> Iterator[Finding]:
    comments = [_to_end_of_line(place) for place in inline_comments(setting)]
    comments = list({place.start.line: place for place in reversed(comments)}.values())[::-1]
    if comments:
        first, *others = comments
        effect, severity = _effect(setting, first)
        yield Finding(
            first,
            effect,
            mend=_MEND,
            severity=severity,
            parameter=setting.name,
            related=tuple(Related(place, "so does this") for place in others),
            fix=_fix(comments),
        )


def _effect(setting: Setting, comment: Location) -> tuple[str, str]:
    """What Postfix makes of the first comment, and how grave that is."""
    parameter = catalogue.parameter(setting.name)
    if parameter is None or not parameter.kind.startswith(_MATCH_LIST):
        return (
            f"this is no comment: the `#` and the words behind it belong to the value of `{setting.name}`",
            WARNING if setting.name in BANNERS else ERROR,
        )
    below = comment.source.text[comment.span.end : setting.value.span.end]
    if any(line.strip() and not line.lstrip().startswith("#") for line in below.splitlines()):
        return f"`{setting.name}` ends here: what stands below this comment is not read", ERROR
    return f"Postfix warns of this comment each time that it reads `{setting.name}`", WARNING


def _in_service(config: Configuration, service: Service) -> Iterator[Finding]:
    for word in split_arguments(config, service):
        if not isinstance(word, Option) and word.text.startswith("#"):
            comment = _to_end_of_line(word.location())
            yield Finding(
                comment,
                f"this is no comment: its words are arguments of `{service.command}`,"
                " which stops with `unexpected command-line argument`",
                mend=_MEND,
                services=(service.id,),
                fix=_fix([comment]),
            )
            return


def _to_end_of_line(mark: Location) -> Location:
    """From the mark to the end of its physical line, white space at the end left out."""
    line = mark.source.line(mark.start.line)[mark.start.column - 1 :]
    return Location(mark.source, Span(mark.span.start, mark.span.start + len(line.rstrip())))


def _fix(comments: list[Location]) -> Fix:
    """Move each comment to a line of its own, above the line that it stands on."""
    edits = []
    for comment in comments:
        start = comment.source.line_start(comment.start.line)
        before = comment.source.text[start : comment.span.start]
        edits.append(Edit.insert(comment.source, start, f"{comment.text}\n"))
        edits.append(Edit(Location(comment.source, Span(start + len(before.rstrip()), comment.span.end)), ""))
    return Fix("move the comment above", tuple(edits))
