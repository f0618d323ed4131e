"""Settings of Postfix in files of other kinds: found, judged as fragments, shown where they stand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.syntax.embedded import shell
from maillint.syntax.embedded.extract import Extract
from maillint.syntax.source import OPAQUE, Source
from support import run_maillint


def settings(text: str) -> list[str]:
    """What the commands in *text* set, with ``?`` for what the shell puts in."""
    return [
        f"{part.kind.partition('.')[0]} {part.service and part.service + ': '}"
        + re.sub(f"{OPAQUE}+", "?", part.text)
        for part in shell.parts(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postconf -e a=b", ["main a=b"]),
        ("postconf a=b", ["main a=b"]),
        ("/usr/sbin/postconf -e 'a = b c' \"d = e\"; echo f=g", ["main a = b c", "main d = e"]),
        ("x && postconf -e a=b && postconf -e c=d || y=z", ["main a=b", "main c=d"]),
        ("postconf -e a=b \\\n   c=d\nfoo e=f", ["main a=b", "main c=d"]),
        ("postconf -c /etc/postfix-out -e a=b", ["main a=b"]),
        ("postconf -ve a=b", ["main a=b"]),
        ('postconf -e "a = $B" "c = ${D:-x}/y" "e = $(hostname -f)" "f = `id`"',
         ["main a = ?", "main c = ?/y", "main e = ?", "main f = ?"]),
        ("postconf -e 'a = $myhostname'", ["main a = $myhostname"]),
        (r'postconf -e "a = \$myhostname \"q\""', ['main a = $myhostname "q"']),
        (r"postconf -e a=b\ c", ["main a=b c"]),
        ('postconf -e "$X" "$Y=b" c=d', ["main c=d"]),
        ("postconf -e a=1'2'\"3\"", ["main a=123"]),
        ("# postconf -e a=b\necho postconf -e a=b\nmypostconf -e a=b\npostconf -n", []),
        ("postconf -X a=b\npostconf -# c", []),
        ("postconf -e a=b > /dev/null", ["main a=b"]),
        ("postconf -e a=b # c=d", ["main a=b"]),
        ("(postconf -e a=b)", ["main a=b"]),
        ("postconf -P submission/inet/smtpd_x=yes", ["main submission/inet: smtpd_x=yes"]),
        ("postconf -P 'smtp/inet/a=b' smtp/unix/c=d", ["main smtp/inet: a=b", "main smtp/unix: c=d"]),
        ("postconf -M smtp/inet='smtp inet n - n - - smtpd'", ["master smtp inet n - n - - smtpd"]),
        ("postconf -Me 'smtp/inet = smtp inet n - n - - smtpd'", ["master smtp inet n - n - - smtpd"]),
        ("postconf -F '*/*/chroot = n'", []),
        ("  - command: postconf -e \"a = {{ host }}\"", ["main a = ?"]),
        ("cat >> /etc/postfix/main.cf << 'EOF'\na = $b\n  c\nEOF\nd = e\n", ["main a = $b", "main   c"]),
        ("cat <<EOF > main.cf\na = \\$b $C\nEOF\n", ["main a = $b ?"]),
        ("cat > master.cf <<-X\n\tsmtp inet n - n - - smtpd\n\tX\n", ["master smtp inet n - n - - smtpd"]),
        ("cat > other.conf <<EOF\na = b\nEOF\n", []),
    ],
)  # fmt: skip
def test_what_a_script_sets(text: str, expected: list[str]) -> None:
    assert settings(text) == expected


@given(st.text(st.sampled_from("postconf -e=a$'\"\\{}()`;&|<>#\n MPEOF/"), max_size=80))
def test_any_script_is_read(text: str) -> None:
    text = "postconf -e " + text
    source = Source("script.sh", text)
    extract = Extract(source, shell.parts(text))
    for offset in range(len(extract.text) + 1):
        assert 0 <= extract.origin(offset) <= len(text)


def test_places_are_those_of_the_file() -> None:
    text = "#!/bin/sh\npostconf -e \"a = \\$b\" 'c = d'\n"
    extract = Extract(Source("script.sh", text), shell.parts(text))
    assert extract.text == "a = $b\nc = d\n"
    for word in ("a", "b", "c", "d"):
        line, column = extract.position(extract.text.index(word))
        assert extract.line(line)[column - 1] == word


def check(directory: Path, name: str, *arguments: str) -> list[tuple[int, int, str]]:
    run = run_maillint("check", "--format", "json", *arguments, name, cwd=directory)
    assert run.returncode in (0, 1), run.stderr
    return [
        (finding["start"]["line"], finding["start"]["column"], finding["rule"])
        for finding in json.loads(run.stdout)["findings"]
        if finding["severity"] != "info"
    ]


def test_a_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "FROM debian:12\n"
        "RUN postconf -e 'relayhost = [smtp.example.com' \\\n"
        "    && postconf -e smtpd_recipient_limit=many relay_domains=$DOMAINS\n"
        "RUN postconf -P submission/inet/smtpd_sasl_auth_enable=yess\n"
    )
    assert check(tmp_path, "Dockerfile") == [
        (2, 30, "relayhost-syntax"),
        (3, 42, "bad-number"),
        (4, 56, "bad-boolean"),
    ]


def test_a_command_replaces_what_was_set(tmp_path: Path) -> None:
    """So two of them are no duplicate, and what the first said says nothing beside the second."""
    (tmp_path / "setup.sh").write_text(
        "postconf -e smtp_tls_wrappermode=yes smtp_tls_security_level=encrypt\n"
        "postconf -e smtp_tls_security_level=may\n"
    )
    assert "duplicate-parameter" not in {rule for _, _, rule in check(tmp_path, "setup.sh")}


def test_what_holds_in_the_end_goes_together(tmp_path: Path) -> None:
    """The first level says nothing any more beside the wrapper mode; the last one does."""
    mends = "postconf -e smtp_tls_wrappermode=yes smtp_tls_security_level=may\n"
    mends += "postconf -e smtp_tls_security_level=encrypt\n"
    (tmp_path / "mends.sh").write_text(mends)
    assert check(tmp_path, "mends.sh") == []
    breaks = "postconf -e smtp_tls_wrappermode=yes smtp_tls_security_level=encrypt\n"
    breaks += "postconf -e smtp_tls_security_level=may\n"
    (tmp_path / "breaks.sh").write_text(breaks)
    assert "wrappermode-without-encrypt" in {rule for _, _, rule in check(tmp_path, "breaks.sh")}


def test_settings_under_a_condition_are_judged_apart(tmp_path: Path) -> None:
    text = "postconf -e smtp_tls_wrappermode=yes\n{}postconf -e smtp_tls_security_level=may\n"
    (tmp_path / "plain.sh").write_text(text.format(""))
    (tmp_path / "with-if.sh").write_text(text.format('if test "$RELAY"; then\n'))
    assert "wrappermode-without-encrypt" in {rule for _, _, rule in check(tmp_path, "plain.sh")}
    assert check(tmp_path, "with-if.sh") == []


def test_docker_mailserver(tmp_path: Path) -> None:
    (tmp_path / "postfix-master.cf").write_text(
        "# overrides\nsubmission/inet/smtpd_sasl_auth_enable=yess\nsmtp/inet/smtpd_sasl_auth_enable=no\n"
    )
    assert check(tmp_path, "postfix-master.cf") == [(2, 40, "bad-boolean")]
    (tmp_path / "postfix-main.cf").write_text("smtpd_recipient_limit = many\n")
    assert check(tmp_path, "postfix-main.cf") == [(1, 25, "bad-number")]


def test_data(tmp_path: Path) -> None:
    (tmp_path / "maillint.toml").write_text('[[data]]\npaths = ["*.yml", "*.json"]\nat = "hosts.*.main_cf"\n')
    (tmp_path / "vars.yml").write_text(
        "other:\n  smtpd_recipient_limit: many\n"
        "hosts:\n"
        "  mx:\n"
        "    main_cf:\n"
        "      smtpd_recipient_limit: 'many'\n"
        "      smtpd_helo_required: true\n"
        "      smtpd_delay_reject: maybe\n"
        '      relayhost: "[{{ relay }}]:587"\n'
        "      mynetworks:\n"
        "        - 127.0.0.0/8\n"
        "        - 10.0.0.1/8\n"
    )
    assert check(tmp_path, "vars.yml") == [
        (6, 31, "bad-number"),
        (8, 27, "bad-boolean"),
        (12, 11, "cidr-host-bits"),
    ]
    (tmp_path / "vars.json").write_text('{"hosts": {"mx": {"main_cf": {"smtpd_recipient_limit": "many"}}}}\n')
    assert check(tmp_path, "vars.json") == [(1, 57, "bad-number")]


def test_data_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "maillint.toml").write_text('[[data]]\npaths = ["*.yml"]\n')
    (tmp_path / "vars.yml").write_text("a: [b\nc: d\n")
    run = run_maillint("check", "vars.yml", cwd=tmp_path)
    assert run.returncode == 2
    assert "vars.yml: line 2" in run.stderr
    assert "Traceback" not in run.stderr


def test_data_that_nobody_spoke_of(tmp_path: Path) -> None:
    (tmp_path / "vars.yml").write_text("smtpd_recipient_limit: many\n")
    assert check(tmp_path, "vars.yml") == []
