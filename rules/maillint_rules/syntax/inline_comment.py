"""A `#` behind a value does not begin a comment.

## What happens
Postfix knows comments only as lines of their own. Behind a value, the `#` and the words after it belong
to the value: `yes # on` is not a valid yes or no, and the program ends with `fatal: bad boolean
configuration`; a number fails in the same way; a list of hosts gets the members `#` and `on`. Only the
lists of Postfix 3.8 and later stop at the `#`, with a warning `#comment after other text is not
allowed`.

In master.cf the words become arguments of the daemon, which ends with `fatal: unexpected command-line
argument: #` each time that it is started.

## Bad
```main.cf inline-comment@1 fragment
smtpd_helo_required = yes # stops some robots
```

```main.cf inline-comment@2 fragment
mydestination = $myhostname,
    localhost,   # ourselves
    example.com
```

```master.cf inline-comment@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_helo_required=yes # stops some robots
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
```witness connect bad=2
postfix/smtpd: fatal: unexpected command-line argument: #
```

## When it is right
In texts that Postfix sends, in commands, and inside `{ }`; the rule leaves those alone.

## References
- postconf(5), "main.cf file format"; master(5), "SYNTAX"
- Postfix release notes 3.8
- Postfix source: util/readlline.c, util/argv_split.c; smtpd/smtpd.c pre_jail_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.master import Option, split_arguments
from maillint.syntax.source import Location, Span

from .._told import COMMENT, comment_marks, has_comment

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service, Setting

_MEND = "put the comment on a line of its own, above"


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", COMMENT))
def inline_comment(config: Configuration) -> Iterator[Finding]:
    for setting in config.main.settings if config.main is not None else ():
        if has_comment(setting):
            yield from _in_setting(setting)
    for service in config.services:
        yield from _in_service(config, service)


def _in_setting(setting: Setting) -> Iterator[Finding]:
    comments = [_to_end_of_line(place) for place in comment_marks(setting.value)]
    comments = list({place.start.line: place for place in reversed(comments)}.values())[::-1]
    if comments:
        first, *others = comments
        yield Finding(
            first,
            f"this is no comment: the `#` and the words behind it belong to the value of `{setting.name}`",
            mend=_MEND,
            parameter=setting.name,
            related=tuple(Related(place, "so does this") for place in others),
            fix=_fix(comments),
        )


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
