"""A file for a key exchange that is no more.

## What happens
The 512-bit Diffie-Hellman parameters in `smtpd_tls_dh512_param_file` were for ciphers that were weak on
purpose. Since Postfix 3.6 the parameter is ignored. (For `smtpd_tls_dh1024_param_file` see
deprecated-parameter.)

## Bad
```main.cf dh-params-file@2 fragment
smtpd_tls_security_level = may
smtpd_tls_dh512_param_file = /etc/postfix/dh512.pem
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
```

## When it is right
In a file that serves hosts with an older Postfix, too.

## References
- postconf(5) smtpd_tls_dh512_param_file; FORWARD_SECRECY_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.version import Version

from .._edits import line_removed
from .._uses import found
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARAMETERS = (
    "smtpd_tls_dh512_param_file",
    "tlsproxy_tls_dh512_param_file",
    "postscreen_tls_dh512_param_file",
)
_IGNORED_SINCE = Version("3.6")


@rule(severity=INFO, area="tls", parameters=_PARAMETERS, when_set=True)
def dh_params_file(config: Configuration) -> Iterator[Finding]:
    if not config.version.has(_IGNORED_SINCE):
        return
    for judged in known_values(config, *_PARAMETERS):
        if judged.text:
            finding = found(
                judged,
                f"Postfix {_IGNORED_SINCE} and later ignore this: the ciphers that it was for are no more",
                "remove the line",
            )
            edit = line_removed(judged.setting)
            if edit is not None and f"${judged.setting.name}" not in edit.location.source.text:
                finding.fix = Fix("remove the line", (edit,))
            yield finding
