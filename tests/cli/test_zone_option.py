"""``--zone``, ``--dns-record`` and ``--dns-replay`` from the command line; the story from end to end."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lab.dns_server import FaultyServer, nsd
from maillint.dns.resolver import Resolver
from maillint.dns.zone import ZoneFile, ZoneFiles
from support import ROOT, needs_nsd, run_maillint

EXAMPLE = "examples/gmail-bounce"
CONFIGURATION = f"{EXAMPLE}/after"
ADDRESS = "203.0.113.10"
HELP_PAGE, MENDED, OTHERS = (f"{EXAMPLE}/dns/{name}.zone" for name in ("help-page", "mended", "others"))
MENDED_RECORD = 'example.com. 3600 IN TXT "v=spf1 ip4:203.0.113.10 include:_spf.google.com ~all"'

NO_SOCKETS = """\
import socket, sys
def refuse(*args, **kwargs):
    raise SystemExit("a socket was opened")
socket.socket.__init__ = refuse
from maillint.cli import main
sys.argv[0] = "maillint"
sys.exit(main())
"""


def check(*arguments: str, status: int = 0, cwd: Path = ROOT) -> dict[str, Any]:
    """The report of a run that opens no socket."""
    run = subprocess.run(
        [sys.executable, "-c", NO_SOCKETS, "check", "--format", "json", "--fail-on", "info", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == status, run.stdout + run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    assert found["errors"] == []
    return found


def zones(*paths: str) -> list[str]:
    return [word for path in paths for word in ("--zone", path)]


def test_the_story_before_the_record_is_mended() -> None:
    report = check(*zones(HELP_PAGE, OTHERS), "--public-ip", ADDRESS, CONFIGURATION, status=1)
    [finding] = report["findings"]
    assert (finding["rule"], finding["severity"]) == ("spf-host-not-authorised", "error")
    assert "softfail for 203.0.113.10" in finding["message"]
    assert f"asked of {HELP_PAGE}" in finding["message"]
    assert MENDED_RECORD in finding["mend"]
    assert report["not_checked"] == []


def test_the_story_after_it() -> None:
    report = check(*zones(MENDED, OTHERS), "--public-ip", ADDRESS, CONFIGURATION)
    assert (report["findings"], report["not_checked"]) == ([], [])


def test_the_record_as_it_is_proposed_can_be_tried_before_it_is_published(tmp_path: Path) -> None:
    proposed = tmp_path / "proposed.zone"
    proposed.write_text(MENDED_RECORD + "\n")
    report = check(*zones(HELP_PAGE, OTHERS, str(proposed)), "--public-ip", ADDRESS, CONFIGURATION)
    assert report["findings"] == []


@needs_nsd
@pytest.mark.parametrize("path", [HELP_PAGE, MENDED])
def test_the_zones_of_the_example_can_be_served(path: str) -> None:
    with nsd({"example.com": (ROOT / path).read_text()}) as server:
        theirs = Resolver(server)
        ours = ZoneFile.load(str(ROOT / path))
        for name, kind in (("example.com", "TXT"), ("web01.example.com", "A"), ("no.example.com", "A")):
            assert theirs.ask(name, kind).records == ZoneFiles([ours], theirs).ask(name, kind).records


def test_the_zones_of_the_example_differ_in_the_spf_record_alone() -> None:
    texts = [(ROOT / path).read_text().splitlines() for path in (HELP_PAGE, MENDED)]
    records = [[line for line in text if not line.startswith(";")] for text in texts]
    different = [pair for pair in zip(*records, strict=True) if pair[0] != pair[1]]
    assert len(different) == 1
    assert all("v=spf1" in line for line in different[0])


def test_what_no_zone_file_has_is_not_checked_without_a_network() -> None:
    report = check(*zones(HELP_PAGE), "--public-ip", ADDRESS, CONFIGURATION)
    assert report["findings"] == []
    notes = [note for note in report["not_checked"] if note["rule"] == "spf-host-not-authorised"]
    assert notes
    for note in notes:
        assert "_spf.google.com TXT" in note["reason"] + note["question"]
        assert "--online" in note["reason"]


def test_zones_in_the_settings_are_seen_from_their_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / EXAMPLE, tmp_path / "example")
    (tmp_path / "maillint.toml").write_text(
        'zone = ["example/dns/help-page.zone", "example/dns/others.zone"]\npublic-ip = ["203.0.113.10"]\n'
    )
    report = check("main.cf", status=1, cwd=tmp_path / "example/after")
    assert [finding["rule"] for finding in report["findings"]] == ["spf-host-not-authorised"]


@needs_nsd
def test_online_the_rest_is_asked_of_the_resolver() -> None:
    root = '. SOA ns. admin. 1 1 1 1 1\n. NS ns.\n_spf.google.com. 60 TXT "v=spf1 ip4:203.0.113.0/24 ~all"\n'
    with nsd({".": f"$TTL 60\n{root}"}) as server:
        run = run_maillint(
            "check", "--online", "--resolver", server, *zones(HELP_PAGE), "--public-ip", ADDRESS,
            "--select", "spf-host-not-authorised", "--format", "json", CONFIGURATION, cwd=ROOT,
        )  # fmt: skip
    report = json.loads(run.stdout)
    assert (report["findings"], report["not_checked"]) == ([], []), "the network's record has the address"


def test_a_run_is_recorded_and_answered_from_the_record(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    told = ["--public-ip", ADDRESS, CONFIGURATION]
    first = check(*zones(HELP_PAGE, OTHERS), "--dns-record", str(record), *told, status=1)
    text = record.read_text()
    again = check("--dns-replay", str(record), "--dns-record", str(tmp_path / "again.json"), *told, status=1)
    assert again == first
    assert (tmp_path / "again.json").read_text() == text
    assert check("--online", "--dns-replay", str(record), *told, status=1) == first, (
        "the network is not asked"
    )
    questions = [(found["name"], found["type"]) for found in json.loads(text)["answers"]]
    assert questions == sorted(set(questions))
    assert ("_spf.google.com", "TXT") in questions


def test_failures_are_replayed_and_what_is_new_is_not_checked(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\nmyhostname = servfail.bakery.net\n")
    online = ["check", "--select", "spf-missing", "--format", "json", str(tmp_path)]
    with FaultyServer() as server:
        asked = ["--online", "--resolver", server.address, "--dns-record", str(record)]
        first = run_maillint(*online, *asked)
    assert "SERVFAIL" in first.stdout
    assert json.loads(run_maillint(*online, "--dns-replay", str(record)).stdout) == json.loads(first.stdout)
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\nmyhostname = mail.bakery.net\n")
    report = check("--select", "spf-missing", "--dns-replay", str(record), str(tmp_path))
    [note] = report["not_checked"]
    assert f"the run that {record} is of did not ask it" in note["reason"]


def test_show_takes_the_same_options(tmp_path: Path) -> None:
    record = str(tmp_path / "record.json")
    told = ["show", "--sender", "--public-ip", ADDRESS, CONFIGURATION]
    first = run_maillint(*told, *zones(HELP_PAGE, OTHERS), "--dns-record", record, cwd=ROOT)
    assert "softfail (`~all` of example.com)" in first.stdout
    assert run_maillint(*told, "--dns-replay", record, cwd=ROOT).stdout == first.stdout
    for option in ("--zone", "--dns-record", "--dns-replay"):
        run = run_maillint("show", option, record, CONFIGURATION, cwd=ROOT)
        assert (run.returncode, run.stdout) == (2, "")
        assert f"argument {option}: only allowed with argument --sender" in run.stderr


def test_many_configurations_share_what_was_asked(tmp_path: Path) -> None:
    """In threads of one process, and with the outcome that each has alone."""
    for number in range(40):
        (tmp_path / f"{number:02}").mkdir()
        (tmp_path / f"{number:02}" / "main.cf").write_text(
            f"compatibility_level = 3.6\nmyhostname = mail.bakery.net\nmyorigin = d{number % 5}.bakery.net\n"
        )
    zone = tmp_path / "bakery.zone"
    zone.write_text(
        "$ORIGIN bakery.net.\n$TTL 60\n@ SOA ns admin 1 1 1 1 1\n"
        'd0 TXT "v=spf1 -all"\nd1 TXT "v=spf1 +all"\nd2 TXT "v=spf1 a -all"\nd3 A 192.0.2.1\n'
    )
    options = [*zones(str(zone)), "--public-ip", ADDRESS, "--fail-on", "never"]
    together = check(*options, "--jobs", "4", str(tmp_path))
    alone = [check(*options, str(tmp_path / f"{number:02}")) for number in range(5)]
    by_path: dict[str, list[tuple[str, str]]] = {}
    for finding in together["findings"]:
        folder = os.path.basename(os.path.dirname(finding["path"]))
        by_path.setdefault(folder, []).append((finding["rule"], finding["message"]))
    for number in range(40):
        expected = [(finding["rule"], finding["message"]) for finding in alone[number % 5]["findings"]]
        assert by_path[f"{number:02}"] == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--zone", "missing.zone"], "zone file missing.zone: No such file"),
        (["--zone", "."], "zone file .: Is a directory"),
        (["--zone", "bad.zone"], "zone file bad.zone:2: there is no record type 'TXTT'"),
        (["--zone", "a.zone", "--zone", "a.zone"], "another file has the zone a.net."),
        (["--dns-replay", "missing.json"], "--dns-replay: missing.json: No such file"),
        (["--dns-replay", "bad.zone"], "--dns-replay: bad.zone: this is no JSON"),
        (["--dns-record", "record.json"], "--dns-record: nothing is asked without --online"),
        (["--zone", "a.zone", "--fetch-policies"], "--fetch-policies is of no use without --online"),
        (["--online", "--dns-replay", "good.json", "--fetch-policies"], "--fetch-policies is of no use"),
        (
            ["--zone", "a.zone", "--dns-record", "missing/record.json"],
            "missing/record.json: cannot be written",
        ),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], words: str) -> None:
    shutil.copytree(ROOT / CONFIGURATION, tmp_path, dirs_exist_ok=True)
    (tmp_path / "bad.zone").write_text("a.net. A 192.0.2.1\na.net. TXTT x\n")
    (tmp_path / "a.zone").write_text("a.net. SOA ns.a.net. admin.a.net. 1 1 1 1 1\n")
    (tmp_path / "good.json").write_text('{"version": 1, "answers": []}')
    run = run_maillint("check", *arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_different_zones_cannot_be_recorded_as_one(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shutil.copytree(ROOT / CONFIGURATION, tmp_path / name)
        (tmp_path / name / "maillint.toml").write_text('zone = ["a.zone"]\n')
        (tmp_path / name / "a.zone").write_text(f"{name}.net. A 192.0.2.1\n")
    run = run_maillint("check", "--dns-record", "record.json", ".", cwd=tmp_path)
    assert run.returncode == 2
    assert "record them one at a time" in run.stderr
