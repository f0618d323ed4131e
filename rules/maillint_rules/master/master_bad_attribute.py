"""An attribute of pipe(8), spawn(8) or smtp(8) that the program does not know.

## What happens
Behind the command `pipe` stand `flags=`, `user=`, `directory=`, `chroot=`, `eol=`, `null_sender=`, `size=`
and then `argv=`; behind `spawn`, `user=` and `argv=`; behind `smtp` and `lmtp`, since Postfix 3.5, `flags=`.
The program ends with a fatal error at another name, at a letter in `flags=` that means nothing, and at a
`size=` that is no number of bytes. It happens with each message or connection: the mail stays in the queue.

Options such as `-o name=value` stand before the first attribute; behind it they are taken for one.

## Bad
```main.cf fragment
local_transport = maildrop
```
```master.cf master-bad-attribute@1
maildrop unix - n n - - pipe flag=Rhu user=vmail argv=/usr/bin/maildrop -f ${sender}
```

```master.cf master-bad-attribute@1 fragment
maildrop unix - n n - - pipe flags=DRZ user=vmail argv=/usr/bin/maildrop -f ${sender}
```

```master.cf master-bad-attribute@1 fragment
archive unix - n n - - pipe user=archive size=10M argv=/usr/bin/archive
```

```master.cf master-bad-attribute@2 fragment
archive unix - n n - - pipe user=archive
  -o syslog_name=postfix/archive argv=/usr/bin/archive
```

```master.cf master-bad-attribute@1 fragment
relay unix - - n - - smtp flags=h
```

## Good
```master.cf fragment
maildrop unix - n n - - pipe
  -o syslog_name=postfix/maildrop
  flags=DRXhu user=vmail size=10000000 argv=/usr/bin/maildrop -f ${sender}
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy --flag=x
relay unix - - n - - smtp flags=D
```

## What Postfix says
```witness deliver
postfix/pipe: fatal: unknown attribute name: flag=Rhu
```

## When it is right
Never.

## References
- pipe(8), "COMMAND ATTRIBUTE SYNTAX"; spawn(8); smtp(8)
- Postfix source: pipe/pipe.c, spawn/spawn.c and smtp/smtp.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.host_port import is_digits
from maillint.postfix.master import active_services, attributes, program

from .._told import is_placeholder
from ._entries import BAD_ATTRIBUTE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.master import Attribute
    from maillint.syntax.tree import Service


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", BAD_ATTRIBUTE))
def master_bad_attribute(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        known = found.attributes(config.version) if found is not None else None
        if not known:
            continue
        for attribute in attributes(service):
            if is_placeholder(attribute.at.text):
                break
            if attribute.name in known:
                yield from _in_value(service, attribute, known[attribute.name])
            elif "argv" in known:  # Of others, master-unexpected-argument speaks.
                yield _unknown(service, attribute, list(known))
                break


def _in_value(service: Service, attribute: Attribute, letters: str) -> Iterator[Finding]:
    value = attribute.value
    if attribute.name == "flags":
        bad = [place for place, letter in enumerate(value.text) if letter not in letters]
        if bad:
            yield Finding(
                value.location(bad[0], bad[0] + 1),
                f"{_fails(service)}: it has no flag `{value.text[bad[0]]}`",
                mend=f"remove it; the flags are `{letters}`",
                services=(service.id,),
            )
    elif attribute.name == "size" and value.text and not is_digits(value.text):
        yield Finding(
            value.location(),
            f"{_fails(service)}: `{value.text}` is no number of bytes",
            mend="write the number of bytes in digits alone",
            services=(service.id,),
        )


def _unknown(service: Service, attribute: Attribute, known: list[str]) -> Finding:
    at = attribute.at
    mend = f"write one of {', '.join(f'`{name}=`' for name in known)}"
    meant = nearest(attribute.name, known) if attribute.name else None
    if at.text.startswith("-"):
        mend = "move the option in front of the first attribute"
    elif meant:
        mend = f"write `{meant}=`"
    name = at.slice(0, len(attribute.name))
    return Finding(
        at.location(),
        f"{_fails(service)}: it has no attribute `{at.text}`",
        mend=mend,
        services=(service.id,),
        fix=Fix.write(name.location(), meant) if meant else None,
    )


def _fails(service: Service) -> str:
    return f"`{service.command}` stops with a fatal error whenever `{service.id}` is used"
