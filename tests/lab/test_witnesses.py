"""The real Postfix complains of bad examples as the rules' pages say, and not of the good ones."""

import subprocess

import pytest

from lab.witness import Witness, witnesses
from maillint.postfix.version import Version
from support import POSTCONF, needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]


def installed_version() -> Version:
    assert POSTCONF is not None
    answer = subprocess.run([POSTCONF, "-dh", "mail_version"], capture_output=True, text=True, check=True)
    return Version(answer.stdout.strip())


@pytest.mark.parametrize("witness", list(witnesses()), ids=str)
def test_postfix_says_so(witness: Witness) -> None:
    if witness.since is not None and not installed_version().has(witness.since):
        pytest.skip(f"the installed Postfix is older than {witness.since}")
    assert witness.missing() == []


@pytest.mark.parametrize("witness", list(witnesses()), ids=str)
def test_postfix_does_not_say_so_of_what_is_good(witness: Witness) -> None:
    assert witness.said_of_good() == []
