"""The verdicts of maillint, held against what a real smtpd answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from lab.access_cases import FILES, MAIN_CF, VARIANTS, Case, caller, looked_up
from lab.names import name_server
from lab.postfix import Postfix, free_port
from lab.smtp_probe import DIES, HANGS_UP, PATIENCE, REJECT, Session, login_server
from maillint.postfix.access import DEPENDS, NULL, Client, Party, Verdict, decide, decide_etrn
from maillint.postfix.configuration import View, load_directory
from postfix.oracle import installed_version

BATCH = 100
"""How many smtpd one instance has."""
_AT_A_TIME = 6
_SHORT = 1.5
"""How long to wait for the greeting of an smtpd that is said to die, in seconds."""


class Answer(NamedTuple):
    """One message: what maillint says, and what smtpd does."""

    setting: str
    """What it was asked of."""
    client: Client
    sender: Party
    recipient: Party
    verdict: Verdict
    real: str
    reply: str
    is_certain: bool = True
    """Whether the verdict is the same whatever the DNS, policy servers and the like say."""
    case: Case | None = None
    """Where chance wrote the lists: what it wrote."""
    domain: str = ""
    """Of an ETRN command, which has neither sender nor recipient; empty: it is a message."""

    @property
    def is_known(self) -> bool:
        return self.verdict.outcome != DEPENDS

    @property
    def agrees(self) -> bool:
        return self.real in self.verdict.possible

    @property
    def _message(self) -> str:
        return f"<{self.sender.address}> to <{self.recipient.address}>"

    def __str__(self) -> str:
        path = "\n".join(
            f"    {step.parameter}: {step.word}: {step.result}: {step.why}" for step in self.verdict.path
        )
        return (
            f"{self.setting}\n"
            f"  {self.client.kind} {self.client.address} {self.client.name}:"
            f" {f'ETRN {self.domain}' if self.domain else self._message}\n"
            f"  said {sorted(self.verdict.possible)}: {self.verdict.reason}\n{path}\n"
            f"  smtpd: {self.real}: {self.reply}\n"
        )


def answers(cases: Sequence[Case]) -> list[Answer]:
    """Ask all of *cases*, a batch of each variant at a time."""
    found: list[Answer] = []
    with login_server() as logins, name_server(looked_up) as resolver:
        for variant in dict.fromkeys(case.variant for case in cases):
            mine = [case for case in cases if case.variant == variant]
            for start in range(0, len(mine), BATCH):
                found += _batch(mine[start : start + BATCH], variant, logins, resolver)
    return found


def _batch(cases: Sequence[Case], variant: int, logins: str, resolver: str) -> list[Answer]:
    mine = ports(len(cases))
    services = []
    for case, port in zip(cases, mine, strict=True):
        how = (
            "smtpd_authorized_xclient_hosts=127.0.0.1"
            if case.is_named
            else "smtpd_upstream_proxy_protocol=haproxy"
        )
        services.append(f"127.0.0.1:{port} inet n - n - - smtpd -o {how} {case.arguments}\n")
    main = f"{MAIN_CF}{VARIANTS[variant]}smtpd_sasl_path = {logins}\n"
    with Postfix(main, "".join(services), files=FILES, resolver=resolver) as postfix:
        config = load_directory(f"{postfix.directory}/etc", version=installed_version())

        def ask(at: int) -> list[Answer]:
            view = config.view(f"127.0.0.1:{mine[at]}/inet")
            assert view is not None
            return _asked(cases[at], view, mine[at]) + _flushed(cases[at], view, mine[at])

        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            return [answer for found in pool.map(ask, range(len(cases))) for answer in found]


def ports(count: int) -> list[int]:
    """So many free ports."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)


def _asked(case: Case, view: View, port: int) -> list[Answer]:
    found: list[Answer] = []
    for client in dict.fromkeys(client for client, _, _ in case.asked):
        known = client if case.is_named else client._replace(name="unknown")
        asked = [(s, r, decide(view, known, s, r)) for c, s, r in case.asked if c == client]
        dies = any(verdict.outcome == DIES for _, _, verdict in asked)
        with Session(port, caller(client, case.is_named), patience=_SHORT if dies else PATIENCE) as session:
            for sender, recipient, verdict in asked:
                real, reply = session.send(sender.address, recipient.address, case.needs_whole)
                if real == HANGS_UP:
                    real = DIES if DIES in verdict.possible else REJECT
                found.append(Answer(str(case), known, sender, recipient, verdict, real, reply, case=case))
                if real == DIES:
                    return found  # master(8) lets a service rest that has died
    return found


def _flushed(case: Case, view: View, port: int) -> list[Answer]:
    found: list[Answer] = []
    nobody = Party(NULL, "", exact=True)
    for client, domain in case.flushed:
        known = client if case.is_named else client._replace(name="unknown")
        verdict = decide_etrn(view, known, domain)
        patience = _SHORT if DIES in verdict.possible else PATIENCE
        with Session(port, caller(client, case.is_named), patience=patience) as session:
            real, reply = session.etrn(domain)
        if real == HANGS_UP:
            real = DIES if DIES in verdict.possible else REJECT
        found.append(Answer(str(case), known, nobody, nobody, verdict, real, reply, case=case, domain=domain))
        if real == DIES:
            break
    return found


def shrunk(answer: Answer) -> Answer:
    """The same disagreement with as few words as possible."""
    while answer.case is not None:
        smaller = list(_smaller(answer.case))
        one = {
            "asked": () if answer.domain else ((answer.client, answer.sender, answer.recipient),),
            "flushed": ((answer.client, answer.domain),) if answer.domain else (),
        }
        wrong = (found for found in answers([case._replace(**one) for case in smaller]) if not found.agrees)
        better = next(wrong, None)
        if better is None:
            break
        answer = better
    return answer


def _smaller(case: Case) -> Iterable[Case]:
    for at in range(len(case.options)):
        yield case._replace(options=case.options[:at] + case.options[at + 1 :])
    for at, (name, words) in enumerate(case.lists):
        yield case._replace(lists=case.lists[:at] + case.lists[at + 1 :])
        for word in range(len(words)):
            less = (name, words[:word] + words[word + 1 :])
            yield case._replace(lists=(*case.lists[:at], less, *case.lists[at + 1 :]))
