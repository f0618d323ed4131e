"""``maillint completion``: what makes a shell complete the command line, and the answers that it asks for.

The scripts are short: at each press of TAB the shell calls ``maillint completion SHELL -- WORD ...`` with the
words behind ``maillint``, the one under the cursor last, and is told what could stand there. So a shell
knows the options of this version and the rules of the plug-ins in use.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from . import COMMANDS

if TYPE_CHECKING:
    from maillint.engine.registry import Registry

_BASH = """\
# bash completion of maillint. In ~/.bashrc: eval "$(maillint completion bash)"
_maillint() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files) compopt -o default ;;
        :directories) compopt -o dirnames ;;
        *=) compopt -o nospace; COMPREPLY+=("$line") ;;
        *) COMPREPLY+=("$line") ;;
        esac
    done < <(maillint completion bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _maillint maillint
"""

_ZSH = """\
#compdef maillint
# zsh completion of maillint. In ~/.zshrc, behind compinit: eval "$(maillint completion zsh)"
_maillint() {
    local line
    local -a told
    for line in "${(@f)$(maillint completion zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
        (:files) compset -P '*='; _files ;;
        (:directories) compset -P '*='; _files -/ ;;
        ('') ;;
        (*) told+=("$line") ;;
        esac
    done
    (( $#told )) && _describe maillint told
}
compdef _maillint maillint
"""

_FISH = """\
# fish completion of maillint: maillint completion fish > ~/.config/fish/completions/maillint.fish
function __maillint_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (maillint completion fish -- $words[2..-1] 2>/dev/null)
        switch $line
            case :files :directories
                set -l head (string match -r '^.*=' -- $words[-1])
                for path in (__fish_complete_path (string replace -r '^.*=' '' -- $words[-1]))
                    echo "$head$path"
                end
            case '*'
                echo $line
        end
    end
end
complete -c maillint -f -a '(__maillint_complete)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}

_EXAMPLES = """\
examples:
  eval "$(maillint completion bash)"                     in ~/.bashrc
  eval "$(maillint completion zsh)"                      in ~/.zshrc, behind compinit
  maillint completion fish > ~/.config/fish/completions/maillint.fish
"""

_FILES = ":files"
_DIRECTORIES = ":directories"
_NAMES_OF_FILES = ("FILE", "PATH", "LOG", "PATTERN")


class Word(NamedTuple):
    """What could stand at the cursor, or :data:`_FILES` or :data:`_DIRECTORIES`."""

    text: str
    help: str = ""


def main(arguments: list[str]) -> int:
    """Run ``maillint completion`` with *arguments*; returns the exit status."""
    if arguments[1:2] == ["--"] and arguments[0] in SCRIPTS:
        _answer(arguments[0], arguments[2:] or [""])
        return 0
    shell: str = make_parser().parse_args(arguments).shell
    print(SCRIPTS[shell], end="")
    return 0


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint completion",
        description="Print what makes a shell complete the commands, options, formats and rules of maillint.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("shell", choices=tuple(SCRIPTS), metavar="SHELL", help="bash, zsh or fish")
    return parser


def _answer(shell: str, words: list[str]) -> None:
    """Print what could stand in the place of the last of *words*, a line each, as *shell* takes it."""
    if shell == "bash":
        words = _joined(words)
    for word in completions(words):
        if word.text in (_FILES, _DIRECTORIES):
            print(word.text)
        elif shell == "bash":
            # The shell has taken what stands before the last "=" for a word of its own.
            head, equals, _ = words[-1].rpartition("=")
            print(word.text[len(head) + 1 :] if equals else word.text)
        elif shell == "fish":
            print(f"{word.text}\t{word.help}")
        else:
            print(word.text.replace(":", "\\:") + (f":{word.help}" if word.help else ""))


def _joined(words: list[str]) -> list[str]:
    """*words* as they were before bash parted them at ``=`` (COMP_WORDBREAKS)."""
    joined: list[str] = []
    for word in words:
        if joined and (word == "=" or joined[-1].endswith("=")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def completions(words: list[str]) -> Iterator[Word]:
    """What could stand in the place of the last of *words*, which are those behind ``maillint``."""
    *before, current = words
    if not before:
        yield from _beginning((*map(Word, COMMANDS), Word("--help"), Word("--version")), current)
    elif before[0] in COMMANDS:
        from importlib import import_module

        module = "check_options" if before[0] == "check" else before[0]
        parser: ArgumentParser = import_module(f"maillint.cli.{module}").make_parser()
        yield from _arguments(parser, before[1:], current)


def _arguments(parser: ArgumentParser, before: list[str], current: str) -> Iterator[Word]:
    options = {name: action for action in parser._actions for name in action.option_strings}
    name, equals, _ = current.partition("=")
    last = options.get(before[-1]) if before else None
    if equals and name in options:
        for word in _values(options[name], current[len(name) + 1 :]):
            yield word if word.text.startswith(":") else word._replace(text=f"{name}={word.text}")
    elif last is not None and last.nargs != 0:
        yield from _values(last, current)
    elif current.startswith("-"):
        yield from _beginning((Word(name, _help(action)) for name, action in options.items()), current)
    else:
        for action in parser._actions:
            if not action.option_strings:
                yield from _values(action, current)


def _help(action: Action) -> str:
    return " ".join((action.help or "").split()) if action.help != "==SUPPRESS==" else ""


def _values(action: Action, current: str) -> Iterator[Word]:
    """What *action* takes, and begins as *current* does."""
    if action.choices:
        yield from _beginning(map(Word, action.choices), current)
    elif action.dest == "output":
        yield from _reports(current)
    elif action.dest in _NAMES:
        done, comma, part = current.rpartition(",")
        for word in _beginning(_NAMES[action.dest](), part):
            yield word._replace(text=f"{done}{comma}{word.text}")
    elif action.metavar in _NAMES_OF_FILES:
        yield Word(_FILES)
    elif action.metavar == "DIR":
        yield Word(_DIRECTORIES)


def _reports(current: str) -> Iterator[Word]:
    from .output import FORMATS

    if "=" in current:
        yield Word(_FILES)
    else:
        yield from _beginning((Word(f"{name}=") for name in FORMATS), current)


def _beginning(words: Iterable[Word], current: str) -> Iterator[Word]:
    return (word for word in words if word.text.startswith(current))


def _registry() -> Registry:
    from .rules import installed

    return installed()


def _rules_and_areas() -> Iterator[Word]:
    registry = _registry()
    yield from (Word(rule.id, rule.summary) for rule in registry.rules.values())
    yield from (Word(area, "all rules of this area") for area in sorted(registry.areas))


def _things() -> Iterator[Word]:
    """What ``maillint explain`` explains."""
    from maillint.report.words.explanation import Explainer

    yield from map(Word, Explainer(_registry()).names())


def _parameters() -> Iterator[Word]:
    from maillint.postfix import catalogue
    from maillint.postfix.version import NEWEST

    yield from map(Word, catalogue.names(NEWEST))


def _roles() -> Iterator[Word]:
    from maillint.postfix.role import ROLES

    yield from map(Word, ROLES)


_NAMES = {
    "extend_select": _rules_and_areas,
    "ignore": _rules_and_areas,
    "name": _things,
    "names": _rules_and_areas,
    "parameter": _parameters,
    "role": _roles,
    "select": _rules_and_areas,
}
"""By the name of an argument, what it takes; commas may be between."""
