"""A resolver on loopback that says which answers are signed: it passes questions on to a real name server."""

import socketserver
import threading
from collections.abc import Iterable

import dns.flags
import dns.message
import dns.name
import dns.query

from lab.dns_server import free_port


class ValidatingServer:
    """Sets the AD bit on answers about names in *signed*, as one does that has verified their signatures.

    Answers are those of *upstream*, ``127.0.0.1#PORT``. Only a question that asks for the bit gets it.
    """

    def __init__(self, upstream: str, signed: Iterable[str]) -> None:
        host, _, port = upstream.partition("#")
        self._upstream = host, int(port)
        self._signed = [dns.name.from_text(name) for name in signed]
        number = free_port()
        self.address = f"127.0.0.1#{number}"
        self._server = _Server(("127.0.0.1", number), _Handler)
        self._server.respond = self._respond  # type: ignore[method-assign]

    def __enter__(self) -> "ValidatingServer":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _respond(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        reply = dns.query.udp(query, self._upstream[0], timeout=2, port=self._upstream[1])
        reply.flags &= ~dns.flags.AA
        reply.flags |= dns.flags.RA
        name = query.question[0].name
        is_signed = any(name.is_subdomain(signed) for signed in self._signed)
        if is_signed and query.flags & dns.flags.AD:
            reply.flags |= dns.flags.AD
        return reply.to_wire()


class _Server(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def respond(self, wire: bytes) -> bytes:
        raise NotImplementedError


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        wire, sock = self.request
        sock.sendto(self.server.respond(wire), self.client_address)
