"""The real Dovecot and OpenDKIM beside the real Postfix: who may connect to whom is as the rules say."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lab.postfix import Postfix
from maillint.postfix.configuration import load_directory
from maillint.postfix.neighbours.dovecot import Dovecot, may_connect
from support import needs_postfix, needs_root

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/bin")
OPENDKIM = shutil.which("opendkim", path="/usr/sbin:/usr/bin")
needs_dovecot = pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot (Debian: dovecot-core)")
needs_opendkim = pytest.mark.skipif(OPENDKIM is None, reason="needs OpenDKIM (Debian: opendkim)")

MAIN = (
    "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n"
    "smtpd_sasl_security_options = noanonymous\n"
)
DOVECOT_CONF = """\
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols =
ssl = no
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password=secret
}}
service auth {{
  unix_listener {queue}/private/auth {{
{rights}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0600
  }}
}}
"""
OPENDKIM_CONF = """\
Mode v
UserID opendkim
UMask {mask}
Socket local:{socket}
Background no
"""


@contextmanager
def started(command: list[str], socket: Path) -> Iterator[None]:
    """A server in the foreground, from when its socket is there to the end of the block."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 10
        while not socket.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                assert server.stderr is not None
                pytest.fail(f"{command[0]} does not start: {server.stderr.read().decode()}")
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def dovecot(queue: Path, rights: str) -> Iterator[Dovecot]:
    """Dovecot with a socket in *queue*, and what is read in its file."""
    with TemporaryDirectory(prefix="maillint-lab-") as name:
        place = Path(name) / "etc"
        (place / "postfix").mkdir(parents=True)
        (place / "dovecot").mkdir()
        place.parent.chmod(0o755)
        (place / "postfix/main.cf").write_text(f"queue_directory = {queue}\n")
        conf = place / "dovecot/dovecot.conf"
        conf.write_text(DOVECOT_CONF.format(place=place.parent, queue=queue, rights=rights))
        found = load_directory(str(place / "postfix")).neighbours.dovecot
        assert found is not None
        assert DOVECOT is not None
        with started([DOVECOT, "-F", "-c", str(conf)], queue / "private/auth"):
            yield found


@needs_postfix
@needs_root
@needs_dovecot
@pytest.mark.parametrize(
    "rights",
    [
        "mode = 0660\n user = postfix\n group = postfix",
        "mode = 0600\n user = postfix",
        "mode = 0666",
        "",
        "mode = 0660",
        "mode = 0660\n group = postfix",
        "mode = 0660\n user = dovecot",
        "mode = 0060\n user = postfix\n group = postfix",
    ],
)
def test_who_may_log_in_through_dovecot(rights: str) -> None:
    with Postfix(MAIN) as postfix:
        queue = postfix.directory / "queue"
        with dovecot(queue, rights) as found:
            (listener,) = (one for one in found.listeners("auth") if one.head is not None)
            allowed = may_connect(listener, "postfix")
            if allowed:
                with postfix.connect() as session:
                    session.ehlo("client.example.org")
                    assert "plain" in session.esmtp_features["auth"].lower()
            else:
                assert allowed is False
                postfix.knock()
                assert postfix.said(
                    r"Connect to Dovecot auth socket 'private/auth' failed: Permission denied"
                )


@needs_postfix
@needs_root
@needs_opendkim
@pytest.mark.parametrize(("mask", "allowed"), [("000", True), ("022", False), ("077", False)])
def test_who_may_ask_opendkim(mask: str, allowed: bool) -> None:
    main = "smtpd_milters = unix:opendkim/socket\nmilter_default_action = accept\n"
    with Postfix(main) as postfix, TemporaryDirectory(prefix="maillint-lab-") as name:
        place = postfix.directory / "queue/opendkim"
        place.mkdir()
        shutil.chown(place, "opendkim")
        place.chmod(0o755)
        Path(name).chmod(0o755)
        conf = Path(name) / "opendkim.conf"
        conf.write_text(OPENDKIM_CONF.format(mask=mask, socket=place / "socket"))
        assert OPENDKIM is not None
        with started([OPENDKIM, "-f", "-x", str(conf)], place / "socket"):
            assert re.match("[245]", postfix.try_recipient())
            failed = postfix.said(
                r"connect to Milter service unix:opendkim/socket: Permission denied",
                timeout=5.0 if not allowed else 0.5,
            )
            assert (failed is None) is allowed
