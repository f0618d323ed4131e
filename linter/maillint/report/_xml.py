"""XML 1.0, written."""

import re
from xml.sax.saxutils import escape, quoteattr

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, escaped or not (section 2.2)."""


def attributes(**values: object) -> str:
    """The *values* as attributes, each with a blank before it."""
    return "".join(f" {name}={quoteattr(_legal(str(value)), _ENTITIES)}" for name, value in values.items())


_ENTITIES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def content(text: str) -> str:
    """*text* as the content of an element."""
    return escape(_legal(text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
