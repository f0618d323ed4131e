"""Mail for unknown users is refused before luser_relay is asked.

## What happens
`luser_relay` is where local(8) sends the mail of users that do not exist. But smtpd(8) looks each recipient
up in `local_recipient_maps` first, and answers `550 5.1.1 User unknown in local recipient table`: mail from
elsewhere never gets so far. Only programs on this host that use sendmail(1) reach it.

## Bad
```main.cf luser-relay-never-used@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
luser_relay = office@example.net
mydestination = $myhostname, $mydomain, localhost
```

```main.cf luser-relay-never-used@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
luser_relay = office@example.net
local_recipient_maps = unix:passwd.byname
mydestination = $myhostname, $mydomain, localhost
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
luser_relay = office@example.net
local_recipient_maps =
mydestination = $myhostname, $mydomain, localhost
```

```main.cf
# Nobody but programs on this host can send to it.
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
luser_relay = office@example.net
inet_interfaces = loopback-only
```

## What Postfix says
```witness rcpt-as 192.0.2.7 nobody-is-called-so@example.com bad=2
550 5.1.1 <nobody-is-called-so@example.com>: Recipient address rejected: User unknown in local recipient table
```

## When it is right
Where it is meant for the mail of programs on this host alone.

## References
- postconf(5) luser_relay, local_recipient_maps
- LOCAL_RECIPIENT_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.address_class import LOCAL, Domains, address_entry
from maillint.postfix.listening import NETWORK, is_mail_exchange, reach
from maillint.postfix.table_lookup import FOUND, MISSING, open_table
from maillint.postfix.tables import parse_table
from maillint.postfix.vocabulary import table_types

from .._chain import set_here
from ..restrictions._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_NOBODY = "nobody-is-called-so"
_REWRITING = ("recipient_canonical_maps", "canonical_maps", "virtual_alias_maps")


@rule(severity=WARNING, area="address-classes", parameters=("luser_relay",), when_set=True, complete=True)
def luser_relay_never_used(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("luser_relay")
    if value.setting is None or not value.text or not config.main_view.value("mydestination").text:
        return
    views = [view for view in smtpd_views(config) if is_mail_exchange(view) and reach(view) == NETWORK]
    if not views or not all(map(_refuses_unknown_users, views)):
        return
    maps = views[0].setting("local_recipient_maps")
    yield Finding(
        value.setting.value.location(),
        "mail from elsewhere to unknown users never gets here: smtpd refuses it, as"
        " `local_recipient_maps` does not have them",
        mend="write `local_recipient_maps =` (empty), if all mail for unknown users is to go there",
        parameter="luser_relay",
        related=set_here((maps,)),
        fix=None
        if maps is None or maps.service is not None or not maps.value.text
        else Fix("empty `local_recipient_maps`", (Edit(maps.value.location(), ""),), safe=False),
    )


def _refuses_unknown_users(view: View) -> bool:
    """Whether it is certain that smtpd refuses a local recipient whom no table has."""
    if not view.boolean("smtpd_reject_unlisted_recipient") or view.value("receive_override_options").text:
        return False
    domains = Domains(view)
    nobody = f"{_NOBODY}@{domains.example(LOCAL) or ''}"
    by_default = not view.is_set("local_recipient_maps")
    name = "alias_maps" if by_default else "local_recipient_maps"
    listed = view.items(name) if view.is_set(name) else []
    return (
        (by_default or bool(listed))
        and all(item.known and _has_no_unknown_users(item.text, view) for item in listed)
        and domains.transport(nobody, domains.of(nobody.rpartition("@")[2]))[0] == "local"
        and all(address_entry(view, name, nobody, domains).state == MISSING for name in _REWRITING)
    )


def _has_no_unknown_users(text: str, view: View) -> bool:
    """Whether a table lists users, rather than answering for anybody."""
    types = {table.type for table in parse_table(text, view.configuration.version).walk()}
    indexed = {name for name, known in table_types().items() if known.name == "index"}
    return (
        types <= indexed | {"proxy", "texthash", "unix"}
        and open_table(text, view).find(_NOBODY).state != FOUND
    )
