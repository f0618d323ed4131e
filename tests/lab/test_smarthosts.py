"""What the rules about smart hosts say of their examples happens to the real Postfix at a smart host."""

import re
import shutil
import smtplib
import subprocess
from contextlib import suppress
from importlib import import_module

import pytest

from lab.postfix import Postfix, free_port
from lab.stand_ins import SmartHost, filter_to, serving, smart_host, tcp_server
from maillint.testing import BAD, GOOD, Example, documentation
from support import needs_postfix, needs_root

pytestmark = [
    needs_postfix,
    needs_root,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]

WRAPPED = 465
HOPS = 6
TABLE = "lmdb:/etc/postfix/sasl_passwd"
LOGIN = "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = static:anna:correct-horse\n"
FATES = {
    ("delivery.smtps_needs_wrappermode", BAD, 1): "status=deferred .*(timed out|lost connection)",
    ("delivery.smtps_needs_wrappermode", GOOD, 1): "status=",
    (
        "delivery.wrappermode_on_starttls_port",
        BAD,
        1,
    ): "status=deferred .*Cannot start TLS",
    ("delivery.wrappermode_on_starttls_port", GOOD, 2): "status=",
    ("delivery.smart_host_needs_tls", BAD, 1): "status=bounced .*Must issue a STARTTLS command first",
    ("delivery.smart_host_needs_tls", BAD, 2): "status=bounced .*Must issue a STARTTLS command first",
    ("delivery.smart_host_needs_tls", GOOD, 1): "status=sent",
    ("delivery.smart_host_needs_login", BAD, 1): "status=bounced .*Authentication Required",
    ("delivery.smart_host_needs_login", GOOD, 1): "status=sent",
    ("sasl.sasl_password_key_mismatch", BAD, 1): "status=bounced .*Authentication Required",
    ("sasl.sasl_password_key_mismatch", GOOD, 1): "status=sent",
    ("sasl.sasl_password_key_mismatch", GOOD, 2): "status=sent",
    ("sasl.sasl_client_noplaintext", BAD, 1): "status=deferred .*no mechanism available",
    ("sasl.sasl_client_noplaintext", BAD, 2): "status=deferred .*no mechanism available",
    ("sasl.sasl_client_noplaintext", GOOD, 1): "status=sent",
    ("sasl.sasl_client_unused", BAD, 1): "status=bounced .*Authentication Required",
    ("sasl.sasl_client_unused", GOOD, 1): "status=sent",
}
"""What becomes of a message under which example; ``status=``: anything but a quarrel about TLS."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with a self-signed certificate and its key."""
    both, key = (tmp_path_factory.mktemp("certificate") / name for name in ("both.pem", "key.pem"))
    request = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=lab.example.com"
    command = ["openssl", *request.split(), "-keyout", str(key), "-out", str(both)]
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(key.read_text() + both.read_text())
    return str(both)


def example(module: str, title: str, number: int) -> dict[str, str]:
    """The files of an example of a rule, passwords written out where their table is elsewhere."""
    rule = import_module(f"maillint_rules.{module}")
    function = getattr(rule, module.rpartition(".")[2])
    section = documentation(function.rule).section(title)
    assert section is not None
    files = Example(section.examples[number - 1]).files
    return files | {"main.cf": files["main.cf"].replace(TABLE, "static:anna:correct-horse")}


def next_hop(main: str) -> tuple[str, int]:
    found = re.search(r"^relayhost = \[?([^]:\n]+)\]?(?::(\d+))?$", main, re.MULTILINE)
    assert found is not None
    return found[1], int(found[2] or 25)


def replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def delivered(files: dict[str, str], server: type[SmartHost]) -> str:
    """What the log says of a message that went to *server* in place of the smart host."""
    host, port = next_hop(files["main.cf"])
    with tcp_server(server) as smart, serving(smart):
        own = smart.server_address[1]
        changes = {host: "127.0.0.1", f":{port}": f":{own}", "/etc/postfix": "@DIR@/etc"}
        here = {name: replaced(text, changes) for name, text in files.items()}
        main = here.pop("main.cf") + "smtp_helo_timeout = 1s\nsmtp_starttls_timeout = 3s\n"
        with Postfix(main, here.pop("master.cf", ""), files=here) as postfix:
            assert postfix.deliver("user@example.net") == "accepted"
            fate = postfix.said("to=<user@example.net>.*status=", timeout=10)
    assert fate is not None, postfix.log
    return fate


@pytest.mark.parametrize(("place", "fate"), FATES.items(), ids=lambda value: str(value))
def test_examples_fare_as_their_rules_say(place: tuple[str, str, int], fate: str, certificate: str) -> None:
    files = example(*place)
    wrapped = next_hop(files["main.cf"])[1] == WRAPPED
    if wrapped:
        files["main.cf"] += LOGIN
    said = delivered(files, smart_host(certificate, wrapped=wrapped))
    assert re.search(fate, said), said
    if fate == "status=":
        assert "TLS" not in said and "timed out" not in said, said


@pytest.mark.parametrize(("title", "number", "clear"), [(BAD, 1, True), (GOOD, 1, False), (GOOD, 2, False)])
def test_a_password_goes_in_the_clear_where_somebody_takes_the_offer_of_tls_away(
    title: str, number: int, clear: bool, certificate: str
) -> None:
    server = smart_host(certificate, starttls=False)
    delivered(example("sasl.sasl_client_cleartext", title, number), server)
    assert ("clear" in server.logins) is clear


@pytest.mark.parametrize(("title", "rounds"), [(BAD, HOPS), (GOOD, 2)])
def test_mail_goes_round_between_postfix_and_the_filter(title: str, rounds: int) -> None:
    files = example("delivery.content_filter_loop", title, 1)
    back = free_port()

    class Filter(filter_to(back)):  # type: ignore[misc]
        def take(self, sender: str, recipients: list[str], message: bytes) -> None:
            with suppress(smtplib.SMTPException):
                super().take(sender, recipients, message)

    with tcp_server(Filter) as server, serving(server):
        changes = {":10024": f":{server.server_address[1]}", ":10025": f":{back}", "2 smtp\n": "2 lmtp\n"}
        main, master = (replaced(files[name], changes) for name in ("main.cf", "master.cf"))
        main += f"hopcount_limit = {HOPS}\nlocal_transport = discard\n"
        with Postfix(main, master.replace("smtp   inet", "@PORT2@ inet")) as postfix:
            assert postfix.deliver("user@mail.example.com") == "accepted"
            arrived = postfix.said("postfix/discard.*status=sent", timeout=3.0)
            passes = sum("client=" in line for line in postfix.log)
    assert (arrived is not None) is (title == GOOD), postfix.log
    assert passes == rounds, postfix.log
