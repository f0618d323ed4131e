"""Configurations, views and values: what each program sees, and where it stands."""

import os
from pathlib import Path

import pytest

from maillint.postfix import catalogue
from maillint.postfix.configuration import (
    SIZE_LIMIT,
    Configuration,
    ConfigurationError,
    View,
    load_directory,
    load_files,
)
from maillint.postfix.version import NEWEST, Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import OPAQUE, Location, Source
from support import needs_root


def configuration(
    main: str = "", master: str | None = None, *, version: str | None = None, hostname: str | None = None
) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        version=Version(version) if version else None,
        hostname=hostname,
    )


def main_view(main: str = "", *, hostname: str | None = None) -> View:
    return configuration(main, hostname=hostname).main_view


def place(location: Location | None) -> tuple[int, str]:
    assert location is not None
    return location.start.line, location.text


def test_the_last_setting_is_in_force() -> None:
    view = main_view("relayhost = one\nrelayhost = two\n")
    value = view.value("relayhost")
    assert (value.text, place(value.location())) == ("two", (2, "two"))
    assert view.raw("relayhost") == "two"
    assert view.is_set("relayhost")


def test_a_default_has_no_place() -> None:
    value = main_view().value("smtpd_banner")
    assert value.setting is None
    assert value.location() is None
    assert main_view().raw("smtpd_banner") == "$myhostname ESMTP $mail_name"


def test_an_empty_setting_is_set() -> None:
    view = main_view("mydestination =\n")
    assert view.is_set("mydestination")
    assert view.value("mydestination").text == ""
    assert view.items("mydestination") == []


def test_items_stand_where_they_came_from() -> None:
    view = main_view(
        "domains = a.example b.example\nmydestination = localhost,\n  $domains, @X@ $myhostname\n"
    )
    items = view.items("mydestination")
    assert [(item.text, item.known) for item in items] == [
        ("localhost", True),
        ("a.example", True),
        ("b.example", True),
        ("…", False),
        ("…", False),
    ]
    assert [place(item.location) for item in items] == [
        (2, "localhost"),
        (3, "$domains"),
        (3, "$domains"),
        (3, "@X@"),
        (3, "$myhostname"),
    ]


def test_the_chain_leads_from_setting_to_setting() -> None:
    view = main_view("a = $b\nb = ${c?$d}\nc = x\nd = y\nrelayhost = $a\n")
    value = view.value("relayhost")
    assert value.text == "y"
    assert [setting.name for setting in value.chain] == ["relayhost", "a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("name", "value", "texts"),
    [
        ("smtpd_recipient_restrictions", "reject { check_policy_service { inet:a:1, x } } b", 3),
        ("virtual_alias_maps", "inline:{ {a=b}, c=d } hash:/x", 2),
        ("smtpd_milters", "{ inet:a:1, x = y } inet:b:2", 2),
        ("proxy_read_maps", "$virtual_alias_maps { hash:/a, x }", 1),
        ("mydestination", "{ a b }", 1),
        ("inet_interfaces", "{ a b }", 4),
        ("masquerade_domains", "{a b}", 2),
    ],
)
def test_only_some_lists_have_groups(name: str, value: str, texts: int) -> None:
    assert len(main_view(f"{name} = {value}\n").items(name)) == texts


@pytest.mark.parametrize(("text", "boolean"), [("yes", True), ("No", False), ("true", None), ("", None)])
def test_boolean(text: str, boolean: bool | None) -> None:
    assert main_view(f"biff = {text}\n").boolean("biff") is boolean


def test_raw_parameters_are_not_expanded() -> None:
    assert main_view("mailbox_command = x $USER $\n").value("mailbox_command").text == "x $USER $"


class TestTheHost:
    """The defaults of myhostname and mydomain (global/mail_params.c)."""

    @pytest.mark.parametrize(
        ("main", "hostname", "name", "domain"),
        [
            ("", None, None, None),
            ("", "mail.example.com", "mail.example.com", "example.com"),
            ("", "mail", "mail.localdomain", "localdomain"),
            ("mydomain = example.org\n", "mail", "mail.example.org", "example.org"),
            ("mydomain = example.org\n", "mail.example.com", "mail.example.com", "example.org"),
            ("myhostname = a.b.example\n", None, "a.b.example", "b.example"),
            ("myhostname = mail\n", None, "mail", "localdomain"),
            ("x = example.net\nmyhostname = a.$x\n", "mail", "a.example.net", "example.net"),
            ("myhostname = @NAME@\n", "mail.example.com", None, None),
            ("myhostname = @NAME@.example.com\n", None, None, "example.com"),
            ("myhostname = mail.@DOMAIN@\n", None, None, None),
        ],
    )
    def test_names(self, main: str, hostname: str | None, name: str | None, domain: str | None) -> None:
        view = main_view(main, hostname=hostname)
        assert view.value("myhostname").text == name
        assert view.value("mydomain").text == domain

    def test_what_is_unknown_has_a_reason(self) -> None:
        value = main_view().value("myorigin")
        assert value.text is None
        assert "host" in value.unknown
        assert main_view().value("mynetworks").unknown

    def test_other_values_do_not_suffer(self) -> None:
        assert main_view().value("mydestination").partial == "…, localhost.…, localhost"


@pytest.mark.parametrize("text", ["#{node}", "a @NAME@, b", "%NAME%", f"a {OPAQUE}"])
def test_templates_are_unknown(text: str) -> None:
    value = main_view(f"relayhost = {text}\n").value("relayhost")
    assert value.text is None
    assert "template" in value.unknown


@pytest.mark.parametrize(
    "text",
    [
        "inline:{{a = b}}",
        "pcre:{{/./ OK}}",
        "${{a} == {a} ? {b} : {c}}",
        "user@example.com",
        "50% 60%",
        "{ {a} }",
        "<>",
    ],
)
def test_these_are_no_templates(text: str) -> None:
    assert main_view(f"relayhost = {text}\n").value("relayhost").text is not None


MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_restrictions=$mua
  -o { mua = permit_sasl_authenticated, reject }
  -o mua2=$service_name/$process_name
relay unix - - y - - smtp
"""


class TestViews:
    def test_one_for_each_service(self) -> None:
        config = configuration("", MASTER)
        assert [view.id for view in config.views] == ["", "smtp/inet", "submission/inet", "relay/unix"]
        assert config.view("nosuch/inet") is None

    def test_options_come_first(self) -> None:
        config = configuration("smtpd_tls_security_level = may\nmua = reject\n", MASTER)
        submission, smtp = config.view("submission/inet"), config.view("smtp/inet")
        assert submission is not None and smtp is not None
        assert submission.value("smtpd_tls_security_level").text == "encrypt"
        assert smtp.value("smtpd_tls_security_level").text == "may"
        assert submission.daemon == "smtpd"
        assert place(submission.value("smtpd_tls_security_level").location()) == (3, "encrypt")

    def test_names_are_looked_up_among_the_options_first(self) -> None:
        config = configuration("mua = reject\n", MASTER)
        view = config.view("submission/inet")
        assert view is not None
        value = view.value("smtpd_client_restrictions")
        assert value.text == "permit_sasl_authenticated, reject"
        assert [place(item.location) for item in view.items("smtpd_client_restrictions")] == [(4, "$mua")] * 2
        assert view.value("mua2").text == "submission/smtpd"

    def test_main_cf_sees_the_options_too(self) -> None:
        config = configuration("relayhost = $mua\n", MASTER)
        view = config.view("submission/inet")
        assert view is not None
        assert view.value("relayhost").text == "permit_sasl_authenticated, reject"
        assert config.main_view.value("relayhost").text == ""

    def test_of_entries_that_repeat_the_last_counts(self) -> None:
        config = configuration("", MASTER + "smtp inet n - y - - postscreen\n")
        view = config.view("smtp/inet")
        assert view is not None
        assert view.daemon == "postscreen"
        assert len(config.views) == 4

    def test_read_only_names_cannot_be_set(self) -> None:
        config = configuration("service_name = x\n", "a unix - - n - - smtp -o process_name=y\n")
        view = config.view("a/unix")
        assert view is not None
        assert (view.value("service_name").text, view.value("process_name").text) == ("a", "smtp")
        assert not config.main_view.is_set("service_name")

    def test_services_make_parameters(self) -> None:
        config = configuration("", "fast unix - - n - - smtp\n")
        assert config.main_view.value("fast_destination_recipient_limit").text == "50"
        assert config.main_view.value("slow_destination_recipient_limit").text is None


class TestMadeUpNames:
    def test_what_makes_them_legal(self) -> None:
        config = configuration(
            "a = 1\nb = $a\nunused = 2\nsmtpd_restriction_classes = strict\nstrict = reject\n"
            "virtual_alias_maps = proxy:ldap:people\npeople_query_filter = x\npeople_nosuch = y\n"
            "relayhost = ${x?{$in_a_branch}}$nowhere\nin_a_branch = z\nmailbox_command = $b\n",
            MASTER,
        )
        assert config.names.main == {"a", "strict", "people_query_filter", "in_a_branch"}
        assert config.names.services["submission/inet"] == {"mua"}
        assert [found.name for found in config.names.undefined] == ["x", "nowhere"]

    @pytest.mark.parametrize("version", ["2.11", "3.0", "3.7", "3.10", str(NEWEST)])
    def test_defaults_refer_to_nothing_made_up(self, version: str) -> None:
        """So that the search for what makes a name legal may leave the defaults out."""
        from maillint.postfix.names import references

        release = Version(version)
        unknown = {
            (name, used)
            for name in catalogue.names(release)
            for parameter in [catalogue.parameter(name)]
            if parameter is not None and parameter.type_in(release) != "raw"
            for used in references(parameter.default_in(release) or "")
            if not catalogue.accepted(used, release)
        }
        assert unknown == set()


class TestVersions:
    def test_defaults_follow_the_version(self) -> None:
        def default(version: str) -> str | None:
            return configuration(version=version).main_view.value("smtputf8_enable").text

        assert default("3.7") == "no"
        assert configuration(version="2.11").main_view.raw("smtputf8_enable") is None

    def test_the_newest_unless_told(self) -> None:
        assert configuration().version == NEWEST
        assert not configuration().version_given
        assert configuration(version="3.4").version_given

    def test_functions_are_new(self) -> None:
        main = "relayhost = ${domain_to_ascii{example.com}}\n"
        assert configuration(main, version="3.7").main_view.value("relayhost").problem
        assert configuration(main, version="3.12").main_view.value("relayhost").text == "example.com"


class TestReading:
    """Whatever a path leads to, there is a clear answer."""

    def test_directory(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").write_text("relayhost = x\n")
        config = load_directory(str(tmp_path))
        assert config.main_view.value("relayhost").text == "x"
        assert config.master is None
        assert config.directory == str(tmp_path)

    def test_any_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").write_bytes(bytes(range(256)) * 100)
        (tmp_path / "master.cf").write_bytes(bytes(range(255, -1, -1)) * 100)
        config = load_directory(str(tmp_path))
        assert config.names is not None
        assert [view.value("relayhost").text for view in config.views]

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").touch()
        assert load_directory(str(tmp_path)).settings == {}

    def test_missing(self, tmp_path: Path) -> None:
        self.refused(tmp_path / "nosuch", "No such file")
        self.refused(tmp_path, "no main.cf")

    def test_not_a_directory(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        self.refused(tmp_path / "file", "not a directory")

    def test_main_cf_is_a_directory(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").mkdir()
        self.refused(tmp_path, "directory")

    def test_link_to_nowhere_and_link_loop(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").symlink_to("nowhere")
        self.refused(tmp_path, "No such file")
        (tmp_path / "main.cf").unlink()
        (tmp_path / "main.cf").symlink_to("main.cf")
        self.refused(tmp_path, "symbolic links")

    def test_fifo(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "main.cf")
        self.refused(tmp_path, "not a regular file")

    def test_too_large(self, tmp_path: Path) -> None:
        with open(tmp_path / "main.cf", "wb") as file:
            file.truncate(SIZE_LIMIT + 1)
        self.refused(tmp_path, "too large")

    def test_unreadable_master_cf(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").touch()
        (tmp_path / "master.cf").mkdir()
        self.refused(tmp_path, "master.cf")

    @needs_root
    def test_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "main.cf").touch(mode=0)
        child = os.fork()
        if child == 0:
            os.setuid(65534)
            try:
                load_files(str(tmp_path / "main.cf"), None)
            except ConfigurationError:
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def refused(self, path: Path, why: str) -> None:
        with pytest.raises(ConfigurationError) as caught:
            load_directory(str(path))
        assert why in str(caught.value)
        assert str(path) in str(caught.value)
