"""All the SPF records that one leads to, and what evaluating them costs, whoever the sender is.

A static walk (RFC 7208 4.6.4, 5.2, 6.1): every term that a receiver may come to is counted, in the worst
case, in which nothing before it matches. What depends on the sender or its address (macros) is counted, not
followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from maillint.record import NamedTuple

from .answer import ANSWER, NODATA, NXDOMAIN, Answer, Lookup
from .spf import Selection, select
from .spf_check import LOOKUP_LIMIT, NAME_LIMIT, VOID_LIMIT
from .spf_record import LOOKUP_MECHANISMS, MacroString, Mechanism, Modifier, Record, parse_record

__all__ = ["LOOKUP_LIMIT", "NAME_LIMIT", "VOID_LIMIT", "Branch", "Node", "Void", "voids", "walk"]

_MOST_NODES = 200
"""So many records are looked at; a tree that large is broken many times over."""

_ADDRESSES = {4: "A", 6: "AAAA"}


class Branch(NamedTuple):
    """A term that costs a lookup."""

    term: Mechanism | Modifier
    target: str | None
    """The name that is looked up; None: it depends on the sender."""
    below: Node | None
    """The record that an ``include`` or ``redirect`` leads to."""

    @property
    def lookups(self) -> int:
        return 1 + (self.below.lookups if self.below is not None else 0)


class Node:
    """The SPF record of one domain, as one term leads to it."""

    __slots__ = ("answer", "branches", "domain", "path", "record", "selection", "via")

    def __init__(self, path: tuple[str, ...], via: str, answer: Answer) -> None:
        self.path = path
        """The domains from the first one to this."""
        self.domain = path[-1]
        self.via = via
        """The term that leads here; empty: this is the first record."""
        self.answer = answer
        self.selection: Selection = select(answer.texts)
        records = self.selection.records
        self.record: Record | None = parse_record(records[0]) if len(records) == 1 else None
        """None: there is none, or more than one."""
        self.branches: tuple[Branch, ...] = ()
        """In the order of evaluation; empty where :attr:`loops`."""

    @property
    def loops(self) -> bool:
        """Whether the way to this record has been through it already."""
        return self.domain in self.path[:-1]

    @property
    def lookups(self) -> int:
        """How many terms cause lookups when nothing matches; that of a loop counts once."""
        return sum(branch.lookups for branch in self.branches)

    @property
    def dearest(self) -> Branch | None:
        """The term that costs most."""
        return max(self.branches, key=lambda branch: branch.lookups, default=None)

    def nodes(self) -> Iterator[Node]:
        """This one and all below, in the order of evaluation."""
        yield self
        for branch in self.branches:
            if branch.below is not None:
                yield from branch.below.nodes()

    def unanswered(self) -> Iterator[Answer]:
        """The questions for records that nobody answered: what is below them is not known."""
        return (node.answer for node in self.nodes() if not node.answer.certain)


def walk(dns: Lookup, domain: str) -> Node:
    """The tree of the SPF record of *domain*."""
    return _Walk(dns).node((), domain, "")


class _Walk:
    def __init__(self, dns: Lookup) -> None:
        self.dns = dns
        self.left = _MOST_NODES

    def node(self, above: tuple[str, ...], domain: str, via: str) -> Node:
        domain = domain.removesuffix(".").lower()
        node = Node((*above, domain), via, self.dns.ask(domain, "TXT"))
        self.left -= 1
        if node.record is not None and not node.loops and self.left > 0:
            node.branches = tuple(self.branch(node, term) for term in evaluated(node.record) if _costs(term))
        return node

    def branch(self, node: Node, term: Mechanism | Modifier) -> Branch:
        target = target_of(term, node.domain)
        below = None
        if target is not None and term.name in ("include", "redirect") and self.left > 0:
            below = self.node(node.path, target, term.text)
        return Branch(term, target, below)


def evaluated(record: Record) -> Iterator[Mechanism | Modifier]:
    """The terms that a receiver may come to, in this order: up to ``all``, else ``redirect`` at the end."""
    for mechanism in record.mechanisms:
        yield mechanism
        if mechanism.name == "all":
            return
    redirect = record.modifier("redirect")
    if redirect is not None:
        yield redirect


def _costs(term: Mechanism | Modifier) -> bool:
    return term.name in LOOKUP_MECHANISMS or term.name == "redirect"


def target_of(term: Mechanism | Modifier, domain: str) -> str | None:
    """The name that *term* in the record of *domain* looks up; None: it depends on the sender."""
    spec: MacroString | None = term.value if isinstance(term, Modifier) else term.domain
    if spec is None:
        return domain
    parts = []
    for part in spec:
        if isinstance(part, str):
            parts.append(part)
        elif part.letter == "d" and not (part.parts or part.reverse or part.escape):
            parts.append(domain)
        else:
            return None
    return "".join(parts).removesuffix(".").lower()


class Void(NamedTuple):
    """A term whose lookup finds nothing."""

    node: Node
    term: Mechanism | Modifier
    answer: Answer


def voids(dns: Lookup, tree: Node, family: int) -> list[Void]:
    """The terms that find nothing for a sender with an address of *family*, 4 or 6; each counts once."""
    found = []
    for node in tree.nodes():
        for branch in node.branches:
            answer = _nothing(dns, branch, family)
            if answer is not None:
                found.append(Void(node, branch.term, answer))
    return found


def _nothing(dns: Lookup, branch: Branch, family: int) -> Answer | None:
    """The answer that holds nothing to one of the questions of the term."""
    if branch.target is None or branch.term.name in ("ptr", "include", "redirect"):
        return None
    if branch.term.name == "mx":
        answer = dns.ask(branch.target, "MX")
        if answer.status != ANSWER:
            return answer if answer.status in (NODATA, NXDOMAIN) else None
        names = [record.exchange.to_text(omit_final_dot=True) for record in answer.records[:NAME_LIMIT]]  # type: ignore[attr-defined]
    else:
        names = [branch.target]
    rdtype = "A" if branch.term.name == "exists" else _ADDRESSES[family]
    answers = (dns.ask(name, rdtype) for name in names)
    return next((answer for answer in answers if answer.status in (NODATA, NXDOMAIN)), None)


def crowded(dns: Lookup, tree: Node) -> Iterator[tuple[Node, Branch, int]]:
    """The ``mx`` terms with more servers than a receiver looks at, and how many these are."""
    for node in tree.nodes():
        for branch in node.branches:
            if branch.term.name == "mx" and branch.target is not None:
                count = len(dns.ask(branch.target, "MX").records)
                if count > NAME_LIMIT:
                    yield node, branch, count
