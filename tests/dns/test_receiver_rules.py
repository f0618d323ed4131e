"""The rules about what receivers see of a host, as a process against the real nsd."""

import http.server
import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.dns_server import FaultyServer, nsd
from lab.https_server import OPENSSL, Authority, answer, https_server, needs_openssl
from lab.validating_server import ValidatingServer
from maillint.dns.der import pem_blocks
from maillint.dns.mta_sts import Fetcher
from maillint.dns.resolver import Resolver
from maillint.dns.tlsa import recommended
from support import needs_nsd, needs_root, run_maillint

KEY = b64encode(bytes(range(32))).decode()

ZONE = f"""\
$TTL 60
.                        SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                        NS    ns.bakery.net.
net.                     TXT   "a domain"
ns.bakery.net.           A     127.0.0.1

; a host with all it needs
mail.right.net.          A     192.0.2.1
mail.right.net.          AAAA  2001:db8::1
mail.right.net.          TXT   "v=spf1 a -all"
right.net.               MX    10 mail.right.net.
right.net.               TXT   "v=spf1 mx -all"
_dmarc.right.net.        TXT   "v=DMARC1; p=reject; rua=mailto:dmarc@right.net"
1.2.0.192.in-addr.arpa.  PTR   mail.right.net.
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.right.net.
key._domainkey.right.net. TXT  "v=DKIM1; k=ed25519; p={KEY}"

; addresses
2.2.0.192.in-addr.arpa.  PTR   other.right.net.
other.right.net.         A     192.0.2.99
3.2.0.192.in-addr.arpa.  PTR   host-192-0-2-3.isp.net.
host-192-0-2-3.isp.net.  A     192.0.2.3
4.2.0.192.in-addr.arpa.  PTR   ghost.right.net.
4.2.0.192.zen.spamhaus.org.  A 127.0.0.3
6.2.0.192.zen.spamhaus.org.  A 127.255.255.254
9.2.0.192.in-addr.arpa.  PTR   other.right.net.
alias.right.net.         CNAME mail.right.net.

; mail servers
nomx.net.                TXT   "v=spf1 -all"
aonly.net.               A     192.0.2.1
nullmx.net.              MX    0 .
cnamemx.net.             MX    10 alias.right.net.
addressmx.net.           MX    10 192.0.2.1.
ghostmx.net.             MX    10 ghost.right.net.
elsewhere.net.           MX    10 mx.filter.net.
mx.filter.net.           A     198.51.100.9
samehost.net.            MX    10 mx.samehost.net.
mx.samehost.net.         A     192.0.2.1

; DMARC
nodmarc.net.             TXT   "v=spf1 -all"
nodmarc.net.             MX    10 mail.right.net.
astray.net.              TXT   "v=DMARC1; p=none"
none.net.                TXT   "v=spf1 -all"
_dmarc.none.net.         TXT   "v=DMARC1; p=none"
two.net.                 TXT   "v=spf1 -all"
_dmarc.two.net.          TXT   "v=DMARC1; p=none"
_dmarc.two.net.          TXT   "v=DMARC1; p=reject"
near.net.                TXT   "v=spf1 -all"
_dmarc.near.net.         TXT   "v=DMARC1 p=none"
lost.net.                TXT   "v=spf1 -all"
_dmarc.lost.net.         TXT   "v=DMARC1; p=rejected"
pct.net.                 TXT   "v=spf1 -all"
_dmarc.pct.net.          TXT   "v=DMARC1; p=reject; pct=20; ri=86400"
sub.net.                 TXT   "v=spf1 -all"
_dmarc.sub.net.          TXT   "v=DMARC1; p=reject; sp=none; rua=mailto:r@sub.net"
web.sub.net.             TXT   "v=spf1 -all"
report.net.              TXT   "v=spf1 -all"
_dmarc.report.net.       TXT   "v=DMARC1; p=reject; rua=mailto:r@reader.net,mailto:r@mail.report.net"
reader.net.              TXT   "reads reports"
report2.net.             TXT   "v=spf1 -all"
_dmarc.report2.net.      TXT   "v=DMARC1; p=reject; rua=mailto:r@reader.net"
*._report._dmarc.reader.net. TXT "not a record"
report2.net._report._dmarc.reader.net. TXT "v=DMARC1;"
web.strict.net.          TXT   "v=spf1 -all"
strict.net.              TXT   "v=spf1 -all"
_dmarc.strict.net.       TXT   "v=DMARC1; p=reject; aspf=s"
web.right.net.           TXT   "v=spf1 -all"

; DKIM
revoked._domainkey.right.net. TXT "v=DKIM1; p="
twice._domainkey.right.net. TXT "v=DKIM1; k=ed25519; p={KEY}"
twice._domainkey.right.net. TXT "v=DKIM1; p="
broken._domainkey.right.net. TXT "v=DKIM1; k=ed25519; p=AAAA"
linked._domainkey.right.net. CNAME key._domainkey.right.net.
test._domainkey.right.net. TXT "v=DKIM1; t=y; k=ed25519; p={KEY}"

; MTA-STS, TLS-RPT
sts.net.                 MX    10 mail.right.net.
_mta-sts.sts.net.        TXT   "v=STSv1; id=1"
mta-sts.sts.net.         A     127.0.0.1
stsrpt.net.              MX    10 mail.right.net.
_mta-sts.stsrpt.net.     TXT   "v=STSv1; id=1"
mta-sts.stsrpt.net.      A     127.0.0.1
_smtp._tls.stsrpt.net.   TXT   "v=TLSRPTv1; rua=mailto:t@right.net"
stsbad.net.              MX    10 mail.right.net.
_mta-sts.stsbad.net.     TXT   "v=STSv1; id=a-b"
stsnohost.net.           MX    10 mail.right.net.
_mta-sts.stsnohost.net.  TXT   "v=STSv1; id=1"
rptbad.net.              MX    10 mail.right.net.
_mta-sts.rptbad.net.     TXT   "v=STSv1; id=1"
mta-sts.rptbad.net.      A     127.0.0.1
_smtp._tls.rptbad.net.   TXT   "v=TLSRPTv1; rua=t@right.net"

; DANE
signed.net.              MX    10 mx.signed.net.
mx.signed.net.           A     192.0.2.50
_25._tcp.mx.signed.net.  TLSA  3 1 1 {"00" * 32}
usage.signed.net.        MX    10 mx.usage.signed.net.
mx.usage.signed.net.     A     192.0.2.51
_25._tcp.mx.usage.signed.net. TLSA 1 1 1 {"00" * 32}
unsigned.net.            MX    10 mx.unsigned.net.
mx.unsigned.net.         A     192.0.2.52
_25._tcp.mx.unsigned.net. TLSA 3 1 1 {"00" * 32}
"""

RIGHT = "myhostname = mail.right.net\nmyorigin = right.net\nmydestination = right.net\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with nsd({".": ZONE}) as address:
        yield address


def check(
    directory: Path,
    resolver: str,
    rules: str,
    files: dict[str, str],
    *options: str,
    status: int | None = None,
) -> dict[str, Any]:
    """The JSON report about *files*, below a directory named postfix."""
    home = directory / "etc" / "postfix"
    home.mkdir(parents=True)
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    process = run_maillint(
        "check",
        "--online",
        "--resolver",
        resolver,
        "--select",
        rules,
        "--format",
        "json",
        *options,
        str(home),
    )
    report: dict[str, Any] = json.loads(process.stdout)
    assert report["errors"] == [], process.stderr
    assert status is None or process.returncode == status
    return report


def found(report: dict[str, Any]) -> list[tuple[str, str]]:
    assert report["not_checked"] == []
    return [(finding["rule"], finding["severity"]) for finding in report["findings"]]


def only(report: dict[str, Any], rule: str, severity: str, *words: str) -> dict[str, Any]:
    assert found(report) == [(rule, severity)], report
    finding: dict[str, Any] = report["findings"][0]
    for word in words:
        assert word in finding["message"], finding["message"]
    return finding


def main_cf(**settings: str) -> str:
    """RIGHT with some settings changed."""
    lines = dict(line.split(" = ", 1) for line in RIGHT.splitlines())
    return "".join(f"{name} = {value}\n" for name, value in (lines | settings).items())


AREA = (
    "fcrdns-missing,ptr-generic,helo-not-resolving,mx-missing,mx-is-cname,mx-not-this-host,"
    "mx-here-but-not-accepted,null-mx-sender,dkim-selector-missing-dns,dkim-key-short,dkim-key-testing,"
    "dmarc-missing,dmarc-syntax,dmarc-policy-none,dmarc-alignment,dmarc-removed-tags,"
    "dmarc-report-unauthorised,mta-sts-invalid,tls-rpt-missing,tlsa-mismatch,tlsa-dns-unsigned,dnsbl-listed"
)


@needs_nsd
def test_a_host_with_all_it_needs(server: str, tmp_path: Path) -> None:
    files = {
        "main.cf": main_cf(smtp_bind_address="192.0.2.1", smtp_bind_address6="2001:db8::1")
        + "smtpd_milters = inet:localhost:8891\n",
        "../opendkim.conf": "Domain right.net\nSelector key\nKeyFile /etc/opendkim/key.private\n",
    }
    assert found(check(tmp_path, server, AREA, files, status=0)) == []


@needs_nsd
@pytest.mark.parametrize(
    ("settings", "rule", "severity", "words"),
    [
        ({"smtp_bind_address": "192.0.2.2"}, "fcrdns-missing", "error", "`other.right.net`"),
        ({"smtp_bind_address": "192.0.2.4"}, "fcrdns-missing", "error", "does not lead back"),
        ({"smtp_bind_address": "192.0.2.5"}, "fcrdns-missing", "error", "`5.2.0.192.in-addr.arpa PTR`"),
        ({"smtp_bind_address6": "2001:db8::2"}, "fcrdns-missing", "error", "2001:db8::2"),
        ({"smtp_bind_address": "192.0.2.3"}, "ptr-generic", "info", "`host-192-0-2-3.isp.net`"),
        ({"smtp_bind_address": "192.0.2.4"}, "dnsbl-listed", "warning", "zen.spamhaus.org with 127.0.0.3"),
        ({"smtp_helo_name": "ghost.right.net"}, "helo-not-resolving", "error", "`ghost.right.net A`"),
        ({"smtp_bind_address": "192.0.2.9"}, "helo-not-resolving", "info", "leaves from 192.0.2.9"),
        ({"myorigin": "nomx.net"}, "mx-missing", "warning", "neither an MX record nor an address"),
        ({"myorigin": "nullmx.net"}, "null-mx-sender", "error", "550 5.7.27"),
        ({"myorigin": "cnamemx.net"}, "mx-is-cname", "warning", "an alias of `mail.right.net`"),
        ({"myorigin": "addressmx.net"}, "mx-is-cname", "error", "the address 192.0.2.1"),
        ({"myorigin": "ghostmx.net"}, "mx-is-cname", "error", "no address"),
        ({"mydestination": "cnamemx.net"}, "mx-is-cname", "warning", "alias"),
        ({"mydestination": "elsewhere.net"}, "mx-not-this-host", "warning", "`mx.filter.net`"),
        ({"virtual_mailbox_domains": "elsewhere.net"}, "mx-not-this-host", "info", "`mx.filter.net`"),
        ({"mydestination": "localhost"}, "mx-here-but-not-accepted", "error", "554 5.7.1"),
        (
            {"mydestination": "localhost", "myorigin": "samehost.net"},
            "mx-here-but-not-accepted", "error", "samehost.net",
        ),
        ({"myorigin": "nodmarc.net"}, "dmarc-missing", "warning", "`_dmarc.nodmarc.net TXT`"),
        ({"myorigin": "astray.net"}, "dmarc-missing", "warning", "`astray.net` itself does not count"),
        ({"myorigin": "none.net"}, "dmarc-policy-none", "info", "without `rua=`"),
        ({"myorigin": "web.sub.net"}, "dmarc-policy-none", "info", "`sp=none`"),
        ({"myorigin": "two.net"}, "dmarc-syntax", "error", "2 DMARC records"),
        ({"myorigin": "near.net"}, "dmarc-syntax", "error", "a `;` must follow"),
        ({"myorigin": "lost.net"}, "dmarc-syntax", "error", "column 13"),
        ({"myorigin": "pct.net"}, "dmarc-removed-tags", "info", "`pct=20`"),
        ({"myorigin": "report.net"}, "dmarc-report-unauthorised", "warning", "reports to reader.net"),
        (
            {"myorigin": "web.strict.net", "masquerade_domains": "strict.net",
             "masquerade_classes": "header_sender"},
            "dmarc-alignment", "warning", "user@web.strict.net in its envelope",
        ),
        ({"mydestination": "sts.net"}, "tls-rpt-missing", "info", "has MTA-STS, but no TLS-RPT record"),
        ({"mydestination": "rptbad.net"}, "tls-rpt-missing", "info", "neither a `mailto:`"),
        ({"mydestination": "stsbad.net"}, "mta-sts-invalid", "warning", "letters and digits"),
        ({"mydestination": "stsnohost.net"}, "mta-sts-invalid", "warning", "`mta-sts.stsnohost.net`"),
    ],
)  # fmt: skip
def test_what_receivers_miss(
    server: str, tmp_path: Path, settings: dict[str, str], rule: str, severity: str, words: str
) -> None:
    report = check(tmp_path, server, rule, {"main.cf": main_cf(**settings)})
    finding = only(report, rule, severity, words)
    assert finding["mend"]


@needs_nsd
@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"myorigin": "aonly.net"}, "mx-missing"),
        ({"myorigin": "gone.net"}, "mx-missing,dmarc-missing"),  # That it does not exist is said elsewhere.
        ({"mydestination": "samehost.net"}, "mx-not-this-host"),
        ({"myorigin": "web.right.net"}, "dmarc-missing,dmarc-policy-none"),
        ({"myorigin": "report2.net"}, "dmarc-report-unauthorised"),
        ({"myorigin": "elsewhere.net", "mydestination": "localhost"}, "mx-here-but-not-accepted"),
        ({"mydestination": "localhost", "relay_domains": "net"}, "mx-here-but-not-accepted"),
        ({"mydestination": "localhost", "inet_interfaces": "loopback-only"}, "mx-here-but-not-accepted"),
        (
            {"myorigin": "web.right.net", "masquerade_domains": "right.net",
             "masquerade_classes": "header_sender"},
            "dmarc-alignment",
        ),
        ({"mydestination": "stsrpt.net"}, "mta-sts-invalid,tls-rpt-missing"),
        # That the name has no address is said of the greeting.
        ({"smtp_bind_address": "192.0.2.4", "myhostname": "ghost.right.net"}, "fcrdns-missing"),
        ({"smtp_bind_address": "192.0.2.2", "relayhost": "[relay.isp.net]"}, "fcrdns-missing,ptr-generic"),
        ({"smtp_helo_name": "ghost.right.net", "relayhost": "[relay.isp.net]"}, "helo-not-resolving"),
    ],
)  # fmt: skip
def test_what_is_no_fault(server: str, tmp_path: Path, settings: dict[str, str], rule: str) -> None:
    assert found(check(tmp_path, server, rule, {"main.cf": main_cf(**settings)}, status=0)) == []


@needs_nsd
@pytest.mark.parametrize(
    ("settings", "rule", "words"),
    [
        ({"smtp_bind_address": "10.1.2.3", "inet_protocols": "ipv4"}, "fcrdns-missing", "NAT"),
        ({"smtp_bind_address": "192.0.2.6"}, "dnsbl-listed", "refuses to answer"),
        ({"sender_canonical_maps": "hash:/etc/postfix/sender"}, "mx-missing", "`sender_canonical_maps` may"),
        ({"myorigin": "example.com"}, "dmarc-missing", "reserved for examples"),
        ({"myhostname": "mail.example.com"}, "helo-not-resolving", "reserved for examples"),
    ],
)
def test_what_cannot_be_told(
    server: str, tmp_path: Path, settings: dict[str, str], rule: str, words: str
) -> None:
    report = check(tmp_path, server, rule, {"main.cf": main_cf(**settings)}, status=0)
    assert report["findings"] == []
    assert any(words in note["reason"] for note in report["not_checked"]), report


@needs_nsd
def test_silence_is_no_fault(tmp_path: Path) -> None:
    """A server that refuses every question leaves each of them open."""
    files = {
        "main.cf": main_cf(mydestination="right.net, sts.net", smtp_bind_address="192.0.2.1")
        + "smtpd_milters = inet:localhost:8891\n",
        "../opendkim.conf": "Domain right.net\nSelector key\nKeyFile /etc/opendkim/key.private\n",
    }
    with nsd(
        {"other.org.": "@ 60 SOA ns hostmaster 1 3600 600 86400 60\n@ 60 NS ns\nns 60 A 192.0.2.1\n"}
    ) as refusing:
        report = check(tmp_path, refusing, AREA, files, status=0)
    assert report["findings"] == []
    silent = {"dmarc-alignment", "mx-here-but-not-accepted"}  # They have nothing to ask here.
    assert {note["rule"] for note in report["not_checked"]} == set(AREA.split(",")) - silent
    assert all("REFUSED" in note["reason"] for note in report["not_checked"])


@pytest.mark.parametrize("kind", ["drop", "garbage", "cutcut"])
def test_a_server_that_breaks_ends_in_time(tmp_path: Path, kind: str) -> None:
    name = f"{kind}.bakery.net"
    main = f"myhostname = mail.right.net\nmyorigin = {name}\nmydestination = {name}\n"
    with FaultyServer() as faulty:
        report = check(
            tmp_path, faulty.address, "mx-missing,null-mx-sender,mx-not-this-host", {"main.cf": main}
        )
    assert report["findings"] == []
    assert {note["rule"] for note in report["not_checked"]} == {
        "mx-missing",
        "null-mx-sender",
        "mx-not-this-host",
    }


# --- DKIM ------------------------------------------------------------------------------------------------

DKIM = "dkim-selector-missing-dns,dkim-key-short,dkim-key-testing"
MILTER = RIGHT + "non_smtpd_milters = inet:localhost:8891\n"


def opendkim(selector: str) -> str:
    return (
        f"# our signer\nMode sv\nDomain right.net\nSelector {selector}\nKeyFile /etc/opendkim/key.private\n"
    )


@needs_nsd
@pytest.mark.parametrize(
    ("selector", "rule", "severity", "words"),
    [
        ("gone", "dkim-selector-missing-dns", "error", "`gone._domainkey.right.net TXT`"),
        ("revoked", "dkim-selector-missing-dns", "error", "revoked"),
        ("twice", "dkim-selector-missing-dns", "error", "2 keys"),
        ("broken", "dkim-selector-missing-dns", "error", "column 21"),
        ("test", "dkim-key-testing", "info", "`t=y`"),
    ],
)
def test_selectors_of_opendkim(
    server: str, tmp_path: Path, selector: str, rule: str, severity: str, words: str
) -> None:
    files = {"main.cf": MILTER, "../opendkim.conf": opendkim(selector)}
    finding = only(check(tmp_path, server, DKIM, files), rule, severity, words)
    assert finding["start"]["line"] == 4
    (place,) = finding["related"]
    assert place["path"].endswith("etc/opendkim.conf")
    assert place["start"]["line"] == 4


@needs_nsd
@pytest.mark.parametrize("selector", ["key", "linked"])
def test_a_published_selector(server: str, tmp_path: Path, selector: str) -> None:
    files = {"main.cf": MILTER, "../opendkim.conf": opendkim(selector)}
    assert found(check(tmp_path, server, DKIM, files, status=0)) == []


@needs_nsd
@pytest.mark.parametrize(
    "files",
    [
        {"main.cf": RIGHT, "../opendkim.conf": opendkim("gone")},  # No mail gets to the signer.
        {"main.cf": MILTER, "../opendkim.conf": opendkim("gone").replace("sv", "v")},
        {"main.cf": MILTER},
        {"main.cf": MILTER, "../rspamd/local.d/dkim_signing.conf": 'enabled = false;\nselector = "gone";'},
    ],
)
def test_nothing_is_signed(server: str, tmp_path: Path, files: dict[str, str]) -> None:
    assert found(check(tmp_path, server, DKIM, files, status=0)) == []


@needs_nsd
def test_the_tables_of_opendkim(server: str, tmp_path: Path) -> None:
    files = {
        "main.cf": MILTER,
        "../opendkim.conf": "KeyTable file:/etc/opendkim/keys\nSigningTable refile:/etc/opendkim/signing\n",
        "../opendkim/keys": "one right.net:gone:/etc/o\nall %:key:/etc/p\nunused a.net:b:/c\n",
        "../opendkim/signing": "*@right.net one\n*@none.net all\n",
    }
    report = check(tmp_path, server, "dkim-selector-missing-dns", files)
    assert {f"{name}._domainkey.{domain}" in json.dumps(report["findings"]) for name, domain in (
        ("gone", "right.net"), ("key", "none.net"))} == {True}  # fmt: skip
    assert len(report["findings"]) == 2
    (tmp_path / "etc/opendkim/keys").unlink()
    again = run_maillint(
        "check", "--online", "--resolver", server, "--select", DKIM, "--format", "json",
        str(tmp_path / "etc/postfix"),
    )  # fmt: skip
    assert "`/etc/opendkim/keys`, which `KeyTable` names, is not here" in again.stdout
    assert json.loads(again.stdout)["findings"] == []


@needs_nsd
def test_the_password_of_a_database_is_not_shown(server: str, tmp_path: Path) -> None:
    files = {
        "main.cf": MILTER,
        "../opendkim.conf": "KeyTable dsn:mysql://mail:secret@db/dkim\nSigningTable file:/etc/opendkim/s\n",
        "../opendkim/s": "*@right.net one\n",
    }
    report = check(tmp_path, server, "dkim-selector-missing-dns", files, status=0)
    (note,) = report["not_checked"]
    assert "`KeyTable` is of the type `dsn`" in note["reason"]
    assert "secret" not in json.dumps(report)


@needs_nsd
def test_the_selectors_of_rspamd(server: str, tmp_path: Path) -> None:
    text = """
    # signing
    path = "/var/lib/rspamd/dkim/$domain.$selector.key"; /* keys */
    domain {
      right.net { selectors [ { path: "/a"; selector: "key"; }, { path = "/b"; selector = "gone" } ] }
      "none.net" { selector = other; }
    }
    """
    report = check(
        tmp_path, server, "dkim-selector-missing-dns",
        {"main.cf": MILTER, "../rspamd/local.d/dkim_signing.conf": text},
    )  # fmt: skip
    messages = [finding["message"] for finding in report["findings"]]
    assert [("`gone`" in message, "`other`" in message) for message in messages] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


@needs_nsd
@needs_openssl
def test_the_private_key_is_compared_and_kept(tmp_path: Path) -> None:
    assert OPENSSL is not None

    def made() -> tuple[str, str]:
        private = subprocess.run([OPENSSL, "genrsa", "1024"], capture_output=True, check=True).stdout
        public = subprocess.run(
            [OPENSSL, "pkey", "-pubout", "-outform", "DER"], input=private, capture_output=True, check=True
        ).stdout
        return private.decode(), b64encode(public).decode()

    private, public = made()
    other, other_public = made()
    zone = ZONE + f'rsa._domainkey.right.net. TXT "v=DKIM1; p={public[:100]}" "{public[100:]}"\n'
    conf = opendkim("rsa")
    with nsd({".": zone}) as address:
        report = check(
            tmp_path / "right", address, DKIM,
            {"main.cf": MILTER, "../opendkim.conf": conf, "../opendkim/key.private": private},
        )  # fmt: skip
        only(report, "dkim-key-short", "warning", "1024 bits")
        report = check(
            tmp_path / "other", address, "dkim-selector-missing-dns",
            {"main.cf": MILTER, "../opendkim.conf": conf, "../opendkim/key.private": other},
        )  # fmt: skip
    finding = only(report, "dkim-selector-missing-dns", "error", "another key is published")
    assert other_public in finding["mend"]
    assert other.splitlines()[3] not in json.dumps(report)


# --- DANE ------------------------------------------------------------------------------------------------

DANE = "tlsa-mismatch,tlsa-dns-unsigned"


@needs_nsd
def test_without_a_verifying_resolver_it_is_not_known(server: str, tmp_path: Path) -> None:
    main = main_cf(myhostname="mx.unsigned.net", mydestination="unsigned.net")
    report = check(tmp_path, server, DANE, {"main.cf": main}, status=0)
    assert report["findings"] == []
    (note,) = report["not_checked"]
    assert "does not verify signatures" in note["reason"]


@needs_nsd
def test_records_that_are_not_signed(server: str, tmp_path: Path) -> None:
    main = main_cf(myhostname="mx.unsigned.net", mydestination="unsigned.net")
    with ValidatingServer(server, ("arpa", "signed.net")) as resolver:
        report = check(tmp_path, resolver.address, DANE, {"main.cf": main})
    only(report, "tlsa-dns-unsigned", "warning", "`_25._tcp.mx.unsigned.net TLSA` is not signed")


@needs_nsd
@needs_openssl
def test_records_and_the_certificate(tmp_path: Path) -> None:
    certificate, _ = Authority(tmp_path).issue("mx.signed.net")
    pem = certificate.read_text()
    ((_, der),) = pem_blocks(pem)
    tls = (
        "smtpd_tls_cert_file = /etc/ssl/mail.pem\nsmtpd_tls_key_file = /etc/ssl/mail.key\n"
        "smtpd_tls_security_level = may\n"
    )
    main = main_cf(myhostname="mx.signed.net", mydestination="signed.net") + tls
    files = {"main.cf": main, "../ssl/mail.pem": pem}
    roll_over = ZONE + f"_25._tcp.mx.signed.net. TLSA {recommended(der)}\n"
    with nsd({".": ZONE}) as server, ValidatingServer(server, ("arpa", "signed.net")) as resolver:
        report = check(tmp_path / "bad", resolver.address, DANE, files)
        finding = only(report, "tlsa-mismatch", "error", "none of which matches")
        assert f"_25._tcp.mx.signed.net. 3600 IN TLSA {recommended(der)}" in finding["mend"]
        unreadable = check(tmp_path / "unreadable", resolver.address, DANE, {"main.cf": main}, status=0)
        assert found(unreadable) == []
        usage = main_cf(myhostname="mx.usage.signed.net", mydestination="usage.signed.net")
        report = check(tmp_path / "usage", resolver.address, DANE, {"main.cf": usage})
        only(report, "tlsa-mismatch", "warning", "cannot be used for mail (`1 1 1`")
    with nsd({".": roll_over}) as server, ValidatingServer(server, ("arpa", "signed.net")) as resolver:
        assert found(check(tmp_path / "good", resolver.address, DANE, files, status=0)) == []


# --- policies --------------------------------------------------------------------------------------------


def test_policies_need_the_dns(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(RIGHT)
    process = run_maillint("check", "--fetch-policies", str(tmp_path))
    assert process.returncode == 2
    assert "--online" in process.stderr


@needs_nsd
@needs_openssl
@pytest.mark.parametrize(
    ("policy", "severity", "words"),
    [
        ("version: STSv1\nmode: enforce\nmx: *.right.net\nmax_age: 86400\n", None, ""),
        (
            "version: STSv1\nmode: enforce\nmx: mail.old.net\nmax_age: 86400\n",
            "error",
            "do not deliver there",
        ),
        ("version: STSv1\nmode: testing\nmx: mail.old.net\nmax_age: 86400\n", "warning", "as a failure"),
        ("version: STSv1\nmode: none\nmax_age: 86400\n", None, ""),
        ("version: STSv1\nmode: on\nmax_age: 86400\n", "warning", "malformed"),
    ],
)
def test_a_policy_against_the_mail_servers(
    server: str, tmp_path: Path, policy: str, severity: str | None, words: str
) -> None:
    from maillint.engine.discovery import Target
    from maillint.engine.plan import Plan
    from maillint.engine.registry import BUILT_IN, Registry
    from maillint.engine.run import check as judge
    from maillint.engine.settings import Layer, Settings

    (tmp_path / "main.cf").write_text(main_cf(mydestination="stsrpt.net"))
    plan = Plan(Settings(Layer({"select": ["mta-sts-invalid"]}, "test")), Registry.load((BUILT_IN,)))
    resolver = Resolver(server)
    plan.dns = resolver
    authority = Authority(tmp_path)
    with https_server(authority.issue("mta-sts.stsrpt.net"), answer(policy)) as port:
        plan.policies = Fetcher(resolver, port=port, timeout=3, context=authority.context())
        outcome = judge(Target(str(tmp_path), str(tmp_path / "main.cf"), None), plan)
    assert not outcome.problems
    assert [finding.severity for finding in outcome.findings] == ([severity] if severity else [])
    assert all(words in finding.message for finding in outcome.findings)


@needs_nsd
@needs_openssl
@needs_root
def test_the_command_fetches_policies(server: str, tmp_path: Path) -> None:
    """From the real port: only root may listen there."""
    authority = Authority(tmp_path)
    asked: list[str] = []

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        answer("version: STSv1\nmode: enforce\nmx: mail.old.net\nmax_age: 86400\n")(handler)

    home = tmp_path / "postfix"
    home.mkdir()
    (home / "main.cf").write_text(main_cf(mydestination="stsrpt.net"))
    arguments = ["check", "--online", "--resolver", server, "--select", "mta-sts-invalid", "--format", "json"]
    try:
        web = https_server(authority.issue("mta-sts.stsrpt.net"), respond, 443)
        with web:
            env = {"SSL_CERT_FILE": str(authority.certificate)}
            without = run_maillint(*arguments, str(home), env=env)
            assert asked == []
            process = run_maillint(*arguments, "--fetch-policies", str(home), env=env)
    except OSError as error:
        pytest.skip(f"port 443 of loopback cannot be used: {error}")
    assert json.loads(without.stdout)["findings"] == []
    assert asked == ["/.well-known/mta-sts.txt"]
    (finding,) = json.loads(process.stdout)["findings"]
    assert "`mail.right.net`" in finding["message"]
    assert finding["severity"] == "error"
