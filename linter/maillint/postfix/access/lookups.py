"""Words that look something up in an access table, or ask a policy server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from maillint.addresses import packed
from maillint.record import NamedTuple

from .. import access_result
from ..access_result import NEVER_PERMITS, AccessResult, result_problem, skipped_because
from ..address_class import Class, without_extension
from ..domains import is_domain
from ..matching import DOMAIN, YES, in_network, matches, parent_style, parents
from ..policy_service import endpoint
from ..restrictions import table_argument
from ..table_lookup import FAILED, FOUND, MISSING, UNKNOWN, Contents, Found, open_table
from .effect import (
    DEFER_IF_PERMIT,
    DEFER_IF_REJECT,
    DISCARD,
    HANGUP,
    LIST,
    NOTHING,
    PERMANENT,
    PERMIT,
    REFUSE,
    SERVER_ERROR,
    TEMPORARY,
    Effect,
    fork,
)
from .model import CERTIFIED, FLUSHED, INSIDER, LOGGED_IN, LOOPBACK

if TYPE_CHECKING:
    from .effect import Known, Word
    from .message import Message

_NOBODY = "nobody-is-called-so"
"""A login, or the fingerprint of a certificate, that no table lists."""


def _policy(message: Message, argument: str, known: Known) -> list[Effect]:
    server = endpoint(argument).text
    said = f"the policy server {server}"
    return fork(
        server,
        "policy",
        [
            (f"{said} has nothing against it", Effect(NOTHING, "the policy server leaves it open")),
            (f"{said} refuses", Effect(REFUSE, "the policy server refuses", PERMANENT)),
            (f"{said} refuses for now", Effect(REFUSE, "the policy server refuses for now", TEMPORARY)),
            (f"{said} permits", Effect(PERMIT, "the policy server permits")),
            (f"{said} asks to come back", Effect(DEFER_IF_PERMIT, "the policy server asks to come back")),
        ],
    )


_FINGERPRINTS = ("cert_fingerprint", "pubkey_fingerprint")
"""What is looked up of a certificate, in this order (check_ccert_access)."""


class _LookUp(NamedTuple):
    """One restriction that looks something up."""

    message: Message
    known: Known
    restriction: str
    text: str
    """The table, as it is written."""
    table: Contents
    what: str
    """What is looked up, in words."""


def check(message: Message, name: str, argument: str, known: Known) -> list[Effect]:
    """A ``check_..._access``."""
    who = name.removeprefix("check_").removesuffix("_access")
    text = table_argument(argument).table
    table = open_table(text, message.view)
    if who.endswith(("_ns", "_mx", "_a")):
        return _servers(message, name, who.rpartition("_")[0], text, table, known)
    if who == "sasl":
        if message.client.kind != LOGGED_IN or not known.login or not message.has_sasl:
            return [Effect(NOTHING, "the client has not logged in")]
        return _anything(_LookUp(message, known, name, text, table, "the login"))
    if who == "ccert":
        if message.client.kind != CERTIFIED or not known.certificate:
            return [Effect(NOTHING, "the client has no certificate")]
        asked = _LookUp(message, known, name, text, table, "the certificate")
        return _certificate(asked, table_argument(argument).search_order)
    keys, what, may_be, exact = _keys(message, who, table, known)
    asked = _LookUp(message, known, name, text, table, what)
    return _found(asked, keys, () if exact else (entry for entry in table.entries() if may_be(entry.key)))


def _keys(
    message: Message, who: str, table: Contents, known: Known
) -> tuple[list[str], str, Callable[[str], bool], bool]:
    """The keys that are looked up, what they are, which other keys may be, and whether those count."""
    style = parent_style(message.view, "smtpd_access_maps")
    if who in ("client", "reverse_client_hostname"):
        client = message.client
        keys = _domain_keys(client.name, table, style) + _address_keys(client.address, table)
        return keys, "the client", lambda key: _may_be_client(message, key), client.exact
    if who == "helo":
        keys = _domain_keys(message.client.helo, table, style)
        return keys, "the HELO name", lambda key: packed(key) is None, message.client.exact
    if who == "etrn":
        keys = _domain_keys(known.etrn, table, style)
        return keys, "the domain", lambda key: _may_be_flushed(message, key), message.client.exact
    party, kind = (
        (message.sender, message.sender_class)
        if who == "sender"
        else (message.recipient, message.recipient_class)
    )
    if not party.address:
        key = message.view.value("smtpd_null_access_lookup_key").text or "<>"
        return [key], "the sender", lambda key: False, True
    keys = _mail_keys(message, party.address, table, style)
    return keys, f"the {who}", lambda key: _may_be_party(message, key, kind), party.exact


def _may_be_client(message: Message, key: str) -> bool:
    """Whether another client of the kind may have this key."""
    kind = message.client.kind
    digits = key.replace(".", "").replace(":", "").isalnum() and key[:1].isdigit()
    if kind == LOOPBACK:
        return key.startswith("127") or "localhost" in key
    if not digits or kind == INSIDER:
        return True
    address = key if packed(key) else ".".join([*key.split("."), "0", "0", "0"][:4])
    return not any(in_network(address, item.text) for item in message.view.items("mynetworks") if item.known)


def _may_be_flushed(message: Message, key: str) -> bool:
    """Whether another domain that ETRN may name may have this key."""
    domain = key.removeprefix(".")
    return matches(message.view, FLUSHED, DOMAIN, domain, otherwise=YES).answer == YES


def _may_be_party(message: Message, key: str, kind: Class) -> bool:
    """Whether an address of the kind may have this key."""
    if key == (message.view.value("smtpd_null_access_lookup_key").text or "<>"):
        return False
    domain = key.rpartition("@")[2].removeprefix(".")
    if not domain or key.startswith("/") or not is_domain(domain):
        return True
    return message.domains.of(domain).recipient == kind.recipient


def _mail_keys(message: Message, address: str, table: Contents, style: bool) -> list[str]:
    """The keys of global/mail_addr_find.c for access tables."""
    address = message.domains.qualified(address)
    user, _, domain = address.rpartition("@")
    if not table.is_fixed:
        return [address]
    bare = without_extension(message.view, user)
    keys = [address, f"{bare}@{domain}", domain, *parents(domain, style), f"{user}@", f"{bare}@"]
    return list(dict.fromkeys(keys))


def _found(asked: _LookUp, keys: list[str], others: Iterable[Found]) -> list[Effect]:
    """The effects when *keys* are looked up in turn; *others*: entries that others of the kind may have."""
    found = Found(MISSING)
    for key in keys:
        found = asked.table.find(key)
        if found.state != MISSING:
            break
    if found.state == FAILED:
        return [Effect(REFUSE, f"each look-up in {asked.text} fails", TEMPORARY)]
    if found.state == UNKNOWN:
        return _unknown(asked)
    if found.state == FOUND:
        return _with_others(asked, _result(asked, found), others)
    return _with_others(asked, Effect(NOTHING, f"{asked.text} does not list {asked.what}"), others)


def _anything(asked: _LookUp) -> list[Effect]:
    """The effects when it is not known what is looked up."""
    if not asked.table.is_known:
        return _unknown(asked)
    return _found(asked, [_NOBODY], asked.table.entries())


def _certificate(asked: _LookUp, order: tuple[str, ...]) -> list[Effect]:
    """The effects of a certificate: its fingerprint first, unless *order* says otherwise."""
    prints = dict(zip(_FINGERPRINTS, asked.message.client.certificate, strict=False))
    if not prints or not set(order) <= set(prints):
        return _anything(asked)
    effects = [Effect(NOTHING, f"{asked.text} is not asked")]
    for what in order or _FINGERPRINTS:
        effects = _found(asked, [prints[what]], ())
        if effects[0].kind != NOTHING or len(effects) > 1:
            break
    return effects


def _servers(message: Message, name: str, who: str, text: str, table: Contents, known: Known) -> list[Effect]:
    """The servers of a domain, which the DNS tells."""
    if who in ("client", "reverse_client_hostname") and message.client.name == "unknown":
        return [Effect(NOTHING, "the client has no name")]
    if who == "sender" and not message.sender.address:
        return [Effect(NOTHING, "the sender is <>")]
    what = f"a server of the {who.replace('_', ' ')}"
    asked = _LookUp(message, known, name, text, table, what)
    if not table.is_known:
        return _unknown(asked)
    return _with_others(asked, Effect(NOTHING, f"{text} does not list {what}"), table.entries())


def _with_others(asked: _LookUp, first: Effect, others: Iterable[Found]) -> list[Effect]:
    """The effect for this client or address, and those for others of the kind."""
    different: dict[tuple[str, int, str], tuple[str, Effect]] = {}
    seen = (first.kind, first.digit, first.text)
    for entry in others:
        effect = _result(asked, entry)
        key = (effect.kind, effect.digit, effect.text)
        if key != seen and effect.kind != NOTHING:
            different.setdefault(key, (f"{_place(asked.text, entry)} has {asked.what}", effect))
    if not different:
        return [first]
    return fork(asked.text, "table", [(first.why, first), *different.values()])


def _result(asked: _LookUp, found: Found) -> Effect:
    """What an entry orders."""
    view, known = asked.message.view, asked.known
    result = access_result.access_result(found.value, view.configuration.version)
    why = f"{_place(asked.text, found)} has {asked.what}: {found.value}"
    problem = result_problem(result, found.key)
    if problem is not None and problem.refuses:
        return Effect(SERVER_ERROR, why)
    stage = "" if known.sender else "smtpd_client_restrictions"
    proxied = bool(view.value("smtpd_proxy_filter").text)
    skipped = skipped_because(result, stage, delayed=known.sender, proxied=proxied)
    if skipped:
        return Effect(NOTHING, skipped)
    if result.effect == access_result.PERMIT and asked.restriction in NEVER_PERMITS:
        return Effect(SERVER_ERROR, f"{why}, which is not allowed to permit")
    return _effect(asked, result, why)


def _effect(asked: _LookUp, result: AccessResult, why: str) -> Effect:
    message = asked.message
    if result.effect == access_result.RESTRICTIONS:
        return Effect(LIST, why, text=result.text, may_permit=asked.restriction not in NEVER_PERMITS)
    if result.effect in (access_result.REJECT, access_result.DEFER):
        digit = PERMANENT if result.effect == access_result.REJECT else TEMPORARY
        if result.action:
            digit = message.digit(f"access_map_{result.action.lower()}_code")
        return Effect(REFUSE, why, digit)
    kind = _KINDS.get(result.effect, NOTHING)
    if kind in (DEFER_IF_PERMIT, DEFER_IF_REJECT):
        return Effect(kind, why, message.digit("access_map_defer_code"))
    return Effect(kind, why)


_KINDS = {
    access_result.PERMIT: PERMIT,
    access_result.DISCARD: DISCARD,
    access_result.HANGUP: HANGUP,
    access_result.DEFER_IF_PERMIT: DEFER_IF_PERMIT,
    access_result.DEFER_IF_REJECT: DEFER_IF_REJECT,
}


def _unknown(asked: _LookUp) -> list[Effect]:
    """What a table may order that cannot be read."""
    text, what = asked.text, asked.what
    nothing, refuses, for_now, permits = (
        f"{text} has nothing about {what}",
        f"{text} refuses {what}",
        f"{text} refuses {what} for now",
        f"{text} permits {what}",
    )
    is_error = asked.restriction in NEVER_PERMITS
    return fork(
        text,
        "table",
        [
            (nothing, Effect(NOTHING, nothing)),
            (refuses, Effect(REFUSE, refuses, PERMANENT)),
            (for_now, Effect(REFUSE, for_now, TEMPORARY)),
            (permits, Effect(SERVER_ERROR if is_error else PERMIT, permits)),
        ],
    )


def _domain_keys(name: str, table: Contents, style: bool) -> list[str]:
    if not table.is_fixed or packed(name) is not None:
        return [name]
    return [name, *parents(name, style)]


def _address_keys(address: str, table: Contents) -> list[str]:
    """The address and the networks that end at its dots or colons."""
    keys = [address]
    delimiter = ":" if ":" in address else "."
    while table.is_fixed and delimiter in keys[-1]:
        keys.append(keys[-1].rpartition(delimiter)[0])
    return keys


def _place(text: str, found: Found) -> str:
    return f"{text} (line {found.line})" if found.line else text


WORDS: dict[str, Word] = {
    "check_policy_service": _policy,
}
