"""Servers are to be known by their fingerprints, but there are none.

## What happens
At the level `fingerprint` smtp(8) sends only to servers whose certificate or key has one of the fingerprints
in `smtp_tls_fingerprint_cert_match`. Where it has none, or none that can be read, all mail is deferred:
`configured at fingerprint security level, but with no fingerprints to match`.

## Bad
```main.cf fingerprint-level-without-fingerprints@2
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = fingerprint
myhostname = mail.example.com
myorigin = example.com
```

```main.cf fingerprint-level-without-fingerprints@3 fragment
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = fingerprint
smtp_tls_fingerprint_cert_match = sha256:3D:95:34
```

## Good
```main.cf fragment
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = fingerprint
smtp_tls_fingerprint_cert_match = 3D:95:34:51:24:66:33:B9:D2:40:99:C0:C1:17:0B:D1
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: nexthop domain [127.0.0.1]:2525: configured at fingerprint ...
```

```witness deliver user@example.net bad=2
postfix/smtp: warning: malformed fingerprint value: sha256:3D:95:34
```

## When it is right
Never, unless a table of TLS policies covers every destination; where there is such a table the rule says
nothing.

## References
- postconf(5) smtp_tls_fingerprint_cert_match
- Postfix source: smtp/smtp_tls_policy.c policy_create(), tls/tls_dane.c tls_dane_add_fpt_digests()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import FINGERPRINT, client_level, has_policies, is_fingerprint

from .._chain import set_here
from .._told import told
from .._uses import clients_of, may_stand_elsewhere
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_LEVELS = ("smtp_tls_security_level", "lmtp_tls_security_level")


@rule(
    severity=ERROR,
    area="tls",
    parameters=_LEVELS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules._words", FINGERPRINT, REFERENCE),
)
def fingerprint_level_without_fingerprints(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_tls_security_level"):
        level = view.value(f"{client}_tls_security_level")
        name = f"{client}_tls_fingerprint_cert_match"
        match = view.value(name)
        if level.setting is None or client_level(view, client) != FINGERPRINT or match.text is None:
            continue
        if has_policies(view, client) or told(level) or told(match) or may_stand_elsewhere(view, name):
            continue
        words = match.items(braces=False)
        if any(is_fingerprint(word.text) for word in words):
            continue
        location = (words[0].location if words else None) or level.setting.value.location()
        yield Finding(
            location,
            f"all mail of `{client}` is deferred: at the level `fingerprint` the server must have one of the"
            f" fingerprints in `{name}`, and it has none" + (" that can be read" if words else ""),
            mend=f"write `{name} = 3D:95:...`, the fingerprint of the server's certificate or key",
            parameter=name if words else f"{client}_tls_security_level",
            related=set_here((level.setting,), but=location),
        )
