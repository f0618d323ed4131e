"""What a rule has to say: findings, their related places, and fixes."""

from __future__ import annotations

from collections.abc import Callable

from maillint.record import NamedTuple
from maillint.syntax.source import Location, Source, Span

ERROR = "error"
"""Mail breaks, is lost, or the host is open."""
WARNING = "warning"
"""Very likely wrong or risky."""
INFO = "info"
"""Advice; never fails a run by itself."""
SEVERITIES = (INFO, WARNING, ERROR)
"""Ascending."""

HIGH = "high"
MEDIUM = "medium"
LOW = "low"
CONFIDENCES = (LOW, MEDIUM, HIGH)
"""Ascending."""


class Edit(NamedTuple):
    """Replace what stands at *location* by *text*; an empty range inserts."""

    location: Location
    text: str

    @classmethod
    def insert(cls, source: Source, offset: int, text: str) -> Edit:
        """Put *text* in front of the character at *offset*."""
        return cls(Location(source, Span(offset, offset)), text)


class Fix(NamedTuple):
    """A mend that the tool can make by itself."""

    title: str
    """An imperative, such as ``remove the quotes``."""
    edits: tuple[Edit, ...]
    safe: bool = True
    """True: what Postfix does stays as it was, or becomes what was plainly meant."""

    @classmethod
    def write(cls, location: Location, text: str, *, safe: bool = True) -> Fix:
        """Put *text* in the place of what stands at *location*."""
        return cls(f"write `{text}`", (Edit(location, text),), safe)


class Related(NamedTuple):
    """Another place that explains a finding: a link in its chain of causes."""

    location: Location
    message: str


IN_SOURCE = "inSource"
"""By a comment in the file itself."""
EXTERNAL = "external"
"""By the baseline."""


class Suppression(NamedTuple):
    """Why a finding is not reported."""

    kind: str
    """IN_SOURCE or EXTERNAL, as SARIF names them."""
    reason: str = ""
    """In the user's words; empty when none is given."""
    location: Location | None = None
    """Where a comment says so."""


class Finding:
    """One problem at one place.

    A rule gives *message* (what will happen, and why) and *mend* (what to do about it).
    ``severity`` None takes the rule's; ``rule`` and ``services`` are filled in by the run.
    """

    __slots__ = (
        "confidence", "fix", "link", "location", "mend", "message", "parameter", "related", "rule",
        "services", "severity", "suppression",
    )  # fmt: skip

    def __init__(
        self,
        location: Location,
        message: str,
        *,
        mend: str = "",
        severity: str | None = None,
        confidence: str = HIGH,
        parameter: str | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        services: tuple[str, ...] = (),
        link: str = "",
    ) -> None:
        """Raises ValueError for a severity or confidence that does not exist."""
        if severity not in (None, *SEVERITIES) or confidence not in CONFIDENCES:
            raise ValueError(f"there is no severity {severity!r} or no confidence {confidence!r}")
        self.location = location
        self.message = message
        self.mend = mend
        self.severity = severity
        self.confidence = confidence
        self.parameter = parameter
        self.related = related
        self.fix = fix
        self.services = services
        """Ids (``name/type``) of the master.cf services that the finding is about."""
        self.link = link
        """The address of a page about it; empty: that of its rule."""
        self.rule = ""
        self.suppression: Suppression | None = None
        """Filled in by the run, for a finding that a comment or the baseline silences."""

    def move(self, moved: Callable[[Location], Location]) -> None:
        """Put *moved* in the place of every location."""
        self.location = moved(self.location)
        self.related = tuple(place._replace(location=moved(place.location)) for place in self.related)
        if self.fix is not None:
            edits = tuple(edit._replace(location=moved(edit.location)) for edit in self.fix.edits)
            self.fix = self.fix._replace(edits=edits)
        if self.suppression is not None and self.suppression.location is not None:
            place = moved(self.suppression.location)
            self.suppression = self.suppression._replace(location=place)

    def __repr__(self) -> str:
        start = self.location.start
        place = f"{self.location.source.path}:{start.line}:{start.column}"
        return f"<{self.rule or 'finding'} {place} {self.message!r}>"


class NotChecked(NamedTuple):
    """A question that an online rule could not answer; it may yield this beside its findings.

    No answer is neither a finding nor "ok".
    """

    rule: str
    """The rule's id; the run fills in an empty one."""
    reason: str
    """Why there is no answer, such as ``the name server did not answer within 5 s``."""
    question: str = ""
    """What was asked, such as ``TXT example.com``."""
    location: Location | None = None
    """What the question comes from; without one, the run fills in the start of the file."""
