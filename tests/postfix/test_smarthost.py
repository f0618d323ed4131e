"""Routes to smart hosts, as trivial-rewrite and smtp of Postfix take them (sources named in the module)."""

from pathlib import Path

import pytest

from maillint.postfix import smarthost
from maillint.postfix.configuration import load_directory
from maillint.postfix.smarthost import Routes, password, password_keys, provider, sasl_options, tls_level
from maillint.postfix.table_lookup import FOUND, MISSING, UNKNOWN
from maillint.postfix.tls import DANE, ENCRYPT, MAY, NONE, SECURE
from maillint.postfix.version import Version

MASTER = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nlocal unix - n n - - local\n"


def routes(place: Path, main: str, master: str = MASTER, version: str = "3.7", **tables: str) -> Routes:
    for name, text in {"main.cf": main, "master.cf": master, **tables}.items():
        (place / name).write_text(text)
    return smarthost.routes(load_directory(str(place), version=Version(version)))


def told(found: Routes) -> list[tuple[str, str, int | None, bool, str]]:
    """For each server: host, client, port, whether MX records are asked for, and what names it."""
    return [
        (server.host, route.view.id, server.port, server.is_domain, route.parameter)
        for route in found.routes
        for server in route.servers
    ]


def test_relayhost_is_for_the_default_transport_and_for_relay_domains(tmp_path: Path) -> None:
    found = routes(tmp_path, "relayhost = Smtp.Example.org:submission\nrelay_domains = example.net\n")
    assert told(found) == [
        ("smtp.example.org", "smtp/unix", 587, True, "relayhost"),
        ("smtp.example.org", "relay/unix", 587, True, "relayhost"),
    ]
    assert found.direct == () and found.are_all


def test_a_next_hop_in_the_transport_wins(tmp_path: Path) -> None:
    found = routes(tmp_path, "relayhost = [a.example]\ndefault_transport = smtp:[b.example]:smtps\n")
    assert told(found) == [("b.example", "smtp/unix", 465, False, "default_transport")]


def test_without_a_relay_mail_goes_to_the_domains(tmp_path: Path) -> None:
    found = routes(tmp_path, "myhostname = mail.example.com\n")
    assert [view.id for view in found.direct] == ["smtp/unix"] and found.are_all


def test_a_table_that_is_not_there_may_send_mail_anywhere(tmp_path: Path) -> None:
    found = routes(tmp_path, "transport_maps = hash:/etc/postfix/transport\n")
    assert found.direct == () and not found.are_all


def test_tables_beside_main_cf_are_read(tmp_path: Path) -> None:
    found = routes(
        tmp_path,
        "transport_maps = hash:/etc/postfix/transport\n"
        "sender_dependent_relayhost_maps = inline:{ {anna@example.com = [a.example]:465}, b=DUNNO }\n",
        transport="example.org :[b.example]\nexample.net local:\nexample.com relay:[::1]:25 , c.example:24\n",
    )
    assert told(found) == [
        ("a.example", "smtp/unix", 465, False, "sender_dependent_relayhost_maps"),
        ("b.example", "smtp/unix", 25, False, "transport_maps"),
        ("::1", "relay/unix", 25, False, "transport_maps"),
        ("c.example", "relay/unix", 24, True, "transport_maps"),
    ]
    assert found.routes[-1].where == "`transport_maps` (`transport` line 3)"


def test_another_program_is_no_way_to_a_smart_host(tmp_path: Path) -> None:
    found = routes(tmp_path, "default_transport = uucp:relay\nrelayhost = [a.example]\n")
    assert told(found) == [] and found.direct == ()


def test_without_the_dns_nobody_is_a_domain(tmp_path: Path) -> None:
    found = routes(tmp_path, "relayhost = a.example\nsmtp_dns_support_level = disabled\n")
    assert told(found) == [("a.example", "smtp/unix", 25, False, "relayhost")]


@pytest.mark.parametrize(
    ("relayhost", "level"),
    [("[a.example]:587", SECURE), ("[a.example]", ENCRYPT), ("x.b.example", NONE), ("c.example", None)],
)
def test_the_policy_of_a_next_hop_is_looked_up_as_it_is_written(
    relayhost: str, level: str | None, tmp_path: Path
) -> None:
    found = routes(
        tmp_path,
        f"relayhost = {relayhost}\nsmtp_tls_security_level = encrypt\n"
        "smtp_tls_policy_maps = hash:/etc/postfix/policy\n",
        policy="[a.example]:587 secure match=a.example\na.example may\n.b.example none\nc.example wrong\n",
    )
    [route] = found.routes
    assert tls_level(route, route.servers[0]) == level


@pytest.mark.parametrize(
    ("relayhost", "key", "state"),
    [
        ("[a.example]:587", "[a.example]:587", FOUND),
        ("[a.example]:587", "a.example", FOUND),
        ("[A.example]:587", "[a.EXAMPLE]:587", FOUND),
        ("[a.example]:587", "[a.example]", MISSING),
        ("[a.example]:587", "a.example:587", MISSING),
        ("a.example:587", "[a.example]:587", MISSING),
    ],
)
def test_passwords_are_looked_up_by_host_and_by_next_hop(
    relayhost: str, key: str, state: str, tmp_path: Path
) -> None:
    main = f"relayhost = {relayhost}\nsmtp_sasl_password_maps = hash:/etc/postfix/passwords\n"
    [route] = routes(tmp_path, main, passwords=f"{key} anna:secret\n").routes
    assert password(route, route.servers[0]) == state


def test_a_table_of_passwords_that_is_not_there_may_have_any(tmp_path: Path) -> None:
    [route] = routes(
        tmp_path, "relayhost = [a.example]\nsmtp_sasl_password_maps = hash:/etc/postfix/passwords\n"
    ).routes
    assert password(route, route.servers[0]) == UNKNOWN
    assert password_keys(route.servers[0]) == ("a.example", "[a.example]")


def test_which_options_count_follows_from_the_level() -> None:
    plain, encrypted, verified = (
        f"smtp_sasl_{session}security_options" for session in ("", "tls_", "tls_verified_")
    )
    assert sasl_options(NONE) == (plain,)
    assert sasl_options(MAY) == (plain, encrypted)
    assert sasl_options(MAY, encrypts=True) == (encrypted,)
    assert sasl_options(ENCRYPT) == (encrypted,)
    assert sasl_options(DANE) == (plain, encrypted, verified)
    assert sasl_options(SECURE) == (verified,)


def test_providers() -> None:
    amazon = provider("email-smtp.eu-west-1.AMAZONAWS.com")
    assert amazon is not None and amazon.requires_tls and 465 in amazon.wrapped and 587 in amazon.starttls
    microsoft = provider("smtp.office365.com")
    assert microsoft is not None and microsoft.wrapped == ()
    assert provider("amazonaws.com") is None and provider("smtp.example.org") is None
