"""Witnesses: what the real Postfix says of the bad example of a rule, written in the rule's docstring.

A fence below ``## What Postfix says`` begins with ``witness`` and the act that makes Postfix speak:

``start``             nothing but starting it
``check``             ``postfix check``
``knock``             a client connects, and leaves at once: for a server that does not live to greet it
``connect``           a client connects and sends EHLO
``starttls``          a client sends EHLO and STARTTLS, and begins to negotiate
``rcpt [ADDRESS]``    a client sends EHLO, MAIL FROM and RCPT TO (default: a local recipient)
``rcpt-as CLIENT ADDRESS [LOGIN]`` the same, as if the client had this IP address and login (XCLIENT)
``deliver [ADDRESS ...]`` a client hands over a message for these recipients
``postconf``          ``postconf -n``
``postalias FILE``    ``postalias FILE``
``newaliases``        ``newaliases``
``postmap FILE``      ``postmap FILE`` or, for a table type that needs no index, a look-up

Further words: ``bad=2``: the second bad example is meant, not the first; ``since=3.9``: older releases
do not say so; ``without=cleanup,qmgr``: these services, which every instance has, are left out; ``port=2``:
of two servers, the second is asked, that for submission; ``listed=bl.example.com``: the client is on this
DNS block list; ``chroot``: services with ``y`` in that column really run in one.

Each line of the fence must come, in the log (``postfix/smtpd: warning: ...``, the process number left out),
as a reply (``451 4.3.5 Server configuration error``) or from postconf and postmap (``postconf: warning:
...``). ``...`` stands for any text. The directory is written ``/etc/postfix``; mailboxes
below ``/var/mail`` lie in a private directory.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import NamedTuple

from lab.postfix import SERVICES, Postfix
from maillint.engine.docs import WITNESS, Fence
from maillint.engine.registry import BUILT_IN, scan
from maillint.engine.rule import Rule
from maillint.postfix.version import Version
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.testing import BAD, GOOD, Example, documentation

_PORTS = {"smtp": "@PORT@", "25": "@PORT@"} | dict.fromkeys(
    ("submission", "587", "submissions", "smtps", "465"), "@PORT2@"
)
_OPTION = re.compile(r"(bad|listed|port|since|without)=")
_CHROOT = "chroot"
_PATIENCE = 5.0
"""How long to wait for words that must come, in seconds."""
_SILENCE = 0.3
"""How long to wait for words that must not come."""


class Witness(NamedTuple):
    """One fence: what Postfix says of one bad example when it is made to speak."""

    rule: Rule
    act: str
    argument: str
    example: Example
    lines: tuple[str, ...]
    since: Version | None
    without: frozenset[str]
    second: bool
    """Whether the server on the second port is asked."""
    block_list: str
    """The DNS block list that has the client; empty: none."""
    chroot: bool
    """Whether services may run in a chroot."""

    def __str__(self) -> str:
        return f"{self.rule.id}-{self.act}"

    def missing(self) -> list[str]:
        """The lines that the real Postfix does not say of the bad example."""
        return [line for line, came in self._heard(self.example, _PATIENCE) if not came]

    def said_of_good(self) -> list[str]:
        """The lines that it says of the rule's good examples too: they prove nothing."""
        examples = _examples(self.rule, GOOD)
        return [line for example in examples for line, came in self._heard(example, _SILENCE) if came]

    def _heard(self, example: Example, patience: float) -> list[tuple[str, bool]]:
        if self.act in ("newaliases", "postalias", "postconf", "postmap"):
            said = _said_by_tool(self.act, self.argument, example)
            return [(line, any(map(_pattern(line).search, said))) for line in self.lines]
        return _said_by_daemons(self, example, patience)


def witnesses() -> Iterator[Witness]:
    """All witnesses of the built-in rules."""
    for rule in scan(BUILT_IN):
        section = documentation(rule).section(WITNESS)
        for fences in section.examples if section is not None else ():
            for fence in fences:
                yield _witness(rule, fence)


def _witness(rule: Rule, fence: Fence) -> Witness:
    kind, act, *words = fence.info
    assert kind == "witness", f"{rule.id}: a fence of this section begins with the word witness"
    options = dict(word.split("=", 1) for word in words if _OPTION.match(word))
    argument = " ".join(word for word in words if not _OPTION.match(word) and word != _CHROOT)
    example = _examples(rule, BAD)[int(options.get("bad", "1")) - 1]
    since = Version(options["since"]) if "since" in options else None
    without = frozenset(options.get("without", "").split(","))
    lines = tuple(fence.text.splitlines())
    return Witness(
        rule,
        act,
        argument,
        example,
        lines,
        since,
        without,
        options.get("port") == "2",
        options.get("listed", ""),
        _CHROOT in words,
    )


def _examples(rule: Rule, title: str) -> list[Example]:
    section = documentation(rule).section(title)
    assert section is not None
    return [Example(fences) for fences in section.examples]


def _said_by_daemons(witness: Witness, example: Example, patience: float) -> list[tuple[str, bool]]:
    files = dict(example.files)
    main = files.pop("main.cf", "")
    master = loopback(files.pop("master.cf", ""), chroot=witness.chroot)
    files = {name: text for name, text in files.items() if name != "dns.zone" and not name.startswith("../")}
    main = main.replace("/etc/postfix/", "@DIR@/etc/").replace("/var/mail/", "@DIR@/mail/")
    if witness.act == "rcpt-as":
        main = f"smtpd_authorized_xclient_hosts = 127.0.0.1\n{main}"
    without = witness.without if example is witness.example else ()
    kept = [line for line in SERVICES.splitlines(keepends=True) if line.split()[0] not in without]
    with (
        _resolver(witness.block_list) as resolver,
        Postfix(main, master, files=files, services="".join(kept), resolver=resolver) as postfix,
    ):
        # A client that waits for a dead server must not hold up what the log says already.
        replies: list[str] = []
        client = Thread(target=lambda: replies.extend(_act(postfix, witness)))
        client.start()
        heard = [(line, _comes(_pattern(line), postfix, client, replies, patience)) for line in witness.lines]
    client.join()
    return heard


@contextmanager
def _resolver(block_list: str) -> Iterator[str]:
    """The address of a name server where this *block_list* has 127.0.0.1; empty: none is needed."""
    if not block_list:
        yield ""
        return
    from lab.names import name_server

    listed = {(f"1.0.0.127.{block_list}", "A"): "127.0.0.2"}
    with name_server(lambda name, type: listed.get((name, type))) as address:
        yield address


def _comes(
    pattern: re.Pattern[str], postfix: Postfix, client: Thread, replies: list[str], patience: float
) -> bool:
    """Whether the client or the log says it, at the latest *patience* seconds after the client has ended."""
    seen, deadline = 0, time.monotonic() + patience
    while True:
        was_alive, count = client.is_alive(), len(postfix.log)
        if any(pattern.search(plain(said, postfix.directory)) for said in postfix.log[seen:]):
            return True
        if any(map(pattern.search, replies)):
            return True
        if was_alive:
            deadline = time.monotonic() + patience
        elif time.monotonic() >= deadline or not (postfix.running or len(postfix.log) > count):
            return False
        seen = count
        postfix.said("$^", timeout=0.05)


def _act(postfix: Postfix, witness: Witness) -> Sequence[str]:
    act, argument = witness.act, witness.argument
    port = postfix.port2 if witness.second else postfix.port
    if act == "start":
        return ()
    if act == "check":
        postfix.check()
        return ()
    if act == "knock":
        postfix.knock(port)
        return ()
    if act == "connect":
        return (postfix.greet(port),)
    if act == "starttls":
        return (postfix.start_tls(port),)
    if act == "rcpt":
        return (postfix.try_recipient(*argument.split(), port=port),)
    if act == "rcpt-as":
        client, recipient, *login = argument.split()
        xclient = " ".join(
            ("XCLIENT NAME=[UNAVAILABLE]", f"ADDR={client}", *(f"LOGIN={name}" for name in login))
        )
        return (postfix.try_recipient(recipient, xclient=xclient, port=port),)
    if act == "deliver":
        return (postfix.deliver(argument.split()) if argument else postfix.deliver(),)
    raise AssertionError(f"there is no act {act!r}")


def _said_by_tool(act: str, argument: str, example: Example) -> list[str]:
    with TemporaryDirectory(prefix="maillint-lab-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        for file, text in ({"main.cf": "", "master.cf": ""} | example.files).items():
            text = text.replace("/etc/postfix/", f"{directory}/")
            (directory / file).write_text(text, "utf-8", "surrogateescape")
            os.utime(directory / file, (0, 0))  # Postfix reads a young file again and again (util/dict.c).
        words = ["-n"] if act == "postconf" else []
        if argument:
            table = argument.replace("/etc/postfix/", f"{directory}/")
            words = ["-q", "key@example.com", table] if act == "postmap" and ":" in table else [table]
        program = shutil.which(act, path="/usr/sbin:/sbin:/usr/bin")
        assert program is not None, f"{act} is not installed"
        answer = subprocess.run(
            [program, *words],
            env={"MAIL_CONFIG": name},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=30,
            check=False,
        )
        said = answer.stdout.decode("utf-8", "surrogateescape")
        said = said.replace(program, act).replace(name, "/etc/postfix")
        return said.splitlines()


def loopback(master: str, *, chroot: bool = False) -> str:
    """*master*, a master.cf, with its network services on the instance's ports and nothing in a chroot.

    *chroot*: it may stay there.
    """
    source = Source("master.cf", master)
    edits = []
    for service in parse_master_cf(source).services:
        if service.type == "inet" and service.name in _PORTS:
            edits.append((service.fields[0].span, f"127.0.0.1:{_PORTS[service.name]}"))
        if service.fields[4].text == "y" and not chroot:
            edits.append((service.fields[4].span, "n"))
    for span, text in reversed(edits):
        master = master[: span.start] + text + master[span.end :]
    return master


def plain(line: str, directory: Path) -> str:
    """A line of the log without process numbers and private directories."""
    line = re.sub(r"^(postfix[\w/-]*)\[\d+\]", r"\1", line)
    for inside, usual in (
        ("etc", "/etc/postfix"),
        ("queue", "/var/spool/postfix"),
        ("data", "/var/lib/postfix"),
        ("mail", "/var/mail"),
    ):
        line = line.replace(f"{directory}/{inside}", usual)
    return line


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile("^" + ".*".join(map(re.escape, line.split("..."))) + "$")
