"""What stands in the settings, as it is written, for rules that few words make worth running."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._settings import settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

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
NO_SIZE_LIMIT = "no-size-limit"
"""Messages may be of any size, or the limit is not written there."""
SNAKEOIL = "snakeoil"
"""Some certificate is the one that Debian makes for each host."""
BY_CLIENT = "by-client"
"""Some path leads to what a client for certificates makes."""
MAILDIR = "maildir"
"""Some mailbox has the name of a maildir, and is a file."""
SOFT_BOUNCE = "soft-bounce"
"""Nothing is returned for good."""
PASSWORD = "password"
"""Some table of passwords may be written out where it is named."""
SHADOWED = "shadowed"
"""More than one setting says how local mail is delivered."""
NO_LOGIN = "no-login"
"""There are passwords for relays, and nothing says whether the client logs in."""

LOCAL_DELIVERY = ("mailbox_transport", "mailbox_command", "home_mailbox", "mail_spool_directory")
"""What local(8) delivers by, the strongest first (local/mailbox.c)."""

_MAILDIR_FILE = re.compile(r"(?i)\.?maildirs?(?![/a-z])|\$")
_USUAL_INTERFACES = frozenset(("127.0.0.1", "::1", "[::1]", "localhost", "$myhostname"))
_CERTIFICATE_CLIENTS = ("letsencrypt/", "dehydrated/", "lego/", "acme/", "acme.sh/")


def noted(config: Configuration) -> frozenset[str]:
    """The names of the settings, ``name =`` for empty ones, the TLS levels in lower case, and the words of
    this module.
    """
    words: set[str] = set()
    for setting in settings(config):
        name, text = setting.name, setting.value.text
        words.add(name)
        if not text:
            words.add(f"{name} =")
        if name in _ODD:
            word, is_odd = _ODD[name]
            if is_odd(text):
                words.add(word)
        elif name.endswith("_tls_security_level"):
            words.add(REFERENCE if "$" in text else text.lower())
        elif name.endswith("_loglevel"):
            words.update(() if text in ("0", "1") else (LOUD,))
        elif name.endswith("_ciphers"):
            words.update(() if text.lower() in ("medium", "high") else (WEAK_CIPHERS,))
        if "/" in text and any(client in text for client in _CERTIFICATE_CLIENTS):
            words.add(BY_CLIENT)
    if len(words.intersection(LOCAL_DELIVERY)) > 1:
        words.add(SHADOWED)
    if "smtp_sasl_password_maps" in words and "smtp_sasl_auth_enable" not in words:
        words.add(NO_LOGIN)
    return frozenset(words)


def _is_odd_interface(text: str) -> bool:
    return text not in ("all", "loopback-only") and not _USUAL_INTERFACES.issuperset(_split(text))


def _is_other_protocol(text: str) -> bool:
    return not set(_split(text)).issubset(PROTOCOLS)


def _is_other_banner(text: str) -> bool:
    return not text.startswith(HOST_NAMES)


def _is_without_limit(text: str) -> bool:
    return not text.strip("0") or "$" in text


def _is_file_called_maildir(text: str) -> bool:
    return _MAILDIR_FILE.search(text) is not None


def _is_on(text: str) -> bool:
    return text.lower() != "no"


def _is_written_out(text: str) -> bool:
    return "static:" in text or "inline:" in text or "$" in text


def _has_no_name(text: str) -> bool:
    return any("*" in word or "@" in word or word.lstrip("!").startswith(".") for word in _split(text))


def is_snakeoil(text: str) -> bool:
    """Whether it names the certificate that Debian makes for each host."""
    return "ssl-cert-snakeoil." in text


def _split(text: str) -> list[str]:
    return text.replace(",", " ").split()


_ODD: dict[str, tuple[str, Callable[[str], bool]]] = {
    **dict.fromkeys(
        ("home_mailbox", "mail_spool_directory", "virtual_mailbox_maps"), (MAILDIR, _is_file_called_maildir)
    ),
    "soft_bounce": (SOFT_BOUNCE, _is_on),
    **dict.fromkeys(("smtp_sasl_password_maps", "lmtp_sasl_password_maps"), (PASSWORD, _is_written_out)),
    "inet_interfaces": (ODD_INTERFACE, _is_odd_interface),
    "inet_protocols": (OTHER_PROTOCOL, _is_other_protocol),
    "message_size_limit": (NO_SIZE_LIMIT, _is_without_limit),
    "smtpd_banner": (OTHER_BANNER, _is_other_banner),
    "smtpd_tls_cert_file": (SNAKEOIL, is_snakeoil),
    "smtpd_tls_chain_files": (SNAKEOIL, is_snakeoil),
    **dict.fromkeys(DOMAINS, (NO_NAME, _has_no_name)),
}
"""The parameters of which some values are worth a look: the word for it, and which."""
