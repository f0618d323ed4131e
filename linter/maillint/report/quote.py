"""Text of a configuration made safe to print: it is a stranger's, and may hold anything."""

import re

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


_PASSWORDS = "sasl_password_maps"
_LOGIN = re.compile(
    r"(?P<head>static:\{\s*[^\s:{}]+:)(?P<group>[^}]+)"
    r"|(?P<static>static:[^\s:{}\[\],]+:)(?P<rest>[^\s,]+)"
    r"|(?P<pair>=\s*(?!static:|inline:)(?P<user>[^\s:={}\[\],\"']+):)"
    r"(?P<value>[^\s,}]+(?:\s+[^\s=,{}]+)*(?=\s*\})|[^\s,}]+)"
)
_NO_USERS = frozenset(
    (
        *(
            "btree",
            "cdb",
            "cidr",
            "dbm",
            "hash",
            "ldap",
            "lmdb",
            "memcache",
            "mongodb",
            "mysql",
            "nis",
            "pcre",
        ),
        *("pgsql", "proxy", "regexp", "sdbm", "socketmap", "sqlite", "tcp", "texthash"),
        *("discard", "error", "inet", "lmtp", "local", "relay", "retry", "smtp", "unix", "virtual"),
    )
)
"""What stands before a colon in tables and next hops."""


def without_passwords(line: str) -> str:
    """*line* of a configuration, as long as it was, with ``*`` for passwords that are written out in it.

    They stand in tables of the types static and inline. In a continued line, which does not tell the name of
    its parameter, whatever looks like ``USER:PASSWORD`` in such a table counts.
    """
    if _PASSWORDS not in line and not (line[:1] in (" ", "\t") and "-o" not in line):
        return line
    return _LOGIN.sub(_masked, line)


def _masked(login: re.Match[str]) -> str:
    if login["user"] in _NO_USERS:
        return login[0]
    head = login["head"] or login["static"] or login["pair"]
    return head + "*" * (len(login[0]) - len(head))
