"""A real client of the language server, over standard input and output of the real program."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from support import MAILLINT

TIMEOUT = 30.0

PULLING = lsp.ClientCapabilities(
    text_document=lsp.TextDocumentClientCapabilities(diagnostic=lsp.DiagnosticClientCapabilities()),
)
"""A client that asks for diagnostics."""


class Client(LanguageClient):
    """Opens files and asks about them."""

    def __init__(self) -> None:
        super().__init__("tests", "0")
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self._versions = itertools.count(1)
        self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda found: self.published.put_nowait(found))
        self.feature(lsp.WINDOW_LOG_MESSAGE)(lambda params: self.messages.append(params.message))
        self.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))

    async def begin(
        self, folder: Path, capabilities: lsp.ClientCapabilities | None = None
    ) -> lsp.InitializeResult:
        await self.start_io(MAILLINT, "server", cwd=folder)
        result = await self.initialize_async(
            lsp.InitializeParams(
                capabilities or lsp.ClientCapabilities(),
                root_uri=folder.as_uri(),
                workspace_folders=[lsp.WorkspaceFolder(folder.as_uri(), folder.name)],
            )
        )
        self.initialized(lsp.InitializedParams())
        return result

    async def end(self) -> int | None:
        """Say goodbye; returns the exit status of the server."""
        await self.shutdown_async(None)
        self.exit(None)
        assert self._server is not None
        status = await asyncio.wait_for(self._server.wait(), TIMEOUT)
        await self.stop()
        return status

    def open(self, path: Path, text: str | None = None, language: str = "pfmain") -> str:
        """Open a file with its text, or another; returns its URI."""
        uri = path.as_uri()
        text = path.read_text() if text is None else text
        item = lsp.TextDocumentItem(uri, language, next(self._versions), text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return uri

    def write(self, uri: str, text: str) -> None:
        identifier = lsp.VersionedTextDocumentIdentifier(next(self._versions), uri)
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [change]))

    async def diagnostics(self, uri: str) -> list[lsp.Diagnostic]:
        """What is published next about *uri*."""
        while True:
            published = await asyncio.wait_for(self.published.get(), TIMEOUT)
            if published.uri == uri:
                return list(published.diagnostics)


def converse(
    folder: Path,
    talk: Callable[[Client], Coroutine[Any, Any, None]],
    capabilities: lsp.ClientCapabilities | None = None,
) -> None:
    """Start a server, let *talk* speak with it, and end it; the server must end well."""

    async def run() -> None:
        client = Client()
        await client.begin(folder, capabilities)
        await asyncio.wait_for(talk(client), TIMEOUT)
        assert await client.end() == 0

    asyncio.run(run())


def rules(found: list[lsp.Diagnostic]) -> list[object]:
    return [diagnostic.code for diagnostic in found]
