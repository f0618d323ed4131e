"""Every form in which syslog, the journal and Postfix itself write a line says the same."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.log.lines import Reader, is_queue_id
from maillint.log.outcomes import outcome, reply

TEXT = (
    "4XyZbc12BczT3F: to=<anna@example.net>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1,"
    " status=deferred (x)"
)
LATEST = datetime(2025, 3, 10, 12, 0).timestamp()

FORMS = {
    "RFC 3164": "Mar  4 10:11:12 web01 postfix/smtp[77]: ",
    "RFC 3164, with its priority": "<22>Mar  4 10:11:12 web01 postfix/smtp[77]: ",
    "maillog_file": "Mar 04 10:11:12 web01 postfix/smtp[77]: ",
    "with the year": "2025 Mar  4 10:11:12 web01 postfix/smtp[77]: ",
    "FreeBSD -v": "Mar  4 10:11:12 <mail.info> web01 postfix/smtp[77]: ",
    "rsyslog": "2025-03-04T10:11:12.123456+01:00 web01 postfix/smtp[77]: ",
    "journalctl -o short-iso": "2025-03-04T10:11:12+0100 web01 postfix/smtp[77]: ",
    "journalctl -o short-precise": "Mar 04 10:11:12.123456 web01 postfix/smtp[77]: ",
    "journalctl -o short-full": "Tue 2025-03-04 10:11:12 CET web01 postfix/smtp[77]: ",
    "RFC 5424": "<22>1 2025-03-04T10:11:12.123Z web01 postfix/smtp 77 - - ",
    "RFC 5424, with data": r'<22>1 2025-03-04T10:11:12Z web01 postfix/smtp 77 ID [a@1 b="x\]y"][c@2 d="e"] ',
}


@pytest.mark.parametrize("head", FORMS.values(), ids=FORMS)
def test_syslog(head: str) -> None:
    line = Reader(LATEST).line((head + TEXT).encode())
    assert line is not None
    assert (line.host, line.instance, line.process, line.text) == ("web01", "postfix", "smtp", TEXT)
    assert line.queue_id == "4XyZbc12BczT3F"
    assert line.time is not None
    assert line.time.moment.replace(tzinfo=None, microsecond=0) == datetime(2025, 3, 4, 10, 11, 12)


def test_zones() -> None:
    reader = Reader(LATEST)
    east = reader.line((FORMS["rsyslog"] + TEXT).encode())
    zulu = reader.line((FORMS["RFC 5424"] + TEXT).encode())
    assert east is not None and east.time is not None and zulu is not None and zulu.time is not None
    assert east.time.moment.utcoffset() == timedelta(hours=1)
    assert int(zulu.time.seconds) - int(east.time.seconds) == 3600


@pytest.mark.parametrize("message", [TEXT, list(TEXT.encode())], ids=["text", "bytes"])
def test_journal(message: object) -> None:
    stamp = int(datetime(2025, 3, 4, 10, 11, 12, tzinfo=timezone.utc).timestamp() * 1e6)
    entry = {
        "__REALTIME_TIMESTAMP": str(stamp),
        "_HOSTNAME": "web01",
        "SYSLOG_IDENTIFIER": "postfix/submission/smtpd",
        "MESSAGE": message,
    }
    line = Reader(LATEST).line(json.dumps(entry).encode())
    assert line is not None and line.time is not None
    assert (line.host, line.instance, line.process, line.text) == (
        "web01",
        "postfix/submission",
        "smtpd",
        TEXT,
    )
    assert line.time.moment == datetime(2025, 3, 4, 10, 11, 12, tzinfo=timezone.utc)


def test_cat_has_the_text_alone() -> None:
    line = Reader(LATEST).line(TEXT.encode())
    assert line is not None
    assert (line.time, line.process, line.text) == (None, "", TEXT)


def test_what_a_program_prints_at_a_terminal() -> None:
    line = Reader(LATEST).line(b"postconf: warning: /etc/postfix/main.cf: unused parameter: a=b")
    assert line is not None and line.process == "postconf"


@pytest.mark.parametrize(
    ("tag", "instance"),
    [("postfix-out", "postfix-out"), ("postfix/relay", "postfix/relay"), ("mta", "mta"), ("a.b+c", "a.b+c")],
)
def test_names_of_instances(tag: str, instance: str) -> None:
    line = Reader(LATEST).line(f"Mar  4 10:11:12 web01 {tag}/smtp[7]: {TEXT}".encode())
    assert line is not None and (line.instance, line.process) == (instance, "smtp")


@pytest.mark.parametrize(
    "text",
    [
        f"Mar  4 10:11:12 web01 sshd[7]: Invalid user postfix/smtp[1]: {TEXT}",
        f"Mar  4 10:11:12 web01 dovecot: imap-login: user=<postfix/smtp[1]: {TEXT}>",
        f"Mar  4 10:11:12 web01 kernel: postfix/smtp[1]: {TEXT}",
        f"Mar  4 10:11:12 web01 postfix/evil[1]: {TEXT}",
        "",
        "{",
        '{"MESSAGE": 1}',
        "[" * 9000,
        "{" * 9000,
        '{"a":' * 5000,
    ],
)
def test_lines_of_others_are_not_postfix(text: str) -> None:
    assert Reader(LATEST).line(text.encode()) is None


def test_a_year_that_is_missing() -> None:
    line = b"%s 10:11:12 web01 postfix/smtp[7]: x"
    new_year = Reader(datetime(2025, 1, 2).timestamp())
    for stamp, year in ((b"Jan  1", 2025), (b"Dec 31", 2024), (b"Feb 29", 2024)):
        found = new_year.time(line % stamp)
        assert found is not None and found.moment.year == year and not found.has_year


@pytest.mark.parametrize("stamp", ["Feb 30", "Xyz  4", "Mar 99"])
def test_dates_that_do_not_exist(stamp: str) -> None:
    line = Reader(LATEST).line(f"{stamp} 10:11:12 web01 postfix/smtp[7]: {TEXT}".encode())
    assert line is not None and line.time is None


@pytest.mark.parametrize("name", ["4XyZbc12BczT3F", "3Pt2mN2VXxznjll", "5FF842163A2", "ABCDEF"])
def test_queue_ids(name: str) -> None:
    assert is_queue_id(name)


@pytest.mark.parametrize("name", ["NOQUEUE", "warning", "connect", "ABCDE", "4XyZ", "a" * 40, "5FF84216\n"])
def test_what_is_no_queue_id(name: str) -> None:
    assert not is_queue_id(name)


def test_an_outcome() -> None:
    found = outcome(
        'to=<"a>, b"@example.net>, orig_to=<root>, relay=mx.example.net[192.0.2.1]:25, conn_use=2, delay=12,'
        " delays=1/2/3/6, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.1] said: 550-5.7.1 no 550"
        " 5.7.1 (really) (in reply to RCPT TO command))"
    )
    assert found is not None
    assert found[:9] == (
        '"a>, b"@example.net', "root", "mx.example.net", "192.0.2.1", 25, 12.0, "1/2/3/6", "5.7.1", "bounced",
    )  # fmt: skip
    said = reply(found.reason, found.dsn)
    assert (said.text, said.codes, said.stage) == ("no (really)", ("5.7.1", "550"), "rcpt to")


def test_an_outcome_without_a_server_takes_it_from_the_text() -> None:
    found = outcome(
        "to=<a@example.net>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (delivery"
        " temporarily suspended: connect to mx.example.net[192.0.2.1]:25: Connection refused)"
    )
    assert found is not None and (found.relay, found.address) == ("mx.example.net", "192.0.2.1")


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes(raw: bytes) -> None:
    Reader(LATEST).line(raw)
    Reader(LATEST).line(b"Mar  4 10:11:12 web01 postfix/smtp[7]: ABCDEF12: to=<" + raw)


@given(st.text("to=<>, relay[]:.0123456789status(boucedhsin)said -ABCDEF", max_size=400))
@settings(deadline=None)
def test_any_outcome(text: str) -> None:
    found = outcome(f"to=<{text}")
    if found is not None:
        reply(found.reason, found.dsn)


@pytest.mark.parametrize(
    "filling", [">, orig_to=<", "host a[1] said: ", "550-5.7.1 ", " (in reply to ", "[[[", "<a@"]
)
def test_long_lines_take_no_longer_than_they_are(filling: str) -> None:
    head = "Mar  4 10:11:12 web01 postfix/smtp[7]: ABCDEF12: to=<"
    raw = (head + filling * 700 + ">, relay=a, status=bounced (" + filling * 700)[:8192].encode()
    begin = time.monotonic()
    for _ in range(50):
        line = Reader(LATEST).line(raw)
        assert line is not None
        found = outcome(line.text.partition(": ")[2])
        if found is not None:
            reply(found.reason)
    assert time.monotonic() - begin < 5
