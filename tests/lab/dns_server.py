"""Name servers on loopback for tests: the real nsd, and one that breaks in every way."""

import contextlib
import shutil
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset

from support import NSD

START_LIMIT = 10.0
"""Seconds that nsd gets to answer its first question."""

_CONF = """\
server:
  ip-address: 127.0.0.1@{port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: "{directory}/nsd.pid"
  xfrdfile: "{directory}/xfrd.state"
  zonelistfile: "{directory}/zone.list"
  xfrdir: "{directory}"
  hide-version: yes
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""


def free_port() -> int:
    """A port on 127.0.0.1 that neither UDP nor TCP uses now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind(("127.0.0.1", 0))
            port: int = tcp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return port


@contextlib.contextmanager
def nsd(zones: Mapping[str, str]) -> Iterator[str]:
    """Serve *zones* (origin such as ``.`` to zone file text) with the real nsd.

    Yields the server as ``127.0.0.1#PORT``. Everything is in a private directory; the server is
    ended by its process id. Raises RuntimeError, with nsd's own words, when it does not start.
    """
    assert NSD is not None, "mark the test with needs_nsd"
    directory = Path(tempfile.mkdtemp(prefix="maillint-nsd-"))
    process = None
    try:
        port = free_port()
        text = _CONF.format(port=port, directory=directory)
        for number, (origin, zone) in enumerate(zones.items()):
            (directory / f"{number}.zone").write_text(zone, encoding="utf-8", errors="surrogateescape")
            text += f'zone:\n  name: "{origin}"\n  zonefile: "{number}.zone"\n'
        conf = directory / "nsd.conf"
        conf.write_text(text, encoding="utf-8")
        log = directory / "log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [NSD, "-d", "-c", str(conf)], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        _await(process, port, next(iter(zones)), log)
        yield f"127.0.0.1#{port}"
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(directory, ignore_errors=True)


def _await(process: subprocess.Popen[bytes], port: int, origin: str, log: Path) -> None:
    query = dns.message.make_query(origin, "SOA")
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        try:
            reply = dns.query.udp(query, "127.0.0.1", timeout=0.2, port=port)
        except (OSError, dns.exception.DNSException):
            continue
        if reply.rcode() == dns.rcode.NOERROR:
            return
        time.sleep(0.05)
    raise RuntimeError("nsd did not start:\n" + log.read_text(errors="replace"))


class FaultyServer:
    """A server whose reply to a question is decided by the first label of the name.

    ``servfail``, ``refused``, ``notimp``, ``drop``, ``slow``, ``garbage``, ``wrongid``, ``wrongname``,
    ``cut`` (truncated, right over TCP), ``cutcut`` (truncated, and TCP is closed without a reply),
    ``noedns`` (FORMERR to EDNS), ``referral``, ``loop`` (CNAME to itself), ``drip`` (truncated, and over TCP
    a byte now and then), ``nothing`` (no name exists), ``lie`` (the same, but every name has the address
    203.0.113.99), ``ok``.
    What is right is one TXT record, ``v=spf1 -all``.
    """

    def __init__(self, tcp: bool = True, always: str = "", spares_root: bool = True) -> None:
        """*tcp* False: nobody listens on the TCP port.

        *always*: what every name gets, except the root where *spares_root*.
        """
        self.asked: list[str] = []
        """``udp`` or ``tcp`` and the name, of every query."""
        self.garbage = b"\xff" * 40
        """What follows the right id in the reply to ``garbage``."""
        self._always = always
        self._spares_root = spares_root
        port = free_port()
        self.address = f"127.0.0.1#{port}"
        self._servers: list[socketserver.BaseServer] = [_Udp(("127.0.0.1", port), _UdpHandler)]
        if tcp:
            self._servers.append(_Tcp(("127.0.0.1", port), _TcpHandler))
        for server in self._servers:
            server.respond = self._respond  # type: ignore[attr-defined]

    def __enter__(self) -> "FaultyServer":
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _respond(self, wire: bytes, over: str) -> bytes | None:
        query = dns.message.from_wire(wire)
        name = query.question[0].name
        self.asked.append(f"{over} {name.to_text(omit_final_dot=True)}")
        kind = name.labels[0].decode().lower()
        if self._always and not (self._spares_root and name == dns.name.root):
            kind = self._always
        if kind == "garbage":
            return wire[:2] + self.garbage
        return _REPLIES.get(kind, _ok)(query, over)


def _reply(query: dns.message.Message, rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> dns.message.Message:
    reply = dns.message.make_response(query, recursion_available=True)
    reply.set_rcode(rcode)
    return reply


def _with(query: dns.message.Message, rdtype: str, data: str) -> dns.message.Message:
    reply = _reply(query)
    reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", rdtype, data))
    return reply


def _ok(query: dns.message.Message, over: str) -> bytes:
    return _with(query, "TXT", '"v=spf1 -all"').to_wire()


def _fails(rcode: dns.rcode.Rcode) -> Callable[[dns.message.Message, str], bytes]:
    return lambda query, over: _reply(query, rcode).to_wire()


def _slow(query: dns.message.Message, over: str) -> bytes:
    time.sleep(0.3)
    return _ok(query, over)


def _wrong_id(query: dns.message.Message, over: str) -> bytes:
    reply = _with(query, "TXT", '"v=spf1 -all"')
    reply.id = query.id ^ 1
    return reply.to_wire()


def _wrong_name(query: dns.message.Message, over: str) -> bytes:
    return _ok(dns.message.make_query("other.net", "TXT", id=query.id), over)


def _cut(query: dns.message.Message, over: str) -> bytes:
    reply = _with(query, "TXT", '"v=spf1 -all"')
    if over == "udp":
        reply = _reply(query)
        reply.flags |= dns.flags.TC
    return reply.to_wire()


def _cut_cut(query: dns.message.Message, over: str) -> bytes | None:
    return _cut(query, over) if over == "udp" else None


def _drip(query: dns.message.Message, over: str) -> bytes:
    if over == "tcp":
        raise _DripError(_cut(query, over))
    return _cut(query, over)


class _DripError(Exception):
    """The reply goes out a byte now and then."""


def _lie(query: dns.message.Message, over: str) -> bytes:
    if query.question[0].rdtype == dns.rdatatype.A:
        return _with(query, "A", "203.0.113.99").to_wire()
    return _reply(query, dns.rcode.NXDOMAIN).to_wire()


def _no_edns(query: dns.message.Message, over: str) -> bytes:
    if query.edns < 0:
        return _ok(query, over)
    plain = dns.message.make_response(query, recursion_available=True)
    plain.use_edns(False)
    plain.set_rcode(dns.rcode.FORMERR)
    return plain.to_wire()


def _referral(query: dns.message.Message, over: str) -> bytes:
    reply = dns.message.make_response(query)
    reply.flags &= ~(dns.flags.AA | dns.flags.RA)
    reply.authority.append(dns.rrset.from_text("net.", 60, "IN", "NS", "a.gtld-servers.net."))
    return reply.to_wire()


_REPLIES: dict[str, Callable[[dns.message.Message, str], bytes | None]] = {
    "ok": _ok,
    "servfail": _fails(dns.rcode.SERVFAIL),
    "refused": _fails(dns.rcode.REFUSED),
    "notimp": _fails(dns.rcode.NOTIMP),
    "drop": lambda query, over: None,
    "slow": _slow,
    "wrongid": _wrong_id,
    "wrongname": _wrong_name,
    "cut": _cut,
    "cutcut": _cut_cut,
    "drip": _drip,
    "lie": _lie,
    "noedns": _no_edns,
    "nothing": _fails(dns.rcode.NXDOMAIN),
    "referral": _referral,
    "loop": lambda query, over: _with(query, "CNAME", str(query.question[0].name)).to_wire(),
}


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    respond: Callable[[bytes, str], bytes | None]


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    respond: Callable[[bytes, str], bytes | None]


class _UdpHandler(socketserver.BaseRequestHandler):
    server: _Udp

    def handle(self) -> None:
        wire, sock = self.request
        reply = self.server.respond(wire, "udp")
        if reply is not None:
            with contextlib.suppress(OSError):  # The server may have ended meanwhile.
                sock.sendto(reply, self.client_address)


class _TcpHandler(socketserver.StreamRequestHandler):
    server: _Tcp

    def handle(self) -> None:
        head = self.rfile.read(2)
        if len(head) == 2:
            try:
                reply = self.server.respond(self.rfile.read(struct.unpack("!H", head)[0]), "tcp")
            except _DripError as drip:
                self._send_slowly(struct.pack("!H", len(drip.args[0])) + drip.args[0])
                return
            if reply is not None:
                self.wfile.write(struct.pack("!H", len(reply)) + reply)

    def _send_slowly(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            for byte in data:
                self.wfile.write(bytes((byte,)))
                time.sleep(0.2)
