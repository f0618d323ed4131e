"""Domain names that nobody on the Internet can own, so that no mail can be for them or from them."""

_TOP_LEVEL = {
    "localhost": "RFC 6761",
    "invalid": "RFC 6761",
    "test": "RFC 6761",
    "example": "RFC 6761",
    "local": "RFC 6762",
    "onion": "RFC 7686",
    "alt": "RFC 9476",
    "internal": "kept for private use by ICANN",
    "intranet": "RFC 6762, appendix G",
    "private": "RFC 6762, appendix G",
    "corp": "RFC 6762, appendix G",
    "home": "RFC 6762, appendix G",
    "lan": "RFC 6762, appendix G",
    "localdomain": "the domain of a host that was given none",
}

_DOCUMENTATION = ("example.com", "example.net", "example.org")


def reserved(name: str) -> str | None:
    """Why the domain *name* cannot be anybody's on the Internet; None when it can.

    *name* is in lower case, without the final dot.
    """
    if name.startswith("[") or name.rpartition(".")[2].isdecimal():
        return f"`{name}` is an address, not a domain"
    if (domain := _documentation(name)) is not None:
        return f"`{domain}` is reserved for examples (RFC 6761)"
    if name == "home.arpa" or name.endswith(".home.arpa"):
        return "`home.arpa` is reserved for home networks (RFC 8375)"
    top = name.rpartition(".")[2]
    if top in _TOP_LEVEL:
        return f"the top-level domain `{top}` is reserved ({_TOP_LEVEL[top]})"
    if "." not in name:
        return f"`{name}` is not a full domain name"
    return None


def is_for_examples(name: str) -> bool:
    """Whether *name* is one of those that documentation uses in place of the reader's own.

    *name* is in lower case, without the final dot.
    """
    return name.rpartition(".")[2] == "example" or _documentation(name) is not None


def _documentation(name: str) -> str | None:
    return next((domain for domain in _DOCUMENTATION if name == domain or name.endswith(f".{domain}")), None)
