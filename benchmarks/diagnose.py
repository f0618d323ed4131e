"""How fast ``maillint diagnose`` reads a log, beside pflogsumm, and how much memory it needs.

The log is made here: the lines of a day, with other queue ids, addresses and times in each. ``--size 1000``
makes it a gigabyte. Exit status 1 when a figure is missed.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from run import MAILLINT, Figure, line, measure

PFLOGSUMM = shutil.which("pflogsumm", path="/usr/sbin:/usr/bin:/bin")

MEMORY = 150.0
"""Megabytes that a run may take, however long the log is."""

_GMAIL = (
    "host gmail-smtp-in.l.google.com[192.0.2.27] said: 550-5.7.26 This mail has been blocked because the"
    " sender is unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate with either SPF or"
    " DKIM. 550-5.7.26  550-5.7.26  Authentication results: 550-5.7.26  DKIM = did not pass 550-5.7.26  SPF"
    " [web01.example.com] with ip: [203.0.113.7] = did not pass 550 5.7.26 a{n}-20020a{n} - gsmtp"
    " (in reply to end of DATA command)"
)


def log(size: int) -> Iterator[bytes]:
    """Lines of together about *size* bytes, of which one delivery in twenty fails."""
    chance = random.Random(0)
    written = number = 0
    while written < size:
        text = "".join(
            f"{_stamp(number)} web01 postfix/{said}\n" for said in _message(number, chance)
        ).encode()
        number += 1
        written += len(text)
        yield text


def _stamp(number: int) -> str:
    second = number // 20
    day, rest = divmod(second, 86_400)
    return f"Mar {day % 28 + 1:2d} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def _message(number: int, chance: random.Random) -> Iterator[str]:
    name = f"{number % 0xFFFFF:05X}{number % 997 + 0x10000:X}"
    user, process = f"user{chance.randrange(5000)}", chance.randrange(1000, 30_000)
    client = f"host{number % 500}.example.org[192.0.2.{number % 250}]"
    yield f"smtpd[{process}]: connect from {client}"
    yield f"smtpd[{process}]: {name}: client={client}"
    yield f"cleanup[{process}]: {name}: message-id=<{number}.{process}@host{number % 500}.example.org>"
    size = number % 90_000
    yield f"qmgr[813]: {name}: from=<{user}@web01.example.com>, size={size}, nrcpt=1 (queue active)"
    yield f"smtpd[{process}]: disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"
    to = f"smtp[{process}]: {name}: to=<{user}@example{number % 300}.net>, relay="
    delays = "delay=0.8, delays=0.01/0/0.3/0.49"
    if number % 20 == 7:
        relay = "gmail-smtp-in.l.google.com[192.0.2.27]:25"
        yield f"{to}{relay}, {delays}, dsn=5.7.26, status=bounced ({_GMAIL.format(n=number)})"
        yield f"bounce[{process}]: {name}: sender non-delivery notification: {name[::-1]}"
    else:
        relay = f"mx.example{number % 300}.net[198.51.100.{number % 250}]:25"
        yield f"{to}{relay}, {delays}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {name[::-1]})"
    yield f"qmgr[813]: {name}: removed"


def figures(work: Path, megabytes: int) -> list[Figure]:
    path = work / "mail.log"
    path.write_bytes(b"".join(log(100_000)))
    run = subprocess.run([MAILLINT, "diagnose", str(path)], capture_output=True, text=True)
    if "[sender-not-authenticated]" not in run.stdout:
        raise RuntimeError(f"the failures in the log are not found: {run.stderr[-500:]}")
    with path.open("wb") as file:
        file.writelines(log(megabytes * 1_000_000))
    size = path.stat().st_size / 1e6
    ours = measure(MAILLINT, "diagnose", str(path))
    detail = f"{size:.0f} MB in {ours.processor:.1f} s of one processor: {size / ours.processor:.0f} MB/s"
    found = [Figure(f"memory, a log of {megabytes} MB", ours.megabytes, MEMORY, "MB", detail)]
    if PFLOGSUMM is None:
        print(
            "pflogsumm is not installed (Debian's package of this name), so its time is not compared",
            file=sys.stderr,
        )
        return found
    theirs = measure(PFLOGSUMM, str(path))
    detail = f"{ours.processor:.1f} s / {theirs.processor:.1f} s; pflogsumm took {theirs.megabytes:.0f} MB"
    ratio = ours.processor / theirs.processor
    return [*found, Figure("processor time, diagnose / pflogsumm", ratio, 1.0, "x", detail)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how fast logs are read.")
    parser.add_argument(
        "--size", type=int, default=50, metavar="MB", help="of the log (default: %(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillint-bench-") as work:
        found = figures(Path(work), options.size)
    for figure in found:
        print(line(figure))
    return 0 if all(figure.kept for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
