"""A file of patterns is not beside main.cf, where the list looks for it.

## What happens
The name of a file in a match list stands for the patterns in that file. Where it cannot be opened, the
program logs an error, and each look-up that gets this far in the list fails: with `mynetworks`, clients get
`451 4.3.0 Temporary lookup failure`. A list of exceptions, as in `smtpd_client_event_limit_exceptions`, is as
good as empty then. Before Postfix 2.11 the program ended with a fatal error.

Only files are looked for that are said to be beside main.cf, by `$config_directory` or by the very name of
the directory that was checked.

## Bad
```main.cf list-file-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.2, $config_directory/networks
```

```main.cf list-file-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_event_limit_exceptions = $config_directory/exceptions
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.2, $config_directory/networks
```
```networks
127.0.0.0/8
```

## What Postfix says
```witness rcpt
postfix/smtpd: error: open file ...networks: No such file or directory
451 4.3.0 ... Temporary lookup failure
```

## When it is right
When something puts the file there before Postfix starts.

## References
- postconf(5) mynetworks
- Postfix source: util/match_list.c
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.matchlist import FILE

from ._patterns import placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from ._patterns import Placed

_EXCEPTIONS = frozenset(
    {
        "debug_peer_list",
        "smtpd_client_event_limit_exceptions",
        "smtpd_forbid_bare_newline_exclusions",
    }
)
"""Where a look-up that fails counts as one that finds nothing (smtpd/smtpd.c, global/debug_peer.c)."""
_REFERENCES = ("$config_directory", "${config_directory}", "$(config_directory)")


@rule(severity=ERROR, area="lists", complete=True, noted=("maillint_rules.lists._patterns", FILE))
def list_file_missing(config: Configuration) -> Iterator[Finding]:
    directory = config.directory
    if directory is None:
        return
    for placed in placed_patterns(config):
        folder, name = os.path.split(placed.pattern.text)
        if placed.pattern.kind != FILE or not name:
            continue
        is_beside = _is_written_beside(placed, name) or os.path.realpath(folder) == os.path.realpath(
            directory
        )
        if not is_beside or os.path.lexists(os.path.join(directory, name)):
            continue
        yield Finding(
            placed.location,
            f"each look-up in `{placed.parameter}` that gets here fails: no file `{name}` is beside main.cf",
            mend="create the file, or remove it from the list",
            severity=WARNING if placed.parameter in _EXCEPTIONS else ERROR,
            confidence=MEDIUM,
            parameter=placed.parameter,
            related=placed.related,
            services=placed.readers.services,
        )


def _is_written_beside(placed: Placed, name: str) -> bool:
    """Whether the file is written as ``$config_directory/name``."""
    forms = tuple(f"{reference}/{name}" for reference in _REFERENCES)
    return any(form in setting.value.text for setting in placed.judged.value.chain for form in forms)
