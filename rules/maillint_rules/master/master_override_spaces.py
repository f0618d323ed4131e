"""White space around the `=` tears an `-o` apart.

## What happens
master.cf is split at white space, so `-o name = value` is the option `-o name` and the two arguments `=`
and `value`. The daemon ends with `fatal: invalid "-o name" option value: missing '=' after attribute
name`, or, for `-o name= value`, with `fatal: unexpected command-line argument: value`, each time that
master(8) starts it: the service is dead, while the rest of Postfix runs. `postconf` says nothing about
it.

## Bad
```master.cf master-override-spaces@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_tls_security_level = encrypt
```

```master.cf master-override-spaces@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_client_restrictions= permit_sasl_authenticated, reject
```

## Good
```master.cf fragment
smtp inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o { smtpd_client_restrictions = permit_sasl_authenticated, reject }
  -o smtpd_milters=
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: invalid "-o smtpd_tls_security_level" option value: missing '=' after attribute name
```
```witness connect bad=2
postfix/smtpd: fatal: unexpected command-line argument: permit_sasl_authenticated,
```

## When it is right
Inside `{ }`, since Postfix 3.0.

## References
- master(5), "Command name + arguments"
- Postfix source: master/multi_server.c, util/split_nameval.c
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.table_uses import PASSWORDS
from maillint.postfix.version import Version
from maillint.syntax.source import Location, Span

from .._arguments import has_spaces_around_equals, overrides
from ._entries import TORN

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.master import Option

_BRACES = Version("3.0")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", TORN))
def master_override_spaces(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        for option in overrides(config, service):
            if not has_spaces_around_equals(option):
                continue
            place, mended = _mend(option, braces=config.version.has(_BRACES))
            name = mended.strip("{} ").partition("=")[0].strip()
            if name in PASSWORDS:
                mended = ""  # It may be written out there.
            yield Finding(
                place,
                f"`{service.command}` stops with a fatal error when `{service.id}` is used:"
                f" `-o {name}` is cut off at the white space beside its `=`",
                mend=f"write `-o {mended}`" if mended else "write `-o name=value` without white space",
                parameter=name,
                fix=Fix("join the words", (Edit(place, mended),)) if mended else None,
                services=(service.id,),
            )


def _mend(option: Option, *, braces: bool) -> tuple[Location, str]:
    """The place of ``name = value``, which ends with its physical line, and the same as one argument."""
    assert option.value is not None
    start = option.value.location()
    line = start.start.line
    following = islice(option.arguments, option.end, None)
    words = [option.value, *takewhile(lambda word: word.location().start.line == line, following)]
    end = next((i for i, word in enumerate(words) if i and word.text.startswith(("-", "#"))), len(words))
    text = " ".join(word.text for word in words[:end])
    name, _, value = text.partition("=")
    name, value = name.strip(), value.strip()
    place = Location(start.source, Span(start.span.start, words[end - 1].span.end))
    if not value.split()[1:]:
        return place, f"{name}={value}"
    if braces:
        return place, f"{{ {name} = {value} }}"
    return place, f"{name}={','.join(value.replace(',', ' ').split())}"
