"""The names that stand for something which must exist elsewhere, each with the place where it is written.

Three kinds are found in settings: transports, internal services, and the sockets of other programs. What
exists of each kind is what master.cf has (:func:`defined`). Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.nearest import nearest
from maillint.record import NamedTuple

from . import endpoints, policy_service
from .endpoints import DISABLED_MILTERS, FIRST_WITH_MILTER_OPTIONS, milter_endpoint
from .master import active_services, is_complete, is_transport, readable_services, socket_path

if TYPE_CHECKING:
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Service, Setting

    from .catalogue import Parameter
    from .configuration import Configuration, Value, View

TRANSPORT = "transport"
"""An entry by which mail is delivered: it must be private, and of the type ``unix``."""
SERVICE = "service"
"""An entry that another program asks for something."""
SOCKET = "socket"
"""A UNIX-domain socket that a program connects to."""

_NAMES: dict[str, Callable[[Service], str]] = {
    TRANSPORT: lambda service: service.name if is_transport(service) else "",
    SERVICE: lambda service: service.name,
    SOCKET: lambda service: "" if service.type == "inet" else socket_path(service),
}
"""What an entry of master.cf is called where it is referred to; empty: nobody may refer to it so."""

_MOST_COMPARED = 200
"""With how many names a name that is not there is compared."""

_NAMING = ("_transport", "_service_name", "content_filter")
"""How the parameters end that name a service."""
_UNIX = ("unix:", "local:")


class Reference(NamedTuple):
    """A name, as a value that is set has it."""

    kind: str
    """:data:`TRANSPORT`, :data:`SERVICE` or :data:`SOCKET`."""
    view: View
    """That of the program which needs what is named; of main.cf, where several do."""
    parameter: str
    """The parameter, or restriction class, in which it stands."""
    value: Value
    name: str
    """The name of a service, or the path of a socket, relative to the queue directory or absolute."""
    start: int = 0
    """The offset of the name in the value."""

    @property
    def location(self) -> Location | None:
        """Where it is written; None: in a default."""
        return self.value.location(self.start, self.start + len(self.name))


# --- what there is ---------------------------------------------------------------------------------------


def defined(config: Configuration, kind: str) -> dict[str, Service]:
    """What master.cf has of a kind, by name."""
    known: dict[str, dict[str, Service]] = config.memo.setdefault("defined", {})
    if kind not in known:
        named = ((_NAMES[kind](service), service) for service in readable_services(config))
        known[kind] = {name: service for name, service in named if name}
    return known[kind]


def is_defined(reference: Reference) -> bool | None:
    """Whether what is named exists; None: it cannot be known, as with the socket of another program."""
    config = reference.view.configuration
    if reference.name in defined(config, reference.kind):
        return True
    return None if reference.kind == SOCKET or not is_complete(config) else False


def nearest_defined(reference: Reference, *commands: str) -> str | None:
    """What was probably meant by a name that is not there. *commands*: only services that run one of them."""
    found = defined(reference.view.configuration, reference.kind)
    names = [name for name, service in found.items() if not commands or service.command in commands]
    return nearest(reference.name, names[:_MOST_COMPARED])


# --- services --------------------------------------------------------------------------------------------


def services_named(config: Configuration) -> Iterator[Reference]:
    """The transports and internal services that the settings in force name."""
    for view in config.views:
        for setting in view.options if view.service is not None else config.settings.values():
            parameter = config.parameter(setting.name) if setting.name.endswith(_NAMING) else None
            if parameter is None or parameter.kind not in (TRANSPORT, SERVICE):
                continue
            value = view.value(setting.name)
            name = _service_in(value.text or "", parameter)
            if name:
                yield Reference(parameter.kind, view, setting.name, value, name)


def _service_in(text: str, parameter: Parameter) -> str:
    return endpoints.transport(text).name if parameter.kind == TRANSPORT else text


# --- sockets ---------------------------------------------------------------------------------------------


def sockets(config: Configuration) -> list[Reference]:
    """The UNIX-domain sockets that settings tell the services of master.cf to connect to."""
    known: list[Reference] | None = config.memo.get("sockets")
    if known is None:
        known = config.memo["sockets"] = [*_of_services(config), *_of_next_hops(config)]
    return known


def _of_services(config: Configuration) -> Iterator[Reference]:
    for service in active_services(config):
        view = config.view(service.id)
        if view is None:
            continue
        for parameter, read in _READERS.get(service.command, {}).items():
            value = view.value(parameter) if view.is_set(parameter) else None
            if value is not None and value.text:
                for path, start in read(view, value.text):
                    yield Reference(SOCKET, view, parameter, value, path, start)
        if service.command == "smtpd":
            yield from _policy_servers(view)


def _login_server(view: View, text: str) -> Iterator[tuple[str, int]]:
    """xsasl/xsasl_dovecot_server.c."""
    if view.boolean("smtpd_sasl_auth_enable") and view.value("smtpd_sasl_type").text == "dovecot":
        start = len("unix:") * text.startswith("unix:")
        if not text.startswith("inet:"):
            yield text[start:], start


def _milters(view: View, text: str) -> Iterator[tuple[str, int]]:
    """milter/milter.c."""
    off = {item.text for item in view.items("receive_override_options")}
    if view.daemon == "smtpd" and ("no_milters" in off or text.upper() == DISABLED_MILTERS):
        return
    has_options = view.configuration.version.has(FIRST_WITH_MILTER_OPTIONS)
    for item in view.value(_MILTERS[view.daemon or ""]).items(has_options):
        endpoint = milter_endpoint(item.text)
        if item.known and endpoint.text.startswith(_UNIX):
            path = endpoint.text.partition(":")[2]
            yield path, item.start + endpoint.end - len(path)


def _proxy_filter(_view: View, text: str) -> Iterator[tuple[str, int]]:
    """smtpd/smtpd_proxy.c."""
    if text[:5].lower() == "unix:":
        yield text[5:], 5


def _tls_reports(view: View, text: str) -> Iterator[tuple[str, int]]:
    """smtp/smtp_tlsrpt.c."""
    if view.boolean(f"{view.daemon}_tlsrpt_enable"):
        yield text, 0


_MILTERS = {"smtpd": "smtpd_milters", "cleanup": "non_smtpd_milters"}
_READERS: dict[str, dict[str, Callable[[View, str], Iterator[tuple[str, int]]]]] = {
    "smtpd": {
        "smtpd_sasl_path": _login_server,
        "smtpd_milters": _milters,
        "smtpd_proxy_filter": _proxy_filter,
    },
    "cleanup": {"non_smtpd_milters": _milters},
    "smtp": {"smtp_tlsrpt_socket_name": _tls_reports},
    "lmtp": {"lmtp_tlsrpt_socket_name": _tls_reports},
}
"""By program, the parameters in which sockets stand, and what finds the paths in their text."""


def _policy_servers(view: View) -> Iterator[Reference]:
    if not any("check_policy_service" in setting.value.text for setting in _settings(view)):
        return
    from .restrictions import access_lists

    lists = access_lists(view)
    for found in (*lists.lists.values(), *lists.classes.values()):
        if found.value.setting is None:
            continue
        for word in found.restrictions:
            argument = word.argument
            if word.name != "check_policy_service" or argument is None or not argument.known:
                continue
            endpoint = policy_service.endpoint(argument.text)
            if word.ended_by is None and word.certain and endpoint.text.startswith(_UNIX):
                path = endpoint.text.partition(":")[2]
                start = argument.start + endpoint.end - len(path)
                yield Reference(SOCKET, view, found.name, found.value, path, start)


def _settings(view: View) -> Iterator[Setting]:
    yield from view.options
    yield from view.configuration.settings.values()


def _of_next_hops(config: Configuration) -> Iterator[Reference]:
    """The sockets that lmtp(8) delivers to, as far as settings say so."""
    transports = defined(config, TRANSPORT)
    for reference in services_named(config):
        service = transports.get(reference.name) if reference.kind == TRANSPORT else None
        if service is None or service.command != "lmtp":
            continue
        view = config.view(service.id)
        _, nexthop, start = endpoints.transport(reference.value.text or "")
        if view is not None and nexthop.startswith("unix:"):
            place = start + len("unix:")
            yield reference._replace(kind=SOCKET, view=view, name=nexthop[5:], start=place)
