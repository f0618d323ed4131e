"""What the online rules share: whom they ask, and what they say about questions and answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from maillint.engine.finding import NotChecked
from maillint.postfix.typed import is_hostname
from maillint.reserved import reserved

if TYPE_CHECKING:
    from maillint.dns.answer import Answer, Lookup
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

_STRING = 250
"""How long a string of a TXT record is written; 255 octets are possible."""


def lookup(config: Configuration) -> Lookup:
    """Who answers questions in this run."""
    return cast("Lookup", config.dns)


def ask_ahead(dns: Lookup, questions: Iterable[tuple[str, str]]) -> None:
    """Ask all *questions* (name, type) at the same time, so that their answers are there when they count."""
    ask_all = getattr(dns, "ask_all", None)
    if ask_all is not None:
        ask_all(list(questions))


def asked(answer: Answer) -> str:
    """The question and the answer, for a message."""
    return f"`{answer.question}`, asked of {answer.server}: {answer.outcome}"


def all_asked(answers: Sequence[Answer]) -> str:
    """The same of several, each asked of the same server."""
    told = "; ".join(f"`{answer.question}`: {answer.outcome}" for answer in answers)
    return f"asked of {answers[0].server}: {told}"


def not_answered(answer: Answer, location: Location | None) -> NotChecked:
    """That a question stays open."""
    by = f"{answer.server} gave no answer: " if answer.server else ""
    return NotChecked("", by + answer.outcome, str(answer.question), location)


def why_nobodys(dns: Lookup, name: str) -> str | None:
    """Why *name* cannot be anybody's in the DNS that is asked; None when it can."""
    if not dns.is_public(name):
        return None
    return reserved(name) if is_hostname(name) else f"`{name}` is not the name of a domain"


def txt_line(name: str, text: str) -> str:
    """The same for a TXT record, which stands in several strings where it is long (RFC 1035 3.3)."""
    strings = [text[start : start + _STRING] for start in range(0, len(text), _STRING)]
    quoted = " ".join(f'"{string}"' for string in strings)
    return f"{name}. 3600 IN TXT {quoted}\n(in a web form: name {name}, type TXT, value {text})"


def zone_line(name: str, kind: str, data: str) -> str:
    """A record ready to paste: as a line of a zone file, and in parts for a web form."""
    bare = data.strip('"')
    return f"{name}. 3600 IN {kind} {data}\n(in a web form: name {name}, type {kind}, value {bare})"
