"""As much DER (X.690) as it takes to find the public key in a certificate, a key file or a DKIM record."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from maillint.record import NamedTuple

SEQUENCE, INTEGER, BIT_STRING, OCTET_STRING, OID, NULL = 0x30, 0x02, 0x03, 0x04, 0x06, 0x05
_VERSION = 0xA0
"""The tag of the optional version at the beginning of a certificate (RFC 5280 4.1)."""

RSA = bytes.fromhex("2a864886f70d010101")
ED25519 = bytes.fromhex("2b6570")
EC = bytes.fromhex("2a8648ce3d0201")
NAMES = {RSA: "rsa", ED25519: "ed25519", EC: "ec"}

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)


class Node(NamedTuple):
    """One value."""

    tag: int
    content: bytes
    whole: bytes
    """With its tag and length."""

    def children(self) -> list[Node]:
        return list(nodes(self.content))


def nodes(data: bytes) -> Iterator[Node]:
    """The values that *data* is made of. Raises ValueError for what is not DER."""
    offset = 0
    while offset < len(data):
        if offset + 2 > len(data):
            raise ValueError("it ends in the middle")
        tag, length, start = data[offset], data[offset + 1], offset + 2
        if length & 0x80:
            octets = length & 0x7F
            if not 1 <= octets <= 4:
                raise ValueError("it has a length that is not DER")
            length, start = int.from_bytes(data[start : start + octets], "big"), start + octets
        if start + length > len(data):
            raise ValueError("it ends in the middle")
        yield Node(tag, data[start : start + length], data[offset : start + length])
        offset = start + length


class PublicKey(NamedTuple):
    """A public key as it is published."""

    kind: str
    """``rsa``, ``ed25519``, ``ec``, or the object identifier in hexadecimal digits."""
    bits: int
    """The size of the modulus of an RSA key; of others, that of the published point."""
    parts: tuple[bytes, ...]
    """What makes it the key that it is: modulus and exponent of an RSA key, else the point."""

    @property
    def info(self) -> bytes:
        """The SubjectPublicKeyInfo of an RSA key, as DKIM records have it."""
        algorithm = _encoded(SEQUENCE, _encoded(OID, RSA) + _encoded(NULL, b""))
        numbers = _encoded(SEQUENCE, b"".join(_encoded(INTEGER, part) for part in self.parts))
        return _encoded(SEQUENCE, algorithm + _encoded(BIT_STRING, b"\0" + numbers))


def public_key(data: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo (RFC 5280 4.1), or a bare RSAPublicKey (RFC 8017 A.1.1).

    Raises ValueError for what is neither.
    """
    outer = _sequence(data)
    if [node.tag for node in outer] == [INTEGER, INTEGER]:
        return _rsa(outer)
    if [node.tag for node in outer] != [SEQUENCE, BIT_STRING]:
        raise ValueError("it is not a public key")
    algorithm = outer[0].children()
    if not algorithm or algorithm[0].tag != OID:
        raise ValueError("it does not say of what algorithm the key is")
    key = outer[1].content[1:]
    kind = NAMES.get(algorithm[0].content, algorithm[0].content.hex())
    return _rsa(_sequence(key)) if kind == "rsa" else PublicKey(kind, 8 * len(key), (key,))


def _rsa(numbers: list[Node]) -> PublicKey:
    if [node.tag for node in numbers[:2]] != [INTEGER, INTEGER]:
        raise ValueError("it has no RSA modulus")
    modulus = int.from_bytes(numbers[0].content, "big")
    return PublicKey("rsa", modulus.bit_length(), (numbers[0].content, numbers[1].content))


def public_part(pem: str) -> PublicKey | None:
    """The public key of the private RSA key in *pem*; None for another or an encrypted one.

    PKCS#1 (RFC 8017 A.1.2) and PKCS#8 (RFC 5208). Raises ValueError for what is no key at all.
    """
    for label, data in pem_blocks(pem):
        if label == "PRIVATE KEY":
            parts = _sequence(data)
            if len(parts) < 3 or parts[2].tag != OCTET_STRING:
                raise ValueError("it is not a private key")
            if not parts[1].content.startswith(bytes((OID, len(RSA))) + RSA):
                return None
            data = parts[2].content
        elif label != "RSA PRIVATE KEY":
            continue
        try:
            return _rsa(_sequence(data)[1:])
        except ValueError:
            return None
    return None


def pem_blocks(text: str) -> Iterator[tuple[str, bytes]]:
    """The label and content of each block of a PEM file (RFC 7468). Raises ValueError for bad base64."""
    for found in _PEM.finditer(text):
        lines = [line for line in found[2].split("\n") if ":" not in line]
        yield found[1], from_base64("".join(lines))


def from_base64(text: str) -> bytes:
    """The octets; white space does not count. Raises ValueError."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is not base64") from error


def key_of_certificate(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate, as it stands there (RFC 5280 4.1). Raises ValueError."""
    signed = _sequence(certificate)
    fields = signed[0].children() if signed else []
    if fields and fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6 or fields[5].tag != SEQUENCE:
        raise ValueError("it is not a certificate")
    return fields[5].whole


def _encoded(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _sequence(data: bytes) -> list[Node]:
    outer = list(nodes(data))
    if len(outer) != 1 or outer[0].tag != SEQUENCE:
        raise ValueError("it is not one DER sequence")
    return outer[0].children()
