"""TLS levels, lists and policies are read as Postfix reads them; tests/lab asks the real one."""

import pytest

from maillint.postfix import tls
from maillint.postfix.configuration import Configuration, View
from maillint.postfix.version import NEWEST, Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source


def view(text: str, version: Version = NEWEST) -> View:
    main = parse_main_cf(Source("main.cf", text))
    return Configuration(main, None, version=version).main_view


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", tls.NONE),
        ("smtpd_tls_security_level = May", tls.MAY),
        ("smtpd_tls_security_level = secure", tls.ENCRYPT),
        ("smtpd_tls_security_level = dane", None),
        ("smtpd_tls_security_level = none\nsmtpd_tls_wrappermode = yes", tls.ENCRYPT),
        ("smtpd_use_tls = yes", tls.MAY),
        ("smtpd_enforce_tls = yes\nsmtpd_use_tls = no", tls.ENCRYPT),
        ("smtpd_tls_security_level = none\nsmtpd_enforce_tls = yes", tls.NONE),
        ("smtpd_use_tls = perhaps", None),
        ("smtpd_tls_security_level = @LEVEL@", None),
    ],
)
def test_level_of_the_server(text: str, level: str | None) -> None:
    assert tls.server_level(view(text)) == level


@pytest.mark.parametrize(
    ("text", "version", "level"),
    [
        ("", "3.7", tls.NONE),
        ("compatibility_level = 3.11", "3.11", tls.MAY),
        ("smtp_tls_security_level = Dane-Only", "3.7", tls.DANE_ONLY),
        ("smtp_tls_security_level = must", "3.7", None),
        ("smtp_enforce_tls = yes", "3.7", tls.VERIFY),
        ("smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no", "3.7", tls.ENCRYPT),
        ("smtp_use_tls = yes", "3.7", tls.MAY),
    ],
)
def test_level_of_the_client(text: str, version: str, level: str | None) -> None:
    assert tls.client_level(view(text, Version(version)), "smtp") == level


@pytest.mark.parametrize(
    ("text", "version", "has"),
    [
        ("", "3.7", False),
        ("smtpd_tls_cert_file = None", "3.7", False),
        ("smtpd_tls_key_file = /k", "3.7", False),
        ("smtpd_tls_dcert_file = /c", "3.7", True),
        ("smtpd_tls_chain_files = /c", "3.7", True),
        ("smtpd_tls_chain_files = /c", "3.3", False),
        ("smtpd_tls_cert_file = @CERT@", "3.7", None),
    ],
)
def test_certificate(text: str, version: str, has: bool | None) -> None:
    assert tls.has_server_certificate(view(text, Version(version))) is has


@pytest.mark.parametrize(
    ("text", "version", "words"),
    [
        (">=TLSv1.2", "3.6", []),
        (">=TLSv1.2", "3.5", [(tls.TOO_NEW, ">=TLSv1.2")]),
        (">= TLSv1.2 <=0303 >=none", "3.6", []),
        ("!SSLv2:!sslv3,TLSv1", "2.6", []),
        ("!TLSv1.3", "2.11", [(tls.NOT_A_PROTOCOL, "!TLSv1.3")]),
        ("! SSLv3", "3.7", [(tls.NOT_A_PROTOCOL, "!")]),
        (">=TLS1.2, !!SSLv3", "3.7", [(tls.NOT_A_PROTOCOL, ">=TLS1.2"), (tls.NOT_A_PROTOCOL, "!!SSLv3")]),
    ],
)
def test_protocols(text: str, version: str, words: list[tuple[str, str]]) -> None:
    problems = tls.protocol_problems(text, Version(version))
    assert [(problem.kind, problem.item.text) for problem in problems] == words
    assert all(text[problem.item.start : problem.item.end] == problem.item.text for problem in problems)


def test_excluded_ciphers_have_no_operator_in_front() -> None:
    problems = tls.cipher_exclusion_problems("aNULL:!RC4, 3DES+SHA1 @STRENGTH")
    assert [item.text for item in problems] == ["!RC4", "@STRENGTH"]


@pytest.mark.parametrize(
    "name", ["md5", "SHA256", "sha-256", "SHA2-512/256", "sha3-512", "blake2b512", "RSA-SHA1"]
)
def test_names_of_digests(name: str) -> None:
    assert tls.may_be_digest(name)


@pytest.mark.parametrize("name", ["md6", "sha265", "sha2", "sha256,sha512", "", "sha256 "])
def test_no_names_of_digests(name: str) -> None:
    assert not tls.may_be_digest(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sha512 sha256", []),
        ("SHA256=1, sha3-256=7 =2", []),
        ("sha-256", ["digest algorithm sha-256 needs an explicit number"]),
        ("sha384=1", ["matching type 1 can only be sha256"]),
        ("sha256 sha256=1", ["matching type 1 specified more than once"]),
        ("md6=9", ['digest algorithm "md6"(9) unknown']),
        ("sha3-256=255", None),
        ("sha3-256=x", None),
    ],
)
def test_dane_digests(text: str, said: list[str] | None) -> None:
    found = [problem.said for problem in tls.dane_digest_problems(text)]
    name, _, number = text.partition("=")
    if said is None:
        assert found == [f"Invalid matching type number in tls_dane_digests: {name}={number}"]
    else:
        assert found == [f"tls_dane_digests: {words}" for words in said]


@pytest.mark.parametrize(
    ("text", "version", "said"),
    [
        ("encrypt", "3.7", None),
        ("MAY protocols=TLSv1 ciphers=medium", "3.7", None),
        ("none match=x", "3.7", None),
        ("secure match=a.example:.b.example match=c.example tafile=/x", "3.7", None),
        ("fingerprint match=3D:95|3D:96", "3.7", None),
        ("dane connection_reuse=No", "3.7", None),
        ("", "3.7", "invalid empty policy"),
        ("must", "3.7", 'invalid security level "must"'),
        ("dane", "2.10", 'invalid security level "dane"'),
        ("may match=x", "3.7", 'attribute "match" invalid at security level "may"'),
        ("fingerprint tafile=/x", "3.7", 'attribute "tafile" invalid at security level "fingerprint"'),
        ("secure match=", "3.7", 'attribute "match" has empty value'),
        ("encrypt ciphers=high ciphers=high", "3.7", 'attribute "ciphers" is specified multiple times'),
        ("encrypt ciphers=strong", "3.7", 'invalid cipher grade: "strong"'),
        ("encrypt protocols=TLS1", "3.7", 'Invalid TLS protocol list "TLS1"'),
        ("encrypt exclude=!RC4", "3.7", "invalid unary '!+-@' in cipher exclusion: !RC4"),
        ("encrypt servername=[x]", "3.7", '"servername=[x]" specifies an invalid hostname'),
        ("encrypt connection_reuse=on", "3.7", 'attribute "connection_reuse" has bad value: "on"'),
        ("encrypt policy_type=sts", "3.7", 'invalid attribute name: "policy_type"'),
        (
            "encrypt match",
            "3.7",
            "malformed attribute/value pair \"match\": missing '=' after attribute name",
        ),
        ("secure { match = a.example }", "3.10", None),
        (
            "secure { match = a.example }",
            "3.9",
            "malformed attribute/value pair \"{\": missing '=' after attribute name",
        ),
        (
            "secure policy_type=sts policy_ttl=1d",
            "3.10",
            'attribute "policy_ttl" has a malformed value: "1d"',
        ),
    ],
)
def test_policies(text: str, version: str, said: str | None) -> None:
    found = tls.policy_problem(text, Version(version))
    assert (found and found.said) == said


@pytest.mark.parametrize(
    ("text", "client", "used"),
    [
        ("", False, tls.USABLE_PROTOCOLS),
        ("!SSLv2", True, tls.USABLE_PROTOCOLS),
        (">=TLSv1.2", False, ("TLSv1.2", "TLSv1.3")),
        (">=0303:<=0x0303", False, ("TLSv1.2",)),
        (">=none", False, tls.USABLE_PROTOCOLS),
        ("TLSv1.2, TLSv1.1, !TLSv1, !SSLv3", False, ("TLSv1.1", "TLSv1.2")),
        ("!SSLv3, !TLSv1.1", False, ("TLSv1", "TLSv1.2", "TLSv1.3")),
        ("!SSLv3, !TLSv1.1", True, ("TLSv1",)),
        ("!TLSv1", True, ("SSLv3", "TLSv1.1", "TLSv1.2", "TLSv1.3")),
        ("SSLv2", False, ()),
    ],
)
def test_what_a_list_of_protocols_comes_down_to(text: str, client: bool, used: tuple[str, ...]) -> None:
    meaning = tls.protocols(text, Version("3.7"), client=client)
    assert meaning is not None
    assert meaning.used == used


def test_a_list_of_protocols_that_is_refused_has_no_meaning() -> None:
    assert tls.protocols("TLS1.2", Version("3.7"), client=False) is None
    assert tls.protocols(">=TLSv1.2", Version("3.5"), client=False) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [("", 0), ("0", 0), ("1", 1), ("9", 4), ("Debug", 2), ("summary, untrusted", 1), ("1 ssl-expert", 3)],
)
def test_log_levels(text: str, level: int) -> None:
    assert tls.log_level(text) == level


def test_authorities() -> None:
    assert tls.has_authorities(view(""), "smtp") is False
    assert tls.has_authorities(view("tls_append_default_CA = yes"), "smtp") is False
    assert tls.has_authorities(view("smtp_tls_CApath = /etc/ssl/certs"), "smtp") is True
    assert tls.has_authorities(view("smtp_tls_CAfile = @CA@"), "smtp") is None
