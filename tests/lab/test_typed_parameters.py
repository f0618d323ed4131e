"""Each program stops at once over a bad value of each typed parameter that the catalogue says it reads."""

import os
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from maillint.postfix import catalogue, typed
from maillint.postfix.version import Version
from support import POSTCONF, needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

MAIN_CF = """\
compatibility_level = 3.6
myhostname = lab.example.com
mydomain = example.com
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_base = /tmp
smtp_tls_security_level = may
lmtp_tls_security_level = may
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
maillog_file = /var/log/nowhere
"""
TYPES = typed.BOOLEANS | typed.NUMBERS | {"time"}
AT_ONCE = 32
PATIENCE = 20.0
BAD = "zz_bad"


def of_this_host(name: str) -> str:
    assert POSTCONF is not None
    return subprocess.run([POSTCONF, "-dh", name], capture_output=True, text=True, check=True).stdout.strip()


def read_by(program: str, version: Version) -> list[str]:
    """The parameters that the program looks at when it is started, those that every program reads apart."""
    names = []
    for name in catalogue.names(version):
        parameter = catalogue.parameter(name)
        assert parameter is not None
        words = typed.enumeration(parameter)
        is_typed = parameter.type_in(version) in TYPES
        is_word = words is not None and words.otherwise == "fatal" and name not in LATER
        if program in parameter.read_by and (is_typed or is_word):
            names.append(name)
    return names


LATER = frozenset(
    {
        "lmtp_sasl_type", "notify_classes", "smtp_sasl_type", "smtpd_proxy_options", "smtpd_sasl_type",
        "smtpd_upstream_proxy_protocol",
    }
)  # fmt: skip
"""Looked at only when a session begins, or when another parameter asks for it."""


def said(executable: Path, main_cf: str) -> str:
    """What a daemon that is started by hand logs before it ends, or in the time that it has."""
    with TemporaryDirectory(prefix="maillint-lab-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        for place in ("public", "private", "pid", "data", "active", "defer", "bounce"):
            (directory / place).mkdir()
            shutil.chown(directory / place, "postfix")
        (directory / "main.cf").write_text(
            f"{main_cf}queue_directory = {directory}\ndata_directory = {directory}/data\n"
        )
        (directory / "master.cf").write_text("")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
            log.bind(f"{directory}/public/postlog")
            (directory / "public" / "postlog").chmod(0o666)
            log.settimeout(0.1)
            daemon = subprocess.Popen(
                [executable, "-S"],
                env=os.environ | {"MAIL_CONFIG": name},
                cwd=name,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            lines = ""
            end = time.monotonic() + PATIENCE
            try:
                while BAD not in lines and daemon.poll() is None and time.monotonic() < end:
                    try:
                        lines += log.recv(8192).decode("utf-8", "replace")
                    except TimeoutError:
                        continue
            finally:
                daemon.kill()
                daemon.wait()
            return lines


@pytest.mark.parametrize(
    "program", ["smtpd", "smtp", "lmtp", "cleanup", "local", "virtual", "qmgr", "tlsproxy"]
)
def test_a_bad_value_stops_the_programs_that_read_it(program: str) -> None:
    version = Version(of_this_host("mail_version"))
    executable = Path(of_this_host("daemon_directory")) / program
    if not executable.exists():
        pytest.skip(f"{executable} is not installed")
    names = read_by(program, version)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        logs = pool.map(lambda name: said(executable, f"{MAIN_CF}{name} = {BAD}\n"), names)
    survived = [name for name, log in zip(names, logs, strict=True) if "fatal: " not in log or BAD not in log]
    assert names
    assert survived == []
