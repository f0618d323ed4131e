"""The entries of master.cf: their fields as master(8) and as postconf(1) read them, and their arguments as
the program of the service does (master/master_ent.c, postconf/postconf_master.c, master/*_server.c).

What master(8) refuses stops all of Postfix; what a program refuses ends that program whenever it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from . import typed
from .facts import dated_words
from .host_port import PORTS, HostPort, address_family, host_port, is_digits
from .version import Version
from .vocabulary import Program, programs

if TYPE_CHECKING:
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import Service

    from .configuration import Configuration, Item

# --- fields ----------------------------------------------------------------------------------------------

NAME, TYPE, PRIVATE, UNPRIVILEGED, CHROOT, WAKEUP, LIMIT, COMMAND = range(8)
"""The indexes of the fields of an entry."""

FIELDS = ("name", "type", "private", "unprivileged", "chroot", "wakeup", "process limit", "command")
"""What they are called."""

TYPES = ("inet", "unix", "unix-dgram", "fifo", "pass")

_FLAGS = ("y", "n", "-")
_DIGITS = tuple("0123456789")

PATH_LIMIT = 107
"""How long the path of a UNIX-domain socket may be, in bytes (Linux; a few less elsewhere)."""


def refused_field(service: Service) -> int | None:
    """The first field that master(8) refuses by itself, so that it ends; None: it takes all of them."""
    _, type, *flags, wakeup, limit, command = (field.text for field in service.fields)
    accepted = (
        type in TYPES,
        *(flag in _FLAGS for flag in flags),
        *(text == "-" or text.startswith(_DIGITS) for text in (wakeup, limit)),
        command != "-",
    )
    return TYPE + accepted.index(False) if False in accepted else None


def is_private_inet(service: Service) -> bool:
    """Whether it is an ``inet`` service that is private, which master(8) refuses; ``-`` is private, too."""
    return service.type == "inet" and service.fields[PRIVATE].text != "n"


def field_refused_by_postconf(service: Service) -> int | None:
    """The first field that postconf(1) refuses though master(8) takes it; None: there is none."""
    wakeup, limit = (service.fields[index].text for index in (WAKEUP, LIMIT))
    wakeup = wakeup.removesuffix("?")
    if wakeup not in ("", "-") and not is_digits(wakeup):
        return WAKEUP
    return None if limit == "-" or is_digits(limit) else LIMIT


def is_unprivileged(service: Service) -> bool:
    """Whether it runs as ``mail_owner``; ``-`` means so."""
    return service.fields[UNPRIVILEGED].text != "n"


def process_limit(config: Configuration, service: Service) -> int | None:
    """The greatest number of processes, 0 for any; None: not known."""
    text = service.fields[LIMIT].text
    if text == "-":
        return typed.value_of(config.main_view, "default_process_limit")
    found = re.match(r"[0-9]+", text)
    return int(found[0]) if found else None


def socket_path(service: Service) -> str:
    """The socket or FIFO of a service that is not ``inet``, in the queue directory."""
    return f"{'public' if service.fields[PRIVATE].text == 'n' else 'private'}/{service.name}"


# --- inet services ---------------------------------------------------------------------------------------


def endpoint(service: Service) -> HostPort:
    """The name of an ``inet`` service taken apart; an empty host follows ``inet_interfaces``."""
    return host_port(service.name, "", None)


def named_ports(config: Configuration) -> dict[str, int]:
    """The names of ports that master(8) knows by itself, and those that the system is likely to know."""
    known: dict[str, int] | None = config.memo.get("named_ports")
    if known is None:
        known = config.memo["named_ports"] = PORTS | _known_tcp_ports(config)
    return known


def _known_tcp_ports(config: Configuration) -> dict[str, int]:
    own = {}
    if config.parameter("known_tcp_ports") is not None:
        for item in config.main_view.items("known_tcp_ports"):
            *names, port = item.text.split("=")
            own.update({name: int(port) for name in names if is_digits(port)})
    return own


def port_number(config: Configuration, service: Service) -> int | None:
    """The port of an ``inet`` service; None: a name whose number is not known here."""
    port = endpoint(service).port
    return int(port) if is_digits(port) else named_ports(config).get(port)


def disabled_families(config: Configuration) -> frozenset[int]:
    """Which of IPv4 (4) and IPv6 (6) ``inet_protocols`` leaves out; empty when that is not known."""
    value = config.main_view.value("inet_protocols")
    words = value.text.replace(",", " ").split() if value.text is not None else ["all"]
    if "all" in words or not {"ipv4", "ipv6"}.issuperset(words):
        return frozenset()
    return frozenset({4, 6} - {int(word[-1]) for word in words})


def listening_addresses(config: Configuration, service: Service) -> frozenset[str]:
    """The addresses that it is known to listen on; ``all`` for the wildcard addresses."""
    host = endpoint(service).host
    if host:
        texts = [host]
    else:
        texts = [item.text.strip("[]") for item in config.main_view.items("inet_interfaces") if item.known]
    found = set()
    for text in texts:
        if text.lower() == "localhost":
            found.add("127.0.0.1")
        elif text.lower() in ("all", "loopback-only") or address_family(text):
            found.update(_EXPANDED.get(text.lower(), (text.lower(),)))
    return frozenset(found)


_EXPANDED = {"loopback-only": ("127.0.0.1", "::1"), "0.0.0.0": ("all",), "::": ("all",)}


def canonical_id(config: Configuration, service: Service) -> tuple[str, str]:
    """What two entries must not have in common: the type, and where master(8) listens for it.

    For ``inet``, ``smtp`` and ``25`` are the same.
    """
    if service.type != "inet":
        return service.type, socket_path(service)
    port = port_number(config, service)
    return (
        service.type,
        f"[{endpoint(service).host.lower()}]:{endpoint(service).port if port is None else port}",
    )


# --- the entries that count ------------------------------------------------------------------------------


def readable_services(config: Configuration) -> list[Service]:
    """The entries that master(8) can read and ``master_service_disable`` does not turn off."""
    known: list[Service] | None = config.memo.get("readable_services")
    if known is None:
        disabled = config.main_view.items("master_service_disable")
        known = config.memo["readable_services"] = [
            service
            for service in config.services
            if refused_field(service) is None
            and not is_private_inet(service)
            and not _is_disabled(disabled, service)
        ]
    return known


def active_services(config: Configuration) -> Iterator[Service]:
    """The :func:`readable_services`, but of entries with the same name and type the last alone."""
    last = {service.id: service for service in readable_services(config)}
    return iter(last.values())


def _is_disabled(patterns: list[Item], service: Service) -> bool:
    """global/match_service.c; a pattern that is not known may turn off anything."""
    for item in patterns:
        if not item.known:
            return True
        pattern = item.text.lstrip("!")
        candidates = (service.id, f"{service.name}.{service.type}", service.type)
        if pattern.lower() in (candidate.lower() for candidate in candidates):
            return (len(item.text) - len(pattern)) % 2 == 0
    return False


def program(config: Configuration, service: Service) -> Program | None:
    """What runs for the service; None: it is none of Postfix's own programs in this version."""
    found = programs().get(service.command)
    return found if found is not None and found.since.within(config.version) else None


_TYPES_SERVED = {
    "single": ("inet", "unix", "pass"),
    "multi": ("inet", "unix", "pass"),
    "event": ("inet", "unix", "pass"),
    "trigger": ("unix", "fifo", "pass"),
    "dgram": ("unix-dgram",),
}


def types_served(found: Program) -> tuple[str, ...]:
    """The types of services that a program can be used for."""
    return _TYPES_SERVED[found.server]


# --- arguments -------------------------------------------------------------------------------------------

_WITH_VALUE = "imnorst"
_OPTIONS = "cdDilmnosStuvVz"
_OPTIONS_REQUESTING_EXIT = Version("3.4")
"""The release that brought ``-r`` to the skeletons ``single`` and ``event``."""


class Option(NamedTuple):
    """An option such as ``-o name=value``."""

    letter: str
    at: LogicalText
    """The argument with the letter."""
    value: LogicalText | None
    """None: it has none, or it is missing at the end of the entry."""
    arguments: tuple[LogicalText, ...]
    """All arguments of the entry."""
    end: int
    """The index of the argument behind it."""


def takes_option(config: Configuration, found: Program, letter: str) -> bool:
    """Whether a program knows the option, or ends with ``invalid option``."""
    if letter == "r":
        return found.server in ("single", "event") and config.version.has(_OPTIONS_REQUESTING_EXIT)
    return letter in _OPTIONS and not (letter == "S" and found.server == "dgram")


def refuses(config: Configuration, service: Service, argument: str) -> bool:
    """Whether the command ends with a fatal error because of *argument*, which is no option."""
    found = program(config, service)
    attributes = found.attributes(config.version) if found is not None else None
    if attributes is None or "argv" in attributes:
        return False
    name, equals, _ = argument.partition("=")
    return not (equals and name.lower() in attributes)


def getopt(service: Service) -> tuple[list[Option], tuple[LogicalText, ...]]:
    """The options of the entry, and the arguments behind them, as getopt(3) sees them."""
    options, end = _getopt(service.arguments, 0)
    return options, service.arguments[end:]


def _getopt(arguments: tuple[LogicalText, ...], start: int) -> tuple[list[Option], int]:
    """The options from index *start* on, and the index of what stands behind them."""
    options: list[Option] = []
    index = start
    while index < len(arguments):
        at = arguments[index]
        word = at.text
        if len(word) < 2 or word[0] != "-":
            break
        index += 1
        if word == "--":
            break
        for place, letter in enumerate(word[1:], start=1):
            if letter not in _WITH_VALUE:
                options.append(Option(letter, at, None, arguments, index))
                continue
            value = None
            if place + 1 < len(word):
                value = at.slice(place + 1, len(word))
            elif index < len(arguments):
                value = arguments[index]
                index += 1
            options.append(Option(letter, at, value, arguments, index))
            break
    return options, index


def split_arguments(config: Configuration, service: Service) -> Iterator[Option | LogicalText]:
    """The options of the entry, and the words between and behind them that its command refuses.

    What looks like an option behind such a word is read as one: that is how it was meant.
    """
    arguments = service.arguments
    index = 0
    while True:
        options, index = _getopt(arguments, index)
        yield from options
        if index == len(arguments) or not refuses(config, service, arguments[index].text):
            break
        yield arguments[index]
        index += 1
    for word in arguments[index:]:
        if refuses(config, service, word.text):
            yield word


class Attribute(NamedTuple):
    """An attribute such as ``user=vmail`` of pipe(8), spawn(8) or smtp(8)."""

    name: str
    """In lower case, for case does not count; empty: it is no ``name=value``."""
    at: LogicalText
    value: LogicalText


def attributes(service: Service) -> list[Attribute]:
    """The attributes behind the options, up to ``argv=``, behind which the command's own arguments stand."""
    found = []
    for at in getopt(service)[1]:
        name, equals, _ = at.text.partition("=")
        start = len(name) + 1 if equals else 0
        found.append(Attribute(name.lower() if equals else "", at, at.slice(start, len(at.text))))
        if found[-1].name == "argv":
            break
    return found


def command_line(service: Service) -> list[LogicalText]:
    """The command of pipe(8) or spawn(8) and its arguments; empty without ``argv=``."""
    words = list(getopt(service)[1])
    for index, word in enumerate(words):
        if word.text[:5].lower() == "argv=":
            return [word.slice(5, len(word.text)), *words[index + 1 :]]
    return []


_MACROS = dated_words(
    "client_address client_helo client_hostname client_port client_protocol domain envid@3.9 extension"
    " mailbox nexthop original_recipient queue_id@2.11 recipient sasl_method sasl_sender sasl_username sender"
    " size user"
)


def macros(version: Version) -> frozenset[str]:
    """The names that pipe(8) fills in for ``${name}`` in its command; it knows no parameters there."""
    return frozenset(name for name, since in _MACROS.items() if since.within(version))


_MACRO = r"\$(?:\$|(?P<open>[{(])|(?P<name>[A-Za-z0-9_]*))"


class Macro(NamedTuple):
    """A ``$name`` in the command of pipe(8), ``text[start:end]``."""

    name: str
    """Whatever stands in the parentheses: pipe(8) knows no ``${name?text}``."""
    start: int
    end: int
    error: str
    """Why Postfix refuses it whatever its name, in its words; empty: it does not."""


def macros_in(text: str) -> Iterator[Macro]:
    """The macros in an argument, up to the first that cannot be read (util/mac_parse.c)."""
    place = 0
    macro = re.compile(_MACRO)
    while found := macro.search(text, place):
        place = found.end()
        if found["open"]:
            close = _closing(text, found.start("open"))
            if close < 0:
                yield Macro("", found.start(), len(text), "truncated macro reference")
                return
            name, place = text[found.end() : close], close + 1
        elif found["name"] is None:
            continue
        else:
            name = found["name"]
        yield Macro(name, found.start(), place, "" if name else "empty macro name")
        if not name:
            return


def _closing(text: str, start: int) -> int:
    """Where the parenthesis at *start* is closed; -1: nowhere."""
    opening, closing = text[start], {"{": "}", "(": ")"}[text[start]]
    level = 0
    for place in range(start, len(text)):
        level += (text[place] == opening) - (text[place] == closing)
        if level == 0:
            return place
    return -1


# --- services that others need ---------------------------------------------------------------------------

CORE = {
    "cleanup_service_name": "no mail is accepted",
    "queue_service_name": "no mail is delivered",
    "rewrite_service_name": "no mail is accepted or delivered",
    "bounce_service_name": "mail that cannot be delivered stays in the queue, and its sender is not told",
    "defer_service_name": "nothing is written down of mail that is delayed, and its sender is never told",
    "pickup_service_name": "mail from programs on this host is not taken up",
}
"""The parameters that name the services that mail always needs, and what it means that one is missing."""

_MOST_OF_CORE = 4


def core_services(config: Configuration) -> dict[str, str]:
    """The names of the services that mail always needs, as far as known, by parameter of :data:`CORE`."""
    texts = ((parameter, config.main_view.value(parameter).text) for parameter in CORE)
    return {parameter: text for parameter, text in texts if text}


def is_complete(config: Configuration) -> bool:
    """Whether master.cf is known as a whole: it is not a few entries that are put into one.

    Nor does a value that is not known, of ``master_service_disable``, turn services off.
    """
    if config.fragment or config.master is None:
        return False
    if not all(item.known for item in config.main_view.items("master_service_disable")):
        return False
    names = {service.name for service in config.services}
    return sum(name in names for name in core_services(config).values()) >= _MOST_OF_CORE


def is_transport(service: Service) -> bool:
    """Whether mail can be delivered by the service: qmgr(8) connects to ``private/NAME``."""
    return service.type == "unix" and service.fields[PRIVATE].text != "n"
