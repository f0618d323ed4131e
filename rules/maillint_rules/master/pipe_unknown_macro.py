"""A `${name}` in the command of pipe(8) that it cannot fill in.

## What happens
In the command behind `argv=`, pipe(8) fills in `${recipient}`, `${sender}` and some more names about the
message. It knows no parameters of main.cf there, and no `${name?text}`. At any other name it warns, `unknown
macro name`, and each message is deferred, `mail system configuration error`. Two dollar signs, `$$`, stand
for one.

## Bad
```main.cf fragment
local_transport = archive
```
```master.cf pipe-unknown-macro@1
archive unix - n n - - pipe user=nobody argv=/usr/bin/archive --to ${recipent}
```

```master.cf pipe-unknown-macro@1 fragment
archive unix - n n - - pipe user=nobody argv=/usr/bin/archive ${extension?+${extension}}
```

```master.cf pipe-unknown-macro@2 fragment
archive unix - n n - - pipe user=nobody
  argv=/usr/bin/archive --host $myhostname --to ${recipient}
```

```master.cf pipe-unknown-macro@1 fragment postfix=3.8
archive unix - n n - - pipe user=nobody argv=/usr/bin/archive --id ${envid}
```

## Good
```master.cf fragment
archive unix - n n - - pipe user=nobody argv=/usr/bin/archive --to ${recipient} -f $sender --price 5$$
```

## What Postfix says
```witness deliver
postfix/pipe: warning: file /etc/postfix/master.cf: service archive: unknown macro name: "recipent"
...status=deferred (mail system configuration error)
```

## When it is right
Never.

## References
- pipe(8), "argv="
- Postfix source: pipe/pipe.c, util/mac_parse.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.master import active_services, command_line, macros, macros_in

from ._entries import UNKNOWN_MACRO

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", UNKNOWN_MACRO))
def pipe_unknown_macro(config: Configuration) -> Iterator[Finding]:
    known = macros(config.version)
    for service in active_services(config):
        if service.command != "pipe":
            continue
        for word in command_line(service):
            for macro in macros_in(word.text):
                if macro.name in known:
                    continue
                written = word.text[macro.start : macro.end]
                meant = nearest(macro.name, known)
                yield Finding(
                    word.location(macro.start, macro.end),
                    f"each message for `{service.id}` is deferred: pipe(8) cannot fill in `{written}`"
                    + (f" ({macro.error})" if macro.error else ""),
                    mend=f"write `${{{meant}}}`"
                    if meant
                    else "write a name that pipe(8) knows, `$$` for a dollar sign",
                    services=(service.id,),
                    fix=Fix.write(word.location(macro.start, macro.end), f"${{{meant}}}") if meant else None,
                )
