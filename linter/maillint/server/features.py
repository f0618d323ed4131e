"""What the server answers: one handler for each question of the protocol."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from maillint.engine.discovery import Target, discover
from maillint.engine.settings_file import FILE, PYPROJECT
from maillint.syntax.source import Location, Source, Span

from . import actions, completion, hints, hover, navigation, outline, tokens
from .app import Server, ServerCancelled
from .documents import FILES, path_of
from .positions import Positions
from .wire import FIX_ALL, LEGEND, NAME, Wire, result_id

if TYPE_CHECKING:
    from .actions import Action
    from .analysis import Analysis

_WATCHED = "**/{" + ",".join((FILE, PYPROJECT, *FILES)) + "}"


def create() -> Server:
    """A server with all that it can do."""
    server = Server()
    _documents(server)
    _diagnostics(server)
    _actions(server)
    _places(server)
    _whole(server)
    return server


# --- documents -------------------------------------------------------------------------------------------


def _documents(server: Server) -> None:
    @server.feature(lsp.INITIALIZED)
    def initialized(params: lsp.InitializedParams) -> None:
        encoding = server.workspace.position_encoding
        server.wire = Wire(Positions(str(getattr(encoding, "value", encoding))), server.documents)
        if server.can("workspace", "did_change_watched_files", "dynamic_registration"):
            watchers = [lsp.FileSystemWatcher(_WATCHED)]
            registration = lsp.Registration(
                "watched",
                lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                lsp.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
            server.client_register_capability(lsp.RegistrationParams([registration]))

    def take_in(uri: str, language: str | None = None) -> None:
        text = server.workspace.get_text_document(uri)
        document = server.documents.put(uri, text.version, text.source, language)
        if document is not None:
            server.changed(document.path)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        take_in(params.text_document.uri, params.text_document.language_id)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def written(params: lsp.DidChangeTextDocumentParams) -> None:
        take_in(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.documents.close(uri)
        if not server.pulls:
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))
        path = path_of(uri)
        if path is not None:
            server.changed(path)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.all_changed()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def others_changed(params: lsp.DidChangeWatchedFilesParams) -> None:
        server.all_changed()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(params: lsp.DidChangeConfigurationParams) -> None:
        """The settings are in files, where `maillint check` finds them too."""


# --- diagnostics that are asked for ----------------------------------------------------------------------


def _diagnostics(server: Server) -> None:
    options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier=NAME)

    @server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def pulled(
        params: lsp.DocumentDiagnosticParams,
    ) -> lsp.RelatedFullDocumentDiagnosticReport | lsp.RelatedUnchangedDocumentDiagnosticReport:
        path = path_of(params.text_document.uri)
        if path is None:
            return lsp.RelatedFullDocumentDiagnosticReport(items=[])
        document = server.documents.get(path)
        items = await server.work(server.diagnostics, path)
        if server.documents.get(path) is not document:
            raise ServerCancelled
        id = result_id(items)
        if id == params.previous_result_id:
            return lsp.RelatedUnchangedDocumentDiagnosticReport(id)
        return lsp.RelatedFullDocumentDiagnosticReport(items, result_id=id)

    @server.feature(lsp.WORKSPACE_DIAGNOSTIC)
    async def all_pulled(params: lsp.WorkspaceDiagnosticParams) -> lsp.WorkspaceDiagnosticReport:
        known = {previous.uri: previous.value for previous in params.previous_result_ids}
        folders = [path for uri in server.workspace.folders if (path := path_of(uri)) is not None]
        found = await server.work(_workspace_diagnostics, server, folders)
        items: list[lsp.WorkspaceDocumentDiagnosticReport] = []
        for uri, version, diagnosed in found:
            id = result_id(diagnosed)
            if known.get(uri) == id:
                items.append(lsp.WorkspaceUnchangedDocumentDiagnosticReport(uri, id, version))
            else:
                items.append(lsp.WorkspaceFullDocumentDiagnosticReport(uri, diagnosed, version, result_id=id))
        return lsp.WorkspaceDiagnosticReport(items)


def _workspace_diagnostics(
    server: Server, folders: Iterable[str]
) -> list[tuple[str, int | None, list[lsp.Diagnostic]]]:
    """Of every file of every configuration in *folders*: its URI, version and diagnostics."""
    found = []
    for target in discover(folders):
        analysis = server.analysis(target.files[0]) if isinstance(target, Target) else None
        if analysis is None:
            continue
        paths = [*analysis.target.files]
        paths += [finding.location.source.path for finding in analysis.outcome.findings]
        for path in dict.fromkeys(paths):
            document = server.documents.get(path)
            version = document.version if document is not None else None
            found.append((server.documents.uri(path), version, server.diagnostics(path)))
    return found


# --- actions ---------------------------------------------------------------------------------------------


def _actions(server: Server) -> None:
    kinds = [lsp.CodeActionKind.QuickFix, FIX_ALL]
    options = lsp.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await server.work(_code_actions, server, params)

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    async def resolved(action: lsp.CodeAction) -> lsp.CodeAction:
        if action.edit is None and isinstance(action.data, str):
            found = await server.work(_fix_all, server, action.data)
            edits = found.edits if found is not None else ()
            action.edit = server.wire.workspace_edit(edits, server.versioned)
        return action


def _code_actions(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    uri = params.text_document.uri
    path = path_of(uri)
    analysis = server.analysis(path) if path is not None else None
    if analysis is None or path is None:
        return []
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    found: list[lsp.CodeAction] = []
    if _is_wanted(lsp.CodeActionKind.QuickFix.value, only):
        first, last = params.range.start.line + 1, params.range.end.line + 1
        wire, versioned = server.wire, server.versioned
        found += (wire.action(one, versioned) for one in actions.actions(analysis, path, first, last))
    if _is_wanted(FIX_ALL, only) and actions.has_safe_fix(analysis, path):
        lazily = server.can("text_document", "code_action", "resolve_support")
        all_of_them = None if lazily else actions.fix_all(analysis, path)
        if lazily:
            found.append(lsp.CodeAction(actions.ALL_TITLE, kind=FIX_ALL, data=uri))
        elif all_of_them is not None:
            found.append(server.wire.action(all_of_them, server.versioned))
    return found


def _is_wanted(kind: str, only: list[str]) -> bool:
    return not only or any(kind == one or kind.startswith(f"{one}.") for one in only)


def _fix_all(server: Server, uri: str) -> Action | None:
    path = path_of(uri)
    analysis = server.analysis(path) if path is not None else None
    return actions.fix_all(analysis, path) if analysis is not None and path is not None else None


# --- questions about a place -----------------------------------------------------------------------------


def _places(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        found = await server.work(server.at, params, hover.hover)
        formats = server.can("text_document", "hover", "content_format")
        return server.wire.hover(found, formats) if found is not None else None

    options = lsp.CompletionOptions(trigger_characters=["$", "=", ":", ",", " ", "["], resolve_provider=True)

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, options)
    async def completed(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        def answer(analysis: Analysis, path: str, offset: int) -> lsp.CompletionList | None:
            found = completion.complete(analysis, path, offset)
            tree = analysis.tree(path)
            if found is None or tree is None:
                return None
            return server.wire.completions(tree.source, found, params.text_document.uri)

        return await server.work(server.at, params, answer)

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    async def documented(item: lsp.CompletionItem) -> lsp.CompletionItem:
        match item.data:
            case [str(kind), str(uri)]:
                text = await server.work(_documentation, server, kind, item.label, uri)
                item.documentation = server.wire.markup(text, markdown=True) if text else None
        return item

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: lsp.DefinitionParams) -> list[lsp.Location]:
        found = await server.work(server.at, params, navigation.definition)
        return list(map(server.wire.location, found or ()))

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    async def referred(params: lsp.ReferenceParams) -> list[lsp.Location]:
        def answer(analysis: Analysis, path: str, offset: int) -> list[Location]:
            with_definition = params.context.include_declaration
            return navigation.references(analysis, path, offset, with_definition)

        found = await server.work(server.at, params, answer)
        return list(map(server.wire.location, found or ()))

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlighted(params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
        found = await server.work(server.at, params, navigation.highlights)
        return list(map(server.wire.highlight, found or ()))


def _documentation(server: Server, kind: str, label: str, uri: str) -> str | None:
    path = path_of(uri)
    analysis = server.analysis(path) if path is not None else None
    return completion.documentation(analysis, kind, label) if analysis is not None else None


# --- questions about a file ------------------------------------------------------------------------------


def _whole(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        def answer(analysis: Analysis, path: str, source: Source) -> list[lsp.DocumentSymbol]:
            tree = analysis.tree(path)
            return list(map(server.wire.symbol, outline.symbols(tree))) if tree is not None else []

        return await server.work(server.of, params.text_document, answer) or []

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folds(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        def answer(analysis: Analysis, path: str, source: Source) -> list[lsp.FoldingRange]:
            tree = analysis.tree(path)
            return list(map(server.wire.fold, outline.folds(tree))) if tree is not None else []

        return await server.work(server.of, params.text_document, answer) or []

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND)
    async def coloured(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        def answer(analysis: Analysis, path: str, source: Source) -> lsp.SemanticTokens:
            return server.wire.tokens(source, tokens.tokens(analysis, path))

        return await server.work(server.of, params.text_document, answer) or lsp.SemanticTokens([])

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    async def hinted(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        def answer(analysis: Analysis, path: str, source: Source) -> list[lsp.InlayHint]:
            start, end = (
                server.wire.offset(source, place) for place in (params.range.start, params.range.end)
            )
            return [server.wire.hint(source, one) for one in hints.hints(analysis, path, Span(start, end))]

        return await server.work(server.of, params.text_document, answer) or []


def serve() -> None:
    """Speak with the editor on standard input and output until it says goodbye."""
    if sys.stdin is None:  # closed, as by "<&-"
        return
    if sys.stdin.isatty():
        print("maillint: this is for editors, which start it by themselves; Ctrl-D ends it", file=sys.stderr)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    # What a plug-in prints must not get into the conversation.
    sys.stdout = sys.stderr
    create().start_io(stdin, stdout)
