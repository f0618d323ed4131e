"""Mistakes in regular expressions that show without running them.

Patterns come from others and may be made to hurt, so nothing here is given to a matcher: they are looked
through once, from left to right. What is not understood for sure gives no error, and no count of groups.
Sources: pcre2pattern(3), PCRE2's pcre2_compile.c, and for regexp tables regex(7) and glibc's regcomp(3).
"""

from __future__ import annotations

import re

from maillint.record import NamedTuple

_DEEPEST = 200


class Flavour:
    """The dialect of a table type."""

    __slots__ = ("is_pcre",)

    def __init__(self, type: str) -> None:
        self.is_pcre = type == "pcre"


class Inspection(NamedTuple):
    """What shows in a pattern."""

    groups: int | None = None
    """How many capturing groups; None: unknown."""
    error: str = ""
    """What is wrong, a clause in plain words; empty: nothing that shows."""
    said: str = ""
    """What the library says, in its words, with ``...`` for what depends on its version."""
    start: int = 0
    end: int = 0


_UNSURE = Inspection()
_QUANTIFIER = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_POSIX_CLASS = re.compile(r"\[([:.=]).*?\1\]", re.DOTALL)
_POSIX_CLASSES = frozenset(
    {
        "alnum",
        "alpha",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "xdigit",
    }
)
_MORE_CLASSES = frozenset({"ascii", "word"})
_PCRE_GROUP = re.compile(
    r"\?(?:(?P<plain>:|>|=|!|<=|<!)|(?P<capture>P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')|(?P<flags>[imsU-]*)(?P<flags_end>[:)]))"
)
_PLAIN_CHARACTERS = re.compile(r"[A-Za-z0-9]-[A-Za-z0-9]")


def inspect(pattern: str, flavour: Flavour, flags: str = "") -> Inspection:
    """Look through *pattern*, as it stands between its delimiters, with the *flags* behind them."""
    if "x" in flags or (flavour.is_pcre and ("\\Q" in pattern or "(?#" in pattern or "(*" in pattern)):
        return _UNSURE
    return _Scan(pattern, flavour.is_pcre).run()


class _Unsure(Exception):  # noqa: N818 - no error of this program
    """Something that is not understood here."""


class _Wrong(Exception):  # noqa: N818 - no error of this program
    """A mistake in the pattern."""

    def __init__(self, error: str, said: str, start: int, end: int) -> None:
        self.inspection = Inspection(None, error, said, start, end)


class _Scan:
    __slots__ = ("_at", "_groups", "_is_pcre", "_open", "_repeatable", "_text")

    def __init__(self, text: str, is_pcre: bool) -> None:
        self._text = text
        self._is_pcre = is_pcre
        self._at = 0
        self._groups = 0
        self._open: list[int] = []
        self._repeatable = False
        """Whether what stands before can be repeated."""

    def run(self) -> Inspection:
        try:
            while self._at < len(self._text):
                self._step()
        except _Unsure:
            return _UNSURE
        except _Wrong as wrong:
            return wrong.inspection
        if self._open:
            said = "missing closing parenthesis" if self._is_pcre else "Unmatched ( or \\("
            return self._wrong("a `(` has no `)`", said, self._open[-1], self._open[-1] + 1).inspection
        return Inspection(self._groups)

    def _wrong(self, error: str, said: str, start: int, end: int) -> _Wrong:
        if self._is_pcre:
            said = f"error in regex at offset ...: {said}"
        return _Wrong(error, said, start, end)

    def _step(self) -> None:
        character = self._text[self._at]
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character == "(":
            self._group()
        elif character == ")":
            self._close()
        elif character == "|":
            self._at += 1
            self._repeatable = False
        elif character in "*+?":
            self._repeat(self._at + 1)
        elif character == "{" and (found := _QUANTIFIER.match(self._text, self._at)):
            self._check_bounds(found)
            self._repeat(found.end())
        elif character == "{" and not self._is_pcre:
            raise _Unsure
        elif character in "^$":
            if self._text[self._at + 1 : self._at + 2] in tuple("*+?{"):
                raise _Unsure
            self._at += 1
            self._repeatable = True
        else:
            self._at += 1
            self._repeatable = True

    def _escape(self) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if not following:
            said = "\\ at end of pattern" if self._is_pcre else "Trailing backslash"
            raise self._wrong("a `\\` stands at its end", said, self._at, self._at + 1)
        if following in "123456789" or (self._is_pcre and following in "cgkNoPpx0CEKGXR"):
            self._long_escape(following)
            return
        self._at += 2
        self._repeatable = True

    def _long_escape(self, following: str) -> None:
        """``\\x41``, ``\\p{Lu}`` and the like: their ends are sought, what is in them is not looked at."""
        if following in "xpPo" and self._text[self._at + 2 : self._at + 3] == "{":
            end = self._text.find("}", self._at)
            if end < 0:
                raise _Unsure
            self._at = end + 1
        elif following in "x0" or (self._is_pcre and following in "123456789R"):
            self._at += 2
        else:
            raise _Unsure
        self._repeatable = True

    def _class(self) -> None:
        start = self._at
        at = start + 1
        text = self._text
        if text[at : at + 1] == "^":
            at += 1
        first = at
        while True:
            character = text[at : at + 1]
            if not character:
                said = (
                    "missing terminating ] for character class"
                    if self._is_pcre
                    else "Unmatched [, [^, [:, [., or [="
                )
                raise self._wrong("a `[` has no `]`", said, start, start + 1)
            if character == "]" and at > first:
                break
            if character == "[" and text[at + 1 : at + 2] in tuple(":.="):
                at = self._class_name(at)
            elif character == "\\" and self._is_pcre:
                at += 2
            else:
                range_ = _PLAIN_CHARACTERS.match(text, at)
                if range_ is not None:
                    self._check_range(range_)
                at += 3 if range_ is not None else 1
        self._at = at + 1
        self._repeatable = True

    def _class_name(self, at: int) -> int:
        """The offset behind ``[:alpha:]``, or what looks so."""
        found = _POSIX_CLASS.match(self._text, at)
        if found is None or "]" in found[0][:-1]:
            if self._is_pcre:
                return at + 1
            raise _Unsure
        name = found[0][2:-2].removeprefix("^" if self._is_pcre else "")
        if found[1] != ":":
            raise _Unsure
        if name not in _POSIX_CLASSES and not (self._is_pcre and name in _MORE_CLASSES):
            if not name.isalpha():
                raise _Unsure
            said = "unknown POSIX class name" if self._is_pcre else "Invalid character class name"
            raise self._wrong(f"there is no class `[:{name}:]`", said, at, found.end())
        return found.end()

    def _check_range(self, found: re.Match[str]) -> None:
        if found[0][0] > found[0][2]:
            said = "range out of order in character class" if self._is_pcre else "Invalid range end"
            error = f"the range `{found[0]}` ends before it begins"
            raise self._wrong(error, said, found.start(), found.end())

    def _group(self) -> None:
        if len(self._open) > _DEEPEST:
            raise _Unsure
        self._open.append(self._at)
        self._repeatable = False
        if self._text[self._at + 1 : self._at + 2] != "?":
            self._at += 1
            self._groups += 1
            return
        if not self._is_pcre:
            said = "Invalid preceding regular expression"
            raise self._wrong("`(?` means nothing in a regexp table", said, self._at, self._at + 2)
        found = _PCRE_GROUP.match(self._text, self._at + 1)
        if found is None:
            raise _Unsure
        self._at = found.end()
        if found["capture"]:
            self._groups += 1
        elif found["flags_end"] == ")":
            self._open.pop()
            self._refuse_repeating()

    def _refuse_repeating(self) -> None:
        """Whether options such as ``(?i)`` may be repeated depends on the version."""
        if self._text[self._at : self._at + 1] in tuple("*+?{"):
            raise _Unsure

    def _close(self) -> None:
        if not self._open:
            if not self._is_pcre:
                raise _Unsure  # It may mean itself.
            raise self._wrong("a `)` has no `(`", "unmatched closing parenthesis", self._at, self._at + 1)
        opened = self._open.pop()
        self._at += 1
        if self._text.startswith(("(?=", "(?!", "(?<=", "(?<!"), opened):
            self._refuse_repeating()
        self._repeatable = True

    def _check_bounds(self, found: re.Match[str]) -> None:
        least, most = int(found[1][-9:]), int(found[3][-9:]) if found[3] else None
        if least > 255 or (most or 0) > 255:
            raise _Unsure
        if most is not None and least > most:
            said = "numbers out of order in {} quantifier" if self._is_pcre else "Invalid content of \\{\\}"
            error = f"the numbers in `{found[0]}` are in the wrong order"
            raise self._wrong(error, said, found.start(), found.end())

    def _repeat(self, end: int) -> None:
        if not self._repeatable:
            if not self._is_pcre:
                raise _Unsure
            error = f"there is nothing that `{self._text[self._at : end]}` could repeat"
            said = "quantifier does not follow a repeatable item"
            raise self._wrong(error, said, self._at, end)
        self._at = end
        if self._is_pcre and self._text[end : end + 1] in tuple("?+"):
            self._at += 1
        elif not self._is_pcre and self._text[end : end + 1] in tuple("*+?{"):
            raise _Unsure
        # Whether a quantifier may follow upon another depends on both.
        if self._is_pcre and self._text[self._at : self._at + 1] == "{":
            raise _Unsure
        self._repeatable = not self._is_pcre
