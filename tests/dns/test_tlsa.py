"""TLSA records and certificates, with digests as OpenSSL makes them."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from lab.https_server import OPENSSL, Authority, needs_openssl
from maillint.dns.der import pem_blocks
from maillint.dns.tlsa import Tlsa, association, matches, recommended, records, tlsa_name
from maillint.dns.zone import Zone

pytestmark = needs_openssl


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    certificate, _ = authority.issue("mail.good.net")
    texts = [certificate.read_text(), authority.certificate.read_text()]
    return [data for text in texts for _, data in pem_blocks(text)]


def public_key(certificate: bytes, directory: Path) -> bytes:
    path = directory / "cert.der"
    path.write_bytes(certificate)
    assert OPENSSL is not None
    pem = subprocess.run(
        [OPENSSL, "x509", "-inform", "DER", "-in", str(path), "-pubkey", "-noout"],
        capture_output=True,
        check=True,
    ).stdout
    return subprocess.run(
        [OPENSSL, "pkey", "-pubin", "-outform", "DER"], input=pem, capture_output=True, check=True
    ).stdout


def test_the_data_of_a_record(chain: list[bytes], tmp_path: Path) -> None:
    key = public_key(chain[0], tmp_path)
    assert association(chain[0], 1, 1) == hashlib.sha256(key).digest()
    assert association(chain[0], 1, 2) == hashlib.sha512(key).digest()
    assert association(chain[0], 0, 1) == hashlib.sha256(chain[0]).digest()
    assert association(chain[0], 0, 0) == chain[0]
    assert recommended(chain[0]) == "3 1 1 " + hashlib.sha256(key).hexdigest()


@pytest.mark.parametrize("selector", [0, 1])
@pytest.mark.parametrize("matching", [0, 1, 2])
def test_records_match(chain: list[bytes], selector: int, matching: int) -> None:
    own, above = (association(certificate, selector, matching) for certificate in chain)
    assert matches(Tlsa(3, selector, matching, own), chain)
    assert not matches(Tlsa(3, selector, matching, above), chain)
    assert matches(Tlsa(2, selector, matching, above), chain)
    assert not matches(Tlsa(1, selector, matching, own), chain)
    assert not matches(Tlsa(3, selector, matching, own[:-1]), chain)


@pytest.mark.parametrize(
    ("record", "usable"),
    [
        (Tlsa(3, 1, 1, bytes(32)), True),
        (Tlsa(2, 0, 2, bytes(64)), True),
        (Tlsa(3, 1, 1, bytes(31)), False),
        (Tlsa(0, 1, 1, bytes(32)), False),
        (Tlsa(1, 1, 1, bytes(32)), False),
        (Tlsa(3, 2, 1, bytes(32)), False),
        (Tlsa(3, 1, 3, bytes(32)), False),
    ],
)
def test_what_senders_can_use(record: Tlsa, usable: bool) -> None:
    assert record.is_usable == usable


def test_records_of_an_answer() -> None:
    dns = Zone(f"_25._tcp.mail.good.net. 60 TLSA 3 1 1 {'0a' * 32}")
    answer = dns.ask(tlsa_name("mail.good.net"), "TLSA")
    assert records(answer) == (Tlsa(3, 1, 1, b"\n" * 32),)
    assert not answer.secure
