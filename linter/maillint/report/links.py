"""Where people read on."""

from maillint.engine.finding import Finding

SITE = ""
"""The address of the documentation, with a final slash; empty until there is one."""


def finding_url(finding: Finding) -> str | None:
    """The page that tells more about *finding*."""
    return finding.link or rule_url(finding.rule)


def rule_url(rule: str) -> str | None:
    """The page of the rule with the id *rule*; None while there is no site."""
    return f"{SITE}rules/{rule}.html" if SITE else None
