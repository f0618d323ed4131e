"""Values for templates: looked up as the language would, or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from maillint.syntax.template.values import ValuesError, read_values, value_of

VALUES = {
    "host": "mx.example.com",
    "mail": {"relay": "[a]:587", "nets": ["127.0.0.0/8", "10.0.0.0/8"], "port": 25},
    "on": True,
    "RELAY": "smtp.example.com",
    "lines": "a\nb",
}


@pytest.mark.parametrize(
    ("tag", "language", "expected"),
    [
        ("{{ host }}", "jinja", "mx.example.com"),
        ("{{-host-}}", "jinja", "mx.example.com"),
        ("{{ mail.relay }}", "jinja", "[a]:587"),
        ("{{ mail['relay'] }}", "jinja", "[a]:587"),
        ('{{ mail["nets"][1] }}', "jinja", "10.0.0.0/8"),
        ("{{ mail.nets | join(', ') }}", "jinja", "127.0.0.0/8, 10.0.0.0/8"),
        ("{{ mail.nets }}", "jinja", "['127.0.0.0/8', '10.0.0.0/8']"),
        ("{{ mail.port }}", "jinja", "25"),
        ("{{ on }}", "jinja", "True"),
        ("{{ .Values.on }}", "go", "true"),
        ("{{ missing }}", "jinja", None),
        ("{{ missing | default('x y') }}", "jinja", "x y"),
        ("{{ host | default('x') }}", "jinja", "mx.example.com"),
        ("{{ missing | default(host) }}", "jinja", None),
        ("{{ host | upper }}", "jinja", None),
        ("{{ host if on else 'x' }}", "jinja", None),
        ("{{ host ~ 'x' }}", "jinja", None),
        ("{{ lookup('env', 'X') }}", "jinja", None),
        ("{{ mail }}", "jinja", None),
        ("{{ lines }}", "jinja", None),
        ("{{ 'literal' }}", "jinja", None),
        ("<%= @host %>", "erb", "mx.example.com"),
        ("<%= mail['relay'] -%>", "erb", "[a]:587"),
        ("<%= @host.upcase %>", "erb", None),
        ("<%= $host %>", "erb", "mx.example.com"),
        ("{{{host}}}", "mustache", "mx.example.com"),
        ("${RELAY}", "placeholder", "smtp.example.com"),
        ("$RELAY", "placeholder", "smtp.example.com"),
        ("@host@", "placeholder", "mx.example.com"),
        ("%host", "placeholder", "mx.example.com"),
        ("%%host%%", "placeholder", "mx.example.com"),
        ("<RELAY>", "placeholder", "smtp.example.com"),
        ("__RELAY__", "placeholder", "smtp.example.com"),
    ],
)
def test_value(tag: str, language: str, expected: str | None) -> None:
    assert value_of(tag, VALUES, language) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'host = "x"\n[mail]\nport = 25\n'),
        ("a.yml", "host: x\nmail: {port: 25}\n"),
        ("a.json", '{"host": "x", "mail": {"port": 25}}'),
    ],
)
def test_files(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert read_values(str(path)) == {"host": "x", "mail": {"port": 25}}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "host = ", "Invalid value"),
        ("a.yml", "a: [b\nc: d", "line 2"),
        ("a.yml", "- a", "a table"),
        ("a.yml", "", "a table"),
        ("missing.yml", None, "cannot be read"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(ValuesError) as error:
        read_values(str(path))
    assert said in str(error.value)
    assert str(path) in str(error.value)
