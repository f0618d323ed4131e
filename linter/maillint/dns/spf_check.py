"""Whether a host may send for a domain: check_host() of RFC 7208, with a trace of the way to its result."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import dns.reversename

from maillint.record import NamedTuple

from .answer import ANSWER, BAD_NAME, NODATA, NXDOMAIN, Answer, Lookup
from .spf import select
from .spf_record import (
    LOOKUP_MECHANISMS,
    Macro,
    MacroString,
    Mechanism,
    Modifier,
    Record,
    parse_explanation,
    parse_record,
)

NONE = "none"
NEUTRAL = "neutral"
PASS = "pass"
FAIL = "fail"
SOFTFAIL = "softfail"
TEMPERROR = "temperror"
PERMERROR = "permerror"

LOOKUP_LIMIT = 10
"""Terms that cause DNS lookups, in one check (RFC 7208 4.6.4)."""
VOID_LIMIT = 2
"""Terms whose lookups find nothing, in one check."""
NAME_LIMIT = 10
"""Names looked at for one mx or ptr."""

_NAME_LENGTH = 253
"""Characters in a domain name, without the final dot."""

_RESULTS = {"+": PASS, "-": FAIL, "~": SOFTFAIL, "?": NEUTRAL}

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

Address = IPv4Address | IPv6Address


class Step(NamedTuple):
    """One term that was evaluated."""

    domain: str
    """Whose record it stands in."""
    term: str
    """As written; ``v=spf1`` for the search of the record itself."""
    depth: int
    """How many ``include`` and ``redirect`` lead to the record."""
    outcome: str
    """``match``, ``no match``, or what went wrong."""


class Verdict(NamedTuple):
    """What check_host() says."""

    result: str
    reason: str
    """The term that decided, or what went wrong."""
    explanation: str
    """With FAIL, the domain's own words (``exp=``) or the default."""
    lookups: int
    """Terms that caused lookups."""
    void_lookups: int
    trace: tuple[Step, ...]


class _CheckError(Exception):
    """The check is over with *result*, whatever includes it."""

    def __init__(self, result: str, reason: str) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason


class _Found(NamedTuple):
    """The result of one record."""

    result: str
    reason: str
    domain: str = ""
    explanation: Modifier | None = None
    """The ``exp=`` of the record that gave the result."""


def check_host(
    dns: Lookup,
    ip: str,
    sender: str,
    helo: str,
    *,
    domain: str | None = None,
    receiver: str = "unknown",
    explanation: str = "",
) -> Verdict:
    """May the host with address *ip* send mail from *sender*?

    *sender*: the envelope sender, ``user@domain``; an empty one stands for ``postmaster@helo``
    (RFC 7208 2.4). *domain*: the domain to ask for, that of *sender* if None. *receiver*: the name
    of the checking host. *explanation*: used with FAIL where the domain gives none.
    Raises ValueError when *ip* is no address.
    """
    if not sender:
        sender = f"postmaster@{helo}"
    elif "@" not in sender:
        sender = f"postmaster@{sender}"
    elif sender.startswith("@"):
        sender = f"postmaster{sender}"
    check = _Check(dns, _unmapped(ip_address(ip)), sender, helo, receiver)
    try:
        found = check.host(domain or sender.rpartition("@")[2], 0)
        words = check.explain(found) if found.result == FAIL else ""
        result, reason = found.result, found.reason
    except _CheckError as end:
        result, reason, words = end.result, end.reason, ""
    return Verdict(
        result,
        reason,
        words or explanation if result == FAIL else "",
        check.lookups,
        check.void_lookups,
        tuple(check.trace),
    )


def _unmapped(address: Address) -> Address:
    """An IPv4-mapped IPv6 address is treated as the IPv4 address (RFC 7208 5)."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


class _Check:
    """The state of one check_host() and all that it includes."""

    def __init__(self, dns: Lookup, ip: Address, sender: str, helo: str, receiver: str) -> None:
        self.dns = dns
        self.ip = ip
        self.sender = sender
        self.helo = helo
        self.receiver = receiver
        self.lookups = 0
        self.void_lookups = 0
        self.trace: list[Step] = []
        self._void = False

    def host(self, domain: str, depth: int) -> _Found:
        """The result of the record of *domain*; _CheckError for one that no including record can change."""
        record = self._record(domain, depth)
        if isinstance(record, _Found):
            return record
        for mechanism in record.mechanisms:
            if self._matches(mechanism, domain, depth):
                return _Found(
                    _RESULTS[mechanism.qualifier],
                    f"`{mechanism.text}` of {domain}",
                    domain,
                    record.modifier("exp"),
                )
        redirect = record.modifier("redirect")
        if redirect is None:
            return _Found(NEUTRAL, f"nothing in the record of {domain} matches", domain)
        self._count(redirect.text, domain, depth)
        target = self.expand(redirect.value, domain)
        self.trace.append(Step(domain, redirect.text, depth, f"goes on with {target}"))
        found = self.host(target, depth + 1)
        if found.result == NONE:
            raise _CheckError(PERMERROR, f"`{redirect.text}` of {domain}: {found.reason}")
        return found

    def _record(self, domain: str, depth: int) -> Record | _Found:
        """The SPF record of *domain*, or the result where there is not exactly one (RFC 7208 4.3 to 4.5)."""
        if "." not in domain.strip("."):
            return _Found(NONE, f"{domain or 'nothing'} is not a full domain name")
        answer = self.dns.ask(domain, "TXT")
        if answer.status == BAD_NAME:
            return _Found(NONE, f"{domain} is not a domain name: {answer.detail}")
        if not answer.certain:
            raise _CheckError(TEMPERROR, f"{answer.question}: {answer.outcome}")
        texts = select(answer.texts).records
        self.trace.append(
            Step(domain, "v=spf1", depth, texts[0] if len(texts) == 1 else f"{len(texts)} records")
        )
        if not texts:
            return _Found(NONE, f"{domain} has no SPF record")
        if len(texts) > 1:
            raise _CheckError(PERMERROR, f"{domain} has {len(texts)} SPF records")
        record = parse_record(texts[0])
        if record.problems:
            problem = record.problems[0]
            raise _CheckError(
                PERMERROR, f"the record of {domain}, column {problem.start + 1}: {problem.message}"
            )
        return record

    def _matches(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        if mechanism.name in LOOKUP_MECHANISMS:
            self._count(mechanism.text, domain, depth)
        self._void = False
        matched = bool(_MATCHERS[mechanism.name](self, mechanism, domain, depth))
        self.trace.append(Step(domain, mechanism.text, depth, "match" if matched else "no match"))
        if self._void:
            self.void_lookups += 1
            if self.void_lookups > VOID_LIMIT:
                raise _CheckError(
                    PERMERROR,
                    f"more than {VOID_LIMIT} lookups find nothing, at `{mechanism.text}` of {domain}",
                )
        return matched

    def _count(self, term: str, domain: str, depth: int) -> None:
        self.lookups += 1
        if self.lookups > LOOKUP_LIMIT:
            self.trace.append(Step(domain, term, depth, "too many lookups"))
            raise _CheckError(
                PERMERROR, f"more than {LOOKUP_LIMIT} terms cause lookups, at `{term}` of {domain}"
            )

    def _ask(self, name: str, rdtype: str) -> Answer:
        """The answer for a mechanism: _CheckError when there is none, nothing for a name that is no name."""
        answer = self.dns.ask(name, rdtype)
        if answer.status in (NXDOMAIN, NODATA):
            self._void = True
        elif answer.status not in (ANSWER, BAD_NAME):
            raise _CheckError(TEMPERROR, f"{answer.question}: {answer.outcome}")
        return answer

    def _target(self, mechanism: Mechanism, domain: str) -> str:
        return domain if mechanism.domain is None else self.expand(mechanism.domain, domain)

    def _all(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        return True

    def _include(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        target = self._target(mechanism, domain)
        found = self.host(target, depth + 1)
        self._void = False
        if found.result == NONE:
            raise _CheckError(PERMERROR, f"`{mechanism.text}` of {domain}: {found.reason}")
        return found.result == PASS

    def _a(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        return self._in_addresses(self._target(mechanism, domain), mechanism)

    def _mx(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        answer = self._ask(self._target(mechanism, domain), "MX")
        servers = sorted(answer.records, key=lambda record: record.preference)  # type: ignore[attr-defined]
        for number, server in enumerate(servers):
            if number == NAME_LIMIT:
                raise _CheckError(
                    PERMERROR, f"`{mechanism.text}` of {domain}: more than {NAME_LIMIT} MX records"
                )
            if self._in_addresses(server.exchange.to_text(omit_final_dot=True), mechanism):  # type: ignore[attr-defined]
                return True
        return False

    def _ip(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        assert mechanism.network is not None
        return self.ip in mechanism.network

    def _exists(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        return self._ask(self._target(mechanism, domain), "A").status == ANSWER

    def _ptr(self, mechanism: Mechanism, domain: str, depth: int) -> bool:
        target = _plain(self._target(mechanism, domain))
        return any(_is_below(name, target) for name in self._own_names())

    def _in_addresses(self, name: str, mechanism: Mechanism) -> bool:
        version4 = self.ip.version == 4
        answer = self._ask(name, "A" if version4 else "AAAA")
        prefix = mechanism.prefix4 if version4 else mechanism.prefix6
        return any(
            self.ip in ip_network(f"{record.address}/{prefix}", strict=False)  # type: ignore[attr-defined]
            for record in answer.records
        )

    def _own_names(self) -> list[str]:
        """The names of the address that lead back to it (RFC 7208 5.5); DNS errors leave names out."""
        answer = self.dns.ask(dns.reversename.from_address(str(self.ip)).to_text(omit_final_dot=True), "PTR")
        self._void |= answer.status in (NXDOMAIN, NODATA)
        names = [
            record.target.to_text(omit_final_dot=True).lower()  # type: ignore[attr-defined]
            for record in answer.records[:NAME_LIMIT]
        ]
        rdtype = "A" if self.ip.version == 4 else "AAAA"
        return [
            name
            for name in names
            if any(ip_address(record.address) == self.ip for record in self.dns.ask(name, rdtype).records)  # type: ignore[attr-defined]
        ]

    def explain(self, found: _Found) -> str:
        """The domain's explanation; empty if there is none or anything is wrong with it (RFC 7208 6.2)."""
        if found.explanation is None:
            return ""
        texts = self.dns.ask(self.expand(found.explanation.value, found.domain), "TXT").texts
        words = parse_explanation(texts[0]) if len(texts) == 1 else None
        return "" if words is None else self._expanded(words, found.domain)

    def expand(self, text: MacroString, domain: str) -> str:
        """A domain name; if it is too long, labels are dropped from the left (RFC 7208 7.3)."""
        name = self._expanded(text, domain).removesuffix(".")
        if len(name) > _NAME_LENGTH:
            dot = name.find(".", len(name) - _NAME_LENGTH - 1)
            name = name[dot + 1 :]
        return name

    def _expanded(self, text: MacroString, domain: str) -> str:
        return "".join(part if isinstance(part, str) else self._value(part, domain) for part in text)

    def _value(self, macro: Macro, domain: str) -> str:
        value = self._letter(macro.letter, domain)
        for delimiter in macro.delimiters:
            value = value.replace(delimiter, "\0")
        parts = value.split("\0")
        if macro.reverse:
            parts.reverse()
        value = ".".join(parts[-macro.parts :])
        if macro.escape:
            value = "".join(
                c if c in _UNRESERVED else "".join(f"%{byte:02X}" for byte in c.encode()) for c in value
            )
        return value

    def _letter(self, letter: str, domain: str) -> str:
        local, _, sender_domain = self.sender.rpartition("@")
        if letter == "i":
            if self.ip.version == 4:
                return str(self.ip)
            return ".".join(self.ip.exploded.replace(":", "")).upper()
        if letter == "p":
            return self._validated_name(domain)
        if letter == "t":
            import time

            return str(int(time.time()))
        return {
            "s": self.sender,
            "l": local,
            "o": sender_domain,
            "d": domain,
            "h": self.helo,
            "v": "in-addr" if self.ip.version == 4 else "ip6",
            "c": str(self.ip),
            "r": self.receiver,
        }[letter]

    def _validated_name(self, domain: str) -> str:
        """The name of the address, best one of *domain* itself or below it (RFC 7208 7.3)."""
        names = self._own_names()
        target = _plain(domain)
        return next(
            (name for name in names if name == target),
            next((name for name in names if _is_below(name, target)), names[0] if names else "unknown"),
        )


_MATCHERS = {
    "all": _Check._all,
    "include": _Check._include,
    "a": _Check._a,
    "mx": _Check._mx,
    "ptr": _Check._ptr,
    "ip4": _Check._ip,
    "ip6": _Check._ip,
    "exists": _Check._exists,
}


def _plain(name: str) -> str:
    return name.removesuffix(".").lower()


def _is_below(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")
