"""Configurations that are right: maillint finds nothing in them, and the real Postfix does their work."""

import json
import os
import re
import smtplib
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from lab.postfix import Postfix, free_port
from lab.stand_ins import (
    PASSWORD,
    DovecotAuth,
    Lmtp,
    Milter,
    PolicyServer,
    TcpTable,
    filter_to,
    serving,
    tcp_server,
    unix_server,
)
from maillint.postfix import catalogue
from maillint.postfix.expand import READ_ONLY
from maillint.postfix.version import NEWEST, Version
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from support import ROOT, needs_postfix, needs_root, run_maillint, run_postconf_in

HOSTS = ROOT / "examples" / "configurations"
VERSIONS = ("3.7", "3.7.11", "3.10", str(NEWEST))
SENDER = "a@[198.51.100.7]"
"""An address that can be judged without the DNS."""
NEIGHBOURS = {
    "8024": Lmtp,
    "8891": Milter,
    "10001": TcpTable,
    "10002": TcpTable,
    "10023": PolicyServer,
    "11332": Milter,
}
"""What listens on which port of loopback beside Postfix."""
POLICY_SERVER = """\
#!/bin/sh
while read line; do [ "$line" ] || printf 'action=DUNNO\\n\\n'; done
"""
ELSEWHERE = "somebody@elsewhere.example"


class Host(NamedTuple):
    """What a host is to do with mail. Ports are those of its master.cf."""

    mine: tuple[str, ...] = ()
    """Recipients that it takes mail for from everybody."""
    unknown: tuple[str, ...] = ()
    """Recipients of its domains that do not exist: refused."""
    client: str = "198.51.100.7"
    """From where others bring mail."""
    sender: str = SENDER
    refusal: str = r"[45]54 [45]\.7\.1 .*: Relay access denied"
    """What they are told who want to have mail relayed."""
    relays_for_programs: bool = True
    """Whether programs on the host may send to the world without a login."""
    login_ports: tuple[str, ...] = ()
    """Where mail programs log in."""
    login: str = ""
    """Who logs in, which is also the sender."""
    log: str = ""
    """What the log says in the end of the first message to :attr:`mine`: a regular expression."""
    tables: Mapping[str, str] = {}
    """Tables that other programs make: name in the lab, and text."""


WORK = {
    "null-client": Host(),
    "send-only-web": Host(mine=("root@www.example.net",)),
    "mx-dovecot-rspamd": Host(
        mine=("anna@example.org", "anna+news@example.org", "postmaster@example.net", "root@mx.example.org"),
        unknown=("nobody-here@example.org", "dora@example.net"),
        login_ports=("submission", "submissions"),
        login="anna@example.org",
        log=r"postfix/lmtp\[\d+\]: .*relay=mx.example.org\[private/dovecot-lmtp\].*status=sent",
    ),
    "virtual-sql": Host(
        mine=("anna@example.net", "sales@example.net"),
        unknown=("dora@example.net",),
        login_ports=("submissions",),
        login="anna@example.net",
        log=r"postfix/virtual\[\d+\]: .*status=sent \(delivered to maildir\)",
        tables={
            "domains": "example.net 1\n",
            "mailboxes": "anna@example.net example.net/anna/\n",
            "aliases": "sales@example.net anna@example.net\n",
            "senders": "anna@example.net anna@example.net\n",
        },
    ),
    "backup-mx": Host(
        mine=("anna@example.org", "choir@lists.example.org"),
        unknown=("dora@example.org", "choir@sub.example.org"),
    ),
    "gateway-amavis": Host(
        mine=("anna@example.com", "postmaster@gw.example.com"),
        unknown=("dora@example.com",),
        log=r"postfix/reinject/smtpd\[\d+\]: \w+: client=unknown\[127\.0\.0\.1\]",
    ),
    "postscreen-mx": Host(
        mine=("root@example.net", "team@mx1.example.net"),
        unknown=("dora@example.net",),
        log=r"postfix/postscreen\[\d+\]: ALLOWLISTED \[127\.0\.0\.1\]",
    ),
    "mailman3": Host(
        mine=("choir@lists.example.org", "choir-bounces+anna=example.net@lists.example.org"),
        unknown=("dora@lists.example.org",),
        log=r"postfix/lmtp\[\d+\]: .*status=sent",
        tables={
            "postfix_domains": "lists.example.org lists.example.org\n",
            "postfix_lmtp": "choir@lists.example.org lmtp:[127.0.0.1]:8024\n"
            "choir-bounces@lists.example.org lmtp:[127.0.0.1]:8024\n",
        },
    ),
    "lan-hub": Host(
        mine=("root@example.com", "office@mail.example.com"),
        unknown=("dora@example.com",),
        client="198.51.100.25",
    ),
    "satellite-smarthost": Host(mine=("root@branch01.example.net",)),
    "debian-stock": Host(mine=("root@web02.example.net",), unknown=("dora@web02.example.net",)),
    "rhel-stock": Host(mine=("webmaster@app02.example.org",), unknown=("dora@app02.example.org",)),
    "policy-mx": Host(
        mine=("anna@example.com", "ticket-12@example.com", "root@mx3.example.com"),
        unknown=("dora@example.com", "ticket-x@example.com"),
    ),
    "outbound-relay": Host(
        sender="shop@example.com", refusal="554 5.7.1 .*: Recipient address rejected: Access denied"
    ),
    "department": Host(
        mine=("office@dept.example.org", "seminar@lists.dept.example.org"),
        unknown=("frieda@dept.example.org", "other@lists.dept.example.org"),
        log=r"postfix/pipe\[\d+\]: .*relay=spamassassin, .*status=sent",
    ),
    "submission-only": Host(
        refusal="530 5.7.0 Must issue a STARTTLS command first",
        relays_for_programs=False,
        login_ports=("submission", "submissions"),
        login="anna@example.com",
    ),
}


def test_every_host_has_its_work() -> None:
    assert set(WORK) == {path.name for path in HOSTS.iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("version", VERSIONS)
def test_maillint_has_nothing_to_say(name: str, version: str) -> None:
    run = run_maillint("check", "--format", "json", "--postfix-version", version, str(HOSTS / name))
    report = json.loads(run.stdout)
    assert [finding for finding in report["findings"] if finding["severity"] != "info"] == []
    assert (run.returncode, report["errors"]) == (0, [])


@pytest.mark.parametrize("name", WORK)
def test_maillint_has_no_advice_for_the_postfix_that_the_level_is_of(name: str) -> None:
    run = run_maillint("check", "--format", "json", "--fail-on", "info", str(HOSTS / name))
    assert (run.returncode, json.loads(run.stdout)["findings"]) == (0, [])


@pytest.mark.parametrize("version", VERSIONS)
def test_maillint_has_nothing_to_say_of_defaults_that_are_written_down(version: str, tmp_path: Path) -> None:
    for name in WORK:
        copytree(HOSTS / name, tmp_path / name)
        main = tmp_path / name / "main.cf"
        main.write_text(main.read_text() + defaults(main.read_text(), Version(version)))
    # Parameters that are given up have defaults, too, and Postfix warns of them.
    options = ("--format", "json", "--ignore", "deprecated", "--postfix-version", version)
    run = run_maillint("check", *options, str(tmp_path))
    report = json.loads(run.stdout)
    assert [found["message"] for found in report["findings"] if found["severity"] != "info"] == []
    assert (run.returncode, report["errors"]) == (0, [])


def defaults(main: str, version: Version) -> str:
    """A line for each parameter that *main* does not set and that has the same default on every host."""
    unset = set(catalogue.names(version)) - set(re.findall(r"(?m)^(\w+) *=", main)) - READ_ONLY
    values = ((name, catalogue.default(name, version)) for name in sorted(unset))
    return "".join(f"{name} = {value}\n" for name, value in values if value is not None)


@needs_postfix
@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("option", ["-n", "-nx", "-M", "-P"])
def test_postconf_is_silent(name: str, option: str) -> None:
    with house(name) as place:
        assert run_postconf_in(place, option).stderr == ""


@needs_postfix
@pytest.mark.parametrize("name", WORK)
def test_tables_can_be_built(name: str) -> None:
    with house(name) as place:
        assert build_tables(place) == ""


@needs_postfix
@needs_root
@pytest.mark.parametrize("name", WORK)
def test_it_does_its_work(name: str, certificate: Path) -> None:
    host = WORK[name]
    with running(name, certificate) as (postfix, ports):
        for recipient in host.mine:
            assert hand_in(postfix.port, recipient, host.client) == "accepted"
        assert not host.log or postfix.said(host.log)
        for recipient in host.unknown:
            assert hand_in(postfix.port, recipient, host.client).startswith("550 5.1.1")
        assert re.match(host.refusal, hand_in(postfix.port, ELSEWHERE, host.client, host.sender))
        if host.relays_for_programs:
            assert hand_in(postfix.port, ELSEWHERE, sender=host.sender) == "accepted"
        for service in host.login_ports:
            port, wrapped = ports[service], service == "submissions"
            assert log_in_and_send(port, wrapped, host.login, host.login) == "accepted"
            assert log_in_and_send(port, wrapped, host.login, "boss@example.com").startswith("553 5.7.1")
        assert complaints(postfix) == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a self-signed certificate, its key, and both in one file."""
    place = tmp_path_factory.mktemp("certificate")
    key, certificate = place / "key.pem", place / "certificate.pem"
    request = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=lab.example.com"
    command = ["openssl", *request.split(), "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    (place / "both.pem").write_text(key.read_text() + certificate.read_text())
    return place


@contextmanager
def house(name: str) -> Iterator[Path]:
    """A copy of a host's directory in a place of its own, which it takes for /etc/postfix."""
    with TemporaryDirectory(prefix="maillint-lab-") as directory:
        place = Path(directory)
        place.chmod(0o755)
        copytree(HOSTS / name, place, dirs_exist_ok=True)
        for file in place.rglob("*"):
            if file.suffix == ".cf":
                text = file.read_text().replace("/etc/postfix/", f"{place}/")
                text = re.sub("/etc/(aliases|mailname)", rf"{place}/\1", text)
                # Every program asks the system whether it has this address.
                text = re.sub("(?m)^(inet_interfaces = ).*, localhost$", r"\1localhost", text)
                file.write_text(text)
        age(place)
        yield place


def age(place: Path) -> None:
    """Let the files be old: Postfix reads one again and again until it is some seconds old (util/dict.c)."""
    for file in place.rglob("*"):
        os.utime(file, (0, 0))


def build_tables(place: Path) -> str:
    """Build the indexed tables that main.cf names; what postmap and postalias say of them."""
    said, main = "", (place / "main.cf").read_text()
    aliases = "".join(re.findall("^alias_maps = .*", main, re.M))
    for type_, file in sorted(set(re.findall(r"\b(hash|lmdb):(\S+)\b", main))):
        if Path(file).is_file():
            program = "postalias" if file in aliases else "postmap"
            command = [f"/usr/sbin/{program}", "-c", place, f"{type_}:{file}"]
            said += subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return said


@contextmanager
def running(name: str, certificate: Path) -> Iterator[tuple[Postfix, dict[str, int]]]:
    """The host in the lab, among its stand-ins, and the ports that stand for those of its master.cf."""
    with house(name) as place, ExitStack() as stack:
        master, ports = on_loopback((place / "master.cf").read_text(), place)
        servers = {port: tcp_server(handler) for port, handler in NEIGHBOURS.items()}
        if (way_back := ports.get("127.0.0.1:10025")) is not None:
            servers["10024"] = tcp_server(filter_to(way_back))
        moved = {port: str(server.server_address[1]) for port, server in servers.items()}
        for table, text in WORK[name].tables.items():
            (place / table).write_text(with_ports(text, moved))
        main = with_ports(in_the_lab((place / "main.cf").read_text(), place, certificate), moved)
        (place / "main.cf").write_text(main)
        (place / "policyd").write_text(POLICY_SERVER)
        (place / "policyd").chmod(0o755)
        age(place)
        build_tables(place)
        (place / "vmail").mkdir()
        os.chown(place / "vmail", 5000, 5000)
        postfix = stack.enter_context(Postfix(main, master, defaults="", services=""))
        private = postfix.directory / "queue" / "private"
        for path, handler in (
            (place / "milter", Milter),
            (private / "auth", DovecotAuth),
            (private / "dovecot-lmtp", Lmtp),
        ):
            stack.enter_context(serving(unix_server(path, handler)))
        for server in servers.values():
            stack.enter_context(serving(server))
        yield postfix, {service: port or postfix.port for service, port in ports.items()}


def with_ports(text: str, moved: Mapping[str, str]) -> str:
    """*text* with other ports of loopback in place of those that are keys of *moved*."""
    return re.sub(
        r"(?<=127\.0\.0\.1)(\]?):(\d+)", lambda found: f"{found[1]}:{moved.get(*found.group(2, 2))}", text
    )


def on_loopback(master: str, place: Path) -> tuple[str, dict[str, int]]:
    """A master.cf with its network services on free ports of loopback, and nothing in a chroot.

    Without postlogd(8), as the lab takes the log, and with stand-ins for the programs that it starts.
    Also the ports; 0 for the first, which is the lab's own.
    """
    ports: dict[str, int] = {}
    edits = []
    for service in parse_master_cf(Source("master.cf", master)).services:
        if service.type == "inet":
            port = ports[service.name] = free_port() if ports else 0
            edits.append((service.fields[0].span, f"127.0.0.1:{port or '@PORT@'}"))
        if service.type == "unix-dgram":
            edits.append((service.span, ""))
        else:
            edits.append((service.fields[4].span, "n"))
    for span, text in reversed(edits):
        master = master[: span.start] + text + master[span.end :]
    for pattern, ours in (
        (r"user=[-\w]+", "user=nobody"),
        (r"argv=/usr/bin/spamc .*", "argv=/bin/cat"),
        (r"argv=/usr/bin/policyd-spf", f"argv={place}/policyd"),
    ):
        master = re.sub(pattern, ours, master)
    return master, ports


def in_the_lab(main: str, place: Path, certificate: Path) -> str:
    """A main.cf with the lab's paths in place of the host's, and without questions to the DNS."""
    for pattern, ours in (
        (r",\n +/etc/letsencrypt/\S+/rsa/\S+\.pem", ""),
        (r"/etc/letsencrypt/\S+/combined.pem", f"{certificate}/both.pem"),
        (r"/\S+(?:/privkey\.pem|\.key)", f"{certificate}/key.pem"),
        (
            rf"(?:/etc|{place})/\S+(?:\.pem|/ca-certificates\.crt|/ca-bundle\.crt)",
            f"{certificate}/certificate.pem",
        ),
        (r"unix:\S*opendkim\.sock", f"unix:{place}/milter"),
        (r"proxy:mysql:(\S+)/sql/(\w+)\.cf", r"proxy:texthash:\1/\2"),
        (r"hash:/var/lib/mailman3/data", f"hash:{place}"),
        (r"/var/vmail", f"{place}/vmail"),
        (r"^(?:queue|command|daemon|data|meta|shlib)_directory = .*\n", ""),
        (
            r"reject_(?:rbl_client|rhsbl_sender) \S+|reject_unknown_(?:sender|recipient)_domain",
            "permit_mynetworks",
        ),
        (r"reject_unknown_reverse_client_hostname", "permit_mynetworks"),
        (r"\$config_directory", str(place)),
    ):
        main = re.sub(pattern, ours, main, flags=re.MULTILINE)
    return main + (
        "smtpd_authorized_xclient_hosts = 127.0.0.1\n"
        "smtpd_peername_lookup = no\n"
        "defer_transports = smtp, relay\n"
    )


def hand_in(port: int, recipient: str, client: str | None = None, sender: str = SENDER) -> str:
    """Hand in a message, as a program on the host or as a *client* elsewhere; the refusal, or "accepted"."""
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="mail.example.org", timeout=10) as session:
            if client is not None:
                session.ehlo()
                session.docmd(f"XCLIENT NAME=[UNAVAILABLE] ADDR={client}")
                session.ehlo()
            session.sendmail(sender, recipient, "Subject: test\r\n\r\ntest\r\n")
    except (OSError, smtplib.SMTPException) as error:
        return refusal(error)
    return "accepted"


def log_in_and_send(port: int, wrapped: bool, login: str, sender: str) -> str:
    """Send a message as a mail program that has logged in; the refusal, or "accepted"."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            smtplib.SMTP_SSL("127.0.0.1", port, "desk.example.com", timeout=10, context=context)
            if wrapped
            else smtplib.SMTP("127.0.0.1", port, "desk.example.com", timeout=10)
        ) as session:
            if not wrapped:
                session.starttls(context=context)
            session.login(login, PASSWORD)
            session.sendmail(sender, ELSEWHERE, "Subject: test\r\n\r\ntest\r\n")
    except (OSError, smtplib.SMTPException) as error:
        return refusal(error)
    return "accepted"


def refusal(error: Exception) -> str:
    """The server's answer in an exception: its code and text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, text),) = error.recipients.values()
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return f"no answer: {error}"
    return f"{code} {text.decode() if isinstance(text, bytes) else text}"


def complaints(postfix: Postfix) -> list[str]:
    """The lines of the log that are more than information."""
    return [line for line in postfix.log if re.search(r"\]: (?:warning|error|fatal|panic): ", line)]
