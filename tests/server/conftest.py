from pathlib import Path

import pytest

from server.editing import Editor

MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
smtp unix - - y - - smtp
relay unix - - y - - smtp
"""


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    """An editor in a folder with a master.cf on the disk."""
    editor = Editor(tmp_path)
    editor.save("master.cf", MASTER)
    return editor
