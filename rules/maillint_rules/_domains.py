"""Domain names as rules compare them."""

from __future__ import annotations

from maillint.postfix.typed import is_hostname


def is_qualified(text: str) -> bool:
    """Whether *text* is a host's name with a domain."""
    return "." in text and is_hostname(text)


def is_within(name: str, domain: str) -> bool:
    """Whether *name* is *domain* or below it. Both in lower case."""
    return name == domain or name.endswith(f".{domain}")


def are_related(name: str, other: str) -> bool:
    """Whether both may be of one owner: they agree in their last two labels.

    Under ``co.uk`` and the like that says too little; a rule that fires when it is false errs on the side
    of silence.
    """
    return name.split(".")[-2:] == other.split(".")[-2:]


_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "gv", "net", "ne", "or", "org"))


def may_be_registered(name: str) -> bool:
    """Whether *name* has the form of a domain that a registry hands out, rather than of a host in one."""
    labels = name.lower().split(".")
    return len(labels) == 2 or (len(labels) == 3 and len(labels[2]) == 2 and labels[1] in _SECOND_LEVEL)
