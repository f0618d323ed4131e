"""What the settings ask for, resolved once for all the configurations that share them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .finding import CONFIDENCES, INFO, SEVERITIES
from .registry import BUILT_IN, Registry, RegistryError
from .settings import NEVER, Layer, Settings, SettingsError
from .settings_file import Files, find_layers

if TYPE_CHECKING:
    from .finding import Finding
    from .rule import Rule
    from .site import Demand


class Plan:
    """The rules to run and what to do with their findings."""

    __slots__ = (
        "_confidences", "_fatal", "_severity", "dns", "fixes", "ignores", "policies", "registry", "rules",
        "settings", "values", "writes_fixes",
    )  # fmt: skip

    def __init__(self, settings: Settings, registry: Registry, *, ignores: bool = True) -> None:
        """Raises SettingsError for rules and areas that do not exist."""
        self.settings = settings
        self.registry = registry
        self.dns: object | None = None
        """Who answers the questions of online rules; None: they do not run."""
        self.policies: object | None = None
        """Who fetches policies over HTTPS for them; None: nobody."""
        self.ignores = ignores
        """Whether ignore comments count."""
        self.fixes = ""
        """SAFE or UNSAFE: make these fixes; empty: only judge."""
        self.writes_fixes = False
        """Whether they go into the files, and are not only told."""
        self.rules = tuple(_selected(settings, registry))
        self.values = _values(settings)
        """What the variables of templates are known to be."""
        self._severity: dict[str, str] = {}
        for layer in settings.layers:
            self._severity.update(layer.get("severity") or {})
        fail_on: str = settings.get("fail-on")
        self._fatal = SEVERITIES[SEVERITIES.index(fail_on) :] if fail_on != NEVER else ()
        self._confidences = CONFIDENCES[CONFIDENCES.index(settings.get("min-confidence")) :]

    def severity(self, rule: Rule, finding: Finding) -> str:
        return self._severity.get(rule.id) or finding.severity or rule.severity

    def is_sure_enough(self, finding: Finding) -> bool:
        return finding.confidence in self._confidences

    def fails(self, finding: Finding) -> bool:
        """Whether *finding* makes the exit status 1."""
        return (finding.severity or INFO) in self._fatal


def _values(settings: Settings) -> dict[str, Any]:
    """The variables in the files that *settings* name; of several with one name, the last counts."""
    values: dict[str, Any] = {}
    for path in settings.get("vars") or ():
        from maillint.syntax.template.values import ValuesError, read_values

        try:
            values.update(read_values(path))
        except ValuesError as error:
            raise SettingsError(f"vars: {error}") from None
    return values


def _selected(settings: Settings, registry: Registry) -> list[Rule]:
    """The rules that the layers of *settings* choose, one layer after the other.

    In a layer, ``ignore`` is stronger than ``select`` and ``extend-select``, and the name of a rule is
    stronger than that of an area.
    """
    default = frozenset(rule.id for rule in registry.rules.values() if rule.default)
    chosen = default
    for layer in settings.layers:
        select, extend, ignore = (layer.get(name) for name in ("select", "extend-select", "ignore"))
        try:
            if select is not None:
                chosen = registry.matching(select) & default
            chosen |= registry.matching(extend or ())
            chosen -= registry.matching(ignore or ())
            chosen |= _rules_named(registry, (*(select or ()), *(extend or ())))
            chosen -= _rules_named(registry, ignore or ())
            registry.matching(layer.get("severity") or ())
        except RegistryError as error:
            raise SettingsError(f"{layer.origin}: {error}") from None
    return [rule for name, rule in registry.rules.items() if name in chosen]


def _rules_named(registry: Registry, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if name in registry.rules)


class Planner:
    """Makes the plan for each configuration from the settings files above it and the command line."""

    __slots__ = ("_command_line", "_files", "_found", "_ignores", "_plans", "_registries")

    def __init__(self, command_line: Layer, *, ignores: bool = True) -> None:
        self._command_line = command_line
        self._ignores = ignores
        self._files: Files = {}
        self._found: dict[str, tuple[Layer, ...]] = {}
        self._plans: dict[tuple[Layer, ...], Plan] = {}
        self._registries: dict[object, Registry] = {}

    def plan(self, directory: str, *files: str) -> Plan:
        """The plan for the configuration in *directory* that has *files*. Raises SettingsError."""
        layers = self._layers(directory, files)
        if layers not in self._plans:
            settings = Settings(*layers)
            self._plans[layers] = Plan(settings, self._registry(settings), ignores=self._ignores)
        return self._plans[layers]

    def excludes(self, directory: str, *files: str) -> bool:
        """Whether the settings leave this configuration alone, named or not. Raises SettingsError."""
        return any(
            patterns.match((directory, *files))
            for layer in self._layers(directory, files)
            if (patterns := layer.get("exclude")) is not None
        )

    def _layers(self, directory: str, files: tuple[str, ...]) -> tuple[Layer, ...]:
        if directory not in self._found:
            self._found[directory] = find_layers(directory, self._files)
        layers = self._found[directory]
        special = tuple(
            override.layer
            for layer in layers
            for override in layer.get("overrides") or ()
            if override.paths.match((directory, *files))
        )
        return (*layers, *special, self._command_line)

    def _registry(self, settings: Settings) -> Registry:
        plugins, demands = (
            tuple(item for layer in settings.layers for item in layer.get(name) or ())
            for name in ("plugins", "site")
        )
        key = plugins, demands
        if key not in self._registries:
            origin = next((layer.origin for layer in settings.layers if layer.get("plugins")), "")
            try:
                registry = Registry.load((BUILT_IN, *dict.fromkeys(plugins)))
            except RegistryError as error:
                raise SettingsError(f"{origin}: plugins: {error}" if origin else str(error)) from None
            self._registries[key] = _with_demands(registry, demands) if demands else registry
        return self._registries[key]


def _with_demands(registry: Registry, demands: tuple[Demand, ...]) -> Registry:
    from .site import SiteRegistry

    try:
        return SiteRegistry(registry, demands)
    except RegistryError as error:
        raise SettingsError(f"site: {error}") from None
