"""The DNS of a mail host that has all it needs, for what the zone of an example leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"^[ \t]*;(.*)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_-]+)+")
_SETTING = re.compile(r"^([a-z_0-9]+) *= *(.*)$", re.MULTILINE)
_ADDRESS = re.compile(r"(?<![\w.:])(?:(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+|2001:db8:[0-9a-f:]+)")
_ADDRESSES = ("smtp_bind_address", "smtp_bind_address6", "inet_interfaces")
_USUAL = "192.0.2.1"
_HOSTING = ("mydestination", "virtual_mailbox_domains", "virtual_alias_domains", "relay_domains")
_ELSEWHERE = "mx.mailboxes.example"
"""Who takes mail for a sender domain that is not in one of the lists of the host."""
_ADDRESS_ELSEWHERE = "198.51.100.250"


def completed(zone: str, main: str, hostname: str = "", addresses: tuple[str, ...] = ()) -> str:
    """*zone* with what it leaves out of a right one for the host that *main* (main.cf) is about.

    The host has an address and an SPF record, and the address the host's name; the sender domain has a mail
    server and a DMARC record. What *zone* says of a name and type counts alone, and of a name that stands in
    one of its comments nothing is added at all. *hostname*: what the host says its name is. *addresses*:
    those that the Internet sees.
    """
    from dns.name import root
    from dns.rdatatype import to_text
    from dns.zone import from_text

    written = from_text(zone, root, relativize=False, check_origin=False)
    told = {
        (name.to_text(omit_final_dot=True).lower(), to_text(rdata.rdtype))
        for name, rdata in written.iterate_rdatasets()
    }
    silent = {name.lower() for comment in _COMMENT.findall(zone) for name in _NAME.findall(comment)}
    silent |= {name for name, kind in told if kind == "CNAME"}
    lines = [
        f"{name}. 60 {kind} {data}"
        for name, kind, data in _right(main, hostname, addresses, zone)
        if name not in silent and (name, kind) not in told
    ]
    return "\n".join((zone, *lines, ""))


def _right(main: str, hostname: str, given: tuple[str, ...], zone: str) -> Iterator[tuple[str, str, str]]:
    from dns.reversename import from_address

    settings = dict(_SETTING.findall(main))
    host = settings.get("myhostname", hostname)
    if "." not in host:
        return
    origin = settings.get("myorigin", "$myhostname")
    domain = host if "$" in origin and "domain" not in origin else origin
    if "$" in domain:
        domain = settings.get("mydomain", host.partition(".")[2])
    found = given or tuple(
        address for name in _ADDRESSES for address in _ADDRESS.findall(settings.get(name, ""))
    )
    own = re.findall(rf"^{re.escape(host)}\.\s+(?:\d+\s+)?(?:A|AAAA)\s+(\S+)", zone, re.MULTILINE)
    for address in dict.fromkeys(found or own or (_USUAL,)):
        yield host, "AAAA" if ":" in address else "A", address
        yield from_address(address).to_text(omit_final_dot=True), "PTR", f"{host}."
    if domain != host and not own:
        yield host, "TXT", '"v=spf1 a -all"'
    is_here = domain == host or any(domain in settings.get(name, "") for name in _HOSTING)
    yield domain, "MX", f"10 {host}." if is_here else f"10 {_ELSEWHERE}."
    yield _ELSEWHERE, "A", _ADDRESS_ELSEWHERE
    above = domain if domain != host else domain.partition(".")[2]
    yield f"_dmarc.{above}", "TXT", '"v=DMARC1; p=reject"'
