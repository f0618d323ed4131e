"""The resolver of one run: one cache, one budget of time, several questions at once."""

from __future__ import annotations

import random
import string
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver

from maillint.nameserver import Server, parse_server

from .answer import (
    ANSWER,
    BAD_NAME,
    BAD_REPLY,
    NODATA,
    NXDOMAIN,
    TIMEOUT,
    UNASKED,
    UNREACHABLE,
    UNTRUSTED,
    Answer,
    Lookup,
    Question,
    domain_name,
)
from .transport import exchange

CHAIN_LIMIT = 16
"""How many CNAME records in a row are followed."""
CONCURRENCY = 32
"""How many questions are under way at once."""
BUDGET = 60.0
"""Seconds for all questions of a run."""

_ADDRESSES = ("A", "AAAA")
_NOBODYS = (".invalid", ".com")
"""Where the names that nobody has are made up: a domain kept empty (RFC 6761 6.4), and a usual one."""


class ResolverError(Exception):
    """There is nobody to ask; the message says why and what to do."""


class Budget:
    """The time for all questions of a run, whoever is asked; counted from the first one."""

    def __init__(self, seconds: float = BUDGET) -> None:
        self.seconds = seconds
        self._deadline: float | None = None
        self._lock = threading.Lock()

    def deadline(self) -> float:
        """When it ends, by ``time.monotonic()``."""
        with self._lock:
            if self._deadline is None:
                self._deadline = time.monotonic() + self.seconds
            return self._deadline


class Resolver:
    """Answers questions by the system's name servers, or by one that is named.

    Every question is asked once in the life of a resolver: later, and at the same time from
    another thread, the same answer is given. Nothing is taken from the system's search list.
    A resolver that gives addresses to names that nobody has is not believed in any address.
    """

    def __init__(
        self,
        nameserver: Server | str | None = None,
        *,
        timeout: float = 2.0,
        lifetime: float = 6.0,
        budget: Budget | float = BUDGET,
    ) -> None:
        """*nameserver*: a server, or ``ADDR`` or ``ADDR#PORT``; None takes the system's (resolv.conf).

        In seconds: *timeout* for one try, *lifetime* for one question with all its tries and
        CNAME records, *budget* for all questions. Raises :class:`ResolverError`.
        """
        self.servers = system_servers() if nameserver is None else _named_server(nameserver)
        self.timeout = timeout
        self.lifetime = lifetime
        self.budget = budget if isinstance(budget, Budget) else Budget(budget)
        self._replied = False
        self._silence = ""
        self._answers: dict[Question, Future[Answer]] = {}
        self._lock = threading.Lock()
        self._under_way = threading.BoundedSemaphore(CONCURRENCY)
        self._lie: str | None = None
        self._lie_lock = threading.Lock()

    def is_public(self, name: str) -> bool:
        """See :class:`~maillint.dns.answer.Lookup`."""
        return True

    def probe(self) -> str:
        """Find out whether anybody answers at all: empty, or why not.

        When nobody does, all later questions count as not asked, without another wait.
        """
        root = dns.name.root
        deadline = time.monotonic() + self.lifetime
        answer = self._follow(Question(".", "NS"), root, dns.rdatatype.NS, deadline)
        if not self._replied:
            servers = ", ".join(map(str, self.servers))
            self._silence = f"no name server replies ({servers}): {answer.outcome}"
        return self._silence

    def ask(self, name: str, rdtype: str) -> Answer:
        """The answer to one question; *name* is absolute, with or without a final dot.

        Returns within *lifetime*; whatever goes wrong is the answer's status.
        Raises ValueError for an unknown *rdtype*.
        """
        try:
            kind = dns.rdatatype.from_text(rdtype)
        except dns.rdatatype.UnknownRdatatype as error:
            raise ValueError(f"there is no record type {rdtype!r}") from error
        question = Question(name.removesuffix(".").lower(), rdtype.upper())
        with self._lock:
            future = self._answers.get(question)
            mine = future is None
            if future is None:
                future = self._answers[question] = Future()
        if mine:
            try:
                future.set_result(self._find(question, kind))
            except BaseException as error:
                future.set_exception(error)
        return future.result()

    def ask_all(self, questions: Iterable[tuple[str, str]]) -> list[Answer]:
        """The answers to several (name, type), asked at the same time, in the given order."""
        return ask_together(self, questions)

    def _find(self, question: Question, rdtype: dns.rdatatype.RdataType) -> Answer:
        answer = self._ask_network(question, rdtype)
        if answer.status == ANSWER and question.type in _ADDRESSES and (lie := self._told_lie()):
            return Answer(question, UNTRUSTED, chain=answer.chain, server=answer.server, detail=lie)
        return answer

    def _told_lie(self) -> str:
        """An address that was given to a name that nobody has, in words; empty: there was none."""
        with self._lie_lock:
            if self._lie is None:
                self._lie = self._provoke_lie()
            return self._lie

    def _provoke_lie(self) -> str:
        for domain in _NOBODYS:
            name = "".join(random.choices(string.ascii_lowercase, k=20)) + domain
            answer = self._ask_network(Question(name, "A"), dns.rdatatype.A)
            if answer.status == ANSWER:
                addresses = ", ".join(record.to_text() for record in answer.records)
                return f"{answer.server} answers {addresses} for names that do not exist, too, such as {name}"
        return ""

    def _ask_network(self, question: Question, rdtype: dns.rdatatype.RdataType) -> Answer:
        try:
            name = domain_name(question.name)
        except ValueError as error:
            return Answer(question, BAD_NAME, detail=str(error))
        if self._silence:
            return Answer(question, UNASKED, detail=self._silence)
        end = self.budget.deadline()
        with self._under_way:
            now = time.monotonic()
            if now < end:
                return self._follow(question, name, rdtype, min(now + self.lifetime, end))
        return Answer(
            question, UNASKED, detail=f"the {self.budget.seconds:g} seconds for all DNS questions are used up"
        )

    def _follow(
        self, question: Question, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, deadline: float
    ) -> Answer:
        """Ask for *name*, and again for the end of its CNAME chain if the server left that open."""
        chain: list[str] = []
        seen = {name}
        secure = True
        while True:
            reply = exchange(self.servers, name, rdtype, timeout=self.timeout, deadline=deadline)
            self._replied |= reply.failure not in (TIMEOUT, UNREACHABLE)
            secure = secure and reply.message is not None and bool(reply.message.flags & dns.flags.AD)

            def outcome(
                status: str,
                records: tuple[dns.rdata.Rdata, ...] = (),
                detail: str = "",
                server: str = str(reply.server),
                secure: bool = secure,
            ) -> Answer:
                return Answer(
                    question,
                    status,
                    records,
                    chain=tuple(chain),
                    server=server,
                    detail=detail,
                    secure=secure,
                )

            if reply.message is None:
                return outcome(reply.failure, detail=reply.detail)
            try:
                found = reply.message.resolve_chaining()  # type: ignore[attr-defined]
            except dns.exception.DNSException as error:
                return outcome(BAD_REPLY, detail=str(error).rstrip("."))
            for link in found.cnames:
                target = link[0].target
                chain.append(target.to_text(omit_final_dot=True).lower())
                if target in seen or len(chain) > CHAIN_LIMIT:
                    return outcome(BAD_REPLY, detail="the CNAME records never end")
                seen.add(target)
            if found.answer is not None:
                # Sorted, because servers change the order, and the same DNS is to give the same report.
                return outcome(ANSWER, tuple(sorted(found.answer)))
            if reply.message.rcode() == dns.rcode.NXDOMAIN:
                return outcome(NXDOMAIN)
            if found.canonical_name == name or _says_no(reply.message, found.canonical_name):
                return outcome(NODATA)
            name = found.canonical_name


def ask_together(lookup: Lookup, questions: Iterable[tuple[str, str]]) -> list[Answer]:
    """The answers of *lookup* to several (name, type), asked at the same time, in the given order."""
    questions = list(questions)
    if len(questions) < 2:
        return [lookup.ask(*question) for question in questions]
    with ThreadPoolExecutor(min(len(questions), CONCURRENCY)) as pool:
        return list(pool.map(lambda question: lookup.ask(*question), questions))


def system_servers() -> tuple[Server, ...]:
    """The name servers of this system (on Unix those of /etc/resolv.conf).

    Raises :class:`ResolverError` when there is none.
    """
    try:
        system = dns.resolver.Resolver(configure=True)
    except dns.resolver.NoResolverConfiguration as error:
        raise ResolverError(
            f"this system has no resolver ({str(error).rstrip('.')}); name one with --resolver ADDR[#PORT]"
        ) from error
    except (dns.exception.DNSException, ValueError) as error:
        raise ResolverError(
            f"this system's resolver configuration cannot be read ({error}); "
            "name a resolver with --resolver ADDR[#PORT]"
        ) from error
    return tuple(Server(str(address), system.port) for address in system.nameservers)


def _named_server(server: Server | str) -> tuple[Server, ...]:
    try:
        return (parse_server(server) if isinstance(server, str) else server,)
    except ValueError as error:
        raise ResolverError(f"the resolver {error}") from None


def _says_no(message: dns.message.Message, name: dns.name.Name) -> bool:
    """Whether the reply carries the SOA record that makes "no data" certain for *name* (RFC 2308 2.2)."""
    return any(
        rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name) for rrset in message.authority
    )
