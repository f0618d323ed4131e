"""A table behind `proxy:` is none of those that proxymap(8) may open.

## What happens
proxymap(8) opens the tables that `proxy_read_maps` lists (`proxy_write_maps` for caches), and no others. The
default names the parameters that usually hold tables, as they stand in main.cf: it knows nothing of
restriction classes, nor of a table that only a `-o` in master.cf names. A program that asks for another table
ends with a fatal error, again and again; since Postfix 3.11 its look-ups fail.

## Bad
```main.cf proxy-map-not-allowed@2 fragment
smtpd_restriction_classes = members_only
members_only = check_sender_access proxy:hash:/etc/postfix/members, reject
```

## Good
```main.cf fragment
smtpd_restriction_classes = members_only
members_only = check_sender_access hash:/etc/postfix/members, reject
virtual_alias_maps = proxy:pgsql:/etc/postfix/virtual.cf
```

## What Postfix says
```witness connect
postfix/proxymap: warning: request for unapproved table: "hash:/etc/postfix/members"
postfix/smtpd: fatal: proxymap service is not configured for table "hash:/etc/postfix/members"
```

## When it is right
Never.

## References
- postconf(5) proxy_read_maps, proxy_write_maps
- proxymap(8)
- Postfix source: proxymap/proxymap.c, global/dict_proxy.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME, Problem, approved_tables, proxied
from maillint.postfix.version import Version

from .._tables import CACHE, PROXIED, is_approved_by_default, named_tables, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_OPENED_DIRECTLY = frozenset({"alias_maps", "mailbox_command_maps", "virtual_gid_maps", "virtual_uid_maps"})
"""Where ``proxy:`` is left aside in silence (DICT_FLAG_NO_PROXY)."""
_NOT_FATAL = Version("3.11")


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", PROXIED))
def proxy_map_not_allowed(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        if not named.item.known or named.parameter in _OPENED_DIRECTLY:
            continue
        if is_approved_by_default(named):
            continue
        for table, name in proxied(named.table):
            kind = "write" if named.use == CACHE else "read"
            approved = _approved(config, kind)
            if approved is None or name in approved or table.problems:
                continue
            parameter = f"proxy_{kind}_maps"
            problem = Problem(BAD_NAME, "", table.start, table.end, not config.version.has(_NOT_FATAL))
            yield refused(
                named,
                problem,
                f"`{parameter}` does not list `proxy:{name}`",
                f"append `proxy:{name}` to `{parameter}`, or leave out `proxy:`",
            )


def _approved(config: Configuration, kind: str) -> frozenset[str] | None:
    service = "proxymap" if kind == "read" else "proxywrite"
    memo = f"approved to {kind}"
    if memo not in config.memo:
        view = config.view(f"{service}/unix") or config.main_view
        own_name = config.main_view.is_set(f"{service}_service_name")
        config.memo[memo] = None if own_name else approved_tables(view, f"proxy_{kind}_maps")
    approved: frozenset[str] | None = config.memo[memo]
    return approved
