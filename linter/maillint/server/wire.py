"""The answers in the words of the language server protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from maillint.engine.finding import ERROR, INFO, WARNING

from . import actions, completion, diagnostics, outline
from .tokens import MODIFIERS, TYPES

if TYPE_CHECKING:
    from maillint.engine.finding import Edit
    from maillint.syntax.source import Location, Source

    from .documents import Documents
    from .hints import Hint
    from .hover import Hover
    from .occurrences import Occurrence
    from .positions import Positions
    from .tokens import Token

NAME = "maillint"
FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.{NAME}"

_SEVERITIES = {
    ERROR: lsp.DiagnosticSeverity.Error,
    WARNING: lsp.DiagnosticSeverity.Warning,
    INFO: lsp.DiagnosticSeverity.Information,
}
_TAGS = {
    diagnostics.DEPRECATED: lsp.DiagnosticTag.Deprecated,
    diagnostics.UNNECESSARY: lsp.DiagnosticTag.Unnecessary,
}
_SYMBOLS = {outline.SETTING: lsp.SymbolKind.Property, outline.SERVICE: lsp.SymbolKind.Class}
_FOLDS = {outline.COMMENT: lsp.FoldingRangeKind.Comment, outline.REGION: lsp.FoldingRangeKind.Region}
_COMPLETIONS = {
    completion.PARAMETER: lsp.CompletionItemKind.Property,
    completion.WORD: lsp.CompletionItemKind.Value,
    completion.RESTRICTION: lsp.CompletionItemKind.Function,
    completion.TABLE_TYPE: lsp.CompletionItemKind.TypeParameter,
    completion.FILE: lsp.CompletionItemKind.File,
    completion.ENTRY: lsp.CompletionItemKind.Class,
    completion.PROGRAM: lsp.CompletionItemKind.Module,
    completion.RULE: lsp.CompletionItemKind.Reference,
}

LEGEND = lsp.SemanticTokensLegend(token_types=list(TYPES), token_modifiers=list(MODIFIERS))


class Wire:
    """Speaks with one client."""

    def __init__(self, positions: Positions, documents: Documents) -> None:
        self._positions = positions
        self._documents = documents

    # --- places ------------------------------------------------------------------------------------------

    def range(self, location: Location) -> lsp.Range:
        start, end = self._positions.range(location)
        return lsp.Range(lsp.Position(*start), lsp.Position(*end))

    def location(self, location: Location) -> lsp.Location:
        return lsp.Location(self._documents.uri(location.source.path), self.range(location))

    def offset(self, source: Source, position: lsp.Position) -> int:
        return self._positions.offset(source, position.line, position.character)

    # --- diagnostics -------------------------------------------------------------------------------------

    def diagnostic(self, found: diagnostics.Diagnostic) -> lsp.Diagnostic:
        return lsp.Diagnostic(
            range=self.range(found.location),
            message=found.message,
            severity=_SEVERITIES[found.severity],
            code=found.rule or None,
            code_description=lsp.CodeDescription(found.url) if found.url else None,
            source=NAME,
            tags=[_TAGS[tag] for tag in found.tags] or None,
            related_information=[
                lsp.DiagnosticRelatedInformation(self.location(place.location), place.message)
                for place in found.related
            ]
            or None,
        )

    # --- actions -----------------------------------------------------------------------------------------

    def action(self, found: actions.Action, versioned: bool) -> lsp.CodeAction:
        """*versioned*: whether the client takes edits that are for one version of a document."""
        kind = FIX_ALL if found.kind == actions.FIX_ALL else lsp.CodeActionKind.QuickFix
        return lsp.CodeAction(
            title=found.title,
            kind=kind,
            diagnostics=[self.diagnostic(found.diagnostic)] if found.diagnostic is not None else None,
            is_preferred=True if found.kind == actions.FIX else None,
            edit=self.workspace_edit(found.edits, versioned),
        )

    def workspace_edit(self, edits: Iterable[Edit], versioned: bool) -> lsp.WorkspaceEdit:
        by_path: dict[str, list[lsp.TextEdit]] = {}
        for edit in edits:
            by_path.setdefault(edit.location.source.path, []).append(
                lsp.TextEdit(self.range(edit.location), edit.text)
            )
        if not versioned:
            return lsp.WorkspaceEdit(
                changes={self._documents.uri(path): new for path, new in by_path.items()}
            )
        changes = []
        for path, new in by_path.items():
            document = self._documents.get(path)
            version = document.version if document is not None else None
            identifier = lsp.OptionalVersionedTextDocumentIdentifier(self._documents.uri(path), version)
            changes.append(lsp.TextDocumentEdit(identifier, [*new]))
        return lsp.WorkspaceEdit(document_changes=[*changes])

    # --- what is shown -----------------------------------------------------------------------------------

    def hover(self, found: Hover, markdown: bool) -> lsp.Hover:
        return lsp.Hover(self.markup(found.text, markdown), self.range(found.location))

    def markup(self, text: str, markdown: bool) -> lsp.MarkupContent:
        """*markdown*: whether the client shows it; another reads it as it is."""
        kind = lsp.MarkupKind.Markdown if markdown else lsp.MarkupKind.PlainText
        return lsp.MarkupContent(kind, text)

    def completions(self, source: Source, found: completion.Completions, data: object) -> lsp.CompletionList:
        from maillint.syntax.source import Location

        place = self.range(Location(source, found.span))
        items = [
            lsp.CompletionItem(
                label=item.label,
                kind=_COMPLETIONS[item.kind],
                detail=item.detail or None,
                sort_text=f"{number:04}",
                filter_text=item.label,
                text_edit=lsp.TextEdit(place, item.label + item.suffix),
                data=[item.kind, data],
            )
            for number, item in enumerate(found.items)
        ]
        return lsp.CompletionList(is_incomplete=not found.is_complete, items=items)

    def symbol(self, found: outline.Symbol) -> lsp.DocumentSymbol:
        return lsp.DocumentSymbol(
            name=found.name or "?",
            detail=found.detail,
            kind=_SYMBOLS[found.kind],
            range=self.range(found.location),
            selection_range=self.range(found.name_location),
            children=list(map(self.symbol, found.children)),
        )

    def fold(self, found: outline.Fold) -> lsp.FoldingRange:
        return lsp.FoldingRange(found.first - 1, found.last - 1, kind=_FOLDS[found.kind])

    def highlight(self, found: Occurrence) -> lsp.DocumentHighlight:
        kinds = lsp.DocumentHighlightKind
        return lsp.DocumentHighlight(
            self.range(found.location), kinds.Write if found.is_definition else kinds.Read
        )

    def hint(self, source: Source, found: Hint) -> lsp.InlayHint:
        line, column = self._positions.outside(source, source.position(found.offset))
        return lsp.InlayHint(
            lsp.Position(line, column),
            found.text,
            kind=lsp.InlayHintKind.Type,
            tooltip=found.tooltip or None,
            padding_left=True,
        )

    def tokens(self, source: Source, found: Sequence[Token]) -> lsp.SemanticTokens:
        data: list[int] = []
        last_line = last_column = 0
        for token in found:
            line, column = self._positions.outside(source, source.position(token.start))
            length = self._positions.units(source.text[token.start : token.end])
            modifiers = 1 << MODIFIERS.index(token.modifier) if token.modifier else 0
            before = column - last_column if line == last_line else column
            data += (line - last_line, before, length, TYPES.index(token.type), modifiers)
            last_line, last_column = line, column
        return lsp.SemanticTokens(data)


def result_id(items: list[lsp.Diagnostic], shown: Callable[[object], str] = repr) -> str:
    """What stands for these diagnostics, so that the same need not be sent again."""
    return hashlib.sha1(shown(items).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
