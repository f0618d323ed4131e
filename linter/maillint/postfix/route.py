"""Which way mail for other hosts leaves this one: next hop, client, greeting and source address.

The readings are those of trivial-rewrite/resolve.c and smtp/smtp_connect.c. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback, is_public, packed, printed
from maillint.record import NamedTuple

from .services import delivering_program, rewriting_view, service_view

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    from .configuration import Configuration, View

    _Chosen = tuple[str | None, Setting | None]
    """A value, None where it is not known, and the setting that gives it."""

DIRECT = "direct"
"""This host delivers to the mail servers of the recipients' domains."""
RELAY = "relay"
"""Another server does; receivers see its address."""
NOWHERE = "nowhere"
"""Mail for other hosts is returned or thrown away."""
UNKNOWN = "unknown"

GIVEN = "given"
"""The user says so."""
BOUND = "bound"
"""``smtp_bind_address`` or ``smtp_bind_address6``."""
INTERFACE = "interface"
"""The only address of its family in ``inet_interfaces``, which the client binds to as well."""
LISTED = "listed"
"""One of several addresses in ``inet_interfaces``: a guess."""
NAMED = "named"
"""What the DNS has for the name in the greeting: a guess."""

SURE = frozenset((GIVEN, BOUND, INTERFACE))

_BY_SENDER_TRANSPORT = "sender_dependent_default_transport_maps"
_BY_SENDER_RELAY = "sender_dependent_relayhost_maps"

_DEAD_ENDS = frozenset(("error", "retry", "discard", "local", "virtual"))
"""Programs that deliver to no other host."""


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
    transport: str = "smtp"
    """The service in master.cf that delivers."""


class Greeting(NamedTuple):
    """The name that the client gives in HELO and EHLO."""

    name: str | None
    """In lower case; None: not known."""
    unknown: str
    steps: tuple[str, ...]
    """What leads to it, for a message; the deciding step first."""
    settings: tuple[Setting, ...]


class Source(NamedTuple):
    """An address that mail leaves from."""

    address: str
    how: str
    """GIVEN, BOUND, INTERFACE, LISTED or NAMED."""
    setting: Setting | None = None

    @property
    def is_sure(self) -> bool:
        """False: it is a guess."""
        return self.how in SURE

    @property
    def is_private(self) -> bool:
        """Whether a router replaces it by another one before the Internet sees it (NAT)."""
        return not is_public(self.address)

    @property
    def family(self) -> int:
        return _family(self.address)

    @property
    def because(self) -> str:
        """How it is known, for a message."""
        name = f"`{self.setting.name}`" if self.setting is not None else ""
        return {
            GIVEN: "--public-ip",
            BOUND: name,
            INTERFACE: f"the one IPv{self.family} address in `inet_interfaces`",
            LISTED: "a guess: `inet_interfaces` lists it",
            NAMED: "a guess: the DNS has it for the name in the greeting",
        }[self.how]


def default_route(config: Configuration) -> Route:
    """The way of mail for hosts that no table of the configuration names."""
    view = rewriting_view(config.main_view)
    by_sender = [name for name in (_BY_SENDER_TRANSPORT, _BY_SENDER_RELAY) if view.value(name).text != ""]
    return _route(
        view,
        (view.value("default_transport").text, view.setting("default_transport")),
        (view.value("relayhost").text, view.setting("relayhost")),
        by_sender,
    )


def route_of(config: Configuration, domain: str) -> Route:
    """The same for mail from senders in *domain*, as far as that can be told from the domain alone."""
    view = rewriting_view(config.main_view)
    transport, transport_open = _by_sender(view, _BY_SENDER_TRANSPORT, "default_transport", domain)
    relay, relay_open = _by_sender(view, _BY_SENDER_RELAY, "relayhost", domain)
    return _route(view, transport, relay, [*transport_open, *relay_open])


def _route(view: View, transport: _Chosen, relay: _Chosen, by_sender: list[str]) -> Route:
    """*by_sender*: the parameters that may send it another way, depending on the sender."""
    for name, (text, setting) in (("default_transport", transport), ("relayhost", relay)):
        if text is None:
            return Route(UNKNOWN, setting=setting, reason=f"`{name}`: {view.value(name).unknown}")
    chosen = transport[0] or ""
    name, _, nexthop = chosen.partition(":")
    program = delivering_program(view.configuration, name)
    if program == "smtp" and nexthop:
        return Route(RELAY, nexthop, transport[1], transport=name)
    if program == "smtp" and relay[0]:
        return Route(RELAY, relay[0], relay[1], transport=name)
    for parameter in (*(() if _spares_the_rest(view) else ("transport_maps",)), *by_sender):
        reason = f"`{parameter}` may send it through a relay"
        return Route(UNKNOWN, setting=view.setting(parameter), reason=reason, transport=name)
    if program in _DEAD_ENDS:
        return Route(NOWHERE, setting=transport[1], transport=name)
    if program != "smtp":
        reason = f"`default_transport` hands it to `{chosen}`"
        return Route(UNKNOWN, setting=transport[1], reason=reason, transport=name)
    return Route(DIRECT, transport=name)


def _by_sender(view: View, parameter: str, otherwise: str, domain: str) -> tuple[_Chosen, list[str]]:
    """What the tables in *parameter* have for ``@domain``, else the value of *otherwise*.

    The names behind it are those of the parameters that leave it open.
    """
    from .table_lookup import FOUND, MISSING, open_table

    default = view.value(otherwise).text, view.setting(otherwise)
    for item in view.items(parameter):
        table = open_table(item.text, view)
        found = table.find(f"@{domain}")
        if found.state == MISSING and table.is_fixed:
            continue
        if found.state != FOUND or not table.is_fixed:
            return default, [parameter]
        if found.value.upper() == "DUNNO":
            break
        return (found.value, view.setting(parameter)), []
    return default, []


def _spares_the_rest(view: View) -> bool:
    """Whether it is certain that ``transport_maps`` says nothing of domains that it does not name."""
    maps = view.value("transport_maps")
    if maps.text == "":
        return True
    from .table_lookup import MISSING, open_table

    tables = [open_table(item.text, view) for item in view.items("transport_maps")]
    return maps.text is not None and all(
        table.is_known and table.is_fixed and table.find("*").state == MISSING for table in tables
    )


def greeting(client: View) -> Greeting:
    """What the client of this view calls itself (``smtp_helo_name``)."""
    value = client.value("smtp_helo_name")
    steps, settings = steps_to(client, "smtp_helo_name")
    name = value.text.removesuffix(".").lower() if value.text else None
    return Greeting(name, value.unknown or ("" if name else "it is empty"), steps, settings)


def sources(config: Configuration, client: View) -> tuple[Source, ...]:
    """The addresses that the client of this view sends from, as far as anybody says so.

    What the user gives stands for everything else. Without it, a bind address counts, else the one address
    of a family that ``inet_interfaces`` names. Families that ``inet_protocols`` excludes have none.
    """
    versions = families(client)
    if config.public_addresses:
        given = [Source(address, GIVEN) for address in config.public_addresses]
        return tuple(source for source in given if source.family in versions)
    return tuple(source for family in versions for source in _of_family(client, family))


def families(client: View) -> tuple[int, ...]:
    """The versions of IP, 4 and 6, that the client of this view sends over."""
    protocols = {item.text.lower() for item in client.items("inet_protocols")}
    return tuple(family for family in (4, 6) if protocols & {"all", f"ipv{family}"})


def _of_family(client: View, family: int) -> Iterator[Source]:
    name = {4: "smtp_bind_address", 6: "smtp_bind_address6"}[family]
    bound = _address(client.value(name).text or "")
    if bound is not None and _family(bound) == family:
        yield Source(bound, BOUND, client.setting(name))
        return
    setting = client.setting("inet_interfaces")
    items = client.items("inet_interfaces")
    listed = [found for item in items if (found := _address(item.text)) and _family(found) == family]
    usable = [found for found in dict.fromkeys(listed) if not is_loopback(found)]
    others = [item.text for item in items if _address(item.text) is None]
    # A name may stand for one more address, which only the host knows.
    is_only = len(listed) == 1 and not others
    for found in usable:
        yield Source(found, INTERFACE if is_only else LISTED, setting)


def _address(text: str) -> str | None:
    """The address in *text*, with or without brackets, as it is usually written; None: there is none."""
    found = packed(text.removeprefix("[").removesuffix("]"))
    return printed(found) if found is not None else None


def _family(address: str) -> int:
    return 6 if ":" in address else 4


def client_view(config: Configuration, route: Route) -> View:
    """What the smtp(8) client sees that takes this way."""
    return service_view(config, route.transport, "smtp")


def steps_to(view: View, name: str) -> tuple[tuple[str, ...], tuple[Setting, ...]]:
    """The settings that lead to the value of *name*, in words and as they are."""
    chain = view.value(name).chain
    texts = [view.raw(name) or "", *(setting.value.text for setting in chain)]
    if not view.is_set("mydomain") and (name == "mydomain" or any("mydomain" in text for text in texts)):
        chain = joined(chain, (view.setting("myhostname"),))
    steps = [f"`{setting.name} = {setting.value.text}`" for setting in chain]
    if not view.is_set(name):
        steps.insert(0, f"`{name}` not set")
    if not chain and view.configuration.hostname is not None:
        steps.append(f"host name `{view.configuration.hostname}`")
    return tuple(steps), chain


def joined(*groups: Iterable[Setting | None]) -> tuple[Setting, ...]:
    """The settings in all *groups*, each once."""
    return tuple(dict.fromkeys(setting for group in groups for setting in group if setting is not None))
