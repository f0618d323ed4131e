"""The identity of a finding: what stays the same while the file around it is edited."""

from __future__ import annotations

from collections.abc import Iterable

from maillint.record import NamedTuple

from .finding import Finding


class Identity(NamedTuple):
    """What makes a finding this one and no other; neither its line nor how many there are is part of it."""

    path: str
    rule: str
    parameter: str
    """Empty when the finding is about none."""
    text: str
    """What stands at the finding's place, each run of white space as one blank."""
    occurrence: int
    """1 for the first of those that are alike in all this, 2 for the second."""

    @property
    def fingerprint(self) -> str:
        """The same as 32 hexadecimal digits, for formats that want one word."""
        from hashlib import sha256

        data = "\0".join(map(str, self)).encode("utf-8", "surrogateescape")
        return sha256(data).hexdigest()[:32]


def identities(findings: Iterable[Finding]) -> list[Identity]:
    """The identity of each of *findings*, which are those of a whole run, in its order."""
    seen: dict[tuple[str, str, str, str], int] = {}
    found = []
    for finding in findings:
        alike = (
            finding.location.source.path,
            finding.rule,
            finding.parameter or "",
            " ".join(finding.location.text.split()),
        )
        seen[alike] = seen.get(alike, 0) + 1
        found.append(Identity(*alike, seen[alike]))
    return found
