"""A name server on loopback, for programs that ask the DNS of their host."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

PORT = 53
"""Where resolv.conf makes programs ask."""


LookUp = Callable[[str, str], "str | None"]
"""Gives the data for a name and a type; empty: none of this type; None: there is no such name."""


@contextlib.contextmanager
def name_server(look_up: LookUp) -> Iterator[str]:
    """Answer with what *look_up* gives. Yields the address of the server."""
    with _bound() as server:
        threading.Thread(target=_serve, args=(server, look_up), daemon=True).start()
        try:
            yield server.getsockname()[0]
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


def _bound() -> socket.socket:
    """A socket on an address of loopback where nobody answers yet."""
    for number in range(1, 250):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            server.bind((f"127.53.{number}.1", PORT))
        except OSError:
            server.close()
            continue
        return server
    raise OSError("there is no free address for a name server")


def _serve(server: socket.socket, look_up: LookUp) -> None:
    while True:
        try:
            wire, client = server.recvfrom(4096)
        except OSError:
            return
        if not wire:
            return
        with contextlib.suppress(OSError, dns.exception.DNSException):
            server.sendto(_answer(wire, look_up), client)


def _answer(wire: bytes, look_up: LookUp) -> bytes:
    query = dns.message.from_wire(wire)
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    type = dns.rdatatype.to_text(question.rdtype)
    reply = dns.message.make_response(query, recursion_available=True)
    data = look_up(name, type)
    if data:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", type, data))
    elif data is None:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()
