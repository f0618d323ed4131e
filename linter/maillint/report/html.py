"""For people who have never seen a main.cf, and for paper: one page that needs nothing else.

It tells what was found and what to do first, shows the way of mail as a picture, who mail says it is from,
who may send what, what the host is for, and the files with the findings in place. There is no script in it,
and nothing is loaded from anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from maillint import __version__
from maillint.engine.docs import parse
from maillint.engine.finding import CONFIDENCES, ERROR, HIGH, INFO, SEVERITIES, WARNING, Finding
from maillint.engine.fix import hunks
from maillint.engine.result import Result
from maillint.syntax.source import Location

from . import words
from ._page import block, escaped, markdown, prose
from ._sources import Sources, masked

if TYPE_CHECKING:
    from maillint.engine.fix import Hunk
    from maillint.engine.result import Judged
    from maillint.engine.rule import Rule
    from maillint.postfix.access import Cell, Server
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.flow import Stop
    from maillint.postfix.role import Answer

_STYLE = os.path.join(os.path.dirname(__file__), "html.css")

_GRAVEST_FIRST = SEVERITIES[::-1]
_MEANING = {
    ERROR: ("breaks mail, loses it, or leaves the host open", "break mail, lose it, or leave the host open"),
    WARNING: ("is very likely wrong or risky", "are very likely wrong or risky"),
    INFO: ("piece of advice", "pieces of advice"),
}
_HEADINGS = {ERROR: "Errors", WARNING: "Warnings", INFO: "Advice"}
_FIRST = 5
"""How many things to do first are told."""
_MOST_CHANGED = 12
"""Of a fix that changes more lines, only so many are shown."""

_DOES = {
    "null-client": "It hands all mail to another server, and keeps none.",
    "send-only": "It only sends: no other host can hand it mail.",
    "satellite": "It keeps the mail of its own name, and hands the rest to another server.",
    "gateway": "It takes mail for domains whose mailboxes are on hosts behind it.",
    "mx": "Other mail servers deliver the mail for some domains to it (MX).",
    "backup-mx": "It takes mail for domains while their first server is away (backup MX).",
    "virtual-hosting": "It has mailboxes or aliases in domains that are not the host's own.",
    "list-server": "It passes mail to a program for mailing lists.",
    "submission": "Users log in to it to send mail.",
    "lan-hub": "The hosts of its networks send through it.",
}
"""By role, what the host does."""

_GLOSSARY = (
    ("main.cf", "The file with the settings of the mail server Postfix: one `name = value` a line."),
    ("master.cf", "The file with its services: which programs run, and on which ports they listen."),
    ("table", "A file, or a database, in which Postfix looks addresses, domains or hosts up."),
    ("MX", "The server that the DNS names for the mail of a domain."),
    (
        "relay",
        "To pass mail on for others; a host that does so for strangers, an open relay, is soon abused.",
    ),
    ("next hop", "The server or program that gets the mail next."),
    ("envelope", "The addresses that servers tell each other; the lines From and To in a mail may differ."),
    ("milter", "A program that looks at mail while it comes in, for spam, viruses, or to sign it."),
    ("TLS, STARTTLS", "Encryption of the connection; from its start, or by the command STARTTLS."),
    ("SPF, DKIM, DMARC", "How receivers tell whether mail is really from the domain that it names."),
)

_STYLES = {"yes": "yes", "no": "no"}
"""How answers look; others are something between."""


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream* as a page of HTML, in ASCII, so that no encoding can spoil it."""
    for text in _document(result):
        stream.write(text.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _document(result: Result) -> Iterator[str]:
    judged = result.judged
    title = "Mail server report"
    named = judged[0].target.path if len(judged) == 1 else ""
    yield from _head(f"{title}: {named}" if named else title)
    yield f'<header><h1>{title}</h1>\n<p class="subtitle">{_subtitle(result, named)}</p></header>\n<main>\n'
    yield from _problems(result)
    rules = {rule.id: rule for rule in result.rules}
    complete = not result.errors
    if len(judged) == 1:
        yield from _Part(judged[0], judged[0].findings, "c1", rules, complete).told()
    elif not judged:
        yield from _Part(None, result.findings, "c1", rules, complete).told()
    else:
        yield from _contents(result)
        for number, one in enumerate(judged, 1):
            yield f'<section aria-labelledby="c{number}">\n'
            yield f'<h2 class="directory" id="c{number}">{escaped(one.target.path)}</h2>\n'
            yield from _Part(one, one.findings, f"c{number}", rules, complete).told()
            yield "</section>\n"
    yield from _not_checked(result)
    yield from _glossary()
    yield (
        f"</main>\n<footer>Made by maillint {escaped(__version__)}, which reads the files as Postfix does and"
        " judges them. Passwords are masked.</footer>\n</body>\n</html>\n"
    )


def _head(title: str) -> Iterator[str]:
    from base64 import b64encode
    from hashlib import sha256

    with open(_STYLE, encoding="ascii") as file:
        style = file.read()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        f" style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def _subtitle(result: Result, named: str) -> str:
    if named:
        return f"<code>{escaped(named)}</code>"
    return f"{result.configurations} configurations" if result.judged else "Findings"


def _problems(result: Result) -> Iterator[str]:
    if result.errors:
        yield '<section class="card finding error"><h2>Not everything could be judged</h2>\n<ul>'
        yield from (f"<li>{prose(str(problem))}</li>" for problem in result.errors)
        yield "</ul></section>\n"


def _contents(result: Result) -> Iterator[str]:
    """The table of several configurations."""
    yield "<h2>The configurations</h2>\n"
    yield f'{_scrolling("The configurations")}<table><thead><tr><th scope="col">Files</th>'
    yield "".join(f'<th scope="col">{_HEADINGS[severity]}</th>' for severity in _GRAVEST_FIRST)
    yield "</tr></thead>\n<tbody>\n"
    for number, one in enumerate(result.judged, 1):
        counts = _counts(one.findings)
        fields = "".join(f"<td>{counts[severity] or '–'}</td>" for severity in _GRAVEST_FIRST)
        yield f'<tr><th scope="row"><a href="#c{number}">{escaped(one.target.path)}</a></th>{fields}</tr>\n'
    yield "</tbody></table></div>\n"


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    counts = dict.fromkeys(_GRAVEST_FIRST, 0)
    for finding in findings:
        counts[finding.severity or WARNING] += 1
    return counts


def _not_checked(result: Result) -> Iterator[str]:
    notes = dict.fromkeys((note.reason, note.question) for note in result.not_checked)
    if notes:
        yield "<h2>What could not be checked</h2>\n<ul>"
        for reason, question in notes:
            yield f"<li>{prose(reason)}{f' (<code>{escaped(question)}</code>)' if question else ''}</li>"
        yield "</ul>\n"


def _glossary() -> Iterator[str]:
    yield '<h2 id="words">Words</h2>\n<dl class="glossary">'
    yield from (f"<dt>{escaped(word)}</dt><dd>{prose(text)}</dd>\n" for word, text in _GLOSSARY)
    yield "</dl>\n"


class _Part:
    """What the page tells of one configuration."""

    def __init__(
        self,
        judged: Judged | None,
        findings: Sequence[Finding],
        prefix: str,
        rules: dict[str, Rule],
        complete: bool,
    ) -> None:
        """*complete*: whether maillint could do all that it was asked to."""
        self._judged = judged
        self._complete = complete
        self._findings = findings
        self._prefix = prefix
        self._rules = rules
        self._pages: dict[str, str] = {}
        """By rule, the id of the finding that has its page."""
        self._config = _read(judged) if judged is not None else None
        self._sources = Sources(self._config, findings, prefix)

    def told(self) -> Iterator[str]:
        config = self._config
        sections = [("findings", "What was found", self._all_findings())] if self._findings else []
        if config is not None:
            if not config.fragment:
                sections += [
                    ("flow", "The way of mail", self._flow(config)),
                    ("sender", "Who mail says it is from", self._sender(config)),
                    ("relay", "Who may send what", self._relay(config)),
                    ("role", "What the host is for", self._role(config)),
                ]
            sections.append(("files", "The files", self._files()))
        links = [(f"{self._prefix}-{name}", title) for name, title, _ in sections]
        yield from self._navigation(links)
        yield from self._summary()
        for (id, title), (_, _, body) in zip(links, sections, strict=True):
            yield f'<section aria-labelledby="{id}">\n<h2 id="{id}">{title}</h2>\n'
            yield from body
            yield "</section>\n"

    def _navigation(self, links: Iterable[tuple[str, str]]) -> Iterator[str]:
        yield f'<nav aria-label="Contents of {self._prefix}"><ul>'
        yield from (f'<li><a href="#{id}">{title}</a></li>' for id, title in links)
        yield '<li><a href="#words">Words</a></li></ul></nav>\n'

    # --- summary and findings ----------------------------------------------------------------------------

    def _summary(self) -> Iterator[str]:
        counts = _counts(self._findings)
        if not self._findings:
            yield (
                '<p class="card verdict good">'
                "Nothing was found that breaks mail, loses it, or opens the host.</p>\n"
                if self._complete
                else '<p class="card verdict">Nothing was found in what could be judged.</p>\n'
            )
        else:
            yield '<ul class="counts">'
            for severity, number in counts.items():
                told = _MEANING[severity][number != 1]
                yield f'<li class="{severity if number else "none"}"><b>{number}</b> {told}</li>'
            yield "</ul>\n"
        yield from self._does()
        if self._findings:
            yield from self._to_do()

    def _does(self) -> Iterator[str]:
        if self._config is None or self._config.fragment:
            return
        from maillint.postfix.role import roles

        does = [_DOES[role.name] for role in roles(self._config)]
        if does:
            yield f"<p><b>What this server does.</b> {prose(' '.join(does))}</p>\n"

    def _to_do(self) -> Iterator[str]:
        numbered = list(enumerate(self._findings, 1))
        numbered.sort(
            key=lambda pair: (
                -SEVERITIES.index(pair[1].severity or WARNING),
                -CONFIDENCES.index(pair[1].confidence),
            )
        )
        # One mend may be told by several findings.
        first: dict[str, tuple[int, Finding]] = {}
        for number, finding in numbered:
            first.setdefault(finding.mend or finding.message, (number, finding))
        shown = list(first.values())[:_FIRST]
        title = "What to do first" if len(first) > len(shown) else "What to do"
        yield f'<div class="card"><h3>{title}</h3>\n<ol class="first">\n'
        for number, finding in shown:
            yield f"<li>{_mend(finding.mend or finding.message)}"
            why = f'<a href="#{self._prefix}-f{number}">Why</a>'
            yield f"{why} · {self._sources.place(finding.location)}</li>\n"
        yield "</ol>\n"
        fixable = sum(finding.fix is not None and finding.fix.safe for finding in self._findings)
        if fixable and self._judged is not None:
            path = self._judged.target.path
            them = "one of them" if fixable == 1 else f"{fixable} of them"
            command = f"<code>maillint check --fix {escaped(path)}</code>"
            yield f"<p>maillint can mend {them} itself, safely: {command}</p>\n"
        yield "</div>\n"

    def _all_findings(self) -> Iterator[str]:
        for severity in _GRAVEST_FIRST:
            found = [
                (number, finding)
                for number, finding in enumerate(self._findings, 1)
                if (finding.severity or WARNING) == severity
            ]
            if found:
                yield f"<h3>{_HEADINGS[severity]}</h3>\n"
            for number, finding in found:
                yield from self._finding(f"{self._prefix}-f{number}", finding)

    def _finding(self, id: str, finding: Finding) -> Iterator[str]:
        severity = finding.severity or WARNING
        yield f'<article class="card finding {severity}" id="{id}">\n'
        yield f"<h4>{prose(_capital(finding.message))}</h4>\n"
        yield f'<p class="meta"><span class="badge">{severity}</span> <span>{escaped(finding.rule)}</span>'
        yield f" {self._sources.place(finding.location, whole=True)}"
        if finding.confidence != HIGH:
            yield f" <span>{finding.confidence} confidence</span>"
        if finding.services:
            yield f" <span>concerns {escaped(', '.join(finding.services))}</span>"
        yield "</p>\n"
        if finding.location.text:
            yield self._sources.quoted(finding.location, severity) + "\n"
        if finding.related:
            yield '<ul class="related">'
            for related in finding.related:
                place = self._sources.place(related.location)
                quote = self._sources.quoted(related.location, "related")
                yield f"<li>{prose(related.message)} ({place}){quote}</li>\n"
            yield "</ul>\n"
        if finding.mend:
            yield f'<p class="label">What to do</p>\n{_mend(finding.mend)}'
        if finding.fix is not None:
            kind = "safe" if finding.fix.safe else "may change what Postfix does"
            yield f'<p class="label">What maillint can change: {prose(finding.fix.title)} ({kind})</p>\n'
            yield from map(_hunk, hunks(finding.fix))
        yield from self._page(id, finding.rule)
        yield "</article>\n"

    def _page(self, id: str, name: str) -> Iterator[str]:
        """The page of the rule, once; later findings lead back to it."""
        rule = self._rules.get(name)
        if rule is None or self._judged is None or not rule.module:
            return
        if name in self._pages:
            yield f'<p><a href="#{self._pages[name]}">The rule is explained above.</a></p>\n'
            return
        self._pages[name] = id
        page = parse(self._judged.plan.registry.page(rule))
        yield f'<details><summary>The rule {escaped(name)}, with examples</summary><div class="page">\n'
        yield f"<p><b>{prose(page.summary)}</b></p>\n"
        for section in page.sections:
            yield f"<h5>{escaped(section.title)}</h5>\n"
            yield from markdown(section.text)
        yield "</div></details>\n"

    # --- the configuration -------------------------------------------------------------------------------

    def _flow(self, config: Configuration) -> Iterator[str]:
        from maillint.postfix.flow import flow

        from . import _picture

        found = flow(config)
        yield "<p>Mail comes in on the left, and goes out on the right. A dashed line is a way back from a"
        yield " filter. A number stands where something was found.</p>\n"
        yield f'<div class="picture">{_scrolling("Picture of the way of mail")}\n'
        yield from _picture.picture(found, f"{self._prefix}-picture", self._link, self._marks)
        yield "</div></div>\n<h3>The same in words</h3>\n"
        yield '<ol class="stages">'
        for title, stops in _picture.words(found):
            yield f"<li><b>{title}</b><ul>"
            for stop, ends in stops:
                facts = f": {'; '.join(map(prose, stop.facts))}" if stop.facts else ""
                goes = (
                    f' <span class="soft">→ {escaped(", ".join(map(_called, ends)))}</span>' if ends else ""
                )
                yield f"<li><b>{escaped(_called(stop))}</b>{facts}{goes}</li>\n"
            yield "</ul></li>\n"
        yield "</ol>\n"
        if found.unknown:
            yield "<p>What may send mail another way, but cannot be read here:</p><ul>"
            yield from (f"<li>{prose(text)}</li>" for text in found.unknown)
            yield "</ul>\n"
        if found.idle:
            names = ", ".join(f"<code>{escaped(name)}</code>" for name in found.idle)
            yield f"<p>master.cf has ways of delivery to which no setting sends mail: {names}.</p>\n"

    def _link(self, stop: Stop) -> str:
        return self._sources.anchor(stop.location) if stop.location is not None else ""

    def _marks(self, stop: Stop) -> tuple[str, int]:
        """What was found about the service of *stop*: in its entry, or by its name."""
        view = self._config.view(stop.service) if self._config is not None and stop.service else None
        if view is None or view.service is None or stop.key.startswith("checks"):
            return "", 0
        service = view.service
        found = [
            finding.severity or WARNING
            for finding in self._findings
            if finding.services == (stop.service,)
            or (
                finding.location.source.path == service.source.path
                and service.line
                <= finding.location.start.line
                <= service.source.position(max(service.span.end - 1, service.span.start)).line
            )
        ]
        return (max(found, key=SEVERITIES.index), len(found)) if found else ("", 0)

    def _sender(self, config: Configuration) -> Iterator[str]:
        from maillint.postfix.sender import identities

        from .words import sender

        groups = sender.grouped(identities(config))
        yield "<p>Receivers judge mail by the domain in its sender, by the server that it comes from, and by"
        yield " who signed it.</p>\n"
        if not groups:
            yield f"<p>{prose(sender.NOBODY)}</p>\n"
        for group in groups:
            yield f'<div class="card"><h3>{prose(sender.title(group[0]))}</h3>\n<dl class="facts">'
            for fact in sender.facts(group):
                lines = "".join(f"<p>{self._linked(line)}</p>" for line in fact.lines)
                lines += "".join(f'<p class="soft">{self._linked(line)}</p>' for line in fact.because)
                yield f"<dt>{escaped(fact.name)}</dt><dd>{lines}</dd>\n"
            yield "</dl></div>\n"

    def _relay(self, config: Configuration) -> Iterator[str]:
        from maillint.postfix.access import servers

        from .words import relay

        found = list(servers(config))
        yield (
            f'<p class="soft">{prose(" ".join(relay.LEGEND.split()))}</p>\n'
            if found
            else f"<p>{relay.NO_SERVER}</p>\n"
        )
        for number, server in enumerate(found, 1):
            yield from self._server(server, f"{self._prefix}-r{number}")

    def _server(self, server: Server, id: str) -> Iterator[str]:
        from .words import relay

        yield f'<h3 id="{id}">{prose(relay.title(server))}</h3>\n'
        table = relay.table(server)
        if isinstance(table, str):
            yield f"<p>{prose(table)}</p>\n"
            return
        yield f'{_scrolling(relay.title(server))}<table><thead><tr><th scope="col">Mail from</th>'
        yield "".join(f'<th scope="col">{escaped(column)}</th>' for column in table.columns)
        yield "</tr></thead>\n<tbody>\n"
        for row in table.rows:
            yield f'<tr><th scope="row">{escaped(row.title)}</th>'
            for answer in row.answers:
                style = "open" if _is_open(answer.cell) else _STYLES.get(answer.word, "between")
                note = f'<sup><a href="#{id}-n{answer.note}">{answer.note}</a></sup>'
                yield f'<td class="{style}">{escaped(answer.word)} {note}</td>'
            yield "</tr>\n"
        yield '</tbody></table></div>\n<ol class="notes">'
        for number, told in enumerate(table.notes, 1):
            yield f'<li id="{id}-n{number}">{self._linked(told.decides)}'
            for otherwise in told.exceptions:
                ways = "".join(f"<li>{prose(way)}</li>" for way in otherwise.ways)
                yield f"<br>{prose(otherwise.happens)} when<ul>{ways}</ul>"
            yield "</li>\n"
        yield f'</ol>\n<p class="soft">{prose(table.etrn)}</p>\n'

    def _role(self, config: Configuration) -> Iterator[str]:
        from maillint.postfix.role import answers

        found = answers(config)
        sure = {name: answer for name, answer in found.items() if answer.holds}
        unknown = {name: answer for name, answer in found.items() if answer.holds is None}
        if not sure:
            yield "<p>The files show none of the roles that maillint knows.</p>\n"
        yield from self._answers(sure)
        if unknown:
            yield "<h3>What the files do not tell</h3>\n"
            yield from self._answers(unknown)

    def _answers(self, found: dict[str, Answer]) -> Iterator[str]:
        from .words.role import reason

        if found:
            yield "<ul>"
        for name, answer in found.items():
            reasons = "".join(f"<li>{self._linked(reason(one))}</li>" for one in answer.evidence)
            yield f"<li><b>{escaped(name)}</b>: {prose(_DOES[name])}<ul>{reasons}</ul></li>\n"
        if found:
            yield "</ul>\n"

    def _linked(self, line: words.Line) -> str:
        parts = []
        for part in line:
            if isinstance(part, str):
                parts.append(prose(part))
            elif isinstance(part, Location):
                parts.append(self._sources.place(part))
            else:
                text = escaped(masked(words.assignment(part)))
                parts.append(f"<code>{text}</code> ({self._sources.place(part.value.location())})")
        return "".join(parts)

    def _files(self) -> Iterator[str]:
        for shown in self._sources.files.values():
            yield f'<h3 id="{shown.id}">{escaped(shown.source.path)}</h3>\n'
            yield from self._sources.listing(shown)


def _read(judged: Judged) -> Configuration | None:
    """The configuration once more, which asks nobody on the net."""
    from maillint.engine.run import read

    config = read(judged.target, judged.plan, [])
    if config is not None:
        config.dns = config.policies = None
    return config


def _is_open(cell: Cell) -> bool:
    """Whether strangers may send anywhere."""
    from maillint.postfix.access import FOREIGN, PERMIT, STRANGER

    kinds = cell.client.kind, cell.recipient.kind
    return kinds == (STRANGER, FOREIGN) and PERMIT in cell.verdict.possible


def _scrolling(label: str) -> str:
    """The start of a box in which wide content moves, for a keyboard too."""
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{escaped(label)}">'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _called(stop: Stop) -> str:
    return f"{stop.title} {stop.service}" if stop.title == "Checks" and stop.service else stop.title


def _mend(text: str) -> str:
    """A mend: a sentence, and lines to write."""
    first, *lines = text.split("\n")
    return f"<p>{prose(_capital(first))}</p>\n" + (f"{block(map(masked, lines))}\n" if lines else "")


def _hunk(hunk: Hunk) -> str:
    changed = [("del", "-", line) for line in hunk.before] + [("ins", "+", line) for line in hunk.after]
    lines = [
        f"<{tag}>{sign} {escaped(masked(line.rstrip(chr(13)))[:500])}</{tag}>"
        for tag, sign, line in changed[:_MOST_CHANGED]
    ]
    if len(changed) > _MOST_CHANGED:
        lines.append(f"… {len(changed) - _MOST_CHANGED} more")
    name = escaped(f"{os.path.basename(hunk.path)}:{hunk.line}")
    return f'<p class="file">{name}</p><pre class="diff">{"".join(lines)}</pre>\n'
