"""What the real Postfix makes of a case, in the words of the golden cases."""

import os
import re
import subprocess

from support import POSTCONF, run_postconf
from syntax.rendering import escaped

BESIDE = "bar = B\nempty =\n"
"""What a value can refer to, besides itself as `$zip`."""


def outcome(kind: str, command: str, source: bytes) -> str:
    """What *command* prints for this input: what it found, then warnings and errors, each once."""
    program, *arguments = command.split()
    if program == "postmap":
        run = subprocess.run(
            [f"{os.path.dirname(POSTCONF or '')}/{program}", *arguments, source.decode().strip()],
            capture_output=True,
            encoding="utf-8",
            timeout=30,
        )
        return _lines(run, "^$")
    if kind == "main.cf":
        return _lines(run_postconf(*arguments, main=source), "config_directory = |unused parameter")
    if kind == "master.cf":
        main = "compatibility_level = 3.6\n"
        return _lines(run_postconf(*arguments, main=main, master=source), "unused parameter")
    main = b"myorigin = " + source.strip(b"\n") + b"\nzip = $myorigin\n" + BESIDE.encode()
    return _lines(run_postconf(*arguments, main=main), "unused parameter")


def _lines(run: subprocess.CompletedProcess[str], ignored: str) -> str:
    printed = [re.sub(" +", " ", line).rstrip(" ") for line in escaped(run.stdout).split("\n")]
    said = [re.sub(r"^\S*post\w+: ", "", line) for line in escaped(run.stderr).split("\n")]
    said = [re.sub(r"/\S*/(main\.cf|master\.cf)", r"\1", line).rstrip(" ") for line in said]
    kept = [line for line in (*printed, *said) if line and not re.search(ignored, line)]
    return "".join(f"{line}\n" for line in dict.fromkeys(kept))
