"""What the real postmap(1), postalias(1) and the pattern tables say of a table file, line by line."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

_PLACE = re.compile(r"(?:/table|map \S+/table), line (\d+): (.*)$")


def complaints(directory: Path, text: bytes, reader: str) -> list[tuple[int, str]]:
    """The line numbers and words of all warnings, in order.

    *reader*: ``postmap``, ``postalias``, or a table type that is opened for a look-up.
    """
    table = directory / "table"
    for path, content in ((directory / "main.cf", b""), (table, text)):
        path.write_bytes(content)
        os.utime(path, (0, 0))  # Postfix reads a young file again and again (util/dict_thash.c).
    if reader in ("postmap", "postalias"):
        command = [f"/usr/sbin/{reader}", "-c", str(directory), f"lmdb:{table}"]
    else:
        command = [
            "/usr/sbin/postmap",
            "-c",
            str(directory),
            "-q",
            "nobody-looks-for-this",
            f"{reader}:{table}",
        ]
    answer = subprocess.run(command, capture_output=True, timeout=30, check=False)
    said = answer.stderr.decode("utf-8", "surrogateescape")
    found = (_PLACE.search(line) for line in said.splitlines())
    return [(int(place[1]), place[2]) for place in found if place]
