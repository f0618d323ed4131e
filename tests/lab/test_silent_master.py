"""What the real Postfix does without a word, where a rule of the area master has one."""

import smtplib

from lab.postfix import Postfix, free_port
from support import needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

CONNECTIONS = 40
"""So many that by chance not all of them get the same of two servers."""


def banner(port: int) -> str:
    with smtplib.SMTP() as client:
        return client.connect("127.0.0.1", port)[1].decode()


def test_two_services_on_one_endpoint_share_the_clients() -> None:
    """Rule master-shared-endpoint."""
    port = free_port()
    services = "".join(
        f"{host}:{port} inet n - n - - smtpd -o smtpd_banner={host}\n" for host in ("localhost", "127.0.0.1")
    )
    with Postfix(master_cf=services) as postfix:
        assert postfix.said("fatal|warning", timeout=0.0) is None
        assert {banner(port) for _ in range(CONNECTIONS)} == {"localhost", "127.0.0.1"}


def test_of_an_address_and_all_addresses_the_address_wins() -> None:
    """Where the rule is silent."""
    port = free_port()
    services = (
        f"{port} inet n - n - - smtpd -o smtpd_banner=all\n"
        f"127.0.0.1:{port} inet n - n - - smtpd -o smtpd_banner=one\n"
    )
    with Postfix("inet_interfaces = all\n", services):
        assert {banner(port) for _ in range(CONNECTIONS)} == {"one"}


def test_a_port_out_of_range_is_another_one() -> None:
    """Rule master-port-out-of-range."""
    port = free_port()
    with Postfix(
        master_cf=f"127.0.0.1:{port + 65536} inet n - n - - smtpd -o smtpd_banner=wrapped\n"
    ) as postfix:
        assert postfix.said("fatal|warning", timeout=0.0) is None
        assert banner(port) == "wrapped"


def test_the_path_of_a_socket_has_a_limit() -> None:
    """Rule master-name-too-long: one byte less is not too long."""
    for length, works in ((107, True), (108, False)):
        name = "x" * (length - len("private/"))
        with Postfix(master_cf=f"{name} unix - - n - - error\n") as postfix:
            assert (postfix.said("unix-domain name too long", timeout=0.0) is None) is works
