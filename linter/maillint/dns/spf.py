"""SPF (RFC 7208): which TXT records of a domain are its SPF record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from maillint.record import NamedTuple

VERSION = "v=spf1"

_NEAR = re.compile(r"[\W_]*(v\W*)?spf\W{0,3}\d", re.IGNORECASE)
"""How a text begins that was meant as SPF, whatever went wrong."""


class NearMiss(NamedTuple):
    """A TXT record that looks like SPF to people and is none to receivers."""

    text: str
    reason: str


class Selection(NamedTuple):
    """The TXT records of a name, sorted into SPF records and those that fail to be one."""

    records: tuple[str, ...]
    """RFC 7208 4.5: none means result "none", more than one "permerror"."""
    near_misses: tuple[NearMiss, ...]


def is_spf(text: str) -> bool:
    """Whether receivers take *text* as an SPF record (RFC 7208 4.5).

    The version section is exactly ``v=spf1`` in any case of letters, ended by a blank or by
    the end of the record.
    """
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) : len(VERSION) + 1] in ("", " ")


def select(texts: Iterable[str]) -> Selection:
    """Sort the TXT records of a domain, each already joined from its strings (RFC 7208 3.3)."""
    records: list[str] = []
    near_misses: list[NearMiss] = []
    for text in texts:
        if is_spf(text):
            records.append(text)
        elif _NEAR.match(text):
            near_misses.append(NearMiss(text, _why_not(text)))
    return Selection(tuple(records), tuple(near_misses))


def _why_not(text: str) -> str:
    lower = text.lower()
    if lower.startswith("spf2.0"):
        return "Sender ID, which receivers have given up, is not SPF"
    if lower.startswith(VERSION):
        behind = text[len(VERSION)]
        if behind.isdigit():
            return f"the version must be exactly `{VERSION}`"
        return f"a blank must follow `{VERSION}`"
    bare = text.lstrip("\"'“”„‘’ \t\u00a0\ufeff")
    if bare != text and is_spf(bare.rstrip("\"'“”„‘’ ")):
        lead = text[: len(text) - len(bare)]
        kind = "a blank" if not lead.strip() else "a quotation mark"
        return f"it begins with {kind}"
    return f"it does not begin with `{VERSION}` and a blank"


_ALL = re.compile(r"[+?~-]?all$", re.IGNORECASE)


def merge(records: Iterable[str]) -> str | None:
    """One record that authorises whom any of *records* does; None when that takes a person.

    The closing ``all`` is the mildest of ``~all`` and ``-all`` among them, ``~all`` if there is
    neither. Records with a modifier (``redirect=``, ``exp=``) are not merged.
    """
    terms: dict[str, str] = {}
    closing: list[str] = []
    for record in records:
        for term in record.split(" ")[1:]:
            if _ALL.match(term):
                closing.append(term.lower())
            elif "=" in term.partition(":")[0]:
                return None
            elif term:
                terms.setdefault(term.lower(), term)
    end = "-all" if closing and set(closing) == {"-all"} else "~all"
    return " ".join((VERSION, *terms.values(), end))
