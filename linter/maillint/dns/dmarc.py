"""DMARC (RFC 9989): the record's syntax, the walk up the DNS tree, and alignment.

The walk replaces the list of public suffixes that older readers use: the records themselves tell where a
domain of one owner ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillint.nearest import nearest
from maillint.record import NamedTuple

from .tag_list import Problem, Tag, parse_tags

if TYPE_CHECKING:
    from .answer import Answer, Lookup

PREFIX = "_dmarc"
REPORT_PREFIX = "_report._dmarc"
WALK_LIMIT = 8
"""How many names are asked about at most (RFC 9989 4.10)."""

POLICIES = ("none", "quarantine", "reject")
REMOVED = {"pct": "t=y", "rf": "", "ri": ""}
"""The tags that RFC 9989 has removed, and what takes their place."""

_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_NEAR = re.compile(r"""["'\s]*v?\W{0,3}dmarc\W?\d?(?=\W|$)""", re.IGNORECASE)
_WORDS = {
    "p": POLICIES,
    "sp": POLICIES,
    "np": POLICIES,
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
_OTHER = ("v", "rua", "ruf", "fo")
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(\S+)$")
_MAILBOX = re.compile(r"[^@\s]+@([^@\s!]+)$")
_SIZE = re.compile(r"![0-9]+[kmgt]?$", re.IGNORECASE)


class Record(NamedTuple):
    """A DMARC record; what readers ignore in it is among the problems."""

    text: str
    tags: tuple[Tag, ...]
    problems: tuple[Problem, ...]

    def value(self, name: str, default: str = "") -> str:
        """The value of a tag, in lower case."""
        return next((tag.value.lower() for tag in self.tags if tag.name == name), default)

    def tag(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.name == name), None)

    @property
    def policy(self) -> str | None:
        """What is asked for mail of the domain itself; None: readers take the record for none.

        Without a valid ``p=``, or with an invalid ``sp=`` or ``np=``, it counts as ``none`` where there is
        somebody to report to (RFC 9989 4.10.1).
        """
        if self.value("p") in POLICIES and all(self.value(name, "none") in POLICIES for name in ("sp", "np")):
            return self.value("p")
        return "none" if self.report_domains("rua") else None

    @property
    def subdomain_policy(self) -> str | None:
        """What is asked for mail of domains below that have no record."""
        policy = self.policy
        return self.value("sp") or policy if policy is not None and self.value("p") in POLICIES else policy

    def report_domains(self, name: str) -> tuple[str, ...]:
        """The domains that reports go to by mail, by ``rua`` or ``ruf``, in lower case; each once."""
        tag = self.tag(name)
        domains = [_mail_domain(uri) for uri in tag.value.split(",")] if tag is not None else []
        return tuple(dict.fromkeys(domain for domain in domains if domain))


def is_dmarc(text: str) -> bool:
    """Whether readers take *text* as a DMARC record: it begins with exactly ``v=DMARC1`` (RFC 9989 4.7)."""
    return _VERSION.match(text) is not None


def is_near_miss(text: str) -> bool:
    """Whether *text* was meant as a DMARC record and is none."""
    return not is_dmarc(text) and _NEAR.match(text) is not None


def why_near_miss(text: str) -> str:
    """What makes a near miss no record."""
    bare = text.lstrip("\"'")
    if bare != text:
        return "it begins with a quotation mark"
    if text != text.lstrip():
        return "it begins with white space"
    if re.match(r"v\s*=\s*DMARC1\s+\w", text):
        return "a `;` must follow `v=DMARC1`"
    return "it must begin with exactly `v=DMARC1;`"


def parse_record(text: str) -> Record:
    """Read *text*, which :func:`is_dmarc` accepts."""
    listed = parse_tags(text)
    problems = list(listed.problems)
    for tag in listed.tags:
        problems += _problems(tag)
    record = Record(text, listed.tags, ())
    if record.tag("p") is None:
        none = "as `p=none`, and older ones ignore the record" if record.policy else "as no record"
        problems.append(Problem(0, len(text), f"there is no `p=`: receivers take that {none}"))
    fatal = record.policy is None
    ordered = sorted(problems)
    return record._replace(problems=tuple(problem._replace(fatal=fatal) for problem in ordered))


def _problems(tag: Tag) -> Iterable[Problem]:
    words = _WORDS.get(tag.name)
    if words is not None and tag.value.lower() not in words:
        choice = ", ".join(f"`{word}`" for word in words)
        yield Problem(
            tag.value_start, tag.end, f"`{tag.name}={tag.value}`: the value must be one of {choice}"
        )
    elif tag.name in ("rua", "ruf"):
        yield from _uri_problems(tag)
    elif words is None and tag.name not in _OTHER and tag.name not in REMOVED:
        near = _meant(tag.name)
        if near is not None:
            yield Problem(
                tag.start, tag.end, f"receivers ignore the unknown tag `{tag.name}`; did you mean `{near}`?"
            )


def _meant(name: str) -> str | None:
    """The tag that *name* is a misspelling of: its letters in another order, or nearly it."""
    names = (*_WORDS, *_OTHER)
    return next((known for known in names if sorted(known) == sorted(name)), None) or nearest(name, names)


def _uri_problems(tag: Tag) -> Iterable[Problem]:
    at = tag.value_start
    for uri in tag.value.split(","):
        bare = uri.strip()
        found = _URI.match(bare)
        start = at + len(uri) - len(uri.lstrip())
        if found is None:
            hint = f": write `mailto:{bare}`" if _MAILBOX.match(bare) else ""
            yield Problem(start, start + len(bare), f"`{bare}` in `{tag.name}=` is not a URI{hint}")
        elif found[1].lower() == "mailto" and not _mail_domain(bare):
            yield Problem(start, start + len(bare), f"`{bare}` in `{tag.name}=` has no mail address")
        at += len(uri) + 1


def _mail_domain(uri: str) -> str:
    found = _URI.match(uri.strip())
    if found is None or found[1].lower() != "mailto":
        return ""
    mailbox = _MAILBOX.match(_SIZE.sub("", found[2].partition("?")[0]))
    return mailbox[1].lower().rstrip(".") if mailbox is not None else ""


class Place(NamedTuple):
    """What stands at one name of the walk."""

    domain: str
    """Without the ``_dmarc`` before it."""
    answer: Answer
    records: tuple[str, ...]
    """More than one count as none (RFC 9989 4.10)."""
    near_misses: tuple[str, ...]

    @property
    def record(self) -> Record | None:
        return parse_record(self.records[0]) if len(self.records) == 1 else None


class Discovery(NamedTuple):
    """The walk up the tree from one domain."""

    domain: str
    places: tuple[Place, ...]
    """The domain itself first."""

    @property
    def unanswered(self) -> Answer | None:
        """A question without a certain answer, which leaves the outcome open."""
        return next((place.answer for place in self.places if not place.answer.certain), None)

    @property
    def organization(self) -> str:
        """The organizational domain (RFC 9989 4.10.2); the domain itself where no record tells."""
        found = [(place.domain, record) for place in self.places if (record := place.record) is not None]
        for domain, record in found:
            if record.value("psd") == "n":
                return domain
            if record.value("psd") == "y" and domain != self.domain:
                labels = self.domain.split(".")
                return ".".join(labels[-len(domain.split(".")) - 1 :])
        return found[-1][0] if found else self.domain

    @property
    def governing(self) -> Place | None:
        """Where the record stands that counts: the domain's own, its organization's, a registry's."""
        own = {place.domain: place for place in self.places if place.record is not None}
        if self.domain in own:
            return own[self.domain]
        return own.get(self.organization) or next(
            (place for place in own.values() if (record := place.record) and record.value("psd") == "y"), None
        )

    @property
    def policy(self) -> str | None:
        """What receivers are asked to do with mail of the domain that fails; None: nothing is published."""
        place = self.governing
        record = place.record if place is not None else None
        if place is None or record is None:
            return None
        return record.policy if place.domain == self.domain else record.subdomain_policy


def walk_names(domain: str) -> list[str]:
    """The domains whose record is asked for, in this order (RFC 9989 4.10): eight at most."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= WALK_LIMIT else labels[-(WALK_LIMIT - 1) :]
    return [domain, *(".".join(above[number:]) for number in range(len(above)))]


def discover(dns: Lookup, domain: str) -> Discovery:
    """Walk up the tree from *domain*, in lower case; a record with ``psd=y`` or ``psd=n`` ends the walk."""
    places = []
    for name in walk_names(domain):
        place = ask_at(dns, name)
        places.append(place)
        record = place.record
        if record is not None and record.value("psd") in ("y", "n"):
            break
    return Discovery(domain, tuple(places))


def ask_at(dns: Lookup, domain: str) -> Place:
    """What stands at ``_dmarc`` below *domain* itself."""
    answer = dns.ask(f"{PREFIX}.{domain}", "TXT")
    texts = answer.texts
    return Place(
        domain, answer, tuple(filter(is_dmarc, texts)), tuple(text for text in texts if is_near_miss(text))
    )


def is_aligned(dns: Lookup, domain: str, other: str, *, strict: bool) -> bool | None:
    """Whether a verified *domain* counts for mail from *other* (RFC 9989 4.4); None: cannot be told."""
    if domain == other:
        return True
    if strict:
        return False
    walks = discover(dns, domain), discover(dns, other)
    if any(walk.unanswered is not None for walk in walks):
        return None
    return walks[0].organization == walks[1].organization


def unauthorised_reports(dns: Lookup, place: Place) -> tuple[list[Answer], list[Answer]]:
    """The domains of others that take no reports about *place*, by the answers; and what stays open.

    RFC 9990, section 4: such a domain says that it does at ``PLACE._report._dmarc`` below itself.
    """
    record = place.record
    refused: list[Answer] = []
    unanswered: list[Answer] = []
    if record is None:
        return refused, unanswered
    targets = dict.fromkeys((*record.report_domains("rua"), *record.report_domains("ruf")))
    for target in targets:
        aligned = is_aligned(dns, target, place.domain, strict=False)
        if aligned:
            continue
        answer = dns.ask(f"{place.domain}.{REPORT_PREFIX}.{target}", "TXT")
        if not answer.certain or aligned is None:
            unanswered.append(answer)
        elif not any(map(is_dmarc, answer.texts)):
            refused.append(answer)
    return refused, unanswered
