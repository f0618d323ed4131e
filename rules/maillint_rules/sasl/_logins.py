"""How the SMTP servers of a configuration let users log in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix.listening import NETWORK, is_for_submission, is_mail_exchange, reach
from maillint.postfix.master import port_number
from maillint.postfix.restrictions import access_lists
from maillint.postfix.services import views_of
from maillint.postfix.tls import MAY, NONE, server_level

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value, View
    from maillint.syntax.tree import Setting

SASL = "smtpd_sasl_auth_enable"
AUTH_ONLY = "smtpd_tls_auth_only"
TYPE = "smtpd_sasl_type"
PATH = "smtpd_sasl_path"
OPTIONS = "smtpd_sasl_security_options"
TLS_OPTIONS = "smtpd_sasl_tls_security_options"
EXCEPTIONS = "smtpd_sasl_exceptions_networks"
LOGIN_MAPS = "smtpd_sender_login_maps"

DOVECOT = "dovecot"
CYRUS = "cyrus"
_NOPLAINTEXT = "noplaintext"
_PLAINTEXT = frozenset({"PLAIN", "LOGIN"})
"""The mechanisms of SASL that this leaves out, as far as Dovecot has them."""
_CERTIFICATES = ("permit_tls_clientcerts", "permit_tls_all_clientcerts", "check_ccert_access")
_OWN_CHECKS = ("check_policy_service", "check_sasl_access")
"""What may look at the sender of a user who has logged in, beside the restrictions for that."""
_LOGIN_MISMATCH = "_sender_login_mismatch"

CLEARTEXT = "cleartext"
"""Some server takes passwords without TLS."""
NO_TLS = "no-tls"
"""Some server for users offers a login under TLS only, and has none."""
NO_PLAINTEXT = "no-plaintext"
"""Some server offers no plaintext login under TLS."""
MISMATCH = "mismatch"
"""The path of some login server is not one for its type."""
NO_LOGIN = "no-login-at-all"
"""Some server for users has no login."""
ANY_SENDER = "any-sender"
"""Users who have logged in may use each other's addresses."""


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    return frozenset(word for word, fits in _WORDS.items() if any(map(fits, servers(config))))


def servers(config: Configuration) -> list[View]:
    """The views of all smtpd; none where one of the two files is not known, which may change everything."""
    if config.main is None or config.master is None or config.fragment:
        return []
    return views_of(config, "smtpd")


def causes(
    config: Configuration, fits: Callable[[View], bool], name: str
) -> Iterator[tuple[Setting, list[View]]]:
    """The settings of parameter *name* that hold where *fits*, each with the views where they do."""
    found: dict[Setting, list[View]] = {}
    for view in servers(config):
        setting = view.setting(name)
        if setting is not None and fits(view):
            found.setdefault(setting, []).append(view)
    yield from found.items()


def offers_login(view: View) -> bool:
    """Whether the smtpd is known to let users of the network log in."""
    return view.boolean(SASL) is True and not told(view.value(SASL)) and reach(view) == NETWORK


def takes_cleartext(view: View) -> bool:
    """Whether a password may come without TLS."""
    return (
        offers_login(view)
        and _is_for_people(view)
        and server_level(view) in (NONE, MAY)
        and view.boolean(AUTH_ONLY) is False
        and not told(view.value(AUTH_ONLY))
        and _allows_plaintext(view.value(OPTIONS))
        and view.value(EXCEPTIONS).text == ""
        and not _hides_login(view)
    )


def _is_for_people(view: View) -> bool:
    """Whether it listens on a port that programs of users know; others are for programs of the same site.

    On port 465 without TLS nobody can talk at all (rule smtps-service-needs-wrappermode).
    """
    service = view.service
    assert service is not None
    is_known = is_mail_exchange(view) or is_for_submission(view)
    return is_known and (service.type != "inet" or port_number(view.configuration, service) != 465)


def _hides_login(view: View) -> bool:
    text = view.value("smtpd_discard_ehlo_keywords").text
    return text is None or "auth" in text.lower().replace(",", " ").split()


def lacks_tls(view: View) -> bool:
    """Whether users are to log in under TLS only, and there is none."""
    return (
        is_for_submission(view)
        and offers_login(view)
        and view.boolean(AUTH_ONLY) is True
        and server_level(view) == NONE
    )


def lacks_plaintext(view: View) -> bool:
    """Whether Dovecot's usual mechanisms, PLAIN and LOGIN, are left out even under TLS."""
    value = view.value(TLS_OPTIONS)
    return (
        offers_login(view)
        and view.value(TYPE).text == DOVECOT
        and server_level(view) not in (NONE, None)
        and value.text is not None
        and not told(value)
        and not _allows_plaintext(value)
        and not _has_other_mechanisms(view)
    )


def _has_other_mechanisms(view: View) -> bool:
    """Whether Dovecot's own files say that it knows more than the usual mechanisms."""
    dovecot = view.configuration.neighbours.dovecot
    known = dovecot.mechanisms if dovecot is not None else None
    return known is not None and not known <= _PLAINTEXT


def _allows_plaintext(value: Value) -> bool:
    if value.text is None:
        return False
    return _NOPLAINTEXT not in (item.text.lower() for item in value.items(braces=False))


def is_mismatched(view: View) -> bool:
    """Whether the path is plainly that of the other type."""
    if view.boolean(SASL) is not True or told(view.value(TYPE)) or told(view.value(PATH)):
        return False
    type, path = view.value(TYPE).text, view.value(PATH).text
    if type is None or path is None:
        return False
    if type == CYRUS:
        return "/" in path or path.startswith(("inet:", "unix:"))
    return type == DOVECOT and path == (view.configuration.default(PATH) or view.value(PATH)).text


def lacks_login(view: View) -> bool:
    """Whether a server for users of the network has no way to know them."""
    if not is_for_submission(view) or reach(view) != NETWORK or view.boolean(SASL) is not False:
        return False
    if view.service is not None and any(SASL in argument.text for argument in view.service.arguments):
        return False  # It was meant to be on, or is off on purpose.
    lists = access_lists(view)
    names = {
        word.name for found in (*lists.lists.values(), *lists.classes.values()) for word in found.restrictions
    }
    return names.isdisjoint(_CERTIFICATES) and not told(view.value(SASL))


def lets_any_sender(view: View) -> bool:
    """Whether a server for users checks nothing between the login and the sender's address."""
    if not is_for_submission(view) or not offers_login(view) or view.value(LOGIN_MAPS).text != "":
        return False
    lists = access_lists(view)
    words = [
        word for found in (*lists.lists.values(), *lists.classes.values()) for word in found.restrictions
    ]
    return not any(
        not word.word.known or word.name in _OWN_CHECKS or word.name.endswith(_LOGIN_MISMATCH)
        for word in words
    )


_WORDS: dict[str, Callable[[View], bool]] = {
    CLEARTEXT: takes_cleartext,
    NO_TLS: lacks_tls,
    NO_PLAINTEXT: lacks_plaintext,
    MISMATCH: is_mismatched,
    NO_LOGIN: lacks_login,
    ANY_SENDER: lets_any_sender,
}
