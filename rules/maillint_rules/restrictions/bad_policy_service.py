"""A policy server that smtpd cannot make sense of stops it.

## What happens
smtpd opens its policy servers when it starts. They are `unix:PATH` or `inet:HOST:PORT`, or, since Postfix
3.0, `{ unix:PATH, timeout=10s, default_action=DUNNO }`. Any other form of address, any option that it does
not know, and any value that does not fit ends it with a fatal error, and no mail is accepted.

## Bad
```main.cf bad-policy-service@1 fragment
smtpd_recipient_restrictions = check_policy_service tcp:127.0.0.1:10031, reject
```

```main.cf bad-policy-service@2 fragment
smtpd_recipient_restrictions =
  check_policy_service { unix:private/policy, time_out=10s, default_action=DUNNO }
  reject
```

```main.cf bad-policy-service@1 fragment
smtpd_client_restrictions = check_policy_service { unix:private/policy, timeout=never }
```

```main.cf bad-policy-service@1 fragment
smtpd_client_restrictions = check_policy_service { }
```

## Good
```main.cf fragment
smtpd_recipient_restrictions =
  check_policy_service { unix:private/policy, timeout=10s, default_action=DUNNO }
  check_policy_service { inet:127.0.0.1:10031, { default_action = 450 4.3.0 Try again } }
  check_policy_service inet:127.0.0.1:10023
  reject
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: invalid transport name: tcp in service: tcp:127.0.0.1:10031
```

```witness connect bad=2
postfix/smtpd: fatal: unknown option: "time_out = 10s"
```

## When it is right
Never.

## References
- SMTPD_POLICY_README
- Postfix source: smtpd/smtpd_check.c (policy_client_register), util/auto_clnt.c, global/attr_override.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.nearest import nearest
from maillint.postfix.policy_service import option_names, policy_service_problem
from maillint.postfix.restrictions import BAD_ENDPOINT
from maillint.syntax.source import Location, Span

from ._lists import LISTS, set_in_files

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_UNKNOWN = "unknown option: "


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", BAD_ENDPOINT),
)
def bad_policy_service(view: View) -> Iterator[Finding]:
    version = view.configuration.version
    for found in set_in_files(view):
        argument = found.restriction.argument
        if found.problem != BAD_ENDPOINT or argument is None:
            continue
        problem = policy_service_problem(argument.text, version)
        assert problem is not None
        place = found.argument_location
        if place.text == argument.text:
            start = place.span.start
            place = Location(place.source, Span(start + problem.start, start + problem.end))
        mend = "write `unix:PATH` or `inet:HOST:PORT`"
        if problem.said.startswith(_UNKNOWN):
            name = argument.text[problem.start : problem.end].strip("{ ").partition("=")[0].strip()
            near = nearest(name, option_names(version))
            mend = f"write `{near}`" if near is not None else f"remove `{name}`"
        elif problem.start > 0 and argument.text.startswith("{"):
            mend = f"correct `{argument.text[problem.start : problem.end]}`"
        yield Finding(
            place,
            f"smtpd ends with a fatal error when it starts: {problem.said}",
            mend=mend,
            parameter=found.list.name,
        )
