"""May this host send for a domain? What two rules say when it may not, over IPv4 or over IPv6 alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maillint.dns.spf_check import FAIL, NEUTRAL, PASS, SOFTFAIL, TEMPERROR
from maillint.dns.spf_strings import fused
from maillint.dns.spf_tree import Node
from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding, NotChecked
from maillint.postfix.sender import HOSTED

from ._addresses import TELL
from ._sender_spf import (
    REFUSED,
    Check,
    SenderSpf,
    after_all,
    ignored_redirect,
    record_lines,
    unless_signed,
    weighed,
    with_addresses,
    with_all_last,
    with_include,
)

_CONSEQUENCES = {
    FAIL: "receivers refuse such mail",
    SOFTFAIL: "Gmail puts such mail into the spam folder or refuses it with 550-5.7.26",
    NEUTRAL: "that is as if there were no record: Gmail refuses such mail with 550-5.7.26",
}


def refused(spf: SenderSpf) -> tuple[list[Check], bool]:
    """The addresses that the record does not let send, and whether it knows this host by IPv4 alone.

    Addresses are left out that it would let send if another defect were mended: that has a rule of its own.
    """
    checks, _ = spf.checks()
    found = [check for check in checks if check.verdict.result in REFUSED and not _is_consequence(spf, check)]
    passed = {check.source.family for check in checks if check.verdict.result == PASS}
    return found, bool(found) and passed == {4} and all(check.source.family == 6 for check in found)


def _is_consequence(spf: SenderSpf, check: Check) -> bool:
    """Whether a term names the address that another defect of the record puts out of force."""
    repaired = []
    if after_all(spf):
        repaired.append(with_all_last(spf))
    if ignored_redirect(spf) is not None:
        repaired.append(with_include(spf))
    for found in fused(spf.answer):
        repaired.append(spf.text.replace(found.term, f"{found.left} {found.right}"))
    return any(spf.would_pass(record, check.source) for record in repaired)


def unsure(spf: SenderSpf) -> Iterator[NotChecked]:
    """What the DNS did not answer, and addresses that pass and are guesses."""
    for check in spf.checks()[0]:
        if check.verdict.result == TEMPERROR:
            yield NotChecked("", check.verdict.reason, f"{spf.domain} TXT", spf.location)
        elif check.verdict.result == PASS and not check.source.is_sure:
            reason = (
                f"the SPF record of {spf.domain} lets {check.source.address} send, but whether this host"
                " sends"
                f" from there is {check.source.because}; {TELL}"
            )
            yield NotChecked("", reason, f"{spf.domain} TXT", spf.location)


def finding(spf: SenderSpf, checks: Sequence[Check], other: str = "") -> Finding:
    """*other*: another way out."""
    results = list(dict.fromkeys(check.verdict.result for check in checks))
    worst = next(result for result in (FAIL, SOFTFAIL, NEUTRAL) if result in results)
    addresses = " and ".join(f"{check.source.address} ({check.source.because})" for check in checks)
    verdicts = "; ".join(_verdict(check) for check in checks)
    is_sure = all(check.source.is_sure for check in checks)
    consequence = _CONSEQUENCES[worst]
    if worst != FAIL:
        consequence += f" unless {unless_signed(spf)}"
    return spf.finding(
        f"{spf.mail} from {addresses}, but the SPF record of {spf.domain} does not name this host:"
        f" `{spf.text}` ({spf.asked}) gives {verdicts}{_authorised(spf.tree)}; {consequence}",
        mend=_mend(spf, checks, other),
        severity=_severity(spf, worst, is_sure),
        confidence=spf.confidence if is_sure else MEDIUM,
    )


def _severity(spf: SenderSpf, result: str, is_sure: bool) -> str:
    """Nothing is sure about a guess, and where something else may sign, a failed SPF may do no harm."""
    signed = bool(spf.identity.signers) and result != FAIL
    if signed or not is_sure or spf.identity.kind == HOSTED:
        return WARNING
    return weighed(spf, ERROR)


def _verdict(check: Check) -> str:
    verdict = check.verdict
    lookups = (
        f", after {verdict.lookups} lookup{'s' if verdict.lookups != 1 else ''}" if verdict.lookups else ""
    )
    return f"{verdict.result} for {check.source.address} ({verdict.reason}{lookups})"


def _authorised(tree: Node) -> str:
    """Whose servers the record names instead."""
    others = [branch.below.domain for branch in tree.branches if branch.below is not None]
    if not others or (tree.record is not None and any(term.network for term in tree.record.mechanisms)):
        return ""
    return f"; it names the servers of {', '.join(dict.fromkeys(others))} only"


def _mend(spf: SenderSpf, checks: Sequence[Check], other: str) -> str:
    sources = [check.source for check in checks]
    record = with_addresses(spf.text, sources)
    lines = ["publish instead:", record_lines(spf.domain, record)]
    for source in sources:
        if not source.is_sure:
            lines.append(f"if {source.address} is the address that it sends from: {source.because}")
    if other:
        lines.append(f"or {other}")
    return "\n".join(lines)
