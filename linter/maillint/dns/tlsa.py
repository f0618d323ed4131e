"""DANE for SMTP (RFC 7672): TLSA records, and whether a certificate matches them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dns.rdtypes.ANY.TLSA import TLSA

from maillint.record import NamedTuple

from .der import key_of_certificate

if TYPE_CHECKING:
    from .answer import Answer, Lookup

PORT_PREFIX = "_25._tcp"
_SIGNED = "arpa"
"""A zone of the Internet's own that is signed for good (RFC 9120)."""
USABLE_USAGES = (2, 3)
"""DANE-TA and DANE-EE; senders of mail take no others (RFC 7672 3.1.3)."""
_DIGESTS = {0: "", 1: "sha256", 2: "sha512"}


class Tlsa(NamedTuple):
    """One record (RFC 6698 2.1)."""

    usage: int
    selector: int
    matching: int
    data: bytes

    def __str__(self) -> str:
        return f"{self.usage} {self.selector} {self.matching}"

    @property
    def is_usable(self) -> bool:
        """Whether a sender of mail can do anything with it."""
        return (
            self.usage in USABLE_USAGES
            and self.selector in (0, 1)
            and self.matching in _DIGESTS
            and (
                not _DIGESTS[self.matching]
                or len(self.data) == hashlib.new(_DIGESTS[self.matching]).digest_size
            )
        )


def tlsa_name(host: str) -> str:
    """Where the records of the mail server *host* stand."""
    return f"{PORT_PREFIX}.{host}"


def records(answer: Answer) -> tuple[Tlsa, ...]:
    """The TLSA records in *answer*."""
    return tuple(
        Tlsa(record.usage, record.selector, record.mtype, bytes(record.cert))
        for record in answer.records
        if isinstance(record, TLSA)
    )


def association(certificate: bytes, selector: int, matching: int) -> bytes:
    """The data that a record has for *certificate* (DER). Raises ValueError for what is no certificate."""
    data = key_of_certificate(certificate) if selector == 1 else certificate
    return hashlib.new(_DIGESTS[matching], data).digest() if _DIGESTS[matching] else data


def recommended(certificate: bytes) -> str:
    """The record to publish for *certificate*: ``3 1 1`` (RFC 7672 3.1.1). Raises ValueError."""
    return f"3 1 1 {association(certificate, 1, 1).hex()}"


def matches(record: Tlsa, chain: Sequence[bytes]) -> bool:
    """Whether a server that shows *chain* (DER, its own certificate first) passes by *record*.

    With usage 2 a certificate that the server does not send cannot match, unless the record has all of it.
    Raises ValueError for what is no certificate.
    """
    if not record.is_usable:
        return False
    candidates: Iterable[bytes] = chain[:1] if record.usage == 3 else chain
    return any(
        association(certificate, record.selector, record.matching) == record.data
        for certificate in candidates
    )


def validates(dns: Lookup) -> bool | None:
    """Whether the resolver verifies signatures: it says so of a zone that is signed; None: no answer."""
    answer = dns.ask(_SIGNED, "SOA")
    return answer.secure if answer.certain else None
