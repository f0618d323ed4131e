"""A thousand domains against a name server that takes 50 ms for every answer, beside checkdmarc.

The server is on loopback and counts what it is asked. maillint judges one configuration that hosts the
domains, and a tree of configurations with one domain each; checkdmarc (where it is installed: the extra
``bench``) checks the SPF and DMARC records of the same domains, in as many threads as maillint asks questions
at once. Exit status 1 when a figure is missed.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from run import MAILLINT, Figure, line, measure

DOMAINS = 1_000
DELAY = 0.05
"""Seconds from a question to its answer."""
THREADS = 32
"""maillint.dns.resolver.CONCURRENCY"""
SPF_AND_DMARC = "spf-missing,spf-syntax,spf-too-many-lookups,spf-void-lookups,dmarc-missing,dmarc-syntax"
"""What checkdmarc looks at in these records."""

HOST = "mail.bench.net"
ADDRESS = "192.0.2.1"
MAIN = f"""\
compatibility_level = 3.6
myhostname = {HOST}
mydestination = localhost
"""
HOSTING = """\
smtpd_sasl_auth_enable = yes
virtual_mailbox_base = /var/mail
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
"""


def domain(number: int) -> str:
    return f"d{number}.net"


def records(name: str) -> dict[str, str]:
    """The records of *name*: those of a domain, of this host, or of the provider that all domains include."""
    if name == HOST:
        return {"A": ADDRESS, "TXT": '"v=spf1 a -all"'}
    if name.startswith("mx.d"):
        return {"A": ADDRESS}
    if name == "_spf.provider.net":
        return {"TXT": '"v=spf1 ip4:198.51.100.0/24 -all"'}
    if name.startswith("_dmarc.d"):
        return {"TXT": '"v=DMARC1; p=reject"'}
    if name.count(".") == 1 and name.startswith("d") and name.endswith(".net"):
        return {"TXT": '"v=spf1 mx include:_spf.provider.net -all"', "MX": f"10 mx.{name}."}
    return {}


class Server(asyncio.DatagramProtocol):
    """Answers after DELAY, any number of questions at the same time."""

    def __init__(self) -> None:
        self.asked = 0
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self.asked += 1
        asyncio.get_running_loop().call_later(DELAY, self._answer, data, address)

    def _answer(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        reply = dns.message.make_response(query, recursion_available=True)
        known = records(question.name.to_text(omit_final_dot=True).lower())
        kind = dns.rdatatype.to_text(question.rdtype)
        if kind in known:
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, known[kind]))
        elif not known and question.name != dns.name.root:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        assert self._transport is not None
        self._transport.sendto(reply.to_wire(), address)


@contextmanager
def serving() -> Iterator[tuple[Server, int]]:
    """A server in a thread of its own, and its port."""
    server, loop, ready = Server(), asyncio.new_event_loop(), threading.Event()
    port = 0

    async def start() -> None:
        nonlocal port
        transport, _ = await loop.create_datagram_endpoint(lambda: server, ("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        ready.set()

    def run() -> None:
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ready.wait()
        yield server, port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Run:
    """One program's way through the domains."""

    def __init__(self, *command: str) -> None:
        with serving() as (server, port):
            usage = measure(*(word.replace("PORT", str(port)) for word in command))
            self.seconds, self.processor, self.asked = usage.seconds, usage.processor, server.asked
        if not self.asked:
            raise RuntimeError(f"{' '.join(command[:4])}: it asked nothing")

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.processor:.1f} s of processor), {self.asked} queries"


def one_configuration(work: Path, domains: int) -> list[str]:
    directory = work / "one"
    directory.mkdir()
    names = "".join(f"\n    {domain(number)}" for number in range(domains))
    (directory / "main.cf").write_text(f"{MAIN}{HOSTING}virtual_mailbox_domains ={names}\n")
    return [str(directory)]


def many_configurations(work: Path, domains: int) -> list[str]:
    for number in range(domains):
        directory = work / "many" / str(number)
        directory.mkdir(parents=True)
        (directory / "main.cf").write_text(f"{MAIN}myorigin = {domain(number)}\n")
    return [str(work / "many")]


def maillint(paths: list[str], *options: str) -> Run:
    online = ["--online", "--resolver", "127.0.0.1#PORT", "--public-ip", ADDRESS]
    return Run(MAILLINT, "check", *online, "--format", "concise", "--fail-on", "never", *options, *paths)


def checkdmarc(domains: int) -> Run:
    return Run(sys.executable, __file__, "--domains", str(domains), "--checkdmarc", "PORT")


def figures(work: Path, domains: int) -> Iterator[Figure]:
    """What is promised: that questions wait together, and that none is asked twice."""
    trees: list[tuple[str, Callable[[Path, int], list[str]]]] = [
        ("one configuration", one_configuration),
        ("a configuration each", many_configurations),
    ]
    theirs = checkdmarc(domains) if find_spec("checkdmarc") else None
    if theirs is None:
        print("checkdmarc is not installed (the extra bench), so it is not compared", file=sys.stderr)
    for name, make in trees:
        paths = make(work, domains)
        everything = maillint(paths, "--select", "online")
        waiting = everything.asked * DELAY / THREADS
        yield Figure(
            f"{domains} domains, {name}: time", everything.seconds / waiting, 2.5, "x", str(everything)
        )
        yield Figure(
            "  queries for a domain", everything.asked / domains, 10, "", f"{waiting:.1f} s of waiting"
        )
        if theirs is not None:
            ours = maillint(paths, "--select", SPF_AND_DMARC)
            detail = f"{ours}; checkdmarc {theirs}"
            yield Figure("  SPF and DMARC / checkdmarc", ours.seconds / theirs.seconds, 1, "x", detail)
            yield Figure("  queries / checkdmarc", ours.asked / theirs.asked, 1, "x", "")


def run_checkdmarc(domains: int, port: int) -> None:
    """Check the records of all domains as checkdmarc does, THREADS at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    import checkdmarc
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port

    def check(number: int) -> bool:
        spf = checkdmarc.check_spf(domain(number), resolver=resolver)
        dmarc = checkdmarc.check_dmarc(domain(number), resolver=resolver)
        return bool(spf["valid"] and dmarc["valid"])

    with ThreadPoolExecutor(THREADS) as pool:
        valid = sum(pool.map(check, range(domains)))
    if valid != domains:
        sys.exit(f"checkdmarc finds {domains - valid} of {domains} domains wrong")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what asking about many domains takes.")
    parser.add_argument("--domains", type=int, default=DOMAINS, help="how many (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--checkdmarc", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.checkdmarc is not None:
        run_checkdmarc(options.domains, options.checkdmarc)
        return 0
    found = []
    with tempfile.TemporaryDirectory(prefix="maillint-bench-") as work:
        for figure in figures(Path(work), options.domains):
            found.append(figure)
            if not options.json:
                print(line(figure), flush=True)
    if options.json:
        print(json.dumps([{**figure._asdict(), "kept": figure.kept} for figure in found], indent=2))
    return 0 if all(figure.kept for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
