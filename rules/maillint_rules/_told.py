"""Which settings a rule about syntax has spoken of already: what they hold is no further mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.expand import UNKNOWN
from maillint.record import NamedTuple
from maillint.syntax.source import Location, Span
from maillint.syntax.tree import Malformed
from maillint.syntax.value import parse_value, problems

from ._characters import BYTE_ORDER_MARK, pattern
from ._lines import indented_settings
from ._settings import namespaces
from ._text import BANNERS, may_hold_anything

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import Setting

CUT = "cut"
"""A NUL byte cuts some value off."""
QUOTED = "quoted"
"""Some value stands in quotes."""
COMMENT = "comment"
"""Some value, or word of master.cf, looks like a comment."""
SWALLOWED = "swallowed"
"""Some value holds what looks like another setting."""
REPEATED = "repeated"
"""Some name is set twice."""
BROKEN = "broken"
"""Some value holds a ``$`` that Postfix cannot expand."""
TYPOGRAPHIC = "typographic"
"""Some value or name has a character that nobody types."""
BACKSLASH = "backslash"
"""A line of some value ends with a backslash."""
COMMENTED_HEAD = "commented-head"
"""Some value holds the lines of a setting whose first line is commented out."""
FOREIGN = "foreign"
"""In some list stands a semicolon or a bar."""
SHELL = "shell"
"""Some value holds what a shell, or another program, would have replaced."""
UNFILLED = "unfilled"
"""Some value is a placeholder, or holds one."""
MARKED = "marked"
"""There is a byte order mark in some file."""

_HEAD = r"(?m)^[ \t]*#[ \t]*(?P<name>\w+)[ \t]*=(?P<value>[^\n]*)$"
_COMMENT = r"(?<!\S)#"
_OWN_COMMENT = _COMMENT + r"[ \t]*maillint:"
_LISTS = frozenset({"list", "match-list", "maps", "milters", "server-acl"})
_WRITTEN_OUT = "static:"
_HOME_MAILBOX = "home_mailbox"
_MAILBOXES = frozenset({_HOME_MAILBOX, "mail_spool_directory", "virtual_mailbox_base"})
_FOR_A_PERSON = r"<[A-Za-z][^<>=@]*>|@@\w+@@"
_PLACEHOLDER_MARKS = frozenset("{}<>")
_PLAIN = re.compile(r"(?:-o[ \t]*)?\w+[ \t]*=[\w \t\n!$&()*+,./:<>?@\[\]^-]*", re.ASCII)
"""A setting in which nothing looks odd: no quote, ``#``, ``;``, ``|``, ``%``, ``{``, and no second ``=``."""
_NAMES_NOTHING = re.compile(r"\$(?!\w)", re.ASCII)


def noted(config: Configuration) -> frozenset[str]:
    """What looks odd in the files: the kinds of malformed nodes, and the words of this module."""
    words = {
        node.kind
        for file in (config.main, config.master)
        for node in (file.nodes if file is not None else ())
        if isinstance(node, Malformed)
    }
    for file in (config.main, config.master):
        if file is not None and BYTE_ORDER_MARK in file.source.text:
            words.add(MARKED)
    for namespace in namespaces(config):
        if len({setting.name for setting in namespace}) < len(namespace):
            words.add(REPEATED)
        for setting in namespace:
            words.update(_noted(setting))
    if config.main is not None and any(is_unfilled(config, setting) for setting in config.main.settings):
        words.add(UNFILLED)
    if any(word.text.startswith("#") for service in config.services for word in service.arguments):
        words.add(COMMENT)
    return frozenset(words)


def _noted(setting: Setting) -> Iterator[str]:
    if _is_plain(setting) and not _NAMES_NOTHING.search(setting.value.text):
        return
    if setting.cut is not None:
        yield CUT
    if is_quoted(setting):
        yield QUOTED
    if has_comment(setting):
        yield COMMENT
    if next(swallowed_settings(setting), None) is not None:
        yield SWALLOWED
    text = setting.value.text
    if is_typographic(setting):
        yield TYPOGRAPHIC
    if commented_head(setting) is not None:
        yield COMMENTED_HEAD
    if next(foreign_separators(setting), None) is not None:
        yield FOREIGN
    if shell_syntax(setting) is not None:
        yield SHELL
    if next(backslashes_at_line_ends(setting.value), None) is not None:
        yield BACKSLASH
    if "$" in text and next(problems(parse_value(text)), None) is not None:
        yield BROKEN


def told_elsewhere(setting: Setting) -> bool:
    """Whether a rule of the area ``syntax`` speaks of the value of *setting*, as it is written.

    What it makes of ``$name`` is not looked at; see :func:`told`.
    """
    return not _is_plain(setting) and (
        setting.cut is not None
        or is_quoted(setting)
        or has_comment(setting)
        or is_typographic(setting)
        or shell_syntax(setting) is not None
        or next(foreign_separators(setting), None) is not None
        or commented_head(setting) is not None
        or next(swallowed_settings(setting), None) is not None
    )


def _is_plain(setting: Setting) -> bool:
    """Whether a glance tells that none of the rules has anything to say but for a ``$``: so it is mostly."""
    span = setting.span
    return _PLAIN.fullmatch(setting.source.text, span.start, span.end) is not None


def told(value: Value) -> bool:
    """Whether a rule of the area ``syntax`` speaks of something that *value* comes from.

    So it is where a ``$name`` in it cannot be expanded, or nothing defines the name.
    """
    return bool(value.problem or value.undefined) or any(map(told_elsewhere, value.chain))


def is_placeholder(text: str) -> bool:
    """Whether somebody, or a script, is to put a value in the place of *text*, such as ``<yes or no>``."""
    return (
        not _PLACEHOLDER_MARKS.isdisjoint(text)
        or "%(" in text
        or (len(text) > 2 and text[0] in "%@_#" and text[-1] == text[0])
    )


def is_unfilled(config: Configuration, setting: Setting) -> bool:
    """Whether a script, or a person, was to replace something in the value (rule template-residue)."""
    text = setting.value.text
    if may_hold_anything(setting.name):
        return False
    is_named = bool(config.raw(setting).reason) and UNKNOWN not in text
    return is_named or (("<" in text or "@@" in text) and re.search(_FOR_A_PERSON, text) is not None)


def is_quoted(setting: Setting) -> bool:
    """Whether the value stands in quotes that Postfix takes for a part of it (rule quoted-value)."""
    text = setting.value.text
    return (
        len(text) >= 2
        and text[0] in "\"'"
        and text[-1] == text[0]
        and text.count(text[0]) == 2
        and not may_hold_anything(setting.name)
    )


def has_comment(setting: Setting) -> bool:
    """Whether what was to be a comment is a part of the value (rule inline-comment)."""
    return "#" in setting.value.text and next(inline_comments(setting), None) is not None


def is_typographic(setting: Setting) -> bool:
    """Whether the value has a character that nobody types (rule typographic-character)."""
    text = setting.value.text
    return (
        not text.isascii()
        and pattern().search(text) is not None
        and not may_hold_anything(setting.name)
        and setting.name not in BANNERS
        and not has_comment(setting)
    )


def backslashes_at_line_ends(value: LogicalText) -> Iterator[Location]:
    """Each backslash that ends a line of *value*, as if that continued it."""
    at = -1
    while (at := value.text.find("\\", at + 1)) >= 0:
        place = value.location(at, at + 1)
        end = place.span.end
        line = place.source.line(place.start.line)
        if not line[end - place.source.line_start(place.start.line) :].strip():
            yield place


def foreign_separators(setting: Setting) -> Iterator[Location]:
    """Each ``;`` and lone ``|`` outside of ``{ }`` in a list of names, networks or tables.

    Of access lists, rule unknown-restriction speaks.
    """
    text = setting.value.text
    if (";" not in text and "|" not in text) or may_hold_anything(setting.name):
        return
    from maillint.postfix import catalogue

    parameter = catalogue.parameter(setting.name)
    if parameter is None or parameter.kind.partition(":")[0] not in _LISTS or _WRITTEN_OUT in text:
        return
    depth, seen = 0, 0
    for found in re.finditer(r";|(?<![^\s,])\|(?![^\s,])", text):
        between = text[seen : found.start()]
        depth, seen = depth + between.count("{") - between.count("}"), found.start()
        if depth <= 0:
            yield setting.value.location(found.start(), found.end())


class Unfilled(NamedTuple):
    """What a shell or another program would have replaced in a value, and Postfix leaves."""

    kind: str
    """:data:`COMMAND`, :data:`FALLBACK`, :data:`VARIABLE` or :data:`HOME`."""
    location: Location


COMMAND = "command"
"""A command in backquotes."""
FALLBACK = "fallback"
"""``${name:-text}``: for Postfix, a text that begins with a dash."""
VARIABLE = "variable"
"""``%u`` and the like, which Dovecot replaces."""
HOME = "home"
"""A tilde for the home directory."""


def shell_syntax(setting: Setting) -> Unfilled | None:
    """The first piece of another program's syntax in the value of *setting*."""
    name, value = setting.name, setting.value
    text = value.text
    if may_hold_anything(name) or name in BANNERS:
        return None
    if text.startswith("~") and name == _HOME_MAILBOX:
        return Unfilled(HOME, value.location(0, 1))
    for mark, kind, form in (
        ("`", COMMAND, "`[^`]+`"),
        (":-", FALLBACK, r"\$\{\w+:-[^{}]*\}"),
        ("%", VARIABLE, r"%[a-zA-Z{]" if name in _MAILBOXES else ""),
    ):
        if mark in text and form and (found := re.search(form, text)):
            return Unfilled(kind, value.location(found.start(), found.end()))
    return None


def inline_comments(setting: Setting) -> Iterator[Location]:
    """Each ``#`` that was to begin a comment in the value: it begins a word outside of ``{ }``.

    Where a ``#`` may be meant, only one that speaks to maillint surely begins a comment.
    """
    value = setting.value
    mark = _OWN_COMMENT if may_hold_anything(setting.name) or setting.name in BANNERS else _COMMENT
    depth, seen = 0, 0
    for found in re.finditer(mark, value.text):
        between = value.text[seen : found.start()]
        depth, seen = depth + between.count("{") - between.count("}"), found.start()
        if depth <= 0:
            yield value.location(found.start(), found.start() + 1)


class CommentedHead(NamedTuple):
    """The first line of a setting, commented out, inside of another setting, whose value goes on below it."""

    name: Location
    rest: tuple[Location, ...]
    """The lines below it that are no comments."""
    is_open: bool
    """Whether the comment ends like the first line of several."""


def commented_head(setting: Setting) -> CommentedHead | None:
    """The last such comment in *setting*; None: the lines below belong to the setting, as it seems."""
    text = setting.location.text
    if "#" not in text or setting.service is not None:
        return None
    from maillint.postfix import catalogue

    heads = [found for found in re.finditer(_HEAD, text) if catalogue.parameter(found["name"]) is not None]
    if not heads or any(head["name"] == setting.name for head in heads):
        return None
    head = heads[-1]
    above, below = text[: heads[0].start()], text[head.end() :]
    live = [line for line in above.splitlines() if not line.lstrip().startswith("#") and line.strip()]
    if not live or live[-1].rstrip().endswith((",", "=")):
        return None  # the value is open there
    rest, at = [], setting.span.start + head.end()
    for line in below.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith("#"):
            rest.append(Location(setting.source, Span(at, at + len(line.rstrip("\r\n")))))
        at += len(line)
    if not rest:
        return None
    start = setting.span.start
    name = Location(setting.source, Span(start + head.start("name"), start + head.end("name")))
    is_open = not head["value"].strip() or head["value"].rstrip().endswith(",")
    return CommentedHead(name, tuple(rest), is_open)


def swallowed_settings(setting: Setting) -> Iterator[tuple[Location, Location]]:
    """The indented settings in *setting* that are no attributes of a ``{ }`` group.

    Yields the location of the indentation and that of the name (rule continuation-swallows-parameter).
    """
    text = setting.source.text
    if text.find("\n", setting.span.start, setting.span.end - 1) < 0:
        return  # It has one line only.
    depth, seen = 0, setting.value.span.start
    for indentation, name in indented_settings(setting):
        between = text[seen : name.span.start]
        depth, seen = depth + between.count("{") - between.count("}"), name.span.start
        if depth <= 0:
            yield indentation, name
