"""Where people read on."""

SITE = ""
"""The address of the documentation, with a final slash; empty until there is one."""


def rule_url(rule: str) -> str | None:
    """The page of the rule with the id *rule*; None while there is no site."""
    return f"{SITE}rules/{rule}/" if SITE else None
