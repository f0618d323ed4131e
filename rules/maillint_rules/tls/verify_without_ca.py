"""Servers are to be verified, but no certification authority is known.

## What happens
At the levels `verify` and `secure` smtp(8) sends only to servers whose certificate was signed by an authority
that it knows. It knows none by itself: not even `tls_append_default_CA = yes` brings those of the system
where neither `smtp_tls_CAfile` nor `smtp_tls_CApath` is set. All mail for the destination is deferred:
`Server certificate not trusted`.

## Bad
```main.cf verify-without-ca@3
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = secure
relayhost = [smtp.example.net]:587
compatibility_level = 3.6
```

### For one destination
```main.cf verify-without-ca@2 fragment
smtp_tls_security_level = may
smtp_tls_policy_maps = inline:{{example.net = secure match=.example.net}}
smtp_tls_CAfile =
smtp_tls_CApath =
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
relayhost = [smtp.example.net]:587
smtp_tls_security_level = secure
smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
compatibility_level = 3.6
```

### The policy names the authority
```main.cf fragment
smtp_tls_security_level = may
smtp_tls_policy_maps = inline:{{example.net = secure tafile=/etc/postfix/example.net.pem}}
smtp_tls_CAfile =
smtp_tls_CApath =
```

## When it is right
Never. Where a table of policies has another level for every destination, the level in main.cf does not
matter; where there is such a table, the rule looks at its entries only.

## References
- postconf(5) smtp_tls_CAfile, smtp_tls_CApath, tls_append_default_CA; TLS_README
- Postfix source: tls/tls_certkey.c tls_set_ca_certificate_info()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.table_lookup import open_table
from maillint.postfix.tls import SECURE, VERIFY, client_level, has_authorities, has_policies

from .._chain import set_here
from .._told import told
from .._uses import clients_of, may_stand_elsewhere
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.source import Location

_LEVELS = ("smtp_tls_security_level", "lmtp_tls_security_level")
_SWITCHES = ("smtp_enforce_tls", "lmtp_enforce_tls")
_POLICIES = ("smtp_tls_policy_maps", "lmtp_tls_policy_maps")


@rule(
    severity=ERROR,
    area="tls",
    parameters=(*_LEVELS, *_SWITCHES, *_POLICIES),
    when_set=True,
    noted=("maillint_rules._words", VERIFY, SECURE, REFERENCE, *_SWITCHES, *_POLICIES),
    each=VIEW,
)
def verify_without_ca(view: View) -> Iterator[Finding]:
    for client in clients_of(view):
        files = f"{client}_tls_CAfile", f"{client}_tls_CApath"
        if has_authorities(view, client) is False and not any(
            may_stand_elsewhere(view, name) for name in files
        ):
            for location, name, what in _demands(view, client):
                yield Finding(
                    location,
                    f"{what}, and no authority is known by which a server could be verified: it is deferred",
                    mend=f"write `{files[0]} =` and the path of the system's list of authorities",
                    parameter=name,
                    related=set_here((view.setting("tls_append_default_CA"),)),
                )


def _demands(view: View, client: str) -> Iterator[tuple[Location, str, str]]:
    """What says that servers are to be verified: its place, the parameter, and what it means for mail."""
    level = view.value(f"{client}_tls_security_level")
    setting = level.setting or view.setting(f"{client}_enforce_tls")
    is_verified = client_level(view, client) in (VERIFY, SECURE) and not has_policies(view, client)
    if is_verified and setting is not None and not told(level):
        yield setting.value.location(), setting.name, f"all mail of `{client}` goes to verified servers only"
    policies = f"{client}_tls_policy_maps"
    if not view.is_set(policies) or told(view.value(policies)):
        return
    for item in view.items(policies):
        contents = open_table(item.text, view) if item.known else None
        if contents is None or not contents.is_known or item.location is None:
            continue
        verified = [entry for entry in contents.entries() if _asks_for_authority(entry.value)]
        if verified:
            others = f" and {len(verified) - 1} more" if len(verified) > 1 else ""
            yield (
                item.location,
                policies,
                f"mail to `{verified[0].key}`{others} goes to verified servers only, by its policy",
            )


def _asks_for_authority(policy: str) -> bool:
    level, *attributes = policy.lower().split() or [""]
    return level in (VERIFY, SECURE) and not any(name.startswith("tafile=") for name in attributes)
