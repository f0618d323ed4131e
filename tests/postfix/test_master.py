"""Entries of master.cf are read as master(8), postconf(1) and the programs read them."""

import pytest

from lab.postfix import Postfix
from maillint.postfix.configuration import Configuration
from maillint.postfix.master import (
    FIELDS,
    Option,
    active_services,
    attributes,
    canonical_id,
    command_line,
    endpoint,
    field_refused_by_postconf,
    getopt,
    is_complete,
    listening_addresses,
    macros_in,
    process_limit,
    refused_field,
    split_arguments,
)
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.tree import Service
from support import needs_postfix, needs_root, run_postconf


def configuration(master: str, main: str = "", version: str | None = None) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)),
        version=Version(version) if version else None,
    )


def entry(text: str) -> Service:
    return configuration(text).services[0]


ENTRIES = {
    "x unix - - n - - error": None,
    "x unix-dgram n y n 0 0 error": None,
    "x - - - n - - error": "type",
    "x UNIX - - n - - error": "type",
    "x unix Y - n - - error": "private",
    "x unix - no n - - error": "unprivileged",
    "x unix - - -- - - error": "chroot",
    "x unix - - n 60? - error": None,
    "x unix - - n ? - error": "wakeup",
    "x unix - - n -1 - error": "wakeup",
    "x unix - - n - +1 error": "process limit",
    "x unix - - n - - -": "command",
}
"""Entries, and the field that master(8) refuses."""

MASTERS_NAMES = {
    "type": ("transport type", "bad transport type"),
    "wakeup": ("wakeup_time",),
    "process limit": ("max_proc",),
}
"""What master(8) calls a field when it is another name than ours."""


@pytest.mark.parametrize("text", ENTRIES)
def test_refused_field(text: str) -> None:
    found = refused_field(entry(text))
    assert (FIELDS[found] if found is not None else None) == ENTRIES[text]


@needs_root
@needs_postfix
@pytest.mark.parametrize("text", ENTRIES)
def test_master_refuses_the_field(text: str) -> None:
    refused = ENTRIES[text]
    with Postfix(master_cf=f"{text}\n") as postfix:
        said = postfix.said("fatal: .*: line ", timeout=0.0 if refused is None else 5.0)
    if refused is None:
        assert said is None
    else:
        assert said is not None
        assert any(name in said for name in MASTERS_NAMES.get(refused, (refused,)))


@needs_postfix
@pytest.mark.parametrize(
    "text",
    [
        *ENTRIES,
        "x unix - - n 60s - error",
        "x unix - - n - 10x error",
        "x unix - - n 6? 10? error",
        "x unix - - n -? - error",
        "x unix - - n 007 0 error",
    ],
)
def test_postconf_refuses_the_field(text: str) -> None:
    service = entry(text)
    refused = field_refused_by_postconf(service)
    by_master = refused_field(service)
    said = run_postconf("-M", master=f"{text}\n").stderr
    if by_master in (FIELDS.index("command"), FIELDS.index("wakeup")) and refused is None:
        assert said == ""  # Here master(8) is the stricter one.
    elif refused is not None or by_master is not None:
        assert "fatal: invalid" in said
    else:
        assert said == ""


NAMES = {
    "*:2525": "valid hostname or network address required",
    "25x": "garbage after numerical service",
    "[::1": 'missing "]"',
    "[::1]25": 'garbage after "]"',
    "[IPv6:1.2.3.4]:25": "malformed IPv6 address",
    "127.0.0.1:": "missing service information",
    "-x:25": "valid hostname or network address required",
    "127.0.0.1:@PORT2@": "",
    "[127.0.0.1]:@PORT2@": "",
    "localhost:@PORT2@": "",
    ":@PORT2@": "",
}


@needs_root
@needs_postfix
@pytest.mark.parametrize("name", NAMES)
def test_names_of_inet_services(name: str) -> None:
    assert endpoint(entry(f"{name.replace('@PORT2@', '2525')} inet n - n - - smtpd")).error == NAMES[name]
    with Postfix(master_cf=f"{name} inet n - n - - smtpd\n") as postfix:
        said = postfix.said("fatal: .*: line ", timeout=5.0 if NAMES[name] else 0.0)
    assert (said is None) == (not NAMES[name])
    assert said is None or NAMES[name] in said


@pytest.mark.parametrize(
    ("field", "main", "limit"),
    [
        ("-", "", 100),
        ("-", "default_process_limit = 5\n", 5),
        ("-", "default_process_limit = many\n", None),
        ("0", "", 0),
        ("10x", "", 10),
    ],
)
def test_process_limit(field: str, main: str, limit: int | None) -> None:
    config = configuration(f"x unix - - n - {field} error", main)
    assert process_limit(config, config.services[0]) == limit


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("smtp inet n", "25 inet n", True),
        ("127.0.0.1:smtp inet n", "[127.0.0.1]:25 inet n", True),
        ("127.0.0.1:smtp inet n", "smtp inet n", False),
        ("smtp inet n", "smtp unix n", False),
        ("x unix -", "x unix y", True),
        ("x unix -", "x unix n", False),
    ],
)
def test_what_makes_a_duplicate(name: str, other: str, same: bool) -> None:
    config = configuration(f"{name} - n - - smtpd\n{other} - n - - smtpd\n")
    first, second = (canonical_id(config, service) for service in config.services)
    assert (first == second) is same


@pytest.mark.parametrize(
    ("name", "interfaces", "addresses"),
    [
        ("25", "all", {"all"}),
        ("25", "loopback-only", {"127.0.0.1", "::1"}),
        ("25", "192.0.2.1, [2001:db8::1], mail.example.com", {"192.0.2.1", "2001:db8::1"}),
        ("localhost:25", "all", {"127.0.0.1"}),
        ("mail.example.com:25", "all", set()),
    ],
)
def test_listening_addresses(name: str, interfaces: str, addresses: set[str]) -> None:
    config = configuration(f"{name} inet n - n - - smtpd\n", f"inet_interfaces = {interfaces}\n")
    assert listening_addresses(config, config.services[0]) == addresses


MASTER = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\nx unix - - n - - error\n"


@pytest.mark.parametrize(
    ("disabled", "active"),
    [
        ("", ["smtp/inet", "smtp/unix", "x/unix"]),
        ("inet", ["smtp/unix", "x/unix"]),
        ("smtp/inet", ["smtp/unix", "x/unix"]),
        ("smtp.unix, x/unix", ["smtp/inet"]),
        ("!x/unix, unix", ["smtp/inet", "x/unix"]),
        ("@DISABLED@", []),
    ],
)
def test_active_services(disabled: str, active: list[str]) -> None:
    config = configuration(MASTER, f"master_service_disable = {disabled}\n")
    assert [service.id for service in active_services(config)] == active


def test_of_two_entries_the_last_is_active() -> None:
    config = configuration("x unix - - n - - error\nx unix - - n - 1 discard\n")
    assert [service.command for service in active_services(config)] == ["discard"]


@pytest.mark.parametrize(
    ("arguments", "options", "behind"),
    [
        ("-o a=b -v x", [("o", "a=b"), ("v", None)], "x"),
        ("-vo a=b", [("v", None), ("o", "a=b")], ""),
        ("-voa=b", [("v", None), ("o", "a=b")], ""),
        ("-v -- -o", [("v", None)], "-o"),
        ("-v - -o a=b", [("v", None)], "- -o a=b"),
        ("-o", [("o", None)], ""),
        ("-o -v", [("o", "-v")], ""),
    ],
)
def test_getopt(arguments: str, options: list[tuple[str, str | None]], behind: str) -> None:
    found, rest = getopt(entry(f"x unix - - n - - error {arguments}"))
    assert [(option.letter, option.value and option.value.text) for option in found] == options
    assert " ".join(word.text for word in rest) == behind


@pytest.mark.parametrize(
    ("command", "version", "words"),
    [
        ("smtpd -o a=b x -o c=d y", "3.7", ["-o", "x", "-o", "y"]),
        ("smtpd -- -v", "3.7", ["-v"]),
        ("smtp flags=D flag=R", "3.7", ["flag=R"]),
        ("smtp flags=D", "3.4", ["flags=D"]),
        ("pipe x", "3.7", []),
        ("ours x", "3.7", []),
    ],
)
def test_split_arguments(command: str, version: str, words: list[str]) -> None:
    config = configuration(f"x unix - - n - - {command}", version=version)
    found = split_arguments(config, config.services[0])
    assert [word.at.text if isinstance(word, Option) else word.text for word in found] == words


def test_attributes_end_with_the_command() -> None:
    service = entry("x unix - n n - - pipe -o a=b FLAGS=R user=u stray argv=/bin/x user=y ${user}")
    found = [(attribute.name, attribute.value.text) for attribute in attributes(service)]
    assert found == [("flags", "R"), ("user", "u"), ("", "stray"), ("argv", "/bin/x")]
    assert [word.text for word in command_line(service)] == ["/bin/x", "user=y", "${user}"]


@pytest.mark.parametrize(
    ("text", "names", "error"),
    [
        ("$user@${domain}", ["user", "domain"], ""),
        ("$(user)", ["user"], ""),
        ("5$$", [], ""),
        ("$$$user", ["user"], ""),
        ("${extension?+${extension}}", ["extension?+${extension}"], ""),
        ("${user", [""], "truncated macro reference"),
        ("${} $user", [""], "empty macro name"),
        ("$", [""], "empty macro name"),
        ("$-x", [""], "empty macro name"),
    ],
)
def test_macros(text: str, names: list[str], error: str) -> None:
    found = list(macros_in(text))
    assert [macro.name for macro in found] == names
    assert [macro.error for macro in found if macro.error] == ([error] if error else [])


def test_deep_macros_end_at_once() -> None:
    assert [macro.error for macro in macros_in("${" * 100_000)] == ["truncated macro reference"]


CORE = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
"""


def test_complete() -> None:
    assert is_complete(configuration(CORE))
    assert not is_complete(configuration(MASTER))
    renamed = CORE.replace("cleanup unix", "clean unix")
    assert not is_complete(configuration(renamed))
    assert is_complete(configuration(renamed, "cleanup_service_name = clean\n"))
    assert not is_complete(configuration(CORE, "master_service_disable = $myhostname\n"))
