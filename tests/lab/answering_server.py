"""A mail server that refuses mail with a text of its own for each recipient."""

from __future__ import annotations

import socketserver
from collections.abc import Mapping
from typing import NamedTuple

CONNECT = "connect"
"""Instead of the greeting."""
MAIL = "mail"
END = "end"
"""At the end of the message; further stages are ``rcpt`` and ``data``."""
SILENCE = "silence"
"""The server hangs up without a word."""

_TAKEN = ("250 2.0.0 Ok: queued as 12345678",)


class Answer(NamedTuple):
    """What a server says, and when."""

    stage: str
    """Empty: it takes the message."""
    lines: tuple[str, ...]
    """Each with its code."""


def refusing(answers: Mapping[str, Answer], *offers: str) -> type[socketserver.StreamRequestHandler]:
    """A handler that answers the recipient with the local part of a key as its value says.

    *offers*: what the answer to EHLO offers, such as ``AUTH PLAIN``. A key ``*`` is for all. Answers before
    the recipient is known (CONNECT, MAIL, SILENCE) need it.
    """

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            answer = answers.get("*")
            if answer is not None and answer.stage in (CONNECT, SILENCE):
                self._say(*answer.lines)
                return
            self._say("220 mx.example.org ESMTP")
            for line in self.rfile:
                command = line.decode("utf-8", "replace").strip()
                verb = command.partition(" ")[0].lower()
                if verb == "rcpt":
                    recipient = command.partition("<")[2].partition("@")[0]
                    answer = answers.get("*") or answers.get(recipient)
                if answer is not None and answer.stage == verb:
                    self._say(*answer.lines)
                elif verb == "data":
                    self._say("354 go on")
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    self._say(*(answer.lines if answer is not None and answer.stage == END else _TAKEN))
                elif verb == "ehlo":
                    self._say("250-mx.example.org", *(f"250-{offer}" for offer in offers), "250 8BITMIME")
                elif verb == "quit":
                    self._say("221 2.0.0 bye")
                    return
                else:
                    self._say("250 2.1.0 ok")

        def _say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    return Handler
