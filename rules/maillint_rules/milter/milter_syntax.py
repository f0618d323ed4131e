"""A milter's address that Postfix cannot use.

## What happens
A milter is written `inet:HOST:PORT` or `unix:PATH`, or with options of its own as
`{ inet:HOST:PORT, default_action=accept }`. With another prefix, or none, every message is answered as after
a mistake in the configuration: `451 4.3.5 Server configuration problem`, unless `milter_default_action` lets
it pass, and then nobody has looked at it. Sendmail's order, `inet:PORT@HOST`, and braces that do not fit end
smtpd(8) or cleanup(8) with a fatal error for every message.

## Bad
```main.cf milter-syntax@1 fragment
smtpd_milters = 127.0.0.1:8891
non_smtpd_milters = $smtpd_milters
```

```main.cf milter-syntax@1 fragment
smtpd_milters = inet:8891@localhost
```

```main.cf milter-syntax@2 fragment
smtpd_milters =
  /run/clamav/clamav-milter.sock
  unix:opendkim/opendkim.sock
```

```main.cf milter-syntax@1 milter-syntax@2 fragment
smtpd_milters = { inet:127.0.0.1:8891, default_actoin=accept }
non_smtpd_milters = { inet:127.0.0.1:8891, connect_timeout=10s
```

```main.cf milter-syntax@1 fragment
smtpd_milters = inet:localhost
```

```main.cf milter-syntax@1 fragment
smtpd_milters = { inet:127.0.0.1:8891, connect_timeout = 10s, default_action = accept }
```

## Good
```main.cf fragment
smtpd_milters = inet:127.0.0.1:8891, unix:opendkim/opendkim.sock
non_smtpd_milters = { inet:[::1]:8891, connect_timeout=10s, { default_action = accept } }
```

```master.cf fragment
submission inet n - y - - smtpd
  -o smtpd_milters=DISABLE
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: invalid transport name: 127.0.0.1 in Milter service: 127.0.0.1:8891
451 4.3.5 Server configuration problem - try again later
```

```witness knock bad=2
postfix/smtpd: fatal: 8891@localhost: garbage after numerical service
```

```witness rcpt bad=3
postfix/smtpd: warning: Milter service needs transport:endpoint instead of "/run/clamav/clamav-milter.sock"
```

```witness knock bad=4
postfix/smtpd: fatal: unknown option: "default_actoin = accept"
```

```witness rcpt bad=5
postfix/smtpd: warning: host or service localhost not found: ...
```

```witness knock bad=6
postfix/smtpd: fatal: malformed option: missing '=' after attribute name: "...connect_timeout..."
```

## When it is right
Never.

## References
- postconf(5) smtpd_milters, non_smtpd_milters; MILTER_README
- Postfix source: milter/milter.c, milter/milter8.c, util/inet_connect.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import DIES, DISABLED_MILTERS, UNUSABLE, milter_problems

from .._told import is_placeholder
from .._uses import each_cause, found, shown, users
from .._values import judged_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.endpoints import Problem

    from .._values import Judged

_PROGRAMS = {"smtpd_milters": "smtpd", "non_smtpd_milters": "cleanup"}
_OPTIONS = "`connect_timeout`, `command_timeout`, `content_timeout`, `protocol` and `default_action`"
_SENDMAIL_ADDRESS = r"(?:inet6?:)?([0-9]+)@\[?([A-Za-z0-9.:_-]+?)\]?"
_BARE_ADDRESS = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]+"


@rule(severity=ERROR, area="milter", parameters=tuple(_PROGRAMS), when_set=True)
def milter_syntax(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        program = _PROGRAMS.get(judged.parameter.name)
        if program is None or not judged.value.text or _is_disabled(judged):
            continue
        views = [view for view in users(judged, program) if program != "smtpd" or _has_milters(view)]
        if not views:
            continue
        for problem in milter_problems(judged.text, config.version):
            if not is_placeholder(judged.text[problem.start : problem.end].strip("{} ")):
                yield _finding(judged, program, views, problem)


def _has_milters(view: View) -> bool:
    return all(item.text != "no_milters" for item in view.items("receive_override_options"))


def _is_disabled(judged: Judged) -> bool:
    return judged.parameter.name == "smtpd_milters" and judged.text.upper() == DISABLED_MILTERS


def _finding(judged: Judged, program: str, views: list[View], problem: Problem) -> Finding:
    part = judged.text[problem.start : problem.end]
    meant = _meant(part)
    if meant and judged.text[: problem.start].endswith("inet:"):
        meant = meant.removeprefix("inet:")
    passes = all(_passes(view) for view in views)
    if problem.effect == DIES:
        effect = f"`{program}` ends with a fatal error for every message"
    elif passes:
        effect = "mail passes without the milter"
    else:
        code = "451 4.3.5" if problem.effect == UNUSABLE else "451 4.7.1"
        effect = f"mail is refused with `{code}`, or as `milter_default_action` says"
    if problem.effect == DIES:
        why = f"{shown(part)} is no milter that Postfix can read ({_reason(problem)})"
    elif problem.effect == UNUSABLE:
        why = f"{shown(part)} does not begin with `inet:` or `unix:`"
    else:
        why = f"{shown(part)} is no port"
    return found(
        judged,
        f"{why}: {effect}",
        f"write `{meant}`" if meant else _mend(problem),
        users=views,
        place=(problem.start, problem.end),
        meant=meant,
        severity=None if problem.effect == DIES or not passes else WARNING,
    )


def _mend(problem: Problem) -> str:
    if problem.said.startswith(("malformed option", "unknown option", "bad string")):
        return "write options as `NAME=VALUE` without blanks, or as `{ NAME = VALUE }`; there are " + _OPTIONS
    return "write `inet:HOST:PORT` or `unix:PATH`"


def _reason(problem: Problem) -> str:
    return problem.said.replace("milter service syntax error: ", "").partition(": ")[2] or problem.said


def _passes(view: View) -> bool:
    return (view.value("milter_default_action").text or "").lower() == "accept"


def _meant(part: str) -> str | None:
    sendmail = re.fullmatch(_SENDMAIL_ADDRESS, part)
    if sendmail:
        host = f"[{sendmail[2]}]" if ":" in sendmail[2] else sendmail[2]
        return f"inet:{host}:{sendmail[1]}"
    if re.fullmatch(_BARE_ADDRESS, part):
        return f"inet:{part}"
    return f"unix:{part}" if re.fullmatch(r"/[^\s:{}]+", part) else None
