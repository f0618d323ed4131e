"""The diagnosis of a log for people: what has failed, the line that shows it, the cause and the mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

from maillint.log.grouping import OTHERS
from maillint.log.outcomes import BOUNCED, DEFERRED, EXPIRED, SENT
from maillint.log.patterns import CERTAIN, FAILURE, REFUSAL, SYMPTOM, receiver_name

from .quote import printable
from .text import folded

if TYPE_CHECKING:
    from maillint.engine.finding import Finding
    from maillint.log.diagnose import Diagnosis
    from maillint.log.explain import Explained, Explanation, LeftAs
    from maillint.log.grouping import Counter, Evidence, Group
    from maillint.log.lines import Time
    from maillint.log.redact import Masker

_WIDTH = 110
_LABEL = 10
"""The width of the column with the labels."""
_INDENT = "  "

_IN_FULL = 3
"""So many causes are told in full; the others in a line each, unless all are asked for."""
_SHORT = 12
"""So many of the others."""
_NAMES = 3
_FINDINGS = 3
_EVIDENCE = 660
"""A longer line of a log is cut off."""

_STATUSES = {
    BOUNCED: "returned to the sender",
    EXPIRED: "given up",
    DEFERRED: "still waiting",
    SENT: "delivered later",
}


def write(
    diagnosis: Diagnosis,
    explanation: Explanation,
    stream: TextIO,
    masker: Masker | None,
    *,
    all: bool = False,
) -> None:
    """Write the report to *stream*; *masker* hides the people in it; *all*: every cause in full."""
    report = _Report(diagnosis, explanation, masker, all)
    stream.write("\n".join(report.lines()) + "\n")


class _Report:
    def __init__(
        self, diagnosis: Diagnosis, explanation: Explanation, masker: Masker | None, all: bool
    ) -> None:
        self._diagnosis = diagnosis
        self._explanation = explanation
        self._masker = masker
        self._all = all

    def lines(self) -> Iterator[str]:
        yield from folded(self._summary(), _WIDTH, 0, 0)
        groups = self._explanation.groups
        failures = [
            found
            for found in groups
            if found.group.weight in (FAILURE, SYMPTOM) or (found.group.cause is None and found.findings)
        ]
        others = [found for found in groups if found not in failures]
        full = groups if self._all else failures[:_IN_FULL]
        for number, found in enumerate(full, 1):
            yield ""
            yield from self._block(number, found)
        short = [] if self._all else [*failures[_IN_FULL:], *others]
        if short:
            yield ""
            yield (
                "Also in the log (--all tells all of it):" if full else "In the log (--all tells all of it):"
            )
        for found in short[:_SHORT]:
            yield from self._short(found.group)
        if len(short) > _SHORT:
            yield f"{_INDENT}… and {len(short) - _SHORT} causes more"
        if self._diagnosis.refused:
            yield from self._refusals(bool(short))
        for reason, rules in self._not_checked().items():
            yield ""
            yield from folded(
                f"not checked: {printable(reason)} [{', '.join(rules)}]", _WIDTH, 0, len(_INDENT)
            )

    def _summary(self) -> str:
        diagnosis = self._diagnosis
        failed = sum(
            group.mails - group.statuses[SENT]
            for group in diagnosis.groups
            if group.weight in (FAILURE, SYMPTOM)
        )
        names = ", ".join(map(printable, diagnosis.paths))
        period = f", {_period(diagnosis.first, diagnosis.last)}" if diagnosis.first and diagnosis.last else ""
        where = f"{names}: {_counted(diagnosis.lines, 'line')}{period}"
        if failed:
            return f"{failed:,} of {_counted(failed + diagnosis.sent, 'delivery')} failed ({where})"
        if any(group.weight in (FAILURE, SYMPTOM) for group in diagnosis.groups):
            return f"Postfix complains ({where})"
        if diagnosis.sent:
            return (
                f"nothing has failed: {_counted(diagnosis.sent, 'delivery')} made ({where}); where mail lies"
                " in a spam folder all the same, the cause is in the DNS: `maillint check --online`"
            )
        return f"nothing has failed ({where})"

    # --- one cause ---------------------------------------------------------------------------------------

    def _block(self, number: int, explained: Explained) -> Iterator[str]:
        group = explained.group
        head = f"{number}. {self._happened(group)}"
        yield from folded(f"{head} [{self._name(group)}]", _WIDTH, 0, 3)
        yield from self._row("how often", self._how_often(group))
        if names := self._names(group):
            yield from self._row("to", names)
        if explained.left_as is not None:
            yield from self._row("left as", self._left(explained.left_as, group))
        elif group.weight == REFUSAL or group.clients.most():
            yield from self._row("from", _most(group.clients))
        yield from self._evidence(group.evidence)
        if group.cause is not None:
            yield from self._row("cause", group.cause.why)
        yield from self._findings(explained)

    def _name(self, group: Group) -> str:
        return (
            group.id
            if group.confidence == CERTAIN or group.cause is None
            else f"{group.id}, {group.confidence}"
        )

    def _happened(self, group: Group) -> str:
        if group.cause is None:
            what = "for a reason that maillint does not know" if group.mails else "Postfix says"
            return (
                f"{_who(group)} refused mail {what}: {self._shown(group.sample)}"
                if group.mails
                else (f"{what}: {self._shown(group.sample)}")
            )
        return group.cause.happened.replace("{who}", _who(group))

    def _how_often(self, group: Group) -> str:
        when = ""
        if group.first is not None and group.last is not None:
            when = f", {_period(group.first, group.last)}"
        if not group.mails:
            return f"{_counted(group.lines, 'time')}{when}"
        states = [f"{count:,} {_STATUSES[status]}" for status, count in group.statuses.items() if count]
        notes = f"; {group.notifications:,} of them notices of other failures" if group.notifications else ""
        text = states[0] if len(states) == 1 else f"{_counted(group.mails, 'delivery')}: {', '.join(states)}"
        return f"{text}{when}{notes}"

    def _names(self, group: Group) -> str:
        """The domains of the recipients."""
        return _most(group.domains) if any(name for name, _ in group.domains.most()) else ""

    def _left(self, left: LeftAs, group: Group) -> str:
        text = f"{self._person(left.sender)} ({left.mails:,} of {group.mails:,})"
        if left.address:
            text += f", from {left.address}"
        if logins := _most(group.logins, mask=self._person):
            text += f", handed in by {logins}"
        if left.steps:
            text += f", because of {', '.join(left.steps)}"
        if left.spf is not None:
            result = "not checked" if left.spf.result == "temperror" else left.spf.result
            text += f"; SPF of {left.domain}: {result} ({left.spf.reason})"
        return printable(text)

    def _evidence(self, evidence: Evidence) -> Iterator[str]:
        raw = self._shown(evidence.raw.decode("utf-8", "surrogateescape"))
        if len(raw) > _EVIDENCE:
            raw = raw[:_EVIDENCE] + " …"
        yield from self._row("evidence", f"{printable(evidence.path)}:{evidence.number}", raw)

    def _findings(self, explained: Explained) -> Iterator[str]:
        shown = explained.findings[:_FINDINGS]
        for finding in shown:
            yield from self._row("finding", f"{_where(finding)}: {finding.message} [{finding.rule}]")
        if len(explained.findings) > _FINDINGS:
            more = ", ".join(
                f"{finding.rule} ({_where(finding)})" for finding in explained.findings[_FINDINGS:]
            )
            yield from self._row("", f"and {more}")
        mends = dict.fromkeys(finding.mend for finding in shown if finding.mend)
        cause = explained.group.cause
        if not mends and cause is not None:
            if self._explanation.is_judged and cause.rules and explained.group.weight == FAILURE:
                yield from self._row("finding", "none in this configuration explains it")
            mends = {cause.mend: None}
        for at, mend in enumerate(mends):
            yield from self._row("" if at else "mend", mend.replace("\n", " "))

    def _row(self, label: str, *texts: str) -> Iterator[str]:
        for text in texts:
            first, *rest = folded(printable(text), _WIDTH, _LABEL + 3, _LABEL + 3)
            yield f"   {label:{_LABEL}}{first}"
            yield from (f"   {'':{_LABEL}}{line}" for line in rest)
            label = ""

    # --- the others --------------------------------------------------------------------------------------

    def _short(self, group: Group) -> list[str]:
        where = f"{printable(group.evidence.path)}:{group.evidence.number}"
        text = f"{group.count:>7,}  {self._happened(group)} [{self._name(group)}] ({where})"
        first, *rest = folded(text, _WIDTH, 0, 9)
        return [text[: len(text) - len(text.lstrip())] + first, *(" " * 9 + line for line in rest)]

    def _refusals(self, goes_on: bool) -> Iterator[str]:
        if not goes_on:
            yield ""
        first = self._diagnosis.refused_first
        where = f" ({printable(first.path)}:{first.number})" if first is not None else ""
        yield f"{self._diagnosis.refused:>7,}  refusals by access lists and block lists of this server{where}"

    def _not_checked(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for note in self._explanation.not_checked:
            reason = f"{note.reason} ({note.question})" if note.question else note.reason
            rules = found.setdefault(reason, [])
            if note.rule not in rules:
                rules.append(note.rule)
        return found

    def _person(self, name: str) -> str:
        return printable(self._masker.person(name) if self._masker is not None else name)

    def _shown(self, text: str) -> str:
        return printable(self._masker.mask(text) if self._masker is not None else text)


def _period(first: Time, last: Time) -> str:
    if str(first) == str(last):
        return f"at {first}"
    is_one_day = first.moment.date() == last.moment.date()
    return f"{first} to {str(last).rpartition(' ')[2] if is_one_day else last}"


def _who(group: Group) -> str:
    """The servers, as the beginning of a sentence."""
    names = [
        receiver_name(name) or "a server" for name, _ in group.relays.most() if name not in (OTHERS, "none")
    ]
    if not names:
        return "the server"
    if len(names) > _NAMES:
        return f"{names[0]} and {len(names) - 1} others"
    return printable(" and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0])


def _most(counter: Counter, mask: Callable[[str], str] = printable) -> str:
    """The most frequent names with their counts."""
    most = [(name, count) for name, count in counter.most() if name != OTHERS]
    shown = [f"{mask(name)} ({count:,})" for name, count in most[:_NAMES]]
    rest = sum(count for _, count in counter.most()) - sum(count for _, count in most[:_NAMES])
    return ", ".join([*shown, *([f"others ({rest:,})"] if rest else [])])


def _where(finding: Finding) -> str:
    return printable(f"{finding.location.source.path}:{finding.location.start.line}")


def _counted(number: int, noun: str) -> str:
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun}"
