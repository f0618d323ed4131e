"""A web server on loopback, with certificates of an authority made for the test."""

import contextlib
import http.server
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")

Respond = Callable[[http.server.BaseHTTPRequestHandler], None]


class Authority:
    """Makes certificates; its own is the file :attr:`certificate`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.certificate = directory / "ca.pem"
        self._key = directory / "ca.key"
        _openssl("req", "-x509", *_new(self._key), "-out", self.certificate, "-subj", "/CN=Test authority")

    def issue(self, name: str) -> tuple[Path, Path]:
        """The files with a certificate of *name* and its key."""
        certificate, key, request = (self._directory / f"{name}.{end}" for end in ("pem", "key", "csr"))
        extension = self._directory / f"{name}.ext"
        extension.write_text(f"subjectAltName=DNS:{name}\n")
        _openssl("req", *_new(key), "-out", request, "-subj", f"/CN={name}")
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-days", "2",
            "-CAcreateserial", "-extfile", extension, "-out", certificate,
        )  # fmt: skip
        return certificate, key

    def context(self) -> ssl.SSLContext:
        """What trusts this authority alone."""
        return ssl.create_default_context(cafile=str(self.certificate))


def _new(key: Path) -> tuple[str | Path, ...]:
    return "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key


def _openssl(*arguments: str | Path) -> None:
    assert OPENSSL is not None, "mark the test with needs_openssl"
    subprocess.run([OPENSSL, *arguments], check=True, capture_output=True, timeout=60)


@contextlib.contextmanager
def https_server(files: tuple[Path, Path], respond: Respond, port: int = 0) -> Iterator[int]:
    """Serve what *respond* answers to GET, with the certificate and key in *files*; yields the port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with contextlib.suppress(OSError):
                respond(self)

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep the output of the tests clean."""

    server = _Server(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that turn a certificate down are what some tests are about."""


def answer(text: str, *, kind: str = "text/plain", status: int = 200) -> Respond:
    """What answers every question with *text*."""

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        body = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond
