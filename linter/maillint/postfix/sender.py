"""Who mail that leaves this host says it is from: the sending identities.

Three kinds of mail leave a host: that of its programs, which hand it to sendmail(1), that of users who log in
to submit it, and that from domains which the configuration names. Each :class:`Identity` has the domain in
the envelope and in the header ``From``, the way out, the name and the addresses that receivers see, and who
may sign. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .route import (
    DIRECT,
    NOWHERE,
    RELAY,
    UNKNOWN,
    Greeting,
    Route,
    Source,
    client_view,
    default_route,
    greeting,
    joined,
    route_of,
    sources,
    steps_to,
)
from .services import cleanup_view, pickup_view, rewriting_view, views_of

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    from .configuration import Configuration, View

__all__ = [
    "DIRECT", "HOSTED", "NOWHERE", "PROGRAMS", "RELAY", "UNKNOWN", "USERS",
    "Greeting", "Identity", "Route", "Sender", "Signer", "Source",
    "default_route", "identities", "program_sender", "sender_mapping", "signers",
]  # fmt: skip

PROGRAMS = "programs"
"""Mail that programs hand to sendmail(1): PHP, cron, monitoring."""
USERS = "users"
"""Mail of users who log in, from addresses that ``smtpd_sender_login_maps`` gives them."""
HOSTED = "hosted"
"""Mail from a domain that the configuration names, as users who log in, or clients, may send it."""

_ENVELOPE = "envelope_sender"
_HEADER = "header_sender"

_LOGIN_MAPS = "smtpd_sender_login_maps"
_BY_SENDER = ("sender_dependent_default_transport_maps", "sender_dependent_relayhost_maps")
_HOSTED_LISTS = ("virtual_mailbox_domains", "virtual_alias_domains")


class Sender(NamedTuple):
    """The domain of a sender."""

    domain: str | None
    """In lower case; None: not known."""
    unknown: str
    """Why it is not known."""
    steps: tuple[str, ...]
    """What leads to it, for a message, such as ```myorigin = $mydomain```; the deciding step first."""
    settings: tuple[Setting, ...]
    """The same, as far as they stand in a file."""
    parameter: str
    """The parameter that decides."""


class Signer(NamedTuple):
    """A parameter that passes the mail through software that may sign it (DKIM)."""

    parameter: str
    value: str
    setting: Setting | None


class Identity(NamedTuple):
    """One kind of mail, as receivers come to see it."""

    kind: str
    """PROGRAMS, USERS or HOSTED."""
    services: tuple[str, ...]
    """The services in master.cf that take it."""
    envelope: Sender
    """The domain in MAIL FROM, which SPF is about."""
    header: Sender
    """The domain in ``From``, which DMARC is about, where the program or user gives none itself."""
    route: Route
    client: View
    """What the smtp(8) client sees that delivers it."""
    greeting: Greeting
    sources: tuple[Source, ...]
    """The addresses that it leaves from; empty: nothing in the configuration says so."""
    signers: tuple[Signer, ...]


def identities(config: Configuration) -> tuple[Identity, ...]:
    """The identities of mail that leaves this host, those of programs first; each domain of a kind once.

    A domain that is HOSTED and that USERS have comes as the latter.
    """
    known: tuple[Identity, ...] | None = config.memo.get("identities")
    if known is None:
        known = config.memo["identities"] = _identities(config)
    return known


def _identities(config: Configuration) -> tuple[Identity, ...]:
    found: dict[tuple[str, str | None], Identity] = {}
    for identity in (*_programs(config), *_users(config), *_hosted(config)):
        key = identity.kind, identity.envelope.domain
        same = found.get(key)
        if identity.kind == HOSTED and (USERS, identity.envelope.domain) in found:
            continue
        if same is not None:
            identity = same._replace(services=tuple(dict.fromkeys((*same.services, *identity.services))))
        found[key] = identity
    return tuple(found.values())


def _identity(config: Configuration, kind: str, takers: tuple[View, ...], *senders: Sender) -> Identity:
    """*takers*: the services that accept the mail. *senders*: those of the envelope and of the header."""
    envelope, header = senders
    route = default_route(config) if envelope.domain is None else route_of(config, envelope.domain)
    client = client_view(config, route)
    milters = "non_smtpd_milters" if kind == PROGRAMS else "smtpd_milters"
    return Identity(
        kind,
        tuple(view.id for view in takers if view.id),
        envelope,
        header,
        route,
        client,
        greeting(client),
        sources(config, client),
        tuple(dict.fromkeys(signer for view in takers for signer in _signers(config, view, milters))),
    )


# --- programs --------------------------------------------------------------------------------------------


def _programs(config: Configuration) -> Iterator[Identity]:
    envelope = program_sender(config)
    if envelope is not None:
        header = _program_sender(config, _HEADER)
        yield _identity(config, PROGRAMS, (pickup_view(config),), envelope, header)


def program_sender(config: Configuration) -> Sender | None:
    """The envelope domain of mail from programs; None when this Postfix takes none from them.

    A sender without a domain, which is what programs give, gets ``@$myorigin``
    (trivial-rewrite/rewrite.c); then the address mappings of cleanup(8) and smtp(8) apply.
    """
    if config.master is not None and not any(view.daemon == "pickup" for view in config.views):
        return None
    return _program_sender(config, _ENVELOPE)


def _program_sender(config: Configuration, part: str) -> Sender:
    origin = _origin(config)
    if origin.domain is None:
        return origin
    mapped = _mapping(config, part)
    if mapped is not None:
        parameter, setting = mapped
        return origin._replace(
            domain=None,
            unknown=f"`{parameter}` may give senders another domain",
            settings=joined((setting,), origin.settings),
            parameter=parameter,
        )
    return _masqueraded(config, origin, part)


def _origin(config: Configuration) -> Sender:
    view = rewriting_view(config.main_view)
    value = view.value("myorigin")
    sender = Sender(value.text, value.unknown, *steps_to(view, "myorigin"), "myorigin")
    if sender.domain is None:
        return sender
    if not sender.domain:
        return sender._replace(domain=None, unknown="Postfix does not start with an empty `myorigin`")
    if sender.domain.startswith("/"):
        return sender._replace(
            domain=None, unknown=f"Debian's Postfix takes `myorigin` from the file `{sender.domain}`"
        )
    if "." not in sender.domain:
        sender = _completed(view, sender)
    return sender._replace(domain=sender.domain and sender.domain.removesuffix(".").lower())


def _completed(view: View, sender: Sender) -> Sender:
    """*sender* with a domain of one label, after ``append_dot_mydomain``."""
    append = view.boolean("append_dot_mydomain")
    if append is None:
        return sender._replace(domain=None, unknown=view.value("append_dot_mydomain").unknown)
    if not append:
        return sender
    own = view.value("mydomain")
    steps, settings = steps_to(view, "mydomain")
    return sender._replace(
        domain=f"{sender.domain}.{own.text}" if own.text is not None else None,
        unknown=own.unknown,
        steps=sender.steps + steps,
        settings=joined(sender.settings, settings),
    )


def sender_mapping(config: Configuration) -> tuple[str, Setting | None] | None:
    """A table that may rewrite envelope senders: its parameter and where that is set."""
    return _mapping(config, _ENVELOPE)


def _mapping(config: Configuration, part: str) -> tuple[str, Setting | None] | None:
    """The same for *part*: _ENVELOPE or _HEADER."""
    cleanup = cleanup_view(pickup_view(config))
    client = client_view(config, default_route(config))
    candidates = [(client, "smtp_generic_maps")]
    for maps, classes in (
        ("sender_canonical_maps", "sender_canonical_classes"),
        ("canonical_maps", "canonical_classes"),
    ):
        if any(item.text == part or not item.known for item in cleanup.items(classes)):
            candidates.append((cleanup, maps))
    for view, maps in candidates:
        if view.value(maps).text != "":
            return maps, view.setting(maps)
    return None


def _masqueraded(config: Configuration, origin: Sender, part: str) -> Sender:
    """What ``masquerade_domains`` makes of the domain (cleanup/cleanup_masquerade.c).

    Users in ``masquerade_exceptions`` keep the domain that they have.
    """
    assert origin.domain is not None
    view = cleanup_view(pickup_view(config))
    items = view.items("masquerade_domains")
    if not items or not any(item.text == part for item in view.items("masquerade_classes")):
        return origin
    setting = view.setting("masquerade_domains")
    if not all(item.known for item in items):
        return origin._replace(
            domain=None,
            unknown=view.value("masquerade_domains").unknown,
            settings=joined((setting,), origin.settings),
            parameter="masquerade_domains",
        )
    for item in items:
        bare = item.text.lstrip("!").lower()
        if not bare:
            continue
        if bare == origin.domain:
            break
        if origin.domain.endswith(f".{bare}"):
            if (len(item.text) - len(bare)) % 2:
                break
            steps, settings = steps_to(view, "masquerade_domains")
            return origin._replace(
                domain=bare,
                steps=steps + origin.steps,
                settings=joined(settings, origin.settings),
                parameter="masquerade_domains",
            )
    return origin


# --- users and hosted domains ----------------------------------------------------------------------------


def _users(config: Configuration) -> Iterator[Identity]:
    """One for each domain that users own; one without a domain where they may send as anybody."""
    for view in _servers_with_logins(config):
        domains = list(dict.fromkeys(_domains_in_tables(view, _LOGIN_MAPS)))
        for domain in domains:
            sender = _named(view, _LOGIN_MAPS, domain)
            yield _identity(config, USERS, (view,), sender, sender)
        if not domains:
            sender = _of_users(view)
            yield _identity(config, USERS, (view,), sender, sender)


def _of_users(view: View) -> Sender:
    setting = view.setting(_LOGIN_MAPS)
    if view.value(_LOGIN_MAPS).text == "":
        unknown = f"users name their senders themselves (`{_LOGIN_MAPS}` not set)"
    else:
        unknown = f"the senders that users may have are in `{_LOGIN_MAPS}`, which gives no list of them here"
    return Sender(None, unknown, steps_to(view, _LOGIN_MAPS)[0], joined((setting,)), _LOGIN_MAPS)


def _hosted(config: Configuration) -> Iterator[Identity]:
    """The domains that are hosted where users can log in, and those whose mail has a way of its own."""
    takers = tuple(_servers_with_logins(config))
    view = rewriting_view(config.main_view)
    for parameter, domain in (
        *(_hosted_domains(view) if takers else ()),
        *((name, domain) for name in _BY_SENDER for domain in _domains_in_tables(view, name)),
    ):
        sender = _named(view, parameter, domain)
        yield _identity(config, HOSTED, takers, sender, sender)


def _hosted_domains(view: View) -> Iterator[tuple[str, str]]:
    from .address_class import listed_domains
    from .own_names import foreign_destinations

    for item in foreign_destinations(view):
        if item.known and _is_domain(item.text):
            yield "mydestination", item.text.lower()
    for parameter in _HOSTED_LISTS:
        for domain in listed_domains(view, parameter):
            if _is_domain(domain):
                yield parameter, domain


def _domains_in_tables(view: View, parameter: str) -> Iterator[str]:
    """The domains of addresses, and ``@domain``, that are keys of the tables."""
    items = view.items(parameter)
    if not items:
        return
    from .table_lookup import open_table

    for item in items:
        for key in open_table(item.text, view).all_keys():
            _, at, domain = key.rpartition("@")
            if at and _is_domain(domain):
                yield domain


def _is_domain(text: str) -> bool:
    from .typed import is_hostname

    return "." in text and is_hostname(text) and not text.rpartition(".")[2].isdecimal()


def _named(view: View, parameter: str, domain: str) -> Sender:
    return Sender(domain, "", *steps_to(view, parameter), parameter)


def _servers_with_logins(config: Configuration) -> Iterator[View]:
    for view in views_of(config, "smtpd"):
        if view.boolean("smtpd_sasl_auth_enable"):
            yield view


# --- signers ---------------------------------------------------------------------------------------------


def signers(config: Configuration) -> tuple[str, ...]:
    """The parameters that pass mail from programs through software that may sign it (DKIM)."""
    taker = pickup_view(config)
    return tuple(signer.parameter for signer in _signers(config, taker, "non_smtpd_milters"))


def _signers(config: Configuration, taker: View, milters: str) -> Iterator[Signer]:
    """*taker*: pickup(8) with ``non_smtpd_milters``, or an smtpd(8) with ``smtpd_milters``."""
    asks = cleanup_view(taker) if milters == "non_smtpd_milters" else taker
    for view, name in ((asks, milters), (taker, "content_filter")):
        value = view.value(name)
        if value.text != "":
            yield Signer(name, value.partial, value.setting)
