"""Files of certificates are told apart by their names, where these leave no doubt."""

import pytest

from maillint_rules.tls._pem import (
    AUTHORITIES,
    CERTIFICATE,
    CHAIN,
    KEY,
    LEAF,
    kind_of,
    lineage,
    made_by_client,
)


@pytest.mark.parametrize(
    ("path", "made", "kind"),
    [
        ("/etc/letsencrypt/live/mail.example.com/privkey.pem", KEY, KEY),
        ("/etc/letsencrypt/live/mail.example.com/fullchain.pem", CHAIN, CHAIN),
        ("/etc/letsencrypt/live/mail.example.com/cert.pem", LEAF, LEAF),
        ("/etc/letsencrypt/archive/mail.example.com/cert12.pem", LEAF, LEAF),
        ("/etc/letsencrypt/live/mail.example.com/chain.pem", AUTHORITIES, AUTHORITIES),
        ("/var/lib/dehydrated/certs/mail.example.com/cert.pem", LEAF, LEAF),
        ("/root/.acme.sh/mail.example.com/fullchain.cer", CHAIN, CHAIN),
        ("/etc/postfix/cert.pem", "", CERTIFICATE),
        ("/etc/ssl/private/mail.key", "", KEY),
        ("/etc/ssl/mail-key.pem", "", KEY),
        ("/etc/ssl/mail.crt", "", CERTIFICATE),
        ("/etc/postfix/mail.pem", "", ""),
        ("/etc/ssl/monkey.pem", "", ""),
    ],
)
def test_kinds(path: str, made: str, kind: str) -> None:
    assert made_by_client(path) == made
    assert kind_of(path) == kind


def test_lineage() -> None:
    assert lineage("/etc/letsencrypt/live/mail.example.com/privkey.pem") == "mail.example.com"
    assert lineage("/etc/ssl/private/mail.key") == ""
