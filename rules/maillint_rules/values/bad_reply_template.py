"""A text for clients or commands with a `$` that Postfix cannot expand when it needs it.

## What happens
`default_rbl_reply`, the reject footers and `command_execution_directory` are not expanded when a program is
started but when a client is refused or a command run, with names of their own: `$client_address`,
`$rbl_domain`, `$home`. Names of main.cf, such as `$mydomain`, are none of them.

A mistake in `default_rbl_reply`, be it a name that does not exist, ends smtpd(8) with a fatal error whenever
a DNS block list has a client: it is cut off and comes back. In a footer an unknown name becomes nothing, with
a warning for each client that is refused, and a mistake in the form loses the footer. With a mistake in
`command_execution_directory`, mail for commands stays in the queue.

## Bad
```main.cf bad-reply-template@1 fragment
default_rbl_reply = $rbl_code Blocked, ask postmaster@$mydomain
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
```

```main.cf bad-reply-template@1 fragment
smtpd_reject_footer = \\c. Call $support_phone, quote ($client_address).
smtpd_recipient_restrictions = reject
```

```main.cf bad-reply-template@1 fragment
command_execution_directory = ${home
```

```main.cf bad-reply-template@1 fragment
default_rbl_reply = Blocked: ${rbl_reason
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
```

## Good
```main.cf fragment
default_rbl_reply = $rbl_code Blocked using $rbl_domain${rbl_reason?; $rbl_reason}
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
smtpd_reject_footer = \\c. Contact postmaster at $server_name, quote ($client_address).
postscreen_reject_footer = \\c. Seen at $localtime.
command_execution_directory = $home
```

### postscreen(8) says what smtpd(8) says
```main.cf fragment
smtpd_reject_footer = \\c. Contact postmaster at $server_name.
postscreen_reject_footer = $smtpd_reject_footer
```

## What Postfix says
```witness rcpt bad=2
postfix/smtpd: warning: unknown macro name "support_phone" in expansion request
```

```witness rcpt listed=bl.example.com
postfix/smtpd: fatal: ...: bad default rbl reply template: $rbl_code Blocked, ask postmaster@$mydomain
```

```witness rcpt bad=4 listed=bl.example.com
postfix/smtpd: fatal: ...: bad default rbl reply template: Blocked: ${rbl_reason
```

## When it is right
Never.

## References
- postconf(5) default_rbl_reply, smtpd_reject_footer, command_execution_directory
- Postfix source: smtpd/smtpd_check.c (rbl_reject_reply), smtpd/smtpd_expand.c,
  postscreen/postscreen_expand.c, global/smtp_reply_footer.c, local/command.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.reply_template import BLOCK_LIST, POSTSCREEN, SMTPD
from maillint.record import NamedTuple
from maillint.syntax.value import parse_value, problems, references

from .._programs import readers
from .._values import judged_values
from ._refused import related, replacement

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged


class _Template(NamedTuple):
    names: frozenset[str] | None
    """The names that there are; None: not known here."""
    broken: str
    """What happens when it cannot be expanded."""
    unknown: str
    """What happens when a name is not there."""
    severity: str | None


_CUT_OFF = "`smtpd` stops with a fatal error when a block list has the client"
_NOTHING = "it becomes nothing, with a warning for each client that is refused"
_NO_FOOTER = "the footer is left out"
_TEMPLATES = {
    "default_rbl_reply": _Template(BLOCK_LIST, _CUT_OFF, _CUT_OFF, None),
    "smtpd_reject_footer": _Template(SMTPD, _NO_FOOTER, _NOTHING, WARNING),
    "postscreen_reject_footer": _Template(POSTSCREEN, _NO_FOOTER, _NOTHING, WARNING),
    "command_execution_directory": _Template(
        None, "`local` runs no command, and their mail stays in the queue", "", None
    ),
}


@rule(severity=ERROR, area="values", parameters=tuple(_TEMPLATES), when_set=True)
def bad_reply_template(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        template = _TEMPLATES.get(judged.parameter.name)
        if template is not None and judged.value.text is not None:
            who = readers(judged)
            if who is not None:
                for found in _findings(judged, template):
                    found.services = who.services
                    yield found


def _names_a_parameter(judged: Judged) -> bool:
    """Whether the value is the name of a parameter alone: postscreen(8) takes its value (postscreen.c)."""
    name, config = judged.text[1:], judged.view.configuration
    return judged.text[:1] == "$" and (name in config.settings or config.parameter(name) is not None)


def _findings(judged: Judged, template: _Template) -> Iterator[Finding]:
    name = judged.parameter.name
    expression = parse_value(judged.text)
    problem = next(problems(expression), None)
    if problem is not None:
        yield Finding(
            judged.location(problem.start, problem.end),
            f"`{name}` cannot be expanded: {template.broken}",
            mend="write `$name` or `${name}`, and `$$` for a dollar sign",
            severity=template.severity,
            parameter=name,
        )
        return
    if name == "postscreen_reject_footer" and _names_a_parameter(judged):
        return
    for reference in references(expression):
        if template.names is None or not reference.name or reference.name in template.names:
            continue
        start = reference.name_start
        place = (start, start + len(reference.name))
        meant = nearest(reference.name, template.names)
        if reference.name == "myhostname":
            meant = "server_name"
        yield Finding(
            judged.location(*place),
            f"there is no `${reference.name}` in `{name}`: {template.unknown}",
            mend=f"write `{meant}`"
            if meant
            else "write one of the names that postconf(5) lists, or the text itself",
            severity=template.severity,
            parameter=name,
            related=related(judged),
            fix=replacement(judged, meant, sure=True, place=place),
        )
