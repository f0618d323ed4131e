"""The certificate in smtpd_tls_cert_file is not used, as there are chain files.

## What happens
Where `smtpd_tls_chain_files` is set, smtpd(8) ignores `smtpd_tls_cert_file`, `smtpd_tls_eccert_file` and
`smtpd_tls_dcert_file`, and says so each time it starts. Whoever renews the ignored file wonders why clients
see another certificate.

## Bad
```main.cf chain-files-shadow-cert-file@1 fragment
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mail.example.com.key, /etc/ssl/mail.example.com.pem
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mail.example.com.key, /etc/ssl/mail.example.com.pem
```

## What Postfix says
```witness connect
postfix/smtpd: warning: Both smtpd_tls_chain_files and one or more of the legacy ...
```

## When it is right
While moving from one form to the other.

## References
- postconf(5) smtpd_tls_chain_files
- Postfix source: smtpd/smtpd.c pre_jail_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import ENCRYPT, FIRST_WITH_CHAIN_FILES, MAY, server_level

from .._chain import set_here
from .._settings import settings as all_settings
from .._settings import settings_in_force
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_CHAINS = "smtpd_tls_chain_files"
_LEGACY = ("smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")


@rule(
    severity=INFO,
    area="tls",
    parameters=(_CHAINS,),
    when_set=True,
    each=VIEW,
    noted=("maillint_rules._words", *_LEGACY),
)
def chain_files_shadow_cert_file(view: View) -> Iterator[Finding]:
    chains = view.value(_CHAINS)
    if view.daemon not in ("smtpd", None) or server_level(view) not in (MAY, ENCRYPT):
        return
    if not chains.text or told(chains) or not view.configuration.version.has(FIRST_WITH_CHAIN_FILES):
        return
    for name in _LEGACY:
        value = view.value(name)
        if value.setting is not None and value.text and value.text.lower() != "none":
            yield Finding(
                value.setting.value.location(),
                f"`{name}` is ignored, because `{_CHAINS}` is set",
                mend="remove one of the two",
                parameter=name,
                related=set_here((chains.setting,)),
                fix=_fix(view, value.setting, chains.setting),
            )


def _fix(view: View, ignored: Setting, chains: Setting | None) -> Fix | None:
    """Remove the setting and that of its key, where both are in main.cf and nothing refers to them."""
    config = view.configuration
    names = (ignored.name, ignored.name.replace("_cert_", "_key_"))
    settings = [found for found in settings_in_force(config) if found.name in names]
    if chains is None or any(found.service is not None for found in (ignored, chains, *settings)):
        return None
    if any(f"${name}" in other.value.text for name in names for other in all_settings(config)):
        return None
    return Fix("remove what is ignored", tuple(Edit(found.location, "") for found in settings))
