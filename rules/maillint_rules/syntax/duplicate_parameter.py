"""A parameter is set twice, and only the last one counts.

## What happens
Postfix keeps the last `name = value` of a name and forgets the ones before; so it does with the `-o` of
one master.cf entry. It never joins the values, and a reader who finds the first one believes it. For
main.cf each program warns in the log, when it starts and the values differ: `overriding earlier entry`.
For `-o` nothing warns.

Two lines with the same value do no harm today. They do on the day when somebody changes the first one.

## Bad
```main.cf duplicate-parameter@3 fragment
mynetworks = 127.0.0.0/8
mydestination = $myhostname
mynetworks = 127.0.0.0/8, 192.0.2.0/24
```

```main.cf duplicate-parameter@2 fragment
mydestination = $myhostname
mydestination = $myhostname
```

```master.cf duplicate-parameter@3 fragment
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_security_level=encrypt
```

## Good
```main.cf fragment
mydestination = $myhostname
mynetworks = 127.0.0.0/8, 192.0.2.0/24
```

## What Postfix says
```witness postconf
postconf: warning: /etc/postfix/main.cf, line 3: overriding earlier entry: mynetworks=127.0.0.0/8
```

## When it is right
A program that appends its own settings to a file that it must not otherwise touch makes duplicates on
purpose.

In a template, a setting under a condition may replace one without; that is not reported.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/dict.c dict_load_fp(); master/multi_server.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule

from .._settings import namespaces, services_of
from .._told import REPEATED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting


@rule(severity=WARNING, area="syntax", noted=("maillint_rules._told", REPEATED))
def duplicate_parameter(config: Configuration) -> Iterator[Finding]:
    for namespace in namespaces(config):
        earlier: dict[str, Setting] = {}
        for setting in namespace:
            if setting.name in earlier and not _is_meant(config, earlier[setting.name], setting):
                yield _finding(earlier[setting.name], setting)
            earlier[setting.name] = setting


def _is_meant(config: Configuration, earlier: Setting, later: Setting) -> bool:
    """Whether the later setting replaces the earlier one under a condition of a template."""
    first, second = earlier.name_location, later.name_location
    return any(
        branch.source is second.source
        and branch.span.start <= second.span.start < branch.span.end
        and not (branch.source is first.source and branch.span.start <= first.span.start < branch.span.end)
        for branch in config.branches
    )


def _finding(earlier: Setting, later: Setting) -> Finding:
    same = earlier.value.text == later.value.text
    if same:
        message = f"`{later.name}` is set a second time, to the same value as on line {earlier.line}"
        mend = "keep one of the two lines"
    else:
        message = f"`{later.name}` replaces the value of line {earlier.line}, which has no effect"
        mend = "keep the line that is meant, and remove the other"
    return Finding(
        later.name_location,
        message,
        mend=mend,
        severity=INFO if same else None,
        parameter=later.name,
        related=(Related(earlier.name_location, f"`{earlier.name}` is first set here"),),
        fix=_fix(earlier, later, same),
        services=services_of(later),
    )


def _fix(earlier: Setting, later: Setting, same: bool) -> Fix | None:
    """Remove the line that has no effect; not in master.cf, nor with comments between its lines."""
    redundant = later if same else earlier
    text = redundant.location.text
    if redundant.service is not None or any(line.lstrip().startswith("#") for line in text.splitlines()):
        return None
    return Fix(f"remove line {redundant.line}", (Edit(redundant.location, ""),), safe=same)
