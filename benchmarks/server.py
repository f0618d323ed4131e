"""How long the language server takes to answer, over standard input and output, as an editor sees it.

Before each question the file is changed, so that nothing is known from the one before.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

FIRST = "the first answer"
QUESTIONS: dict[str, dict[str, Any]] = {
    "diagnostic": {},
    "hover": {"position": None},
    "completion": {"position": None},
    "definition": {"position": None},
    "references": {"position": None, "context": {"includeDeclaration": True}},
    "codeAction": {"range": None, "context": {"diagnostics": []}},
    "documentSymbol": {},
    "foldingRange": {},
    "semanticTokens/full": {},
    "inlayHint": {"range": None},
}
"""The methods of ``textDocument/`` and their parameters, but for the document; None: a place, or all."""


class Conversation:
    """An editor that asks one question after the other."""

    def __init__(self, program: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [program, "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self._last = 0
        can = {"textDocument": {"diagnostic": {}}}
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": can})
        self.tell("initialized", {})

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.ask("shutdown", None)
            self.tell("exit", None)
        else:
            self._process.kill()
        self._process.communicate()

    def ask(self, method: str, params: object) -> Any:
        """The result of a request; RuntimeError: the server says that it failed, or is gone."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while True:
            answer = self._receive()
            if answer.get("id") == self._last and "method" not in answer:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, object]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        size = 0
        while (header := stream.readline().strip()) or not size:
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
            elif not header:
                raise RuntimeError("the server is gone")
        answer: dict[str, Any] = json.loads(stream.read(size))
        return answer


def seconds(program: str, file: Path, runs: int) -> dict[str, list[float]]:
    """By question, how long each of *runs* answers took; and FIRST, which has the rules to import."""
    text = file.read_text()
    uri = file.as_uri()
    document = {"uri": uri}
    line = next(number for number, written in enumerate(text.split("\n")) if "= $" in written)
    written = text.split("\n")[line]
    place = {"line": line, "character": written.index("$") + 2}
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": text.count("\n"), "character": 0}}
    times: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    with Conversation(program, file.parent) as editor:
        item = {**document, "languageId": "pfmain", "version": 0, "text": text}
        editor.tell("textDocument/didOpen", {"textDocument": item})
        begin = time.perf_counter()
        editor.ask("textDocument/diagnostic", {"textDocument": document})
        times[FIRST] = [time.perf_counter() - begin]
        version = 0
        for _ in range(runs):
            for name, params in QUESTIONS.items():
                version += 1
                change = {"text": f"{text}# {version}\n"}
                editor.tell(
                    "textDocument/didChange",
                    {"textDocument": {**document, "version": version}, "contentChanges": [change]},
                )
                places = {"position": place, "range": whole}
                filled = {key: places[key] if value is None else value for key, value in params.items()}
                begin = time.perf_counter()
                editor.ask(f"textDocument/{name}", {"textDocument": document, **filled})
                times[name].append(time.perf_counter() - begin)
    return times


def main() -> int:
    """Print the figures for one file."""
    from statistics import median

    program, file, *runs = sys.argv[1:]
    for name, found in seconds(program, Path(file).resolve(), int(*runs or (21,))).items():
        print(f"{name:<20} {median(found) * 1e3:6.1f} ms  (slowest {max(found) * 1e3:.0f} ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
