"""A parameter that Postfix will remove.

## What happens
The line still works. But a later Postfix drops the parameter, and then the line has no effect, in silence:
with `smtp_use_tls = yes` gone, mail leaves without TLS. Since Postfix 3.9, `postconf` warns of such
names: `support for parameter "smtp_use_tls" will be removed`.

It is a warning when the Postfix version that is told (`--postfix-version`, or the settings file) warns of it,
too; otherwise advice for the next upgrade.

## Bad
```main.cf deprecated-parameter@1 fragment postfix=3.9
smtpd_use_tls = yes
```

### An old name
```main.cf deprecated-parameter@1 fragment
postscreen_blacklist_action = drop
```

### The new name wins
```main.cf deprecated-parameter@1 fragment
postscreen_blacklist_action = drop
postscreen_denylist_action = enforce
```

## Good
```main.cf fragment postfix=3.9
smtpd_tls_security_level = may
postscreen_denylist_action = enforce
```

### The only name that this version knows
```main.cf fragment postfix=3.5
postscreen_blacklist_action = drop
```

## What Postfix says
```witness postconf since=3.9
postconf: warning: /etc/postfix/main.cf: support for parameter "smtpd_use_tls" will be removed; ...
```

## When it is right
In a file that serves hosts with an older Postfix, too.

## References
- DEPRECATION_README
- Postfix source: postconf/postconf_unused.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix import catalogue

from .._names import DEPRECATED
from .._settings import namespaces, services_of
from ._successors import is_lost, renamed

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_LEVELS = {"use_tls": "may", "enforce_tls": "encrypt", "disable_dns_lookups": "disabled"}
"""What a switch that is on, and ends so, is in words of the level that replaces it."""
_PER_SITE = "_tls_per_site"
"""The rule per-site-ignored speaks of these tables when policy maps replace them."""


@rule(severity=WARNING, area="deprecated", noted=("maillint_rules._names", DEPRECATED))
def deprecated_parameter(config: Configuration) -> Iterator[Finding]:
    for namespace in namespaces(config):
        in_force = {setting.name: setting for setting in namespace}
        for setting in in_force.values():
            parameter = catalogue.parameter(setting.name)
            if (
                parameter is not None
                and parameter.deprecated is not None
                and catalogue.accepted(setting.name, config.version)
                and _has_successor(config, parameter)
            ):
                newer = _newer(parameter, in_force)
                if newer is not None and setting.name.endswith(_PER_SITE):
                    continue
                if not is_lost(config.main_view, parameter):
                    yield _finding(config, setting, parameter, newer)


def _has_successor(config: Configuration, parameter: Parameter) -> bool:
    """Whether the version can do without: it knows what replaces the parameter, if anything does."""
    return not parameter.replacement or any(
        catalogue.known(name, config.version) for name in parameter.replacement
    )


def _newer(parameter: Parameter, in_force: dict[str, Setting]) -> Setting | None:
    """The setting that replaces the parameter: an empty one does not."""
    found = (in_force[name] for name in parameter.replacement if name in in_force)
    return next((setting for setting in found if setting.value.text), None)


def _finding(config: Configuration, setting: Setting, parameter: Parameter, newer: Setting | None) -> Finding:
    name = setting.name
    if newer is not None:
        message, mend = f"`{newer.name}` replaces `{name}`, so this line has no effect", "remove the line"
    elif parameter.legacy:
        message = f"`{name}` is the old name of `{parameter.replacement[0]}`, and Postfix will forget it"
        mend = f"write `{parameter.replacement[0]}`"
    else:
        message = f"Postfix will remove `{name}`: DEPRECATION_README names it since {parameter.deprecated}"
        mend = _instead(setting, parameter)
    warns = config.version_given and parameter.warned is not None and config.version.has(parameter.warned)
    return Finding(
        setting.name_location,
        message,
        mend=mend,
        severity=WARNING if warns else INFO,
        parameter=name,
        related=(Related(newer.name_location, f"`{newer.name}` is set here"),) if newer is not None else (),
        fix=renamed(config, setting, parameter) if newer is None and parameter.legacy else None,
        services=services_of(setting),
    )


def _instead(setting: Setting, parameter: Parameter) -> str:
    if not parameter.replacement:
        return "remove the line"
    new = parameter.replacement[0]
    value = setting.value.text.lower()
    for switch, level in _LEVELS.items():
        if setting.name.endswith(switch) and new.endswith("_level") and value in ("yes", "no"):
            return f"write `{new} = {level}`" if value == "yes" else "remove the line"
    return f"use {' or '.join(f'`{name}`' for name in parameter.replacement)} instead"
