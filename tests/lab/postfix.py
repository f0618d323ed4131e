"""A real Postfix on loopback, in a directory of its own, to see what it makes of a configuration.

Its log comes straight to the test: Postfix sends it to the datagram socket that its own
postlogd(8) would listen on (global/maillog_client.c), and the test listens there instead.
The master daemon is started by itself, in the foreground and in a session of its own, so
that nothing of the machine's own Postfix is touched and stopping it ends all it started.
"""

import grp
import os
import pwd
import re
import select
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

MAIN_CF = """\
compatibility_level = 3.6
myhostname = lab.example.com
mydomain = example.com
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
disable_dns_lookups = yes
alias_maps =
alias_database =
local_recipient_maps =
biff = no
"""
"""What a configuration under test may override."""

SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
"""
"""The services of a stock master.cf, but for the network and without chroot."""

_POSTFIX_DIRECTORIES = [
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "private",
    "saved",
    "trace",
]
_ABOUT_CLOCKS = re.compile("warning: (file system clock is|resetting file time stamps)")
"""Two clocks of the machine that differ (global/mail_stream.c) say nothing of a configuration."""
_STOP_TIMEOUT = 5.0
_LOG_INTERVAL = 0.02


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def daemon_directory() -> Path | None:
    """Where the installed Postfix keeps its daemons; None where there is no Postfix."""
    postconf = shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if postconf is None:
        return None
    answer = subprocess.run([postconf, "-dh", "daemon_directory"], capture_output=True, text=True, check=True)
    return Path(answer.stdout.strip())


class Postfix:
    """One running instance; use it in a ``with`` statement.

    *main_cf* is put behind :data:`MAIN_CF`, so its settings win. *master_cf* is put behind
    :data:`SERVICES` and a listener for smtpd(8) on :attr:`port`; an entry with the name and
    type of an earlier one replaces it. ``@DIR@``, ``@PORT@`` and ``@PORT2@`` in both stand
    for the instance's directory and two free ports. *files* are written beside main.cf.
    *defaults* and *services* take the place of the two constants.
    """

    def __init__(
        self,
        main_cf: str = "",
        master_cf: str = "",
        *,
        files: Mapping[str, str] | None = None,
        defaults: str = MAIN_CF,
        services: str = SERVICES,
        smtpd_options: str = "",
        resolver: str = "",
    ) -> None:
        """*resolver*: the address of the name server that its programs ask; empty: that of the machine."""
        self.directory = Path(tempfile.mkdtemp(prefix="maillint-lab-"))
        self.port, self.port2 = free_port(), free_port()
        self.log: list[str] = []
        """What the daemons said, without time and host: ``postfix/smtpd[123]: warning: ...``."""
        self.log_lines: list[str] = []
        """The same as postlogd(8) would write it to a file."""
        self._defaults = defaults
        self._main_cf = main_cf
        self._master_cf = master_cf
        self._files = files or {}
        self._listener = f"127.0.0.1:{self.port} inet n - n - - smtpd {smtpd_options}\n"
        self._services = services
        self._resolver = resolver
        self._master: subprocess.Popen[bytes] | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._stop, self._end = socket.socketpair()
        self._reader = threading.Thread(target=self._read_log)
        self._environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "MAIL_CONFIG": str(self.directory / "etc"),
            "POSTLOG_SERVICE": str(self.directory / "queue" / "public" / "postlog"),
            "POSTLOG_HOSTNAME": "lab",
        }

    def __enter__(self) -> "Postfix":
        try:
            self._make_directories()
            self._reader.start()
            self._write_configuration()
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._master is not None:
            _end_session(self._master)
        self._end.close()
        if self._reader.is_alive():
            self._reader.join()
        self._stop.close()
        self._socket.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def running(self) -> bool:
        """Whether the master daemon is alive."""
        return self._master is not None and self._master.poll() is None

    def said(self, pattern: str, timeout: float = 5.0) -> str | None:
        """The first line of the log in which the regular expression *pattern* is found.

        Waits up to *timeout* seconds for it, less when the master daemon ends; None if it
        does not come.
        """
        wanted, deadline = re.compile(pattern), time.monotonic() + timeout
        while True:
            last = time.monotonic() >= deadline or not self.running
            if last:
                time.sleep(_LOG_INTERVAL)
            for line in tuple(self.log):
                if wanted.search(line):
                    return line
            if last:
                return None
            time.sleep(_LOG_INTERVAL)

    def check(self) -> None:
        """Let ``postfix check`` look at the instance; what it finds comes in the log."""
        command = ["postfix", "-c", str(self.directory / "etc"), "check"]
        subprocess.run(command, env=self._environment, capture_output=True, timeout=60, check=False)

    def connect(self, port: int | None = None, timeout: float = 10.0) -> smtplib.SMTP:
        """An SMTP session with the listener, greeting read; raises OSError or SMTPException."""
        return smtplib.SMTP(
            "127.0.0.1", port or self.port, local_hostname="client.example.net", timeout=timeout
        )

    def knock(self, port: int | None = None) -> None:
        """Make the server start: a client connects, and leaves without waiting for its greeting."""
        socket.create_connection(("127.0.0.1", port or self.port), timeout=5).close()

    def greet(self, port: int | None = None) -> str:
        """What the server answers to a client that connects and sends EHLO."""
        try:
            with self.connect(port) as client:
                code, text = client.docmd("EHLO client.example.net")
                return f"{code} {text.decode('utf-8', 'replace')}"
        except (OSError, smtplib.SMTPException) as error:
            return f"no answer: {error}"

    def start_tls(self, port: int | None = None) -> str:
        """What the server answers to STARTTLS, when the client then begins to negotiate."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with self.connect(port) as client:
                client.ehlo()
                code, text = client.starttls(context=context)
                return f"{code} {text.decode('utf-8', 'replace')}"
        except (OSError, smtplib.SMTPException) as error:
            return f"no answer: {error}"

    def try_recipient(
        self,
        recipient: str = "user@lab.example.com",
        sender: str = "a@client.example.net",
        port: int | None = None,
        xclient: str = "",
    ) -> str:
        """What the server answers on the way to RCPT TO: the first refusal, or the last reply.

        *xclient*: an XCLIENT command to give first, for a server that lets 127.0.0.1 do so.
        """
        hello = "EHLO client.example.net"
        mail = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>")
        try:
            with self.connect(port) as client:
                for command in (hello, *((xclient, hello) if xclient else ()), *mail):
                    code, text = client.docmd(command)
                    if code >= 400:
                        break
                return f"{code} {text.decode('utf-8', 'replace')}"
        except (OSError, smtplib.SMTPException) as error:
            return f"no answer: {error}"

    def deliver(
        self, recipients: str | list[str] = "user@lab.example.com", sender: str = "a@client.example.net"
    ) -> str:
        """Hand over one message by SMTP; the reply to its end, or the refusal."""
        try:
            with self.connect() as client:
                client.sendmail(sender, recipients, "Subject: test\r\n\r\ntest\r\n")
                return "accepted"
        except (OSError, smtplib.SMTPException) as error:
            return f"refused: {error}"

    def _make_directories(self) -> None:
        postfix, postdrop = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
        self.directory.chmod(0o755)
        queue = self.directory / "queue"
        for name in ("queue", "queue/pid", "etc"):
            (self.directory / name).mkdir()
        for name in _POSTFIX_DIRECTORIES:
            (queue / name).mkdir(mode=0o700)
            os.chown(queue / name, postfix, -1)
        for name, mode in (("maildrop", 0o1730), ("public", 0o2710)):
            (queue / name).mkdir()
            os.chown(queue / name, postfix, postdrop)
            (queue / name).chmod(mode)
        (self.directory / "data").mkdir(mode=0o700)
        os.chown(self.directory / "data", postfix, -1)
        log = queue / "public" / "postlog"
        self._socket.bind(str(log))
        log.chmod(0o666)

    def _write_configuration(self) -> None:
        place = (
            f"queue_directory = {self.directory}/queue\n"
            f"data_directory = {self.directory}/data\n"
            f"maillog_file = {self.directory}/log\n"
            f"maillog_file_prefixes = {self.directory}, /var, /dev/stdout\n"
        )
        services, own_services = self._services + self._listener, self._fill(self._master_cf)
        own = {tuple(line.split()[:2]) for line in own_services.splitlines() if line[:1].strip()}
        kept = [line for line in services.splitlines(keepends=True) if tuple(line.split()[:2]) not in own]
        configuration = {
            "main.cf": self._defaults + place + self._main_cf,
            "master.cf": "".join(kept) + own_services,
            **self._files,
        }
        for name, text in configuration.items():
            path = self.directory / "etc" / name
            path.write_text(self._fill(text), "utf-8", "surrogateescape")
            # Postfix reads a file again and again until it is two seconds old (util/dict.c).
            os.utime(path, (time.time() - 60,) * 2)

    def _fill(self, text: str) -> str:
        return (
            text.replace("@DIR@", str(self.directory))
            .replace("@PORT@", str(self.port))
            .replace("@PORT2@", str(self.port2))
        )

    def _start(self) -> None:
        daemons = daemon_directory()
        assert daemons is not None, "Postfix is not installed"
        self._master = subprocess.Popen(
            [*self._namespace(), daemons / "master", "-d"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.said(r"daemon started|fatal:", timeout=10.0)

    def _namespace(self) -> list[str | Path]:
        """What to run the master daemon with, so that its programs see a resolv.conf of their own."""
        if not self._resolver:
            return []
        own = self.directory / "resolv.conf"
        own.write_text(f"nameserver {self._resolver}\noptions timeout:1 attempts:1\n")
        own.chmod(0o644)
        mount = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, own]

    def _read_log(self) -> None:
        """Take the log lines as they come: a daemon waits when a few have not been taken."""
        while select.select([self._socket, self._stop], [], [])[0] == [self._socket]:
            text = self._socket.recv(65536).decode("utf-8", "surrogateescape")
            if not _ABOUT_CLOCKS.search(text):
                line = text.rstrip("\n\0")
                self.log_lines.append(line)
                self.log.append(re.sub(r"^\w+ +\d+ [\d:]+ \S+ (?=postfix)", "", line, count=1))


def _end_session(master: "subprocess.Popen[bytes]") -> None:
    """End the master daemon and all that it started: they are one process group."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(master.pid, sign)
        except ProcessLookupError:
            break
        try:
            master.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            continue
    master.wait(_STOP_TIMEOUT)
