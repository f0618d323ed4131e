"""What a real smtpd answers to one message from any client, without smtplib's help: every reply counts."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import NamedTuple

PERMIT, REJECT, DEFER, DIES = "permit", "reject", "defer", "dies"
HANGS_UP = "hangs-up"
"""The connection ended in the middle of the session, without a reply."""

PATIENCE = 20.0
"""How long to wait for a reply that must come, in seconds."""
USER = "tester"
"""Whoever logs in is called so."""


class Caller(NamedTuple):
    """Who connects."""

    address: str
    name: str = ""
    """With a name, the client is introduced by XCLIENT, not by the PROXY protocol."""
    logs_in: bool = False
    helo: str = "client.example.net"
    encrypts: bool = False
    certificate: str = ""
    """A file with the certificate and the key that it shows; empty: it has none."""


class _Refused(Exception):  # noqa: N818 - no error of this program
    def __init__(self, outcome: str, reply: str) -> None:
        self.outcome = outcome
        self.reply = reply


class Session:
    """A connection to an smtpd on loopback."""

    def __init__(self, port: int, caller: Caller, wrapped: bool = False, patience: float = PATIENCE) -> None:
        """*wrapped*: TLS from the first byte on. *patience*: how long to wait for a greeting, in seconds."""
        self._patience = patience
        self._caller = caller
        self._port = port
        self._wrapped = wrapped
        self._socket: socket.socket | None = None
        self._buffer = b""
        self._refused: _Refused | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, sender: str, recipient: str, whole: bool) -> tuple[str, str]:
        """Send a message, up to RCPT TO or, when *whole*, to its end; the outcome and the last reply."""
        commands = [f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>"]
        return self._give([*commands, "DATA", "Subject: test\r\n\r\ntest\r\n."] if whole else commands)

    def etrn(self, domain: str) -> tuple[str, str]:
        """Ask for the mail that waits for *domain*; the outcome and the last reply."""
        return self._give([f"ETRN {domain}"])

    def _give(self, commands: list[str]) -> tuple[str, str]:
        try:
            self._open()
            for command in commands:
                reply = self._say(command)
            self._say("RSET")
        except _Refused as refused:
            if self._socket is not None and not refused.reply.startswith("421") and self._refused is None:
                with contextlib.suppress(_Refused):
                    self._say("RSET")
                    return refused.outcome, refused.reply
            self.close()
            return refused.outcome, refused.reply
        return PERMIT, reply

    def _open(self) -> None:
        if self._refused is not None:
            raise self._refused
        if self._socket is not None:
            return
        try:
            self._greet()
        except _Refused as refused:
            self._refused = refused
            raise

    def _greet(self) -> None:
        caller = self._caller
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=self._patience)
        except OSError as error:
            raise _Refused(DIES, str(error)) from error
        if not caller.name:
            family = "TCP6" if ":" in caller.address else "TCP4"
            here = "::1" if family == "TCP6" else "127.0.0.1"
            self._send(f"PROXY {family} {caller.address} {here} 4567 25")
        if self._wrapped:
            self._encrypt()
        try:
            self._reply()
        except _Refused as refused:
            if refused.outcome == HANGS_UP:
                raise _Refused(DIES, refused.reply) from refused
            raise
        assert self._socket is not None
        self._socket.settimeout(PATIENCE)
        if caller.name:
            name = "[UNAVAILABLE]" if caller.name == "unknown" else caller.name
            self._say(f"XCLIENT NAME={name} REVERSE_NAME={name} ADDR={caller.address}")
        offers = self._say(f"EHLO {caller.helo}")
        if "STARTTLS" in offers and caller.encrypts:
            self._say("STARTTLS")
            self._encrypt()
            self._say(f"EHLO {caller.helo}")
        if caller.logs_in:
            secret = base64.b64encode(f"\0{USER}\0secret".encode()).decode()
            self._say(f"AUTH PLAIN {secret}")

    def _encrypt(self) -> None:
        assert self._socket is not None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self._caller.certificate:
            context.load_cert_chain(self._caller.certificate)
        try:
            self._socket = context.wrap_socket(self._socket)
        except OSError as error:
            raise _Refused(DIES, str(error)) from error

    def _send(self, line: str) -> None:
        assert self._socket is not None
        try:
            self._socket.sendall(f"{line}\r\n".encode())
        except OSError as error:
            raise _Refused(HANGS_UP, str(error)) from error

    def _say(self, line: str) -> str:
        self._send(line)
        return self._reply()

    def _reply(self) -> str:
        """The next reply; raises :class:`_Refused` when it is a refusal or does not come."""
        assert self._socket is not None
        found = b""
        while True:
            end = self._buffer.find(b"\n")
            if end < 0:
                try:
                    data = self._socket.recv(65536)
                except OSError as error:
                    raise _Refused(HANGS_UP, str(error)) from error
                if not data:
                    raise _Refused(HANGS_UP, "the connection was closed")
                self._buffer += data
                continue
            line, self._buffer = self._buffer[: end + 1], self._buffer[end + 1 :]
            found += line
            if line[3:4] != b"-":
                break
        reply = found.decode("utf-8", "replace").strip()
        if line[:1] in (b"4", b"5"):
            raise _Refused(DEFER if line[:1] == b"4" else REJECT, reply)
        return reply

    def close(self) -> None:
        """End the connection; the next message makes another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket, self._buffer = None, b""


@contextlib.contextmanager
def login_server() -> Iterator[str]:
    """A server for logins that speaks Dovecot's protocol and lets everybody in; yields ``inet:HOST:PORT``."""
    with _server(_let_in) as place:
        yield place


@contextlib.contextmanager
def policy_server() -> Iterator[str]:
    """A policy server that has nothing against anything; yields ``inet:HOST:PORT``."""
    with _server(_leave_open) as place:
        yield place


@contextlib.contextmanager
def _server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server, serve), daemon=True).start()
        try:
            yield f"inet:127.0.0.1:{server.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def _leave_open(connection: socket.socket) -> None:
    with connection, connection.makefile("rwb") as stream, contextlib.suppress(OSError):
        for line in stream:
            if line == b"\n":
                stream.write(b"action=DUNNO\n\n")
                stream.flush()


def _let_in(connection: socket.socket) -> None:
    greeting = "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123\nDONE\n"
    with connection, connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
        try:
            stream.write(greeting)
            stream.flush()
            for line in stream:
                words = line.rstrip("\n").split("\t")
                if words[0] == "AUTH":
                    stream.write(f"OK\t{words[1]}\tuser={USER}\n")
                    stream.flush()
        except OSError:
            return
