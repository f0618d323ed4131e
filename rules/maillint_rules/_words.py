"""What stands in the settings, as it is written, for rules that few words make worth running."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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

CHAIN_FILES = (
    "smtpd_tls_chain_files",
    "smtp_tls_chain_files",
    "lmtp_tls_chain_files",
    "postscreen_tls_chain_files",
    "tlsproxy_tls_chain_files",
    "tlsproxy_client_chain_files",
)
"""The parameters that hold keys and their certificates."""

UNKNOWN_USER_CODES = (
    "unknown_local_recipient_reject_code",
    "unknown_relay_recipient_reject_code",
    "unknown_virtual_alias_reject_code",
    "unknown_virtual_mailbox_reject_code",
)
"""The parameters that hold the reply code for users who do not exist."""

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
NO_CERTIFICATE = "no-certificate"
"""Some smtpd may have no certificate."""
NO_RELAY_DOMAINS = "no-relay-domains"
"""relay_domains may be empty."""
NO_RECIPIENTS = "no-recipients"
"""relay_recipient_maps may be empty."""
OFF = "off"
"""Some check is not known to be on."""
NOT_IPV4 = "not-ipv4"
"""Some inet_protocols has no word for IPv4."""
NOT_EVERYWHERE = "not-everywhere"
"""Some server may listen on some addresses alone."""
SEVERAL = "several"
"""Some list of files or domains, of those whose order counts, has more than one."""
ENDPOINT = "endpoint"
"""Some path of a login server may be none."""
ANONYMOUS = "anonymous"
"""Anonymous logins may not be forbidden."""
DEFERRING = "deferring"
"""Some code for unknown users may be none of those for good."""

LOCAL_DELIVERY = ("mailbox_transport", "mailbox_command", "home_mailbox", "mail_spool_directory")
"""What local(8) delivers by, the strongest first (local/mailbox.c)."""

_MAILDIR_FILE = re.compile(r"(?i)\.?maildirs?(?![/a-z])|\$")
_SHORT_PATH = 25
_CERTIFICATES = (
    "smtpd_tls_cert_file",
    "smtpd_tls_eccert_file",
    "smtpd_tls_dcert_file",
    "smtpd_tls_chain_files",
)
_USUAL_INTERFACES = frozenset(("127.0.0.1", "::1", "[::1]", "localhost", "$myhostname"))
_CERTIFICATE_CLIENTS = ("letsencrypt/", "dehydrated/", "lego/", "acme/", "acme.sh/")


def noted(config: Configuration) -> frozenset[str]:
    """The names of the settings, ``name =`` for empty ones, the TLS levels in lower case, with and without
    the name, and the words of this module.
    """
    words: set[str] = set()
    for setting in settings(config):
        name, text = setting.name, setting.value.text
        words.add(name)
        if not text:
            words.add(f"{name} =")
        if name in _ODD:
            words.update(word for word, is_odd in _ODD[name] if is_odd(text))
        elif name.endswith("_tls_security_level"):
            level = REFERENCE if "$" in text else text.lower()
            words.update((level, f"{name} {level}"))
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
    words.update(_missing(config))
    return frozenset(words)


def _missing(config: Configuration) -> Iterator[str]:
    """The words for what is not plainly there."""
    if not any(_is_plain(config, name) and config.parameter(name) is not None for name in _CERTIFICATES):
        yield NO_CERTIFICATE
    if not _is_plain(config, "relay_domains"):
        yield NO_RELAY_DOMAINS
    if not _is_plain(config, "relay_recipient_maps"):
        yield NO_RECIPIENTS
    if any(service.type == "inet" and ":" in service.name for service in config.services):
        yield NOT_EVERYWHERE


def _is_plain(config: Configuration, name: str) -> bool:
    """Whether main.cf gives the parameter a value that no other can change."""
    setting = config.settings.get(name)
    text = setting.value.text if setting is not None else ""
    return (
        bool(text)
        and "$" not in text
        and text.lower() != "none"
        and not any(option.name == name for service in config.services for option in service.options)
    )


def _is_odd_interface(text: str) -> bool:
    return text not in ("all", "loopback-only") and not _USUAL_INTERFACES.issuperset(_split(text))


def _is_not_everywhere(text: str) -> bool:
    return text.lower() != "all"


def _has_no_ipv4(text: str) -> bool:
    return not {"all", "ipv4"}.intersection(_split(text.lower()))


def _is_not_yes(text: str) -> bool:
    return text.lower() != "yes"


def _is_several(text: str) -> bool:
    return "$" in text or len(_split(text)) > 1


def _is_no_path(text: str) -> bool:
    return ":" in text or "$" in text or len(text) > _SHORT_PATH


def _allows_anonymous(text: str) -> bool:
    return "noanonymous" not in _split(text.lower())


def _is_not_for_good(text: str) -> bool:
    return not text.startswith("5")


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


_LOCAL_FILES = (MAILDIR, _is_file_called_maildir)
_SNAKEOIL, _SEVERAL = (SNAKEOIL, is_snakeoil), (SEVERAL, _is_several)
_OFF, _NO_NAME = (OFF, _is_not_yes), (NO_NAME, _has_no_name)

_ODD: dict[str, tuple[tuple[str, Callable[[str], bool]], ...]] = {
    **dict.fromkeys(("home_mailbox", "mail_spool_directory", "virtual_mailbox_maps"), (_LOCAL_FILES,)),
    "soft_bounce": ((SOFT_BOUNCE, _is_on),),
    **dict.fromkeys(("smtp_sasl_password_maps", "lmtp_sasl_password_maps"), ((PASSWORD, _is_written_out),)),
    "inet_interfaces": ((ODD_INTERFACE, _is_odd_interface), (NOT_EVERYWHERE, _is_not_everywhere)),
    "inet_protocols": ((OTHER_PROTOCOL, _is_other_protocol), (NOT_IPV4, _has_no_ipv4)),
    "message_size_limit": ((NO_SIZE_LIMIT, _is_without_limit),),
    "smtpd_banner": ((OTHER_BANNER, _is_other_banner),),
    "smtpd_delay_reject": (_OFF,),
    "smtpd_forbid_unauth_pipelining": (_OFF,),
    "smtpd_sasl_path": ((ENDPOINT, _is_no_path),),
    **dict.fromkeys(
        ("smtpd_sasl_security_options", "smtpd_sasl_tls_security_options"), ((ANONYMOUS, _allows_anonymous),)
    ),
    "smtpd_tls_cert_file": (_SNAKEOIL,),
    **dict.fromkeys(CHAIN_FILES, (_SEVERAL,)),
    "smtpd_tls_chain_files": (_SNAKEOIL, _SEVERAL),
    **dict.fromkeys(UNKNOWN_USER_CODES, ((DEFERRING, _is_not_for_good),)),
    **dict.fromkeys(DOMAINS, (_NO_NAME,)),
    "masquerade_domains": (_NO_NAME, _SEVERAL),
}
"""The parameters of which some values are worth a look: the words for them, and which."""
