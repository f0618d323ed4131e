"""What a configuration shows of its host: whom it serves, where its mail goes, and who may connect.

Each fact is an :class:`Answer` with its evidence. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from maillint.addresses import LOOPBACK as OWN_ADDRESSES
from maillint.reserved import is_for_examples, reserved

from .domains import domain_lists, holds_what_it_lists
from .evidence import NO, Answer, all_of, any_of, known
from .listening import (
    LOOPBACK,
    NETWORK,
    NOBODY,
    Listener,
    interfaces_reach,
    is_for_submission,
    is_mail_exchange,
    listeners,
    mail_exchanges,
    smtp_reach,
)
from .matching import expanded
from .matchlist import NOTHING, PLAIN, TABLE, is_table, network
from .own_names import is_own_unknown, own_names
from .route import NOWHERE, RELAY, UNKNOWN, default_route
from .services import delivering_program
from .typed import is_hostname

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    from .configuration import Configuration, Item, View
    from .domains import DomainList
    from .restrictions import AccessList
    from .table_lookup import Contents

_MAILNAME = "/etc/mailname"
"""A file in which Debian has the name of the host in mail."""
_NO_MAILBOX = frozenset({"error", "discard", "smtp"})
"""The programs that put no mail to rest on this host."""

_SASL = "smtpd_sasl_auth_enable"
_PROXIED = (
    "smtpd_upstream_proxy_protocol",
    "postscreen_upstream_proxy_protocol",
    "smtpd_authorized_xclient_hosts",
)
"""Who sets one of these has a program in front of Postfix to which others connect."""
_LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions",
)
_FOR_INSIDERS = frozenset(
    {
        "permit_mynetworks",
        "permit_sasl_authenticated",
        "permit_tls_clientcerts",
        "permit_tls_all_clientcerts",
        "permit_inet_interfaces",
        "sleep",
    }
)
"""The words that let no stranger past."""
_FOR_ALL = frozenset({"permit", "permit_auth_destination", "permit_mx_backup"})

_LIST_MANAGERS = (
    "mailman", "mlmmj", "sympa", "majordomo", "schleuder", "ecartis", "ezmlm", "listserv", "smartlist",
)  # fmt: skip
_ADDRESS_TABLES = (
    "alias_maps",
    "virtual_alias_maps",
    "transport_maps",
    "relay_domains",
    "relay_recipient_maps",
    "virtual_mailbox_maps",
)
"""Where a program for mailing lists gets its mail from."""
_LEADING_ON = ("alias_maps", "transport_maps")
"""Those whose results name it."""
_TRANSPORTS = ("local_transport", "virtual_transport", "relay_transport", "mailbox_transport")


class Facts:
    """What the configuration shows, each fact worked out when it is asked for."""

    def __init__(self, config: Configuration) -> None:
        self.config = config
        self.view = config.main_view

    @cached_property
    def leaves_through_relay(self) -> Answer:
        """Mail for the rest of the world goes through another host of the administrator's choice."""
        route = default_route(self.config)
        if self.view.value("relayhost").undefined:
            return known(None, "`relayhost` names something that is not defined", route.setting)
        if route.kind == RELAY:
            return known(True, f"mail leaves through `{route.nexthop}`", route.setting)
        if route.kind == UNKNOWN:
            return known(None, f"the way out is not known: {route.reason}", route.setting)
        if route.kind == NOWHERE:
            return known(False, "no mail leaves the host", route.setting)
        return known(False, "mail is delivered to its destinations without a relay")

    @cached_property
    def sends(self) -> Answer:
        """Mail leaves the host at all."""
        route = default_route(self.config)
        return known(route.kind != NOWHERE, "mail for other hosts leaves", route.setting)

    @cached_property
    def unreachable(self) -> Answer:
        """No other host can hand in mail."""
        reach, interfaces = smtp_reach(self.config), self.view.setting("inet_interfaces")
        if reach == NOBODY:
            return known(True, "master.cf starts no SMTP server")
        if reach == LOOPBACK:
            source = interfaces if interfaces_reach(self.config) == LOOPBACK else None
            return known(True, "only programs on this host can connect", source)
        if reach == NETWORK or self._names_itself():
            return known(False, "other hosts can connect", interfaces)
        return known(None, f"who can connect depends on `{self._shown('inet_interfaces')}`", interfaces)

    @cached_property
    def is_exchange(self) -> Answer:
        """Other mail servers can connect where mail for domains is delivered."""
        answers = [self._as_exchange(server) for server in listeners(self.config)]
        return any_of(*answers) if answers else known(False, "master.cf starts no SMTP server")

    def _as_exchange(self, server: Listener) -> Answer:
        service = server.view.service
        source = self.view.setting("inet_interfaces") if server.by_interfaces else None
        port = service.name if service is not None else "smtp"
        if is_for_submission(server.view):
            return known(False, f"`{port}` is not for other mail servers", service)
        if server.reach == LOOPBACK:
            if any(server.view.value(name).text != "" for name in _PROXIED):
                return known(None, f"a proxy in front of `{port}` may take mail from others", service)
            return known(False, "only programs on this host can connect", source or service)
        if not is_mail_exchange(server.view):
            return known(None, f"other mail servers may get to port `{port}` by a detour", service)
        if server.reach == NETWORK or self._names_itself():
            return known(True, f"other mail servers can connect to `{port}`", service or source)
        return known(None, f"who can connect depends on `{self._shown('inet_interfaces')}`", source)

    def _names_itself(self) -> bool:
        """Whether ``inet_interfaces`` has a name in the DNS, so that it hardly means loopback."""
        return any(
            ("." in item.text if item.known else is_own_unknown(item))
            for item in self.view.items("inet_interfaces")
        )

    @cached_property
    def admits_strangers(self) -> Answer:
        """Strangers may deliver mail for domains of this host, as far as the access lists tell."""
        answers = [_admits_strangers(view) for view in mail_exchanges(self.config)]
        return any_of(*answers) if answers else known(None, "who may deliver is not known")

    # domains

    @cached_property
    def local_domains(self) -> Answer:
        """``mydestination`` has domains that are more than the host's own name. The default has none."""
        return self._domains("mydestination")

    @cached_property
    def mailbox_domains(self) -> Answer:
        return self._domains("virtual_mailbox_domains")

    @cached_property
    def alias_domains(self) -> Answer:
        return self._domains("virtual_alias_domains")

    @cached_property
    def domains_among_aliases(self) -> Answer:
        """The default of virtual_alias_domains: the domains that virtual_alias_maps has as keys."""
        if self.view.is_set("virtual_alias_domains"):
            return NO
        setting = self.view.setting("virtual_alias_maps")
        listed = domain_lists(self.config)["virtual_alias_domains"]
        domain = next(self._foreign(listed), None)
        if domain is not None:
            return known(True, f"`virtual_alias_maps` has the domain `{domain}`", setting)
        return NO if listed.is_known else known(None, "`virtual_alias_maps` may have domains", setting)

    @cached_property
    def relay_domains(self) -> Answer:
        """The domains whose mail is passed on. The default is mydestination or nothing."""
        return self._domains("relay_domains")

    @cached_property
    def own_name(self) -> Answer:
        """Mail for the name of the host itself; whether others write to it, the files do not tell."""
        if self.keeps_mail.holds is False:
            return self.keeps_mail
        return known(None, "mail for its own name is taken; whether others send any, the files do not tell")

    def _domains(self, parameter: str) -> Answer:
        if not self.view.is_set(parameter):
            return NO
        setting = self.view.setting(parameter)
        listed = domain_lists(self.config)[parameter]
        foreign = list(self._foreign(listed))
        for domain in foreign:
            if _may_be_public(domain):
                return known(True, f"`{parameter}` has `{domain}`", setting)
        for item in self.view.items(parameter):
            if item.text == _MAILNAME:
                continue
            if item.known and _is_elsewhere(item.text) and not _is_readable(listed, item):
                # Who names a table has domains in it, but distributions name them for hosts that only send.
                holds = None if self.unreachable.holds else True
                return known(holds, f"`{parameter}` asks `{item.text}`", setting)
            if not item.known and not is_own_unknown(item):
                return known(None, f"`{parameter}` is not known: `{item.text}`", setting)
        if foreign:
            return known(None, f"`{foreign[0]}` is no domain of the Internet", setting)
        return NO

    def _foreign(self, listed: DomainList) -> Iterator[str]:
        """The domains of a list that are not the host's own, nor in ``mydestination`` first."""
        own = own_names(self.view)
        if listed.parameter != "mydestination":
            own |= {found.domain for found in domain_lists(self.config)["mydestination"].domains}
        for found in listed.domains:
            if found.domain not in own and not self._is_other_own_name(found.domain):
                yield found.domain

    def _is_other_own_name(self, domain: str) -> bool:
        """Whether the host is called so in another domain, such as ``mail.example.net``."""
        first, _, rest = domain.partition(".")
        own = (self.view.value("myhostname").text or "").lower().partition(".")[0]
        return first == "localhost" or ("." in rest and first == own)

    # where mail goes

    @cached_property
    def keeps_mail(self) -> Answer:
        """Some mail comes to rest in mailboxes of this host's own name."""
        # Its default has the name of the host behind the colon.
        transport = self.view.value("local_transport")
        name = transport.partial.partition(":")[0]
        if delivering_program(self.config, name) in _NO_MAILBOX:
            return known(False, f"`local_transport` is `{transport.partial}`", transport.setting)
        value = self.view.value("mydestination")
        items = self.view.items("mydestination")
        if not items:
            return known(False, "`mydestination` is empty", value.setting)
        if "…" in name or not any(item.known or is_own_unknown(item) for item in items):
            return known(None, "where local mail goes is not known", value.setting)
        return known(True, f"mail for `{value.partial}` is delivered here", value.setting)

    @cached_property
    def forwards_inside(self) -> Answer:
        """Mail for domains goes on to a host that the administrator names."""
        transport = self.view.value("virtual_transport")
        name = (transport.text or "").partition(":")[0]
        if self.mailbox_domains.holds and delivering_program(self.config, name) == "smtp":
            return known(True, f"`virtual_transport` is `{transport.text}`", transport.setting)
        answers = list(self._relayed(to_named=True))
        return any_of(*answers) if answers else NO

    @cached_property
    def forwards_by_mx(self) -> Answer:
        """Mail for domains goes on to their better MX hosts."""
        answers = list(self._relayed(to_named=False))
        return any_of(*answers) if answers else NO

    def _relayed(self, to_named: bool) -> Iterator[Answer]:
        """For each domain that is passed on, whether it goes to a named host, or to its MX hosts."""
        if not self.relay_domains.holds:
            return
        listed = domain_lists(self.config)["relay_domains"]
        for domain in self._foreign(listed):
            if not _names_list_manager(domain):
                yield self._passed_on(domain.removeprefix("."), to_named)
        if not listed.is_known:
            setting = self.view.setting("relay_domains")
            yield known(None, "where mail for some of `relay_domains` goes on to is not known", setting)

    def _passed_on(self, domain: str, to_named: bool) -> Answer:
        from .address_class import RELAY as RELAY_CLASS
        from .address_class import Class, Domains

        name, parameter = Domains(self.view).transport(domain, Class(RELAY_CLASS))
        setting = self.view.setting(parameter)
        if not name:
            return known(None, f"where mail for `{domain}` goes on to is not known", setting)
        named = parameter == "transport_maps" or ":" in (self.view.value(parameter).text or "").rstrip(":")
        if delivering_program(self.config, name) != "smtp":
            return known(False, f"mail for `{domain}` ends here", setting)
        if named:
            return known(to_named, f"mail for `{domain}` goes on to a host in `{parameter}`", setting)
        if self.view.value("relayhost").text != "":
            return known(None, f"mail for `{domain}` goes on through a relay", setting)
        return known(not to_named, f"mail for `{domain}` goes on by its MX records")

    @cached_property
    def permits_mx_backup(self) -> Answer:
        for view in mail_exchanges(self.config):
            for where in _access_lists(view):
                for restriction in where.restrictions:
                    if restriction.name == "permit_mx_backup":
                        return known(True, "`permit_mx_backup` lets mail in", where.value.setting)
        return NO

    # people and other hosts

    @cached_property
    def has_logins(self) -> Answer:
        """Users log in to send mail."""
        answers = [self._as_submission(server) for server in listeners(self.config)]
        answers += [self._login(view, NETWORK) for view in self.config.views if _is_behind_postscreen(view)]
        return any_of(*answers) if answers else NO

    def _as_submission(self, server: Listener) -> Answer:
        service = server.view.service
        if not is_for_submission(server.view):
            return self._login(server.view, server.reach)
        assert service is not None
        if server.reach != LOOPBACK:
            return known(True, f"users send through `{service.name}`", service)
        if server.view.boolean(_SASL) is False:
            return NO
        return known(None, f"a proxy may pass users on to `{service.name}`", service)

    def _login(self, view: View, reach: str) -> Answer:
        """Whether users log in to a server that is not for them alone."""
        enabled, setting = view.boolean(_SASL), view.setting(_SASL)
        if enabled is None:
            return known(None, f"`{_SASL}` is not known", setting)
        if enabled and reach != LOOPBACK and view.daemon != "postscreen":
            return known(True, f"users can log in (`{_SASL}`)", setting)
        return NO

    @cached_property
    def trusts_others(self) -> Answer:
        """``mynetworks`` has networks that are not this host's own addresses."""
        setting = self.view.setting("mynetworks")
        if setting is None:
            return self._trusts_by_style()
        answers: list[Answer] = []
        value = self.view.value("mynetworks")
        for pattern, _, _ in expanded(self.view, value):
            if not pattern.negated and pattern.kind != NOTHING:
                answers += self._trusted(pattern.kind, pattern.text, setting)
        if value.unknown:
            answers.append(known(None, "`mynetworks` is not known", setting))
        return any_of(*answers) if answers else known(False, "`mynetworks` is empty", setting)

    def _trusts_by_style(self) -> Answer:
        style = self.view.value("mynetworks_style")
        if style.text == "host":
            return known(False, "only this host is trusted (`mynetworks_style = host`)", style.setting)
        if style.setting is not None and style.text in ("subnet", "class"):
            return known(
                True, f"the neighbours are trusted (`mynetworks_style = {style.text}`)", style.setting
            )
        return known(None, "who is trusted depends on `mynetworks_style`, and on the network", style.setting)

    def _trusted(self, kind: str, text: str, setting: Setting) -> Iterator[Answer]:
        keys = [text] if kind == PLAIN else []
        if kind != PLAIN:
            table = self._open(text) if kind == TABLE else None
            if table is None or not table.is_known:
                yield known(None, f"`{text}` in `mynetworks` is not known", setting)
                return
            keys = [entry.key for entry in table.entries()]
        for key in keys:
            found = network(key if ":" not in key or key.startswith("[") else f"[{key.replace('/', ']/')}")
            if found is None:
                yield known(None, f"`{key}` in `mynetworks` may be this host", setting)
            elif any(own.has(found) for own in OWN_ADDRESSES):
                yield known(False, "only this host is trusted", setting)
            elif found.bits == (32 if found.family == 4 else 128):
                yield known(None, f"`{key}` in `mynetworks` may be this host", setting)
            else:
                yield known(True, f"the hosts in `{key}` are trusted", setting)

    @cached_property
    def permits_networks(self) -> Answer:
        """``mynetworks`` may send anywhere."""
        for view in mail_exchanges(self.config) or (self.view,):
            for where in _access_lists(view):
                if any(restriction.name == "permit_mynetworks" for restriction in where.restrictions):
                    return known(True, "`permit_mynetworks` lets them send", where.value.setting)
        return known(None, "no list has `permit_mynetworks`")

    @cached_property
    def has_lists(self) -> Answer:
        """A program for mailing lists gets mail."""
        for name in self.config.settings:
            if name.endswith("_destination_recipient_limit") and name.startswith(_LIST_MANAGERS):
                return known(True, f"`{name}` is set for it", self.view.setting(name))
        for name in _TRANSPORTS:
            transport = self.view.value(name)
            if transport.text and self._is_list_transport(transport.text):
                return known(True, f"`{name}` is `{transport.text}`", transport.setting)
        unknown = None
        for name in _ADDRESS_TABLES:
            setting = self.view.setting(name)
            for item in self.view.items(name):
                if _names_list_manager(item.text):
                    return known(True, f"`{name}` has `{item.text}`", setting)
                if is_own_unknown(item) or (item.known and not is_table(item.text)):
                    continue
                table = self._open(item.text) if item.known else None
                for entry in table.entries() if table is not None and name in _LEADING_ON else ():
                    if self._is_list_target(name, entry.value):
                        return known(True, f"`{item.text}` has `{entry.value}`", setting)
                if table is None or not table.is_known:
                    unknown = known(None, f"`{item.text}` may lead to a program for lists", setting)
        return unknown or NO

    def _is_list_target(self, parameter: str, target: str) -> bool:
        if parameter == "transport_maps":
            return self._is_list_transport(target)
        return parameter == "alias_maps" and "|" in target and _names_list_manager(target)

    def _is_list_transport(self, transport: str) -> bool:
        name = transport.partition(":")[0]
        view = self.config.view(f"{name}/unix")
        arguments = view.service.arguments if view is not None and view.service is not None else ()
        words = [name, *(argument.text for argument in arguments)]
        return any(_names_list_manager(word) for word in words)

    def _open(self, text: str) -> Contents:
        from .table_lookup import open_table

        return open_table(text, self.view)

    def _shown(self, name: str) -> str:
        return f"{name} = {self.view.value(name).partial}"


def _names_list_manager(text: str) -> bool:
    """Whether a program for mailing lists is named in *text*."""
    return any(name in text.lower() for name in _LIST_MANAGERS)


def _is_elsewhere(text: str) -> bool:
    """Whether an item of a list of domains is a table or file that has them."""
    return is_table(text) or text.startswith("/")


def _is_readable(listed: DomainList, item: Item) -> bool:
    """Whether all the domains that a table or file gives to a list are known."""
    for table in listed.tables:
        if table.item.start == item.start:
            return holds_what_it_lists(table.contents)
    return any(found.item.start == item.start for found in listed.domains)


def _may_be_public(domain: str) -> bool:
    name = domain.strip(".")
    return "." in name and is_hostname(name) and (is_for_examples(name) or reserved(name) is None)


def _is_behind_postscreen(view: View) -> bool:
    return view.service is not None and view.service.type == "pass" and view.daemon == "smtpd"


def _access_lists(view: View) -> list[AccessList]:
    from .restrictions import access_lists

    lists = access_lists(view).lists
    return [lists[name] for name in _LISTS if name in lists]


def _admits_strangers(view: View) -> Answer:
    if view.boolean("smtpd_tls_req_ccert"):
        return known(False, "clients need a certificate", view.setting("smtpd_tls_req_ccert"))
    found = all_of(*map(_lets_strangers_past, _access_lists(view)))
    return known(True, "strangers may deliver") if found.holds else found


def _lets_strangers_past(where: AccessList) -> Answer:
    from .restrictions import BUILT_IN

    setting = where.value.setting
    maybe = False
    for restriction in where.restrictions:
        if restriction.kind == BUILT_IN and restriction.certain:
            if restriction.name in ("reject", "defer") and not restriction.warns:
                holds = None if maybe else False
                return known(holds, f"`{where.name}` refuses strangers", setting)
            if restriction.name in _FOR_ALL:
                break
            if restriction.name in _FOR_INSIDERS or restriction.name.startswith(("reject_", "defer_")):
                continue
        maybe = True
    return Answer(True, ())


def facts_of(config: Configuration) -> Facts:
    """What *config* shows."""
    facts: Facts | None = config.memo.get("role_facts")
    if facts is None:
        facts = config.memo["role_facts"] = Facts(config)
    return facts
