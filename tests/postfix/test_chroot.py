"""Whether a service runs in a chroot, and what a path leads to there."""

import pytest

from maillint.postfix.chroot import inside, is_chrooted, is_of_the_system
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source


def configuration(main: str | None, flag: str, version: str) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)) if main is not None else None,
        parse_master_cf(Source("master.cf", f"smtp inet n - {flag} - - smtpd\n")),
        version=Version(version),
    )


@pytest.mark.parametrize(
    ("main", "flag", "version", "expected"),
    [
        ("", "y", "3.7", True),
        ("", "n", "2.11", False),
        ("", "-", "2.11", True),
        ("", "-", "3.7", True),
        ("compatibility_level = 0", "-", "3.7", True),
        ("compatibility_level = 1", "-", "3.7", False),
        ("compatibility_level = 3.6", "-", "3.7", False),
        ("compatibility_level = 3.6", "-", "2.11", True),
        ("compatibility_level = @LEVEL@", "-", "3.7", None),
        ("compatibility_level = two", "-", "3.7", None),
        (None, "-", "3.7", None),
        (None, "y", "3.7", True),
    ],
)
def test_chroot_column(main: str | None, flag: str, version: str, expected: bool | None) -> None:
    config = configuration(main + "\n" if main else main, flag, version)
    assert is_chrooted(config, config.services[0]) is expected


def test_paths() -> None:
    config = configuration("", "y", "3.7")
    assert inside(config, "/var/spool/postfix/private/auth") == "private/auth"
    assert inside(config, "/var/spool/postfix-in/private/auth") is None
    other = configuration("queue_directory = /srv/queue/\n", "y", "3.7")
    assert inside(other, "/srv/queue//private/auth") == "private/auth"
    assert inside(other, "/var/spool/postfix/private/auth") is None
    assert is_of_the_system("/run/opendkim/opendkim.sock")
    assert is_of_the_system("/var/spool/postfix/private/auth")
    assert not is_of_the_system("/opendkim/opendkim.sock")
    assert not is_of_the_system("private/auth")
