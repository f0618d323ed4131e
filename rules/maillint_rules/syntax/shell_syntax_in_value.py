"""Something that a shell or another program would have replaced, and that Postfix takes as it stands.

## What happens
Postfix runs no commands and asks no environment when it reads main.cf: a command in backquotes is the text
of the command. `${name:-text}` is Postfix's own `${name:text}`: where the name has no value, what comes out
begins with a dash, and where it has one, nothing comes out. `~` and `%u` in the place of mailboxes are
names of directories: the mail is stored where nobody looks for it.

## Bad
```main.cf shell-syntax-in-value@1 fragment
myhostname = `hostname -f`
```

```main.cf shell-syntax-in-value@2
myorigin = example.com
myhostname = ${mail_host:-mail.example.com}
```

```main.cf shell-syntax-in-value@1 fragment
home_mailbox = ~/Maildir/
```

```main.cf shell-syntax-in-value@2 fragment
virtual_mailbox_domains = example.com
virtual_mailbox_base = /var/mail/%d
```

## Good
```main.cf fragment
myhostname = mail.example.com
mail_host =
myorigin = ${mail_host?{$mail_host}:{example.com}}
home_mailbox = Maildir/
virtual_mailbox_base = /var/mail
```

## What Postfix says
```witness postmap static:x
postmap: warning: valid_hostname: invalid character 96(decimal): `hostname -f`
```

## When it is right
In a file from which a script makes the main.cf that Postfix reads; a `${NAME:-text}` with a name in capitals,
which is usual there, is reported as advice only.

## References
- postconf(5), "main.cf file format", home_mailbox, virtual_mailbox_base
- Postfix source: util/mac_expand.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, LOW, Finding
from maillint.engine.rule import rule

from .._settings import services_of, settings
from .._told import COMMAND, FALLBACK, HOME, SHELL, VARIABLE, shell_syntax
from .._uses import shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WHAT = {
    COMMAND: ("Postfix runs no command: {} is the value as it stands", "write what the command prints"),
    FALLBACK: (
        "{} gives the text from its dash on where the name has no value, and nothing where it has one",
        "write `${name?{$name}:{text}}`, or the value",
    ),
    VARIABLE: (
        "Postfix does not replace {}: it is part of the name of a directory",
        "leave it out: `virtual_mailbox_maps` gives the rest of the path, and local(8) the name of the user",
    ),
    HOME: (
        "{} is no home directory here but the name of one inside of it",
        "leave it out: the path begins in the home directory",
    ),
}


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", SHELL))
def shell_syntax_in_value(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        found = shell_syntax(setting)
        if found is None:
            continue
        text = found.location.text
        what, mend = _WHAT[found.kind]
        of_script = found.kind == FALLBACK and text[2 : text.index(":")].isupper()
        yield Finding(
            found.location,
            what.format(shown(text)),
            mend=mend,
            severity=INFO if of_script else None,
            confidence=LOW if of_script else HIGH,
            parameter=setting.name,
            services=services_of(setting),
        )
