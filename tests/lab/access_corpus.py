"""Real configurations, made to start on loopback, and what their smtpd answers.

Of each, what decides about access is kept, expanded; paths, ports, logins, certificates, policy servers and
tables that are not there are replaced. maillint judges the very files that Postfix is started with.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from lab.access_lab import Answer, ports
from lab.postfix import Postfix
from lab.smtp_probe import DIES, HANGS_UP, PATIENCE, REJECT, Caller, Session
from maillint.postfix.access import (
    CERTIFIED,
    DEPENDS,
    FOREIGN,
    LOGGED_IN,
    Condition,
    Party,
    clients,
    decide,
    recipients,
    senders,
)
from maillint.postfix.access.message import requires_tls
from maillint.postfix.configuration import Configuration, ConfigurationError, View, load_directory, load_files
from maillint.postfix.restrictions import access_lists
from maillint.postfix.vocabulary import stages, table_types
from postfix.oracle import installed_version
from support import MAIN_CF, MASTER_CF, CorpusFile, corpus_files

_KEPT = re.compile(
    r"smtpd_(restriction_classes|delay_reject|relay_before_recipient_restrictions|helo_required"
    r"|reject_unlisted_(sender|recipient)|sasl_auth_enable|sender_login_maps"
    r"|tls_(security_level|auth_only|ask_ccert|req_ccert|wrappermode)|use_tls|enforce_tls"
    r"|null_access_lookup_key)"
    r"|(access_map|invalid_hostname|maps_rbl|multi_recipient_bounce|non_fqdn|plaintext|relay_domains|unknown_\w+"
    r"|unverified_\w+)_(reject|defer)_code|reject_code|defer_code|(\w+_)?tempfail_action|soft_bounce"
    r"|parent_domain_matches_subdomains|recipient_delimiter|receive_override_options|proxy_interfaces"
    r"|append_dot_mydomain|permit_mx_backup_networks|maps_rbl_domains|allow_untrusted_routing|strict_rfc821_envelopes"
    r"|relay_clientcerts|relocated_maps|(recipient_|sender_)?canonical_maps"
)
_ALWAYS = (
    *("myhostname", "mydomain", "mydestination", "mynetworks", "relay_domains", "compatibility_level"),
    *("virtual_alias_maps", "virtual_alias_domains", "virtual_mailbox_maps", "virtual_mailbox_domains"),
    *("local_recipient_maps", "relay_recipient_maps", "transport_maps"),
    *("local_transport", "virtual_transport", "relay_transport", "default_transport"),
)
"""What the lab sets for all, so that the configuration's own value, or Postfix's, must be written."""
_TYPES = "|".join(sorted(table_types()))
_TABLE = re.compile(
    rf"(?:proxy:|debug:)*\b(?:{_TYPES}):(?:\{{[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}}|[^\s,{{}}]+)"
)
_POLICY = re.compile(r"(check_policy_service[\s,]+)(\{[^{}]*\}|[^\s,]+)", re.IGNORECASE)
_ACCESS = tuple(stages())
_DOMAINS = {
    "mydestination": "local",
    "virtual_alias_domains": "alias",
    "virtual_mailbox_domains": "mailbox",
    "relay_domains": "relay",
}
_NONE = frozenset({"transport_maps", "relocated_maps", "canonical_maps", "recipient_canonical_maps"})
_COMMON = """\
inet_interfaces = 127.0.0.1
smtpd_sasl_type = dovecot
smtpd_tls_cert_file = @DIR@/etc/cert.pem
smtpd_tls_key_file = @DIR@/etc/key.pem
smtpd_tls_loglevel = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
smtpd_junk_command_limit = 1000
smtpd_client_connection_count_limit = 0
smtpd_policy_service_retry_delay = 1
address_verify_map =
address_verify_poll_delay = 1
address_verify_negative_cache = no
"""


class Real(NamedTuple):
    """A configuration of the corpus that can be started, or why it cannot."""

    name: str
    main: str
    services: tuple[tuple[str, str], ...]
    """The name in its master.cf, and the ``-o`` as they are written here, of each smtpd."""
    trouble: str = ""


def configurations() -> Iterator[Real]:
    """All of the corpus: each main.cf, with the master.cf beside it."""
    masters = {
        file.path.parent: file.path for file in corpus_files(MASTER_CF) if file.path.name == "master.cf"
    }
    for file in corpus_files(MAIN_CF):
        yield _real(file, masters.get(file.path.parent) if file.path.name == "main.cf" else None)


def _real(file: CorpusFile, master: Path | None) -> Real:
    try:
        config = load_files(
            str(file.path),
            str(master) if master else None,
            directory=str(file.path.parent),
            hostname="host.lab.example",
            version=installed_version(),
        )
    except ConfigurationError as error:
        return Real(str(file), "", (), str(error))
    problem = _unusable(config)
    if problem:
        return Real(str(file), "", (), problem)
    main = "".join(f"{name} = {text}\n" for name, text in _settings(config.main_view, file.path.parent, True))
    services = tuple(
        (
            view.id,
            " ".join(f"-o {{ {name} = {text} }}" for name, text in _settings(view, file.path.parent, False)),
        )
        for view in _smtpds(config)
    )
    return Real(str(file), main, services)


def _smtpds(config: Configuration) -> Iterator[View]:
    if config.master is None:
        yield config.main_view
    for view in config.views:
        if view.service is not None and view.daemon == "smtpd" and view.service.type in ("inet", "pass"):
            yield view


def _unusable(config: Configuration) -> str:
    """Why nothing can be said of a configuration: what is in its access lists is not all there."""
    for view in (config.main_view, *_smtpds(config)):
        names = [*_ACCESS, *access_lists(view).classes, "mydestination", "mynetworks", "relay_domains"]
        for name in names:
            if view.is_set(name) and view.value(name).text is None:
                return f"{name} is not known: {view.value(name).unknown}"
    return ""


def _settings(view: View, directory: Path, is_main: bool) -> Iterator[tuple[str, str]]:
    """The settings to write, with what is not here replaced."""
    config = view.configuration
    classes = {item.text for item in view.items("smtpd_restriction_classes") if item.known}
    names = dict.fromkeys(_ALWAYS if is_main else ())
    names |= dict.fromkeys(config.settings if is_main else view.overrides)
    for name in names:
        kept = name in _ALWAYS or name in _ACCESS or name in classes or _KEPT.fullmatch(name)
        if not kept:
            continue
        text = view.value(name).text
        if text is None:
            text = {
                "mynetworks": "127.0.0.0/8",
                "myhostname": "host.lab.example",
                "mydomain": "lab.example",
            }.get(name)
        if name == "mydestination" and text is None and not view.is_set(name):
            text = "host.lab.example, localhost.lab.example, localhost"
        if text is None:
            continue
        if name == "compatibility_level" and not view.is_set(name):
            text = "0"
        yield name, _replaced(name, text.replace("\n", " "), directory, name in _ACCESS or name in classes)


def _replaced(name: str, text: str, directory: Path, is_access: bool) -> str:
    text = text.replace("$", "$$")
    if name.endswith("_transport"):
        return text if text.startswith(("error:", "retry:")) else "discard:"
    if is_access:
        text = _POLICY.sub(r"\1@POLICY@", text)
        return _TABLE.sub(lambda found: _access_table(found[0], directory), text)
    if name == "mynetworks":
        return re.sub(r"(?<![^\s,])!?/\S+", "", _TABLE.sub(_as_network, text))
    if name in _DOMAINS:
        text = re.sub(r"(?<![^\s,])/[^\s,]+", f"{_DOMAINS[name]}.file.example", text)
        return _TABLE.sub(f"inline:{{ {_DOMAINS[name]}.table.example=x }}", text)
    if name in _NONE:
        return ""
    if name == "virtual_alias_maps":
        return "inline:{ root@alias.table.example=root@localhost }" if text else ""
    if name in (
        "virtual_mailbox_maps",
        "relay_recipient_maps",
        "smtpd_sender_login_maps",
        "relay_clientcerts",
    ):
        return (
            f"inline:{{ @{_DOMAINS.get(name.replace('maps', 'domains'), 'x')}.table.example=x }}"
            if text
            else ""
        )
    if name == "local_recipient_maps":
        return "unix:passwd.byname" if text else ""
    return _TABLE.sub("inline:{ nothing=x }", text)


def _as_network(found: re.Match[str]) -> str:
    """IPv6 addresses without brackets look like tables."""
    return found[0] if re.fullmatch(r"[0-9a-fA-F:./]+", found[0]) else "inline:{ 192.0.2.222=x }"


def _access_table(text: str, directory: Path) -> str:
    """A table that is here under another type, itself, or one that lists nothing."""
    type, _, name = text.rpartition("proxy:")[2].partition(":")
    if name.startswith("{") or type == "static":
        return text
    source = directory / Path(name).name
    if type in ("cidr", "regexp", "pcre") and source.is_file():
        return f"{type}:@FILES@/{source.name}"
    if type in ("hash", "texthash", "btree", "lmdb", "dbm", "cdb") and source.is_file():
        return f"texthash:@FILES@/{source.name}"
    return "inline:{ nothing=DUNNO }"


def certificate(directory: Path) -> dict[str, str]:
    """A certificate for the lab, made on the spot."""
    key, cert = directory / "key.pem", directory / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subject = ["-subj", "/CN=lab.example", "-days", "2", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    return {"key.pem": key.read_text(), "cert.pem": cert.read_text()}


def fingerprints(directory: Path) -> tuple[str, str]:
    """The SHA-256 fingerprints of the certificate that :func:`certificate` made, and of its public key."""
    cert = str(directory / "cert.pem")
    command = ["openssl", "x509", "-in", cert, "-noout", "-pubkey"]
    public = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    command = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    key = subprocess.run(command, check=True, capture_output=True, input=public.encode()).stdout
    whole = ssl.PEM_cert_to_DER_cert(Path(cert).read_text())
    first, second = (hashlib.sha256(data).digest().hex(":").upper() for data in (whole, key))
    return first, second


def holds(condition: Condition) -> bool | None:
    """What is so in the lab: all names exist, nobody is listed, the policy server has nothing against it."""
    return condition.usual if condition.kind in ("dns", "policy") else None


def zones(real: Real) -> frozenset[str]:
    """The lists in the DNS that a configuration asks; in the lab, they list nobody."""
    words = re.split(r"[\s,]+", real.main + str(real.services))
    pairs = pairwise(words)
    return frozenset(
        zone.partition("=")[0].lower()
        for word, zone in pairs
        if re.match("(reject_r|permit_dnswl|permit_rhswl)", word)
    )


def look_up(name: str, type: str, lists: frozenset[str]) -> str | None:
    """What the DNS of the lab has: every name, but nothing in *lists*."""
    if any(name.endswith(f".{zone}") for zone in lists):
        return None
    return {"A": "192.0.2.1", "MX": f"10 mx.{name}."}.get(type, "")


class NotStartedError(Exception):
    """The master daemon itself ends with an error."""


def ask(real: Real, files: dict[str, str], logins: str, policy: str, resolver: str) -> Iterator[Answer]:
    """Start it, and ask each of its smtpd as each client."""
    found_ports = ports(len(real.services))
    main = f"{_COMMON}smtpd_sasl_path = {logins}\n{real.main}"
    files = dict(files)
    for name in set(re.findall(r"@FILES@/([^\s,]+)", real.main + str(real.services))):
        source = _source(real, name)
        files[name] = source.read_text("utf-8", "surrogateescape")
    how = "-o smtpd_upstream_proxy_protocol=haproxy"
    master = "".join(
        f"127.0.0.1:{port} inet n - n - - smtpd {how} {options}\n"
        for (_, options), port in zip(real.services, found_ports, strict=True)
    )
    main, master = (
        text.replace("@POLICY@", policy).replace("@FILES@", "@DIR@/etc") for text in (main, master)
    )
    with Postfix(main, master, files=files, resolver=resolver) as postfix:
        if postfix.said("daemon started", timeout=1) is None:
            raise NotStartedError(postfix.said("fatal:", timeout=1) or "the master daemon ended")
        config = load_directory(f"{postfix.directory}/etc", version=installed_version())
        for (service, _), port in zip(real.services, found_ports, strict=True):
            view = config.view(f"127.0.0.1:{port}/inet")
            assert view is not None
            yield from _asked(f"{real.name} {service}", view, port)


def _source(real: Real, name: str) -> Path:
    return next(file.path.parent / name for file in corpus_files(MAIN_CF) if str(file) == real.name)


def _asked(name: str, view: View, port: int) -> Iterator[Answer]:
    whole = any(view.value(f"smtpd_{stage}_restrictions").text for stage in ("data", "end_of_data"))
    kinds = [
        client._replace(exact=True, name="unknown") for client in clients(view) if client.kind != CERTIFIED
    ]
    to = [_existing(party) for party in recipients(view)]
    sent_by = [_existing(party) for party in senders(view)]
    for client in kinds:
        encrypts = requires_tls(view) or (
            client.kind == LOGGED_IN and view.boolean("smtpd_tls_auth_only") is True
        )
        who = Caller(client.address, "", client.kind == LOGGED_IN, client.helo, encrypts)
        cells = [(s, r, decide(view, client, s, r, holds)) for r in to for s in sent_by]
        dies = any(verdict.outcome == DIES for _, _, verdict in cells)
        wrapped = view.boolean("smtpd_tls_wrappermode") is True
        with Session(port, who, wrapped, 1.5 if dies else PATIENCE) as session:
            for sender, recipient, verdict in cells:
                outcome, reply = session.send(sender.address, recipient.address, whole)
                if outcome == HANGS_UP:
                    outcome = DIES if DIES in verdict.possible else REJECT
                certain = decide(view, client, sender, recipient).outcome != DEPENDS
                yield Answer(name, client, sender, recipient, verdict, outcome, reply, certain)
                if outcome == DIES:
                    return


def _existing(party: Party) -> Party:
    domain = party.address.rpartition("@")[2]
    if party.kind == FOREIGN or not domain:
        return party._replace(exact=True)
    return party._replace(address=f"root@{domain}", exact=True)
