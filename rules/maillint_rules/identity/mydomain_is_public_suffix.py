"""The domain of the host is a name like com, which is nobody's.

## What happens
Where `mydomain` is not set, it is `myhostname` without its first part. For a host that is called as its mail
domain, `example.com`, that leaves `com`. Whatever refers to `$mydomain` then means all of the world below it:
mail from programs leaves as `user@com`, addresses without a domain are completed with it, and
`relay_domains = $mydomain` opens the host.

The rule speaks where something depends on `$mydomain`; in `localhost.$mydomain` it does no harm.

## Bad
```main.cf mydomain-is-public-suffix@1
myhostname = example.com
myorigin = $mydomain
compatibility_level = 3.6
```

```main.cf mydomain-is-public-suffix@2
myhostname = example.co.uk
mydomain = co.uk
myorigin = $mydomain
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = example.com
mydomain = example.com
myorigin = $mydomain
compatibility_level = 3.6
```

```main.cf
myhostname = example.com
myorigin = $myhostname
compatibility_level = 3.6
```

## What Postfix says
```witness deliver user bad=2
...: to=<user@co.uk>, orig_to=<user>, ...
```

## When it is right
Never, but for the servers of a registry.

## References
- postconf(5) mydomain, myorigin, append_dot_mydomain
- Postfix source: global/mail_params.c (check_mydomainname)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.public_suffix import is_public_suffix
from maillint.syntax.value import parse_value, references

from .._chain import set_here
from .._domains import SUFFIX
from .._edits import lines_below

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_GRAVE = ("myorigin", "masquerade_domains", "relay_domains")
"""What such a domain breaks; the other uses do less harm."""
_USES = (
    *_GRAVE,
    "virtual_alias_domains",
    "virtual_mailbox_domains",
    "smtp_helo_name",
    "smtpd_sasl_local_domain",
)


@rule(
    severity=ERROR,
    area="identity",
    parameters=("myhostname", "mydomain"),
    when_set=True,
    noted=("maillint_rules._domains", SUFFIX),
)
def mydomain_is_public_suffix(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    value = view.value("mydomain")
    domain = (value.text or "").lower()
    cause = value.setting or view.setting("myhostname")
    if cause is None or not is_public_suffix(domain):
        return
    uses = [setting for name in _USES if (setting := view.setting(name)) is not None and _refers(setting)]
    appends = bool(view.boolean("append_dot_mydomain"))
    if not uses and not appends:
        return
    name = f"`{uses[0].name}`" if uses else "the domain of each address that has no dot"
    by_default = "" if value.setting is not None else f", which is what is left of `{cause.value.text}`"
    meant = _meant(config, domain)
    yield Finding(
        cause.value.location(),
        f"`$mydomain` is `{domain}`{by_default}: nobody's domain, and {name} is made of it",
        mend=f"write `mydomain = {meant or 'example.com'}`"
        + ("" if meant else " with the domain of the host"),
        severity=ERROR if any(setting.name in _GRAVE for setting in uses) else WARNING,
        parameter="mydomain",
        related=set_here(uses),
        fix=_fix(cause, meant) if meant else None,
    )


def _refers(setting: Setting) -> bool:
    return any(reference.name == "mydomain" for reference in references(parse_value(setting.value.text)))


def _meant(config: Configuration, suffix: str) -> str:
    """The domain of the host below *suffix*; empty: it is not known."""
    host = (config.main_view.value("myhostname").text or "").lower()
    label = host.removesuffix(f".{suffix}").rpartition(".")[2]
    return f"{label}.{suffix}" if host.endswith(f".{suffix}") and label else ""


def _fix(cause: Setting, meant: str) -> Fix:
    title = f"write `mydomain = {meant}`"
    if cause.name == "mydomain":
        return Fix(title, (Edit(cause.value.location(), meant),))
    return Fix(title, (lines_below(cause, f"mydomain = {meant}\n"),))
