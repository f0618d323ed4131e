"""DANE without DNSSEC.

## What happens
DANE takes the keys of servers from the DNS, and trusts it only where it is signed. Where smtp(8) does not
ask for signatures, it warns for each delivery (`dane configured with dnssec lookups disabled`), and
falls back to opportunistic TLS; at the level `dane-only` all mail is deferred. So it is, too, where names
are not looked up in the DNS, where errors of the DNS are to be ignored, and where the resolver may append
domains to names.

## Bad
```main.cf dane-without-dnssec@2
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = dane
myhostname = mail.example.com
myorigin = example.com
```

```main.cf dane-without-dnssec@3 fragment
relayhost = [127.0.0.1]:2525
smtp_dns_support_level = dnssec
ignore_mx_lookup_error = yes
smtp_tls_security_level = dane-only
```

## Good
```main.cf fragment
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = dane
smtp_dns_support_level = dnssec
smtp_host_lookup = dns
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: [127.0.0.1]:2525: dane configured with dnssec lookups disabled
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_security_level, smtp_dns_support_level; TLS_README, "DANE TLS authentication"
- Postfix source: smtp/smtp_tls_policy.c dane_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import DANE, DANE_ONLY, client_level

from .._chain import set_here
from .._edits import settings_written
from .._told import told
from .._uses import clients_of, may_stand_elsewhere
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_LEVELS = ("smtp_tls_security_level", "lmtp_tls_security_level")


@rule(
    severity=WARNING,
    area="tls",
    parameters=_LEVELS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules._words", DANE, DANE_ONLY, REFERENCE),
)
def dane_without_dnssec(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_tls_security_level"):
        level = view.value(f"{client}_tls_security_level")
        word = client_level(view, client)
        if level.setting is None or word not in (DANE, DANE_ONLY) or told(level):
            continue
        obstacle = _obstacle(view, client)
        if obstacle is None:
            continue
        name, why, instead = obstacle
        value = view.value(name)
        if told(value) or may_stand_elsewhere(view, name):
            continue
        culprit = value.setting or level.setting
        location = culprit.value.location() if culprit.value.text else culprit.name_location
        effect = "all mail is deferred" if word == DANE_ONLY else "it falls back to opportunistic TLS"
        yield Finding(
            location,
            f"`{client}` cannot do `{word}`, because {why}: {effect}",
            mend=f"write `{name} = {instead}`".replace(" = `", " =`"),
            severity=ERROR if word == DANE_ONLY else None,
            parameter=culprit.name,
            related=set_here((level.setting,), but=location),
            fix=_fix(view, name, instead, level.setting),
        )


def _fix(view: View, name: str, text: str, beside: Setting) -> Fix | None:
    edits = settings_written(view, {name: text}, beside)
    return Fix(f"set `{name}`", edits) if edits else None


def _obstacle(view: View, client: str) -> tuple[str, str, str] | None:
    """What keeps *client* from DANE: the parameter, why, and the value that does not."""
    support, lookup = f"{client}_dns_support_level", f"{client}_host_lookup"
    options = f"{client}_dns_resolver_options"
    text = view.value(support).text
    if text is not None and text.lower() != "dnssec":
        return support, f"`{support}` is not `dnssec`", "dnssec"
    words = view.value(lookup).text
    if words is not None and "dns" not in words.replace(",", " ").split():
        return lookup, f"`{lookup}` has no `dns`", "dns"
    if client == "smtp" and view.boolean("ignore_mx_lookup_error"):
        name = "ignore_mx_lookup_error"
        return name, f"`{name}` is set", "no"
    if view.value(options).text:
        return options, f"`{options}` lets the resolver append domains", ""
    return None
