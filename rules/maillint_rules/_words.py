"""What stands in the settings, as it is written, for rules that few words make worth running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._settings import settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

PROTOCOLS = ("all", "ipv4", "ipv6")
"""The words of inet_protocols."""

HOST_NAMES = ("$myhostname", "${myhostname}", "$(myhostname)", "$smtp_helo_name", "$mydomain", "$myorigin")
"""What a greeting may begin with."""

DOMAINS = (
    "mydestination",
    "virtual_alias_domains",
    "virtual_mailbox_domains",
    "relay_domains",
    "masquerade_domains",
)
"""The parameters that hold names of domains."""

OTHER_PROTOCOL = "other-protocol"
"""Some inet_protocols has another word."""
OTHER_BANNER = "other-banner"
"""Some smtpd_banner begins with something else."""
NO_NAME = "no-name"
"""Some word in a list of domains is a wildcard, an address or the like."""
REFERENCE = "reference"
"""Some TLS level is not written there, but comes from elsewhere."""
WEAK_CIPHERS = "weak-ciphers"
"""Some grade of ciphers is weak, or not written there."""
LOUD = "loud"
"""Some log level of TLS is more than 1, or not written there."""
ODD_INTERFACE = "odd-interface"
"""Some word in inet_interfaces may be none that Postfix understands."""
LEAF = "leaf"
"""Some path may be that of a certificate alone, as a client for certificates writes it."""
LINEAGE = "lineage"
"""Some path is in a directory of such a client."""

_LEVEL = "_tls_security_level"
_FILES = ("_cert_file", "_key_file", "_eccert_file", "_eckey_file", "_chain_files")
_CIPHERS, _LOG_LEVEL = "_ciphers", "_loglevel"
_USUAL_INTERFACES = frozenset(("127.0.0.1", "::1", "[::1]", "localhost", "$myhostname"))


def noted(config: Configuration) -> frozenset[str]:
    """The names of the settings, the TLS levels in lower case, and the words of this module."""
    words: set[str] = set()
    for setting in settings(config):
        words.add(setting.name)
        if setting.name.endswith(_FILES) and setting.name.partition("_")[2].startswith("tls_"):
            words.update(_noted_of_path(setting.value.text))
        if setting.name.endswith(_LEVEL):
            level = setting.value.text.lower()
            words.add(REFERENCE if "$" in level else level)
        elif setting.name.endswith(_CIPHERS) and "exclude" not in setting.name:
            if setting.value.text.lower() not in ("medium", "high"):
                words.add(WEAK_CIPHERS)
        elif setting.name.endswith(_LOG_LEVEL):
            if setting.value.text not in ("0", "1"):
                words.add(LOUD)
        elif setting.name == "inet_interfaces":
            if setting.value.text not in ("all", "loopback-only") and not _USUAL_INTERFACES.issuperset(
                _split(setting)
            ):
                words.add(ODD_INTERFACE)
        elif setting.name == "inet_protocols" and not set(_split(setting)).issubset(PROTOCOLS):
            words.add(OTHER_PROTOCOL)
        elif setting.name == "smtpd_banner" and not setting.value.text.startswith(HOST_NAMES):
            words.add(OTHER_BANNER)
        elif setting.name in DOMAINS and any(map(_is_no_name, _split(setting))):
            words.add(NO_NAME)
    return frozenset(words)


def _noted_of_path(text: str) -> Iterator[str]:
    if any(client in text for client in ("letsencrypt", "dehydrated", "acme", "lego")):
        yield LINEAGE
        if "/cert" in text:
            yield LEAF


def _split(setting: Setting) -> list[str]:
    return setting.value.text.replace(",", " ").split()


def _is_no_name(word: str) -> bool:
    return "*" in word or "@" in word or word.lstrip("!").startswith(".")
