"""A parameter that this Postfix version does not have, though another one does.

## What happens
A name that Postfix does not know has no effect, and only `postconf` warns of it, as `unused parameter`.
So it is with a parameter that came with a later release than the one in use, and with one that Postfix
has given up: the line looks as if it did something, and does nothing.

A newer parameter is reported only when the Postfix version is told (`--postfix-version`, or the settings
file); back-ports to the patch releases of older series count.

## Bad
```main.cf unsupported-parameter-in-version@1 fragment postfix=3.5.0 fragment
smtpd_forbid_bare_newline = yes
```

```main.cf unsupported-parameter-in-version@1 fragment fragment
program_directory = /usr/libexec/postfix
```

## Good
```main.cf postfix=3.9 fragment
myhostname = mail.example.com
smtpd_forbid_bare_newline = normalize
```

## When it is right
In a file that serves hosts with different versions of Postfix.

## References
- postconf(5), "This feature is available in Postfix ... and later"
- Postfix release notes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix import catalogue

from .._names import UNSUPPORTED, is_made_up
from .._settings import services_of, settings

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting


@rule(severity=WARNING, area="syntax", noted=("maillint_rules._names", UNSUPPORTED))
def unsupported_parameter_in_version(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        parameter = catalogue.parameter(setting.name)
        if (
            parameter is None
            or catalogue.accepted(setting.name, config.version)
            or is_made_up(config, setting)
        ):
            continue
        if parameter.introduced_in(config.version):
            yield _removed(config, setting, parameter)
        elif config.version_given:
            yield _too_new(config, setting, parameter)


def _removed(config: Configuration, setting: Setting, parameter: Parameter) -> Finding:
    successors = " or ".join(f"`{name}`" for name in parameter.replacement)
    return Finding(
        setting.name_location,
        f"this line has no effect: Postfix {parameter.removed} and later have no `{setting.name}`",
        mend=f"set {successors} instead, or remove the line" if successors else "remove the line",
        confidence=HIGH if config.version_given else MEDIUM,
        parameter=setting.name,
        services=services_of(setting),
    )


def _too_new(config: Configuration, setting: Setting, parameter: Parameter) -> Finding:
    releases = [str(release) for release in (parameter.introduced, *parameter.backported)]
    older = catalogue.old_name(setting.name, config.version)
    return Finding(
        setting.name_location,
        f"this line has no effect on Postfix {config.version}:"
        f" `{setting.name}` came with {', '.join(releases)}",
        mend=f"write `{older}`, its old name" if older else "upgrade Postfix, or remove the line",
        parameter=setting.name,
        services=services_of(setting),
    )
