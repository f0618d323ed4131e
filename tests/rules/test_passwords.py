"""No report shows a password, whatever is wrong around it."""

from pathlib import Path

import pytest

from maillint.cli.output import FORMATS
from support import run_maillint

PASSWORD = "hunter2zebra"
MAIN = f"""\
myhostname = mail.example.com
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = "static:anna:{PASSWORD}"
smtp_sasl_password_maps =
  inline:{{ {{ [smtp.example.org] = anna:{PASSWORD} }} }}
smtp_sasl_password_maps = static:anna:{PASSWORD} # a comment
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd, static:anna:{PASSWORD}
    smtp_tls_security_level = may
lmtp_sasl_password_maps = static:{{anna:{PASSWORD}}}
"""
MASTER = f"""\
smtp  unix - - n - - smtp -o smtp_sasl_password_maps=static:anna:{PASSWORD}
relay unix - - n - - smtp
  -o {{ smtp_sasl_password_maps = inline:{{[smtp.example.org]=anna:{PASSWORD}}} }}
  -o smtp_sasl_password_maps = static:anna:{PASSWORD}
"""
TABLE = f"""\
[smtp.example.org] anna:{PASSWORD}
[smtp.example.org]:465:anna:{PASSWORD}
[smtp.example.org] anna:{PASSWORD}
anna@example.com:{PASSWORD}
anna@example.com anna:{PASSWORD}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("passwords")
    for name, text in {"main.cf": MAIN, "master.cf": MASTER, "sasl_passwd": TABLE}.items():
        (place / name).write_text(text)
    return place


@pytest.mark.parametrize("format", FORMATS)
def test_no_report_shows_a_password(format: str, place: Path) -> None:
    answer = run_maillint("check", "--format", format, place)
    assert answer.returncode == 1, answer.stderr
    assert PASSWORD[:6] not in answer.stdout + answer.stderr


def test_the_rules_about_passwords_have_spoken(place: Path) -> None:
    said = run_maillint("check", "--format", "concise", place).stdout
    assert "[sasl-password-in-main-cf]" in said and "[quoted-value]" in said
