"""Who answers the questions of a run: the network, zone files, or the record of another run."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from maillint.engine.result import Problem

from . import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from maillint.dns.answer import Lookup
    from maillint.dns.resolver import Budget
    from maillint.dns.tape import Recorder
    from maillint.engine.settings import Settings

OFFLINE = "it is outside of the zone files; --online asks the DNS for the rest"


def add_options(parser: ArgumentParser, where: str = "") -> None:
    """The options that :class:`Online` takes. *where*: what their help begins with."""
    add = parser.add_argument
    add("--online", action="store_true", help=f"{where}ask the DNS as well")
    add(
        "--dns-record",
        metavar="FILE",
        help=f"{where}write all questions and answers to a file, for --dns-replay",
    )
    add(
        "--dns-replay",
        metavar="FILE",
        help=f"{where}take the answers from a file of --dns-record, and open no connection",
    )


class Online:
    """Gives each configuration the answers that its settings and the command line ask for.

    One cache and one budget of time hold for the whole run.
    """

    def __init__(self, online: bool, record: str | None = None, replay: str | None = None) -> None:
        """*online*: ask the network. *record*, *replay*: files. Raises UsageError."""
        self.problems: list[Problem] = []
        """Why resolvers will not answer."""
        self._online = online and replay is None
        self._record = record
        self._replay = _replayed(replay) if replay is not None else None
        self._lookups: dict[object, Lookup] = {}
        self._networks: dict[object, Lookup] = {}
        self._budget: Budget | None = None

    def lookup(self, settings: Settings) -> Lookup | None:
        """Who answers under *settings*; None: nothing is asked. Raises UsageError."""
        zones = tuple(settings.get("zone") or ())
        if not (zones or self._online or self._replay):
            if self._record is not None:
                raise UsageError("--dns-record: nothing is asked without --online, --zone or --dns-replay")
            return None
        key = settings.get("resolver") if self._online else None, zones
        if key not in self._lookups:
            if self._record is not None and self._lookups:
                raise UsageError(
                    "--dns-record: the configurations have different resolvers or zone files;"
                    " record them one at a time"
                )
            self._lookups[key] = self._made(key[0], zones)
        return self._lookups[key]

    def fetches(self) -> bool:
        """Whether anything outside of this host may be asked."""
        return self._online

    def finish(self) -> None:
        """Write the record of the run, if there is to be one."""
        if self._record is None or not self._lookups:
            return
        from maillint.files import replace_file

        (recorder,) = self._lookups.values()
        text = cast("Recorder", recorder).text()
        try:
            replace_file(self._record, lambda file: file.write(text.encode()))
        except OSError as error:
            self.problems.append(Problem(self._record, f"cannot be written: {error.strerror or error}"))

    def _made(self, server: object, zones: tuple[str, ...]) -> Lookup:
        rest = self._rest(server)
        if zones:
            rest = _with_zones(zones, rest)
        if self._record is not None:
            from maillint.dns.tape import Recorder

            return Recorder(rest)
        return rest

    def _rest(self, server: object) -> Lookup:
        """Who answers what no zone file does."""
        if self._replay is not None:
            return self._replay
        if not self._online:
            from maillint.dns.zone import Nobody

            return Nobody(OFFLINE)
        if server not in self._networks:
            self._networks[server] = self._network(server)
        return self._networks[server]

    def _network(self, server: object) -> Lookup:
        from maillint.dns.resolver import Budget, Resolver, ResolverError

        self._budget = self._budget or Budget()
        try:
            resolver = Resolver(server, budget=self._budget)  # type: ignore[arg-type]
        except ResolverError as error:
            raise UsageError(f"--online: {error}") from None
        if silence := resolver.probe():
            self.problems.append(
                Problem("", f"--online: {silence}; name another with --resolver ADDR[#PORT]")
            )
        return resolver


def _replayed(path: str) -> Lookup:
    from maillint.dns.tape import Replay, TapeError

    try:
        return Replay.load(path)
    except TapeError as error:
        raise UsageError(f"--dns-replay: {error}") from None
    except OSError as error:
        raise UsageError(f"--dns-replay: {path}: {error.strerror or error}") from None


def _with_zones(paths: tuple[str, ...], rest: Lookup) -> Lookup:
    from maillint.dns.zone import ZoneFile, ZoneFileError, ZoneFiles

    files = []
    try:
        for path in paths:
            files.append(ZoneFile.load(path))
        return ZoneFiles(files, rest)
    except ZoneFileError as error:
        raise UsageError(f"zone file {error}") from None
    except OSError as error:
        raise UsageError(f"zone file {path}: {error.strerror or error}") from None
