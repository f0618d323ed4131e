"""The ``maillint`` command: finds the subcommand and imports nothing else."""

import sys

USAGE = """\
maillint finds what breaks mail in Postfix's main.cf and master.cf, before it does.

usage: maillint COMMAND [...]

commands:
  check [PATH ...]   check files and directories (default: the current one)
  show [DIR]         print the effective parameters, like postconf, without Postfix
  diagnose LOG ...   find out from the mail log what has failed, and why
  explain NAME       explain a rule, or a word of Postfix and what it is here
  rules              list the rules
  ignores [PATH ...] list the comments that silence findings, with their reasons
  server             speak with an editor (language server protocol)
  completion SHELL   print what makes bash, zsh or fish complete all this

options:
  --version          print the version
  -h, --help         print this help; 'maillint COMMAND --help' tells more

examples:
  maillint check /etc/postfix
  maillint check --online --fail-on error
  maillint diagnose --config /etc/postfix /var/log/mail.log
  maillint explain myorigin-unset
"""

COMMANDS = ("check", "show", "diagnose", "explain", "rules", "ignores", "server", "completion")

FAILED = 2
"""The exit status when maillint could not do what was asked."""


class UsageError(Exception):
    """A command line that cannot be followed; the message says why and what would do."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line *argv* (default: that of the process); returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    command = arguments[0] if arguments else ""
    if command in ("--version", "-V"):
        from maillint import __version__

        print(f"maillint {__version__}")
        return 0
    if command in ("--help", "-h", "help"):
        print(USAGE, end="")
        return 0
    if command in COMMANDS:
        return _run(command, arguments[1:])
    print(_unknown(command) if command else USAGE.rstrip(), file=sys.stderr)
    return FAILED


def _run(command: str, arguments: list[str]) -> int:
    import gc
    import os
    from importlib import import_module

    # A run of one directory is over before any garbage is worth looking for.
    gc.set_threshold(50_000)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed, as by ">&-"
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            # File names and file contents may hold bytes that are no text in any encoding.
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = import_module(f"maillint.cli.{command}").main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        status = 0
    except OSError as error:
        silence_stdout()
        print(f"maillint: cannot write: {error.strerror or error}", file=sys.stderr)
        status = FAILED
    except KeyboardInterrupt:
        status = 130
    gc.freeze()  # Nor at its exit.
    return status


def silence_stdout() -> None:
    """Drop what is written from now on: nobody reads it, as in ``| head``, and the exit must not complain."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unknown(command: str) -> str:
    import os

    from maillint.nearest import nearest

    if os.path.exists(command):
        hint = f"; did you mean 'maillint check {command}'?"
    else:
        near = nearest(command, COMMANDS)
        hint = f"; did you mean {near}?" if near else f"; the commands are {', '.join(COMMANDS)}"
    return f"maillint: there is no command {command!r}{hint}"
