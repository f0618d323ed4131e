"""A word that the parameter does not know.

## What happens
Many parameters take words from a short list. What Postfix does about another word depends on the parameter:
mostly the program that reads it ends, when it is started; sometimes it warns and ignores the word, or all of
the value; and sometimes it finds out only when it needs the word, and then refuses the mail. `postconf` and
`postfix check` say nothing. Some words must be written in lower case.

## Bad
```main.cf enum-value-invalid@1 fragment
smtpd_tls_security_level = maybe
```

```main.cf enum-value-invalid@1 fragment
notify_classes = resource, software, Bounce
```

```main.cf enum-value-invalid@1 fragment
smtp_tls_security_level = mandatory
```

```main.cf enum-value-invalid@1 fragment
postscreen_greet_action = reject
```

```main.cf enum-value-invalid@1 fragment postfix=2.10
smtp_tls_security_level = dane
```

```master.cf enum-value-invalid@2
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=required
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtp_tls_security_level = Encrypt
notify_classes = resource, software, bounce
postscreen_greet_action = enforce
smtp_address_preference = IPv6
milter_default_action = tempfail
```

## What Postfix says
```witness knock
postfix/smtpd: fatal: Invalid TLS level "maybe"
```

## When it is right
Never.

## References
- postconf(5)
- Postfix source: util/name_code.c, util/name_mask.c, milter/milter8.c, xsasl/xsasl_cyrus_security.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest

from .._programs import Readers, readers
from ._refused import related, replacement, shown
from ._typed import UNKNOWN_WORD, wrong_words

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Enumeration
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.lists import ListItem

    from .._values import Judged

_OWN_RULE = frozenset({"inet_protocols"})

_TLS_LEVEL = {
    word: level
    for level, words in (
        ("may", "yes on true 1 opportunistic optional enabled maybe prefer"),
        ("none", "no off false 0 disabled never"),
        ("encrypt", "must mandatory required require force forced enforce always encrypted"),
    )
    for word in words.split()
}
_MEANT = {
    "tls-client-level": _TLS_LEVEL,
    "tls-server-level": _TLS_LEVEL,
    "dns-support": {"yes": "enabled", "no": "disabled", "on": "enabled", "off": "disabled"},
    "milter-action": {"defer": "tempfail", "continue": "accept", "ok": "accept", "pass": "accept"},
    "postscreen-action": {"reject": "enforce", "block": "enforce", "deny": "enforce", "none": "ignore"},
}
"""What people write for words of these enumerations."""

_WHEN_USED = {
    "cipher-grade": "no TLS session comes about",
    "internal-mail": "`bounce` and others stop with a fatal error when they make mail",
    "log-address": "`qmgr` and others stop with a fatal error when they log an address",
    "mail-sources": "`smtpd` and others stop with a fatal error when they take mail",
    "milter-action": "mail is answered with `451 4.3.5` when a milter fails",
    "milter-protocol": "no milter is talked to, and mail is answered with `451 4.3.5`",
    "sasl-client-options": "{who} with a fatal error when SASL is used",
    "sasl-server-options": "{who} with a fatal error when SASL is used",
}
"""What happens when the word is needed that nothing was said about before."""

_HARMLESS = {
    "void": "the whole value is ignored, with a warning",
    "warn": "the word is ignored, with a warning",
    "skip": "the word is ignored",
}


_NEEDED_WITH = {
    f"{program}_sasl_{option}": f"{program}_sasl_auth_enable"
    for program in ("smtp", "lmtp", "smtpd")
    for option in ("type", "security_options", "tls_security_options", "tls_verified_security_options")
} | {"smtpd_proxy_options": "smtpd_proxy_filter"}
"""The parameters that nobody looks at before another one is set."""
_NOT_NEEDED_WITH = {
    "mynetworks_style": "mynetworks",
    "smtpd_tls_security_level": "smtpd_tls_wrappermode",
}
"""The parameters that nobody looks at once another one is set."""


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", UNKNOWN_WORD))
def enum_value_invalid(config: Configuration) -> Iterator[Finding]:
    for judged, known, wrong in wrong_words(config):
        who = readers(judged) if judged.parameter.name not in _OWN_RULE else None
        if who is not None:
            for word in wrong:
                yield _finding(config, judged, known, who, word)


def _finding(
    config: Configuration, judged: Judged, known: Enumeration, who: Readers, word: ListItem
) -> Finding:
    words = known.words_in(config.version)
    later = known.introduced(word.text)
    synonym = _MEANT.get(known.name, {}).get(word.text.lower())
    meant = None if later else synonym or nearest(word.text, words)
    place = (word.start, word.end)
    consequence = _unneeded(judged)
    is_error = not consequence and _is_error(known, who)
    return Finding(
        judged.location(*place),
        f"`{judged.parameter.name}` has no word {shown(word.text)}"
        + (f" before Postfix {later}" if later else "")
        + f": {consequence or _consequence(known, who)}",
        mend=f"write `{meant}`" if meant else f"write {_choice(words)}",
        severity=None if is_error else WARNING,
        parameter=judged.parameter.name,
        related=related(judged),
        fix=replacement(judged, meant, sure=synonym is None, place=place),
        services=who.services,
    )


def _consequence(known: Enumeration, who: Readers) -> str:
    harmless = _HARMLESS.get(known.otherwise)
    if harmless or known.name not in _WHEN_USED:
        return harmless or who.halt
    return _WHEN_USED[known.name].format(who=who.stop)


def _is_error(known: Enumeration, who: Readers) -> bool:
    return who.are_here and known.otherwise not in _HARMLESS and known.name != "milter-action"


def _unneeded(judged: Judged) -> str:
    """Why nobody looks at the value, a clause; empty: somebody may."""
    name, view = judged.parameter.name, judged.view
    views = view.configuration.views if view.service is None else (view,)
    other = _NEEDED_WITH.get(name)
    if other is not None and all(_is_off(each, other) for each in views):
        return f"it shows as soon as `{other}` is set"
    other = _NOT_NEEDED_WITH.get(name)
    if other is not None and view.is_set(other) and not _is_off(view, other):
        return f"it shows as soon as `{other}` is not set any more"
    return ""


def _is_off(view: View, name: str) -> bool:
    return view.value(name).text in ("", "no")


def _choice(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return f"`{words[0]}`"
    shown_words = words if len(words) <= 12 else words[:11]
    *first, last = (f"`{word}`" for word in shown_words)
    more = " or one more of postconf(5)" if len(words) > len(shown_words) else ""
    return f"{', '.join(first)} or {last}{more}" if not more else f"{', '.join((*first, last))}{more}"
