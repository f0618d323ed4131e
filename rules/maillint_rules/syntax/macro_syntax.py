"""A value with a `$` that Postfix cannot expand.

## What happens
Postfix expands `$name`, `$(name)` and `${name}`, and the forms with `?` and `:`, when a program reads
the parameter. What it cannot understand is fatal: the program logs a warning such as `truncated macro
reference`, then `fatal: macro processing error`, and ends. For a parameter that all programs read, that
is all of Postfix. A `$` that is meant as a `$` is written `$$`.

A mistake in one branch of `${name?{this}:{that}}` shows only when that branch is chosen.

## Bad
```main.cf macro-syntax@1 fragment
mydestination = ${myhostname, localhost
```

```main.cf macro-syntax@1 fragment
smtpd_banner = $myhostname ESMTP costs 5 $
```

```main.cf macro-syntax@1 fragment
mydestination = ${my-domain}
```

## Good
```main.cf fragment
mydestination = ${myhostname}, localhost
smtpd_banner = $myhostname ESMTP costs 5 $$
smtpd_helo_required = ${stress?{no}:{yes}}
```

## What Postfix says
```witness postconf
postconf: warning: truncated macro reference: "${myhostname, localhost"
postconf: fatal: macro processing error
```
```witness postconf bad=2
postconf: warning: empty macro name: "$myhostname ESMTP costs 5 $"
postconf: fatal: macro processing error
```
```witness postconf bad=3
postconf: warning: attribute name syntax error at: "...my>>>-domain"
postconf: fatal: macro processing error
```

## When it is right
Never.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/mac_parse.c, util/mac_expand.c, util/dict.c dict_eval()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.syntax.value import Problem, parse_value, problems

from .._names import is_built_in, is_made_up
from .._settings import services_of, settings_in_force
from .._told import BROKEN

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_WHAT = {
    Problem.TRUNCATED: ("its closing bracket is missing", "close the bracket"),
    Problem.EMPTY_NAME: ("no name stands behind this `$`", "write `$$` for a dollar sign"),
    Problem.BAD_NAME: ("a name is made of letters, digits and `_`", "correct the name"),
    Problem.UNBALANCED: ("its braces do not fit", "balance the braces"),
    Problem.BAD_OPERATOR: ("an operator must follow here", "write one of ==, !=, <, <=, >=, >"),
    Problem.BAD_SUFFIX: ("an operator can end in `level` only", "correct the operator"),
    Problem.OPERAND_EXPECTED: ("`{ }` must follow the operator", "put the right-hand side in braces"),
    Problem.CHOICE_EXPECTED: ("`?` or `:` must follow the comparison", "write `?{text}:{text}`"),
    Problem.COLON_EXPECTED: ("`:` must follow the first result", "write `?{text}:{text}`"),
    Problem.UNEXPECTED_INPUT: ("something stands behind the last `}`", "remove it"),
    Problem.NESTING: ("it is nested too deeply", "write it with fewer levels"),
}


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", BROKEN))
def macro_syntax(config: Configuration) -> Iterator[Finding]:
    for setting in settings_in_force(config):
        text = setting.value.text
        if "$" not in text or not _is_expanded(config, setting):
            continue
        expression = parse_value(text)
        problem = next(problems(expression), None)
        if problem is None:
            continue
        what, mend = _WHAT[problem.kind]
        always = problem in expression.parts
        when = "" if always else ", when it comes to this branch"
        yield Finding(
            setting.value.location(problem.start, problem.end),
            f"a program that reads `{setting.name}` stops with a fatal error{when}: {what}",
            mend=mend,
            severity=None if always else WARNING,
            parameter=setting.name,
            services=services_of(setting),
        )


def _is_expanded(config: Configuration, setting: Setting) -> bool:
    parameter = catalogue.parameter(setting.name)
    if parameter is not None:
        return parameter.type != "raw"
    return is_built_in(config, setting.name) or is_made_up(config, setting)
