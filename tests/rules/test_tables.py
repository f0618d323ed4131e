"""What the rules about tables and lists say in the views of services, and where something is not known."""

import pytest

from maillint.engine.finding import Finding
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint_rules.lists.bad_network_pattern import bad_network_pattern
from maillint_rules.lists.cidr_host_bits import cidr_host_bits
from maillint_rules.lists.mynetworks_bad_ipv6_syntax import mynetworks_bad_ipv6_syntax
from maillint_rules.lists.numeric_pattern_never_matches import numeric_pattern_never_matches
from maillint_rules.tables.cache_map_read_only import cache_map_read_only
from maillint_rules.tables.map_bad_name import map_bad_name
from maillint_rules.tables.map_type_unknown import map_type_unknown
from maillint_rules.tables.map_without_name import map_without_name
from maillint_rules.tables.map_without_type import map_without_type
from maillint_rules.tables.proxy_map_not_allowed import proxy_map_not_allowed
from maillint_rules.tables.shared_tls_session_cache import shared_tls_session_cache
from maillint_rules.tables.untrusted_map_for_delivery import untrusted_map_for_delivery


def configuration(main: str, master: str = "", version: str = "3.7.11") -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master else None,
        version=Version(version),
    )


def places(findings: "list[Finding]") -> list[tuple[str, int, str]]:
    return [(f.location.source.path, f.location.start.line, f.location.text) for f in findings]


SUBMISSION = "submission inet n - n - - smtpd\n"


def test_table_of_a_service_is_told_there() -> None:
    config = configuration(
        "virtual_alias_maps = hash:/x\n",
        SUBMISSION
        + "  -o virtual_alias_maps=hahs:/x\n  -o smtpd_client_restrictions=check_client_access,foo:/y\n",
    )
    found = list(map_type_unknown(config))
    assert places(found) == [("master.cf", 2, "hahs"), ("master.cf", 3, "foo")]
    assert [f.services for f in found] == [("submission/inet",), ("submission/inet",)]


def test_table_of_main_cf_is_told_once() -> None:
    config = configuration(
        "smtpd_client_restrictions = check_client_access foo:/y\n",
        SUBMISSION + "  -o smtpd_sasl_auth_enable=yes\nsmtp inet n - n - - smtpd\n  -o syslog_name=x\n",
    )
    assert places(list(map_type_unknown(config))) == [("main.cf", 1, "foo")]


def test_option_that_nobody_reads_is_silent() -> None:
    config = configuration("", "smtp unix - - n - - smtp\n  -o virtual_alias_maps=hahs:/x\n")
    assert list(map_type_unknown(config)) == []


def test_reference_is_the_place() -> None:
    config = configuration("nets = 10.0.0.1/8\nmynetworks = 127.0.0.0/8 $nets\n")
    (found,) = cidr_host_bits(config)
    assert places([found]) == [("main.cf", 2, "$nets")]
    assert found.fix is None
    assert [related.location.text for related in found.related] == ["10.0.0.1/8"]


@pytest.mark.parametrize(
    "value",
    ["@MAPS@", "@TYPE@:/x", "hash:@NAME@", "<type>:/x", "%TYPE%:/x", "inline:{@X@}", "$maps"],
)
def test_what_is_not_known_is_not_judged(value: str) -> None:
    config = configuration(f"virtual_alias_maps = {value}\n")
    for rule in (map_type_unknown, map_bad_name, map_without_type, map_without_name):
        assert list(rule(config)) == []


def test_type_of_a_table_known_in_part() -> None:
    assert len(list(map_type_unknown(configuration("virtual_alias_maps = hahs:{{ name }}\n")))) == 1


def test_blank_behind_the_colon_is_one_mistake() -> None:
    config = configuration("virtual_alias_maps = hash: /etc/postfix/virtual\n")
    assert len(list(map_without_name(config))) == 1
    assert list(map_without_type(config)) == []


def test_line_of_a_member_in_a_continued_value() -> None:
    config = configuration("virtual_alias_maps =\n  pipemap:{\n    hash:/x,\n    nosuch:/y }\n")
    assert places(list(map_type_unknown(config))) == [("main.cf", 4, "nosuch")]


def test_ipv6_without_brackets_is_one_mistake() -> None:
    config = configuration("mynetworks = ::1/128 fe80::/10\n")
    assert len(list(mynetworks_bad_ipv6_syntax(config))) == 2
    assert list(map_type_unknown(config)) + list(map_without_type(config)) == []


def test_lists_of_names_hold_anything() -> None:
    config = configuration("mydestination = 10.0.0, 10.0.0.1/8, [10.0.0.1]\nrelay_domains = 10/8\n")
    for rule in (cidr_host_bits, bad_network_pattern, numeric_pattern_never_matches):
        assert list(rule(config)) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("10.1.2.3/255.255.0.0", "10.1.0.0/16"),
        ("10/8", "10.0.0.0/8"),
        ("192.168/16", "192.168.0.0/16"),
        ("10.0.0.0/255.0.255.0", None),
        ("10.0.0.0/33", None),
        ("[::1", None),
    ],
)
def test_network_that_is_meant(written: str, meant: str | None) -> None:
    (found,) = bad_network_pattern(configuration(f"mynetworks = {written}\n"))
    assert (found.fix.edits[0].text if found.fix else None) == meant


def test_proxied_table_of_a_service() -> None:
    main = "virtual_alias_maps = proxy:mysql:/a\n"
    config = configuration(
        main,
        SUBMISSION + "  -o smtpd_sender_login_maps=proxy:mysql:/a\n"
        "relay inet n - n - - smtpd\n  -o smtpd_sender_login_maps=proxy:mysql:/b\n",
    )
    assert places(list(proxy_map_not_allowed(config))) == [("master.cf", 4, "proxy:mysql:/b")]


def test_proxymap_reads_its_own_options() -> None:
    config = configuration(
        "virtual_alias_maps = proxy:mysql:/a\n",
        "proxymap unix - - n - - proxymap\n  -o proxy_read_maps=proxy:mysql:/b\n",
    )
    assert len(list(proxy_map_not_allowed(config))) == 1


def test_caches_are_proxied_for_writing() -> None:
    config = configuration("postscreen_cache_map = proxy:btree:/a\nproxy_write_maps =\n")
    (found,) = proxy_map_not_allowed(config)
    assert "proxy_write_maps" in found.message
    assert list(proxy_map_not_allowed(configuration("postscreen_cache_map = proxy:btree:/a\n"))) == []


def test_proxy_is_left_aside_where_rights_matter() -> None:
    config = configuration("alias_maps = proxy:hash:/a\nproxy_read_maps =\n")
    assert list(proxy_map_not_allowed(config)) == []


def test_proxied_table_in_a_newer_version_is_not_fatal() -> None:
    main = "virtual_alias_maps = proxy:mysql:/a\nproxy_read_maps =\n"
    (old,) = proxy_map_not_allowed(configuration(main))
    (new,) = proxy_map_not_allowed(configuration(main, version="3.11"))
    assert "fatal" in old.message and "fatal" not in new.message


def test_tables_that_delivery_agents_refuse() -> None:
    main = "virtual_mailbox_maps = unionmap:{proxy:tcp:host:1, hash:/x}\n"
    assert len(list(untrusted_map_for_delivery(configuration(main)))) == 1
    elsewhere = main + "virtual_transport = lmtp:unix:private/lmtp\n"
    assert list(untrusted_map_for_delivery(configuration(elsewhere))) == []


def test_switched_off_caches_share_nothing() -> None:
    main = "smtp_tls_session_cache_database = btree:/x\nlmtp_tls_session_cache_database = btree:/x\n"
    assert len(list(shared_tls_session_cache(configuration(main)))) == 1
    off = main + "lmtp_tls_session_cache_timeout = 0\n"
    assert list(shared_tls_session_cache(configuration(off))) == []


def test_cache_without_type() -> None:
    config = configuration("address_verify_map = /var/lib/postfix/verify\n")
    assert list(map_without_type(config)) + list(cache_map_read_only(config)) == []


def test_one_cause_is_told_where_it_stands() -> None:
    config = configuration(
        "alias_maps = hahs:/etc/aliases\nlocal_recipient_maps = unix:passwd.byname $alias_maps\n"
        "mynetworks = 10.0.0.1/8\nsmtpd_authorized_xforward_hosts = ${mynetworks}\n",
        SUBMISSION + "  -o smtpd_authorized_xclient_hosts=$mynetworks\n",
    )
    assert places(list(map_type_unknown(config))) == [("main.cf", 1, "hahs")]
    assert places(list(cidr_host_bits(config))) == [("main.cf", 3, "10.0.0.1/8")]


@pytest.mark.parametrize(
    "table", ["static:{me:secret", "inline:{ {host me:secret} }", "inline:{{host=me:secret}"]
)
def test_passwords_stay_out_of_messages(table: str) -> None:
    (found,) = map_bad_name(configuration(f"smtp_sasl_password_maps = {table}\n"))
    assert "secret" not in found.message + found.mend
