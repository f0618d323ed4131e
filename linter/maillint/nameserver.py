"""The address of a name server, as people write it. No DNS code is needed for that."""

from typing import NamedTuple


class Server(NamedTuple):
    """A name server: *address* in digits, IPv4 or IPv6."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        return self.address if self.port == 53 else f"{self.address}#{self.port}"


def parse_server(text: str) -> Server:
    """The server that ``ADDR`` or ``ADDR#PORT`` names; IPv6 with or without brackets.

    Raises ValueError, saying what to write, for anything else.
    """
    import ipaddress

    port = 53
    address, hash_sign, digits = text.strip().partition("#")
    if address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    try:
        ipaddress.ip_address(address)
    except ValueError:
        host, _, behind = address.rpartition(":")
        hint = f"; the port stands behind a #: {host}#{behind}" if host and behind.isdigit() else ""
        raise ValueError(
            f"must be the IP address of a name server, such as 127.0.0.1#5300, not {text!r}{hint}"
        ) from None
    if hash_sign:
        if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < 65536):
            raise ValueError(f"the port must be a number from 1 to 65535, not {digits!r}")
        port = int(digits)
    return Server(address, port)
