"""Domain names as rules compare them, and those of the host itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.typed import is_hostname
from maillint.public_suffix import is_public_suffix
from maillint.reserved import is_for_examples, reserved

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value

NO_HOST = "no-host"
"""``myhostname`` is not set."""
NO_ORIGIN = "no-origin"
"""``myorigin`` is set nowhere."""
ODD_HOST = "odd-host"
"""``myhostname`` can be no host's name on the Internet."""
FOREIGN = "foreign"
"""The host is not in the domain that is to be its own."""

SUFFIX = "suffix"
"""The host's domain is a name below which registries hand out domains."""
ODD_ORIGIN = "odd-origin"
"""``myorigin`` can be no domain on the Internet."""

_NEVER_FILLED_IN = frozenset(("tld",))
"""Top-level domains of samples: they do not exist."""


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


def why_placeholder(name: str) -> str | None:
    """Why *name* cannot be the name of a host on the Internet; None when it can, or is no name at all.

    Names for examples count as good, since they stand for the reader's own, and those of Tor, which nobody
    chooses by accident.
    """
    top = name.lower().rpartition(".")[2]
    if not is_hostname(name) or is_for_examples(name.lower()) or top == "onion":
        return None
    if top in _NEVER_FILLED_IN:
        return f"there is no top-level domain `{top}`, so it is a sample that was not filled in"
    if "." not in name and top != "localhost":
        return None
    return reserved(name.lower())


def is_good_name(name: str) -> bool:
    """Whether *name* can be looked up by receivers, as far as its form tells."""
    return is_qualified(name) and why_placeholder(name) is None


def is_chosen(value: Value) -> bool:
    """Whether the parameter is set, to a name that could be in the DNS."""
    return value.setting is not None and value.text is not None and is_good_name(value.text)


def belong_together(value: Value, other: Value) -> bool:
    if value.text is None or other.text is None:
        return True
    name, domain = value.text.lower(), other.text.lower()
    return is_within(name, domain) or is_within(domain, name) or are_related(name, domain)


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about the names of the host: the words of this module."""
    words: set[str] = set()
    host, domain, origin = (config.main_view.value(name) for name in ("myhostname", "mydomain", "myorigin"))
    if host.setting is None:
        words.add(NO_HOST)
    elif host.text and not is_good_name(host.text):
        words.add(ODD_HOST)
    if not any(view.is_set("myorigin") for view in config.views):
        words.add(NO_ORIGIN)
    if is_chosen(host) and any(is_chosen(own) and not belong_together(host, own) for own in (domain, origin)):
        words.add(FOREIGN)
    if is_public_suffix((domain.text or "").lower()):
        words.add(SUFFIX)
    if origin.setting is not None and origin.text and not is_good_name(origin.text):
        words.add(ODD_ORIGIN)
    return frozenset(words)
