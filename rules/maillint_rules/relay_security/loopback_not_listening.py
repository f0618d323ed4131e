"""The SMTP server listens to the network but not to programs on its own host.

## What happens
`inet_interfaces = 192.0.2.25` makes Postfix listen on that address and on no other. A web application, a
monitor or a content filter that sends over SMTP to `127.0.0.1` or `localhost`, as most do unless told
otherwise, gets `Connection refused`. Programs that use sendmail(1) do not notice.

A single address has another effect: the SMTP client sends from it. With `127.0.0.1` beside it, it no longer
does, and a host with several addresses may send from another one than the SPF record names; say
`smtp_bind_address = 192.0.2.25` then.

## Bad
```main.cf loopback-not-listening@3
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = 192.0.2.25
mynetworks = 127.0.0.0/8
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = 192.0.2.25, 127.0.0.1
mynetworks = 127.0.0.0/8
smtp_bind_address = 192.0.2.25
```

```main.cf
# Nothing says that programs on the host send over SMTP.
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = 192.0.2.25
```

## When it is right
Where another Postfix instance or another program listens on the loopback address.

## References
- postconf(5) inet_interfaces, smtp_bind_address
- Postfix source: smtp/smtp_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, is_address, listeners

from .._items import appended
from .._words import NOT_EVERYWHERE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Item

_SMTP = frozenset(("smtp", "25"))


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=("inet_interfaces",),
    when_set=True,
    noted=("maillint_rules._words", NOT_EVERYWHERE),
    complete=True,
)
def loopback_not_listening(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    setting = view.setting("inet_interfaces")
    if setting is None or not _listens_on_addresses_alone(config) or _other_instance(config):
        return
    trusted = next((item for item in view.items("mynetworks") if _is_loopback(item)), None)
    if trusted is None or trusted.location is None:
        return
    loopback = "[::1]" if view.value("inet_protocols").text == "ipv6" else "127.0.0.1"
    yield Finding(
        setting.value.location(),
        f"nothing listens on `{loopback}`: programs on this host that send over SMTP to localhost get"
        " `Connection refused`, though `mynetworks` lets them",
        mend=(
            f"write `inet_interfaces = {setting.value.text}, {loopback}`, and `smtp_bind_address` if the host"
            " has several addresses: with two, the SMTP client is no longer bound to one"
        ),
        confidence=MEDIUM,
        parameter="inet_interfaces",
        related=(Related(trusted.location, "programs on this host are trusted here"),),
        fix=Fix(
            f"listen on `{loopback}` too",
            (appended(setting, loopback),),
            safe=view.is_set("smtp_bind_address"),
        ),
    )


def _listens_on_addresses_alone(config: Configuration) -> bool:
    """Whether the service ``smtp`` is on the network's addresses only, and no other is on loopback."""
    items = config.main_view.items("inet_interfaces")
    servers = listeners(config)
    return (
        all(item.known and is_address(item.text.strip("[]")) and not _is_loopback(item) for item in items)
        and not any(server.reach == LOOPBACK for server in servers)
        and any(server.view.service is None or server.view.service.name in _SMTP for server in servers)
    )


def _other_instance(config: Configuration) -> bool:
    view = config.main_view
    return any(view.is_set(name) for name in ("multi_instance_name", "multi_instance_directories"))


def _is_loopback(item: Item) -> bool:
    return item.known and item.text.startswith(("127.", "[::1]", "::1"))
