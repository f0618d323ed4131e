"""What the real Postfix does with certificates, lists of protocols and log levels, as the rules say."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from lab.postfix import Postfix
from maillint.postfix.tls import USABLE_PROTOCOLS, protocols
from maillint.postfix.version import Version
from support import needs_postfix, needs_root

OPENSSL = shutil.which("openssl")
pytestmark = [
    needs_postfix,
    needs_root,
    pytest.mark.skipif(OPENSSL is None, reason="there is no openssl to make certificates with"),
]

SERVER = "smtpd_tls_security_level = may\n"
CLIENT = f"""\
{SERVER}smtpd_tls_chain_files = @DIR@/etc/key.pem @DIR@/etc/leaf.pem
relayhost = [127.0.0.1]:@PORT2@
smtp_tls_verify_cert_match = mail.example.com
smtp_tls_secure_cert_match = mail.example.com
"""
SINK = """\
127.0.0.1:@PORT2@ inet n - n - - smtpd
  -o { smtpd_client_restrictions = check_client_access static:discard }
"""
"""An SMTP server that throws away what it gets."""


def openssl(*arguments: str | Path) -> str:
    assert OPENSSL is not None
    answer = subprocess.run([OPENSSL, *arguments], capture_output=True, text=True, timeout=30, check=True)
    return answer.stdout


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files by name: an authority, another that it has signed, a host's certificate by that, their keys."""
    place = tmp_path_factory.mktemp("pem")
    extensions = place / "extensions"
    extensions.write_text(
        "[ca]\nbasicConstraints = critical,CA:TRUE\n[leaf]\nsubjectAltName = DNS:mail.example.com\n"
    )
    issuer: tuple[str | Path, ...] = ()
    for name, kind in (("root", "ca"), ("between", "ca"), ("leaf", "leaf")):
        key, request, certificate = (place / f"{name}.{end}" for end in ("key", "csr", "pem"))
        openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={name}"
        )
        signer = issuer or ("-signkey", key)
        openssl(
            "x509", "-req", "-in", request, "-out", certificate, "-days", "2",
            "-extfile", extensions, "-extensions", kind, *signer,
        )  # fmt: skip
        issuer = ("-CA", certificate, "-CAkey", key, "-CAcreateserial")
    text = {path.name: path.read_text() for path in place.iterdir() if path.suffix in (".key", ".pem")}
    return {
        "root.pem": text["root.pem"],
        "authorities.pem": text["between.pem"] + text["root.pem"],
        "leaf.pem": text["leaf.pem"] + text["between.pem"],
        "alone.pem": text["leaf.pem"],
        "key.pem": text["leaf.key"],
        "other.pem": text["root.key"],
    }


@pytest.mark.parametrize("level", ["verify", "secure"])
@pytest.mark.parametrize(
    ("settings", "arrives"),
    [
        ("", False),
        ("tls_append_default_CA = yes\n", False),
        ("smtp_tls_CAfile = @DIR@/etc/root.pem\n", True),
    ],
    ids=["no-authority", "default-authorities-alone", "authority"],
)
def test_without_an_authority_nobody_is_verified(
    pem: dict[str, str], level: str, settings: str, arrives: bool
) -> None:
    main = f"{CLIENT}smtp_tls_security_level = {level}\n{settings}"
    with Postfix(main, SINK, files=pem) as postfix:
        postfix.deliver("user@example.net")
        said = postfix.said(r"status=(sent|deferred)")
    assert said is not None
    assert ("status=sent" in said) == arrives
    assert arrives or "Server certificate not" in said


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("smtpd_tls_chain_files = @DIR@/etc/key.pem @DIR@/etc/leaf.pem", ""),
        (
            "smtpd_tls_chain_files = @DIR@/etc/leaf.pem @DIR@/etc/key.pem",
            "error loading chain from .*: key not first",
        ),
        (
            "smtpd_tls_chain_files = @DIR@/etc/key.pem @DIR@/etc/other.pem @DIR@/etc/leaf.pem",
            "not followed by a certificate",
        ),
        (
            "smtpd_tls_cert_file = @DIR@/etc/leaf.pem\nsmtpd_tls_key_file = @DIR@/etc/other.pem",
            "key.*does not match the certificate|disabling TLS support",
        ),
        (
            "smtpd_tls_cert_file = @DIR@/etc/leaf.pem\nsmtpd_tls_key_file = @DIR@/etc/leaf.pem",
            "disabling TLS support",
        ),
    ],
    ids=["right", "certificate-first", "two-keys", "another-key", "no-key"],
)
def test_a_server_needs_the_key_before_the_certificate_and_the_right_one(
    pem: dict[str, str], settings: str, says: str
) -> None:
    with Postfix(f"{SERVER}{settings}\n", files=pem) as postfix:
        reply = postfix.start_tls()
        assert not says or postfix.said(says) is not None, postfix.log
    assert ("454" in reply) == bool(says)
    assert reply.startswith("220") != bool(says)


@pytest.mark.parametrize(
    ("settings", "certificates"),
    [
        ("smtpd_tls_cert_file = @DIR@/etc/leaf.pem\n", 2),
        ("smtpd_tls_cert_file = @DIR@/etc/alone.pem\n", 1),
        ("smtpd_tls_cert_file = @DIR@/etc/alone.pem\nsmtpd_tls_CAfile = @DIR@/etc/authorities.pem\n", 3),
    ],
    ids=["chain", "leaf", "leaf-and-authorities"],
)
def test_the_certificates_that_a_client_is_shown(
    pem: dict[str, str], settings: str, certificates: int
) -> None:
    main = f"{SERVER}{settings}smtpd_tls_key_file = @DIR@/etc/key.pem\n"
    with Postfix(main, files=pem) as postfix:
        shown = connected(postfix.port, "-showcerts")
    assert (
        shown.count("BEGIN CERTIFICATE") - shown.count("Server certificate\n-----BEGIN") * 0 == certificates
    )


def connected(port: int, *arguments: str) -> str:
    """What ``openssl s_client`` says of a server, whatever it thinks of it."""
    assert OPENSSL is not None
    answer = subprocess.run(
        [OPENSSL, "s_client", "-starttls", "smtp", "-connect", f"127.0.0.1:{port}", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return answer.stdout + answer.stderr


OPTIONS = {"TLSv1": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
"""The options of s_client; no OpenSSL here has SSLv3."""


@pytest.mark.parametrize(
    "text",
    ["", ">=TLSv1.2", "<=TLSv1.2", ">=0302:<=tlsv1.2", "!SSLv2, !SSLv3, !TLSv1.1", "TLSv1, SSLv3",
     "TLSv1.2, TLSv1.1, !TLSv1, !SSLv2", "TLSv1.3, !TLSv1.3", ">=TLSv1.1 !TLSv1.2"],
)  # fmt: skip
def test_what_a_server_takes(pem: dict[str, str], text: str) -> None:
    main = (
        f"{SERVER}smtpd_tls_chain_files = @DIR@/etc/key.pem @DIR@/etc/leaf.pem\ntls_config_file = none\n"
        f"tls_medium_cipherlist = ALL:@SECLEVEL=0\nsmtpd_tls_protocols = {text}\n"
    )
    with Postfix(main, files=pem) as postfix:
        taken = tuple(
            name
            for name, option in OPTIONS.items()
            if re.search(
                r"Cipher is (?!\(NONE\))", connected(postfix.port, option, "-cipher", "ALL:@SECLEVEL=0")
            )
        )
    meaning = protocols(text, Version("3.7.11"), client=False)
    assert meaning is not None
    assert taken == tuple(name for name in meaning.used if name in OPTIONS)
    assert set(OPTIONS) == set(USABLE_PROTOCOLS[1:])


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        (">=TLSv1.2", True),
        ("!SSLv2, !SSLv3, !TLSv1", True),
        ("!SSLv2, !SSLv3, !TLSv1.1", False),
        ("TLSv1, TLSv1.2, TLSv1.3", False),
        ("!SSLv2, !SSLv3, !TLSv1.2", False),
    ],
)
def test_a_client_offers_nothing_above_a_gap(pem: dict[str, str], text: str, arrives: bool) -> None:
    """The server takes TLS 1.2 and better, as nearly everybody does."""
    main = (
        f"{CLIENT}smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_protocols = {text}\n"
        "smtpd_tls_protocols = >=TLSv1.2\n"
    )
    with Postfix(main, SINK, files=pem) as postfix:
        postfix.deliver("user@example.net")
        said = postfix.said(r"status=(sent|deferred)")
    assert said is not None
    assert ("status=sent" in said) == arrives
    meaning = protocols(text, Version("3.7.11"), client=True)
    assert meaning is not None
    assert ({"TLSv1.2", "TLSv1.3"} & set(meaning.used) != set()) == arrives


def test_level_four_logs_passwords(pem: dict[str, str]) -> None:
    main = f"{SERVER}smtpd_tls_chain_files = @DIR@/etc/key.pem @DIR@/etc/leaf.pem\nsmtpd_tls_loglevel = 4\n"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with Postfix(main, files=pem) as postfix, postfix.connect() as client:
        client.starttls(context=context)
        client.docmd("AUTH PLAIN AGFubmEAc2VjcmV0")
        assert postfix.said(r"Read \d+ chars: AUTH PLAIN AGFubmEAc2VjcmV0") is not None
