"""A service logs all that it does.

## What happens
With `-v` the program logs each step, and each command and reply of a session: many lines for each message,
among which those that matter are hard to find, and names and passwords of users. `-v` is for finding one
mistake, and is taken out again.

## Bad
```master.cf verbose-left-on@1 fragment
smtp inet n - n - - smtpd -v
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd
```

## When it is right
While a mistake is looked for. `debug_peer_list` does the same for a single client.

## References
- DEBUG_README, "Making Postfix daemon programs more verbose"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, getopt
from maillint.syntax.source import Location, Span

from ._entries import OPTIONS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.master import Option


@rule(severity=INFO, area="master", noted=("maillint_rules.master._entries", OPTIONS))
def verbose_left_on(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        verbose = [option for option in getopt(service)[0] if re.fullmatch("-v+", option.at.text)]
        if verbose:
            yield Finding(
                verbose[0].at.location(),
                f"`{service.command}` logs each step of its work",
                mend="remove `-v` when the mistake is found",
                services=(service.id,),
                fix=_fix(verbose),
            )


def _fix(verbose: list[Option]) -> Fix | None:
    edits = []
    for place in dict.fromkeys(option.at.location() for option in verbose):
        text, start = place.source.text, place.span.start
        while text[start - 1] in " \t":
            start -= 1
        if text[start - 1] == "\n":
            return None  # The line may be needed by those that follow.
        edits.append(Edit(Location(place.source, Span(start, place.span.end)), ""))
    return Fix("remove `-v`", tuple(edits))
