"""A host that is to receive mail listens to itself only.

## What happens
`inet_interfaces = loopback-only` (or `localhost`) makes Postfix listen to programs on the same machine
only. Other mail servers that have mail for the domains of this host, and mail programs that want to send
through its submission service, get `Connection refused`. Many distributions ship Postfix this way.

A change of `inet_interfaces` needs `postfix stop` and `postfix start`; a reload is not enough.

## Bad
```main.cf mx-not-listening@3
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
virtual_mailbox_domains = example.com, example.org
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
```

```main.cf mx-not-listening@3
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = localhost
compatibility_level = 3.6
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_chain_files=/etc/postfix/server.pem
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com, example.org
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
```

```main.cf
# One service has an address of its own, which `inet_interfaces` does not change.
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
virtual_mailbox_domains = example.com
compatibility_level = 3.6
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
```
```master.cf
192.0.2.25:smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
```

## When it is right
Where a proxy, a tunnel or a mail fetcher on the same host hands the mail in, and where the domains are
there for programs on this host.

## References
- postconf(5) inet_interfaces
- BASIC_CONFIGURATION_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, Listener, is_for_submission, listeners, smtp_reach
from maillint.postfix.typed import is_hostname
from maillint.reserved import is_for_examples, reserved

from .._words import NOT_EVERYWHERE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PROXIED = (
    "smtpd_upstream_proxy_protocol",
    "postscreen_upstream_proxy_protocol",
    "smtpd_authorized_xclient_hosts",
)


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=("inet_interfaces",),
    when_set=True,
    noted=("maillint_rules._words", NOT_EVERYWHERE),
    complete=True,
)
def mx_not_listening(config: Configuration) -> Iterator[Finding]:
    setting = config.main_view.setting("inet_interfaces")
    servers = listeners(config)
    if setting is None or smtp_reach(config) != LOOPBACK or _behind_proxy(servers):
        return
    expected = _expected(config, servers)
    if expected is None:
        return
    what, related = expected
    yield Finding(
        setting.value.location(),
        f"only programs on this host can connect, but {what}: others get `Connection refused`",
        mend="write `inet_interfaces = all`, then stop and start Postfix",
        confidence=MEDIUM,
        parameter="inet_interfaces",
        related=(related,),
        fix=Fix("listen to the network", (Edit(setting.value.location(), "all"),), safe=False),
    )


def _behind_proxy(servers: tuple[Listener, ...]) -> bool:
    return any(server.view.value(name).text != "" for server in servers for name in _PROXIED)


def _expected(config: Configuration, servers: tuple[Listener, ...]) -> tuple[str, Related] | None:
    """What others would connect for, and where that is said; None when nothing shows it."""
    for server in servers:
        service = server.view.service
        if (
            service is not None
            and server.by_interfaces
            and is_for_submission(server.view)
            and server.view.boolean("smtpd_sasl_auth_enable")
        ):
            what = f"the service `{service.name}` is there for mail programs on other machines"
            return what, Related(service.fields[0].location(), "mail programs connect here")
    for name in ("virtual_mailbox_domains", "virtual_alias_domains"):
        for item in config.main_view.items(name):
            if item.known and item.location is not None and _is_public(item.text.lower()):
                return f"mail for `{item.text}` is to come here", Related(
                    item.location, f"`{name}` lists a domain of others' mail"
                )
    return None


def _is_public(domain: str) -> bool:
    return is_hostname(domain) and (is_for_examples(domain) or reserved(domain) is None)
