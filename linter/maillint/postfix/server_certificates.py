"""The certificates that smtpd(8) shows, as far as their files can be read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .configuration import ConfigurationError, read_source
from .elsewhere import located
from .tls import FIRST_WITH_CHAIN_FILES

if TYPE_CHECKING:
    from .configuration import View

_FILES = ("smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file")
_CHAIN_FILES = "smtpd_tls_chain_files"


def certificate_files(view: View) -> tuple[str, ...]:
    """The files that hold the server's certificates and their chains, by their names in the configuration.

    With ``smtpd_tls_chain_files`` the others do not count (tls/tls_certkey.c).
    """
    if view.configuration.version.has(FIRST_WITH_CHAIN_FILES):
        files = tuple(item.text for item in view.items(_CHAIN_FILES))
        if files:
            return files
    texts = (view.value(name).text for name in _FILES)
    return tuple(text for text in texts if text and text.lower() != "none")


def readable_certificates(view: View) -> list[str] | None:
    """The contents of all these files (PEM); None: one of them is not here, or cannot be read."""
    found = []
    for name in certificate_files(view):
        path = located(view.configuration, name)
        if path is None or not os.path.isfile(path):
            return None
        try:
            found.append(read_source(path).text)
        except ConfigurationError:
            return None
    return found
