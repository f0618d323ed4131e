"""The log of the real Postfix, when its mail is refused or its configuration is wrong, tells the cause."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from lab.answering_server import CONNECT, MAIL, Answer, refusing
from lab.names import name_server
from lab.postfix import Postfix
from lab.stand_ins import serving, tcp_server
from maillint.log.diagnose import diagnose
from maillint.log.grouping import Group
from maillint.log.patterns import patterns
from support import needs_postfix, needs_root, run_maillint

pytestmark = [needs_postfix, needs_root, pytest.mark.xdist_group("diagnose")]

SENDER = "nginx@web01.example.com"
DELIVER = """\
smtp_dns_support_level = enabled
disable_dns_lookups = no
smtp_host_lookup = dns
smtp_connection_cache_on_demand = no
default_destination_concurrency_failed_cohort_limit = 1000
transport_maps = texthash:@DIR@/etc/transport
smtp_helo_timeout = 2s
"""


class Reply(NamedTuple):
    """One line of replies.tsv."""

    pattern: str
    host: str
    answer: Answer
    cause: str
    domain: str
    """Of the recipient."""

    def __str__(self) -> str:
        return f"{self.pattern}-{self.domain}"


def replies() -> list[Reply]:
    found = []
    text = Path(__file__).with_name("replies.tsv").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            number, host, stage, answer, cause = line.split("\t")
            lines = tuple(part.strip() for part in answer.split(" | "))
            found.append(Reply(number, host, Answer(stage, lines), cause, f"r{len(found)}.test"))
    return found


REPLIES = replies()


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of a Postfix whose mail all these servers have answered."""
    at_the_recipient = {reply.domain: reply.answer for reply in REPLIES}
    before = [reply for reply in REPLIES if reply.answer.stage in (CONNECT, MAIL)]
    with contextlib.ExitStack() as stack:
        shared = tcp_server(refusing(at_the_recipient))
        stack.enter_context(serving(shared))
        ports = {}
        for reply in before:
            server = tcp_server(refusing({"*": reply.answer}))
            stack.enter_context(serving(server))
            ports[reply.domain] = server.server_address[1]
        transport = "".join(
            f"{reply.domain} smtp:[{reply.host}]:{ports.get(reply.domain, shared.server_address[1])}\n"
            for reply in REPLIES
        )
        resolver = stack.enter_context(name_server(_loopback))
        postfix = stack.enter_context(Postfix(DELIVER, files={"transport": transport}, resolver=resolver))
        for reply in REPLIES:
            assert postfix.deliver(f"{reply.domain}@{reply.domain}", SENDER) == "accepted"
        for reply in REPLIES:
            assert postfix.said(f"to=<{reply.domain}@.* status=", timeout=30), reply
        log = tmp_path_factory.mktemp("log") / "mail.log"
        log.write_text("".join(f"{line}\n" for line in postfix.log_lines), "utf-8", "surrogateescape")
    return log


def _loopback(name: str, type: str) -> str | None:
    return "127.0.0.1" if type == "A" else ""


@pytest.fixture(scope="module")
def causes(refused: Path) -> dict[str, Group]:
    """By the domain of the recipient."""
    found: dict[str, Group] = {}
    for group in diagnose([str(refused)]).groups:
        for domain, _ in group.domains.most():
            found[domain] = group
    return found


@pytest.mark.parametrize("reply", [reply for reply in REPLIES if reply.answer.stage], ids=str)
def test_the_cause_of_a_refusal(reply: Reply, causes: dict[str, Group]) -> None:
    group = causes[reply.domain]
    assert group.id == reply.cause
    assert reply.pattern in group.patterns
    assert (SENDER, group.mails) in group.senders.most()


def test_what_is_accepted_has_not_failed(refused: Path, causes: dict[str, Group]) -> None:
    [accepted] = [reply for reply in REPLIES if not reply.answer.stage]
    assert accepted.domain not in causes
    assert diagnose([str(refused)]).sent == 1


def test_every_pattern_of_servers_has_an_answer() -> None:
    """That of Postfix's own words follow below."""
    of_servers = {pattern.number for pattern in patterns() if int(pattern.number) < 64}
    assert of_servers == {reply.pattern for reply in REPLIES if int(reply.pattern) < 64}


def test_receivers_tell_the_address_of_the_sender(causes: dict[str, Group]) -> None:
    told = [reply for reply in REPLIES if any("[203.0.113.7]" in line for line in reply.answer.lines)]
    assert told
    for reply in told:
        assert causes[reply.domain].sources.most()[0] >= ("203.0.113.7", 1)


def test_nothing_is_left_unknown(refused: Path) -> None:
    run = run_maillint("diagnose", "--format", "json", refused)
    assert run.returncode == 1
    document = json.loads(run.stdout)
    assert "unknown" not in {cause["cause"] for cause in document["causes"]}
    assert all(cause["evidence"]["text"] in refused.read_text() for cause in document["causes"])
