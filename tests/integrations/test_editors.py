"""What stands in integrations/ for editors, run by the editors."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import MAILLINT, run_maillint

from .conftest import EXPECTED, INTEGRATIONS, TEXT, Run

VIM, NVIM, EMACS, NODE = map(shutil.which, ("vim", "nvim", "emacs", "node"))
ALE = Path("/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale")
FLYCHECK = sorted(Path("/usr/share/emacs/site-lisp/elpa").glob("flycheck-*"))

needs_vim = pytest.mark.skipif(VIM is None, reason="Vim is not installed")
needs_nvim = pytest.mark.skipif(NVIM is None, reason="Neovim is not installed")
needs_emacs = pytest.mark.skipif(EMACS is None, reason="Emacs is not installed")

PLACES = [(found.line, found.column) for found in EXPECTED]
LETTERS = [found.severity[0].upper() for found in EXPECTED]
RULES = [found.rule for found in EXPECTED]


def bytes_before(line: int, column: int) -> int:
    """How many bytes of the line of TEXT stand before the column."""
    return len(TEXT.splitlines()[line - 1][: column - 1].encode())


BYTE_SPANS = [
    (found.line, bytes_before(found.line, found.column), bytes_before(found.line, found.end_column))
    for found in EXPECTED
]
"""The line from 1, and the bytes of it before the start and the end."""


def vim(run: Run, tmp_path: Path, vimrc: str, *commands: str) -> Any:
    """What the last of *commands*, an expression, is in a Vim that has main.cf open."""
    (tmp_path / "vimrc").write_text(f"set runtimepath^={INTEGRATIONS / 'vim'}\n{vimrc}")
    result = tmp_path / "result.json"
    *before, expression = commands
    before += [f"call writefile([json_encode({expression})], {str(result)!r})", "qall!"]
    words = [word for command in before for word in ("-c", command)]
    run(str(VIM), "-N", "-es", "-u", tmp_path / "vimrc", "-i", "NONE", "main.cf", *words, check=False)
    return json.loads(result.read_text())


@needs_vim
def test_vim_compiler_fills_the_quickfix_list(run: Run, main_cf: Path) -> None:
    entries = vim(run, main_cf.parent, "", "compiler maillint", "silent make!", "getqflist()")
    assert all(entry["valid"] for entry in entries), entries
    assert [(entry["lnum"], entry["col"]) for entry in entries] == PLACES
    assert [entry["type"].upper() for entry in entries] == LETTERS
    assert [entry["text"].rpartition("[")[2] for entry in entries] == [f"{rule}]" for rule in RULES]


@needs_vim
def test_vim_compiler_shows_why_nothing_could_be_judged(run: Run, main_cf: Path) -> None:
    (main_cf.parent / "maillint.toml").write_text("ignore = ['no-such-rule']\n")
    [entry] = vim(run, main_cf.parent, "", "compiler maillint", "silent make!", "getqflist()")
    assert "no-such-rule" in entry["text"]


@needs_vim
@pytest.mark.parametrize(("name", "filetype"), [("main.cf", "pfmain"), ("master.cf", "pfmaster")])
def test_vim_knows_both_files(run: Run, tmp_path: Path, name: str, filetype: str) -> None:
    (tmp_path / name).write_text("# a comment, as in many a file\n")
    assert vim(run, tmp_path, "filetype on", f"edit {name}", "&filetype") == filetype


@needs_vim
@pytest.mark.skipif(not ALE.exists(), reason="ALE is not installed (Debian's vim-ale)")
@pytest.mark.parametrize("filetype", ["pfmain", "pfmaster"])
def test_ale(run: Run, main_cf: Path, filetype: str) -> None:
    vimrc = """
        let g:ale_enabled = 1
        let g:ale_lint_on_enter = 0
        packadd ale
        let g:linted = 0
        autocmd User ALELintPost let g:linted = 1
        function! Linted() abort
            let l:left = 500
            while !g:linted && l:left
                sleep 20m
                let l:left -= 1
            endwhile
        endfunction
        """
    items = vim(
        run,
        main_cf.parent,
        vimrc,
        f"set filetype={filetype}",
        # What is not saved counts.
        "call append(0, '# a line')",
        "call ale#Queue(0)",
        "call Linted()",
        "ale#engine#GetLoclist(bufnr(''))",
    )
    assert [(item["lnum"] - 1, item["col"] - 1, item["end_col"]) for item in items] == BYTE_SPANS
    assert [item["type"] for item in items] == LETTERS
    assert [item["code"] for item in items] == RULES
    assert {item["linter_name"] for item in items} == {"maillint"}
    assert "\n\nMend: " in items[0]["detail"]


NVIM_LINT = """\
-- Stands for the plugin nvim-lint, which Debian does not have: calls a linter as its documentation says.
vim.opt.runtimepath:append(arg_runtimepath)
local linter = require('lint.linters.maillint')
local command = { linter.cmd }
for _, word in ipairs(linter.args) do
  table.insert(command, type(word) == 'function' and word() or word)
end
assert(linter.stdin and linter.stream == 'stdout' and linter.ignore_exitcode)
local bufnr = vim.api.nvim_get_current_buf()
vim.api.nvim_buf_set_lines(bufnr, 0, 0, true, { '# a line' })
local output = {}
local job = vim.fn.jobstart(command, {
  stdout_buffered = true,
  on_stdout = function(_, lines)
    output = lines
  end,
})
vim.fn.chansend(job, vim.api.nvim_buf_get_lines(bufnr, 0, -1, true))
vim.fn.chansend(job, { '', '' })
vim.fn.chanclose(job, 'stdin')
assert(vim.fn.jobwait({ job }, 60000)[1] == 1)
local diagnostics = linter.parser(table.concat(output, '\\n'), bufnr, vim.fn.getcwd())
vim.diagnostic.set(vim.api.nvim_create_namespace('maillint'), bufnr, diagnostics)
vim.fn.writefile({ vim.json.encode(vim.diagnostic.get(bufnr)) }, 'result.json')
assert(#linter.parser('', bufnr, vim.fn.getcwd()) == 0)
vim.cmd('qall!')
"""


@needs_nvim
def test_nvim_lint(run: Run, main_cf: Path) -> None:
    script = NVIM_LINT.replace("arg_runtimepath", json.dumps(str(INTEGRATIONS / "neovim")))
    (main_cf.parent / "test.lua").write_text(script)
    run(str(NVIM), "--headless", "--clean", "-i", "NONE", "main.cf", "-c", "luafile test.lua", "-c", "cquit!")
    found = json.loads((main_cf.parent / "result.json").read_text())
    assert [(item["lnum"], item["col"], item["end_col"]) for item in found] == BYTE_SPANS
    assert [item["severity"] for item in found] == [1, 2, 3]
    assert [item["code"] for item in found] == RULES
    assert "\nMend: " in found[0]["message"]


@needs_nvim
@pytest.mark.parametrize(("name", "filetype"), [("main.cf", "pfmain"), ("master.cf", "pfmaster")])
def test_neovim_knows_both_files(run: Run, tmp_path: Path, name: str, filetype: str) -> None:
    (tmp_path / name).write_text("# a comment, as in many a file\n")
    (tmp_path / "init.vim").write_text(f"set runtimepath^={INTEGRATIONS / 'vim'}\nfiletype on\n")
    write = "call writefile([&filetype], 'result')"
    run(str(NVIM), "--headless", "-u", "init.vim", "-i", "NONE", name, "-c", write, "-c", "qall!")
    assert (tmp_path / "result").read_text() == f"{filetype}\n"


def emacs(run: Run, tmp_path: Path, program: str, *options: str | Path) -> Any:
    """What the Lisp *program* prints as JSON in an Emacs that has main.cf open."""
    (tmp_path / "test.el").write_text(program)
    load = ("-L", INTEGRATIONS / "emacs", *options, "-l", tmp_path / "test.el")
    return json.loads(run(str(EMACS), "-Q", "--batch", *load).stdout)


@needs_emacs
def test_flymake(run: Run, main_cf: Path) -> None:
    found = emacs(
        run,
        main_cf.parent,
        """
        (require 'flymake-maillint)
        (add-hook 'conf-mode-hook #'flymake-maillint-setup)
        (find-file "main.cf")
        (insert "# a line\n")
        (flymake-start)
        (let ((left 500))
          (while (and (null (flymake-diagnostics)) (> left 0))
            (accept-process-output nil 0.02)
            (setq left (1- left))))
        (princ (json-encode (vconcat (mapcar
          (lambda (it)
            (goto-char (flymake-diagnostic-beg it))
            (vector (line-number-at-pos) (1+ (current-column))
                  (1+ (- (flymake-diagnostic-end it) (line-beginning-position)))
                  (flymake-diagnostic-type it) (flymake-diagnostic-text it)))
          (sort (flymake-diagnostics)
                (lambda (one two) (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg two))))))))
        """,
    )
    types = {"error": "error", "warning": "warning", "info": "note"}
    assert [(line - 1, column, end, type) for line, column, end, type, _ in found] == [
        (expected.line, expected.column, expected.end_column, types[expected.severity])
        for expected in EXPECTED
    ]
    assert [text.rpartition("[")[2] for *_, text in found] == [f"{rule}]" for rule in RULES]
    assert "\nMend: " in found[0][-1]


@needs_emacs
def test_flymake_leaves_other_files_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.conf").write_text("a = b\n")
    on = emacs(
        run,
        tmp_path,
        """
        (require 'flymake-maillint)
        (add-hook 'conf-mode-hook #'flymake-maillint-setup)
        (find-file "other.conf")
        (princ (json-encode (list major-mode flymake-mode)))
        """,
    )
    assert on[1] is None


@needs_emacs
def test_flymake_says_why_nothing_could_be_judged(run: Run, main_cf: Path) -> None:
    (main_cf.parent / "maillint.toml").write_text("ignore = ['no-such-rule']\n")
    said = emacs(
        run,
        main_cf.parent,
        """
        (require 'flymake-maillint)
        (find-file "main.cf")
        (let ((left 500) said)
          (flymake-maillint (lambda (&rest arguments) (setq said arguments)))
          (while (and (null said) (> left 0))
            (accept-process-output nil 0.02)
            (setq left (1- left)))
          (princ (json-encode (mapcar (lambda (it) (format "%s" it)) said))))
        """,
    )
    assert said[0] == ":panic"
    assert "no-such-rule" in said[2]


@needs_emacs
@pytest.mark.skipif(not FLYCHECK, reason="Flycheck is not installed (Debian's elpa-flycheck)")
def test_flycheck(run: Run, main_cf: Path) -> None:
    packages = sorted(FLYCHECK[0].parent.iterdir())
    found = emacs(
        run,
        main_cf.parent,
        """
        (require 'flycheck-maillint)
        (find-file "main.cf")
        (insert "# a line\n")
        (flycheck-mode)
        (flycheck-buffer)
        (let ((left 500))
          (while (and (null flycheck-current-errors) (> left 0))
            (accept-process-output nil 0.02)
            (setq left (1- left))))
        (princ (json-encode (vconcat (mapcar
          (lambda (it)
            (vector (flycheck-error-line it) (flycheck-error-column it) (flycheck-error-level it)
                  (flycheck-error-id it) (flycheck-error-checker it)))
          flycheck-current-errors))))
        """,
        *(word for package in packages for word in ("-L", package)),
    )
    assert found == [
        [expected.line + 1, expected.column, expected.severity, expected.rule, "maillint"]
        for expected in EXPECTED
    ]


@needs_emacs
@pytest.mark.parametrize("name", ["flymake-maillint.el", "flycheck-maillint.el"])
def test_emacs_compiles_without_a_warning(run: Run, tmp_path: Path, name: str) -> None:
    if "flycheck" in name and not FLYCHECK:
        pytest.skip("Flycheck is not installed (Debian's elpa-flycheck)")
    shutil.copy(INTEGRATIONS / "emacs" / name, tmp_path)
    packages = sorted(FLYCHECK[0].parent.iterdir()) if FLYCHECK else []
    load = [word for package in packages for word in ("-L", package)]
    stop = ("--eval", "(setq byte-compile-error-on-warn t)")
    run(str(EMACS), "-Q", "--batch", *load, *stop, "-f", "batch-byte-compile", tmp_path / name)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_vs_code_problem_matcher(run: Run, main_cf: Path) -> None:
    [task] = json.loads((INTEGRATIONS / "vscode" / "tasks.json").read_text())["tasks"]
    arguments = [word.replace("${workspaceFolder}", str(main_cf.parent)) for word in task["args"]]
    (main_cf.parent / "output").write_text(run_maillint(*arguments).stdout)
    assert task["command"] == Path(MAILLINT).name
    (main_cf.parent / "pattern").write_text(task["problemMatcher"]["pattern"].pop("regexp"))
    groups = task["problemMatcher"]["pattern"]
    script = """
        const fs = require('fs');
        const regexp = new RegExp(fs.readFileSync('pattern', 'utf8'));
        const lines = fs.readFileSync('output', 'utf8').trimEnd().split('\\n');
        console.log(JSON.stringify(lines.map((line) => regexp.exec(line))));
        """
    matches = json.loads(run(str(NODE), "-e", script).stdout)
    found = [{name: match[group] for name, group in groups.items()} for match in matches]
    assert [int(match["line"]) for match in found] == [expected.line for expected in EXPECTED]
    assert [int(match["column"]) for match in found] == [expected.column for expected in EXPECTED]
    assert [match["severity"] for match in found] == [expected.severity for expected in EXPECTED]
    assert [match["code"] for match in found] == RULES
    assert {match["file"] for match in found} == {str(main_cf)}
    assert all(match["message"] for match in found)
