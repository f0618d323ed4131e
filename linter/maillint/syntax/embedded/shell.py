"""Settings in shell scripts, Dockerfiles and tasks: ``postconf -e``, ``-M``, ``-P``, and here-documents.

The words of a command are read as a shell reads them, as far as that can be known: what it expands is
:data:`~maillint.syntax.source.OPAQUE`. Sources: postconf(1); POSIX, "Shell Command Language", 2.2 and 2.7.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maillint.syntax.source import OPAQUE

from .extract import MAIN_CF, MASTER_CF, Part, Piece

_COMMAND = re.compile(r"(?<![\w./-])(?:/usr/sbin/)?postconf(?=\s)")
_HEREDOC = re.compile(r"<<(?P<tabs>-?)\s*(?P<quote>['\"]?)(?P<word>\w+)(?P=quote)")
_FILE = re.compile(r"(?:^|[\s/>])(main|master)\.cf\b")
_EXPANSION = re.compile(r"\$(?:\w+|[@*#?$!-])|\$\{[^}]*\}|\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<%.*?%>", re.DOTALL)
_ENDS = ";&|)\n"
_TAKES_ARGUMENT = "cC"
_MODES = {"M": MASTER_CF, "P": "service", "F": "field"}


OVERRIDE = re.compile(r"^(?P<service>[\w.:-]+/\w+)/(?P<setting>\w+\s*=.*)$", re.MULTILINE)
"""A line such as ``submission/inet/smtpd_tls_security_level=encrypt``."""


class _Word:
    """A word of a command: its characters and where they stand."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def add(self, text: str, offset: int) -> None:
        if self.pieces and text and self.pieces[-1].offset + len(self.pieces[-1].text) == offset:
            self.pieces[-1] = Piece(self.pieces[-1].text + text, self.pieces[-1].offset)
        elif text:
            self.pieces.append(Piece(text, offset))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def cut(self, start: int) -> tuple[Piece, ...]:
        """The pieces from the character *start* on."""
        found = []
        for text, offset in self.pieces:
            if start < len(text):
                found.append(Piece(text[start:], offset + start))
            start = max(0, start - len(text))
        return tuple(found)


def parts(text: str) -> Iterator[Part]:
    """The settings and services in *text*, in order."""
    for command in _COMMAND.finditer(text):
        if not _is_comment(text, command.start()):
            yield from _of_command(list(_words(text, command.end())))
    yield from _of_documents(text)


def overrides(text: str) -> Iterator[Part]:
    """The settings in a file whose lines are arguments of ``postconf -P``."""
    for found in OVERRIDE.finditer(text):
        yield Part(MAIN_CF, found["service"], (Piece(found["setting"], found.start("setting")),))


def _is_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.lstrip().startswith(("#", "echo "))


def _of_command(words: list[_Word]) -> Iterator[Part]:
    mode, removes, skip = MAIN_CF, False, False
    for word in words:
        text = word.text
        if skip:
            skip = False
        elif text.startswith("-") and OPAQUE not in text and len(text) > 1:
            letters = text[1:]
            mode = next((_MODES[letter] for letter in letters if letter in _MODES), mode)
            removes |= not {"X", "#"}.isdisjoint(letters)
            skip = letters[-1] in _TAKES_ARGUMENT
        elif "=" in text and OPAQUE not in text.partition("=")[0] and not removes:
            # Since Postfix 2.8, `name=value` edits without -e, too.
            if mode == MAIN_CF:
                yield Part(MAIN_CF, "", tuple(word.pieces))
            else:
                yield from _of_service(word, mode)


def _of_service(word: _Word, mode: str) -> Iterator[Part]:
    """``-M name/type=entry`` and ``-P name/type/parameter=value``; fields alone (-F) say nothing."""
    name, _, _ = word.text.partition("=")
    steps = [step.strip() for step in name.split("/")]
    if mode == MASTER_CF and len(steps) == 2:
        start = len(name) + 1
        start += len(word.text[start:]) - len(word.text[start:].lstrip())
        yield Part(MASTER_CF, "", word.cut(start))
    elif mode == "service" and len(steps) == 3:
        start = name.rindex("/") + 1
        yield Part(MAIN_CF, "/".join(steps[:2]), word.cut(start))


def _words(text: str, offset: int) -> Iterator[_Word]:
    """The words of the command that goes on at *offset*, up to its end."""
    while True:
        offset = _skip_blanks(text, offset)
        if offset >= len(text) or text[offset] in _ENDS or text[offset] in "#<>":
            return
        word = _Word()
        offset = _word(text, offset, word)
        yield word


def _skip_blanks(text: str, offset: int) -> int:
    while offset < len(text):
        if text[offset] in " \t":
            offset += 1
        elif text.startswith("\\\n", offset):
            offset += 2
        elif text.startswith("\\\r\n", offset):
            offset += 3
        else:
            break
    return offset


def _word(text: str, offset: int, word: _Word) -> int:
    """Read one word into *word*; the offset behind it."""
    quote = ""
    while offset < len(text):
        character = text[offset]
        tag = _TAG.match(text, offset)
        if tag is not None:
            word.add(OPAQUE * len(tag[0]), offset)
            offset = tag.end()
        elif quote == "'":
            if character == "'":
                quote = ""
            else:
                word.add(" " if character == "\n" else character, offset)
            offset += 1
        elif character == "\\" and offset + 1 < len(text):
            following = text[offset + 1]
            if following == "\n":
                pass
            elif not quote or following in '$`"\\':
                word.add(following, offset + 1)
            else:
                word.add(character + following, offset)
            offset += 2
        elif character in "$`" and (expansion := _EXPANSION.match(text, offset)) is not None:
            word.add(OPAQUE * len(expansion[0]), offset)
            offset = expansion.end()
        elif character == '"' or (character == "'" and not quote):
            quote = "" if quote == character else character
            offset += 1
        elif not quote and (character in " \t\r" or character in _ENDS):
            break
        else:
            word.add(" " if character == "\n" else character, offset)
            offset += 1
    return offset


def _of_documents(text: str) -> Iterator[Part]:
    """The lines of here-documents that go into a main.cf or master.cf."""
    for found in _HEREDOC.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        target = _FILE.search(text[start : end if end >= 0 else None])
        if end < 0 or target is None or _is_comment(text, found.start()):
            continue
        kind = MAIN_CF if target[1] == "main" else MASTER_CF
        offset = end + 1
        for line in text[offset:].split("\n"):
            if (line.lstrip("\t") if found["tabs"] else line) == found["word"]:
                break
            body = line.lstrip("\t") if found["tabs"] else line
            indent = len(line) - len(body)
            yield Part(kind, "", _document_line(body, offset + indent, bool(found["quote"])))
            offset += len(line) + 1


def _document_line(line: str, offset: int, is_quoted: bool) -> tuple[Piece, ...]:
    if is_quoted:
        return (Piece(line, offset),)
    word = _Word()
    index = 0
    while index < len(line):
        tag = _TAG.match(line, index) or _EXPANSION.match(line, index)
        if tag is not None:
            word.add(OPAQUE * len(tag[0]), offset + index)
            index = tag.end()
        elif line[index] == "\\" and line[index + 1 : index + 2] in ("$", "`", "\\"):
            word.add(line[index + 1], offset + index + 1)
            index += 2
        else:
            word.add(line[index], offset + index)
            index += 1
    return tuple(word.pieces) or (Piece("", offset),)
