"""The command ``maillint show --relay``: a table to read, and JSON with every step."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support import run_maillint

MAIN = """\
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = example.com
mynetworks = 127.0.0.0/8, 192.0.2.0/24
smtpd_recipient_restrictions =
    reject_rbl_client dnsbl.example.net
    check_sender_access hash:/etc/postfix/senders
"""
MASTER = """\
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit_mynetworks
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN)
    (tmp_path / "master.cf").write_text(MASTER)
    (tmp_path / "senders").write_text("# friends\nfriend.example OK\nspam.example REJECT\n")
    return tmp_path


def test_a_table_for_each_server(directory: Path) -> None:
    run = run_maillint("show", "--relay", directory)
    assert (run.returncode, run.stderr) == (0, "")
    exchange, submission, behind = re.split(r"\n(?=\S+/inet: )", run.stdout)
    assert exchange.startswith("smtp/inet: port 25, on all addresses of inet_interfaces; behind postscreen, ")
    assert rows(exchange) == {
        "from": ["to this host's mail", "to anywhere else"],
        "a program on this host, as one of you or with a bounce": ["yes, unless [1]", "yes, unless [1]"],
        "a program on this host, as somebody else": ["yes, unless [2]", "yes, unless [2]"],
        "a host in your networks (192.0.2.9), as one of you or with a bounce": ["yes, unless [3]"] * 2,
        "a host in your networks (192.0.2.9), as somebody else": ["yes, unless [4]", "yes, unless [4]"],
        "a stranger, as one of you or with a bounce": ["yes, unless [5]", "not now [6]"],
        "a stranger, as somebody else": ["yes, unless [7]", "not now [6]"],
    }
    assert "        dnsbl.example.net lists the client\n" in exchange
    assert "hash:/etc/postfix/senders (line 3) has the sender" in exchange
    assert submission.startswith("submission/inet: port 587")
    assert "  -o smtpd_sasl_auth_enable = yes\n" in submission
    assert rows(submission)["a user who has logged in"][1].startswith("yes [")
    assert rows(submission)["a stranger"][1].startswith("not now [")
    assert behind.startswith("127.0.0.1:10025/inet: port 10025, address 127.0.0.1\n")
    assert "Nobody can send anything: the server ends when it starts." in behind


def rows(block: str) -> dict[str, list[str]]:
    """The lines of a table, by what they begin with."""
    lines = [re.split("  +", line.strip()) for line in block.splitlines()]
    return {cells[0]: cells[1:] for cells in lines if len(cells) == 3}


def servers(directory: Path) -> dict[str, Any]:
    run = run_maillint("show", "--relay", "--format", "json", directory)
    assert (run.returncode, run.stderr) == (0, "")
    answer = json.loads(run.stdout)
    assert answer["version"] == 1
    return {server["service"]: server for server in answer["servers"]}


def test_json_has_every_step(directory: Path) -> None:
    found = servers(directory)
    assert list(found) == ["smtp/inet", "submission/inet", "127.0.0.1:10025/inet"]
    assert (found["smtp/inet"]["program"], found["smtp/inet"]["smtpd"]) == ("postscreen", "smtpd/pass")
    assert {cell["client"]["kind"] for cell in found["127.0.0.1:10025/inet"]["verdicts"]} == {"loopback"}
    relayed = [
        cell
        for cell in found["smtp/inet"]["verdicts"]
        if (cell["client"]["kind"], cell["recipient"]["kind"]) == ("stranger", "foreign")
    ]
    assert {cell["accepts"] for cell in relayed} == {False}
    step = relayed[0]["branches"][0]["path"][-1]
    assert (step["word"], step["result"], step["line"]) == ("defer_unauth_destination", "refuse", None)
    handed_in = next(
        cell
        for cell in found["smtp/inet"]["verdicts"]
        if (cell["client"]["kind"], cell["recipient"]["kind"], cell["sender"]["kind"])
        == ("stranger", "local", "foreign")
    )
    assert (handed_in["outcome"], handed_in["usual"]) == ("depends", "permit")
    refused = next(branch for branch in handed_in["branches"] if branch["outcome"] == "reject")
    assert refused["conditions"][-1]["answer"] == "dnsbl.example.net lists the client"
    assert refused["path"][-1]["line"] == 6


def test_without_a_server_and_with_a_wrong_option(directory: Path) -> None:
    (directory / "master.cf").write_text("pickup unix n - n 60 1 pickup\n")
    run = run_maillint("show", "--relay", directory)
    assert run.stdout == "No SMTP server is started, so nobody can send mail by SMTP through this host.\n"
    run = run_maillint("show", "--relay", "--expand", directory)
    assert run.returncode == 2 and "--relay: not allowed with argument --expand" in run.stderr


def test_who_may_ask_for_what_waits(directory: Path) -> None:
    line = r"  Sending at once what waits for a domain \(ETRN\): (.*)\n"
    run = run_maillint("show", "--relay", directory)
    nobody = "nobody may ask for it: fast_flush_domains names no domain."
    assert re.findall(line, run.stdout) == [nobody] * 2
    master = MASTER + "  -o smtpd_etrn_restrictions=permit\nflush unix n - n 1000? 0 flush\n"
    (directory / "master.cf").write_text(master.replace("restrictions=\n", "restrictions=reject\n"))
    (directory / "main.cf").write_text(
        MAIN + "fast_flush_domains = flushed.example\n"
        "smtpd_etrn_restrictions = permit_mynetworks, reject_rbl_client dnsbl.example.net, sleep 1\n"
    )
    run = run_maillint("show", "--relay", directory)
    mine = "a program on this host or a host in your networks may ask for it"
    only = "only for domains of fast_flush_domains."
    assert re.findall(line, run.stdout) == [
        f"{mine}, for a stranger it depends on dnsbl.example.net; {only}",
        f"{mine}, for a stranger or a user who has logged in it depends on dnsbl.example.net; {only}",
        f"a program on this host may ask for it; {only}",
    ]
    asked = servers(directory)["submission/inet"]["etrn"]
    assert [(flush["client"]["kind"], flush["outcome"]) for flush in asked] == [
        ("loopback", "permit"),
        ("insider", "permit"),
        ("stranger", "depends"),
        ("logged-in", "depends"),
    ]
    assert {flush["domain"] for flush in asked} == {"flushed.example"}


def test_what_is_thrown_away(directory: Path) -> None:
    (directory / "master.cf").write_text("smtp inet n - n - - smtpd\n")
    (directory / "main.cf").write_text(
        MAIN.partition("smtpd_")[0]
        + "smtpd_client_restrictions = check_client_access cidr:{ {192.0.2.0/24 DISCARD} }\n"
        "smtpd_sender_restrictions = check_sender_access inline:{ spam.example=DISCARD }\n"
    )
    run = run_maillint("show", "--relay", directory)
    table = {
        title: [re.sub(r" \[\d+\]", "", cell) for cell in row] for title, row in rows(run.stdout).items()
    }
    assert table["a host in your networks (192.0.2.9)"] == ["discarded"] * 2
    assert table["a stranger"] == ["yes, unless", "not now, unless"]
    assert "\n      the mail is accepted and thrown away when\n        cidr:{ {192" in run.stdout
    assert "discarded: accepted, and thrown away;" in run.stdout
    branches = [
        branch["discards"]
        for cell in servers(directory)["smtp/inet"]["verdicts"]
        for branch in cell["branches"]
        if cell["client"]["kind"] == "insider"
    ]
    assert branches and all(branches)
