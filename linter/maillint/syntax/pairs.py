"""Reading files with one ``name value`` a line. A format is a regular expression: no grammar is needed.

Every text is in each of these formats; lines that say nothing are left out. No line can be matched in two
ways: the time that reading takes grows with the text and no faster.
"""

from __future__ import annotations

import re

from .entries import Entry, EntryFile, written
from .source import Source, Span

WORDS = re.compile(
    r"^[ \t]*(?P<name>[^\s#]+)(?:[ \t]+(?P<value>[^#\s](?:[^#\r\n]*[^#\s])?))?"
    r"[^\S\n]*(?:[#\r][^\n]*)?$",
    re.MULTILINE,
)
"""``name value``; a ``#`` begins a comment wherever it stands (opendkim/config.c)."""

QUOTED_WORDS = re.compile(
    r'^[ \t]*(?P<name>[^\s#"]+)'
    r'(?:[ \t]+(?:"(?P<quoted>[^"\n]*)"|(?P<value>[^\s"](?:[^\n"]*[^\s"])?)))?[^\S\n]*$',
    re.MULTILINE,
)
"""The same with a value that may be in quotes; only a whole line is a comment (msmtp(1))."""

ASSIGNMENTS = re.compile(
    r"^[ \t]*(?P<name>[^\s#=:]+)[ \t]*[=: \t][ \t]*(?P<value>[^\s=#]+)?[^\n]*$", re.MULTILINE
)
"""``name=value``, where the value is one word (ssmtp.c, read_config)."""

INI = re.compile(
    r"^[ \t]*(?:\[(?P<section>[^\]\n]*)\]"
    r"|(?P<name>[^\s;#=\[][^=;\n]*)=[ \t]*"
    r"(?:\"(?P<quoted>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<value>[^;\n\"]*[^\s;\"])?))[^\n]*$",
    re.MULTILINE,
)
"""``name = value`` in ``[sections]``; a ``;`` begins a comment (PHP's Zend/zend_ini_scanner.l)."""

_VALUES = ("value", "quoted", "single")


def parse_pairs(source: Source, form: re.Pattern[str]) -> EntryFile:
    """The entries of a file of the format *form*, one of this module's."""
    entries: list[Entry] = []
    within: tuple[Entry, ...] = ()
    values = [name for name in _VALUES if name in form.groupindex]
    for found in form.finditer(source.text):
        group = next((name for name in values if found[name] is not None), None)
        value = Span(*found.span(group)) if group is not None else Span(found.end("name"), found.end("name"))
        if "section" in form.groupindex and found["section"] is not None:
            at = found.start("section")
            head = Entry(source, Span(*found.span("section")), written(source, at, at), (), is_section=True)
            within = (head,)
            entries.append(head)
            continue
        start = found.start("name")
        name = Span(start, start + len(found["name"].rstrip()))
        entries.append(Entry(source, name, written(source, *value), within, is_section=False))
    return EntryFile(source, entries)
