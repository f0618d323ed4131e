"""What Postfix takes from the machine that it runs on; only ``maillint show`` asks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

if TYPE_CHECKING:
    from ipaddress import IPv4Interface, IPv6Interface

BUILD_NOTES = ("/etc/postfix/makedefs.out", "/usr/share/postfix/makedefs.out")
"""Where an installed Postfix says how it was built (makedefs(1))."""

_BUILD_OPTION = re.compile(r'-DDEF_(\w+)=\\"([^"\\]*)\\"')
_BUILD_NAMES = {
    "COMMAND_DIR": "command_directory",
    "CONFIG_DIR": "config_directory",
    "DAEMON_DIR": "daemon_directory",
    "DATA_DIR": "data_directory",
    "DB_TYPE": "default_database_type",
    "HTML_DIR": "html_directory",
    "MAILQ_PATH": "mailq_path",
    "MAIL_OWNER": "mail_owner",
    "MAIL_SPOOL_DIR": "mail_spool_directory",
    "MANPAGE_DIR": "manpage_directory",
    "META_DIR": "meta_directory",
    "NEWALIAS_PATH": "newaliases_path",
    "OPENSSL_PATH": "openssl_path",
    "QUEUE_DIR": "queue_directory",
    "README_DIR": "readme_directory",
    "SAMPLE_DIR": "sample_directory",
    "SENDMAIL_PATH": "sendmail_path",
    "SGID_GROUP": "setgid_group",
    "SHLIB_DIR": "shlib_directory",
}

_PROCESS = {"process_id": "", "process_name": "postconf", "service_name": ""}
"""What is different in every process, as postconf(1) prints it."""

_UP = 1
"""IFF_UP of net/if.h."""


class HostError(Exception):
    """The machine cannot give what a setting asks for; Postfix would not start."""


class Host:
    """This machine."""

    __slots__ = ("_build",)

    def __init__(self) -> None:
        self._build: _Build | None = None

    def name(self) -> str:
        """What gethostname(3) says."""
        import socket

        return socket.gethostname()

    def default(self, name: str, upstream: str | None) -> str | None:
        """What postconf(1) of this host has for a default.

        That differs from *upstream*'s where the installed Postfix says that it was built so, and where
        it is another one in every process.
        """
        if name in _PROCESS:
            return str(os.getpid()) if name == "process_id" else _PROCESS[name]
        if self._build is None:
            self._build = _installed_build()
        if name == "alias_maps" and upstream and self._build.nis:
            return f"{upstream}, nis:mail.aliases"
        return self._build.defaults.get(name, upstream)

    def networks(self, style: str, interfaces: str, protocols: str) -> str:
        """The default of mynetworks (global/mynetworks.c), for these values of three other parameters.

        Raises HostError where Postfix gives up.
        """
        versions = _protocol_versions(protocols)
        if not versions:
            return ""
        if _words(style) not in (["class"], ["subnet"], ["host"]):
            raise HostError(f"bad mynetworks_style value: {style}; specify exactly one value")
        networks = [_network(address, _words(style)[0]) for address in _own_addresses(interfaces, versions)]
        return "".join(f"{network} " for network in dict.fromkeys(networks))


def _words(text: str) -> list[str]:
    return [word for word in re.split("[, \t\r\n]+", text) if word]


class _Build(NamedTuple):
    """How Postfix was built."""

    defaults: dict[str, str]
    nis: bool
    """Whether NIS is compiled in, and so is in alias_maps (util/sys_defs.h, global/mail_params.h)."""


def _installed_build() -> _Build:
    for path in BUILD_NOTES:
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                notes = file.read()
        except OSError:
            continue
        options = _BUILD_OPTION.findall(notes)
        defaults = {_BUILD_NAMES[key]: value for key, value in options if key in _BUILD_NAMES}
        return _Build(defaults, nis="-DNO_NIS" not in notes)
    return _Build({}, nis=False)


def _protocol_versions(protocols: str) -> list[int]:
    """The IP versions that inet_protocols asks for and the kernel has (util/inet_proto.c)."""
    import socket

    wanted: set[int] = set()
    for word in _words(protocols):
        if word not in ("all", "ipv4", "ipv6"):
            raise HostError(f'unknown inet_protocols value "{word}" in "{protocols}"')
        wanted |= {4, 6} if word == "all" else {int(word[-1])}
    families = {4: socket.AF_INET, 6: socket.AF_INET6}
    return [version for version in sorted(wanted) if _has_family(families[version])]


def _has_family(family: int) -> bool:
    import socket

    try:
        socket.socket(family, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


def _own_addresses(interfaces: str, versions: list[int]) -> Iterator[IPv4Interface | IPv6Interface]:
    """The addresses that inet_interfaces selects, with their networks (global/own_inet_addr.c)."""
    local = [address for version in versions for address in _local_addresses() if address.version == version]
    if not local:
        raise HostError("could not find any active network interfaces")
    if interfaces == "all":
        yield from local
    elif interfaces == "loopback-only":
        yield from (address for address in local if address.ip.is_loopback)
    else:
        for wanted in sorted(set(_addresses_of(interfaces, versions))):
            for address in local:
                if address.ip.packed == wanted:
                    yield address
                    break
            else:
                from ipaddress import ip_address

                raise HostError(
                    f"parameter inet_interfaces: no local interface found for {ip_address(wanted)}"
                )


def _addresses_of(interfaces: str, versions: list[int]) -> Iterator[bytes]:
    import socket
    from ipaddress import ip_address

    for host in (word for word in re.split("[, \t]+", interfaces) if word):
        name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        try:
            answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answers = []
        found = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
        packed = [address.packed for address in found if address.version in versions]
        if not packed:
            raise HostError(f"config variable inet_interfaces: host not found: {host}")
        yield from packed


def _network(address: IPv4Interface | IPv6Interface, style: str) -> str:
    from ipaddress import ip_network

    length: int
    if style == "host":
        length = address.max_prefixlen
    elif style == "class" and address.version == 4:
        first = address.ip.packed[0]
        length = 8 if first < 128 else 16 if first < 192 else 24 if first < 224 else 4
    else:
        length = address.network.prefixlen
    network = ip_network((address.ip.packed, length), strict=False)
    if network.version == 4:
        return str(network)
    return f"[{network.network_address}]/{length}"


class _Interface(NamedTuple):
    family: int
    address: bytes
    mask: bytes


def _local_addresses() -> list[IPv4Interface | IPv6Interface]:
    from ipaddress import ip_interface

    found: list[IPv4Interface | IPv6Interface] = []
    for interface in _interfaces():
        bits = sum(byte.bit_count() for byte in interface.mask)
        if any(interface.address):
            found.append(ip_interface((interface.address, bits)))
    return found


def _interfaces() -> Iterable[_Interface]:
    """What getifaddrs(3) says of the interfaces that are up; empty where the C library has none."""
    import ctypes
    import socket

    class Entry(ctypes.Structure):
        pass

    pointer = ctypes.c_void_p
    Entry._fields_ = [
        ("next", ctypes.POINTER(Entry)),
        ("name", ctypes.c_char_p),
        ("flags", ctypes.c_uint),
        ("address", pointer),
        ("mask", pointer),
        ("other", pointer),
        ("data", pointer),
    ]

    def content(at: int, family: int) -> bytes:
        offset, size = (4, 4) if family == socket.AF_INET else (8, 16)
        return ctypes.string_at(at + offset, size)

    library = ctypes.CDLL(None, use_errno=True)
    first = ctypes.POINTER(Entry)()
    if not hasattr(library, "getifaddrs") or library.getifaddrs(ctypes.byref(first)) != 0:
        return []
    found = []
    try:
        here = first
        while here:
            entry = here.contents
            if entry.flags & _UP and entry.address and entry.mask:
                family = ctypes.c_ushort.from_address(entry.address).value
                if family in (socket.AF_INET, socket.AF_INET6):
                    found.append(
                        _Interface(family, content(entry.address, family), content(entry.mask, family))
                    )
            here = entry.next
    finally:
        library.freeifaddrs(first)
    return found
