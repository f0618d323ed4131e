"""What the SMTP servers of a configuration lack or leave open, whatever their access lists are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, reach

from ..restrictions._lists import lists_of_smtpd, smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

NO_CONTROL = "no-control"
"""Some smtpd has no word against open relays."""
BARE_NEWLINES = "bare-newlines"
"""Some smtpd takes a dot between bare newlines for the end of a message."""
NO_LOGIN = "no-login"
"""Nobody can log in where users are to."""

FORBID = "smtpd_forbid_bare_newline"
DATA = "smtpd_data_restrictions"
SASL = "smtpd_sasl_auth_enable"
LOGIN = "permit_sasl_authenticated"
_PREPARED = ("smtpd_sasl_path", "smtpd_sasl_type", "smtpd_sasl_local_domain", "smtpd_sasl_security_options")


def takes_bare_newlines(view: View) -> bool:
    """Whether other mail servers can smuggle messages through this smtpd."""
    if view.configuration.main is None or reach(view) in (LOOPBACK, NOBODY) or is_for_submission(view):
        return False
    forbidden = view.value(FORBID).text if view.configuration.parameter(FORBID) is not None else "no"
    return forbidden is not None and forbidden.lower() == "no" and not _has_workaround(view)


def _has_workaround(view: View) -> bool:
    """The remedy of December 2023: no pipelining by strangers, and no other way to send the data."""
    discarded = view.value("smtpd_discard_ehlo_keywords").text
    if discarded is None or "chunking" not in discarded.lower():
        return False
    lists = lists_of_smtpd(view)
    where = lists.lists.get(DATA) if lists is not None else None
    return bool(view.boolean("smtpd_forbid_unauth_pipelining")) or (
        where is not None
        and any(found.name == "reject_unauth_pipelining" and not found.warns for found in where.restrictions)
    )


def own_login_word(view: View) -> Location | None:
    """Where a service for users that has no login has a list of its own for those who have logged in.

    None: it has none, or a login.
    """
    lists = lists_of_smtpd(view) if is_for_submission(view) and view.boolean(SASL) is False else None
    for where in lists.lists.values() if lists is not None else ():
        setting = where.value.setting
        if setting is None or setting.service is None:
            continue
        for restriction in where.restrictions:
            if restriction.name == LOGIN and restriction.ended_by is None:
                return restriction.word.location
    return None


def login_prepared(config: Configuration) -> Setting | None:
    """A setting for the login of users, where it is off for all; None: none, or it is plainly meant so."""
    if SASL in config.settings or any(service.malformed_options for service in config.services):
        return None
    if any(view.boolean(SASL) is not False for view in smtpd_views(config)):
        return None
    return next((found for name in _PREPARED if (found := _changed(config, name))), None)


def _changed(config: Configuration, name: str) -> Setting | None:
    """The setting of main.cf, if it is another value than the default."""
    setting, default = config.settings.get(name), config.default(name)
    return setting if setting and (default is None or setting.value.text != default.text) else None


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    words = set()
    for view in smtpd_views(config):
        lists = lists_of_smtpd(view)
        if lists is not None and lists.controls_relay() is False:
            words.add(NO_CONTROL)
        if takes_bare_newlines(view):
            words.add(BARE_NEWLINES)
        if own_login_word(view) is not None:
            words.add(NO_LOGIN)
    if login_prepared(config) is not None:
        words.add(NO_LOGIN)
    return frozenset(words)
