"""A `$name` that nothing defines becomes nothing.

## What happens
Where a value refers to a parameter that Postfix does not have and that no file sets, Postfix puts the
empty string in its place, without a word in the log; `postconf` alone warns of an `undefined parameter`.
A destination disappears from a list, a path loses its directory, a list of restrictions is empty and
refuses nobody.

`$1` in a regular expression of main.cf is such a reference, too: Postfix expands it before the table
sees it. There it must be `$$1`.

## Bad
```main.cf undefined-parameter-reference@3
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $my_domain
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf undefined-parameter-reference@2
smtp inet n - y - - smtpd
  -o smtpd_client_restrictions=$mua_client_restrictions
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain, localhost
mailbox_command = /usr/bin/procmail -a "$EXTENSION"
mua_client_restrictions = permit_sasl_authenticated, reject
compatibility_level = 3.6
```
```master.cf
smtp inet n - y - - smtpd
  -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_security_options=noanonymous,noplaintext
  -o smtpd_client_restrictions=$mua_client_restrictions
```

## What Postfix says
```witness postconf
postconf: warning: /etc/postfix/main.cf: undefined parameter: my_domain
```
```witness postconf bad=2
postconf: warning: /etc/postfix/master.cf: undefined parameter: mua_client_restrictions
```

## When it is right
A name in capitals, such as `${MAIL_DOMAIN}`, is often filled in by a script before Postfix sees the
file; that is reported as advice only. So it is in `${name?text}` and `${name:text}`, which ask whether
there is a value, and in lists such as `proxy_read_maps`, where a name that does not exist changes
nothing.

## References
- postconf(5), "main.cf file format"; postconf(1), "undefined parameter"
- Postfix source: util/mac_expand.c, postconf/postconf_user.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, LOW, MEDIUM, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.syntax.value import Reference, parse_value, references

from .._names import UNDEFINED, is_built_in, one_slip_apart, speller
from .._settings import services_of, settings
from .._told import FALLBACK, shell_syntax

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

_LISTS_OF_ALL_TABLES = frozenset({"proxy_read_maps", "proxy_write_maps"})


@rule(severity=ERROR, area="syntax", complete=True, noted=("maillint_rules._names", UNDEFINED))
def undefined_parameter_reference(config: Configuration) -> Iterator[Finding]:
    if config.main is None:
        return  # which may set all that master.cf refers to
    places: dict[str, list[tuple[Setting, Reference]]] = {}
    for name, setting in dict.fromkeys(config.names.undefined):
        if name and not is_built_in(config, name):
            # A restriction class without a definition is undefined, too, but no `$` refers to it.
            for reference in references(parse_value(setting.value.text)):
                if reference.name == name and not _has_fallback(setting, reference):
                    places.setdefault(name, []).append((setting, reference))
    meant = speller(lambda: _candidates(config))
    for name, where in places.items():
        yield _finding(config, name, where, None if name.isupper() or name.isdigit() else meant(name))


def _has_fallback(setting: Setting, reference: Reference) -> bool:
    """Whether it is the ``${name:-text}`` of a shell (rule shell-syntax-in-value)."""
    unfilled = shell_syntax(setting)
    end = reference.name_start + len(reference.name)
    return unfilled is not None and unfilled.kind == FALLBACK and setting.value.text.startswith(":-", end)


def _candidates(config: Configuration) -> set[str]:
    made_up = {setting.name for setting in settings(config) if catalogue.parameter(setting.name) is None}
    return made_up.union(catalogue.names(config.version))


def _finding(
    config: Configuration, name: str, places: list[tuple[Setting, Reference]], meant: str | None
) -> Finding:
    if any(setting.name == meant for setting, _ in places):
        meant = None  # it would refer to itself
    locations = [_location(setting, reference) for setting, reference in places]
    first, *others = locations
    if name.isdigit():
        mend = f"write `$${name}`, if a regular expression is to see `${name}`"
    elif name.isupper():
        mend = "let the program that fills in this name write the file before Postfix reads it"
    elif meant is not None:
        mend = f"write `${meant}`"
    else:
        mend = f"set `{name}` in main.cf, or remove the reference"
    return Finding(
        first,
        f"`${name}` becomes nothing: Postfix has no parameter of this name, and no file sets one",
        mend=mend,
        severity=INFO if name.isupper() else _severity(config, meant, places),
        confidence=LOW if name.isupper() else HIGH if config.master is not None else MEDIUM,
        parameter=places[0][0].name,
        related=tuple(Related(location, "here, too") for location in others),
        fix=_fix(name, meant, locations),
        services=tuple(dict.fromkeys(service for setting, _ in places for service in services_of(setting))),
    )


def _severity(config: Configuration, meant: str | None, places: list[tuple[Setting, Reference]]) -> str:
    if all(_does_no_harm(setting, reference) for setting, reference in places):
        return INFO
    return ERROR if meant is not None and config.master is not None else WARNING


def _does_no_harm(setting: Setting, reference: Reference) -> bool:
    is_test = not setting.value.text.startswith("$", reference.start)
    return is_test or setting.name in _LISTS_OF_ALL_TABLES


def _location(setting: Setting, reference: Reference) -> Location:
    return setting.value.location(reference.name_start, reference.name_start + len(reference.name))


def _fix(name: str, meant: str | None, locations: list[Location]) -> Fix | None:
    if meant is None:
        return None
    edits = tuple(Edit(location, meant) for location in locations)
    return Fix(f"write `${meant}`", edits, safe=one_slip_apart(name, meant))
