"""A line of a lookup table that is left out when the table is built.

## What happens
`postmap` and `postalias` leave out the lines that they cannot read, with a warning that scrolls by, and build
the table from the others; a `texthash:` table is read in the same way when a program starts. So the entry is
missing: an address is unknown, a rejected client may come in.

- An entry of most tables is a key, white space and a value; in a table of aliases there is a colon between
  them, and the key is a name without domain.
- A line that begins with white space continues the one above; the first cannot.
- A key with white space stands in double quotes, which are closed.
- Text that is not ASCII must be UTF-8.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual table-bad-line@1
sales@example.com
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual table-bad-line@1
  sales@example.com anna@example.net
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = hash:/etc/postfix/aliases
alias_database = $alias_maps
```
```aliases table-bad-line@2
postmaster: root
root anna
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = hash:/etc/postfix/aliases
alias_database = $alias_maps
```
```aliases table-bad-line@1
sales@example.com: anna
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual
# For the shop
sales@example.com
    anna@example.net

"front desk"@example.com bert@example.net
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = hash:/etc/postfix/aliases
alias_database = $alias_maps
```
```aliases
postmaster: root
"front desk": anna,
  bert
root: anna@example.net
```

## What Postfix says
```witness postmap /etc/postfix/virtual
postmap: warning: /etc/postfix/virtual, line 1: expected format: key whitespace value
```

```witness postmap /etc/postfix/virtual bad=2
postmap: warning: /etc/postfix/virtual: logical line must not start with whitespace: ...
```

```witness postalias /etc/postfix/aliases bad=3
postalias: warning: /etc/postfix/aliases, line 2: need name:value pair
```

```witness postalias /etc/postfix/aliases bad=4
postalias: warning: /etc/postfix/aliases, line 1: name must be local
```

## When it is right
Never: a line that does nothing is a comment.

## References
- postmap(1), postalias(1), aliases(5), DATABASE_README
- Postfix source: postmap/postmap.c, postalias/postalias.c, util/dict_thash.c, util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import NO_PAIR, NO_VALUE, NOT_LOCAL, UNBALANCED_QUOTE
from maillint.postfix.tablefile import INDENTED_START, LIMIT, NOT_UTF8

from .._tablefiles import UNREAD, Judged, finding, problems, table_files

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WHY = {
    NO_VALUE: ("there is a key and no value", "write the value behind it, or make the line a comment"),
    UNBALANCED_QUOTE: ("a quote is not closed", "close the quote, or write a backslash before it"),
    NOT_UTF8: ("it is not UTF-8", "save the file as UTF-8"),
    INDENTED_START: ("nothing stands above it that it could continue", "remove the white space before it"),
    NO_PAIR: ("it is not of the form `name: value`", "write a name, a colon and where its mail goes"),
    NOT_LOCAL: ("the name of an alias has no domain", "write the name alone, or put the address into a table"
        " that `virtual_alias_maps` names"),
}  # fmt: skip


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", *_WHY, UNREAD))
def table_bad_line(config: Configuration) -> Iterator[Finding | NotChecked]:
    for judged in problems(config, *_WHY):
        if judged.reader in ("postmap", "postalias") or judged.problem.kind == INDENTED_START:
            if judged.problem.kind == NOT_UTF8 and config.main_view.boolean("smtputf8_enable") is False:
                continue
            why, mend = _WHY[judged.problem.kind]
            yield finding(judged, f"{_who(judged)} leaves this line out: {why}", mend)
    for table in table_files(config):
        if table.file.error:
            where = table.uses[0].item.location
            yield NotChecked("", f"the table {table.file.path} cannot be read: {table.file.error}", "", where)
        elif table.file.is_cut:
            where = table.file.location(table.file.found[-1])
            reason = f"{table.file.path} has more than {LIMIT} problems; the rest of it was not looked at"
            yield NotChecked("", reason, "", where)


def _who(judged: Judged) -> str:
    if judged.reader in ("postmap", "postalias") and judged.table.type != "texthash":
        return f"`{judged.reader}`"
    return "Postfix"
