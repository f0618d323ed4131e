"""The syntax of an SPF record (RFC 7208 4.6.1, 5, 6, 7, 12): text -> terms, every error with its place."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from maillint.nearest import nearest
from maillint.record import NamedTuple

from .spf import VERSION

LOOKUP_MECHANISMS = frozenset(("include", "a", "mx", "ptr", "exists"))
"""The mechanisms that cost a DNS lookup (RFC 7208 4.6.4); the modifier redirect does as well."""

_MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
_SLIPS = {"ip": "ip4", "ipv4": "ip4", "ipv6": "ip6", "includes": "include", "host": "a"}
_DOMAIN_MACROS = frozenset("slodiphv")
_EXPLANATION_MACROS = _DOMAIN_MACROS | frozenset("crt")

_TERM = re.compile(r"[^ ]+")
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=")
_MECHANISM = re.compile(r"([+?~-]?)([^:/=]*)")
_DUAL_CIDR = re.compile(r"(?:/([0-9]+))?(?://([0-9]+))?$")
_CIDR = re.compile(r"/([0-9]+)$")
_MACRO = re.compile(
    r"%(?:\{(?P<letter>[A-Za-z])(?P<digits>[0-9]*)(?P<reverse>[rR]?)(?P<delimiters>[-.+,/_=]*)\}"
    r"|(?P<escape>[%_-]))"
)
_LITERAL = re.compile(r"[\x21-\x24\x26-\x7e]+")
_LITERAL_OR_BLANK = re.compile(r"[\x20-\x24\x26-\x7e]+")
_LABEL = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?")


class Problem(NamedTuple):
    """A syntax error; any one makes the result permerror for everybody (RFC 7208 4.6)."""

    start: int
    end: int
    """Offsets in the record."""
    message: str


class Macro(NamedTuple):
    """``%{letter digits r delimiters}`` (RFC 7208 7.1)."""

    letter: str
    """In lower case."""
    parts: int
    """How many right-hand parts to keep; 0: all."""
    reverse: bool
    delimiters: str
    escape: bool
    """Written in upper case: the value is URL-escaped."""


MacroString = tuple["str | Macro", ...]
"""Literal text, and macros to expand."""


class Mechanism(NamedTuple):
    """A directive: a mechanism with its qualifier."""

    text: str
    start: int
    qualifier: str
    """``+``, ``-``, ``~`` or ``?``."""
    name: str
    """In lower case."""
    domain: MacroString | None = None
    """None: the current domain."""
    network: IPv4Network | IPv6Network | None = None
    """Of ip4 and ip6."""
    prefix4: int = 32
    prefix6: int = 128


class Modifier(NamedTuple):
    """``name=value``."""

    text: str
    start: int
    name: str
    """In lower case."""
    value: MacroString


class Record(NamedTuple):
    """An SPF record; what is malformed is missing from the terms and among the problems."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    modifiers: tuple[Modifier, ...]
    problems: tuple[Problem, ...]

    def modifier(self, name: str) -> Modifier | None:
        return next((modifier for modifier in self.modifiers if modifier.name == name), None)


class _TermError(Exception):
    def __init__(self, start: int, end: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(start, end, message)


def parse_record(text: str) -> Record:
    """Read the terms of *text*, which :func:`maillint.dns.spf.is_spf` accepts."""
    mechanisms: list[Mechanism] = []
    modifiers: list[Modifier] = []
    problems: list[Problem] = []
    for found in _TERM.finditer(text, len(VERSION)):
        try:
            if _MODIFIER.match(found[0]):
                modifiers.append(_modifier(found[0], found.start(), modifiers))
            else:
                mechanisms.append(_mechanism(found[0], found.start()))
        except _TermError as error:
            problems.append(error.problem)
    return Record(text, tuple(mechanisms), tuple(modifiers), tuple(problems))


def parse_explanation(text: str) -> MacroString | None:
    """The text of an explanation (RFC 7208 6.2); None when it is malformed."""
    try:
        return _macro_string(text, 0, _EXPLANATION_MACROS, _LITERAL_OR_BLANK)
    except _TermError:
        return None


def _modifier(text: str, start: int, before: list[Modifier]) -> Modifier:
    name, _, value = text.partition("=")
    name = name.lower()
    at = start + len(name) + 1
    if name not in ("redirect", "exp"):
        return Modifier(text, start, name, _macro_string(value, at, _DOMAIN_MACROS, _LITERAL))
    if any(modifier.name == name for modifier in before):
        raise _TermError(start, start + len(text), f"`{name}=` may stand in a record only once")
    return Modifier(text, start, name, _domain(value, at, f"{name}="))


def _mechanism(text: str, start: int) -> Mechanism:
    found = _MECHANISM.match(text)
    assert found is not None
    qualifier, name, rest = found[1] or "+", found[2].lower(), text[found.end() :]
    at = start + found.end()
    end = start + len(text)
    if name not in _MECHANISMS:
        raise _TermError(start, end, _unknown(text, name, rest))
    mechanism = Mechanism(text, start, qualifier, name)
    if name in ("ip4", "ip6"):
        return mechanism._replace(network=_network(name, rest, at))
    if name == "all":
        if rest:
            raise _TermError(at, end, "nothing may follow `all` in its term")
        return mechanism
    if name in ("a", "mx"):
        cidr = _DUAL_CIDR.search(rest)
        assert cidr is not None
        prefix4, prefix6 = (_prefix(cidr, group, at, limit) for group, limit in ((1, 32), (2, 128)))
        mechanism = mechanism._replace(prefix4=prefix4, prefix6=prefix6)
        rest = rest[: cidr.start()]
    if rest.startswith(":"):
        return mechanism._replace(domain=_domain(rest[1:], at + 1, f"{name}:"))
    if rest:
        raise _TermError(at, end, f"`{rest}` may not follow `{name}`")
    if name in ("include", "exists"):
        raise _TermError(start, end, f"`{name}` needs a domain: `{name}:DOMAIN`")
    return mechanism


def _unknown(text: str, name: str, rest: str) -> str:
    if name in ("redirect", "exp"):
        return f"`{name}` is a modifier: write `{name}=DOMAIN`"
    if rest.startswith("="):
        return f"`{text[: -len(rest)]}` is not the name of a modifier"
    near = _SLIPS.get(name) or nearest(name, _MECHANISMS)
    return f"there is no mechanism `{name}`" + (f"; did you mean `{near}`?" if near else "")


def _network(name: str, rest: str, at: int) -> IPv4Network | IPv6Network:
    version, limit = (4, 32) if name == "ip4" else (6, 128)
    end = at + len(rest)
    if not rest.startswith(":"):
        raise _TermError(at, end, f"`{name}` needs an address: `{name}:ADDRESS`")
    cidr = _CIDR.search(rest)
    digits = rest[1 : cidr.start()] if cidr is not None else rest[1:]
    prefix = _prefix(cidr, 1, at, limit) if cidr is not None else limit
    try:
        address = ip_address(digits)
    except ValueError:
        address = None
    if address is None or address.version != version or "%" in digits:
        other = f"; that is for `ip{address.version}:`" if address and address.version != version else ""
        raise _TermError(at + 1, at + 1 + len(digits), f"`{digits}` is not an IPv{version} address{other}")
    return ip_network(f"{digits}/{prefix}", strict=False)


def _prefix(found: re.Match[str], group: int, at: int, limit: int) -> int:
    """The length in a CIDR suffix, from 0 to *limit*, without leading zeros."""
    digits = found[group]
    if digits is None:
        return limit
    if (digits.startswith("0") and digits != "0") or len(digits) > 3 or int(digits) > limit:
        raise _TermError(
            at + found.start(group), at + found.end(group), f"the prefix length must be from 0 to {limit}"
        )
    return int(digits)


def _domain(text: str, at: int, after: str) -> MacroString:
    """A domain-spec: a macro-string that ends in a top-level label or in a macro."""
    if not text:
        raise _TermError(at, at, f"a domain must follow `{after}`")
    parts = _macro_string(text, at, _DOMAIN_MACROS, _LITERAL)
    last = parts[-1]
    if text.endswith(("%%", "%_", "%-")) or not isinstance(last, str):
        return parts
    _, dot, top = last.removesuffix(".").rpartition(".")
    if not dot or not _LABEL.fullmatch(top) or top.isdigit():
        raise _TermError(at, at + len(text), f"`{text}` is not a domain name with a top-level domain")
    return parts


def _macro_string(text: str, at: int, letters: frozenset[str], literal: re.Pattern[str]) -> MacroString:
    parts: list[str | Macro] = []
    offset = 0
    while offset < len(text):
        found = literal.match(text, offset) or _MACRO.match(text, offset)
        if found is None:
            raise _TermError(at + offset, at + offset + 1, _bad_character(text, offset))
        if found.re is literal:
            _add(parts, found[0])
        elif found["escape"]:
            _add(parts, {"%": "%", "_": " ", "-": "%20"}[found["escape"]])
        else:
            parts.append(_macro(found, at, letters))
        offset = found.end()
    return tuple(parts)


def _add(parts: list[str | Macro], text: str) -> None:
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _macro(found: re.Match[str], at: int, letters: frozenset[str]) -> Macro:
    letter, digits = found["letter"], found["digits"]
    if letter.lower() not in letters:
        raise _TermError(at + found.start(), at + found.end(), f"there is no macro `{letter}` here")
    significant = digits.lstrip("0")
    if digits and not significant:
        raise _TermError(at + found.start(), at + found.end(), "a macro cannot keep 0 parts")
    return Macro(
        letter.lower(),
        int(significant[:9] or 0),
        bool(found["reverse"]),
        found["delimiters"] or ".",
        letter.isupper(),
    )


def _bad_character(text: str, offset: int) -> str:
    character = text[offset]
    if character == "%":
        return "a `%` must begin a macro such as `%{d}`, or be written `%%`"
    if character.isascii():
        return f"the control character \\x{ord(character):02x} may not stand in a record"
    return "only ASCII characters may stand in a record"
