"""Settings as a user meets them: excludes, ``maillint show --settings``, and the published schema."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from maillint.engine.schema import schema
from maillint.engine.settings import KEYS, Layer, SettingsError
from maillint.engine.site import FIELDS
from support import ROOT, run_maillint

QUOTED = "syslog_name = 'a'\n"


def put(directory: Path, name: str, text: str) -> None:
    (directory / name).parent.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(text)


def test_excluded_files_are_left_alone_even_when_named(tmp_path: Path) -> None:
    put(tmp_path, "maillint.toml", 'exclude = ["vendor", "*/old.cf"]\n')
    put(tmp_path, "vendor/x/main.cf", QUOTED)
    put(tmp_path, "live/old.cf", QUOTED)
    put(tmp_path, "live/new.cf", QUOTED)
    named = run_maillint("check", "vendor/x/main.cf", "live/old.cf", cwd=tmp_path)
    assert (named.returncode, named.stdout) == (0, "")
    assert "0 configurations; 2 excluded by the settings" in named.stderr
    assert run_maillint("check", "live/new.cf", cwd=tmp_path).returncode == 1
    assert run_maillint("check", ".", cwd=tmp_path).returncode == 0
    assert run_maillint("check", "--exclude", "new.cf", "live/new.cf", cwd=tmp_path).returncode == 0


def test_overrides_from_the_command_line(tmp_path: Path) -> None:
    put(tmp_path, "maillint.toml", '[[overrides]]\npaths = ["lab"]\nignore = ["quoted-value"]\n')
    put(tmp_path, "lab/some.cf", QUOTED)
    put(tmp_path, "live/some.cf", QUOTED)
    run = run_maillint("check", "--format", "concise", "lab/some.cf", "live/some.cf", cwd=tmp_path)
    assert [line.partition(":")[0] for line in run.stdout.splitlines()] == ["live/some.cf"]


def test_show_settings(tmp_path: Path) -> None:
    put(tmp_path, "base.toml", 'fail-on = "info"\nignore = ["style"]\n')
    put(
        tmp_path,
        "maillint.toml",
        'extends = "base.toml"\nignore = ["tls"]\npostfix-version = "3.7"\n'
        '[[overrides]]\npaths = ["lab"]\nfail-on = "never"\n',
    )
    (tmp_path / "lab").mkdir()
    lines = run_maillint("show", "--settings", "lab", cwd=tmp_path).stdout.splitlines()
    pairs = [tuple(part.strip() for part in line.split("  # ")) for line in lines]
    assert ('fail-on = "never"', "maillint.toml: overrides[1]") in pairs
    assert ('postfix-version = "3.7"', "maillint.toml") in pairs
    assert ('min-confidence = "low"', "default") in pairs
    assert [origin for text, origin in pairs if text.startswith("ignore")] == ["base.toml", "maillint.toml"]
    document = json.loads(run_maillint("show", "--settings", "--format", "json", ".", cwd=tmp_path).stdout)
    assert {"key": "fail-on", "value": "info", "origin": "base.toml"} in document["settings"]


def test_show_settings_of_a_wrong_file(tmp_path: Path) -> None:
    put(tmp_path, "maillint.toml", "fail-onn = 1\n")
    run = run_maillint("show", "--settings", ".", cwd=tmp_path)
    assert run.returncode == 2
    assert "did you mean fail-on?" in run.stderr


def test_the_published_schema_is_current() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    page = generator["SCHEMA"].read_text(encoding="utf-8")
    assert page == generator["rendered_schema"](), "run: python docs/generate.py"
    jsonschema.Draft7Validator.check_schema(json.loads(page))


RIGHT = """\
select = ["tls", "quoted-value"]
extend-select = ["style"]
ignore = ["inline-comment"]
fail-on = "error"
min-confidence = "medium"
postfix-version = "3.7.11"
role = ["mx", "submission"]
template = "jinja"
vars = ["vars.yml"]
hostname = "mx.example.com"
public-ip = ["192.0.2.1", "2001:db8::1"]
resolver = "127.0.0.1#5300"
baseline = "known.json"
require-reason = true
exclude = ["vendor/**"]
extends = ["base.toml"]
plugins = []
severity = {quoted-value = "info"}

[[overrides]]
paths = ["lab/**"]
fail-on = "never"

[[data]]
paths = ["group_vars/*.yml"]
at = "postfix.main_cf"

[[site]]
name = "ours"
parameter = "smtpd_recipient_limit"
set = true
one-of = ["1000"]
contain = ["1000"]
not-contain = ["0"]
at-least = 10
at-most = "2000"
services = ["smtpd"]
roles = ["mx"]
message = "we say so"
severity = "error"
link = "https://wiki.example.com"
"""


def test_the_schema_and_the_reader_take_the_same() -> None:
    table = tomli.loads(RIGHT)
    jsonschema.validate(table, schema())
    Layer(table, "the test")
    missing = {key.name for key in KEYS} - table.keys() - {"zone"}
    assert not missing, "the example has every key"
    assert table["site"][0].keys() == FIELDS.keys()


@pytest.mark.parametrize(
    "table",
    [
        {"fail-onn": "error"},
        {"fail-on": "fatal"},
        {"select": "tls"},
        {"postfix-version": 3.7},
        {"postfix-version": "three"},
        {"require-reason": "yes"},
        {"role": ["mxx"]},
        {"severity": {"quoted-value": "fatal"}},
        {"overrides": [{"fail-on": "error"}]},
        {"overrides": [{"paths": ["a"], "extends": "b"}]},
        {"site": [{"name": "a"}]},
        {"site": [{"name": "a", "parameter": "myorigin", "set": 1}]},
        {"site": [{"name": "a", "parameter": "myorigin", "set": True, "severity": "x"}]},
        {"site": [{"name": "a", "parameter": "myorigin", "set": True, "colour": "x"}]},
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(table: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table, schema())
    with pytest.raises(SettingsError):
        Layer(table, "the test")
