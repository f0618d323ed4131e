"""The two characters of VERP are not among those that are allowed.

## What happens
`default_verp_delimiters` is two characters, each of `verp_delimiter_filter`, which is `-=+` by default. Else
every Postfix program, `postfix start` included, ends with `fatal: ... bad first VERP delimiter character`.

## Bad
```main.cf bad-verp-delimiters@1 fragment
default_verp_delimiters = #=
```

```main.cf bad-verp-delimiters@2 fragment
verp_delimiter_filter = -=
default_verp_delimiters = -+
```

## Good
```main.cf fragment
verp_delimiter_filter = -=+#
default_verp_delimiters = #=
```

## What Postfix says
```witness postmap static:x
postmap: fatal: file /etc/postfix/main.cf: parameters default_verp_delimiters and verp_delimiter_filter: bad first VERP delimiter character
```

## When it is right
Never.

## References
- postconf(5) default_verp_delimiters, verp_delimiter_filter; VERP_README
- Postfix source: global/verp_sender.c (verp_delims_verify)
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_DELIMITERS, _ALLOWED = "default_verp_delimiters", "verp_delimiter_filter"


@rule(severity=ERROR, area="values", parameters=(_DELIMITERS, _ALLOWED), when_set=True)
def bad_verp_delimiters(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _DELIMITERS, _ALLOWED):
        is_filter = judged.parameter.name == _ALLOWED
        if is_filter and judged.view.is_set(_DELIMITERS):
            continue  # That is where it is reported.
        delimiters = judged.view.value(_DELIMITERS).text
        allowed = judged.view.value(_ALLOWED).text
        if delimiters is None or not allowed or len(delimiters) != 2:
            continue
        wrong = "".join(character for character in delimiters if character not in allowed)
        if wrong:
            found = refused(
                judged,
                f"`{wrong[0]}` of `{_DELIMITERS} = {delimiters}` is not in `{_ALLOWED} = {allowed}`",
                f"write characters of `{allowed}`, or add `{wrong}` to `{_ALLOWED}`",
            )
            if found is not None:
                yield found
