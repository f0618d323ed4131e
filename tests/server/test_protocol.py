"""The server and a real client, over standard input and output."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from server.client import PULLING, TIMEOUT, Client, converse, rules
from server.conftest import MASTER
from support import MAILLINT, run_maillint

WRONG = 'compatibility_level = 3.6\nmyhostname = "mx.example.com"\n'
RIGHT = "compatibility_level = 3.6\nmyhostname = mx.example.com\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(RIGHT)
    (tmp_path / "master.cf").write_text(MASTER)
    return tmp_path


def document(uri: str) -> lsp.TextDocumentIdentifier:
    return lsp.TextDocumentIdentifier(uri)


def test_findings_are_published_as_the_text_changes(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf")
        assert "quoted-value" not in rules(await client.diagnostics(uri))
        client.write(uri, WRONG)
        (found,) = (one for one in await client.diagnostics(uri) if one.code == "quoted-value")
        assert found.range == lsp.Range(lsp.Position(1, 13), lsp.Position(1, 29))
        assert found.severity == lsp.DiagnosticSeverity.Error
        assert found.source == "maillint"
        client.text_document_did_close(lsp.DidCloseTextDocumentParams(document(uri)))
        assert await client.diagnostics(uri) == []

    converse(folder, talk)


def test_only_the_last_of_many_changes_is_judged(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf")
        for _ in range(50):
            client.write(uri, WRONG)
        client.write(uri, RIGHT)
        assert "quoted-value" not in rules(await client.diagnostics(uri))
        await asyncio.sleep(0.5)
        assert client.published.empty()

    converse(folder, talk)


def test_a_change_of_one_file_is_seen_in_the_other(folder: Path) -> None:
    async def talk(client: Client) -> None:
        main = client.open(folder / "main.cf", RIGHT + "our_networks = 127.0.0.0/8\n")
        assert "unknown-parameter" in rules(await client.diagnostics(main))
        master = client.open(folder / "master.cf", MASTER + "  -o mynetworks=$our_networks\n")
        assert "unknown-parameter" not in rules(await client.diagnostics(main))
        client.write(master, MASTER)
        assert "unknown-parameter" in rules(await client.diagnostics(main))

    converse(folder, talk)


def test_the_unsaved_text_of_a_table_is_judged(folder: Path) -> None:
    (folder / "main.cf").write_text(RIGHT + "virtual_alias_maps = hash:/etc/postfix/virtual\n")
    (folder / "virtual").write_text("")

    async def talk(client: Client) -> None:
        uri = client.open(folder / "virtual", "a@example.com b\na@example.com c\n", "plaintext")
        assert rules(await client.diagnostics(uri)) == ["table-duplicate-key"]

    converse(folder, talk)


def test_findings_are_given_to_a_client_that_asks(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", WRONG)
        report = await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(document(uri)))
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        assert "quoted-value" in rules(list(report.items))
        again = lsp.DocumentDiagnosticParams(document(uri), previous_result_id=report.result_id)
        unchanged = await client.text_document_diagnostic_async(again)
        assert isinstance(unchanged, lsp.RelatedUnchangedDocumentDiagnosticReport)
        client.write(uri, RIGHT)
        report = await client.text_document_diagnostic_async(again)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        assert "quoted-value" not in rules(list(report.items))
        assert client.published.empty()

    converse(folder, talk, PULLING)


def test_findings_of_the_whole_workspace(folder: Path) -> None:
    (folder / "main.cf").write_text(WRONG)

    async def talk(client: Client) -> None:
        report = await client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams([]))
        by_name = {item.uri.rpartition("/")[2]: item for item in report.items}
        assert set(by_name) == {"main.cf", "master.cf"}
        main = by_name["main.cf"]
        assert isinstance(main, lsp.WorkspaceFullDocumentDiagnosticReport)
        assert "quoted-value" in rules(list(main.items))
        known = [lsp.PreviousResultId(item.uri, item.result_id or "") for item in report.items]
        again = await client.workspace_diagnostic_async(lsp.WorkspaceDiagnosticParams(known))
        assert {item.kind for item in again.items} == {"unchanged"}

    converse(folder, talk, PULLING)


def test_related_places_and_tags(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", RIGHT + "smtpd_use_tls = yes\nbiff = no\nbiff = yes\n")
        found = {one.code: one for one in await client.diagnostics(uri)}
        assert found["deprecated-parameter"].tags == (lsp.DiagnosticTag.Deprecated,)
        (related,) = found["duplicate-parameter"].related_information or ()
        assert related.location.uri == uri

    converse(folder, talk)


def test_actions_and_their_kinds(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", WRONG)
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(9, 0))

        async def ask(*only: str) -> list[lsp.CodeAction]:
            context = lsp.CodeActionContext([], only=list(only) or None)
            params = lsp.CodeActionParams(document(uri), whole, context)
            found = await client.text_document_code_action_async(params) or []
            return [action for action in found if isinstance(action, lsp.CodeAction)]

        (mend,) = (action for action in await ask("quickfix") if action.is_preferred)
        assert mend.title == "Remove the quotes"
        assert mend.diagnostics is not None
        assert mend.diagnostics[0].code == "quoted-value"
        (everything,) = await ask("source.fixAll")
        assert everything.kind == "source.fixAll.maillint"
        assert everything.edit is not None
        assert await ask("refactor") == []
        assert {action.kind for action in await ask()} == {"quickfix", "source.fixAll.maillint"}

    converse(folder, talk)


def test_a_client_that_can_wait_resolves_and_gets_versions(folder: Path) -> None:
    capabilities = lsp.ClientCapabilities(
        workspace=lsp.WorkspaceClientCapabilities(
            workspace_edit=lsp.WorkspaceEditClientCapabilities(document_changes=True)
        ),
        text_document=lsp.TextDocumentClientCapabilities(
            code_action=lsp.CodeActionClientCapabilities(
                resolve_support=lsp.ClientCodeActionResolveOptions(["edit"])
            )
        ),
    )

    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", WRONG)
        context = lsp.CodeActionContext([], only=["source.fixAll.maillint"])
        place = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        (lazy,) = await client.text_document_code_action_async(
            lsp.CodeActionParams(document(uri), place, context)
        )
        assert isinstance(lazy, lsp.CodeAction)
        assert lazy.edit is None
        full = await client.code_action_resolve_async(lazy)
        assert full.edit is not None
        (change,) = full.edit.document_changes or ()
        assert isinstance(change, lsp.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (uri, 1)

    converse(folder, talk, capabilities)


@pytest.mark.parametrize(
    ("encodings", "agreed", "column"),
    [([], "utf-16", 15), (["utf-8", "utf-16"], "utf-8", 18), (["utf-7", "utf-32"], "utf-32", 14)],
)
def test_columns_are_counted_as_agreed(encodings: list[str], agreed: str, column: int, folder: Path) -> None:
    capabilities = lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(position_encodings=encodings or None)
    )
    text = RIGHT + "my_own = aä😀 $mydomain\n"

    async def run() -> None:
        client = Client()
        begun = await client.begin(folder, capabilities)
        assert begun.capabilities.position_encoding == agreed
        uri = client.open(folder / "main.cf", text)
        where = lsp.Position(2, column + 1)
        found = await client.text_document_hover_async(lsp.HoverParams(document(uri), where))
        assert found is not None
        assert found.range is not None
        assert found.range.start == lsp.Position(2, column - 1)
        assert await client.end() == 0

    asyncio.run(run())


def test_the_rest_of_the_questions(folder: Path) -> None:
    async def talk(client: Client) -> None:
        text = RIGHT + "mydomain = example.com\nmyorigin =\n  $mydomain\n"
        uri = client.open(folder / "main.cf", text)
        place = lsp.Position(4, 5)
        name = document(uri)
        (defined,) = await client.text_document_definition_async(lsp.DefinitionParams(name, place)) or ()
        assert defined.range.start == lsp.Position(2, 0)
        used = await client.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(True), name, place)
        )
        assert len(used or ()) == 2
        marked = await client.text_document_document_highlight_async(lsp.DocumentHighlightParams(name, place))
        assert len(marked or ()) == 2
        symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(name))
        assert [symbol.name for symbol in symbols or ()][-1] == "myorigin"
        (fold,) = await client.text_document_folding_range_async(lsp.FoldingRangeParams(name)) or ()
        assert (fold.start_line, fold.end_line) == (3, 4)
        colours = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(name))
        assert colours is not None
        assert list(colours.data[:5]) == [0, 0, 19, 1, 2]
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(9, 0))
        (hint,) = await client.text_document_inlay_hint_async(lsp.InlayHintParams(name, whole)) or ()
        assert (hint.label, hint.position) == ("= example.com", lsp.Position(4, 11))
        offered = await client.text_document_completion_async(lsp.CompletionParams(name, lsp.Position(4, 5)))
        assert isinstance(offered, lsp.CompletionList)
        item = next(item for item in offered.items if item.label == "mydomain")
        assert item.documentation is None
        full = await client.completion_item_resolve_async(item)
        assert isinstance(full.documentation, lsp.MarkupContent)
        assert "example.com" in full.documentation.value

    converse(folder, talk)


def test_settings_that_change_are_heeded(folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", WRONG)
        assert "quoted-value" in rules(await client.diagnostics(uri))
        settings = folder / "maillint.toml"
        settings.write_text('ignore = ["quoted-value"]\n')
        event = lsp.FileEvent(settings.as_uri(), lsp.FileChangeType.Created)
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        assert "quoted-value" not in rules(await client.diagnostics(uri))
        settings.write_text("ignore = [\n")
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        assert await client.diagnostics(uri) == []
        assert any("maillint.toml" in message for message in client.messages)

    converse(folder, talk)


HOSTILE = {
    "nothing": "",
    "blanks": " \t\n \n",
    "control characters": "\0\x01\x1b[31m = \0\n\0",
    "lines of all kinds": "a = b\rc = d\x0be = $f\u2028g = h\x85i = $a\r\n",
    "halves of pairs": "biff = \ud800$\udc00\n",
    "many brackets": "a = " + "${" * 20000 + "\n",
    "a circle": "a = $b\nb = $a\n",
    "doubling": "".join(f"a{n} = $a{n + 1}$a{n + 1}\n" for n in range(60)),
    "one long line": "a = " + "x," * 200_000 + "\n",
    "only goes on": "  goes\n  on\n",
    "no end": "smtpd_relay_restrictions =\n  check_client_access",
}


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_nothing_that_is_written_ends_the_server(name: str, folder: Path) -> None:
    async def talk(client: Client) -> None:
        uri = client.open(folder / name)
        await client.diagnostics(uri)
        file = document(uri)
        for text in HOSTILE.values():
            client.write(uri, text)
            for place in (lsp.Position(0, 3), lsp.Position(10**6, 10**6)):
                await client.text_document_hover_async(lsp.HoverParams(file, place))
                await client.text_document_completion_async(lsp.CompletionParams(file, place))
                await client.text_document_definition_async(lsp.DefinitionParams(file, place))
                context = lsp.CodeActionContext([])
                await client.text_document_code_action_async(
                    lsp.CodeActionParams(file, lsp.Range(place, place), context)
                )
            whole = lsp.Range(lsp.Position(0, 0), lsp.Position(10**6, 0))
            await client.text_document_inlay_hint_async(lsp.InlayHintParams(file, whole))
            await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(file))
            await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(file))
            await client.text_document_folding_range_async(lsp.FoldingRangeParams(file))
        assert client.messages == []

    converse(folder, talk)


def test_nothing_that_is_asked_ends_the_server(folder: Path) -> None:
    async def talk(client: Client) -> None:
        place = lsp.Position(0, 0)
        for uri in (
            "untitled:main.cf",
            "git:/main.cf?x",
            "file:///nowhere/main.cf",
            "",
            "file:///a%00b",
            "http://[",
        ):
            file = document(uri)
            assert await client.text_document_hover_async(lsp.HoverParams(file, place)) is None
            assert await client.text_document_completion_async(lsp.CompletionParams(file, place)) is None
            assert not await client.text_document_definition_async(lsp.DefinitionParams(file, place))
            report = await client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(file))
            assert not getattr(report, "items", None)
        with pytest.raises(JsonRpcException):
            await client.protocol.send_request_async("textDocument/noSuchThing", {"a": 1})
        uri = client.open(folder / "main.cf")
        found = await client.text_document_hover_async(lsp.HoverParams(document(uri), place))
        assert found is not None

    converse(folder, talk, PULLING)


def test_a_broken_message_is_left_behind(folder: Path) -> None:
    process = subprocess.Popen(
        [MAILLINT, "server"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )

    def message(body: bytes) -> bytes:
        return b"Content-Length: %d\r\n\r\n" % len(body) + body

    good = {
        "jsonrpc": "2.0",
        "id": 7,
        "method": "initialize",
        "params": {"capabilities": {}, "processId": None},
    }
    bad = [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"jsonrpc": "2.0", "method": 5}',
        b'{"jsonrpc": "2.0", "id": 1}',
        b"null",
    ]
    goodbye = [{"jsonrpc": "2.0", "id": 8, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"}]
    talk = b"".join(map(message, [*bad, *(json.dumps(part).encode() for part in (good, *goodbye))]))
    output, _ = process.communicate(talk, timeout=TIMEOUT)
    assert b'"id": 7' in output
    assert b'"capabilities"' in output
    assert process.returncode == 0


def test_the_server_ends_when_the_editor_is_gone(folder: Path) -> None:
    process = subprocess.run(
        [MAILLINT, "server"], cwd=folder, input=b"", timeout=TIMEOUT, capture_output=True
    )
    assert process.returncode == 0


def test_without_pygls_it_is_said_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('No module named pygls', name='pygls')\n")
    run = subprocess.run(
        [sys.executable, "-m", "maillint", "server"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert run.returncode == 2
    assert "pip install 'maillint[editor]'" in run.stderr
    assert "Traceback" not in run.stderr


def test_help_and_usage(tmp_path: Path) -> None:
    run = run_maillint("server", "--help", cwd=tmp_path)
    assert run.returncode == 0
    assert "language server" in run.stdout
    assert run_maillint("server", "--no-such-option", cwd=tmp_path).returncode == 2


def test_an_answer_about_an_old_text_is_dropped(folder: Path) -> None:
    slow = RIGHT + "".join(f"own_{number} = $own_{number + 1}\n" for number in range(4000))

    async def talk(client: Client) -> None:
        uri = client.open(folder / "main.cf", slow)
        about = lsp.DocumentDiagnosticParams(document(uri))
        asked = asyncio.ensure_future(client.text_document_diagnostic_async(about))
        await asyncio.sleep(0.1)
        client.write(uri, RIGHT)
        with pytest.raises(JsonRpcException) as error:
            await asked
        assert error.value.code == lsp.LSPErrorCodes.ServerCancelled
        assert error.value.data == {"retriggerRequest": True}
        again = await client.text_document_diagnostic_async(about)
        assert isinstance(again, lsp.RelatedFullDocumentDiagnosticReport)

    converse(folder, talk, PULLING)


def test_what_a_plug_in_prints_stays_out_of_the_conversation(folder: Path, tmp_path: Path) -> None:
    (folder / "maillint.toml").write_text('plugins = ["talkative"]\n')
    (tmp_path / "talkative.py").write_text(
        '"""A rule that prints."""\n'
        "from maillint.engine.rule import rule\n\n\n"
        '@rule(severity="info", area="own")\n'
        "def talkative(config):\n"
        '    print("Content-Length: 3")\n'
        "    return iter(())\n"
    )
    process = subprocess.run(
        [MAILLINT, "server"], cwd=folder, input=b"".join(map(framed, _session(folder))), capture_output=True,
        timeout=TIMEOUT, env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert b"Content-Length: 3\n" not in process.stdout
    assert b"Content-Length: 3\n" in process.stderr
    assert b'"id": 2' in process.stdout


def framed(message: object) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def _session(folder: Path) -> list[object]:
    """An editor that asks for what is found in main.cf, and goes."""
    uri = (folder / "main.cf").as_uri()
    item = {"uri": uri, "languageId": "pfmain", "version": 1, "text": RIGHT}
    can = {"textDocument": {"diagnostic": {}}}
    return [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {"capabilities": can, "processId": None},
        },
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "textDocument/diagnostic",
            "params": {"textDocument": {"uri": uri}},
        },
    ]
