"""What stands on the way of a configuration to its host: Ansible's validate, and the start of the service."""

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from support import MAILLINT

from .conftest import INTEGRATIONS, Run

ANSIBLE = shutil.which("ansible-playbook", path=sysconfig.get_path("scripts")) or shutil.which(
    "ansible-playbook"
)
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")
PLAYBOOK = INTEGRATIONS / "ansible" / "postfix.yml"
DROP_IN = INTEGRATIONS / "systemd" / "maillint.conf"

GOOD = "compatibility_level = 3.6\nmyhostname = mx.example.com\nmyorigin = example.com\n"
BAD = GOOD + "smtpd_banner $myhostname ESMTP\n"
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
"""


@pytest.mark.skipif(ANSIBLE is None, reason="Ansible is not installed")
def test_ansible_puts_no_wrong_file_in_place(run: Run, tmp_path: Path) -> None:
    directory = tmp_path / "postfix"
    directory.mkdir()
    shutil.copy(PLAYBOOK, tmp_path)
    (tmp_path / "inventory").write_text(
        f"mail ansible_connection=local ansible_python_interpreter={sys.executable}\n"
    )

    def play(main: str, master: str = MASTER) -> subprocess.CompletedProcess[str]:
        (tmp_path / "main.cf.j2").write_text(main)
        (tmp_path / "master.cf.j2").write_text(master)
        return run(
            *(str(ANSIBLE), "-i", "inventory", "-e", f"postfix_directory={directory}", PLAYBOOK.name),
            env={"ANSIBLE_HOME": str(tmp_path / "home"), "ANSIBLE_NOCOLOR": "1"},
            check=False,
        )

    first = play(GOOD)
    assert first.returncode == 0, first.stdout + first.stderr
    assert (directory / "main.cf").read_text() == GOOD
    assert (directory / "master.cf").read_text() == MASTER

    refused = play(BAD)
    assert refused.returncode != 0
    assert "missing-equals" in refused.stdout
    assert f"{directory}/main.cf:4:1" in refused.stdout
    assert (directory / "main.cf").read_text() == GOOD

    alone = play(GOOD, "smtp inet n - y - - smtpd\n -o smtpd_tls_security_level=may -o\n")
    assert alone.returncode != 0
    assert f"{directory}/master.cf:" in alone.stdout
    assert (directory / "master.cf").read_text() == MASTER


def test_ansible_playbook_names_the_file_that_is_replaced() -> None:
    [play] = yaml.safe_load(PLAYBOOK.read_text())
    [task] = play["tasks"]
    module = task["ansible.builtin.template"]
    assert f"--as {module['dest']} %s" in module["validate"]
    assert task["loop"] == ["main.cf", "master.cf"]


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="systemd is not installed")
def test_systemd_takes_the_drop_in(run: Run, tmp_path: Path) -> None:
    unit = tmp_path / "postfix.service"
    unit.write_text("[Unit]\nDescription=Postfix\n[Service]\nType=oneshot\nExecStart=/bin/true\n")
    drop_in = tmp_path / "postfix.service.d" / DROP_IN.name
    drop_in.parent.mkdir()
    shutil.copy(DROP_IN, drop_in)
    taken = run(str(SYSTEMD_ANALYZE), "verify", unit)
    assert "postfix" not in taken.stderr

    drop_in.write_text(DROP_IN.read_text().replace("ExecStartPre", "ExecStartBefore"))
    assert "ExecStartBefore" in run(str(SYSTEMD_ANALYZE), "verify", unit, check=False).stderr


@pytest.mark.parametrize(
    ("main", "starts"),
    [(GOOD, True), (BAD, False), ("", True), (None, True)],
    ids=["good", "error", "cannot be judged", "no maillint"],
)
def test_systemd_starts_postfix_unless_there_is_an_error(
    run: Run, tmp_path: Path, main: str | None, starts: bool
) -> None:
    [line] = re.findall(r"^ExecStartPre=(.*)$", DROP_IN.read_text(), re.MULTILINE)
    (tmp_path / "main.cf").write_text(main or "")
    # As systemd.service(5) says: "$$" is "$".
    words = shlex.split(line.replace("$$", "$").replace("/etc/postfix", str(tmp_path)))
    path = "/usr/bin:/bin" if main is None else f"{Path(MAILLINT).parent}:/usr/bin:/bin"
    assert (run(*words, env={"PATH": path}, check=False).returncode == 0) is starts
