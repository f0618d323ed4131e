"""The generated pages are what the rules say today."""

import runpy

from support import ROOT


def test_complaints_are_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "generate.py"))
    page = generator["PAGE"].read_text(encoding="utf-8")
    assert page == generator["rendered"](), "run: python docs/generate.py"
