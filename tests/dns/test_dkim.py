"""DKIM key records, and keys in DER, compared with what OpenSSL makes."""

import base64
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.dns.der import key_of_certificate, pem_blocks, public_key, public_part
from maillint.dns.dkim import is_key_record, key_name, parse_key_record

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

ED25519 = base64.b64encode(bytes(range(32))).decode()


def openssl(*arguments: str, input: bytes = b"") -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=input, capture_output=True, check=True, timeout=60
    ).stdout


@needs_openssl
@pytest.mark.parametrize("bits", [512, 1024, 1536])
def test_a_private_rsa_key_and_its_public_one(bits: int) -> None:
    private = openssl("genrsa", str(bits))
    public = openssl("pkey", "-pubout", "-outform", "DER", input=private)
    key = public_key(public)
    assert (key.kind, key.bits) == ("rsa", bits)
    assert key.info == public
    assert public_part(private.decode()) == key
    assert public_part(openssl("rsa", "-traditional", input=private).decode()) == key
    bare = openssl("rsa", "-RSAPublicKey_out", "-outform", "DER", input=private)
    assert public_key(bare) == key
    record = parse_key_record(f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")
    assert record.key == key
    assert record.problem is None


@needs_openssl
def test_keys_that_cannot_be_compared() -> None:
    ed25519 = openssl("genpkey", "-algorithm", "ed25519").decode()
    assert public_part(ed25519) is None
    locked = openssl("genrsa", "-aes128", "-passout", "pass:x", "1024").decode()
    assert public_part(locked) is None
    assert public_part("no key at all") is None


@needs_openssl
def test_the_key_of_a_certificate(tmp_path: Path) -> None:
    for algorithm in (("rsa:1024",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
        files = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")]
        openssl("req", "-x509", "-newkey", *algorithm, "-nodes", "-subj", "/CN=mail.good.net", *files)
        ((label, certificate),) = pem_blocks((tmp_path / "cert").read_text())
        assert label == "CERTIFICATE"
        pem = openssl("x509", "-in", str(tmp_path / "cert"), "-pubkey", "-noout")
        assert key_of_certificate(certificate) == openssl("pkey", "-pubin", "-outform", "DER", input=pem)


@given(st.binary(max_size=80))
@settings(deadline=None)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for read in (public_key, key_of_certificate):
        try:
            read(data)
        except ValueError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("k=rsa", 0, "no `p=`"),
        ("k=rsa; v=DKIM1; p=AAAA", 7, "must come first"),
        ("v=DKIM2; p=AAAA", 0, "exactly `DKIM1`"),
        ("v=DKIM1; p=!!!", 9, "not base64"),
        ("v=DKIM1; k=dsa; p=AAAA", 16, "do not know keys of the kind `dsa`"),
        ("v=DKIM1; k=ed25519; p=AAAA", 20, "32 octets"),
        (f"v=DKIM1; h=sha1; k=ed25519; p={ED25519}", 9, "`h=sha1` forbids sha256"),
        (f"v=DKIM1; s=chat; k=ed25519; p={ED25519}", 9, "not for mail"),
        ("v=DKIM1; p=MIGf", 9, "holds no key"),
        ("v=DKIM1; p", 9, "`name=value`"),
    ],
)
def test_records_that_verifiers_cannot_use(text: str, start: int, words: str) -> None:
    record = parse_key_record(text)
    assert record.problem is not None
    assert record.problem.start == start
    assert words in record.problem.message
    assert record.key is None


@pytest.mark.parametrize(
    "text",
    [
        f"v=DKIM1; k=ed25519; p={ED25519}",
        f"k=ed25519; p={ED25519}",
        f"v=DKIM1;k=ed25519;h=sha256:sha1;s=email;t=s;n=a note;p={ED25519[:20]} {ED25519[20:]};",
    ],
)
def test_records_that_are_right(text: str) -> None:
    record = parse_key_record(text)
    assert record.problem is None
    assert record.key is not None
    assert record.key.kind == "ed25519"
    assert not record.testing


def test_flags_and_revocation() -> None:
    assert parse_key_record("v=DKIM1; p=").revoked
    assert parse_key_record(f"v=DKIM1; t=y:s; k=ed25519; p={ED25519}").testing
    assert is_key_record("p=")
    assert not is_key_record("v=spf1 -all")
    assert key_name("s1", "good.net") == "s1._domainkey.good.net"
