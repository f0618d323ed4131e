"""``--vars``: values of a template's variables, without rendering it."""

from __future__ import annotations

import json
from pathlib import Path

from support import run_maillint

TEMPLATE = """\
myhostname = {{ host }}
message_size_limit = {{ limits.message }}
smtpd_helo_required = {{ helo }}
mynetworks = 127.0.0.0/8, {{ nets | join(', ') }}
relayhost = {{ relay }}
smtpd_banner = {{ banner | upper }}
smtpd_recipient_limit = {{ limit | default('many') }}
virtual_alias_maps = {{ maps }}:/etc/postfix/virtual
"""

VALUES = """\
host = "mx.example.com"
helo = true
nets = ["10.0.0.1/8"]
relay = "$undefined_name"
maps = "hesh"

[limits]
message = "much"
"""


def found(directory: Path, *arguments: str) -> list[tuple[int, int, str]]:
    (directory / "main.cf.j2").write_text(TEMPLATE)
    (directory / "vars.toml").write_text(VALUES)
    run = run_maillint("check", "--format", "json", *arguments, "main.cf.j2", cwd=directory)
    assert run.returncode in (0, 1), run.stderr
    return [
        (finding["start"]["line"], finding["start"]["column"], finding["rule"])
        for finding in json.loads(run.stdout)["findings"]
        if finding["severity"] == "error"
    ]


def test_without_values_nothing_is_known(tmp_path: Path) -> None:
    assert [line for line, _, _ in found(tmp_path) if line != 7] == []


def test_with_values(tmp_path: Path) -> None:
    """Each finding stands at the tag that the value comes from."""
    findings = found(tmp_path, "--vars", "vars.toml")
    assert (2, 22, "bad-number") in findings
    assert (3, 23, "bad-boolean") in findings, "Jinja writes True, which Postfix refuses"
    assert (4, 27, "cidr-host-bits") in findings
    assert (7, 25, "bad-number") in findings
    assert (8, 22, "map-type-unknown") in findings
    assert not [rule for line, _, rule in findings if line in (1, 6)]


def test_named_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "maillint.toml").write_text('vars = ["vars.toml"]\n')
    assert (2, 22, "bad-number") in found(tmp_path)


def test_the_last_file_counts(tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('limits = {message = "1000"}\n')
    assert not [line for line, _, _ in found(tmp_path, "--vars", "vars.toml,more.toml") if line == 2]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "main.cf.j2").write_text(TEMPLATE)
    run = run_maillint("check", "--vars", "missing.toml", "main.cf.j2", cwd=tmp_path)
    assert run.returncode == 2
    assert "missing.toml: cannot be read" in run.stderr
