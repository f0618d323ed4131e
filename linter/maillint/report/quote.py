"""Text of a configuration made safe to print: it is a stranger's, and may hold anything."""

_NAMED = {"\t": " ", "\r": "\\r", "\n": "\\n"}


def printable(text: str) -> str:
    """*text* on one line, with nothing in it that a terminal or an editor would obey.

    A tab becomes one space, so that columns stay as they are; control characters and
    invisible format characters become ``\\xNN`` or ``\\uNNNN``, bytes that are not UTF-8
    ``\\xNN``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    named = _NAMED.get(character)
    if named is not None:
        return named
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # surrogateescape: a byte that is not UTF-8
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
