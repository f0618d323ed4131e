"""Mail from programs leaves with a sender domain that nobody chose.

## What happens
Programs such as PHP's `mail()`, cron and monitoring name a sender without a domain, or none at all. Postfix
completes it with `myorigin`; unset, that is `$myhostname`, and without `myhostname` what the operating
system calls the machine. Mail then leaves as `nginx@web01.example.com`, and that domain is the one whose
SPF record receivers look up. The record of `example.com` says nothing about `web01.example.com`, so they
find none: Gmail refuses such mail with `550-5.7.26 This message does not have authentication information
or fails to pass authentication checks`, others put it into the spam folder. Bounces and replies go to the
host too, which on a send-only host means that nobody gets them.

On a host that receives mail, or that hands all its mail to a relay, the default may be meant, and the finding
is advice.

## Bad
```main.cf myorigin-unset@1
myhostname = web01.example.com
inet_interfaces = loopback-only
```

```main.cf myorigin-unset@1 myhostname-unset@1
inet_interfaces = loopback-only
```

```main.cf myorigin-unset@1
myhostname = mail.example.com
mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
```

```main.cf
myhostname = web01.example.com
inet_interfaces = loopback-only
sender_canonical_maps = inline:{ { nginx@web01.example.com = website@example.com } }
```

```main.cf
# The host is called as its mail domain.
myhostname = example.com
mydomain = example.com
inet_interfaces = loopback-only
```

## When it is right
Where the host's own name is the mail domain and has an SPF record of its own; then say so with
`myorigin = $myhostname`. Where every program names a full sender, as PHP does with
`sendmail_path = /usr/sbin/sendmail -t -i -f website@example.com`; mail from cron still has none.

## References
- postconf(5) myorigin
- BASIC_CONFIGURATION_README, "What domain name to use in outbound mail"
- RFC 7208, section 2.4; Google, "Email sender guidelines"
- Postfix source: trivial-rewrite/rewrite.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, INFO, LOW, MEDIUM, WARNING, Finding, Fix
from maillint.engine.places import absent_location
from maillint.engine.rule import rule
from maillint.postfix.listening import is_send_only
from maillint.postfix.sender import NOWHERE, RELAY, default_route, program_sender, sender_mapping
from maillint.postfix.typed import is_hostname

from .._chain import set_here
from .._domains import NO_ORIGIN, is_good_name, is_qualified, may_be_registered
from .._edits import lines_below
from ._names import delivers_directly

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_HOSTED = ("virtual_mailbox_domains", "virtual_alias_domains", "relay_domains")


@rule(
    severity=WARNING,
    area="identity",
    parameters=("myorigin",),
    complete=True,
    noted=("maillint_rules._domains", NO_ORIGIN),
)
def myorigin_unset(config: Configuration) -> Iterator[Finding]:
    if config.main is None or any(view.is_set("myorigin") for view in config.views):
        return
    if _is_meant(config) or not _name_is_judged_here(config):
        return
    sender = program_sender(config)
    route = default_route(config)
    if sender is None or sender.parameter != "myorigin" or route.kind == NOWHERE:
        return
    send_only = is_send_only(config)
    if not send_only and not _is_mail_host_of_its_domain(config):
        return
    named = config.main_view.setting("myhostname")
    location = named.value.location() if named is not None else absent_location(config)
    yield Finding(
        location,
        f"{_leaves(config, sender.domain)}; {_consequence(config, sender.domain)}",
        mend=_mend(config),
        severity=WARNING if send_only and route.kind != RELAY else INFO,
        confidence=_confidence(config, sender.domain),
        parameter="myorigin",
        related=set_here((*sender.settings, route.setting), but=location),
        fix=_fix(config),
    )


def _confidence(config: Configuration, domain: str | None) -> str:
    """The less is known of the host's name and way to the receivers, the lower."""
    if domain is None:
        return MEDIUM if is_send_only(config) else LOW
    return HIGH if is_send_only(config) and delivers_directly(config) else MEDIUM


def _is_meant(config: Configuration) -> bool:
    """Whether something else gives mail its sender domain, or the host's own name is that."""
    if sender_mapping(config) is not None or config.main_view.value("masquerade_domains").text != "":
        return True
    name = config.main_view.value("myhostname").text
    return name is not None and (
        may_be_registered(name) or name.lower() == (config.main_view.value("mydomain").text or "").lower()
    )


def _name_is_judged_here(config: Configuration) -> bool:
    """Whether the name of the host, where it is set, is a name, and on a host that receives a good one.

    What else is wrong with it has its own rules, and is the cause that counts.
    """
    if not config.main_view.is_set("myhostname"):
        return True
    name = config.main_view.value("myhostname").text
    return name is not None and is_hostname(name) and (is_send_only(config) or is_good_name(name))


def _is_mail_host_of_its_domain(config: Configuration) -> bool:
    """Whether a host that receives mail has a domain of which its programs' mail should be.

    One that hosts other domains only is called as it likes, and its own mail comes back to it.
    """
    view = config.main_view
    receives_own = view.value("mydomain").text in {item.text for item in view.items("mydestination")}
    return receives_own or not any(view.is_set(name) and view.raw(name) for name in _HOSTED)


def _leaves(config: Configuration, domain: str | None) -> str:
    if domain is not None:
        return (
            f"mail from programs leaves as `user@{domain}`,"
            " because `myorigin` is not set and stands for `$myhostname`"
        )
    return (
        "mail from programs leaves as `user@` and whatever the operating system calls the machine,"
        " because neither `myorigin` nor `myhostname` is set"
    )


def _consequence(config: Configuration, domain: str | None) -> str:
    name = f"`{domain}`" if domain is not None else "that name"
    if not is_send_only(config):
        return f"replies and bounces go to {name}, and so does the SPF check of receivers"
    if default_route(config).kind == RELAY:
        return (
            f"the relay may refuse it, and receivers look for an SPF record of {name},"
            " which a host seldom has"
        )
    return (
        f"receivers look for an SPF record of {name}, not of your mail domain, and refuse mail"
        " that has none (Gmail: 550-5.7.26)"
    )


def _mend(config: Configuration) -> str:
    domain = config.main_view.value("mydomain").text
    if domain is not None and is_qualified(domain):
        return (
            f"write `myorigin = $mydomain` (`{domain}`), or another domain whose SPF record names this host;"
            " `myorigin = $myhostname` says that the name of the host is meant"
        )
    return (
        "write `myorigin = example.com` with the domain that your mail is from, and name this host in the"
        " SPF record of that domain"
    )


def _fix(config: Configuration) -> Fix | None:
    domain = config.main_view.value("mydomain").text
    named = config.main_view.setting("myhostname")
    if named is None or named.service is not None or domain is None or not is_qualified(domain):
        return None
    edit = lines_below(named, "myorigin = $mydomain\n")
    return Fix("send mail as `user@$mydomain`", (edit,), safe=False)
