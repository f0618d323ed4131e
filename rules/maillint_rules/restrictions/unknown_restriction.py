"""A word in an access list that is no restriction makes smtpd turn mail away.

## What happens
smtpd reads the list when a client is there. As soon as it arrives at a word that is neither a restriction
nor a restriction class, it logs `unknown smtpd restriction` and answers `451 4.3.5 Server configuration
error`: everybody who was not permitted before waits and, after days, gets the mail back. `postconf` and
`postfix check` say nothing.

The names of restrictions may be written in any case. Those of restriction classes may not, and a class
must be listed in `smtpd_restriction_classes`. A word with a colon is taken for a table.

## Bad
```main.cf unknown-restriction@1 fragment
smtpd_recipient_restrictions = reject_unknown_recipent_domain
```

### A class that nobody declared
```main.cf unknown-restriction@2 fragment
from_partners = permit_mynetworks, reject
smtpd_recipient_restrictions = from_partners
```

### Two lists behind one word
```main.cf unknown-restriction@2 fragment
smtpd_client_restrictions = permit_mynetworks,
  reject_rbl_client psbl.surriel.com, bl.spamcop.net
```

### Too new for the version
```main.cf unknown-restriction@1 postfix=2.10 fragment
smtpd_sender_restrictions = check_sender_a_access hash:/etc/postfix/hosts
```

### Braces, which group nothing
```main.cf unknown-restriction@2 fragment
myhostname = mail.example.com
smtpd_client_restrictions = {permit_mynetworks, reject_unknown_client_hostname}
```

## Good
```main.cf fragment
smtpd_recipient_restrictions = reject_unknown_recipient_domain
```

```main.cf fragment
smtpd_restriction_classes = from_partners
from_partners = permit_mynetworks, reject
smtpd_recipient_restrictions = from_partners
```

```main.cf fragment
smtpd_client_restrictions = Permit_MyNetworks,
  reject_rbl_client zen.spamhaus.org=127.0.0.[2..11], reject_rbl_client bl.spamcop.net
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: unknown smtpd restriction: "reject_unknown_recipent_domain"
451 4.3.5 Server configuration error
```

```witness rcpt bad=5
postfix/smtpd: warning: unknown smtpd restriction: "{permit_mynetworks, reject_unknown_client_hostname}"
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- SMTPD_ACCESS_README; RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix import catalogue, vocabulary
from maillint.postfix.restrictions import UNKNOWN_NAME, access_lists

from .._names import one_slip_apart, speller
from .._told import is_placeholder
from ._lists import LISTS, SERVER_ERROR, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._lists import Judged

_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:=\S+)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\[?[0-9]+\.[0-9.]+(?:/[0-9]+)?\]?")
_AROUND = ";|'\"."
"""What stands around a word by mistake."""


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", UNKNOWN_NAME),
)
def unknown_restriction(view: View) -> Iterator[Finding]:
    meant = speller(lambda: _candidates(view))
    continued: set[str] = set()
    for found in judged(view):
        word = _word(found)
        if found.problem != UNKNOWN_NAME or _is_class(view, found):
            continue
        if is_placeholder(word) and _grouped(word) is None:
            continue
        if word.endswith("\\"):
            if found.list.name in continued:
                continue  # The same mistake at the end of another line.
            continued.add(found.list.name)
        yield _finding(view, found, meant)


def _grouped(word: str) -> str | None:
    """What stands in the braces of *word*, if it begins like an access list; None: it does not."""
    inside = word[1:-1].strip() if word[:1] == "{" and word[-1:] == "}" else ""
    first = re.match(r"[\w-]*", inside)
    return inside if first and vocabulary.restriction(first[0]) is not None else None


def _is_class(view: View, found: Judged) -> bool:
    """Whether the word is a class without definition (rule undefined-restriction-class)."""
    return _word(found) in (item.text for item in access_lists(view).undefined)


def _candidates(view: View) -> list[str]:
    version = view.configuration.version
    facts = map(vocabulary.restriction, vocabulary.restriction_names())
    names = [fact.name for fact in facts if fact is not None and fact.since.within(version)]
    return names + list(access_lists(view).classes)


def _word(found: Judged) -> str:
    return found.restriction.word.text


def _finding(view: View, found: Judged, meant: Callable[[str], str | None]) -> Finding:
    word = _word(found)
    why, mend, replacement = _explain(view, found, meant)
    literal = found.location.text == word
    fix = None
    if replacement is not None and literal:
        fix = Fix.write(found.location, replacement, safe=one_slip_apart(word, replacement))
    return Finding(
        found.location,
        f"smtpd answers {SERVER_ERROR} to everybody who gets as far as `{word}`: {why}",
        mend=mend,
        parameter=found.list.name,
        fix=fix,
    )


def _explain(view: View, found: Judged, meant: Callable[[str], str | None]) -> tuple[str, str, str | None]:
    """Why the word is unknown, what to do, and what to write in its place if that is plain."""
    word = _word(found)
    classes = access_lists(view).classes
    for name in (*classes, "reject_sender_login_mismatch"):
        if name.lower() == word.lower():
            return f"the case of `{name}` counts", f"write `{name}`", name
    too_new = vocabulary.restriction(word)
    if too_new is not None:
        version, since = view.configuration.version, too_new.since.release
        return f"Postfix {version} does not know it", f"remove it, or run Postfix {since} or later", None
    if catalogue.parameter(word) is None and view.is_set(word):
        why = "`smtpd_restriction_classes` does not list it, so it is no class"
        return why, f"add `{word}` to `smtpd_restriction_classes`", None
    why = "an action of an access table is no restriction" if _is_action(word) else "it is no restriction"
    if word.endswith("\\"):
        return (
            "a `\\` does not continue a line",
            "remove it: an indented line goes on anyway",
            None,
        )
    grouped = _grouped(word)
    if grouped is not None:
        return "braces do not group restrictions", "remove the braces", grouped
    inside = word.strip(_AROUND)
    if inside != word and vocabulary.restriction(inside) is not None:
        return why, f"write `{inside}`, and separate restrictions by commas or blanks", None
    if _DOMAIN.fullmatch(word):
        return why, f"write `reject_rbl_client {word}`, if it is a DNS list: each needs its own word", None
    if _ADDRESS.fullmatch(word):
        return why, "put addresses into `mynetworks`, or into a table for `check_client_access`", None
    near = meant(word)
    mend = f"write `{near}`" if near is not None else "remove it, or write the restriction that is meant"
    return why, mend, near


def _is_action(word: str) -> bool:
    return word.upper() in vocabulary.actions("access")
