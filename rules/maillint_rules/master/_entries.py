"""What looks odd in the entries of master.cf, so that only the rules that can say something are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.chroot import is_chrooted, needs_whole_system
from maillint.postfix.host_port import is_digits
from maillint.postfix.master import (
    PATH_LIMIT,
    Option,
    attributes,
    canonical_id,
    command_line,
    core_services,
    endpoint,
    field_refused_by_postconf,
    is_private_inet,
    is_unprivileged,
    macros,
    macros_in,
    named_ports,
    port_number,
    process_limit,
    program,
    readable_services,
    refused_field,
    socket_path,
    split_arguments,
    types_served,
)
from maillint.postfix.references import (
    SERVICE,
    Reference,
    is_defined,
    nearest_defined,
    services_named,
    sockets,
)
from maillint.syntax.tree import Malformed

from .._arguments import has_spaces_around_equals, override_problem, unbalanced
from .._programs import EVERY
from ._ports import WRAPPERMODE, servers_on
from ._recipients import FOR_ONE_RECIPIENT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service, Setting

COLUMN_1 = "column-1"
"""Some entry begins like an option."""
COMMENTS = "comments"
"""There is a comment, or what looks like one, in some entry."""
ODD_FIELD = "odd-field"
"""Some field is refused."""
REPEATED = "repeated"
"""Two entries are for one service."""
UNKNOWN_PROGRAM = "unknown-program"
PRIVILEGES = "privileges"
"""Some program has other privileges than it needs."""
CHROOTED = "chrooted"
"""Some program runs in a chroot that cannot."""
PLAIN_465 = "plain-465"
"""Some smtpd on port 465 does not begin with TLS."""
WRAPPED = "wrapped"
"""Some smtpd on port 25 or 587 begins with TLS."""
WRONG_TYPE = "wrong-type"
"""Some program does not serve services of that type."""
WRONG_LIMIT = "wrong-limit"
"""Some program does not accept the number of processes."""
BAD_ENDPOINT = "bad-endpoint"
UNKNOWN_PORT = "unknown-port"
OWN_HOST = "own-host"
"""Some inet service names the address that it listens on."""
SHARED_PORT = "shared-port"
"""Two inet services have the same port."""
ODD_NAME = "odd-name"
"""The name of some service is no good for a socket."""
RENAMED_ERROR = "renamed-error"
"""Some service of error(8) has a name of its own."""
UNREAD = "unread"
"""Some ``-o`` is for another program."""
OPTIONS = "options"
"""Some entry has options other than ``-o``."""
TORN = "torn"
"""The value of some ``-o`` stands in the arguments behind it."""
MALFORMED = "malformed"
"""Some ``-o``, or some group in braces, is malformed."""
UNEXPECTED = "unexpected"
"""Some entry has arguments that its command refuses."""
BAD_ATTRIBUTE = "bad-attribute"
"""Some entry has an attribute that its program may not know, or not with such a value."""
NO_ATTRIBUTE = "no-attribute"
"""Some entry lacks the user, or the command, that its program must be told."""
FOR_ONE = "for-one"
"""Some program is told to name the recipient in the message."""
TO_ONE = "to-one"
"""Some command has the option ``-d``, behind which one address may stand."""
PRIVILEGED = "privileged"
"""Some command may run with the rights of root, or of Postfix itself."""
UNKNOWN_MACRO = "unknown-macro"
"""Some command of pipe(8) has a ``$name`` that it cannot fill in."""
MISSING = "missing"
"""A service that mail always needs, or TLS, is not there."""
UNSERVED = "unserved"
"""Some setting names a service that cannot serve it."""
NO_SOCKET = "no-socket"
"""Some socket has nearly the name of one that master.cf has."""
NOWHERE = "nowhere"
"""There is no address, or no protocol, to listen with."""

NEEDED = frozenset(("user", "argv"))
"""The attributes without which pipe(8) and spawn(8) stop."""

_ERRORS = ("error", "retry")
_PORTS = 1 << 16


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module, and the programs that master.cf runs."""
    if config.master is None:
        return frozenset()
    words = set(_of_all(config))
    broken = (node.text.text for node in config.master.nodes if isinstance(node, Malformed))
    if any(text.startswith("-") for text in broken):
        words.add(COLUMN_1)
    for service in config.services:
        words.update(_of_entry(config, service))
    return frozenset(words)


def unserved(config: Configuration) -> Iterator[Reference]:
    """The settings that name a service that master.cf does not have, or not for this purpose."""
    for reference in services_named(config):
        if is_defined(reference) is False and (reference.kind != SERVICE or _is_asked_for(config, reference)):
            yield reference


def _is_asked_for(config: Configuration, reference: Reference) -> bool:
    """Whether some program here asks for the internal service by this name, an unusual one.

    That the service of the usual name is not there has its own rules, which know who needs it.
    """
    parameter = config.parameter(reference.parameter)
    assert parameter is not None
    if reference.name == parameter.default:
        return False
    views = config.views if reference.view.service is None else (reference.view,)
    return "*" in parameter.read_by or any(view.daemon in parameter.read_by for view in views)


def unread_options(config: Configuration, service: Service) -> Iterator[Setting]:
    """The ``-o`` in force that the program does not read, nor anything else in its place.

    Those that say what counts anyway are left out.
    """
    view = config.view(service.id)
    if not service.options or view is None or program(config, service) is None:
        return
    for setting in view.options:
        parameter = config.parameter(setting.name)
        if parameter is None or not parameter.read_by.isdisjoint((EVERY, service.command)):
            continue
        usual = config.main_view.value(setting.name).text if config.main is not None else None
        if view.value(setting.name).text != usual and not _is_referred_to(config, service, setting.name):
            yield setting


def _is_referred_to(config: Configuration, service: Service, name: str) -> bool:
    """Whether ``$name`` may stand in what the program reads."""
    texts = [setting.value.text for setting in (*config.settings.values(), *service.options)]
    texts += [argument.text for argument in service.arguments]
    return any(mark + name in text for text in texts for mark in ("$", "{", "("))


def _of_all(config: Configuration) -> Iterator[str]:
    services = readable_services(config)
    if len({canonical_id(config, service) for service in services}) < len(services):
        yield REPEATED
    ports = [port_number(config, service) for service in services if service.type == "inet"]
    if len(set(ports)) < len(ports):
        yield SHARED_PORT
    names = {service.name for service in services}
    view = config.main_view
    if not names.issuperset([*core_services(config).values(), view.value("tlsmgr_service_name").text or ""]):
        yield MISSING
    if next(unserved(config), None) is not None:
        yield UNSERVED
    if any(not is_defined(socket) and nearest_defined(socket, "spawn") for socket in sockets(config)):
        yield NO_SOCKET
    if any(server.boolean(WRAPPERMODE) is False for server in servers_on(config, 465)):
        yield PLAIN_465
    if any(server.boolean(WRAPPERMODE) for server in servers_on(config, 25, 587)):
        yield WRAPPED
    for name in ("inet_interfaces", "inet_protocols"):
        text = view.value(name).text
        if text is not None and not text.replace(",", " ").strip():
            yield NOWHERE


def _of_entry(config: Configuration, service: Service) -> Iterator[str]:
    if service.name.startswith("-"):
        yield COLUMN_1
    if "#" in service.location.text:
        yield COMMENTS
    refused = (refused_field(service), field_refused_by_postconf(service))
    if refused != (None, None) or is_private_inet(service):
        yield ODD_FIELD
    yield from _of_program(config, service)
    yield from _of_inet_service(config, service) if service.type == "inet" else _of_socket(service)
    yield from _of_attributes(config, service)
    if service.arguments:
        yield from _of_arguments(config, service)


def _of_program(config: Configuration, service: Service) -> Iterator[str]:
    found = program(config, service)
    if found is None:
        yield UNKNOWN_PROGRAM
        return
    yield found.name
    if (
        is_unprivileged(service)
        if found.privileged
        else found.name == "smtpd" and not is_unprivileged(service)
    ):
        yield PRIVILEGES
    if needs_whole_system(service) and is_chrooted(config, service):
        yield CHROOTED
    if service.type not in types_served(found):
        yield WRONG_TYPE
    if found.limit not in (None, process_limit(config, service)):
        yield WRONG_LIMIT
    if found.name == "error" and service.name not in _ERRORS:
        yield RENAMED_ERROR


def _of_inet_service(config: Configuration, service: Service) -> Iterator[str]:
    host, port, error = endpoint(service)
    if error:
        yield BAD_ENDPOINT
    if host:
        yield OWN_HOST
    if not (0 < int(port[-20:]) < _PORTS if is_digits(port) else port in named_ports(config)):
        yield UNKNOWN_PORT


def _of_socket(service: Service) -> Iterator[str]:
    if "/" in service.name or len(socket_path(service).encode("utf-8", "surrogateescape")) > PATH_LIMIT:
        yield ODD_NAME


def _of_attributes(config: Configuration, service: Service) -> Iterator[str]:
    found = program(config, service)
    known = found.attributes(config.version) if found is not None else None
    if not known:
        return
    given = {attribute.name: attribute.value.text for attribute in attributes(service)}
    flags, user = given.get("flags", ""), given.get("user", "")
    if not given.keys() >= known.keys() & NEEDED:
        yield NO_ATTRIBUTE
    if (
        not known.keys() >= given.keys()
        or not set(known.get("flags", "")).issuperset(flags)
        or not is_digits(given.get("size") or "0")
    ):
        yield BAD_ATTRIBUTE
    if not FOR_ONE_RECIPIENT.isdisjoint(flags):
        yield FOR_ONE
    privileged = {"root", *(config.main_view.value(name).text for name in ("mail_owner", "setgid_group"))}
    if not privileged.isdisjoint(user.split(":")):
        yield PRIVILEGED
    if any(argument.text == "-d" for argument in service.arguments):
        yield TO_ONE


def _of_arguments(config: Configuration, service: Service) -> Iterator[str]:
    if any(map(unbalanced, service.arguments)):
        yield MALFORMED
    if next(unread_options(config, service), None) is not None:
        yield UNREAD
    for word in split_arguments(config, service):
        if not isinstance(word, Option):
            yield UNEXPECTED
        elif word.letter != "o":
            yield OPTIONS
        elif has_spaces_around_equals(word):
            yield TORN
        elif override_problem(word):
            yield MALFORMED
    if service.command == "pipe":
        known = macros(config.version)
        if any(macro.name not in known for word in command_line(service) for macro in macros_in(word.text)):
            yield UNKNOWN_MACRO
