"""The services that use a setting, and the finding about what they make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Finding, Fix
from maillint.postfix.services import views_of
from maillint.postfix.tls import CLIENTS

from ._chain import set_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from maillint.postfix.configuration import View

    from ._values import Judged

_LONGEST = 60


def users(judged: Judged, *programs: str) -> list[View]:
    """Those views of *programs* (:func:`views_of`) in which the value of *judged* holds."""
    if judged.view.service is not None:
        return [judged.view] if judged.view.daemon in programs else []
    name = judged.parameter.name
    views = views_of(judged.view.configuration, *programs)
    return [view for view in views if view.setting(name) is judged.setting]


def clients_of(view: View, suffix: str = "") -> Iterator[str]:
    """The SMTP and LMTP clients that *view* is of, both for main.cf.

    *suffix*: only those that set, in this version, the parameter whose name is client and suffix.
    """
    for client in CLIENTS:
        name = client + suffix
        if view.service is not None and view.daemon != client:
            continue
        if not suffix or (view.is_set(name) and view.configuration.parameter(name) is not None):
            yield client


def may_stand_elsewhere(view: View, name: str) -> bool:
    """Whether the parameter may be set in a file that is not known."""
    config = view.configuration
    return not view.is_set(name) and (config.fragment or config.main is None)


def ids(views: Iterable[View]) -> tuple[str, ...]:
    """The services of *views*."""
    return tuple(view.id for view in views if view.service is not None)


def found(
    judged: Judged,
    message: str,
    mend: str,
    *,
    users: Iterable[View] = (),
    place: tuple[int, int | None] = (0, None),
    meant: str | None = None,
    sure: bool = True,
    severity: str | None = None,
) -> Finding:
    """The finding at *place*, a range of the value, with the fix that writes *meant* there."""
    location = judged.location(*place)
    fix = None
    if meant is not None and location.text and location.text == judged.text[slice(*place)]:
        fix = Fix.write(location, meant, safe=sure)
    return Finding(
        location,
        message,
        mend=mend,
        severity=severity,
        parameter=judged.parameter.name,
        related=set_here(judged.value.chain[1:]),
        fix=fix,
        services=ids(users),
    )


def each_cause(findings: Iterable[Finding]) -> Iterator[Finding]:
    """*findings* without those at a ``$name`` that say what is told already, where it is written or once."""
    told: set[str] = set()
    for finding in sorted(findings, key=_is_at_reference):
        if not _is_at_reference(finding) or finding.message not in told:
            told.add(finding.message)
            yield finding


def _is_at_reference(finding: Finding) -> bool:
    return finding.location.text.startswith("$")


def shown(text: str) -> str:
    """A word in a message; what stands before ``@`` may be a password, and is left out."""
    before, at, after = " ".join(text.split()).rpartition("@")
    text = f"...@{after}" if at and (":" in before) else f"{before}{at}{after}"
    return f"`{text[:_LONGEST]}...`" if len(text) > _LONGEST else f"`{text}`" if text else "an empty value"
