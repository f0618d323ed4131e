"""A bound on the TLS protocol that this version does not understand.

## What happens
`>=TLSv1.2` and `<=TLSv1.2` are read since Postfix 3.6. Older versions take the whole list for invalid: a
server has no TLS then, and a client breaks each session off.

## Bad
```main.cf protocol-syntax-too-new@3 fragment postfix=3.4
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = $smtpd_tls_protocols
```

## Good
```main.cf fragment postfix=3.4
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1
```

## When it is right
Never, for that version.

## References
- postconf(5) smtpd_tls_protocols
- Postfix source: tls/tls_misc.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import TOO_NEW, protocol_names

from .._uses import each_cause, found, shown
from ._lists import PARAMETERS, bad_protocols, consequence, is_used

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="tls", parameters=PARAMETERS, when_set=True)
def protocol_syntax_too_new(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged, problem in bad_protocols(config, TOO_NEW):
        item = problem.item
        older = _excluded_instead(item.text, protocol_names(config.version))
        yield found(
            judged,
            f"Postfix {config.version} does not understand {shown(item.text)}, and takes the whole list for"
            f" invalid: {consequence(judged.parameter.name)}",
            f"write `{older}`" if older else "exclude protocols by name, such as `!SSLv3`",
            place=(item.start, item.end),
            meant=older,
            severity=None if is_used(judged) else WARNING,
        )


def _excluded_instead(bound: str, names: tuple[str, ...]) -> str | None:
    """The exclusions that say the same as ``>=NAME``."""
    known = [name.lower() for name in names]
    if not bound.startswith(">=") or bound[2:].lower() not in known:
        return None
    return ", ".join(f"!{name}" for name in names[: known.index(bound[2:].lower())]) or None
