"""MTA-STS (RFC 8461): the record, the policy, and the way to it over HTTPS."""

from __future__ import annotations

import contextlib
import re
import ssl
import threading
import time
from http.client import HTTPException, HTTPSConnection
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .answer import ANSWER
from .reverse import addresses
from .tag_list import Problem, TagList, parse_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .answer import Lookup

PREFIX = "_mta-sts"
HOST_PREFIX = "mta-sts"
PATH = "/.well-known/mta-sts.txt"
HTTPS_PORT = 443

MODES = ("enforce", "testing", "none")
LARGEST = 64 * 1024
"""The octets of a policy that senders must be able to read (RFC 8461 3.2)."""
LONGEST_AGE = 31557600
"""The greatest ``max_age``, in seconds: a year (RFC 8461 3.2)."""

_VERSION = re.compile(r"v=STSv1[ \t]*;")
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*):[ \t]*(.*?)[ \t]*$")
_PATTERN = re.compile(r"(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+\.?")


def is_sts_record(text: str) -> bool:
    """Whether senders take *text* as the record: it begins with ``v=STSv1;`` (RFC 8461 3.1)."""
    return _VERSION.match(text) is not None


def record_problem(text: str) -> Problem | None:
    """Why senders cannot use the record; None when they can."""
    tags: TagList = parse_tags(text)
    found = tags.get("id")
    if found is None:
        return Problem(0, len(text), "there is no `id=`", True)
    if not _ID.fullmatch(found.value):
        return Problem(found.value_start, found.end, "`id=` must be 1 to 32 letters and digits", True)
    return tags.problems[0] if tags.problems else None


class Policy(NamedTuple):
    """A policy as senders read it."""

    mode: str
    patterns: tuple[str, ...]
    """The names of mail servers, in lower case; ``*.`` stands for one label."""
    max_age: int | None
    problems: tuple[str, ...]
    """Each by itself makes the policy unusable."""

    def allows(self, host: str) -> bool:
        """Whether senders may deliver to the mail server *host* (RFC 8461 4.1)."""
        host = host.lower().removesuffix(".")
        return any(
            host.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else host == pattern
            for pattern in self.patterns
        )


def parse_policy(text: str) -> Policy:
    """Read the file ``mta-sts.txt`` (RFC 8461 3.2)."""
    fields: dict[str, str] = {}
    patterns: list[str] = []
    problems: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").rstrip("\n").split("\n"), 1):
        found = _LINE.match(line)
        if found is None:
            problems.append(f"line {number} is not of the form `name: value`")
        elif found[1] == "mx":
            if not _PATTERN.fullmatch(found[2]):
                problems.append(f"line {number}: `{found[2]}` is not the name of a mail server")
            patterns.append(found[2].lower().removesuffix("."))
        else:
            fields.setdefault(found[1], found[2])
    mode, age = fields.get("mode", ""), fields.get("max_age", "")
    if fields.get("version") != "STSv1":
        problems.append("there is no `version: STSv1`")
    if mode not in MODES:
        problems.append(f"`mode` must be one of {', '.join(MODES)}")
    if not re.fullmatch("[0-9]{1,10}", age) or int(age) > LONGEST_AGE:
        problems.append(f"`max_age` must be a number of seconds from 0 to {LONGEST_AGE}")
        age = ""
    if not patterns and mode != "none":
        problems.append("there is no `mx`")
    return Policy(mode, tuple(patterns), int(age) if age else None, tuple(problems))


class Fetched(NamedTuple):
    """What came of asking for a policy."""

    url: str
    text: str | None
    """None: there is no policy to be had."""
    reason: str = ""
    """Why not."""
    theirs: bool = False
    """True: what is wrong is wrong for every sender; False: it may be the way from here."""


class Fetcher:
    """Gets policies over HTTPS, each once in a run. The addresses come from the resolver of the run."""

    def __init__(
        self,
        dns: Lookup,
        *,
        timeout: float = 6.0,
        budget: float = 60.0,
        port: int = HTTPS_PORT,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """In seconds: *timeout* for one server, *budget* for all, counted from the first one.

        *context*: which certificates are trusted; None: those that the system trusts.
        """
        self._dns = dns
        self._timeout = timeout
        self._budget = budget
        self._deadline: float | None = None
        self._port = port
        self._context = context if context is not None else ssl.create_default_context()
        self._known: dict[str, Fetched] = {}

    def fetch(self, domain: str) -> Fetched:
        """The policy of *domain*; redirects are not followed (RFC 8461 3.3)."""
        if domain not in self._known:
            self._known[domain] = self._fetch(f"{HOST_PREFIX}.{domain}")
        return self._known[domain]

    def _fetch(self, host: str) -> Fetched:
        url = f"https://{host}{PATH}"
        answers = [self._dns.ask(host, kind) for kind in ("A", "AAAA")]
        found = [address for answer in answers for address in addresses(answer)]
        if not found:
            asked = "; ".join(f"`{answer.question}`: {answer.outcome}" for answer in answers)
            certain = all(answer.certain and answer.status != ANSWER for answer in answers)
            return Fetched(url, None, f"`{host}` has no address ({asked})", theirs=certain)
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self._budget
        outcome = Fetched(url, None, f"the {self._budget:g} seconds for all policies are used up")
        for address in found:
            if time.monotonic() >= self._deadline:
                break
            outcome = self._get(url, host, address)
            if outcome.text is not None or outcome.theirs:
                break
        return outcome

    def _get(self, url: str, host: str, address: str) -> Fetched:
        connection = _Connection(host, address, self._port, self._timeout, self._context)
        # A server that sends a byte now and then passes every time-out of the socket.
        watch = threading.Timer(self._timeout, connection.abort)
        watch.daemon = True
        watch.start()
        try:
            connection.request("GET", PATH, headers={"User-Agent": "maillint", "Accept": "text/plain"})
            response = connection.getresponse()
            data = response.read(LARGEST + 1)
            if len(data) <= LARGEST and response.length:
                raise OSError("the answer ended early")
        except ssl.SSLCertVerificationError as error:
            return Fetched(url, None, f"the certificate does not hold: {error.verify_message}", theirs=True)
        except (OSError, HTTPException) as error:
            words = f"no answer in {self._timeout:g} seconds" if connection.aborted else str(error)
            return Fetched(url, None, f"{address}: {words or type(error).__name__}")
        finally:
            watch.cancel()
            connection.close()
        if response.status != 200:
            return Fetched(
                url, None, f"the answer is {response.status} {response.reason}, not 200", theirs=True
            )
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != "text/plain":
            return Fetched(
                url, None, f"the content is `{kind or 'of no type'}`, not `text/plain`", theirs=True
            )
        if len(data) > LARGEST:
            return Fetched(url, None, f"it is longer than {LARGEST} octets", theirs=True)
        return Fetched(url, data.decode("utf-8", "replace"))


class _Connection(HTTPSConnection):
    """Connects to one address, and asks there for *host* by name."""

    def __init__(self, host: str, address: str, port: int, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address = address
        self._tls = context
        self._open: ssl.SSLSocket | None = None
        """The base class forgets its own as soon as the header of the answer has come."""
        self.aborted = False

    def connect(self) -> None:
        from socket import create_connection

        plain = create_connection((self._address, self.port), self.timeout)
        try:
            secured = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._open = secured
            secured.do_handshake()
        except BaseException:
            plain.close()
            raise

    def abort(self) -> None:
        """End whatever waits for the server, from another thread."""
        import socket

        self.aborted = True
        if self._open is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)


def not_allowed(policy: Policy, hosts: Iterable[str]) -> list[str]:
    """The mail servers among *hosts* that senders must not deliver to."""
    return [host for host in hosts if not policy.allows(host)]
