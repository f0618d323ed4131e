"""What Postfix makes of its TLS settings: levels, lists of protocols and ciphers, policies.

The readings are those of tls/tls_misc.c, tls/tls_dane.c, smtp/smtp_tls_policy.c, smtpd/smtpd.c and
smtp/smtp.c. Offsets are those of the text that a function is given. Nothing is judged here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import COMMA_SPACE, ListItem, open_group, split_list

from . import catalogue, typed
from .endpoints import name_value
from .version import Version

if TYPE_CHECKING:
    from .configuration import View

FIRST_WITH_PROTOCOL_BOUNDS = Version("3.6")
"""The first release that reads ``>=TLSv1.2`` and ``<=TLSv1.2``."""
FIRST_WITH_CHAIN_FILES = Version("3.4")
FIRST_WITH_NUMBERED_DIGESTS = Version("3.6")
"""The first release that reads the digests of DANE as ``NAME=NUMBER``."""
FIRST_WITHOUT_LOW_CIPHERS = Version("3.8")
"""The first release for which the grades ``export`` and ``low`` mean ``medium``."""
FIRST_WITH_POLICY_GROUPS = Version("3.10")
"""The first release whose policies may have attributes ``{ NAME = VALUE }``."""

NONE, MAY, ENCRYPT, FINGERPRINT, DANE, DANE_ONLY, VERIFY, SECURE = LEVELS = (
    "none", "may", "encrypt", "fingerprint", "dane", "dane-only", "verify", "secure",
)  # fmt: skip
"""The security levels, the weakest first (tls/tls.h)."""

CLIENTS = ("smtp", "lmtp")
"""The clients, by the prefix of their parameters."""

_SEPARATORS = COMMA_SPACE + ":"
_BOUNDS = (">=", "<=")
_BOUND_NAMES = ("none", "sslv3", "tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3")
_BOUND_NUMBER = r"[ \t\n\v\f\r]*[+-]?(0[xX])?[0-9A-Fa-f]{0,8}"


# --- levels ----------------------------------------------------------------------------------------------


def server_level(view: View) -> str | None:
    """What smtpd(8) does in *view*: NONE, MAY or ENCRYPT; None: unknown, or it does not start."""
    wrapped = view.boolean("smtpd_tls_wrappermode")
    if wrapped:
        return ENCRYPT
    level = view.value("smtpd_tls_security_level").text
    if level is None or wrapped is None:
        return None
    if level:
        level = level.lower()
        if level in (NONE, MAY):
            return level
        return ENCRYPT if level in (ENCRYPT, FINGERPRINT, VERIFY, SECURE) else None
    return _level_of_old_switches(view, "smtpd", ENCRYPT)


def client_level(view: View, client: str) -> str | None:
    """The level of *client*, of :data:`CLIENTS`, where no policy says otherwise; None: unknown."""
    level = view.value(f"{client}_tls_security_level").text
    if level is None:
        return None
    if level:
        return level.lower() if level.lower() in LEVELS else None
    by_name = view.boolean(f"{client}_tls_enforce_peername")
    return _level_of_old_switches(view, client, ENCRYPT if by_name is False else VERIFY)


def _level_of_old_switches(view: View, prefix: str, enforced: str) -> str | None:
    """What ``*_enforce_tls`` and ``*_use_tls`` stand for where there is no level."""
    enforce, use = view.boolean(f"{prefix}_enforce_tls"), view.boolean(f"{prefix}_use_tls")
    if enforce:
        return enforced
    if enforce is None or use is None:
        return None
    return MAY if use else NONE


def has_policies(view: View, client: str) -> bool:
    """Whether a table may give destinations levels of their own."""
    return any(view.value(f"{client}_tls_{table}").text != "" for table in ("policy_maps", "per_site"))


PUBLIC_AUTHORITIES = frozenset(
    {
        "/etc/pki/tls/cert.pem",
        "/etc/pki/tls/certs",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/etc/ssl/certs",
        "/etc/ssl/certs/ca-bundle.crt",
        "/etc/ssl/certs/ca-certificates.crt",
        "/usr/local/share/certs/ca-root-nss.crt",
    }
)
"""Where systems keep the authorities of the whole Internet; a path of a directory without a slash behind."""


def has_authorities(view: View, program: str) -> bool | None:
    """Whether *program* knows certification authorities, by which it could verify others; None: unknown.

    ``tls_append_default_CA`` adds to those of the two parameters and is nothing by itself
    (tls/tls_certkey.c tls_set_ca_certificate_info()).
    """
    texts = [view.value(f"{program}_tls_{kind}").text for kind in ("CAfile", "CApath")]
    return True if any(texts) else None if None in texts else False


PACKETS, SESSIONS = 3, 4
"""The log levels that dump the negotiation, and all that follows it."""
_LOG_LEVELS = {"none": 0, "routine": 1, "debug": 2, "ssl-expert": PACKETS, "ssl-developer": SESSIONS}
_LOG_WORDS = {
    "verbose": 2, "cache": 2, "ssl-debug": 2,
    "ssl-handshake-packet-dump": PACKETS, "ssl-session-packet-dump": SESSIONS,
}  # fmt: skip


def log_level(text: str) -> int:
    """The level, 0 to 4, to which what ``*_tls_loglevel`` asks for comes nearest (tls/tls_misc.c)."""
    words = text.lower().replace(",", " ").split()
    return max((min(int(word), SESSIONS) if word.isdecimal() else _level(word) for word in words), default=0)


def _level(word: str) -> int:
    return _LOG_LEVELS.get(word, _LOG_WORDS.get(word, 1))


def has_server_certificate(view: View) -> bool | None:
    """Whether smtpd(8) is told of a certificate; None: unknown."""
    texts = [view.value(f"smtpd_tls_{kind}_file").text for kind in ("cert", "eccert", "dcert")]
    if view.configuration.version.has(FIRST_WITH_CHAIN_FILES):
        texts.append(view.value("smtpd_tls_chain_files").text)
    if texts[0] is not None and texts[0].lower() == "none":
        texts[0] = ""
    return True if any(texts) else None if None in texts else False


# --- lists -----------------------------------------------------------------------------------------------

NOT_A_PROTOCOL = "not-a-protocol"
TOO_NEW = "too-new"
"""``>=`` or ``<=``, which this version does not know."""


class ProtocolProblem(NamedTuple):
    """A word in a list of protocols for which Postfix refuses all of the list."""

    kind: str
    item: ListItem
    name: str
    """The word without ``!``, ``>=`` or ``<=``."""


def protocol_problems(text: str, version: Version) -> list[ProtocolProblem]:
    """What is wrong in a list of protocols such as ``!SSLv2, !SSLv3`` or ``>=TLSv1.2``."""
    return [
        problem
        for item in split_list(text, braces=False, separators=_SEPARATORS)
        if (problem := _protocol_problem(item, version)) is not None
    ]


class Protocols(NamedTuple):
    """What a list of protocols comes down to."""

    used: tuple[str, ...]
    """The protocols of which a session may have one, out of :data:`USABLE_PROTOCOLS`."""
    included: tuple[ListItem, ...]
    """The words without ``!``, ``>=`` or ``<=``: where there is one, they exclude all others."""
    excluded: tuple[ListItem, ...]
    """The words with ``!``."""


USABLE_PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
"""The protocols that some OpenSSL in use has, the oldest first."""
_NUMBERS = (0x300, 0x301, 0x302, 0x303, 0x304)
"""Their numbers in a bound."""


def protocols(text: str, version: Version, *, client: bool) -> Protocols | None:
    """The meaning of a list of protocols (tls_proto_mask_lims()); None: it is refused.

    A *client* offers a range: a protocol that is left out, amid others, takes with it all above
    (postconf(5) smtp_tls_protocols). SSLv3, which hardly an OpenSSL has, does not count there.
    """
    if protocol_problems(text, version):
        return None
    items = split_list(text, braces=False, separators=_SEPARATORS)
    least, most = 0, 0
    for item in items:
        if item.text.startswith(">="):
            least = _bound(item.text[2:])
        elif item.text.startswith("<="):
            most = _bound(item.text[2:])
    included = tuple(item for item in items if item.text[0] not in "!<>")
    excluded = tuple(item for item in items if item.text[0] == "!")
    names = {item.text.lower() for item in included}
    without = {item.text[1:].lower() for item in excluded}
    used = [
        name
        for name, number in zip(USABLE_PROTOCOLS, _NUMBERS, strict=True)
        if (not names or name.lower() in names)
        and name.lower() not in without
        and number >= least
        and (not most or number <= most)
    ]
    return Protocols(tuple(_lowest_range(used) if client else used), included, excluded)


def _bound(text: str) -> int:
    """The number of a protocol in a bound; 0: no bound."""
    name = text.lower()
    if name == "none":
        return 0
    if name in _BOUND_NAMES:
        return _NUMBERS[_BOUND_NAMES.index(name) - 1]
    return int(re.sub(r"^\s*[+-]?(0x)?", "", name) or "0", 16)


def _lowest_range(used: list[str]) -> list[str]:
    """The protocols without those above a gap."""
    places = [USABLE_PROTOCOLS.index(name) for name in used if name != "SSLv3"]
    gap = next((at for at, place in enumerate(places) if place != places[0] + at), None)
    return used if gap is None else used[: gap + used.count("SSLv3")]


def protocol_names(version: Version) -> tuple[str, ...]:
    """The names of protocols that *version* knows."""
    return catalogue.enumeration("tls-protocol-names").words_in(version)


def _protocol_problem(item: ListItem, version: Version) -> ProtocolProblem | None:
    word = item.text
    if word.startswith(_BOUNDS):
        if not version.has(FIRST_WITH_PROTOCOL_BOUNDS):
            return ProtocolProblem(TOO_NEW, item, word[2:])
        known = word[2:].lower() in _BOUND_NAMES or re.fullmatch(_BOUND_NUMBER, word[2:])
        return None if known else ProtocolProblem(NOT_A_PROTOCOL, item, word[2:])
    name = word.removeprefix("!")
    names = {known.lower() for known in protocol_names(version)}
    return None if name.lower() in names else ProtocolProblem(NOT_A_PROTOCOL, item, name)


def cipher_exclusion_problems(text: str) -> list[ListItem]:
    """The words in a list of excluded ciphers that begin with an operator, for which TLS fails."""
    return [item for item in excluded_ciphers(text) if item.text[0] in "!+-@"]


def excluded_ciphers(text: str) -> list[ListItem]:
    """The words in a list of excluded ciphers."""
    return split_list(text, braces=False, separators=_SEPARATORS)


_DIGEST = (
    r"(?i)(?:(?:rsa|dsa|ecdsa|ssl3|id)-.*|.*with.*"
    r"|md[245]|md5-sha1|mdc-?2|ripemd(?:-?160)?|rmd160|whirlpool|sm3|null"
    r"|sha-?(?:1|224|256|384|512|512[-/](?:224|256))|sha2-(?:224|256|384|512|512/(?:224|256))"
    r"|sha3-(?:224|256|384|512)|shake-?(?:128|256)|keccak-.*|blake2[bs].*|gost.*|streebog.*"
    r"|[0-9]+(?:\.[0-9]+)+)"
)
DIGESTS = ("md5", "sha1", "sha256", "sha384", "sha512")
"""The names of digests that are in use."""


def may_be_digest(name: str) -> bool:
    """Whether some OpenSSL could know a digest of this name."""
    return re.fullmatch(_DIGEST, name) is not None


_TICKET_CIPHER = r"(?i)(?:aes|camellia|aria)-?(?:128|192|256)(?:-cbc)?|(?:sm4|seed|.*[0-9]\.[0-9]).*"


def may_be_ticket_cipher(name: str) -> bool:
    """Whether session tickets could be encrypted with it: a CBC cipher with blocks of 16 bytes."""
    return re.fullmatch(_TICKET_CIPHER, name) is not None


_FINGERPRINT = r"(?:[0-9A-Fa-f]{2}:?)*[0-9A-Fa-f]{2}"
_LONGEST_FINGERPRINT = 3 * 64


def is_fingerprint(text: str) -> bool:
    """Whether *text* is a fingerprint: hexadecimal digits, pairs of them separated by colons or nothing."""
    return len(text) <= _LONGEST_FINGERPRINT and re.fullmatch(_FINGERPRINT, text) is not None


class DigestProblem(NamedTuple):
    """A word in tls_dane_digests that Postfix skips."""

    said: str
    item: ListItem


def dane_digest_problems(text: str) -> list[DigestProblem]:
    """What is wrong in ``tls_dane_digests``, such as ``sha512 sha256`` or ``sha3-256=7``."""
    problems = []
    taken: set[int] = set()
    for item in split_list(text, braces=False):
        name, _, number = item.text.partition("=")
        said = _dane_digest_problem(name, number, taken)
        if said:
            problems.append(DigestProblem(said, item))
    return problems


def _dane_digest_problem(name: str, number: str, taken: set[int]) -> str:
    builtin = {"sha256": 1, "sha512": 2}
    code = builtin.get(name.lower())
    if number:
        if not re.fullmatch(r"[0-9]{1,5}", number) or int(number) >= 255:
            return f"Invalid matching type number in tls_dane_digests: {name}={number}"
        if int(number) == 0:
            return f"Reserved matching type number in tls_dane_digests: {name}={number}"
        for reserved, type in builtin.items():
            if int(number) == type and name and name.lower() != reserved:
                return f"tls_dane_digests: matching type {type} can only be {reserved}"
        code = int(number)
    if not name:
        return ""
    if code is None:
        return f"tls_dane_digests: digest algorithm {name} needs an explicit number"
    if code in taken:
        return f"tls_dane_digests: matching type {code} specified more than once"
    taken.add(code)
    return "" if may_be_digest(name) else f'tls_dane_digests: digest algorithm "{name}"({code}) unknown'


# --- policies --------------------------------------------------------------------------------------------

_LEVELS_OF_ATTRIBUTES = {"match": (FINGERPRINT, VERIFY, SECURE), "tafile": (VERIFY, SECURE)}
"""The attributes that only these levels have."""
_ONCE = frozenset(
    {
        "ciphers",
        "protocols",
        "servername",
        "exclude",
        "policy_ttl",
        "policy_type",
        "policy_domain",
        "policy_failure",
    }
)
_NOT_EMPTY = frozenset({"ciphers", "match", "tafile"})
_YES_OR_NO = frozenset({"connection_reuse", "enable_rpk"})
_HOST_NAMES = frozenset({"servername", "policy_domain"})


class PolicyProblem(NamedTuple):
    """Why mail for a destination is deferred when Postfix comes to its policy."""

    said: str
    """What Postfix says, in its words, behind the name of the table and of the destination."""
    start: int
    end: int


def policy_problem(text: str, version: Version) -> PolicyProblem | None:
    """What is wrong with a policy, the right-hand side of smtp_tls_policy_maps; Postfix stops at the first.

    Attributes behind the level ``none`` are ignored, with a warning, and no problem.
    """
    items = split_list(text, braces=version.has(FIRST_WITH_POLICY_GROUPS))
    if not items:
        return PolicyProblem("invalid empty policy", 0, len(text))
    level = items[0].text.lower()
    if level not in catalogue.enumeration("tls-client-level").words_in(version):
        return PolicyProblem(f'invalid security level "{items[0].text}"', items[0].start, items[0].end)
    if level == NONE:
        return None
    seen: set[str] = set()
    for item in items[1:]:
        said = _attribute_problem(item.text, level, seen, version)
        if said:
            return PolicyProblem(said, item.start, item.end)
    return None


def _attribute_problem(text: str, level: str, seen: set[str], version: Version) -> str:
    error = ""
    if text.startswith("{") and version.has(FIRST_WITH_POLICY_GROUPS):
        group = open_group(text)
        text, error = group.payload, group.error
    attribute = name_value(text)
    error = error or attribute.error
    if error:
        return f'malformed attribute/value pair "{text}": {error}'
    written, value = attribute.name, attribute.value
    name = written.lower()
    if name not in catalogue.enumeration("tls-policy-attributes").words_in(version):
        return f'invalid attribute name: "{written}"'
    if level not in _LEVELS_OF_ATTRIBUTES.get(name, LEVELS):
        return f'attribute "{written}" invalid at security level "{level}"'
    if name in _NOT_EMPTY and not value:
        return f'attribute "{written}" has empty value'
    if name in _ONCE and name in seen:
        return f'attribute "{written}" is specified multiple times'
    seen.add(name)
    return _attribute_value_problem(written, value, version)


def _attribute_value_problem(written: str, value: str, version: Version) -> str:
    name = written.lower()
    if name in _YES_OR_NO and typed.boolean(value) is None:
        return f'attribute "{written}" has bad value: "{value}"'
    if name in _HOST_NAMES and not typed.is_hostname(value):
        if name == "servername":
            return f'"{written}={value}" specifies an invalid hostname'
        return f'attribute "{written}" has a malformed value: "{value}"'
    if name == "policy_ttl" and not re.fullmatch("[0-9]+", value):
        return f'attribute "{written}" has a malformed value: "{value}"'
    if name == "protocols" and protocol_problems(value, version):
        return f'Invalid TLS protocol list "{value}"'
    if name == "ciphers" and typed.unknown_words(catalogue.enumeration("cipher-grade"), value, version):
        return f'invalid cipher grade: "{value}"'
    if name == "exclude" and cipher_exclusion_problems(value):
        return f"invalid unary '!+-@' in cipher exclusion: {cipher_exclusion_problems(value)[0].text}"
    return ""
