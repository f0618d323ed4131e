"""Names that must exist elsewhere are found where they are written, and looked for where they should be."""

import pytest

from maillint.postfix.configuration import Configuration
from maillint.postfix.references import (
    SERVICE,
    SOCKET,
    TRANSPORT,
    Reference,
    defined,
    is_defined,
    nearest_defined,
    services_named,
    sockets,
)
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

CORE = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
lmtp unix - - n - - lmtp
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
"""
SMTPD = "smtp inet n - n - - smtpd\n"


def configuration(master: str, main: str = "", version: str = "3.10") -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)),
        version=Version(version),
    )


def places(references: list[Reference]) -> list[tuple[str, str, str, str]]:
    found = []
    for reference in references:
        assert reference.location is not None
        found.append((reference.view.id, reference.parameter, reference.name, reference.location.text))
    return found


def test_services_named() -> None:
    config = configuration(
        "smtp inet n - n - - smtpd -o content_filter=scan:[127.0.0.1]:10024 -o cleanup_service_name=pre\n",
        "virtual_transport = lmtp:unix:private/lmtp\ncontent_filter =\nlocal_transport = @X@\n",
    )
    found = {
        (reference.kind, *place) for reference in services_named(config) for place in places([reference])
    }
    assert found == {
        (TRANSPORT, "", "virtual_transport", "lmtp", "lmtp"),
        (TRANSPORT, "smtp/inet", "content_filter", "scan", "scan"),
        (SERVICE, "smtp/inet", "cleanup_service_name", "pre", "pre"),
    }


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("smtpd_milters = inet:127.0.0.1:11332, unix:milter/a.sock", ["milter/a.sock"]),
        ("smtpd_milters = { local:/run/a.sock, default_action=accept } unix:b", ["/run/a.sock", "b"]),
        ("smtpd_milters = unix:a\nreceive_override_options = no_milters", []),
        ("smtpd_milters = DISABLE", []),
        ("smtpd_proxy_filter = UNIX:filter", ["filter"]),
        ("smtpd_proxy_filter = 127.0.0.1:10024", []),
        (
            "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth",
            ["private/auth"],
        ),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = unix:a", ["a"]),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = inet:127.0.0.1:1", []),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_path = private/auth", []),
        ("smtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth", []),
        (
            "smtpd_recipient_restrictions = check_policy_service unix:private/policy, permit",
            ["private/policy"],
        ),
        ("smtpd_data_restrictions = check_policy_service { unix:p, timeout=10s }", ["p"]),
        ("smtpd_data_restrictions = permit, check_policy_service unix:p", []),
        ("smtpd_data_restrictions = check_policy_service inet:127.0.0.1:10031", []),
    ],
)
def test_sockets_of_smtpd(main: str, expected: list[str]) -> None:
    found = places(sockets(configuration(SMTPD, main + "\n")))
    assert [name for _, _, name, _ in found] == expected
    assert all(id == "smtp/inet" and name == text for id, _, name, text in found)


def test_sockets_are_those_of_the_program_that_connects() -> None:
    main = "virtual_transport = lmtp:unix:private/dovecot-lmtp\nnon_smtpd_milters = unix:m\n"
    found = places(sockets(configuration(CORE, main)))
    assert found == [
        ("cleanup/unix", "non_smtpd_milters", "m", "m"),
        ("lmtp/unix", "virtual_transport", "private/dovecot-lmtp", "private/dovecot-lmtp"),
    ]


def test_what_is_defined() -> None:
    config = configuration(CORE)
    assert defined(config, TRANSPORT)["lmtp"].command == "lmtp"
    assert "cleanup" in defined(config, SERVICE)
    assert "cleanup" not in defined(config, TRANSPORT)  # It is public.
    assert {"public/cleanup", "private/policy"} <= defined(config, SOCKET).keys()


def test_what_cannot_be_known_is_not_missing() -> None:
    main = "virtual_transport = dovecot\nsmtpd_data_restrictions = check_policy_service unix:private/polcy\n"
    whole, part = configuration(CORE + SMTPD, main), configuration(SMTPD, main)
    assert [is_defined(reference) for reference in services_named(whole)] == [False]
    assert [is_defined(reference) for reference in services_named(part)] == [None]
    [socket] = sockets(whole)
    assert is_defined(socket) is None
    assert nearest_defined(socket, "spawn") == "private/policy"
    assert nearest_defined(socket, "pipe") is None
