"""The language server itself: takes the questions of an editor, and has them answered.

What changes is taken in at once, in the thread that speaks with the editor. The answers are worked out in
one other thread, one after the other, so that a long one keeps nobody from writing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from maillint import __version__
from maillint.engine.settings import SettingsError
from maillint.syntax.source import Source

from .analysis import Analyses, Analysis
from .diagnostics import diagnostics
from .documents import Documents, path_of
from .positions import Positions
from .wire import NAME, Wire

if TYPE_CHECKING:
    Result = TypeVar("Result")
    Place = lsp.TextDocumentPositionParams

DELAY = 0.15
"""Seconds without a change after which a configuration is judged anew."""


class ServerCancelled(JsonRpcException):
    """What was asked about has changed meanwhile; the client is to ask again."""

    CODE = -32802

    def __init__(self) -> None:
        super().__init__("the document has changed", data={"retriggerRequest": True})


class Server(LanguageServer):
    """What is known of one editor."""

    def __init__(self) -> None:
        # Postfix's lines end at LF alone; those of pygls at more, so that it cannot apply partial changes.
        super().__init__(NAME, __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.documents = Documents()
        self.analyses = Analyses(self.documents)
        self.wire = Wire(Positions(), self.documents)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=NAME)
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A fault is worth a line in the editor's log, and no window."""
        self.log(f"{type(error).__name__}: {error}")

    def log(self, message: str) -> None:
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, message))

    def can(self, *path: str) -> bool:
        """Whether the client says that it has a capability."""
        found: Any = self.client_capabilities
        for name in path:
            found = getattr(found, name, None)
        return bool(found)

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics by itself."""
        return self.can("text_document", "diagnostic")

    @property
    def versioned(self) -> bool:
        return self.can("workspace", "workspace_edit", "document_changes")

    # --- in the other thread -----------------------------------------------------------------------------

    async def work(self, function: Callable[..., Result], *arguments: object) -> Result:
        """The result of *function*, worked out in the other thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def analysis(self, path: str) -> Analysis | None:
        """The configuration that a file belongs to; what is wrong with its settings is told once."""
        try:
            return self.analyses.of(path)
        except SettingsError as error:
            self._tell(str(error))
            return None

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, message))

    def diagnostics(self, path: str) -> list[lsp.Diagnostic]:
        analysis = self.analysis(path)
        if analysis is None:
            return []
        found = list(map(self.wire.diagnostic, diagnostics(analysis, path)))
        for problem in analysis.outcome.problems:
            if problem.path not in analysis.target.files:
                self._tell(str(problem))
        return found

    def at(self, params: Place, answer: Callable[[Analysis, str, int], Result | None]) -> Result | None:
        """What *answer* says of a place in main.cf or master.cf; None: the place is in neither."""
        path = path_of(params.text_document.uri)
        analysis = self.analysis(path) if path is not None else None
        tree = analysis.tree(path) if analysis is not None and path is not None else None
        if analysis is None or path is None or tree is None:
            return None
        return answer(analysis, path, self.wire.offset(tree.source, params.position))

    def of(
        self, identifier: lsp.TextDocumentIdentifier, answer: Callable[[Analysis, str, Source], Result]
    ) -> Result | None:
        """What *answer* says of a main.cf or master.cf as a whole."""
        path = path_of(identifier.uri)
        analysis = self.analysis(path) if path is not None else None
        tree = analysis.tree(path) if analysis is not None and path is not None else None
        if analysis is None or path is None or tree is None:
            return None
        return answer(analysis, path, tree.source)

    # --- judging what changes ----------------------------------------------------------------------------

    def changed(self, path: str) -> None:
        """Judge the configuration of a file anew, when nothing more changes for a moment."""
        if self.pulls:
            return
        target = self.documents.target(path)
        key = target.path if target is not None else path
        if key in self._waiting:
            self._waiting[key].cancel()
        self._waiting[key] = asyncio.get_running_loop().call_later(DELAY, self._judge, key)

    def _judge(self, key: str) -> None:
        self._waiting.pop(key, None)
        task = asyncio.ensure_future(self._publish(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish(self, key: str) -> None:
        for document in self.documents.all():
            target = self.documents.target(document.path)
            if target is None or target.path != key:
                continue
            try:
                found = await self.work(self.diagnostics, document.path)
            except Exception as error:
                self.report_server_error(error, None)
                continue
            # What was found in another text than the present one is of no use: the next is on its way.
            if self.documents.get(document.path) is document:
                self.text_document_publish_diagnostics(
                    lsp.PublishDiagnosticsParams(document.uri, found, document.version)
                )

    def all_changed(self) -> None:
        """Something else than an open document may have changed."""
        self.analyses.forget()
        self._told.clear()
        if self.pulls:
            if self.can("workspace", "diagnostics", "refresh_support"):
                self.workspace_diagnostic_refresh(None)
            return
        for document in self.documents.all():
            self.changed(document.path)
