"""``HOST:PORT``, as util/host_port.c takes it apart, and the addresses that may stand in it."""

from __future__ import annotations

import re

from maillint.record import NamedTuple

from .typed import is_hostname

_BYTE = r"0*(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
_IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_HEX = r"[0-9A-Fa-f]{1,4}"
_IPV6_FIELDS = 8

PORTS = {
    "smtp": 25, "domain": 53, "http": 80, "pop3": 110, "imap2": 143, "imap": 143, "qmtp": 209, "https": 443,
    "ssmtp": 465, "smtps": 465, "submissions": 465, "urd": 465, "submission": 587, "qmqp": 628, "imaps": 993,
    "pop3s": 995, "sieve": 4190, "amavisd-new": 10024, "lmtp": 24, "mail": 25,
}  # fmt: skip
"""Ports that the ``/etc/services`` of some system names, as far as they may be meant in a
configuration of Postfix."""


class HostPort(NamedTuple):
    """The parts of an endpoint."""

    host: str
    """Without brackets; empty: there is none."""
    port: str
    """A number or a name; empty: there is none."""
    error: str
    """Why Postfix refuses it, in its words; empty: it does not."""


def host_port(text: str, host: str | None, port: str | None) -> HostPort:
    """Take *text* apart; *host* and *port* stand for what is missing, None: it must not be missing."""
    if text.startswith("["):
        return _bracketed(text[1:], port)
    before, colon, after = text.rpartition(":")
    if colon:
        found_host, found_port = before or host, after or port
    else:
        found_host, found_port = host if host is not None else text, port if port is not None else text
    return _checked(found_host, found_port, host, port)


def _bracketed(text: str, port: str | None) -> HostPort:
    is_ipv6 = text[:5].lower() == "ipv6:"
    host, bracket, rest = text[5 * is_ipv6 :].partition("]")
    if not bracket:
        return HostPort(host, "", 'missing "]"')
    if rest and not rest.startswith(":"):
        return HostPort(host, "", 'garbage after "]"')
    if is_ipv6 and address_family(host) != 6:
        return HostPort(host, "", "malformed IPv6 address")
    return _checked(host, rest[1:] or port, None, port)


def _checked(
    host: str | None, port: str | None, default_host: str | None, default_port: str | None
) -> HostPort:
    error = ""
    if host is None or (host == "" and default_host is None):
        error = "missing host information"
    elif not port:
        error = "missing service information"
    elif host != default_host and not is_host(host):
        error = "valid hostname or network address required"
    elif port != default_port and port[0] in "0123456789" and not is_digits(port):
        error = "garbage after numerical service"
    return HostPort(host or "", port or "", error)


def is_host(text: str) -> bool:
    """Whether *text* is the name or address of a host; a name beyond ASCII may be one."""
    return is_hostname(text) or address_family(text) is not None or not text.isascii()


def is_digits(text: str) -> bool:
    return text != "" and not text.strip("0123456789")


def address_family(text: str) -> int | None:
    """4 or 6 for an IP address, None for anything else (valid_hostaddr() in util/valid_hostname.c)."""
    if ":" in text:
        return 6 if _is_ipv6(text) else None
    return 4 if _is_ipv4(text) else None


def _is_ipv4(text: str) -> bool:
    return re.fullmatch(_IPV4, text) is not None and (
        text.partition(".")[0].strip("0") != "" or not text.strip("0.")
    )


def _is_ipv6(text: str) -> bool:
    head, compressed, tail = text.partition("::")
    fields = [field for part in (head, tail) if part for field in part.split(":")]
    if fields and "." in fields[-1] and (tail or not compressed):
        if not _is_ipv4(fields.pop()):
            return False
        fields += ["0", "0"]
    if any(re.fullmatch(_HEX, field) is None for field in fields):
        return False
    return len(fields) < _IPV6_FIELDS if compressed else len(fields) == _IPV6_FIELDS
