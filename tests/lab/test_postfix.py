"""The lab itself: it shows what Postfix says, and leaves nothing behind."""

import os
import time

from lab.postfix import Postfix
from support import needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]


def test_a_healthy_instance_delivers():
    with Postfix() as postfix:
        assert postfix.running
        assert postfix.deliver() == "accepted"
        assert postfix.said(r"status=bounced \(unknown user") is not None


def test_a_daemon_that_dies_is_heard():
    with Postfix("smtpd_client_restrictions = permit_mynetwork\n") as postfix:
        assert postfix.try_recipient().startswith("451 ")
        assert postfix.said('unknown smtpd restriction: "permit_mynetwork"') is not None


def test_a_master_that_dies_is_heard():
    with Postfix(master_cf="x unix y - n foo - error\n") as postfix:
        assert postfix.said('field "wakeup_time": bad value: "foo"') is not None
        assert postfix.said("this is never said", timeout=3.0) is None
        assert not postfix.running


def test_an_entry_of_the_test_replaces_the_stock_one():
    with Postfix(master_cf="127.0.0.1:@PORT@ inet n - n - - smtpd -o smtpd_banner=own\n") as postfix:
        with postfix.connect() as client:
            code, banner = client.docmd("NOOP")
            assert code == 250, banner
        assert postfix.said("duplicate master.cf entry", timeout=0.2) is None


def test_nothing_is_left_running_and_no_file_stays():
    with Postfix() as postfix:
        postfix.deliver()
        assert postfix._master is not None
        session, directory = postfix._master.pid, postfix.directory
    deadline = time.monotonic() + 5
    while _processes_of_session(session) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _processes_of_session(session) == []
    assert not directory.exists()


def _processes_of_session(session: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry))
    return found
