r"""A rule of a regexp or pcre table that Postfix skips.

## What happens
The program that opens the table warns, skips the rule and goes on with the others: what the rule was to
reject comes in, what it was to rewrite stays. A rule is a pattern between delimiters, flags, white space
and a result; `$1` in the result is what the first group has matched. Without a result, the empty text is
the result, which no program wants.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks regexp-syntax@1 regexp-syntax@2 regexp-syntax@3 regexp-syntax@4 regexp-syntax@5
/^Subject:.*cheap/q REJECT
/^Subject: (free/ REJECT
/^X-Spam: yes REJECT
Subject: offer REJECT
/^Subject: (.*)$/ WARN $2
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = regexp:/etc/postfix/header_checks
```
```header_checks regexp-syntax@1 regexp-syntax@2 regexp-syntax@3 regexp-syntax@4 regexp-syntax@5
/^Subject: [a-/ REJECT
!/^Subject: (.*)$/ WARN $1
endif
if /^From:/
/^Subject:/
```

```main.cf regexp-syntax@1 fragment
header_checks = pcre:{ { /^Subject: (cheap/ REJECT } { /^X-Spam:/ IGNORE } }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks
if /^Subject:/
/^Subject:.*cheap/ REJECT
/^Subject: (?:free|\(gratis\))/ REJECT for $$5
/^Subject: (.*)$/ WARN $1 or ${1}
endif
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = regexp:/etc/postfix/header_checks
```
```header_checks
/^Subject: [a-f]{3}/ REJECT
!/^Subject:/ DUNNO
|^From:.*/x| REJECT
```

## What Postfix says
```witness deliver
postfix/cleanup: warning: pcre map ..., line 1: unknown regexp option "q": skipping this rule
postfix/cleanup: warning: pcre map ..., line 2: error in regex at offset ...: missing closing parenthesis
postfix/cleanup: warning: pcre map ..., line 3: no closing regexp delimiter "/": ignoring this rule
postfix/cleanup: warning: pcre map /etc/postfix/header_checks, line 4: ignoring unrecognized request
postfix/cleanup: warning: pcre map ..., line 5: out of range replacement index "2": skipping this rule
```

```witness deliver bad=2
postfix/cleanup: warning: regexp map /etc/postfix/header_checks, line 1: Unmatched [, [^, [:, [., or [=
postfix/cleanup: warning: regexp map ..., line 2: $number found in negative match replacement text:...
postfix/cleanup: warning: regexp map /etc/postfix/header_checks, line 3: ignoring ENDIF without matching IF
postfix/cleanup: warning: regexp map ..., line 5: no replacement text: using empty string
postfix/cleanup: warning: regexp map /etc/postfix/header_checks, line 4: IF has no matching ENDIF
```

```witness deliver bad=3
postfix/cleanup: warning: pcre map { ..., line 1: error in regex at offset ...: missing closing parenthesis
```

## When it is right
Never.

## References
- regexp_table(5), pcre_table(5)
- Postfix source: util/dict_regexp.c, util/dict_pcre.c, util/mac_parse.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.pattern_syntax import (
    BAD_FLAG,
    BAD_INDEX,
    BAD_REGEX,
    BAD_REPLACEMENT,
    EXTRA_TEXT,
    INDEX_IN_NEGATIVE,
    NO_DELIMITER,
    NOT_A_RULE,
)
from maillint.postfix.table_syntax import NO_VALUE, UNMATCHED_ENDIF, UNMATCHED_IF

from .._tablefiles import Judged, finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SKIPPED = "Postfix skips this rule"
_EXPLAINED = {
    INDEX_IN_NEGATIVE: (
        f"{_SKIPPED}: a pattern that must not match has no groups for `$number`",
        "write the result without `$`, or the pattern without `!`",
    ),
    NOT_A_RULE: (
        "Postfix ignores this line: it is no pattern between delimiters, no `if` and no `endif`",
        "write the pattern between delimiters, as in `/pattern/ result`",
    ),
    EXTRA_TEXT: ("Postfix ignores this text: it stands behind the condition", "put it on a line of its own"),
    NO_VALUE: ("the rule has no result, so an empty one is found", "write a result behind the pattern"),
    UNMATCHED_ENDIF: ("Postfix ignores this line: there is no `if` for it", "remove it, or add the `if`"),
    UNMATCHED_IF: ("the rest of the table is for this condition alone: no `endif` follows", "write `endif`"),
}


_KINDS = (NO_DELIMITER, BAD_FLAG, BAD_REGEX, BAD_REPLACEMENT, BAD_INDEX, *_EXPLAINED)


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", *_KINDS))
def regexp_syntax(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, *_KINDS):
        if judged.reader in ("regexp", "pcre"):
            yield finding(judged, *_explain(judged))


def _explain(judged: Judged) -> tuple[str, str]:
    kind, word, text = judged.problem.kind, judged.problem.argument, judged.text
    if kind == BAD_REGEX:
        return f"{_SKIPPED}: {word}", "mend the pattern; a backslash makes a character mean itself"
    if kind == BAD_FLAG:
        return (
            f"{_SKIPPED}: behind the pattern stands `{word}`, which is no flag of a {judged.reader} table",
            "write white space behind the delimiter, and a `\\` before one in the pattern",
        )
    if kind == NO_DELIMITER:
        if not word:
            return f"{_SKIPPED}: there is no pattern", "write a pattern between delimiters"
        return f"{_SKIPPED}: the pattern has no closing `{word}`", f"write `{word}` behind the pattern"
    if kind == BAD_INDEX:
        return (
            f"{_SKIPPED}: the pattern has no group for `{text}`, it has {word}",
            "put what is meant in parentheses, or change the number",
        )
    if kind == BAD_REPLACEMENT:
        return f"{_SKIPPED}: `{text}` is no `$number`", "write `$$` for a dollar sign"
    return _EXPLAINED[kind]
