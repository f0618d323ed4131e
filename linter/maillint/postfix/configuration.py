"""What a configuration says: the effective value of every parameter, for every program that reads it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from maillint.record import NamedTuple
from maillint.syntax.lists import split_list
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Location, Source

from . import catalogue
from .expand import READ_ONLY, UNKNOWN, Expansion, Raw, expand, unexpanded
from .version import NEWEST, Version, implied_by_compatibility_level

if TYPE_CHECKING:
    from maillint.syntax.entries import EntryFile
    from maillint.syntax.lists import ListItem
    from maillint.syntax.tree import MainCf, MasterCf, Service, Setting

    from .host import Host
    from .names import Names
    from .neighbours import Neighbours
    from .role import Told
    from .tablefile import TableFile

SIZE_LIMIT = 16 * 1024 * 1024
"""The greatest file that is read, in bytes."""

_OWN = frozenset({"mydomain", "myhostname", "mynetworks"})
"""The parameters whose defaults are worked out from the host and other parameters."""

_FIRST_WITH_FUNCTIONS = Version("3.11")
"""The first release that expands ``${function{text}}`` (util/mac_midna.c)."""

_PLACEHOLDER = re.compile(
    r"@[A-Z][A-Z0-9_]*@|(?<![^\s,:])@[a-z]\w*@"
    r"|%[A-Z][A-Z0-9_]*%|#\{[^{}]*\}"
    r"|(?<!\$)\{[A-Z][A-Z0-9]*_[A-Z0-9_]*\}|\{=[a-z]\w*\}",
    re.ASCII,
)
"""What a script was to replace in a file that nothing says is a template."""

_INSTALLED = ("postfix-files", "dynamicmaps.cf", "post-install")
"""What an installation puts beside main.cf, and nobody keeps with templates."""

_WRITTEN_OUT = ("static:", "inline:{", "cidr:{", "pcre:{", "regexp:{")
"""How a table begins that is written out where it is named."""

_KINDS_WITH_GROUPS = frozenset({"brace-list", "maps", "match-list", "milters", "restrictions", "server-acl"})
"""The kinds of lists that Postfix splits with mystrtokq(3), and so with ``{ }``."""


class ConfigurationError(Exception):
    """A file or directory that cannot be read as a configuration; says what and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class Item(NamedTuple):
    """One element of a list value."""

    text: str
    """What Postfix sees, braces of a ``{ }`` group included. What is unknown in it shows as ``…``."""
    location: Location | None
    """Where it stands, or the ``$name`` that it came out of; None: it comes from a default."""
    known: bool = True
    """False: *text* depends on something outside of the configuration, and may even be several items."""
    start: int = 0
    """The offset of the item in the value, for :meth:`Value.location`."""


class Value:
    """The expanded value of a parameter in a view."""

    __slots__ = ("_expansion", "_items", "setting")

    def __init__(self, expansion: Expansion, setting: Setting | None) -> None:
        self._expansion = expansion
        self._items: dict[bool, tuple[Item, ...]] = {}
        self.setting = setting
        """Where it was set; None: the default applies."""

    @property
    def text(self) -> str | None:
        """What Postfix sees; None: unknown, or Postfix refuses to expand it."""
        expansion = self._expansion
        return None if expansion.problem or UNKNOWN in expansion.text else expansion.text

    @property
    def unknown(self) -> str:
        """Why there is no text; empty when there is one."""
        expansion = self._expansion
        if expansion.problem:
            return expansion.problem
        return (expansion.reason or "unknown") if UNKNOWN in expansion.text else ""

    @property
    def problem(self) -> str:
        """Why Postfix refuses to expand the value, in its words; empty: it does not."""
        return self._expansion.problem

    @property
    def undefined(self) -> tuple[str, ...]:
        """The names that were expanded to nothing because nothing defines them."""
        return tuple(self._expansion.undefined)

    @property
    def chain(self) -> tuple[Setting, ...]:
        """Every setting that the value depends on, the parameter's own first."""
        own = () if self.setting is None else (self.setting,)
        return own + tuple(setting for setting in self._expansion.settings if setting is not self.setting)

    @property
    def partial(self) -> str:
        """The text with ``…`` for what is unknown; for messages, not for decisions."""
        return _shown(self._expansion.text)

    def location(self, start: int = 0, end: int | None = None) -> Location | None:
        """Where ``text[start:end]`` comes from in :attr:`setting`: itself, or the ``$name`` that gave it.

        None when the default applies.
        """
        if self.setting is None:
            return None
        last = len(self._expansion.text) if end is None else end
        return self.setting.value.location(*self._expansion.original(start, last))

    def items(self, braces: bool) -> list[Item]:
        """The elements of the value; *braces*: whether ``{ }`` groups are one element."""
        if braces not in self._items:
            self._items[braces] = tuple(map(self._item, split_list(self._expansion.text, braces)))
        return list(self._items[braces])

    def _item(self, item: ListItem) -> Item:
        known = UNKNOWN not in item.text
        text = item.text if known else _shown(item.text)
        return Item(text, self.location(item.start, item.end), known, item.start)


def _shown(text: str) -> str:
    return re.sub(f"{UNKNOWN}+", "…", text)


class View:
    """What one program sees: main.cf, and before it the ``-o`` options of its master.cf entry."""

    __slots__ = ("_networks", "_values", "configuration", "overrides", "service")

    def __init__(
        self,
        configuration: Configuration,
        service: Service | None = None,
        options: dict[str, Setting] | None = None,
    ) -> None:
        """*options*: what counts instead of the ``-o`` of *service*."""
        self.configuration = configuration
        self.service = service
        """The master.cf entry; None: the view of main.cf alone."""
        self.overrides: dict[str, Setting] = options or {}
        """The ``-o`` in force, by name."""
        if service is not None and options is None:
            self.overrides = {o.name: o for o in service.options if o.name not in READ_ONLY}
        self._values: dict[str, Value] = {}
        self._networks: Raw | None = None

    def __repr__(self) -> str:
        return f"<View {self.id or 'main.cf'}>"

    @property
    def id(self) -> str:
        """``name/type`` of the service; empty for main.cf."""
        return self.service.id if self.service is not None else ""

    @property
    def daemon(self) -> str | None:
        """The program of the service, such as ``smtpd``."""
        return self.service.command if self.service is not None else None

    @property
    def options(self) -> tuple[Setting, ...]:
        """The ``-o`` in force, each name once."""
        return tuple(self.overrides.values())

    def setting(self, name: str) -> Setting | None:
        """The setting in force: the last ``-o``, else the last in main.cf; None: the default applies."""
        return self.overrides.get(name) or self.configuration.settings.get(name)

    def is_set(self, name: str) -> bool:
        return name in self.overrides or name in self.configuration.settings

    def raw(self, name: str) -> str | None:
        """The effective text before expansion, a default included; None: unknown name or default."""
        setting = self.setting(name)
        if setting is not None:
            return setting.value.text
        found = self._default(name)
        return None if found is None or UNKNOWN in found.text else found.text

    def value(self, name: str) -> Value:
        """The effective value, expanded as this program would do it."""
        value = self._values.get(name)
        if value is None:
            found = self._find(name) or Raw(UNKNOWN, reason=f"Postfix has no parameter {name}")
            value = self._values[name] = Value(self._expand(name, found), found.setting)
        return value

    def items(self, name: str) -> list[Item]:
        """The effective value as the list that this parameter is; see :class:`Item` for what is unknown."""
        return self.value(name).items(has_groups(name))

    def boolean(self, name: str) -> bool | None:
        """The value of a yes/no parameter; None: unknown, or Postfix refuses it."""
        text = self.value(name).text
        return {"yes": True, "no": False}.get(text.lower()) if text is not None else None

    def expand(self, text: str) -> Expansion:
        """Expand a text, such as an argument of the service, with the names of this view."""
        return expand(text, self._find, self.configuration.has_functions)

    def _expand(self, name: str, raw: Raw) -> Expansion:
        parameter = catalogue.parameter(name)
        if parameter is not None and parameter.type == "raw":
            result = unexpanded(raw.text)
        else:
            result = self.expand(raw.text)
        result.reason = raw.reason or result.reason
        result.problem = raw.problem or result.problem
        return result

    def _find(self, name: str) -> Raw | None:
        """What ``$name`` stands for: the service's own names, main.cf, defaults (postconf_lookup.c)."""
        if self.service is not None and name in READ_ONLY:
            return self._default(name)
        setting = self.overrides.get(name) or self.configuration.settings.get(name)
        if setting is None:
            filled = self.configuration.filled
            return Raw(filled[name]) if name in filled else self._default(name)
        return self.configuration.raw(setting)

    def _default(self, name: str) -> Raw | None:
        if self.service is not None:
            program = os.path.basename(self.service.command)
            if name == "process_name":
                return Raw(program)
            if name == "service_name":
                return Raw(self.service.name)
        host = self.configuration.host
        if name in _OWN:
            # postconf(1) works these out from main.cf; the programs, from what they see themselves.
            view = self if host is None else self.configuration.main_view
            if name == "myhostname":
                return view._own_name()
            if name == "mydomain":
                return view._own_domain()
            if host is not None:
                return view._own_networks(host)
        return self.configuration.default(name)

    def _own_name(self) -> Raw:
        """The default of myhostname (check_myhostname in global/mail_params.c)."""
        name = self.configuration.hostname
        if name is None:
            return Raw(UNKNOWN, reason="myhostname is not set, and the host's own name is not known here")
        if "." in name:
            return Raw(name)
        domain = self._set_value("mydomain")
        if domain is None:
            return Raw(f"{name}.localdomain")
        return Raw(f"{name}.{domain.text}", reason=domain.reason, problem=domain.problem)

    def _own_domain(self) -> Raw:
        """The default of mydomain (check_mydomainname in global/mail_params.c)."""
        name = self._set_value("myhostname") or self._own_name()
        _, dot, domain = name.text.partition(".")
        if not dot:
            domain = UNKNOWN if UNKNOWN in name.text else "localdomain"
        return Raw(domain, reason=name.reason if UNKNOWN in domain else "", problem=name.problem)

    def _own_networks(self, host: Host) -> Raw:
        """The default of mynetworks (mynetworks_core in global/mynetworks.c)."""
        from .host import HostError

        if self._networks is None:
            # A setting that leads back here finds this.
            self._networks = Raw("", problem='unreasonable macro call nesting: "mynetworks"')
            texts = []
            for name in ("mynetworks_style", "inet_interfaces", "inet_protocols"):
                found = self._set_value(name) or self.expand(self.raw(name) or "")
                if found.problem:
                    self._networks = Raw("", problem=found.problem)
                    return self._networks
                texts.append(found.text)
            try:
                self._networks = Raw(host.networks(*texts))
            except HostError as error:
                self._networks = Raw("", problem=str(error))
        return self._networks

    def _set_value(self, name: str) -> Expansion | None:
        """The value of a parameter that is set, expanded with names that are set (mail_conf_lookup_eval)."""
        setting = self.setting(name)
        return (
            None
            if setting is None
            else expand(
                self.configuration.raw(setting).text, self._find_set, self.configuration.has_functions
            )
        )

    def _find_set(self, name: str) -> Raw | None:
        setting = self.setting(name)
        return None if setting is None else self.configuration.raw(setting)


class Configuration:
    """One configuration: main.cf, master.cf, and what is known of the host."""

    __slots__ = (
        "_defaults",
        "_names",
        "_neighbours",
        "_parameters",
        "_raws",
        "_views",
        "beside",
        "branches",
        "directory",
        "dns",
        "filled",
        "fragment",
        "has_functions",
        "host",
        "hostname",
        "main",
        "main_view",
        "master",
        "memo",
        "policies",
        "public_addresses",
        "settings",
        "tables",
        "told_roles",
        "version",
        "version_given",
    )

    def __init__(
        self,
        main: MainCf | None,
        master: MasterCf | None,
        *,
        directory: str | None = None,
        fragment: bool = False,
        version: Version | None = None,
        hostname: str | None = None,
        host: Host | None = None,
    ) -> None:
        """*version*: None deduces it. *hostname*: what the system says it is called; None: unknown.

        *host*: the machine to ask for everything else that depends on one; None: it stays unknown.
        """
        self.main = main
        """None: there is no main.cf."""
        self.master = master
        """None: there is no master.cf."""
        self.directory = directory
        """The directory of the files; None: standard input, or a lone fragment."""
        self.fragment = fragment
        """True: a part of a configuration. Nothing may be said about what is missing."""
        self.hostname = hostname
        self.host = host
        self.dns: object | None = None
        """The resolver of a run with ``--online``; None otherwise."""
        self.policies: object | None = None
        """Who fetches policies over HTTPS in a run with ``--fetch-policies``; None otherwise."""
        self.public_addresses: tuple[str, ...] = ()
        """The addresses that the Internet sees this host's mail come from, as the user says."""
        self.told_roles: Told | None = None
        """What the user says that the host is for, a comment in main.cf apart; None: nothing."""
        self.settings: dict[str, Setting] = {}
        """The settings of main.cf in force: the last of each name."""
        if main is not None:
            for setting in main.settings:
                if setting.name not in READ_ONLY:
                    self.settings[setting.name] = setting
        self.beside: frozenset[str] = frozenset()
        """The names in the directory that occur in its main.cf and master.cf, so that they may be tables.

        Empty, too, where no look at other files was asked for.
        """
        self.filled: dict[str, str] = {}
        """Of a template, known values, by names of no parameter that stand for them in the text."""
        self.branches: tuple[Location, ...] = ()
        """Of a template, what is there only when a condition holds; no branch lies across another's end."""
        self.tables: list[TableFile] = []
        """The files of lookup tables that were read."""
        self.memo: dict[str, Any] = {}
        """What rules have worked out once for all of them, by the name of the function that did."""
        self._raws: dict[int, Raw] = {}
        self._defaults: dict[str, Raw | None] = {}
        self._parameters: dict[str, catalogue.Parameter | None] = {}
        self._views: dict[str, View] | None = None
        self._names: Names | None = None
        self._neighbours: Neighbours | None = None
        self.main_view = View(self)
        """main.cf alone: what a program sees whose service has no ``-o``."""
        self.version = version or self._deduced_version()
        """The Postfix version that is judged for."""
        self.version_given = version is not None
        """False: deduced."""
        self.has_functions = self.version.has(_FIRST_WITH_FUNCTIONS)

    def __repr__(self) -> str:
        return f"<Configuration {self.directory or 'without directory'}>"

    @property
    def is_installed(self) -> bool:
        """Whether the directory is that of an installed Postfix, as the files in it tell."""
        directory = self.directory
        return directory is not None and any(
            os.path.exists(os.path.join(directory, name)) for name in _INSTALLED
        )

    @property
    def is_to_be_filled(self) -> bool:
        """Whether a script is to put values into main.cf, and so may put more into it than these."""
        if self.main is None or self.host is not None or not _PLACEHOLDER.search(self.main.source.text):
            return False
        return not self.is_installed and any(
            _PLACEHOLDER.search(setting.value.text) for setting in self.main.settings
        )

    @property
    def writes_out_tables(self) -> bool:
        """Whether what a table holds may stand in a setting, as in ``static:OK`` and ``inline:{ a=b }``."""
        texts = [setting.value.text for setting in self.settings.values()]
        texts += [option.value.text for service in self.services for option in service.options]
        return any(mark in text for text in texts for mark in _WRITTEN_OUT)

    @property
    def views(self) -> tuple[View, ...]:
        """The view of main.cf, then one per master.cf service (the last of entries that repeat)."""
        return (self.main_view, *self._service_views().values())

    def view(self, service_id: str) -> View | None:
        """The view of a service, by its ``name/type``; None: there is no such service."""
        return self._service_views().get(service_id)

    def _service_views(self) -> dict[str, View]:
        if self._views is None:
            services = self.master.services if self.master is not None else ()
            self._views = {service.id: View(self, service) for service in services}
        return self._views

    @property
    def services(self) -> tuple[Service, ...]:
        """The entries of master.cf, all of them."""
        return self.master.services if self.master is not None else ()

    @property
    def names(self) -> Names:
        """The names that users made up, as far as something makes them legal."""
        if self._names is None:
            from .names import legal_names

            self._names = legal_names(self)
        return self._names

    @property
    def neighbours(self) -> Neighbours:
        """The programs around this Postfix, as far as their files are there."""
        if self._neighbours is None:
            from .neighbours import Neighbours

            self._neighbours = Neighbours(self)
        return self._neighbours

    @property
    def files_around(self) -> tuple[EntryFile, ...]:
        """The files of such programs that were read up to now."""
        return () if self._neighbours is None else self._neighbours.files

    def raw(self, setting: Setting) -> Raw:
        """The text of a setting, what a template leaves open marked as unknown."""
        raw = self._raws.get(id(setting))
        if raw is None:
            text, reason = setting.value.text, ""
            if self.host is None and _PLACEHOLDER.search(text):
                text = _PLACEHOLDER.sub(lambda match: UNKNOWN * len(match[0]), text)
                reason = f"{setting.name} is a template that was not filled in"
            elif UNKNOWN in text:
                reason = f"a template fills {setting.name} in"
            raw = self._raws[id(setting)] = Raw(text, setting, reason)
        return raw

    def default(self, name: str) -> Raw | None:
        """The default of a parameter, unexpanded, the host's own names apart; None: no such parameter."""
        if name not in self._defaults:
            self._defaults[name] = self._find_default(name)
        return self._defaults[name]

    def parameter(self, name: str) -> catalogue.Parameter | None:
        """The parameter of this name in this version, those of services and legacy ones included."""
        if name not in self._parameters:
            self._parameters[name] = (
                catalogue.parameter(name)
                if catalogue.accepted(name, self.version)
                else catalogue.service_parameter(name, self.services, self.version)
            )
        return self._parameters[name]

    def _find_default(self, name: str) -> Raw | None:
        found = self.parameter(name)
        if found is None:
            return None
        text = "" if found.legacy else found.default_in(self.version)
        if self.host is not None:
            text = self._default_of_host(self.host, name, text)
        if text is None:
            return Raw(UNKNOWN, reason=f"the default of {name} depends on the host")
        return Raw(text)

    def _default_of_host(self, host: Host, name: str, upstream: str | None) -> str | None:
        if name == "config_directory" and self.directory is not None:
            return self.directory
        return host.default(name, upstream)

    def _deduced_version(self) -> Version:
        """The newest version, unless the compatibility level asks for an even newer one."""
        level = self.main_view.setting("compatibility_level")
        implied = implied_by_compatibility_level(level.value.text) if level is not None else None
        return max(NEWEST, implied) if implied is not None else NEWEST


def has_groups(name: str) -> bool:
    """Whether the list in this parameter may have ``{ }`` groups as elements."""
    parameter = catalogue.parameter(name)
    if parameter is None:
        return False
    return parameter.kind == "list:table" or parameter.kind.partition(":")[0] in _KINDS_WITH_GROUPS


def load_directory(
    path: str, *, version: Version | None = None, hostname: str | None = None, host: Host | None = None
) -> Configuration:
    """Read ``main.cf`` and ``master.cf`` of a directory.

    A missing master.cf is none; ConfigurationError: the directory has no main.cf or cannot be read.
    """
    main, master = files_in(path)
    return load_files(main, master, directory=path, version=version, hostname=hostname, host=host)


def files_in(path: str) -> tuple[str, str | None]:
    """The paths of main.cf and of master.cf, if there is one, in the directory *path*.

    ConfigurationError: it is no directory with a main.cf.
    """
    if not os.path.isdir(path):
        raise ConfigurationError(path, _why_no_directory(path))
    main = os.path.join(path, "main.cf")
    master = os.path.join(path, "master.cf")
    if not os.path.lexists(main):
        raise ConfigurationError(path, "there is no main.cf in this directory")
    return main, master if os.path.lexists(master) else None


def load_files(
    main: str | None,
    master: str | None,
    *,
    directory: str | None = None,
    fragment: bool = False,
    version: Version | None = None,
    hostname: str | None = None,
    host: Host | None = None,
) -> Configuration:
    """Read the named files; None leaves one out. ConfigurationError: one of them cannot be read."""
    return Configuration(
        parse_main_cf(read_source(main)) if main is not None else None,
        parse_master_cf(read_source(master)) if master is not None else None,
        directory=directory,
        fragment=fragment,
        version=version,
        hostname=hostname,
        host=host,
    )


def read_source(path: str) -> Source:
    """Read a file whole, whatever bytes it holds; ConfigurationError says why it cannot be read."""
    import stat

    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if stat.S_ISDIR(status.st_mode):
                raise ConfigurationError(path, "is a directory, not a file")
            if not stat.S_ISREG(status.st_mode):
                raise ConfigurationError(path, "is not a regular file")
            if status.st_size > SIZE_LIMIT:
                raise ConfigurationError(path, _too_large(status.st_size))
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigurationError(path, _reason(error)) from error
    if len(data) > SIZE_LIMIT:
        raise ConfigurationError(path, _too_large(len(data)))
    return Source.from_bytes(path, data)


def _open_without_waiting(path: str, flags: int) -> int:
    """A FIFO without a writer would make the run hang."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(size: int) -> str:
    return (
        f"is too large to be a configuration file: {size / 1048576:.0f} MB,"
        f" more than {SIZE_LIMIT // 1048576} MB"
    )


def _why_no_directory(path: str) -> str:
    try:
        os.stat(path)
    except OSError as error:
        return _reason(error)
    return "is not a directory"


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
