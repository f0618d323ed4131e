"""Configurations as an editor has them, for questions without a transport."""

import re
from pathlib import Path

from maillint.server.analysis import Analyses, Analysis
from maillint.server.documents import Documents, uri_of
from maillint.syntax.source import Location

CURSOR = "‸"
"""Stands in a text where the cursor is."""


class Editor:
    """An editor with open files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = Documents()
        self.analyses = Analyses(self.documents)
        self.offset = 0
        """Where the cursor was in the text opened last."""
        self.path = ""
        """Of the file opened last."""

    def save(self, name: str, text: str) -> None:
        """Put a file on the disk without opening it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def open(self, name: str, text: str, language: str = "") -> None:
        """Open a file with this text, unsaved."""
        self.offset = max(text.find(CURSOR), 0)
        self.path = str(self.folder / name)
        self.documents.put(uri_of(self.path), 1, text.replace(CURSOR, ""), language)

    @property
    def analysis(self) -> Analysis:
        analysis = self.analyses.of(self.path)
        assert analysis is not None
        return analysis

    @property
    def place(self) -> tuple[Analysis, str, int]:
        """The arguments of most questions."""
        return self.analysis, self.path, self.offset

    def rules(self, name: str | None = None) -> list[str]:
        """The rules that find something in a file."""
        path = self.path if name is None else str(self.folder / name)
        return [finding.rule for finding in self.analysis.findings(path)]

    def shown(self, location: Location) -> str:
        """``file:line:text``."""
        name = Path(location.source.path).relative_to(self.folder)
        return f"{name}:{location.start.line}:{location.text}"


def plain(markdown: str) -> str:
    """*markdown* with single blanks."""
    return re.sub(r"\s+", " ", markdown)
