"""An `-o` that is no `name=value` kills its service.

## What happens
The value of `-o` must be `name=value`. Without the `=` or the name the daemon ends with `fatal: invalid
"-o ..." option value`; an `-o` with nothing behind it is an `invalid option: o`. master(8) starts the
daemon again and again: the service never answers. Braces that do not fit, in any argument, are fatal for
master(8) itself: `missing '}'` or `syntax error after '}'`, and Postfix does not start.

## Bad
```master.cf master-override-malformed@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_sasl_auth_enable
```

```master.cf master-override-malformed@2 fragment
smtp inet n - y - - smtpd
  -o {smtpd_banner = $myhostname ESMTP
```

```master.cf master-override-malformed@2 fragment
smtp inet n - y - - smtpd
  -o =yes
```

```master.cf master-override-malformed@2 fragment
smtp inet n - y - - smtpd
  -o
```

## Good
```master.cf fragment
smtp inet n - y - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o {smtpd_banner = $myhostname ESMTP}
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: invalid "-o smtpd_sasl_auth_enable" option value: missing '=' after attribute name
```
```witness start bad=2
postfix/master: fatal: ...: line ...: missing '}' in "{smtpd_banner = $myhostname ESMTP"
```
```witness connect bad=3
postfix/smtpd: fatal: invalid "-o =yes" option value: missing attribute name
```
```witness connect bad=4
postfix/smtpd: fatal: invalid option: o
```

## When it is right
Never.

## References
- master(5), "Command name + arguments"
- Postfix source: master/multi_server.c, util/split_nameval.c, util/extpar.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._arguments import has_spaces_around_equals, override_problem, overrides, unbalanced
from ._entries import MALFORMED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", MALFORMED))
def master_override_malformed(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        for argument in service.arguments:
            problem = unbalanced(argument)
            if problem:
                yield Finding(
                    argument.location(),
                    f"Postfix does not start: {problem} in this argument of `{service.id}`",
                    mend="balance the braces",
                    services=(service.id,),
                )
        for option in overrides(config, service):
            problem = override_problem(option)
            if problem and not has_spaces_around_equals(option):
                yield Finding(
                    (option.value or option.at).location(),
                    f"`{service.command}` stops with a fatal error when `{service.id}` is used: {problem}",
                    mend="write `-o name=value`",
                    services=(service.id,),
                )
