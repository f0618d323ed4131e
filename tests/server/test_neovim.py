"""The language server in a real editor: Neovim, by its own client, in batch mode."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import MAILLINT

NVIM = shutil.which("nvim")
SCRIPT = Path(__file__).parent / "neovim.lua"

pytestmark = pytest.mark.skipif(NVIM is None, reason="Neovim is not installed (no nvim)")


def test_neovim_shows_findings_and_mends_them(tmp_path: Path) -> None:
    folder = tmp_path / "postfix"
    folder.mkdir()
    main = folder / "main.cf"
    main.write_text('myhostname = "mx.example.com"\nmydestination = $myhostname, localhost\n')
    answers = tmp_path / "answers.json"
    surroundings = {
        "MAILLINT": MAILLINT,
        "ANSWERS": str(answers),
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    assert NVIM is not None
    subprocess.run(
        [NVIM, "--headless", "-u", "NONE", "-n", "-i", "NONE", str(main), "-c", f"luafile {SCRIPT}"],
        cwd=folder,
        env=os.environ | surroundings,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    told = json.loads(answers.read_text())
    assert "problem" not in told
    quoted = {"code": "quoted-value", "line": 0, "column": 13, "last": 29}
    assert quoted in told["found"]
    assert told["hover"].startswith("**myhostname**")
    assert told["definition"] == 0
    assert told["text"][0] == "myhostname = mx.example.com"
    assert "quoted-value" not in [found["code"] for found in told["left"]]
