"""Access lists that chance wrote: the real smtpd does with them what maillint reads in them."""

import os
import random
import re
import subprocess
from collections.abc import Iterator

import pytest

from lab.postfix import Postfix, daemon_directory, free_port
from maillint.postfix.configuration import Configuration
from maillint.postfix.restrictions import (
    CLASS,
    DIES,
    REFUSES,
    AccessList,
    AccessLists,
    access_lists,
)
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source
from postfix.oracle import installed_version
from support import needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

CLASSES = """\
smtpd_restriction_classes = harmless, final, mistaken, reject
harmless = warn_if_reject reject, sleep 0
final = reject_unauth_pipelining, reject
mistaken = harmless, reject_nobody
reject = permit
"""
WORDS = (
    *["reject_unauth_pipelining", "check_client_access static:DUNNO", "sleep 0", "warn_if_reject"] * 3,
    *("static:DUNNO", "Reject_Unauth_Pipelining", "harmless", "reject_multi_recipient_bounce"),
    *("permit", "reject", "final", "mistaken", "Harmless", "reject_nobody", "sleep 1s", "sleep"),
    *("check_helo_access", "check_client_access { static:DUNNO }", "{ static:DUNNO }", "{x}"),
    *("check_ccert_access { static:OK { search_order = x } }", "check_ccert_access { static:OK }"),
    *("reject_rbl_client", "reject_rhsbl_sender x.invalid", "reject_rbl_client x.invalid=127.0.0"),
    *("reject_sender_login_mismatch", "Reject_Sender_Login_Mismatch", "permit_dnswl_client"),
)
LISTS = 80
STARTS = 24
"""Fewer: a daemon that ends with a fatal error waits a second first."""


def lists_of(main_cf: str) -> AccessLists:
    version = installed_version()
    return access_lists(
        Configuration(parse_main_cf(Source("main.cf", main_cf)), None, version=version).main_view
    )


def outcome(lists: AccessLists, where: AccessList, warns: bool = False) -> str:
    """The first digits of the answer to a client for which nothing but the words themselves decides."""
    for restriction in where.restrictions:
        quiet = warns or restriction.warns
        if restriction.problem is not None and restriction.problem.effect in (REFUSES, DIES):
            return "451" if restriction.problem.effect == REFUSES else "no "
        if restriction.kind == CLASS:
            inside = outcome(lists, lists.classes[restriction.name], quiet)
            if inside != "":
                return inside
        elif restriction.name == "permit":
            return "250"
        elif restriction.name == "reject" and not quiet:
            return "554"
    return ""


def written(random_: random.Random) -> str:
    words = [random_.choice(WORDS) for _ in range(random_.randint(1, 6))]
    return random_.choice((", ", " ", ",")).join(words)


def test_smtpd_goes_through_a_list_as_it_is_read() -> None:
    chance = random.Random(20260821)
    texts = {free_port(): written(chance) for _ in range(LISTS)}
    master = "".join(
        f"127.0.0.1:{port} inet n - n - - smtpd -o {{smtpd_client_restrictions = {text}}}\n"
        for port, text in texts.items()
    )
    wrong, seen = {}, set()
    with Postfix(CLASSES, master) as postfix:
        for port, text in texts.items():
            lists = lists_of(f"{CLASSES}smtpd_client_restrictions = {text}\n")
            expected = outcome(lists, lists.lists["smtpd_client_restrictions"]) or "250"
            answer = postfix.try_recipient(port=port)
            seen.add(answer[:3])
            if not answer.startswith(expected):
                wrong[text] = expected, answer
    assert wrong == {}
    assert seen == {"250", "451", "554", "no "}


@pytest.fixture(scope="module")
def instance() -> Iterator[Postfix]:
    with Postfix() as postfix:
        yield postfix


GUARDS = (
    *("permit_mynetworks", "warn_if_reject", "check_client_access static:DUNNO", "harmless", "final"),
    *(
        "permit",
        "reject_unauth_destination",
        "DEFER",
        "reject_rbl_client reject_unauth_destination",
        "sleep 0",
    ),
    *("defer_if_permit", "mistaken", "static:reject", "reject_unverified_recipient", "Final", *["loop"] * 5),
)


def starts(postfix: Postfix, main_cf: str) -> bool | None:
    """Whether smtpd starts with these settings; None: it is killed by a signal."""
    directory = daemon_directory()
    assert directory is not None
    options = [f"-o{line}" for line in main_cf.splitlines()]
    smtpd = subprocess.run(
        [directory / "smtpd", "-S", *options],
        input=b"QUIT\r\n",
        capture_output=True,
        env=os.environ | {"MAIL_CONFIG": f"{postfix.directory}/etc"},
        timeout=30,
        check=False,
    )
    if smtpd.returncode < 0:
        return None
    return smtpd.returncode == 0 and re.match(rb"220 ", smtpd.stdout) is not None


def test_smtpd_starts_when_relaying_is_under_control(instance: Postfix) -> None:
    chance = random.Random(20260822)
    wrong, seen = {}, set()
    for _ in range(STARTS):
        words = [chance.choice(GUARDS) for _ in range(chance.randint(0, 4))]
        main_cf = CLASSES.replace("reject\n", "reject, loop\n", 1) + (
            "loop = permit_mynetworks, loop\n"
            "smtpd_relay_restrictions =\n"
            f"smtpd_recipient_restrictions = {', '.join(words)}\n"
        )
        expected = lists_of(main_cf).controls_relay()
        real = starts(instance, main_cf)
        seen.add(real)
        if real is not expected:
            wrong[", ".join(words)] = expected, real
    assert wrong == {}
    assert seen == {True, False, None}
