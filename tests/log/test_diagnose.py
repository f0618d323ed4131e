"""Whole logs: who sent what failed, what became of it, and what hostile logs cannot do."""

from __future__ import annotations

import gzip
import json
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from maillint.log import files, grouping, messages
from maillint.log.diagnose import Diagnosis, diagnose
from maillint.log.patterns import FAILURE, NOTE
from support import MAILLINT, run_maillint

HEAD = "2025-03-04T10:{minute:02d}:00+01:00 web01 postfix/"


def log(path: Path, *said: str) -> Path:
    """A log of these lines, a minute apart."""
    path.write_text("".join(f"{HEAD.format(minute=at % 60)}{text}\n" for at, text in enumerate(said)))
    return path


def bounced(
    queue_id: str, to: str = "anna@example.net", why: str = "550 5.7.1 go away", status: str = "bounced"
) -> str:
    dsn = "5.7.1" if status == "bounced" else "4.7.1"
    return (
        f"smtp[3]: {queue_id}: to=<{to}>, relay=mx.example.net[192.0.2.1]:25, delay=1, delays=0/0/0/1,"
        f" dsn={dsn}, status={status}"
        f" (host mx.example.net[192.0.2.1] said: {why} (in reply to RCPT TO command))"
    )


def sent(
    queue_id: str,
    to: str = "anna@example.net",
    relay: str = "mx.example.net[192.0.2.1]:25",
    new: str = "AAAA1111",
) -> str:
    return (
        f"smtp[3]: {queue_id}: to=<{to}>, relay={relay}, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent"
        f" (250 2.0.0 Ok: queued as {new})"
    )


def diagnosed(tmp_path: Path, *said: str) -> Diagnosis:
    return diagnose([str(log(tmp_path / "mail.log", *said))])


def test_the_sender_and_the_program(tmp_path: Path) -> None:
    [group] = diagnosed(
        tmp_path,
        "pickup[1]: ABCDEF12: uid=33 from=<www-data>",
        "qmgr[2]: ABCDEF12: from=<www-data@web01.example.com>, size=1, nrcpt=1 (queue active)",
        bounced("ABCDEF12"),
    ).groups
    assert group.senders.most() == [("www-data@web01.example.com", 1)]
    assert group.logins.most() == [("uid 33", 1)]
    assert group.relays.most() == [("mx.example.net", 1)]
    assert group.domains.most() == [("example.net", 1)]


def test_through_a_filter_and_requeueing(tmp_path: Path) -> None:
    """The client is that of the first message; the sender is the one that receivers saw."""
    [group] = diagnosed(
        tmp_path,
        "submission/smtpd[1]: ABCDEF12: client=pc[192.168.1.5], sasl_method=PLAIN, sasl_username=anna",
        "qmgr[2]: ABCDEF12: from=<anna@example.com>, size=1, nrcpt=1 (queue active)",
        "pickup[1]: ABCDEF13: uid=89 from=<anna@example.com> orig_id=ABCDEF12",
        "smtpd[4]: 4XyZbc12BczT3F: client=localhost[127.0.0.1]",
        "qmgr[2]: 4XyZbc12BczT3F: from=<anna@example.org>, size=1, nrcpt=1 (queue active)",
        sent("ABCDEF13", relay="127.0.0.1[127.0.0.1]:10024", new="4XyZbc12BczT3F"),
        bounced("4XyZbc12BczT3F"),
    ).groups
    assert group.senders.most() == [("anna@example.org", 1)]
    assert group.logins.most() == [("anna", 1)]
    assert group.clients.most() == [("192.168.1.5", 1)]


def test_a_message_that_an_alias_forwards(tmp_path: Path) -> None:
    [group] = diagnosed(
        tmp_path,
        "smtpd[1]: ABCDEF12: client=mx.example.org[192.0.2.7]",
        "qmgr[2]: ABCDEF12: from=<b@example.org>, size=1, nrcpt=1 (queue active)",
        "local[5]: ABCDEF12: to=<root@web01.example.com>, relay=local, delay=1, delays=0/0/0/1, dsn=2.0.0,"
        " status=sent (forwarded as ABCDEF99)",
        "qmgr[2]: ABCDEF99: from=<b@example.org>, size=1, nrcpt=1 (queue active)",
        bounced("ABCDEF99"),
    ).groups
    assert group.clients.most() == [("192.0.2.7", 1)]


def test_one_delivery_counts_once_however_often_it_is_tried(tmp_path: Path) -> None:
    grey = "450 4.7.1 Greylisted, come back later"
    [group] = diagnosed(
        tmp_path, *(bounced("ABCDEF12", why=grey, status="deferred") for _ in range(5)), sent("ABCDEF12")
    ).groups
    assert (group.id, group.mails, group.lines, group.weight) == ("greylisted", 1, 5, NOTE)
    assert group.statuses == {"bounced": 0, "expired": 0, "deferred": 0, "sent": 1}


def test_mail_that_is_given_up(tmp_path: Path) -> None:
    [group] = diagnosed(
        tmp_path,
        bounced("ABCDEF12", why="450 4.7.1 Greylisted", status="deferred"),
        "qmgr[2]: ABCDEF12: from=<b@example.org>, status=expired, returned to sender",
    ).groups
    assert group.statuses["expired"] == 1
    assert group.weight == FAILURE


def test_a_delivery_that_fails_in_another_way_in_the_end(tmp_path: Path) -> None:
    [group] = diagnosed(
        tmp_path,
        bounced("ABCDEF12", why="450 4.7.1 Greylisted", status="deferred"),
        bounced("ABCDEF12", why="550 5.7.1 Relaying denied"),
    ).groups
    assert (group.id, group.mails) == ("relay-host-refuses", 1)


def test_the_notice_of_a_failure_is_told_from_the_failure(tmp_path: Path) -> None:
    groups = diagnosed(
        tmp_path,
        bounced("ABCDEF12"),
        "bounce[6]: ABCDEF12: sender non-delivery notification: ABCDEF77",
        bounced("ABCDEF77", to="www-data@web01.example.com"),
    ).groups
    assert sum(group.notifications for group in groups) == 1


def test_unknown_bounces_are_grouped_by_what_they_say(tmp_path: Path) -> None:
    texts = [f"550 no, {name} at 192.0.2.{at}: see http://x.example/{at}" for at, name in enumerate("abcd")]
    one, other = (
        [
            bounced(f"ABCDEF{at}0", why=text.replace(", a at", f", {name}@example.org at"))
            for at, text in enumerate(texts)
        ]
        for name in ("a", "b")
    )
    groups = diagnosed(
        tmp_path, one[0], other[0].replace("ABCDEF00", "ABCDEF90"), bounced("ABCDEFAA", why="554 odd")
    ).groups
    assert [(group.id, group.mails) for group in groups] == [("unknown", 2), ("unknown", 1)]
    assert groups[0].sample == "no, … at …: see …"


def test_nothing_reachable_is_another_cause_than_one_server(tmp_path: Path) -> None:
    def refused(at: int) -> str:
        return (
            f"smtp[3]: ABCDEF{at}0: to=<a@example{at}.net>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1,"
            f" status=deferred (connect to mx.example{at}.net[192.0.2.{at}]:25: Connection timed out)"
        )

    every = [refused(at) for at in range(4)]
    assert [group.id for group in diagnosed(tmp_path, *every).groups] == ["port-25-blocked"]
    assert [group.id for group in diagnosed(tmp_path, *every, sent("ABCDEF99")).groups] == [
        "connection-timed-out"
    ]
    assert [group.id for group in diagnosed(tmp_path, refused(1)).groups] == ["connection-timed-out"]


def test_several_files_in_the_order_of_time(tmp_path: Path) -> None:
    old = log(
        tmp_path / "mail.log.2.gz", "qmgr[2]: ABCDEF12: from=<a@example.com>, size=1, nrcpt=1 (queue active)"
    )
    old.write_bytes(gzip.compress(old.read_bytes().replace(b"-04T", b"-03T")))
    new = log(tmp_path / "mail.log", *["anvil[1]: statistics: x"] * 9, bounced("ABCDEF12"))
    found = diagnose([str(new), str(old)])
    assert found.paths == (str(old), str(new))
    assert found.groups[0].senders.most() == [("a@example.com", 1)]
    assert (found.groups[0].evidence.path, found.groups[0].evidence.number) == (str(new), 10)


@pytest.mark.parametrize("program", ["gzip", "xz", "bzip2", "zstd"])
def test_compressed(program: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    path = log(tmp_path / "mail.log", bounced("ABCDEF12"))
    packed = tmp_path / "packed"
    packed.write_bytes(subprocess.run([program, "-c", path], capture_output=True, check=True).stdout)
    assert diagnose([str(packed)]).groups[0].mails == 1
    run = subprocess.run([MAILLINT, "diagnose", "-"], stdin=packed.open("rb"), capture_output=True, text=True)
    assert run.returncode == 1 and "ABCDEF12" in run.stdout, run.stderr
    whole = packed.read_bytes()
    packed.write_bytes(whole[: len(whole) // 2])
    run = run_maillint("diagnose", packed)
    assert run.returncode == 2 and "Traceback" not in run.stderr
    assert "packed" in run.stderr


def test_zstd_without_a_program(tmp_path: Path) -> None:
    path = tmp_path / "mail.log.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd....")
    script = (
        "import sys, importlib.util as u; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if 'zst' in name else real(name, *a)\n"
        f"from maillint.cli import main; sys.exit(main(['diagnose', {str(path)!r}]))"
    )
    run = subprocess.run([sys.executable, "-c", script], env={"PATH": ""}, capture_output=True, text=True)
    assert run.returncode == 2
    assert "zstd" in run.stderr and "Traceback" not in run.stderr


def test_since(tmp_path: Path) -> None:
    path = log(tmp_path / "mail.log", bounced("ABCDEF12"), bounced("ABCDEF13"), bounced("ABCDEF14"))
    run = run_maillint("diagnose", "--format", "json", "--since", "2025-03-04T10:01:00+01:00", path)
    [cause] = json.loads(run.stdout)["causes"]
    assert cause["mails"] == 2
    assert cause["evidence"]["line"] == 2
    assert run_maillint("diagnose", "--since", "1h", path).returncode == 0
    assert run_maillint("diagnose", "--since", "soon", path).returncode == 2
    path.write_text("ABCDEF12: removed\n")
    run = run_maillint("diagnose", "--since", "1h", path)
    assert run.returncode == 2
    assert "has a time" in run.stderr


def _in_form(form: str, text: str) -> str:
    """One line of :func:`log` in another form."""
    stamp, host, tag, said = text.split(" ", 3)
    program, _, number = tag.removesuffix("]:").partition("[")
    if form == "RFC 5424":
        return f"<22>1 {stamp} {host} {program} {number} - - {said}"
    if form == "json":
        entry = {"_HOSTNAME": host, "MESSAGE": said, "SYSLOG_IDENTIFIER": program}
        return json.dumps({"__REALTIME_TIMESTAMP": "1741079472000000"} | entry, separators=(",", ":"))
    return said if form == "cat" else f"{text}\r"


@pytest.mark.parametrize("form", ["RFC 5424", "json", "cat", "CR LF"])
def test_a_message_in_every_form(form: str, tmp_path: Path) -> None:
    path = log(
        tmp_path / "mail.log",
        "pickup[1]: ABCDEF12: uid=33 from=<www-data>",
        "cleanup[1]: ABCDEF12: message-id=<1@web01.example.com>",
        "qmgr[2]: ABCDEF12: from=<www-data@web01.example.com>, size=1, nrcpt=1 (queue active)",
        sent("ABCDEF12", to="b@example.net"),
        bounced("ABCDEF12"),
        "smtpd[4]: NOQUEUE: reject: RCPT from pc[192.168.1.5]: 454 4.7.1 <a@b.example>: Relay access denied;"
        " from=<c@b.example> to=<a@b.example> proto=ESMTP helo=<pc>",
        'smtp[3]: fatal: Invalid TLS level "maybe"',
        "qmgr[2]: ABCDEF12: removed",
    )
    text = "".join(f"{_in_form(form, line)}\n" for line in path.read_text().splitlines())
    path.write_bytes(text.encode())
    found = diagnose([str(path)])
    groups = {group.id: group for group in found.groups}
    assert set(groups) == {"unknown", "own-client-denied", "bad-tls-level"}
    assert groups["unknown"].senders.most() == [("www-data@web01.example.com", 1)]
    assert groups["unknown"].logins.most() == [("uid 33", 1)]
    assert found.sent == 1


def test_refusals_of_postscreen_are_counted(tmp_path: Path) -> None:
    found = diagnosed(
        tmp_path,
        "postscreen[4]: NOQUEUE: reject: RCPT from [192.0.2.7]:4711: 550 5.7.1 Service unavailable; client"
        " [192.0.2.7] blocked using zen.spamhaus.org; from=<a@b.example>, to=<c@example.com>, proto=ESMTP,"
        " helo=<x>",
    )
    assert (found.refused, found.groups) == (1, ())


# --- what is bounded --------------------------------------------------------------------------------------


def test_what_is_kept_in_mind_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "OPEN", 50)
    monkeypatch.setattr(grouping, "OPEN", 50)
    monkeypatch.setattr(grouping, "NAMES", 10)
    monkeypatch.setattr(grouping, "GROUPS", 10)
    said = []
    for at in range(500):
        said.append(f"qmgr[2]: ABCDE{at:04d}: from=<u{at}@example.com>, size=1, nrcpt=1 (queue active)")
        words = "".join(chr(ord("a") + int(digit)) for digit in str(at))
        said.append(bounced(f"ABCDE{at:04d}", f"u@example{at}.net", f"450 4.0.0 {words}", "deferred"))
    found = diagnosed(tmp_path, *said)
    assert len(found.groups) <= 12
    assert sum(group.mails for group in found.groups) == 500
    rest = max(found.groups, key=lambda group: group.mails)
    assert len(rest.domains) == 11
    assert rest.domains.most()[-1][0] == grouping.OTHERS


def test_a_line_without_end_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + (HEAD.format(minute=1) + bounced("ABCDEF12")).encode() + b"\n")
    limit = 200_000_000
    run = subprocess.run(
        [MAILLINT, "diagnose", "--format", "json", path],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["causes"][0]["evidence"]["line"] == 2


def test_lines_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_bytes(b"a" * (3 << 20) + b"\nb\n" + b"c" * 20_000)
    found = [line for _, lines in files.numbered_lines(str(path)) for line in lines]
    assert [line[:1] for line in found] == [b"a", b"b", b"c"]
    assert len(found[2]) <= files.LONGEST


# --- hostile logs ----------------------------------------------------------------------------------------


HOSTILE = [
    bounced("ABCDEF12", why="550 5.7.1 \x1b[31mred\x1b]0;title\x07 \x9b1m \u202e \u200b \udcff"),
    bounced("ABCDEF12", to="\x1b[2J@example.net"),
    "smtp[3]: warning: \x1b[2Jno",
    "qmgr[2]: ABCDEF12: from=<\x1b[2J@evil.example>, size=1, nrcpt=1 (queue active)",
    bounced("ABCDEF12"),
    "smtpd[1]: NOQUEUE: reject: RCPT from \x1b[2J[192.168.0.1]: 454 4.7.1 <\x1b[2J>: Relay access denied;"
    " from=<\x1b[2J> to=<\x1b[2J@x> proto=ESMTP helo=<\x1b[2J>",
]


@pytest.mark.parametrize("options", [(), ("--all",), ("--redact",), ("--format", "json")], ids=str)
def test_no_escape_reaches_the_terminal(options: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "mail\x1b[1m.log"
    text = "".join(f"{HEAD.format(minute=at)}{line}\n" for at, line in enumerate(HOSTILE))
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    run = run_maillint("diagnose", *options, path)
    assert run.returncode == 1, run.stderr
    for character in run.stdout + run.stderr:
        assert character == "\n" or character.isprintable(), repr(character)


def test_random_bytes(tmp_path: Path) -> None:
    chance = random.Random(0)
    words = [
        *(f"{HEAD.format(minute=1)}{line}\n".encode("utf-8", "surrogateescape") for line in HOSTILE),
        b'{"SYSLOG_IDENTIFIER":"postfix/smtp","MESSAGE":"ABCDEF12: to=<a@b>, relay=x, status=bounced (x)"}\n',
        b"<22>1 2025-03-04T10:11:12Z h postfix/smtp 1 - - ABCDEF12: to=<a@b>, relay=x, status=bounced (x)\n",
        b"ABCDEF12: client=a[1]\n",
        b"\n\n\r\n\0\xff\xfe",
    ]
    path = tmp_path / "mail.log"
    for _ in range(60):
        data = bytearray(b"".join(chance.choices(words, k=30)))
        for _ in range(chance.randrange(200)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.randrange(len(data))])
        diagnose([str(path)])


def test_every_beginning_of_a_log(tmp_path: Path) -> None:
    whole = log(tmp_path / "whole", *HOSTILE[4:], bounced("ABCDEF13"), sent("ABCDEF14")).read_bytes()
    path = tmp_path / "mail.log"
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        diagnose([str(path)])


# --- the command -----------------------------------------------------------------------------------------


def test_nothing_has_failed(tmp_path: Path) -> None:
    run = run_maillint("diagnose", log(tmp_path / "mail.log", sent("ABCDEF12")))
    assert (run.returncode, run.stderr) == (0, "")
    assert "nothing has failed: 1 delivery made" in run.stdout
    (tmp_path / "empty").write_text("")
    assert run_maillint("diagnose", tmp_path / "empty").returncode == 0


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        run = run_maillint("diagnose", path)
        assert run.returncode == 2
        assert str(path) in run.stderr and "Traceback" not in run.stderr
    (tmp_path / "other.log").write_text("Oct  9 12:00:00 web01 sshd[1]: hello\n" * 3)
    run = run_maillint("diagnose", tmp_path / "other.log")
    assert run.returncode == 2
    assert "no line is one of Postfix's log" in run.stderr
    good = log(tmp_path / "mail.log", bounced("ABCDEF12"))
    run = run_maillint("diagnose", tmp_path / "none", good)
    assert run.returncode == 2
    assert "ABCDEF12" in run.stdout


def test_redaction(tmp_path: Path) -> None:
    path = log(
        tmp_path / "mail.log",
        "smtpd[1]: ABCDEF12: client=pc[192.0.2.9], sasl_method=PLAIN, sasl_username=anna",
        "qmgr[2]: ABCDEF12: from=<anna@example.com>, size=1, nrcpt=1 (queue active)",
        bounced(
            "ABCDEF12",
            to='"anna b"@example.net',
            why="550 5.1.1 <anna@example.com>: mailto:Anna@Example.net unknown user",
        ),
        bounced("ABCDEF12", to="bert@example.net", why="554 who are you, anna@example.com"),
        "local[3]: ABCDEF13: to=<anna>, orig_to=<bert>, relay=local, delay=1, delays=0/0/0/1, dsn=5.1.1,"
        ' status=bounced (unknown user: "bert")',
    )
    for options in ((), ("--all",), ("--format", "json")):
        run = run_maillint("diagnose", "--redact", *options, path)
        assert run.returncode == 1
        assert "anna" not in run.stdout.lower() and "bert" not in run.stdout.lower(), run.stdout
        assert "example.net" in run.stdout
    shown = json.loads(run_maillint("diagnose", "--redact", "--format", "json", path).stdout)
    names = {item["name"] for cause in shown["causes"] for item in cause["senders"]}
    assert len(names) == 1


def test_the_json_is_as_its_page_says(tmp_path: Path) -> None:
    from support import ROOT

    page = (ROOT / "docs" / "diagnose.md").read_text("utf-8")
    path = log(tmp_path / "mail.log", HOSTILE[3], HOSTILE[4])
    document = json.loads(run_maillint("diagnose", "--format", "json", path).stdout)
    assert document["version"] == 1
    for part in (document, document["causes"][0], document["causes"][0]["left_as"], document["refused"]):
        for name in part:
            assert f"`{name}`" in page, name


def test_the_standard_input_may_be_a_pipe(tmp_path: Path) -> None:
    run = run_maillint("diagnose", "-", input=HEAD.format(minute=1) + bounced("ABCDEF12") + "\n")
    assert run.returncode == 1
    assert "-:1" in run.stdout
