"""The new Postfix version has other defaults than the one that this was made for.

## What happens
`compatibility_level` protects a few defaults only. Others change with the version, whatever the level is:
Postfix 3.9 no longer takes a bare newline for the end of a line, and refuses clients that talk ahead of its
replies.

The rule compares the version that is told (`--postfix-version`, or the settings file) with the one that the
compatibility level speaks for, and names the defaults that have changed in between, of parameters that
are not set. It is silent once the level is that of the version, and where no version is told.

## Bad
```main.cf changed-default@1 fragment postfix=3.9
compatibility_level = 3.6
```

## Good
```main.cf fragment postfix=3.9
compatibility_level = 3.9
```

### What has changed is set
```main.cf fragment postfix=3.9
compatibility_level = 3.6
smtpd_forbid_bare_newline = normalize
smtpd_forbid_unauth_pipelining = yes
```

## When it is right
It is nothing wrong; it is what to look at before an upgrade.

## References
- Postfix release notes; COMPATIBILITY_README
- postconf(5), the defaults
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.postfix.version import implied_by_compatibility_level

from ._levels import LEVEL, TOLD, named, newest_level

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_UNGUARDED = {
    "milter_default_action": ("smtpd_milters", "non_smtpd_milters"),
    "smtpd_forbid_bare_newline": (),
    "smtpd_forbid_unauth_pipelining": (),
}
"""The parameters whose default decides what mail is taken, and that no level protects, with those of which
one must be set to make it matter."""


@rule(
    severity=INFO,
    area="deprecated",
    parameters=(LEVEL,),
    when_set=True,
    noted=("maillint_rules.deprecated._levels", TOLD),
)
def changed_default(config: Configuration) -> Iterator[Finding]:
    setting = config.settings.get(LEVEL)
    before = implied_by_compatibility_level(setting.value.text) if setting is not None else None
    if setting is None or before is None or not config.version_given or not config.version.has(before):
        return
    changes = [
        f"`{name}` (`{old}`, now `{new}`)"
        for name in _UNGUARDED
        if _is_in_use(config, name)
        and (old := catalogue.default(name, before)) is not None
        and (new := catalogue.default(name, config.version)) is not None
        and old != new
    ]
    if changes:
        yield Finding(
            setting.value.location(),
            f"Postfix {config.version} has other defaults than Postfix {before}, from which this level is:"
            f" {named(changes)}",
            mend=f"set those that you rely on, then write `{LEVEL} = {newest_level(config)}`",
            parameter=LEVEL,
        )


def _is_in_use(config: Configuration, name: str) -> bool:
    """Whether the default is in force for a service that reads it."""
    parameter = catalogue.parameter(name)
    needed = _UNGUARDED[name]
    if parameter is None or name in config.settings:
        return False
    if needed and not any(other in config.settings for other in needed):
        return False
    return config.master is None or any(
        view.daemon in parameter.read_by and not view.is_set(name) for view in config.views
    )
