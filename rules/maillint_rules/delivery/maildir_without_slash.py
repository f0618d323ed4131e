"""A maildir whose slash is missing, so that Postfix writes a mailbox file.

## What happens
A mailbox whose name ends with `/` is a maildir, a directory with one file for each message; any other is a
file in the mbox format. `home_mailbox = Maildir` makes a file `Maildir` in the home directory, which no
program that looks for a maildir can read. Where there is such a directory already, mail is put off: `cannot
update mailbox`.

`mail_spool_directory` gets the user's name behind it, and a slash if it has one itself.

## Bad
```main.cf maildir-without-slash@3
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Maildir
```

```main.cf maildir-without-slash@3
myhostname = mail.example.com
myorigin = $mydomain
mail_spool_directory = /var/mail/maildir
```

```main.cf maildir-without-slash@6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.org
virtual_mailbox_base = /var/mail
virtual_uid_maps = static:5000
virtual_mailbox_maps = inline:{ anna@example.org=Maildir, postmaster@example.org=Maildir }
virtual_gid_maps = static:5000
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Maildir/
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Mailbox
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mail_spool_directory = /var/mail/maildir/
```

## What Postfix says
```witness deliver anna@example.org bad=3
postfix/virtual: ... (delivery failed to mailbox ...: unable to create lock file ...
```

## When it is right
Where the mailbox files of the users are called so.

## References
- postconf(5) home_mailbox, mail_spool_directory, virtual_mailbox_maps; local(8), virtual(8)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_lookup import open_table
from maillint.postfix.tables import parse_table
from maillint.postfix.written_table import is_written_out

from .._told import told
from .._uses import found, users
from .._values import known_values
from .._words import LOCAL_DELIVERY, MAILDIR

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_HOME = "home_mailbox"
_SPOOL = "mail_spool_directory"
_VIRTUAL = "virtual_mailbox_maps"
_MAILDIR = re.compile(r"(?i)(?:^|.*/)\.?maildirs?")


@rule(
    severity=ERROR,
    area="delivery",
    parameters=(_HOME, _SPOOL, _VIRTUAL),
    when_set=True,
    noted=("maillint_rules._words", MAILDIR),
)
def maildir_without_slash(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _HOME, _SPOOL):
        if not _MAILDIR.fullmatch(judged.text):
            continue
        if any(judged.view.value(name).text != "" for name in _stronger(judged.parameter.name)):
            continue
        yield found(
            judged,
            f"mail goes into a file in the mbox format, not into a maildir: `{judged.text}` has no `/` at its"
            " end",
            f"write `{judged.text}/`",
            users=users(judged, "local"),
            meant=f"{judged.text}/",
            sure=False,
        )
    yield from _in_tables(config)


def _stronger(name: str) -> tuple[str, ...]:
    """The parameters that leave *name* without effect."""
    return LOCAL_DELIVERY[: LOCAL_DELIVERY.index(name)]


def _in_tables(config: Configuration) -> Iterator[Finding]:
    """The findings in tables that are written out; a file may be long."""
    view = config.main_view
    value = view.value(_VIRTUAL)
    if (view.value("virtual_transport").text or "").partition(":")[0] != "virtual" or told(value):
        return
    for item in view.items(_VIRTUAL):
        if not is_written_out(parse_table(item.text, config.version)):
            continue
        entries = open_table(item.text, view).entries()
        entry = next((entry for entry in entries if _MAILDIR.fullmatch(entry.value)), None)
        if entry is None or item.location is None:
            continue
        yield Finding(
            item.location,
            f"mail for `{entry.key}` goes into a file in the mbox format, not into a maildir: `{entry.value}`"
            f" has no `/` at its end",
            mend=f"write `{entry.value}/` there, and so for all that are maildirs",
            parameter=_VIRTUAL,
        )
