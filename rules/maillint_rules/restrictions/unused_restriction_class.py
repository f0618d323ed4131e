"""A restriction class that no list and no table names.

## What happens
A class in `smtpd_restriction_classes` acts only where its name stands in an access list, in another class,
or in the result of an access table. One that stands nowhere does nothing: the checks in it, which somebody
once thought of, are not made.

## Bad
```main.cf unused-restriction-class@1 fragment
smtpd_restriction_classes = strict, lax
strict = reject_unknown_client_hostname
lax = permit
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
    check_recipient_access inline:{info@example.com=lax}
```

## Good
```main.cf fragment
smtpd_restriction_classes = strict, lax
strict = reject_unknown_client_hostname
lax = permit
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
    check_recipient_access inline:{info@example.com=lax},
    strict
```

### A database may name it
```main.cf fragment
smtpd_restriction_classes = strict
strict = reject_unknown_client_hostname
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
    check_recipient_access mysql:/etc/postfix/recipients.cf
```

## When it is right
A class that is kept for later. Where a table cannot be read, or a policy server or another service may name
the class, the rule says nothing.

## References
- RESTRICTION_CLASS_README; postconf(5) smtpd_restriction_classes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix import vocabulary
from maillint.postfix.restrictions import CLASS, CLASSES, access_lists
from maillint.postfix.table_lookup import open_table

from .._tables import ACCESS, named_tables
from .._told import told
from .._uses import shown
from ._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_ASKS_OTHERS = "check_policy_service"
"""A policy server may answer with the name of a class, too."""


@rule(severity=INFO, area="restrictions", parameters=(CLASSES,), when_set=True)
def unused_restriction_class(config: Configuration) -> Iterator[Finding]:
    setting = config.settings.get(CLASSES)
    if setting is None or config.main is None or told(config.main_view.value(CLASSES)):
        return
    words = _words(config)
    if words is None:
        return
    for item in config.main_view.items(CLASSES):
        if item.known and item.location is not None and item.text not in words:
            if item.text not in access_lists(config.main_view).classes:
                continue  # undefined-restriction-class
            if vocabulary.restriction(item.text) is not None:
                continue  # restriction-class-shadowed
            yield Finding(
                item.location,
                f"no access list and no table names the class {shown(item.text)}, so it does nothing",
                mend="name it where it is to act, or remove it and its definition",
                parameter=CLASSES,
            )


def _words(config: Configuration) -> frozenset[str] | None:
    """The classes that lists and tables name; None: some of it is not known."""
    names: set[str] = set()
    for view in {config.main_view, *smtpd_views(config)}:
        lists = access_lists(view)
        for where in (*lists.lists.values(), *lists.classes.values()):
            if where.value.text is None:
                return None
            for restriction in where.restrictions:
                if restriction.name == _ASKS_OTHERS or not restriction.certain:
                    return None
                if restriction.kind == CLASS:
                    names.add(restriction.name)
    for named in named_tables(config):
        if named.use == ACCESS:
            results = _results(named.item.text[named.offset :], named.view)
            if results is None:
                return None
            names |= results
    return frozenset(names)


def _results(table: str, view: View) -> set[str] | None:
    contents = open_table(table, view)
    if not contents.is_known:
        return None
    values = (entry.value for entry in contents.entries())
    return {word for value in values for word in value.replace(",", " ").split()}
