"""The names below which registries hand domains out: nobody has mail there.

Of the top-level domains, those of the first registries (RFC 920, RFC 1591, ICANN's first rounds), and all of
two letters, which are those of countries (RFC 1591). Below some of the latter, the registries of the
countries hand out names one level further down. Only what is well known stands here: what is not found may
still be such a name, or that of somebody's own network.
"""

_TOP_LEVEL = frozenset(
    ("aero", "arpa", "biz", "com", "coop", "edu", "gov", "info", "int", "mil", "mobi", "museum", "net", "org")
)

_SECOND_LEVEL = {
    "ar": "com edu gob net org",
    "at": "ac co gv or",
    "au": "asn com edu gov id net org",
    "br": "com edu gov ind net org",
    "cn": "ac com edu gov net org",
    "hk": "com edu gov net org",
    "id": "ac co go net or sch",
    "il": "ac co gov net org",
    "in": "ac co edu gov ind net org",
    "jp": "ac ad co ed go gr lg ne or",
    "ke": "ac co go ne or",
    "kr": "ac co go ne or re",
    "mx": "com edu gob net org",
    "my": "com edu gov net org",
    "nz": "ac co geek gen govt net org school",
    "ph": "com edu gov net org",
    "pk": "com edu gov net org",
    "sg": "com edu gov net org",
    "th": "ac co go in net or",
    "tr": "com edu gov net org",
    "tw": "com edu gov idv net org",
    "ua": "com edu gov net org",
    "uk": "ac co gov ltd me net nhs org plc police sch",
    "za": "ac co gov net org",
}


def is_public_suffix(name: str) -> bool:
    """Whether *name*, in lower case without the final dot, is known to be such a name."""
    label, dot, top = name.partition(".")
    if not dot:
        return name in _TOP_LEVEL or (len(name) == 2 and name.isalpha() and name.isascii())
    return label in _SECOND_LEVEL.get(top, "").split()
