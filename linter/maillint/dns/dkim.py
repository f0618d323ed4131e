"""DKIM key records (RFC 6376 3.6.1, RFC 8301, RFC 8463): what a selector publishes."""

from __future__ import annotations

from maillint.record import NamedTuple

from .der import PublicKey, from_base64, public_key
from .tag_list import Problem, TagList, parse_tags

LEAST_BITS = 1024
"""Verifiers do not accept shorter RSA keys (RFC 8301 3.2)."""
GOOD_BITS = 2048
"""What signers should use (RFC 8301 3.2)."""

_ED25519_OCTETS = 32
_HASHES = ("sha1", "sha256")


class KeyRecord(NamedTuple):
    """A key record."""

    text: str
    tags: TagList
    key: PublicKey | None
    """None: revoked, or the record cannot be used."""
    revoked: bool
    """``p=`` is there, and empty."""
    testing: bool
    """``t=y``: verifiers are to treat the mail as if it were not signed."""
    problem: Problem | None
    """Why verifiers cannot use the record."""


def key_name(selector: str, domain: str) -> str:
    """Where the key record stands (RFC 6376 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def is_key_record(text: str) -> bool:
    """Whether *text* can be meant as a key record: it has ``v=DKIM1`` or ``p=``."""
    tags = parse_tags(text)
    return tags.value("v").upper() == "DKIM1" or tags.get("p") is not None


def parse_key_record(text: str) -> KeyRecord:
    """Read the TXT record of a selector."""
    tags = parse_tags(text)
    flags = [flag.strip().lower() for flag in tags.value("t").split(":")]
    record = KeyRecord(text, tags, None, False, "y" in flags, None)
    version, public = tags.get("v"), tags.get("p")
    if tags.problems:
        return record._replace(problem=tags.problems[0])
    if version is not None and (version.value != "DKIM1" or tags.tags[0] is not version):
        message = "`v=` must come first and be exactly `DKIM1`"
        return record._replace(problem=Problem(version.start, version.end, message, True))
    if public is None:
        return record._replace(problem=Problem(0, len(text), "there is no `p=` with the key", True))
    if not public.value:
        return record._replace(revoked=True)
    hashes = [name.strip().lower() for name in tags.value("h", "sha256").split(":")]
    if "sha256" not in hashes:
        tag = tags.get("h")
        assert tag is not None
        message = f"`{text[tag.start : tag.end]}` forbids sha256, the only hash that verifiers accept"
        return record._replace(problem=Problem(tag.start, tag.end, message, True))
    services = [name.strip().lower() for name in tags.value("s", "*").split(":")]
    if not {"*", "email"} & set(services):
        tag = tags.get("s")
        assert tag is not None
        message = f"`{text[tag.start : tag.end]}` says that the key is not for mail"
        return record._replace(problem=Problem(tag.start, tag.end, message, True))
    try:
        return record._replace(key=_key(tags.value("k", "rsa").lower(), from_base64(public.value)))
    except ValueError as error:
        message = f"`p=` holds no key: {error}"
        return record._replace(problem=Problem(public.start, public.end, message, True))


def _key(kind: str, data: bytes) -> PublicKey:
    if kind == "ed25519":
        if len(data) != _ED25519_OCTETS:
            raise ValueError("an Ed25519 key has 32 octets (RFC 8463 4)")
        return PublicKey(kind, 8 * len(data), (data,))
    if kind != "rsa":
        raise ValueError(f"verifiers do not know keys of the kind `{kind}`")
    key = public_key(data)
    if key.kind != "rsa":
        raise ValueError(f"it is a key of the kind {key.kind}, not rsa")
    return key
