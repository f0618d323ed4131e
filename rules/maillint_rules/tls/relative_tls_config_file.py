"""The path of the OpenSSL configuration is not absolute.

## What happens
`tls_config_file` is `default`, `none` or a path that begins with `/`. With anything else Postfix switches TLS
off, and says so: `is not an absolute pathname, disabling TLS support`.

## Bad
```main.cf relative-tls-config-file@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
tls_config_file = openssl.cnf
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
tls_config_file = none
```

## What Postfix says
```witness connect
postfix/smtpd: warning: non-default tls_config_file = openssl.cnf is not an absolute pathname, ...
```

## When it is right
Never.

## References
- postconf(5) tls_config_file
- Postfix source: tls/tls_misc.c tls_library_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._uses import found, shown
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="tls", parameters=("tls_config_file",), when_set=True)
def relative_tls_config_file(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "tls_config_file"):
        if judged.text not in ("default", "none") and not judged.text.startswith("/"):
            yield found(
                judged,
                f"{shown(judged.text)} is no absolute path: TLS is switched off",
                "write the path from `/` on, or `default` or `none`",
            )
