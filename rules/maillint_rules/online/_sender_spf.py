"""What the SPF rules share: the SPF records of the domains that mail leaves with, each asked for once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from maillint.dns.answer import ANSWER, NXDOMAIN, Answer, Question
from maillint.dns.spf_check import FAIL, NEUTRAL, PASS, SOFTFAIL, Verdict, check_host
from maillint.dns.spf_tree import Node, walk
from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding, NotChecked
from maillint.postfix.route import DIRECT, NOWHERE, RELAY, UNKNOWN, Source
from maillint.postfix.sender import HOSTED, PROGRAMS, Identity, identities
from maillint.postfix.smarthost import Provider, provider, servers

from ._addresses import sending_addresses
from ._asking import asked, lookup, not_answered, why_nobodys
from ._senders import places

if TYPE_CHECKING:
    from maillint.dns.answer import Lookup
    from maillint.dns.spf import Selection
    from maillint.dns.spf_record import Mechanism, Modifier
    from maillint.postfix.configuration import Configuration

    In = TypeVar("In")
    Out = TypeVar("Out")

PARAMETERS = ("myorigin", "smtpd_sender_login_maps", "virtual_mailbox_domains", "virtual_alias_domains")

REFUSED = frozenset((FAIL, SOFTFAIL, NEUTRAL))
"""The results by which a record says that it does not know the host; others are errors in it."""

_CONCURRENCY = 32


class Check(NamedTuple):
    """What the record says about one address of this host."""

    source: Source
    verdict: Verdict


class SenderSpf:
    """What the DNS holds for one domain of senders, and how the configuration leads to it."""

    __slots__ = ("_checks", "config", "identities", "location", "related", "tree", "under_nothing")

    def __init__(self, config: Configuration, identities: tuple[Identity, ...]) -> None:
        dns = lookup(config)
        self.config = config
        self.identities = identities
        """Those with this domain in the envelope, the surest first."""
        self.location, self.related = places(config, self.identity.envelope)
        """The setting that decides the domain, and those that it refers to."""
        self.tree: Node = walk(dns, self.domain)
        self.under_nothing = (
            dns.is_public(self.domain)
            and self.answer.status == NXDOMAIN
            and not _has_top_level(dns, self.domain)
        )
        """Whether not even its top-level domain exists, so that nobody can publish anything there."""
        self._checks: tuple[list[Check], list[NotChecked]] | None = None

    @property
    def identity(self) -> Identity:
        return self.identities[0]

    @property
    def domain(self) -> str:
        return self.identity.envelope.domain or ""

    @property
    def route(self) -> str:
        """The surest way that such mail takes: DIRECT, UNKNOWN or RELAY."""
        kinds = {identity.route.kind for identity in self.identities}
        return next(kind for kind in (DIRECT, UNKNOWN, RELAY) if kind in kinds)

    @property
    def answer(self) -> Answer:
        return self.tree.answer

    @property
    def selection(self) -> Selection:
        return self.tree.selection

    @property
    def text(self) -> str:
        """The record, where there is exactly one."""
        return self.selection.records[0]

    @property
    def mail(self) -> str:
        """What the finding is about, as the beginning of a sentence."""
        steps = ", ".join(self.identity.envelope.steps)
        return f"{_whose(self.identity)} leaves as user@{self.domain} ({steps})"

    @property
    def confidence(self) -> str:
        """How sure it is that such mail leaves this host, and directly."""
        return MEDIUM if self.route == UNKNOWN or self.identity.kind == HOSTED else HIGH

    @property
    def asked(self) -> str:
        """The question and the answer."""
        return asked(self.answer)

    def finding(
        self, message: str, mend: str, severity: str | None = None, confidence: str | None = None
    ) -> Finding:
        """A finding about the record, at the setting that leads to it."""
        return Finding(
            self.location,
            message,
            mend=mend,
            severity=severity,
            confidence=confidence or HIGH,
            parameter=self.identity.envelope.parameter,
            related=self.related,
        )

    def checks(self) -> tuple[list[Check], list[NotChecked]]:
        """What the record says about each address that such mail leaves from, and what could not be told."""
        if self._checks is None:
            self._checks = _checked(self)
        return self._checks

    def would_pass(self, record: str, source: Source) -> bool:
        """Whether *source* might send if the domain had *record* instead."""
        dns = _Changed(lookup(self.config), self.domain, record)
        return _check(dns, source, self.identity, self.domain).result == PASS


def weighed(spf: SenderSpf, severity: str) -> str:
    """*severity* where receivers look at this host's record for certain, else at most a warning."""
    return WARNING if severity == ERROR and spf.route != DIRECT else severity


def sender_spfs(config: Configuration) -> tuple[SenderSpf | NotChecked, ...]:
    """The SPF records of all mail that goes to other hosts, one for each domain, the surest first."""
    memo = config.memo
    if "sender_spfs" not in memo:
        memo["sender_spfs"] = _found(config)
    found: tuple[SenderSpf | NotChecked, ...] = memo["sender_spfs"]
    return found


def judged(
    config: Configuration, judge: Callable[[SenderSpf], Iterable[Finding | NotChecked]]
) -> Iterator[Finding | NotChecked]:
    """What *judge* says of each domain, and what could not be asked."""
    for spf in sender_spfs(config):
        if isinstance(spf, NotChecked):
            yield spf
        else:
            yield from judge(spf)


def judged_trees(
    config: Configuration, judge: Callable[[SenderSpf], Iterable[Finding | NotChecked]]
) -> Iterator[Finding | NotChecked]:
    """The same for domains that have exactly one record, with what is not known of the records below it."""

    def whole(spf: SenderSpf) -> Iterator[Finding | NotChecked]:
        if spf.tree.record is not None:
            yield from judge(spf)
            yield from (not_answered(answer, spf.location) for answer in spf.tree.unanswered())

    return judged(config, whole)


def _found(config: Configuration) -> tuple[SenderSpf | NotChecked, ...]:
    dns = lookup(config)
    notes: list[NotChecked] = []
    domains: dict[str, list[Identity]] = {}
    for identity in identities(config):
        if identity.route.kind == NOWHERE:
            continue
        reason = _not_asked(config, dns, identity)
        if not reason:
            domains.setdefault(identity.envelope.domain or "", []).append(identity)
        elif identity.kind == PROGRAMS:
            notes.append(NotChecked("", reason, location=places(config, identity.envelope)[0]))
    found = concurrently(lambda group: _with_checks(SenderSpf(config, tuple(group))), domains.values())
    return (
        *notes,
        *(spf if spf.answer.certain else not_answered(spf.answer, spf.location) for spf in found),
    )


def _with_checks(spf: SenderSpf) -> SenderSpf:
    """*spf* with all its questions asked, so that those of many domains wait together."""
    if spf.tree.record is not None:
        spf.checks()
    return spf


def concurrently(function: Callable[[In], Out], arguments: Iterable[In]) -> list[Out]:
    """The results for all *arguments*, in their order."""
    arguments = list(arguments)
    if len(arguments) < 2:
        return [function(argument) for argument in arguments]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(arguments), _CONCURRENCY)) as pool:
        return list(pool.map(function, arguments))


def _not_asked(config: Configuration, dns: Lookup, identity: Identity) -> str:
    """Why there is nothing to ask; empty: there is."""
    sender = identity.envelope
    if sender.domain is None:
        return f"the sender domain of {_whose(identity)} is not known: {sender.unknown}{_remedy(config)}"
    if reason := why_nobodys(dns, sender.domain):
        return f"{_whose(identity)} leaves as user@{sender.domain}, a domain of nobody: {reason}"
    return ""


def _whose(identity: Identity) -> str:
    if identity.kind == PROGRAMS:
        return "mail from programs"
    return "mail of users" if identity.services else "mail"


def _has_top_level(dns: Lookup, domain: str) -> bool:
    return dns.ask(domain.rpartition(".")[2], "NS").status != NXDOMAIN


def _remedy(config: Configuration) -> str:
    if config.hostname is None and not config.main_view.is_set("myhostname"):
        return "; tell it with --hostname, or set `myorigin`"
    return ""


# --- may this host send? ---------------------------------------------------------------------------------


def _checked(spf: SenderSpf) -> tuple[list[Check], list[NotChecked]]:
    checks: dict[str, Check] = {}
    notes: list[NotChecked] = []
    for identity in spf.identities:
        if identity.route.kind == RELAY:
            notes += _relayed(spf, identity)
            continue
        sources, unknown = sending_addresses(spf.config, identity)
        notes += unknown
        for source in sources:
            if source.address not in checks:
                verdict = _check(lookup(spf.config), source, identity, spf.domain)
                checks[source.address] = Check(source, verdict)
    return list(checks.values()), notes


def relay_provider(identity: Identity) -> Provider | None:
    """The well-known provider that *identity* sends through."""
    if identity.route.kind != RELAY:
        return None
    known = (provider(server.host) for server in servers(identity.route.nexthop, identity.client))
    return next((found for found in known if found is not None), None)


def _relayed(spf: SenderSpf, identity: Identity) -> list[NotChecked]:
    """What is not known of mail through a relay; nothing where a provider tells what to include."""
    by = relay_provider(identity)
    if by is not None and by.includes:
        return []
    if by is not None and by.replaces_envelope:
        whose = (
            "which puts a domain of its own into the envelope unless told otherwise: receivers look up that"
            " one, and only the DKIM signature shows whose mail it is"
        )
    else:
        whose = (
            "whose addresses receivers see: whether the SPF record names those, only its operator can tell"
        )
    place = identity.route.setting.value.location() if identity.route.setting is not None else spf.location
    reason = f"mail from {spf.domain} goes through the relay `{identity.route.nexthop}`, {whose}"
    return [NotChecked("", reason, location=place)]


def _check(dns: Lookup, source: Source, identity: Identity, domain: str) -> Verdict:
    helo = identity.greeting.name or "unknown"
    return check_host(dns, source.address, f"user@{domain}", helo, domain=domain)


class _Changed:
    """The DNS as it would be if a domain had another SPF record."""

    def __init__(self, dns: Lookup, domain: str, record: str) -> None:
        self._dns = dns
        self._question = Question(domain, "TXT")
        self._record = record

    def is_public(self, name: str) -> bool:
        return False

    def ask(self, name: str, rdtype: str) -> Answer:
        if Question(name.removesuffix(".").lower(), rdtype) != self._question:
            return self._dns.ask(name, rdtype)
        return Answer(self._question, ANSWER, (txt(self._record),))


def txt(text: str) -> Any:
    """A TXT record with *text*, in strings of at most 255 octets."""
    from dns.rdataclass import IN
    from dns.rdatatype import TXT
    from dns.rdtypes.ANY.TXT import TXT as TXTRecord  # noqa: N811

    octets = text.encode("utf-8", "surrogateescape")
    return TXTRecord(IN, TXT, [octets[at : at + 255] for at in range(0, len(octets) or 1, 255)])


# --- repaired records ------------------------------------------------------------------------------------


def after_all(spf: SenderSpf) -> tuple[Mechanism, ...]:
    """The mechanisms behind ``all``, which no receiver looks at."""
    record = spf.tree.record
    mechanisms = record.mechanisms if record is not None else ()
    names = [mechanism.name for mechanism in mechanisms]
    return mechanisms[names.index("all") + 1 :] if "all" in names else ()


def with_all_last(spf: SenderSpf) -> str:
    """The record with those mechanisms before ``all``."""
    moved = [mechanism.text for mechanism in after_all(spf) if mechanism.name != "all"]
    words = [word for word in spf.text.split() if word not in moved]
    return " ".join(word for part in words for word in ((*moved, part) if _is_all(part) else (part,)))


def _is_all(word: str) -> bool:
    return word.lstrip("+-~?").lower() == "all"


def ignored_redirect(spf: SenderSpf) -> Modifier | None:
    """The ``redirect=`` that does not count because there is an ``all``."""
    record = spf.tree.record
    if record is None or all(mechanism.name != "all" for mechanism in record.mechanisms):
        return None
    return record.modifier("redirect")


def with_include(spf: SenderSpf) -> str:
    """The record with ``include:`` before ``all`` for a ``redirect=`` that does not count."""
    redirect = ignored_redirect(spf)
    assert redirect is not None
    target = redirect.text.partition("=")[2]
    words = [word for word in spf.text.split() if word != redirect.text]
    return " ".join(f"include:{target} {word}" if _is_all(word) else word for word in words)


def with_addresses(text: str, sources: Iterable[Source]) -> str:
    """The record *text* with the addresses in front, where they cost no lookup."""
    version, *words = text.split()
    return " ".join((version, *(term(source) for source in sources), *words))


# --- wording ---------------------------------------------------------------------------------------------


def term(source: Source) -> str:
    """The term that names the address."""
    return f"ip{source.family}:{source.address}"


def unless_signed(spf: SenderSpf) -> str:
    """What saves the mail: the end of a sentence with "unless"."""
    signer = next(iter(spf.identity.signers), None)
    return (
        "it has a valid DKIM signature"
        if signer is None
        else (f"`{signer.parameter}` gives it a valid DKIM signature")
    )


def term_at(text: str, offset: int) -> str:
    """The term of the record *text* that has the character at *offset*."""
    start = text.rfind(" ", 0, offset) + 1
    return text[start:].partition(" ")[0]


def whose(spf: SenderSpf, node: Node) -> str:
    """Whose record it is, and how it is come to, for a message: ``of example.com``."""
    if node is spf.tree:
        return f"of {node.domain}"
    return f"of {node.domain}, to which `{node.via}` of {node.path[-2]} leads,"


def whose_parent(spf: SenderSpf, node: Node) -> str:
    """Whose record has the term that leads to *node*."""
    parent = node.path[-2]
    return f"of {parent}" if parent == spf.domain else f"of {parent}, to which that of {spf.domain} leads,"


def record_lines(domain: str, record: str) -> str:
    """A TXT record ready to paste: as a line of a zone file, and in parts for a web form."""
    strings = " ".join(_quoted(record[at : at + 255]) for at in range(0, len(record), 255))
    return (
        f"{domain}. 3600 IN TXT {strings}\n"
        f"(in a web form: name {domain}, or @ where names are relative to it; type TXT; value {record})"
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
