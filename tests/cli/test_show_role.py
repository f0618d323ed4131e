"""The command ``maillint show --role``, and the ways to tell the roles of a host."""

import json
from pathlib import Path

import pytest

from support import ROOT, run_maillint

from .conftest import Check

EXAMPLES = ROOT / "examples" / "configurations"
MAIN = """\
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
mynetworks = 127.0.0.0/8, 192.0.2.25
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
relay_domains = example.com
relay_recipient_maps = lmdb:/etc/postfix/relay_recipients
"""


def test_text_has_the_evidence_and_what_is_not_known() -> None:
    run = run_maillint("show", "--role", EXAMPLES / "gateway-amavis")
    assert (run.returncode, run.stderr) == (0, "")
    held, unknown, hint = run.stdout.split("\n\n")
    assert held.splitlines()[:2] == ["gateway", "  other mail servers can connect to `smtp` (master.cf:5)"]
    assert "\nmx\n" in held
    assert "  `relay_domains` has `example.com` (main.cf:18)" in held
    assert unknown.startswith("Not known:\n  list-server\n") or "\n  lan-hub\n" in unknown
    assert hint.endswith("say it in main.cf: # maillint: role[mx, submission]\n")


def test_json_answers_for_every_role() -> None:
    run = run_maillint("show", "--role", "--format", "json", EXAMPLES / "mx-dovecot-rspamd")
    assert (run.returncode, run.stderr) == (0, "")
    shown = json.loads(run.stdout)
    assert (list(shown), shown["version"]) == (["version", "roles"], 1)
    holds = {name: role["holds"] for name, role in shown["roles"].items()}
    assert {name for name, answer in holds.items() if answer} == {"mx", "virtual-hosting", "submission"}
    assert holds["null-client"] is False
    assert set(holds.values()) <= {True, False, None}
    path = str(EXAMPLES / "mx-dovecot-rspamd" / "master.cf")
    first = shown["roles"]["submission"]["evidence"][0]
    assert (first["service"], first["parameter"]) == ("submissions/inet", None)
    assert (first["path"], first["column"]) == (path, 1)
    assert Path(path).read_text().splitlines()[first["line"] - 1].startswith("submissions ")
    listed = shown["roles"]["virtual-hosting"]["evidence"][0]
    assert (listed["service"], listed["parameter"]) == (None, "virtual_mailbox_domains")


def test_nothing_is_taken_from_this_host(place: Path) -> None:
    """What is told must not depend on where maillint runs."""
    (place / "main.cf").write_text("mynetworks_style = host\n")
    run = run_maillint("show", "--role", cwd=place)
    assert run.stdout.startswith(
        "The files show none of the roles that maillint knows.\n\nNot known:\n  mx\n"
    )


@pytest.mark.parametrize(
    ("text", "setting", "reason"),
    [
        ("# maillint: role[lan-hub]\n", "", "a comment in line 1 of main.cf says so"),
        ("# maillint: role[lan-hub]\n", 'role = ["mx"]\n', "a comment in line 1 of main.cf says so"),
        ("\n", 'role = ["lan-hub"]\n', "{place}/maillint.toml says so"),
    ],
)
def test_told(place: Path, text: str, setting: str, reason: str) -> None:
    (place / "main.cf").write_text(f"{text}myhostname = mx.example.com\n")
    (place / "maillint.toml").write_text(setting)
    run = run_maillint("show", "--role", cwd=place)
    assert run.stdout == f"lan-hub\n  {reason.format(place=place)}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--role", "--expand"], "argument --role: not allowed with argument --expand"),
        (["--role", "--relay"], "not allowed with argument"),
        (["--role", "nowhere"], "maillint: nowhere: cannot be read"),
        (["--role"], "there is no main.cf in this directory"),
    ],
)
def test_what_cannot_be_done_is_refused(place: Path, arguments: list[str], words: str) -> None:
    run = run_maillint("show", *arguments, cwd=place)
    assert run.returncode == 2
    assert words in run.stderr


def test_wrong_settings_file_is_refused(place: Path) -> None:
    (place / "main.cf").write_text(MAIN)
    (place / "maillint.toml").write_text('role = ["mxs"]\n')
    for command in (("show", "--role"), ("check",)):
        run = run_maillint(*command, cwd=place)
        assert run.returncode == 2
        assert f"maillint: {place}/maillint.toml: role: there is no role 'mxs'" in run.stderr


RULE = "mandatory-tls-on-public-mx"


def test_rules_go_by_what_the_files_show(check: Check) -> None:
    assert f"[{RULE}]" in check("--select", RULE, main=MAIN).stdout


def test_rules_go_by_what_the_option_says(check: Check) -> None:
    assert check("--select", RULE, "--role", "send-only,lan-hub", main=MAIN).stdout == ""
    assert RULE in check("--select", RULE, "--role", "lan-hub", "--role", "mx", main=MAIN).stdout
    inside = MAIN.replace("relay_domains", "mydestination")
    inside = inside.replace("= example.com\nrelay_recipient", "= $myhostname\nrelay_recipient")
    assert check("--select", RULE, main=inside).stdout == ""
    assert RULE in check("--select", RULE, "--role", "mx", main=inside).stdout


def test_rules_go_by_what_a_comment_says(check: Check) -> None:
    commented = f"# maillint: role[lan-hub]\n{MAIN}"
    assert check("--select", RULE, main=commented).stdout == ""
    assert check("--select", RULE, "--no-ignores", main=commented).stdout == ""
    assert RULE in check("--select", RULE, "--role", "mx", main=commented).stdout


def test_a_role_that_does_not_exist(check: Check) -> None:
    run = check("--role", "mail-hub", main=MAIN)
    assert run.returncode == 2
    assert "maillint: command line: role: there is no role 'mail-hub'" in run.stderr
    run = check("--select", "ignores", main=f"# maillint: role[mx, gatway]\n{MAIN}")
    assert run.stdout == (
        "main.cf:1:22: warning: there is no role `gatway`, so this comment does not tell what the host is"
        " [role-without-effect]\n"
    )
