"""How often each rule found something: where to begin in an old tree."""

from collections import Counter
from typing import TextIO

from maillint.engine.result import Result


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*: a line a rule, the most frequent first."""
    summaries = {rule.id: rule.summary for rule in result.rules}
    fixes = Counter(finding.rule for finding in result.findings if finding.fix is not None)
    counts = Counter((finding.rule, finding.severity or "") for finding in result.findings)
    for (rule, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        fix = " [fix]" if fixes[rule] else ""
        stream.write(f"{count:6}  {severity:7}  {rule}{fix}  {summaries.get(rule, '')}\n")
