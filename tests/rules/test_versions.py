"""What is said of names, words and defaults follows the Postfix version, back-ports included.

The releases are those of the Postfix release notes (RELEASE_NOTES of each series) and announcements.
"""

import re

import pytest

from maillint.engine.docs import Fence
from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.registry import BUILT_IN, Registry
from maillint.postfix import catalogue, facts
from maillint.postfix.version import Version
from maillint.testing import Example
from postfix.oracle import installed_version
from support import needs_postfix, run_postconf

REGISTRY = Registry.load((BUILT_IN,))
SERIES = [Version(f"2.{minor}") for minor in range(6, 12)] + [Version(f"3.{minor}") for minor in range(13)]
_HOSTS = frozenset({"config_directory", "mail_version", "mydomain", "myhostname", "mynetworks"})
"""Parameters that no main.cf for any host can set to their default."""
ABOUT_NAMES = {"unsupported-parameter-in-version", "unknown-parameter"}


def judged(main: str, version: str | Version) -> list[Finding]:
    """What all rules find in a part of a main.cf, for one Postfix version."""
    return Example([Fence(("main.cf", "fragment", f"postfix={version}"), main)]).findings(REGISTRY)


def rules(main: str, version: str | Version) -> set[str]:
    return {finding.rule for finding in judged(main, version)}


# Setting, rule that speaks before, the last release without it, the first with it (one pair per series).
ARRIVALS = [
    ("smtpd_forbid_bare_newline = yes", "unsupported-parameter-in-version", release)
    for release in ("3.5.22 3.5.23", "3.6.12 3.6.13", "3.7.8 3.7.9", "3.8.3 3.8.4", "3.4 3.9")
] + [
    ("smtpd_forbid_bare_newline = normalize", "bad-boolean", release)
    for release in ("3.5.23 3.5.24", "3.6.13 3.6.14", "3.7.9 3.7.10", "3.8.4 3.8.5")
]
ARRIVALS += [
    ("smtpd_relay_restrictions = reject_unauth_destination", "unsupported-parameter-in-version", "2.9 2.10"),
    ("smtputf8_enable = no", "unsupported-parameter-in-version", "2.11 3.0"),
    ("smtp_tls_chain_files = /etc/postfix/chain.pem", "unsupported-parameter-in-version", "3.3 3.4"),
    ("postscreen_denylist_action = drop", "unsupported-parameter-in-version", "3.5 3.6"),
    ("smtp_tls_security_level = dane", "enum-value-invalid", "2.10 2.11"),
    ("smtp_tls_mandatory_protocols = >=TLSv1.2", "protocol-syntax-too-new", "3.5 3.6"),
    ("smtpd_client_restrictions = check_sasl_access static:OK", "unknown-restriction", "2.10 2.11"),
    ("virtual_alias_maps = inline:{a=b}", "map-type-unknown", "2.11 3.0"),
]


@pytest.mark.parametrize(("setting", "rule", "releases"), ARRIVALS)
def test_what_came_with_a_release(setting: str, rule: str, releases: str) -> None:
    before, since = releases.split()
    assert rule in rules(f"{setting}\n", before)
    assert rule not in rules(f"{setting}\n", since)


@pytest.mark.parametrize("version", SERIES, ids=str)
def test_deprecated_names(version: Version) -> None:
    """Advice while nothing warns, a warning when postconf does, and nothing before there is another way."""
    for line in facts.lines("parameters"):
        parameter = catalogue.Parameter(line)
        if parameter.deprecated is None or not catalogue.accepted(parameter.name, version):
            continue
        found = judged(f"{parameter.name} = yes\n", version)
        about = {finding.rule: finding.severity for finding in found}
        possible = not parameter.replacement or any(
            catalogue.known(name, version) for name in parameter.replacement
        )
        warns = parameter.warned is not None and version.has(parameter.warned)
        if not possible:
            assert "deprecated-parameter" not in about
        elif "old-name-loses-value" not in about:
            assert about["deprecated-parameter"] == (WARNING if warns else INFO), parameter.name


def test_a_name_that_is_too_new_is_told_with_the_old_one() -> None:
    (found,) = judged("postscreen_denylist_action = drop\n", "3.5")
    assert "`postscreen_blacklist_action`" in found.mend


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("smtpd_use_tls = yes", "smtpd_tls_security_level = may"),
        ("lmtp_enforce_tls = yes", "lmtp_tls_security_level = encrypt"),
        ("disable_dns_lookups = yes", "smtp_dns_support_level = disabled"),
    ],
)
def test_a_switch_is_told_with_the_level_that_it_stands_for(setting: str, line: str) -> None:
    [found] = judged(f"{setting}\n", "3.9")
    assert found.mend == f"write `{line}`"


def test_removed_names() -> None:
    assert "unsupported-parameter-in-version" not in rules(
        "tls_legacy_public_key_fingerprints = no\n", "3.10"
    )
    removed = judged("tls_legacy_public_key_fingerprints = no\n", "3.11")
    assert [finding.rule for finding in removed] == ["unsupported-parameter-in-version"]


@needs_postfix
def test_the_names_are_those_that_postconf_uses() -> None:
    """Of a main.cf that sets every parameter of every version, both call the same ones unused."""
    version = installed_version()
    names = [catalogue.Parameter(line).name for line in facts.lines("parameters")]
    main = "".join(
        f"{name} = {catalogue.default(name, version) or ''}\n" for name in names if name not in _HOSTS
    )
    said = run_postconf("-n", main=main).stderr
    unused = set(re.findall(r"main\.cf: unused parameter: ([^=]+)=", said))
    assert len(unused) > 50
    found = {finding.parameter for finding in judged(main, version) if finding.rule in ABOUT_NAMES}
    assert found == unused


@pytest.mark.parametrize(
    ("level", "version", "named"),
    [
        ("3.6", "3.9", ["smtpd_forbid_bare_newline", "smtpd_forbid_unauth_pipelining"]),
        ("3.9", "3.11", []),
        ("2", "3.5", []),
        ("3.11", "3.9", []),
    ],
)
def test_changed_defaults(level: str, version: str, named: list[str]) -> None:
    found = [
        finding
        for finding in judged(f"compatibility_level = {level}\n", version)
        if finding.rule == "changed-default"
    ]
    assert len(found) == bool(named)
    assert all(f"`{name}`" in finding.message for finding in found for name in named)


def test_changed_defaults_are_silent_where_no_version_is_told() -> None:
    example = Example([Fence(("main.cf", "fragment"), "compatibility_level = 3.6\n")])
    assert example.findings(REGISTRY) == []
