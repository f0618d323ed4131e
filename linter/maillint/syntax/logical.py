"""Logical lines: what Postfix makes of one or more physical lines (util/readlline.c)."""

from .source import LogicalText, Source, Span

WHITE_SPACE = " \t\v\f\r"
"""What ISSPACE (util/sys_defs.h) accepts, but for LF, which no logical line contains."""


def logical_text(source: Source, start: int, end: int, trimmed: str = WHITE_SPACE) -> LogicalText:
    """What stands from offset *start*, in a line that counts, to *end*, as one logical text.

    Newlines go, and the comments and blank lines between. What is behind a NUL goes, as it does
    wherever a C string ends, and then *trimmed* characters at both ends.
    """
    physical = source.text[start:end].removesuffix("\n")
    if "\n" in physical:
        return _joined(source, start, physical, trimmed)
    text = physical.partition("\0")[0].rstrip(trimmed)
    kept = text.lstrip(trimmed)
    return LogicalText(source, kept, ((0, start + len(text) - len(kept)),))


def _joined(source: Source, start: int, physical: str, trimmed: str) -> LogicalText:
    kept: list[str] = []
    pieces: list[tuple[int, int]] = []
    length = 0
    for line, offset in _counting_lines(physical, start):
        before_null, null, _ = line.partition("\0")
        if before_null or not pieces:
            kept.append(before_null)
            pieces.append((length, offset))
            length += len(before_null)
        if null:
            break
    text = "".join(kept).rstrip(trimmed)
    first = len(text) - len(text.lstrip(trimmed))
    return LogicalText(source, text, tuple(pieces)).slice(first, len(text))


def with_final_newline(source: Source) -> str:
    """The text of *source* as the grammars want it: every line that there is has its newline."""
    text = source.text
    return text + "\n" if text and text[-1] != "\n" else text


def cut_by_null(source: Source, start: int, end: int) -> Span | None:
    """What Postfix does not see of the logical text from *start* to *end*, because it is behind a NUL."""
    physical = source.text[start:end]
    if "\0" in physical:
        for line, offset in _counting_lines(physical, start):
            null = line.find("\0")
            if null >= 0:
                return Span(offset + null + 1, start + len(physical.rstrip("\n")))
    return None


def _counting_lines(physical: str, start: int) -> list[tuple[str, int]]:
    """The physical lines that are not ignored, each with its offset; the first one always counts."""
    lines = []
    offset = start
    for line in physical.split("\n"):
        if offset == start or not _is_ignored(line):
            lines.append((line, offset))
        offset += len(line) + 1
    return lines


def _is_ignored(line: str) -> bool:
    content = line.lstrip(WHITE_SPACE)
    return not content or content[0] == "#"
