"""The way of mail, as a person reads it off the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillint.postfix.configuration import load_directory
from maillint.postfix.flow import CHECKS, IN, OUT, REWRITING, TRANSPORTS, Flow, Way, flow
from support import ROOT

EXAMPLES = sorted((ROOT / "examples" / "configurations").iterdir())


def of(directory: Path) -> Flow:
    return flow(load_directory(str(directory)))


def written(tmp_path: Path, main: str, master: str) -> Flow:
    (tmp_path / "main.cf").write_text(main)
    (tmp_path / "master.cf").write_text(master)
    return of(tmp_path)


def titles(found: Flow, stage: str) -> list[str]:
    return [stop.title for stop in found.stops if stop.stage == stage]


def goes(found: Flow, start: str) -> list[str]:
    """The titles of the stops behind those that are called *start*."""
    stops = {stop.key: stop for stop in found.stops}
    return [stops[way.end].title for way in found.ways if stops[way.start].title == start]


@pytest.mark.parametrize("directory", EXAMPLES, ids=lambda path: path.name)
def test_each_way_leads_from_stop_to_stop_and_each_stop_is_reached(directory: Path) -> None:
    found = of(directory)
    keys = {stop.key for stop in found.stops}
    assert len(keys) == len(found.stops)
    assert all(way.start in keys and way.end in keys for way in found.ways)
    reached = {way.end for way in found.ways}
    assert [stop.title for stop in found.stops if stop.stage != IN and stop.key not in reached] == []
    left = {way.start for way in found.ways}
    assert [stop.title for stop in found.stops if stop.stage != OUT and stop.key not in left] == []


def test_a_filter_behind_the_queue_gives_mail_back_to_its_own_server() -> None:
    found = of(ROOT / "examples" / "configurations" / "gateway-amavis")
    assert titles(found, IN) == ["Port 25", "Port 10025", "Programs on this host"]
    assert titles(found, TRANSPORTS) == ["local", "smtp", "relay (smtp)", "amavis (lmtp)"]
    assert goes(found, "amavis (lmtp)") == ["Content filter"]
    assert goes(found, "Content filter") == ["Port 10025"]
    assert goes(found, "relay (smtp)") == ["Next server"]


def test_a_filter_that_calls_sendmail_gives_mail_back_to_pickup() -> None:
    found = of(ROOT / "examples" / "configurations" / "department")
    assert goes(found, "Content filter") == ["Programs on this host"]
    assert {"vacation (pipe)", "lists (pipe)"} <= set(titles(found, TRANSPORTS))


def test_a_filter_before_the_queue(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "myhostname = mx.example.com\n",
        "smtp inet n - n - - smtpd\n  -o smtpd_proxy_filter=127.0.0.1:10024\n"
        "127.0.0.1:10025 inet n - n - - smtpd\n  -o smtpd_proxy_filter=\n"
        "cleanup unix n - n - 0 cleanup\nsmtp unix - - n - - smtp\n",
    )
    assert titles(found, REWRITING) == ["Filter before the queue", "Rewriting"]
    assert goes(found, "Filter before the queue") == ["Port 10025"]


def test_what_servers_offer_and_check(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "smtpd_tls_security_level = may\nsmtpd_milters = inet:localhost:8891\n"
        "smtpd_recipient_restrictions = reject_unauth_destination,\n"
        "  reject_rbl_client dnsbl.example.net=127.0.0.2, check_policy_service inet:127.0.0.1:10023\n",
        "smtp inet n - n - - smtpd\n"
        "smtps inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n  -o smtpd_sasl_auth_enable=yes\n",
    )
    first, second = (stop for stop in found.stops if stop.stage == IN)
    assert (first.title, first.facts) == ("Port 25", ("for other hosts", "TLS offered (STARTTLS)"))
    assert second.title == "Port 465"
    assert second.facts == ("for other hosts", "TLS from the start", "login (AUTH), only under TLS")
    checks = next(stop.facts for stop in found.stops if stop.stage == CHECKS)
    assert checks == (
        "lets no stranger send elsewhere",
        "asks the list dnsbl.example.net",
        "asks the policy server inet:127.0.0.1:10023",
        "milter: OpenDKIM (inet:localhost:8891)",
    )


def test_an_open_relay_shows(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "compatibility_level = 3.6\nmynetworks = 0.0.0.0/0\n",
        "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n",
    )
    assert next(stop.facts for stop in found.stops if stop.stage == CHECKS) == (
        "lets strangers send anywhere",
    )


def test_next_servers_and_tables_that_cannot_be_read(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "mydestination =\nlocal_transport = error:no mail here\nrelayhost = [relay.example.net]:587\n"
        "transport_maps = hash:/elsewhere/transport\n",
        "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nsmtp unix - - n - - smtp\n"
        "spare unix - n n - - pipe\n  argv=/bin/true\n",
    )
    out = [(stop.title, stop.facts) for stop in found.stops if stop.stage == OUT]
    assert out == [("Next server", ("[relay.example.net]:587",))]
    assert found.unknown == ("transport_maps: hash:/elsewhere/transport is not there to be read",)
    assert found.idle == ("spare",)


def test_ways_are_told_once(tmp_path: Path) -> None:
    found = written(tmp_path, "", "smtp inet n - n - - smtpd\nsmtps inet n - n - - smtpd\n")
    assert len(found.ways) == len(set(found.ways))
    assert Way("cleanup cleanup", "queue") in found.ways
