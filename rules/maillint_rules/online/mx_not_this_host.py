"""Mail for a domain stays on this host, although the world delivers it elsewhere.

## What happens
A domain in `mydestination`, `virtual_mailbox_domains` or `virtual_alias_domains` is delivered on this host,
whatever its MX record says. When the MX record names another server, where the mailboxes really are, the
mail that this host itself sends to the domain never gets there: contact forms, cron and monitoring write to
`info@example.com`, and it lies in a local mailbox that nobody reads, or comes back as `User unknown`.

Of the host's own domain, on a host that no other server can reach, the rule mydomain-local-on-send-only
says so without asking. On a host that other servers can reach, the MX may be a mail filter that hands the
mail on to it. Then this is advice only, and with a domain in `mydestination` a suspicion.

## Bad
```main.cf mx-not-this-host@4
myhostname = web01.example.com
myorigin = example.com
inet_interfaces = loopback-only
mydestination = localhost, example.org
```

```dns.zone
example.com.      60 TXT "v=spf1 ip4:192.0.2.1 -all"
example.org.      60 MX  10 mail.example.net.
mail.example.net. 60 A   198.51.100.25
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
inet_interfaces = loopback-only
mydestination = localhost
```

```dns.zone
example.com.      60 TXT "v=spf1 ip4:192.0.2.1 -all"
example.org.      60 MX  10 mail.example.net.
mail.example.net. 60 A   198.51.100.25
```

## When it is right
The MX hands the mail on to this host (a filter, a second site), or the domain is being moved and its MX
record has not changed yet.

## References
- postconf(5) mydestination
- RFC 5321, section 5.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import exchange
from maillint.engine.finding import HIGH, INFO, MEDIUM, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.listening import is_send_only

from ._asking import asked, lookup, not_answered
from ._exchanges import HOSTING, ask_exchanges, hosted_domains, place, this_host

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=HOSTING, online=True, complete=True, when_set=True)
def mx_not_this_host(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns, host = lookup(config), this_host(config)
    is_alone = is_send_only(config)
    own = _own_domains(config) if is_alone else frozenset()
    hosted = [listed for listed in hosted_domains(config) if listed.domain not in own]
    ask_exchanges(config, (listed.domain for listed in hosted))
    for listed in hosted:
        found = exchange(dns, listed.domain)
        location = place(config, listed)
        if not found.answer.certain:
            yield not_answered(found.answer, location)
        elif found.hosts:
            here = host.is_among(config, found)
            if here is None:
                reason = (
                    f"mail for {listed.domain} goes to `{found.hosts[0]}`, and whether that is this host is"
                    " not"
                    " known; tell its address with --public-ip ADDRESS"
                )
                yield NotChecked("", reason, str(found.answer.question), location)
            elif not here:
                yield Finding(
                    location,
                    f"`{listed.parameter}` keeps mail for {listed.domain} on this host, but its mail server"
                    " is"
                    f" `{found.hosts[0]}` ({asked(found.answer)}): what this host sends to the domain does"
                    " not"
                    " get to the mailboxes there",
                    mend=f"take `{listed.domain}` out of `{listed.parameter}`; it is right if that server"
                    " hands"
                    " the mail on to this one",
                    severity=WARNING if is_alone or listed.parameter == HOSTING[0] else INFO,
                    confidence=HIGH if is_alone else MEDIUM,
                    parameter=listed.parameter,
                )


def _own_domains(config: Configuration) -> frozenset[str]:
    """Those that the rule mydomain-local-on-send-only is about."""
    texts = (config.main_view.value(name).text for name in ("mydomain", "myorigin"))
    return frozenset(text.lower() for text in texts if text)
