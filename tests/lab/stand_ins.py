"""Programs that a mail server talks to, as far as it notices: a milter, Dovecot's login server, a filter.

Each listens until the ``with`` statement ends, and answers several clients at a time.
"""

import contextlib
import smtplib
import socketserver
import ssl
import struct
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import ClassVar

PASSWORD = "correct horse"
"""The one password that :class:`DovecotAuth` accepts, whoever logs in."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let *server* answer for as long as the ``with`` statement lasts."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def unix_server(
    path: Path, handler: type[socketserver.StreamRequestHandler]
) -> socketserver.ThreadingUnixStreamServer:
    """A server at a socket that every user may connect to."""
    server = _UnixServer(str(path), handler)
    path.chmod(0o666)
    return server


def tcp_server(
    handler: type[socketserver.BaseRequestHandler], address: tuple[str, int] = ("127.0.0.1", 0)
) -> socketserver.ThreadingTCPServer:
    """A server at *address*; port 0: at a free port, which is ``server.server_address[1]``."""
    return _TcpServer(address, handler)


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class Milter(socketserver.StreamRequestHandler):
    """A milter that wants to see nothing, and lets everything pass (the protocol: milter8.c)."""

    _SKIP_ALL = 0x7F | 0x100 | 0x200
    """SMFIP_NOCONNECT to SMFIP_NOEOH, SMFIP_NOUNKNOWN and SMFIP_NODATA: these events are not sent."""

    def handle(self) -> None:
        while len(head := self.rfile.read(5)) == 5:
            size, command = struct.unpack("!Ic", head)
            data = self.rfile.read(size - 1)
            if command == b"O":
                version, _, events = struct.unpack("!III", data[:12])
                self._reply(b"O", struct.pack("!III", min(version, 6), 0, events & self._SKIP_ALL))
            elif command == b"Q":
                return
            elif command not in (b"A", b"D", b"K"):
                self._reply(b"c")

    def _reply(self, command: bytes, data: bytes = b"") -> None:
        self.wfile.write(struct.pack("!Ic", len(data) + 1, command) + data)


class DovecotAuth(socketserver.StreamRequestHandler):
    """Dovecot's login server, as its authentication protocol 1.1 has it: PLAIN, and one password for all."""

    def handle(self) -> None:
        self._say("VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE")
        for line in self.rfile:
            command, *words = line.decode("ascii").rstrip("\n").split("\t")
            if command == "AUTH":
                _, login, password = b64decode(words[-1].removeprefix("resp=")).decode("utf-8").split("\0")
                result = f"OK\t{words[0]}\tuser={login}" if password == PASSWORD else f"FAIL\t{words[0]}"
                self._say(result)

    def _say(self, lines: str) -> None:
        self.wfile.write(f"{lines}\n".encode())


class PolicyServer(socketserver.StreamRequestHandler):
    """A policy server without an opinion (SMTPD_POLICY_README)."""

    def handle(self) -> None:
        for line in self.rfile:
            if line == b"\n":
                self.wfile.write(b"action=DUNNO\n\n")


class TcpTable(socketserver.StreamRequestHandler):
    """A table in which nothing is found (tcp_table(5))."""

    def handle(self) -> None:
        for _ in self.rfile:
            self.wfile.write(b"500 not found\n")


class Lmtp(socketserver.StreamRequestHandler):
    """An LMTP server that takes every message (RFC 2033), and hands it to :meth:`take`."""

    def handle(self) -> None:
        self._say("220 filter.example.com LMTP")
        sender, recipients = "", []
        for line in self.rfile:
            command = line.decode("ascii", "replace").rstrip("\r\n")
            verb = command[:4].upper()
            if verb == "MAIL":
                sender, recipients = _address(command), []
            elif verb == "RCPT":
                recipients.append(_address(command))
            elif verb == "DATA":
                self._say("354 go on")
                self.take(sender, recipients, b"".join(iter(self.rfile.readline, b".\r\n")))
                for _ in recipients:
                    self._say("250 taken")
                continue
            elif verb == "QUIT":
                self._say("221 bye")
                return
            self._say("250 fine")

    def take(self, sender: str, recipients: list[str], message: bytes) -> None:
        """What becomes of a message; here, nothing."""

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def smart_host(certificate: str, *, wrapped: bool = False, starttls: bool = True) -> "type[SmartHost]":
    """A provider's server: *wrapped*, TLS begins at once; with *starttls*, there is no login before it."""

    class Provider(SmartHost):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        is_wrapped = wrapped
        offers_starttls = starttls and not wrapped
        logins: ClassVar[list[str]] = []

    Provider.context.load_cert_chain(certificate)
    return Provider


class SmartHost(socketserver.BaseRequestHandler):
    """A server for the mail of customers, who log in by PLAIN or LOGIN; see :func:`smart_host`."""

    context: ssl.SSLContext
    is_wrapped: bool
    offers_starttls: bool
    logins: ClassVar[list[str]]
    """``encrypted`` or ``clear`` for each login."""

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._serve()

    def _serve(self) -> None:
        self._encrypted = self._logged_in = False
        self._stream = self.request.makefile("rwb")
        if self.is_wrapped:
            self._encrypt()
        self._say("220 smart.example.org ESMTP")
        for line in self._stream:
            command = line.decode("ascii", "replace").strip()
            verb = command.partition(" ")[0].upper()
            if verb == "STARTTLS" and self.offers_starttls:
                self._say("220 go ahead")
                self._encrypt()
                self._serve_encrypted()
                return
            if not self._answer(verb):
                return

    def _serve_encrypted(self) -> None:
        for line in self._stream:
            if not self._answer(line.decode("ascii", "replace").split()[0].upper()):
                return

    def _answer(self, verb: str) -> bool:
        """Answer one command; False: it was the last."""
        may_log_in = self._encrypted or not self.offers_starttls
        if verb == "EHLO":
            offers = ["STARTTLS"] * (self.offers_starttls and not self._encrypted)
            offers += ["AUTH PLAIN LOGIN"] * may_log_in
            self._say(
                "\r\n".join(["250-smart.example.org", *(f"250-{offer}" for offer in offers), "250 8BITMIME"])
            )
        elif verb == "AUTH" and may_log_in:
            self.logins.append("encrypted" if self._encrypted else "clear")
            self._logged_in = True
            self._say("235 welcome")
        elif verb == "MAIL" and not may_log_in:
            self._say("530 5.7.0 Must issue a STARTTLS command first")
        elif verb == "MAIL" and not self._logged_in:
            self._say("530 5.7.0 Authentication Required")
        elif verb == "DATA":
            self._say("354 go on")
            while self._stream.readline() not in (b".\r\n", b""):
                pass
            self._say("250 taken")
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 fine")
        return True

    def _encrypt(self) -> None:
        self.request = self.context.wrap_socket(self.request, server_side=True)
        self._stream = self.request.makefile("rwb")
        self._encrypted = True

    def _say(self, line: str) -> None:
        self._stream.write(f"{line}\r\n".encode())
        self._stream.flush()


def filter_to(port: int) -> type[Lmtp]:
    """A filter that finds nothing: it sends each message on to *port* of 127.0.0.1 by SMTP."""

    class Filter(Lmtp):
        def take(self, sender: str, recipients: list[str], message: bytes) -> None:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="filter.example.com", timeout=10) as client:
                client.sendmail(sender, recipients, message)

    return Filter


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
