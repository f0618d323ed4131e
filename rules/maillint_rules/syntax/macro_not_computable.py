"""A `${...}` that is well formed, but that Postfix cannot work out.

## What happens
Postfix compares the two sides of `${{left} == {right}?...}` when a program reads the parameter. A number
that no computer word holds is fatal; so is, with an operator such as `<=level`, a side that is no level like
`3.6`, and `${function{text}}` with a function that this Postfix does not have. The program that reads the
parameter ends. For a parameter that all programs read, that is all of Postfix.

## Bad
```main.cf macro-not-computable@1 fragment
mydestination = ${{99999999999999999999} == {1}?{localhost}}
```

### No level
```main.cf macro-not-computable@2 fragment
compatibility_level = 3.6
mydestination = ${{$compatibility_level} >=level {newest}?{localhost}}
```

### No such function
```main.cf macro-not-computable@1 fragment
mydestination = ${lower{LOCALHOST}}
```

## Good
```main.cf fragment
compatibility_level = 3.6
mydestination = ${{$compatibility_level} >=level {3.6}?{localhost}}
```

## What Postfix says
```witness postconf
postconf: fatal: mac_exp_eval: bad conversion: 99999999999999999999
```
```witness postconf bad=2
postconf: warning: malformed compatibility level syntax: "newest"
postconf: fatal: macro processing error
```

## When it is right
Where the function is one of a newer Postfix: tell maillint with `--postfix-version`.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/mac_expand.c; global/compat_level.c; global/mail_conf.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._names import FAILED, has_mistake
from .._settings import services_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_CIRCLE = "unreasonable macro call nesting"
"""What Postfix says of what the rule self-reference finds."""

_WHAT = (
    (r"mac_exp_eval: bad conversion: (.*)", "the number `{}` is too large", "write a number that fits"),
    (r'malformed compatibility level syntax: "(.*)"', "`{}` is no level", "write a level such as `3.6`"),
    (r'unknown function "(.*?)"', "there is no function `{}`", "remove it"),
    (
        r"attribute name syntax error at: .*?(\w*)>>>",
        "this Postfix has no functions, and `{}` is none",
        "remove it",
    ),
    (r"", "the references in it double each other without end", "write out what is meant"),
)
"""What Postfix says; the same for people; the mend."""


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._names", FAILED))
def macro_not_computable(config: Configuration) -> Iterator[Finding]:
    told: set[str] = set()
    for failed in config.names.failed:
        said = failed.expansion.problem
        if said.startswith(_CIRCLE) or said in told or has_mistake(failed):
            continue
        told.add(said)
        what, mend = _in_words(said)
        setting = failed.setting
        yield Finding(
            setting.value.location(),
            f"each program that reads `{setting.name}` stops with a fatal error: {what}",
            mend=mend,
            parameter=setting.name,
            related=set_here(failed.expansion.settings, setting.value.location()),
            services=services_of(setting),
        )


def _in_words(said: str) -> tuple[str, str]:
    for pattern, what, mend in _WHAT:
        if found := re.match(pattern, said, re.DOTALL):
            return what.format(*found.groups()), mend
    raise AssertionError(said)
