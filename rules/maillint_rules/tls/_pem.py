"""What is in a PEM file, as far as its name tells beyond doubt."""

from __future__ import annotations

import posixpath
import re

KEY = "key"
"""A private key alone."""
LEAF = "leaf"
"""The certificate of the host alone."""
CHAIN = "chain"
"""The certificate of the host, and those of the authorities behind it."""
AUTHORITIES = "authorities"
"""Certificates of authorities alone."""
CERTIFICATE = "certificate"
"""Some certificate, with or without others; no key."""

CERTIFICATES = (LEAF, CHAIN, CERTIFICATE)

_CLIENTS = re.compile(
    r".*/(?:letsencrypt/(?:live|archive)|dehydrated/certs|lego/certificates|\.?acme(?:\.sh)?)/(.+/)?[^/]+"
)
"""Where the clients of certification authorities (RFC 8555) put their files, under fixed names."""
_THEIR_NAMES = (
    (r"privkey[0-9]*\.pem", KEY),
    (r"fullchain[0-9]*\.pem|fullchain\.cer", CHAIN),
    (r"chain[0-9]*\.pem|ca\.cer", AUTHORITIES),
    (r"cert[0-9]*\.pem", LEAF),
)
_NAMES = (
    (r"privkey\.pem|.+\.key|(?:.+[._-])?key\.pem", KEY),
    (r"(?:.+[._-])?fullchain\.pem|.+\.(?:crt|cer)|(?:.+[._-])?(?:cert|crt)\.pem", CERTIFICATE),
)
"""Names that people give; files with a key and a certificate in one are mostly called otherwise."""


def made_by_client(path: str) -> str:
    """What the file is, one of the constants, where a client for certificates made it; else empty."""
    return _kind(path, _THEIR_NAMES) if _CLIENTS.fullmatch(path) else ""


def kind_of(path: str) -> str:
    """What the file is, one of the constants; empty: its name does not tell."""
    return made_by_client(path) or _kind(path, _NAMES)


def _kind(path: str, names: tuple[tuple[str, str], ...]) -> str:
    name = posixpath.basename(path).lower()
    return next((kind for pattern, kind in names if re.fullmatch(pattern, name)), "")


def lineage(path: str) -> str:
    """The certificate that a file below ``letsencrypt/live`` or ``archive`` belongs to; else empty."""
    found = re.fullmatch(r".*/letsencrypt/(?:live|archive)/([^/]+)/[^/]+", path)
    return found[1] if found else ""
