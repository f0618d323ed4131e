"""What the real Postfix says when its own configuration stops mail tells the cause, too."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest

from lab.answering_server import SILENCE, Answer, refusing
from lab.names import name_server
from lab.postfix import MAIN_CF, Postfix, free_port
from lab.stand_ins import DovecotAuth, serving, smart_host, tcp_server, unix_server
from lab.witness import witnesses
from maillint.engine.registry import Registry
from maillint.log.diagnose import diagnose
from maillint.log.foreseen import rules_that_foresee
from maillint.log.grouping import general
from maillint.log.patterns import FAILURE, causes, patterns, said_by_program
from support import needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root, pytest.mark.xdist_group("diagnose-own")]

CLIENT = """\
smtp_dns_support_level = enabled
disable_dns_lookups = no
smtp_host_lookup = dns
inet_protocols = all
smtp_connect_timeout = 1s
smtp_helo_timeout = 2s
transport_maps = texthash:@DIR@/etc/transport
smtp_tls_policy_maps = texthash:@DIR@/etc/policy
virtual_alias_domains = both.test
mydestination = $myhostname, localhost, both.test
transport_throttle_time = 60s
"""
RELAY = """\
relayhost = nowhere.test
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
"""
CLIENT_MASTER = """\
login unix - - n - - smtp -o smtp_sasl_auth_enable=yes -o smtp_sasl_password_maps=static:anna:secret
nopasswords unix - - n - - smtp -o smtp_sasl_auth_enable=yes
badlevel unix - - n - - smtp -o smtp_tls_security_level=maybe
smallbox unix - n n - - local -o mailbox_size_limit=1000
"""

SERVERS = {
    "76": "-o smtpd_client_restrictions=reject_unknwon_thing",
    "81": "-o smtpd_relay_restrictions= -o smtpd_recipient_restrictions=permit_mynetworks",
    "82": "-o smtpd_helo_required=maybe",
    "82 time": "-o smtpd_timeout=30M",
    "82 number": "-o smtpd_hard_error_limit=many",
    "83": "-o smtpd_restriction_classes=partners -o smtpd_client_restrictions=partners",
    "84": "-o smtpd_client_restrictions=permit,reject_unknown_client_hostname",
    "85": "-o smtpd_tls_security_level=may",
    "86": "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=private/nobody",
    "87": "-o smtpd_milters=unix:/nonexistent/milter",
    "88": "-o virtual_alias_maps=/etc/postfix/virtual",
    "89": "-o smtpd_client_restrictions=check_client_access,hash:/nonexistent/clients",
    "90": "-o smtpd_client_restrictions=check_client_access,hahs:/nonexistent/clients",
    "91": "-o mynetworks=127.0.0.1/8,192.168.1.7/24",
    "77": "-o mynetworks=192.0.2.0/24",
    "78": "-o mynetworks=192.0.2.0/24 -o smtpd_authorized_xclient_hosts=127.0.0.1",
    "79": "-o local_recipient_maps=inline:{root=x}",
    "99": "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=@DIR@/auth",
}
"""By the number of the pattern: the options of a server that is ill in just this way."""


class Ill(NamedTuple):
    """How mail for one domain goes wrong, and the cause."""

    pattern: str
    domain: str
    cause: str


CLIENTS = [
    Ill("64", "nowhere.test", "name-not-found"),
    Ill("66", "loop.test", "loops-to-myself"),
    Ill("67", "slow.test", "connection-timed-out"),
    Ill("67", "closed.test", "connection-refused"),
    Ill("68", "six.test", "ipv6-unreachable"),
    Ill("69", "silent.test", "implicit-tls"),
    Ill("70", "login.test", "sasl-no-mechanism"),
    Ill("71", "nopasswords.test", "sasl-no-password-table"),
    Ill("72", "unverified.test", "server-not-verified"),
    Ill("73", "plain.test", "tls-not-offered"),
    Ill("74", "badlevel.test", "bad-tls-level"),
    Ill("75", "gone.test", "transport-unavailable"),
    Ill("80", "lab.example.com", "own-domain-local"),
    Ill("92", "both.test", "domain-in-two-classes"),
    Ill("93", "smallbox.test", "mailbox-limit"),
    Ill("95", "badlevel.test", "bad-startup"),
]

SAID = (
    "needs a definition",
    "bad boolean",
    "bad time value",
    "bad numerical",
    "no SASL auth",
    "authentication failed",
    "working instance of",
    "is ignored",
    "No server certs",
    "connect to Milter service",
    "open dictionary",
    "open database",
    "unsupported dictionary type",
    "non-null host address bits",
    "User unknown",
    r"198\.51\.100\.7\]: 454.*Relay access denied",
    r"127\.0\.0\.1\]: 454.*Relay access denied",
    "Server configuration error",
)
"""What these servers say, sooner or later."""

CAUSES = {ill.pattern: ill.cause for ill in CLIENTS} | {
    "76": "server-configuration-error",
    "77": "own-client-denied",
    "78": "stranger-denied",
    "79": "user-unknown-here",
    "81": "no-relay-control",
    "82": "bad-value",
    "83": "undefined-class",
    "84": "unreachable-restriction",
    "85": "no-server-certificate",
    "86": "sasl-server-socket",
    "87": "milter-unreachable",
    "88": "map-without-type",
    "89": "map-not-built",
    "90": "map-type-missing",
    "91": "cidr-host-bits",
    "97": "odd-parameter",
    "99": "brute-force",
}


SILENT = (f"127.4.{os.getpid() % 250 + 1}.5", 465)
"""A server that waits for TLS to begin; each process that runs tests has its own."""


def _names(name: str, type: str) -> str | None:
    if name.startswith("nowhere."):
        return None
    if name.startswith("six."):
        return "2001:db8::1" if type == "AAAA" else ""
    if name.startswith("silent."):
        return SILENT[0] if type == "A" else ""
    return "127.0.0.1" if type == "A" else ""


@contextlib.contextmanager
def _full_port() -> Iterator[int]:
    """A port where nobody answers a new client."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def _write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8", "surrogateescape")
    return path


@pytest.fixture(scope="module")
def client_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of a Postfix that cannot deliver, for each domain for another reason."""
    place = tmp_path_factory.mktemp("client")
    certificate = place / "both.pem"
    request = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=lab.example.com"
    command = ["openssl", *request.split(), "-keyout", str(place / "key.pem"), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    certificate.write_text((place / "key.pem").read_text() + certificate.read_text())
    with contextlib.ExitStack() as stack:

        def listening(handler: object) -> int:
            server = tcp_server(handler)  # type: ignore[arg-type]
            stack.enter_context(serving(server))
            return int(server.server_address[1])

        wrapped = tcp_server(refusing({"*": Answer(SILENCE, ())}), SILENT)
        stack.enter_context(serving(wrapped))
        plain = listening(refusing({}))
        login = listening(refusing({}, "AUTH PLAIN LOGIN"))
        encrypted = listening(smart_host(str(certificate)))
        full = stack.enter_context(_full_port())
        hops = {
            "slow": f"smtp:[slow.test]:{full}",
            "closed": f"smtp:[closed.test]:{free_port()}",
            "silent": f"smtp:[silent.test]:{SILENT[1]}",
            "login": f"login:[login.test]:{login}",
            "nopasswords": f"nopasswords:[plain.test]:{plain}",
            "badlevel": f"badlevel:[plain.test]:{plain}",
            "unverified": f"smtp:[unverified.test]:{encrypted}",
            "plain": f"smtp:[plain.test]:{plain}",
            "gone": "gone:",
            "smallbox": "smallbox:",
        }
        files = {
            "transport": "".join(f"{name}.test {hop}\n" for name, hop in hops.items()),
            "policy": f"[unverified.test]:{encrypted} verify\n[plain.test]:{plain} encrypt\n",
        }
        resolver = stack.enter_context(name_server(_names))
        postfix = stack.enter_context(Postfix(CLIENT, CLIENT_MASTER, files=files, resolver=resolver))
        domains = list(dict.fromkeys(ill.domain for ill in CLIENTS))
        for domain in domains:
            assert postfix.deliver(f"user@{domain}", "nginx@web01.example.com") == "accepted"
        for domain in domains:
            if domain not in ("nopasswords.test", "badlevel.test", "smallbox.test"):
                assert postfix.said(f"to=<user@{domain}>.* status=", timeout=20), domain
        for text in ("specify a password table", "Invalid TLS level", "mailbox_size_limit is", "throttling"):
            assert postfix.said(text, timeout=20), text
        return _write(place / "mail.log", postfix.log_lines)


@pytest.fixture(scope="module")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of a Postfix with many servers, each of them ill in another way."""
    ports = {name: free_port() for name in SERVERS}
    listeners = "".join(
        f"127.0.0.1:{ports[name]} inet n - n - - smtpd {options}\n" for name, options in SERVERS.items()
    )
    with contextlib.ExitStack() as stack:
        postfix = stack.enter_context(Postfix(master_cf=listeners))
        stack.enter_context(serving(unix_server(postfix.directory / "auth", DovecotAuth)))
        clients = [
            Thread(target=_ask, args=(postfix, name, port), daemon=True) for name, port in ports.items()
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join(timeout=20)
        for text in SAID:
            assert postfix.said(text, timeout=20), text
        return _write(tmp_path_factory.mktemp("server") / "mail.log", postfix.log_lines)


def _ask(postfix: Postfix, name: str, port: int) -> None:
    if name == "85":
        postfix.start_tls(port)
    elif name == "78":
        xclient = "XCLIENT NAME=[UNAVAILABLE] ADDR=198.51.100.7"
        postfix.try_recipient("someone@example.net", port=port, xclient=xclient)
    elif name == "99":
        with contextlib.suppress(Exception), postfix.connect(port) as client:
            client.login("anna", "guess")
    else:
        recipient = "nobody@lab.example.com" if name == "79" else "someone@example.net"
        postfix.try_recipient(recipient, port=port)


def _found(log: Path) -> dict[str, set[str]]:
    """The patterns of each cause in *log*."""
    return {group.id: group.patterns for group in diagnose([str(log)]).groups}


@pytest.mark.parametrize("ill", CLIENTS, ids=lambda ill: f"{ill.pattern}-{ill.domain}")
def test_a_client_that_cannot_deliver(ill: Ill, client_log: Path) -> None:
    found = _found(client_log)
    if ill.pattern == "68" and ill.cause not in found:
        pytest.skip("this machine does not say at once that there is no route for IPv6")
    assert ill.pattern in found.get(ill.cause, ()), found


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_is_ill(name: str, server_log: Path) -> None:
    pattern = name.split()[0]
    found = _found(server_log)
    assert pattern in found.get(CAUSES[pattern], ()), found


def test_failures_are_told_from_noise(server_log: Path, client_log: Path) -> None:
    weights = {group.id: group.weight for group in diagnose([str(server_log)]).groups}
    assert weights["own-client-denied"] == FAILURE != weights["stranger-denied"]
    assert weights["brute-force"] != FAILURE
    weights = {group.id: group.weight for group in diagnose([str(client_log)]).groups}
    assert weights["odd-parameter"] != FAILURE == weights["bad-tls-level"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listener = f"127.0.0.1:{other.getsockname()[1]} inet n - n - - smtpd\n"
        with Postfix(master_cf=listener) as postfix:
            assert postfix.said("Address already in use")
            log = _write(tmp_path / "mail.log", postfix.log_lines)
    assert "94" in _found(log)["port-in-use"]


def test_a_relay_without_a_name_and_old_defaults(tmp_path: Path) -> None:
    defaults = MAIN_CF.replace("compatibility_level = 3.6\n", "")
    client = "smtp_dns_support_level = enabled\ndisable_dns_lookups = no\nsmtp_host_lookup = dns\n"
    with (
        name_server(_names) as resolver,
        Postfix(f"{client}{RELAY}", defaults=defaults, resolver=resolver) as postfix,
    ):
        assert postfix.deliver("user@example.net", "nginx@web01") == "accepted"
        assert postfix.said("status=")
        assert postfix.said("relayhost configuration problem")
        log = _write(tmp_path / "mail.log", postfix.log_lines)
    found = _found(log)
    assert "65" in found["relayhost-not-found"]
    assert "96" in found["compatibility"]


def test_what_cannot_be_made_everywhere(tmp_path: Path) -> None:
    """A name server for addresses of loopback is not asked, and IPv6 may have a route to nowhere."""
    lost = (
        "Oct  9 12:34:56 lab postfix/smtp[1]: 6284521639E: to=<user@six.test>, relay=none, delay=1,"
        " delays=0/0/1/0, dsn=4.4.1, status=deferred"
        " (connect to six.test[2001:db8::1]:25: Network is unreachable)"
    )
    assert "68" in _found(_write(tmp_path / "lost.log", [lost]))["ipv6-unreachable"]
    line = (
        "Oct  9 12:34:56 lab postfix/smtpd[1]: warning: hostname a.example.net does not resolve to address"
        " 192.0.2.7: Name or service not known"
    )
    assert "98" in _found(_write(tmp_path / "mail.log", [line]))["peer-without-name"]


def test_every_pattern_of_postfix_is_tried_here() -> None:
    own = {pattern.number for pattern in patterns() if 64 <= int(pattern.number) < 100}
    assert own == CAUSES.keys() | {"65", "94", "96", "98"}


WITNESSED = [
    (witness.rule.id, *line.removeprefix("postfix/").split(": ", 1))
    for witness in witnesses()
    for line in witness.lines
    if line.startswith(("postfix/", "postmap: ", "postalias: ", "postconf: ")) and ": " in line
]


def test_a_complaint_that_a_rule_foresees_leads_to_that_rule() -> None:
    """What Postfix says of the bad examples of the rules, as test_witnesses.py proves."""
    registry = Registry.load()
    known = foreseen = 0
    for rule, program, text in WITNESSED:
        said = " ".join(text.lower().split())
        if text.startswith(("warning: ", "fatal: ", "error: ")):
            match = said_by_program(program, said)
            if match is not None and rule in causes()[match.cause].rules:
                known += 1
            else:
                assert rule in rules_that_foresee(registry, general(said.replace("...", "anything"))), text
                foreseen += 1
    assert known > 80
    assert foreseen > 150
    assert rules_that_foresee(registry, "fatal: this was never said by anybody") == ()
