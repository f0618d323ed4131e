"""OpenDKIM takes clients that may relay here for strangers, and does not sign their mail.

## What happens
OpenDKIM signs mail of users who have logged in, and of the hosts in `InternalHosts`; from all others it only
verifies. Unset, these are 127.0.0.1 and ::1. Once it is set, they must stand in it, too: without 127.0.0.1
the mail of programs on the host itself leaves unsigned. The networks of `mynetworks`, which may send through
this host without a login, belong there as well.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf internal-hosts-incomplete@4
Domain         example.com
Selector       mail
KeyFile        /etc/dkimkeys/mail.private
InternalHosts  192.0.2.10
Socket         local:/var/spool/postfix/opendkim/opendkim.sock
```

### A network
```main.cf internal-hosts-incomplete@4
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128, 10.1.0.0/16
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf
Domain         example.com
Selector       mail
KeyFile        /etc/dkimkeys/mail.private
Socket         local:/var/spool/postfix/opendkim/opendkim.sock
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128, 10.1.0.0/16
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf
Domain         example.com
Selector       mail
KeyFile        /etc/dkimkeys/mail.private
InternalHosts  refile:/etc/opendkim/trusted.hosts
Socket         local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendkim/trusted.hosts
127.0.0.1
::1
10.1.0.0/16
```

## When it is right
Where the hosts of the network sign their mail themselves, or send under domains that are signed elsewhere.

## References
- opendkim.conf(5) InternalHosts, PeerList; postconf(5) mynetworks
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS, SMTPD

from ._around import AROUND, OPENDKIM, confidence
from ._milters import asks

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.milter_programs import OpenDkim

    Network = IPv4Network | IPv6Network

_OWN = "127.0.0.1"
_OWN_NAME = "localhost"
"""What Postfix tells a milter of the client where a program hands mail in (cleanup/cleanup_milter.c)."""
_BY_DEFAULT = (_OWN, "::1")
_NETWORKS = "mynetworks"


@rule(
    severity=WARNING,
    area="neighbours",
    parameters=(SMTPD, OTHERS),
    when_set=True,
    complete=True,
    noted=(AROUND, OPENDKIM),
)
def internal_hosts_incomplete(config: Configuration) -> Iterator[Finding]:
    opendkim = config.neighbours.opendkim
    if opendkim is None or not opendkim.signs or opendkim.entry("macrolist") or opendkim.entry("mta"):
        return
    asked = {one.parameter for one in asks(config, OPENDKIM)}
    internal = _internal(opendkim)
    if internal is None:
        return
    networks, names = internal
    entry = opendkim.entry("internalhosts")
    own = _network(_OWN)
    is_own_known = _OWN_NAME in names or (own is not None and _covers(networks, own))
    if OTHERS in asked and entry is not None and not is_own_known:
        yield Finding(
            entry.value.location(),
            f"`InternalHosts` lacks `{_OWN}`, so OpenDKIM does not sign the mail of programs on this host",
            mend=f"add `{_OWN}` and `::1`",
            confidence=confidence(config),
            parameter=OTHERS,
        )
    if SMTPD not in asked or set(names) - {_OWN_NAME}:
        return  # A name may be that of any client.
    value = config.main_view.value(_NETWORKS)
    for item in config.main_view.items(_NETWORKS):
        network = _network(item.text) if item.known and value.setting is not None else None
        if network is None or _is_of_host(network) or _covers(networks, network) or item.location is None:
            continue
        yield Finding(
            item.location,
            f"OpenDKIM does not know `{item.text}` as internal, so mail from there is not signed",
            mend="add it to `InternalHosts` of OpenDKIM"
            + ("" if entry is not None else ", with `127.0.0.1` and `::1`"),
            confidence=MEDIUM,
            parameter=_NETWORKS,
            related=(Related(entry.value.location(), "here are OpenDKIM's internal hosts"),) if entry else (),
        )


def _internal(opendkim: OpenDkim) -> tuple[list[Network], list[str]] | None:
    """The networks whose mail is signed, and the names of hosts and domains; None: not known."""
    if opendkim.text("internalhosts") == "":
        return [network for network in map(_network, _BY_DEFAULT) if network is not None], []
    hosts = [host.name for host in opendkim.internal_hosts or ()]
    if opendkim.internal_hosts is None or any(host.startswith("!") for host in hosts):
        return None
    networks = {host: _network(host) for host in hosts}
    return (
        [network for network in networks.values() if network is not None],
        [host for host, network in networks.items() if network is None],
    )


def _network(text: str) -> Network | None:
    from ipaddress import ip_network

    try:
        return ip_network(text.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None


def _is_of_host(network: Network) -> bool:
    """Whether it is the host itself, or those that may have any such address beside it."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return network.is_loopback or network.is_link_local or (mapped is not None and mapped.is_loopback)


def _covers(known: list[Network], network: Network) -> bool:
    return any(
        one.version == network.version and network.subnet_of(one)  # type: ignore[arg-type]
        for one in known
    )
