"""The domains in lists, files and tables, and what an address is looked up by."""

from pathlib import Path

import pytest

from maillint.postfix.address_class import ALIAS, LOCAL, MAILBOX, RELAY, Domains, address_entry
from maillint.postfix.alias_loops import crossing_loops, local_aliases
from maillint.postfix.configuration import Configuration, load_directory
from maillint.postfix.domains import domain_lists
from maillint.postfix.matching import NO, STRING, YES, matches
from maillint.postfix.table_lookup import FOUND, MISSING, UNKNOWN

MAIN = """\
myhostname = mail.example.com
mydomain = example.com
myorigin = $myhostname
append_dot_mydomain = no
"""


def configuration(directory: Path, text: str, **files: str) -> Configuration:
    for name, content in {"main.cf": MAIN + text, **files}.items():
        (directory / name).write_text(content)
    return load_directory(str(directory))


def names(config: Configuration, parameter: str) -> list[str]:
    return [listed.domain for listed in domain_lists(config)[parameter].domains]


def test_domains_stand_in_the_list_in_files_and_in_tables(tmp_path: Path) -> None:
    config = configuration(
        tmp_path,
        "mydestination = $myhostname, !Old.example.com /etc/postfix/names\n"
        "relay_domains = texthash:/etc/postfix/relayed inline:{ { example.info = x } }\n",
        names="# example.gone\nexample.net, Example.ORG # example.gone\nold.example.com\n !no.example.net\n",
        relayed="example.biz any\nuser@example.edu any\n192.0.2.1 any\n",
    )
    assert names(config, "mydestination") == ["mail.example.com", "example.net", "example.org"]
    assert names(config, "relay_domains") == ["example.biz", "example.info"]
    by_name = {listed.domain: listed for listed in domain_lists(config)["mydestination"].domains}
    assert (by_name["example.net"].line, by_name["mail.example.com"].line) == (2, 0)
    assert Path(by_name["example.net"].path) == tmp_path / "names"
    assert all(found.is_known for found in domain_lists(config).values())


@pytest.mark.parametrize(
    "listed",
    [
        "mysql:/etc/postfix/domains.cf",
        "hash:/elsewhere/domains",
        "/elsewhere/domains",
        "static:all",
        "pcre:{{/./ OK}}",
        "!lmdb:/etc/postfix/others",
        "@DOMAIN@",
    ],
)
def test_what_cannot_be_read_leaves_the_list_open(tmp_path: Path, listed: str) -> None:
    config = configuration(tmp_path, f"mydestination = localhost {listed}\n")
    assert names(config, "mydestination")[0] == "localhost"
    assert not domain_lists(config)["mydestination"].is_known


def test_a_file_decides_like_the_list(tmp_path: Path) -> None:
    """The negation in front of a file goes through to each of its patterns (util/match_list.c)."""
    config = configuration(
        tmp_path,
        "mydestination = !/etc/postfix/names, example.net, example.org\n",
        names="example.net\n!example.info\n",
    )
    answers = {
        name: matches(config.main_view, "mydestination", STRING, name, otherwise=YES).answer
        for name in ("example.net", "example.org", "example.info", "example.com")
    }
    assert answers == {"example.net": NO, "example.org": YES, "example.info": YES, "example.com": NO}


def test_each_domain_is_of_the_class_whose_list_comes_first(tmp_path: Path) -> None:
    config = configuration(
        tmp_path,
        "mydestination = a.example\nvirtual_alias_domains = a.example b.example\n"
        "virtual_mailbox_domains = b.example c.example\nrelay_domains = c.example d.example\n",
    )
    domains = Domains(config.main_view)
    kinds = [domains.of(f"{name}.example").kind for name in "abcd"]
    assert kinds == [LOCAL, ALIAS, MAILBOX, RELAY]


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("anna@example.net", "whole"),
        ("Anna+list@example.net", "whole"),
        ("bert@example.net", "domain"),
        ("bert@localhost", "user"),
        ("bert+x@mail.example.com", "user"),
        ("carl@localhost", None),
        ("carl@example.org", None),
    ],
)
def test_addresses_are_looked_up_as_cleanup_does(tmp_path: Path, address: str, value: str | None) -> None:
    """global/mail_addr_find.c: all of it, without extension, the user where it is local, ``@domain``."""
    config = configuration(
        tmp_path,
        "mydestination = localhost\nrecipient_delimiter = +\n"
        "virtual_alias_maps = texthash:/etc/postfix/virtual\n",
        virtual="anna@example.net whole\n@example.net domain\nbert user\n",
    )
    found = address_entry(config.main_view, "virtual_alias_maps", address, Domains(config.main_view))
    assert (found.state, found.value or None) == (FOUND if value else MISSING, value)


def test_a_table_that_cannot_be_read_may_have_the_address(tmp_path: Path) -> None:
    maps = "virtual_alias_maps = ldap:x, inline:{ { @example.net = x } }\n"
    config = configuration(tmp_path, maps)
    view = config.main_view
    assert address_entry(view, "virtual_alias_maps", "a@example.net", Domains(view)).state == UNKNOWN


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("user@example.net", "user@example.net"),
        ("user+x@example.net", "user@example.net"),
        ("bert@example.net", "example.net"),
        ("bert@lists.example.net", ".example.net"),
        ("bert@example.org", "*"),
    ],
)
def test_transports_are_looked_up_by_address_domain_parents_and_star(
    tmp_path: Path, address: str, key: str
) -> None:
    config = configuration(
        tmp_path,
        "recipient_delimiter = +\ntransport_maps = texthash:/etc/postfix/transport\n"
        "parent_domain_matches_subdomains =\n",
        transport="* smtp:\n.example.net smtp:\nexample.net smtp:\nuser@example.net smtp:\n",
    )
    assert Domains(config.main_view).transport_entry(address).key == key


def test_local_aliases_are_read_as_postalias_does(tmp_path: Path) -> None:
    config = configuration(
        tmp_path, "alias_maps = hash:/etc/postfix/aliases\n", aliases="Root:anna\n anna : bert,\n carl\n"
    )
    assert local_aliases(config.main_view) == {"root": "anna anna : bert, carl"}
    config = configuration(tmp_path, "alias_maps = hash:/etc/postfix/aliases\n", aliases="Root:anna\nb : c\n")
    assert local_aliases(config.main_view) == {"root": "anna", "b": "c"}
    config = configuration(tmp_path, "alias_maps = hash:/etc/aliases\n")
    assert local_aliases(config.main_view) is None


@pytest.mark.parametrize(
    ("aliases", "virtual", "loops"),
    [
        ("a: a@example.net", "a@example.net a", [("a", "a@example.net", "a@mail.example.com")]),
        ("a: b\nb: b@example.net", "b@example.net a", 1),
        ("a: a@example.net, a", "a@example.net a", 1),
        ("a: b@example.net", "a@example.net a", []),
        ("a: a@mail.example.com", "a@example.net a", []),
        ("a: \\\\a, b", "a@example.net a", []),
        ("a: a@example.net", "a@example.net a@example.net", []),
        ("a: a@example.net", "@example.net a", 1),
    ],
)
def test_loops_through_virtual_and_local_aliases(
    tmp_path: Path, aliases: str, virtual: str, loops: list[tuple[str, ...]] | int
) -> None:
    config = configuration(
        tmp_path,
        "mydestination = $myhostname\nalias_maps = hash:/etc/postfix/aliases\n"
        "virtual_alias_maps = hash:/etc/postfix/virtual\n",
        aliases=aliases + "\n",
        virtual=virtual + "\n",
    )
    found = list(crossing_loops(config.main_view))
    assert (len(found) if isinstance(loops, int) else found) == loops
