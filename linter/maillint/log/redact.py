"""Masks the people in a log: what stands before an ``@`` becomes a name that tells nothing."""

from __future__ import annotations

import re

_LOCAL = r"[^\s<>@\"(),;:=\[\]]{1,255}"
_PERSON = re.compile(
    r"(?<!helo=)<(?P<local>\"[^\"<>]{0,255}\"|[^<>@\s\"]{1,255})(?:@(?P<domain>[^<>@\s]{0,255}))?>(?!: helo)"
    rf"|(?P<bare>{_LOCAL})@(?P<at>[\w.-]{{1,255}})"
    r"|(?P<name>sasl_username=|unknown user: \")(?P<login>[^\s,\"@]{1,255})",
    re.IGNORECASE,
)


class Masker:
    """Gives each person a name of its own, in the order of appearance."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def mask(self, text: str) -> str:
        """*text* without the local parts of its addresses."""
        return _PERSON.sub(self._masked, text)

    def person(self, name: str) -> str:
        """One address or login, masked; a name without ``@`` is masked as a whole."""
        if not name or name.startswith("uid "):
            return name
        local, at, domain = name.rpartition("@")
        return self._pseudonym(local, domain) if at else self._pseudonym(name, "")

    def _masked(self, found: re.Match[str]) -> str:
        if found["bare"]:
            return self._pseudonym(found["bare"], found["at"])
        if found["name"]:
            return found["name"] + self._pseudonym(found["login"], "")
        return f"<{self._pseudonym(found['local'], found['domain'] or '')}>"

    def _pseudonym(self, local: str, domain: str) -> str:
        key = f"{local.lower()}@{domain.lower()}"
        name = self._names.setdefault(key, f"user{len(self._names) + 1}")
        return f"{name}@{domain}" if domain else name
