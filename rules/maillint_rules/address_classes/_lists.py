"""What is odd in the lists of domains, so that only the rules that can say something are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix.address_class import ALIAS, FOREIGN, LOCAL, MAILBOX, Domains, address_entry
from maillint.postfix.alias_loops import crossing_loops, local_aliases
from maillint.postfix.domains import LISTS, domain_lists, holds_what_it_lists
from maillint.postfix.listening import is_send_only
from maillint.postfix.sender import DIRECT, default_route
from maillint.postfix.table_lookup import MISSING, open_table
from maillint.postfix.typed import is_hostname
from maillint.record import NamedTuple

from .._names import one_slip_apart
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Item, Value
    from maillint.postfix.domains import DomainList, Listed, ListedTable
    from maillint.postfix.table_lookup import Contents, Found
    from maillint.syntax.source import Location

DOUBLED = "doubled"
"""A domain stands in two lists."""
DOTTED = "dotted"
"""A domain ends with a dot."""
MISSPELT = "misspelt"
"""Something is nearly ``localhost``."""
NO_LOCALHOST = "no-localhost"
NO_HOSTNAME = "no-hostname"
"""The host's own name is in no list."""
NO_DOMAIN = "no-domain"
"""A table in a list has addresses only."""
UNMAPPED = "unmapped"
"""A domain for aliases has no alias."""
NO_POSTMASTER = "no-postmaster"
SHADOWED = "shadowed"
"""A catch-all takes the mail of a mailbox."""
CROSSING = "crossing"
"""A loop goes through virtual and local aliases."""
NO_ROOT = "no-root"
"""root has no alias."""

_DEFAULTS = {
    "virtual_alias_domains": "virtual_alias_maps",
    "virtual_mailbox_domains": "virtual_mailbox_maps",
}
"""The parameters that a list has its tables from where it is not set."""
_MAY_SHARE = frozenset({("mydestination", "relay_domains")})
"""The default of relay_domains was once $mydestination."""
_LOCALHOST = "localhost"
_ALIASES, _BOXES = "virtual_alias_maps", "virtual_mailbox_maps"


class Doubled(NamedTuple):
    """A domain that stands in two lists."""

    listed: Listed
    first: Listed
    """In the list that decides."""


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the lists: the words of this module."""
    return frozenset(word for word, find in _FINDERS.items() if next(find(config), None) is not None)


def usable_lists(config: Configuration) -> dict[str, DomainList]:
    """The lists of which no rule about syntax speaks."""
    return {name: found for name, found in domain_lists(config).items() if not told(found.value)}


def _domains_in(config: Configuration, parameter: str) -> tuple[Listed, ...]:
    found = usable_lists(config).get(parameter)
    return found.domains if found is not None else ()


def place(config: Configuration, parameter: str, item: Item) -> Location | None:
    """Where *item* of a list stands, or of the tables that the list has by default; None: nowhere."""
    if item.location is not None or parameter not in _DEFAULTS:
        return item.location
    items = config.main_view.items(_DEFAULTS[parameter])
    return next((own.location for own in items if own.text == item.text), None)


def doubled_domains(config: Configuration) -> Iterator[Doubled]:
    decided: dict[str, Listed] = {}
    for found in usable_lists(config).values():
        for listed in found.domains:
            first = decided.setdefault(listed.domain, listed)
            pair = (first.parameter, listed.parameter)
            if pair[0] == pair[1] or pair in _MAY_SHARE:
                continue
            if place(config, listed.parameter, listed.item) is not None:
                yield Doubled(listed, first)


def dotted_domains(config: Configuration) -> Iterator[Listed]:
    for found in usable_lists(config).values():
        for listed in found.domains:
            domain = listed.domain
            if domain.endswith(".") and is_hostname(domain[:-1]) and is_written(listed):
                yield listed


def misspelt_localhosts(config: Configuration) -> Iterator[tuple[Listed, str]]:
    """What is nearly localhost, and what was meant."""
    own = (config.main_view.value("mydomain").text or "").lower()
    names = {_LOCALHOST, f"{_LOCALHOST}.localdomain", f"{_LOCALHOST}.{own}"}
    for listed in _domains_in(config, "mydestination"):
        if not is_written(listed) or listed.domain in names or listed.domain[-1:].isdigit():
            continue
        label, _, rest = listed.domain.partition(".")
        if label == _LOCALHOST and one_slip_apart(rest, "localdomain"):
            yield listed, f"{_LOCALHOST}.localdomain"
        elif label != _LOCALHOST and one_slip_apart(label, _LOCALHOST) and rest in ("", "localdomain", own):
            yield listed, f"{_LOCALHOST}.{rest}".rstrip(".")


def is_written(listed: Listed) -> bool:
    """Whether the domain itself stands in the configuration."""
    location = listed.item.location
    return not listed.path and location is not None and location.text.lower() == listed.domain


def missing_localhost(config: Configuration) -> Iterator[DomainList]:
    """mydestination, where mail to a user at localhost leaves the host."""
    is_named = any(listed.domain == _LOCALHOST for listed in _domains_in(config, "mydestination"))
    if not is_named and _is_nowhere(config, _LOCALHOST):
        yield usable_lists(config)["mydestination"]


def missing_hostname(config: Configuration) -> Iterator[tuple[DomainList, str]]:
    """mydestination, and the name of a host that looks up who has its own mail."""
    name = (config.main_view.value("myhostname").text or "").lower()
    if not is_send_only(config) and "." in name and _is_nowhere(config, name) and _is_direct(config):
        yield usable_lists(config)["mydestination"], name


def _is_direct(config: Configuration) -> bool:
    return default_route(config).kind == DIRECT


def _is_nowhere(config: Configuration, domain: str) -> bool:
    """Whether it is certain that a host that keeps mail has neither *domain* nor an alias in it."""
    own = usable_lists(config).get("mydestination")
    if own is None or own.value.setting is None or not own.domains or not are_known(config):
        return False
    if Domains(config.main_view).of(domain).kind != FOREIGN:
        return False
    aliases = _tables(config, _ALIASES)
    return aliases is not None and not any(key.endswith(f"@{domain}") for key in _keys(aliases))


def are_known(config: Configuration) -> bool:
    """Whether all domains of all lists are known."""
    lists = usable_lists(config)
    return len(lists) == len(LISTS) and all(found.is_known for found in lists.values())


def tables_of_addresses(config: Configuration) -> Iterator[tuple[DomainList, ListedTable, str]]:
    """The tables in a list whose keys are addresses, each with a domain of these that no list has."""
    domains = Domains(config.main_view)
    for found in usable_lists(config).values():
        # By default, tables of aliases are looked into: few have domains, as few hosts need any there.
        if found.parameter == "virtual_alias_domains" and found.value.setting is None:
            continue
        for table in found.tables:
            if next(table.contents.names(), None) is not None or not are_known(config):
                continue
            for key in table.contents.all_keys():
                domain = key.rpartition("@")[2]
                if domain and domains.of(domain).kind == FOREIGN:
                    yield found, table, domain
                    break


def unmapped_domains(config: Configuration) -> Iterator[Listed]:
    """The domains for aliases of which no address exists."""
    found = usable_lists(config).get("virtual_alias_domains")
    aliases = _tables(config, _ALIASES) if found is not None and found.domains else None
    if found is None or aliases is None or _rewrites_recipients(config):
        return
    mapped = {key.rpartition("@")[2] for key in _keys(aliases)}
    domains = Domains(config.main_view)
    for listed in found.domains:
        if listed.domain not in mapped and domains.of(listed.domain).kind == ALIAS:
            yield listed


def domains_without_postmaster(config: Configuration) -> Iterator[Listed]:
    """The virtual domains that have addresses, all of which are known, but not that of the postmaster."""
    lists = [found for name, found in usable_lists(config).items() if name.startswith("virtual_")]
    if not any(found.domains for found in lists) or is_send_only(config) or _rewrites_recipients(config):
        return
    aliases, boxes = (_tables(config, name) for name in (_ALIASES, _BOXES))
    if aliases is None:
        return
    view, domains = config.main_view, Domains(config.main_view)
    populated = {key.rpartition("@")[2] for key in _keys((*aliases, *(boxes or ())))}
    has_boxes = boxes is not None and next(_keys(boxes), None) is not None
    for listed in (listed for found in lists for listed in found.domains):
        kind = domains.of(listed.domain).kind
        if listed.domain not in populated or (kind == MAILBOX and not has_boxes):
            continue
        maps = {ALIAS: (_ALIASES,), MAILBOX: (_ALIASES, _BOXES)}.get(kind, ())
        answers = [address_entry(view, name, f"postmaster@{listed.domain}", domains) for name in maps]
        if answers and all(found.state == MISSING for found in answers):
            yield listed


def shadowed_mailboxes(config: Configuration) -> Iterator[tuple[Item, Found, str]]:
    """The catch-alls, each with the table that has it and a mailbox that gets no mail because of it."""
    aliases, boxes = (_tables(config, name) for name in (_ALIASES, _BOXES))
    if not aliases or not boxes:
        return
    view, domains = config.main_view, Domains(config.main_view)
    shadows: dict[str, tuple[Found, str] | None] = {
        key: None for key in _keys(aliases) if key[:1] == "@" and domains.of(key[1:]).kind == MAILBOX
    }
    for box in _keys(boxes) if shadows else ():
        user, at, domain = box.rpartition("@")
        key = at + domain
        address = domains.qualified(box)
        if not user or shadows.get(key, True) or any(table.has(address) for table in aliases):
            continue
        found = address_entry(view, _ALIASES, box, domains)
        if found.key.lower() == key and not _reaches(found.value, box):
            shadows[key] = found, box
    for shadow in filter(None, shadows.values()):
        yield _item_with(config, _ALIASES, shadow[0]), *shadow


def aliases_without_root(config: Configuration) -> Iterator[Value]:
    """alias_maps, where all aliases are known, root has none, and the host keeps the mail for it."""
    value = config.main_view.value("alias_maps")
    aliases = local_aliases(config.main_view) if value.setting is not None and not told(value) else None
    other = _tables(config, _ALIASES)
    if not aliases or "root" in aliases or other is None or _rewrites_recipients(config):
        return
    domains = Domains(config.main_view)
    origin = config.main_view.value("myorigin").text or ""
    root = f"root@{origin}"
    if domains.of(origin).kind != LOCAL or domains.transport(root, domains.of(origin))[0] != LOCAL:
        return
    if address_entry(config.main_view, _ALIASES, root, domains).state == MISSING:
        yield value


def loops_across_tables(config: Configuration) -> Iterator[tuple[str, ...]]:
    """The loops through virtual and local aliases, where the latter are asked first."""
    view = config.main_view
    values = [view.value(name) for name in ("alias_maps", _ALIASES)]
    if all(value.setting is not None and value.text for value in values) and not any(map(told, values)):
        yield from crossing_loops(view)


def _reaches(value: str, box: str) -> bool:
    """Whether mail to *box* still goes there when *value* is its alias."""
    return not {box, f"@{box.rpartition('@')[2]}"}.isdisjoint(value.lower().replace(",", " ").split())


def _item_with(config: Configuration, parameter: str, entry: Found) -> Item:
    """The table of *parameter* that has *entry*."""
    view = config.main_view
    return next(
        item for item in view.items(parameter) if open_table(item.text, view).find(entry.key) == entry
    )


def _rewrites_recipients(config: Configuration) -> bool:
    """Whether the addresses of recipients may be others before they are looked up."""
    names = ("canonical_maps", "recipient_canonical_maps")
    return any(view.value(name).text != "" for view in config.views for name in names)


def _tables(config: Configuration, parameter: str) -> list[Contents] | None:
    """The tables of *parameter*; None: there may be other keys than theirs."""
    view = config.main_view
    value = view.value(parameter)
    if value.text is None or told(value) or any(parameter in other.overrides for other in config.views):
        return None
    tables = [open_table(item.text, view) for item in view.items(parameter)]
    return tables if all(map(holds_what_it_lists, tables)) else None


def _keys(tables: Iterable[Contents]) -> Iterator[str]:
    """The keys of *tables*, in small letters."""
    for table in tables:
        yield from table.all_keys()


_FINDERS: dict[str, Callable[[Configuration], Iterator[object]]] = {
    DOUBLED: doubled_domains,
    DOTTED: dotted_domains,
    MISSPELT: misspelt_localhosts,
    NO_LOCALHOST: missing_localhost,
    NO_HOSTNAME: missing_hostname,
    NO_DOMAIN: tables_of_addresses,
    UNMAPPED: unmapped_domains,
    NO_POSTMASTER: domains_without_postmaster,
    SHADOWED: shadowed_mailboxes,
    NO_ROOT: aliases_without_root,
    CROSSING: loops_across_tables,
}
