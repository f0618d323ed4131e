"""Who mail from programs on this host says it is from, and which way it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    from maillint.syntax.tree import Setting

    from .configuration import Configuration, View

    Address = IPv4Address | IPv6Address

DIRECT = "direct"
"""This host delivers to the mail servers of the recipients' domains."""
RELAY = "relay"
"""Another server does; receivers see its address."""
NOWHERE = "nowhere"
"""Mail for other hosts is returned or thrown away."""
UNKNOWN = "unknown"

_DEAD_ENDS = frozenset(("error", "discard", "local", "virtual"))
"""Programs that deliver to no other host."""


_ROUTE_TABLES = (
    "transport_maps",
    "sender_dependent_relayhost_maps",
    "sender_dependent_default_transport_maps",
)

_NOT_PUBLIC = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::/127",
    "fc00::/7",
    "fe80::/10",
)
"""RFC 1918, 1122, 6598, 3927, 4193, 4291."""


class Sender(NamedTuple):
    """The domain in the envelope sender of mail that programs hand to sendmail(1): PHP, cron, monitoring."""

    domain: str | None
    """In lower case; None: not known."""
    unknown: str
    """Why it is not known."""
    steps: tuple[str, ...]
    """What leads to it, for a message, such as ```myorigin = $mydomain```; the deciding step first."""
    settings: tuple[Setting, ...]
    """The same, as far as they stand in a file."""
    parameter: str
    """The parameter that decides."""


class Route(NamedTuple):
    """Where mail for other hosts goes."""

    kind: str
    """DIRECT, RELAY, NOWHERE or UNKNOWN."""
    nexthop: str = ""
    """The relay, as configured."""
    setting: Setting | None = None
    """The setting that says so."""
    reason: str = ""
    """Why it is not known."""


def program_sender(config: Configuration) -> Sender | None:
    """The envelope domain of mail from programs; None when this Postfix takes none from them.

    A sender without a domain, which is what programs give, gets ``@$myorigin``
    (trivial-rewrite/rewrite.c); then the address mappings of cleanup(8) and smtp(8) apply.
    """
    if config.master is not None and not any(view.daemon == "pickup" for view in config.views):
        return None
    origin = _origin(config)
    if origin.domain is None:
        return origin
    mapped = sender_mapping(config)
    if mapped is not None:
        parameter, setting = mapped
        return origin._replace(
            domain=None,
            unknown=f"`{parameter}` may give senders another domain",
            settings=_settings((setting,), origin.settings),
            parameter=parameter,
        )
    return _masqueraded(config, origin)


def _origin(config: Configuration) -> Sender:
    view = _rewrite_view(config)
    value = view.value("myorigin")
    sender = Sender(value.text, value.unknown, *_steps(view, "myorigin"), "myorigin")
    if sender.domain is None:
        return sender
    if not sender.domain:
        return sender._replace(domain=None, unknown="Postfix does not start with an empty `myorigin`")
    if sender.domain.startswith("/"):
        return sender._replace(
            domain=None, unknown=f"Debian's Postfix takes `myorigin` from the file `{sender.domain}`"
        )
    if "." not in sender.domain:
        sender = _completed(view, sender)
    return sender._replace(domain=sender.domain and sender.domain.removesuffix(".").lower())


def _completed(view: View, sender: Sender) -> Sender:
    """*sender* with a domain of one label, after ``append_dot_mydomain``."""
    append = view.boolean("append_dot_mydomain")
    if append is None:
        return sender._replace(domain=None, unknown=view.value("append_dot_mydomain").unknown)
    if not append:
        return sender
    own = view.value("mydomain")
    steps, settings = _steps(view, "mydomain")
    return sender._replace(
        domain=f"{sender.domain}.{own.text}" if own.text is not None else None,
        unknown=own.unknown,
        steps=sender.steps + steps,
        settings=_settings(sender.settings, settings),
    )


def _steps(view: View, name: str) -> tuple[tuple[str, ...], tuple[Setting, ...]]:
    """The settings that lead to the value of *name*, in words and as they are."""
    chain = view.value(name).chain
    texts = [view.raw(name) or "", *(setting.value.text for setting in chain)]
    if not view.is_set("mydomain") and (name == "mydomain" or any("mydomain" in text for text in texts)):
        chain = _settings(chain, (view.setting("myhostname"),))
    steps = [f"`{setting.name} = {setting.value.text}`" for setting in chain]
    if not view.is_set(name):
        steps.insert(0, f"`{name}` not set")
    if not chain and view.configuration.hostname is not None:
        steps.append(f"host name `{view.configuration.hostname}`")
    return tuple(steps), chain


def _settings(*groups: tuple[Setting | None, ...]) -> tuple[Setting, ...]:
    return tuple(dict.fromkeys(setting for group in groups for setting in group if setting is not None))


def sender_mapping(config: Configuration) -> tuple[str, Setting | None] | None:
    """A table that may rewrite envelope senders: its parameter and where that is set."""
    cleanup = _cleanup_view(config)
    candidates = [(_smtp_view(config), "smtp_generic_maps")]
    for maps, classes in (
        ("sender_canonical_maps", "sender_canonical_classes"),
        ("canonical_maps", "canonical_classes"),
    ):
        if any(item.text == "envelope_sender" or not item.known for item in cleanup.items(classes)):
            candidates.append((cleanup, maps))
    for view, maps in candidates:
        if view.value(maps).text != "":
            return maps, view.setting(maps)
    return None


def _masqueraded(config: Configuration, origin: Sender) -> Sender:
    """What ``masquerade_domains`` makes of the domain (cleanup/cleanup_masquerade.c).

    Users in ``masquerade_exceptions`` keep the domain that they have.
    """
    assert origin.domain is not None
    view = _cleanup_view(config)
    items = view.items("masquerade_domains")
    if not items or not any(item.text == "envelope_sender" for item in view.items("masquerade_classes")):
        return origin
    setting = view.setting("masquerade_domains")
    if not all(item.known for item in items):
        return origin._replace(
            domain=None,
            unknown=view.value("masquerade_domains").unknown,
            settings=_settings((setting,), origin.settings),
            parameter="masquerade_domains",
        )
    for item in items:
        bare = item.text.lstrip("!").lower()
        if not bare:
            continue
        if bare == origin.domain:
            break
        if origin.domain.endswith(f".{bare}"):
            if (len(item.text) - len(bare)) % 2:
                break
            steps, settings = _steps(view, "masquerade_domains")
            return origin._replace(
                domain=bare,
                steps=steps + origin.steps,
                settings=_settings(settings, origin.settings),
                parameter="masquerade_domains",
            )
    return origin


def default_route(config: Configuration) -> Route:
    """The way of mail for hosts that no table of the configuration names (trivial-rewrite/resolve.c)."""
    view = _rewrite_view(config)
    transport = view.value("default_transport")
    relayhost = view.value("relayhost")
    for name, value in (("default_transport", transport), ("relayhost", relayhost)):
        if value.text is None:
            return Route(UNKNOWN, setting=value.setting, reason=f"`{name}`: {value.unknown}")
    assert transport.text is not None and relayhost.text is not None
    program = _program(config, transport.text)
    nexthop = transport.text.partition(":")[2]
    if program == "smtp" and nexthop:
        return Route(RELAY, nexthop, transport.setting)
    if program == "smtp" and relayhost.text:
        return Route(RELAY, relayhost.text, relayhost.setting)
    for name in (
        "transport_maps",
        "sender_dependent_relayhost_maps",
        "sender_dependent_default_transport_maps",
    ):
        if view.value(name).text != "":
            return Route(UNKNOWN, setting=view.setting(name), reason=f"`{name}` may send it through a relay")
    if program in _DEAD_ENDS:
        return Route(NOWHERE, setting=transport.setting)
    if program != "smtp":
        return Route(
            UNKNOWN, setting=transport.setting, reason=f"`default_transport` hands it to `{transport.text}`"
        )
    return Route(DIRECT)


def source_addresses(config: Configuration) -> tuple[str, ...]:
    """The public addresses that smtp(8) is told to send from, as far as the configuration says so.

    A bind address, else the one address of a family that ``inet_interfaces`` names
    (smtp/smtp_connect.c). Private addresses, which a translating router replaces, are left out.
    """
    view = _smtp_view(config)
    protocols = {item.text.lower() for item in view.items("inet_protocols")}
    interfaces = [address for item in view.items("inet_interfaces") if (address := _address(item.text))]
    addresses: list[str] = []
    for version, name in ((4, "smtp_bind_address"), (6, "smtp_bind_address6")):
        if protocols.isdisjoint(("all", f"ipv{version}")):
            continue
        bound = _address(view.value(name).text or "")
        listening = [address for address in interfaces if address.version == version]
        if bound is None and len(listening) == 1:
            bound = listening[0]
        if bound is not None and bound.version == version and _is_public(bound):
            addresses.append(str(bound))
    return tuple(addresses)


def signers(config: Configuration) -> tuple[str, ...]:
    """The parameters that pass mail from programs through software that may sign it (DKIM)."""
    places = (
        (_cleanup_view(config), "non_smtpd_milters"),
        (_pickup_view(config), "content_filter"),
    )
    return tuple(name for view, name in places if view.value(name).text != "")


def _address(text: str) -> Address | None:
    from ipaddress import ip_address

    try:
        return ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    """Whether the Internet sees mail come from *address*.

    Not ``is_global``, which counts the addresses for documentation as private, and by those
    the examples of this project mean public ones.
    """
    from ipaddress import ip_network

    return not any(address in ip_network(network) for network in _NOT_PUBLIC)


def _rewrite_view(config: Configuration) -> View:
    """What trivial-rewrite(8) sees, which completes and resolves all addresses."""
    return _service_view(config, config.main_view.value("rewrite_service_name").text, "trivial-rewrite")


def _cleanup_view(config: Configuration) -> View:
    """What the cleanup(8) sees that gets the mail of pickup(8)."""
    return _service_view(config, _pickup_view(config).value("cleanup_service_name").text, "cleanup")


def _pickup_view(config: Configuration) -> View:
    return next((view for view in config.views if view.daemon == "pickup"), config.main_view)


def _smtp_view(config: Configuration) -> View:
    """What the client sees that delivers mail by default."""
    transport = _rewrite_view(config).value("default_transport").text or "smtp"
    return _service_view(config, transport.partition(":")[0], "smtp")


def _service_view(config: Configuration, name: str | None, program: str) -> View:
    view = config.view(f"{name}/unix")
    return view if view is not None and view.daemon == program else config.main_view


def _program(config: Configuration, transport: str) -> str:
    """The program that delivers for *transport*, ``name`` or ``name:nexthop``."""
    name = transport.partition(":")[0]
    view = config.view(f"{name}/unix")
    if view is not None and view.daemon is not None:
        return view.daemon
    return "smtp" if name == "relay" else name
