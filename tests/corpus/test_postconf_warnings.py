"""Whatever the real postconf complains of in a real configuration, maillint finds at the same place."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from corpus.judged import RealConfiguration, configurations, findings, plan
from maillint.engine.finding import Finding
from postfix.oracle import Question, installed_version, written
from support import MAIN_CF, MASTER_CF, needs_corpus, needs_postfix, run_postconf_in

pytestmark = [needs_corpus, needs_postfix]

OPTIONS = ("-n", "-M", "-P")
USUAL_DIRECTORY = b"/etc/postfix/"

_SERVICE_SUFFIX = re.compile(r".+_(time_limit|recipient_limit|transport_rate_delay)")


class Complaint(NamedTuple):
    """One line that postconf wrote about a configuration."""

    configuration: RealConfiguration
    kind: str
    line: str
    """Without the name of the private directory."""
    place: re.Match[str]

    def is_found(self, found: list[Finding]) -> bool:
        return any(_KINDS[self.kind].speaks_of(finding, self) for finding in found)

    @property
    def excuse(self) -> str:
        """Why maillint need not say it; empty: it must."""
        return _KINDS[self.kind].excuse(self)


class Kind(NamedTuple):
    """A kind of complaint: how to recognize it, what a finding of it is, and what excuses silence."""

    pattern: str
    speaks_of: Callable[[Finding, Complaint], bool]
    excuse: Callable[[Complaint], str] = lambda complaint: ""


def stands_at_name(finding: Finding, complaint: Complaint) -> bool:
    """The finding stands at the name, in the file that postconf names."""
    configuration, place = complaint.configuration, complaint.place
    path = configuration.main if place["file"] == MAIN_CF else configuration.master
    shown = re.sub(r"[^ -~]", "?", finding.location.text)  # as postconf prints it
    return finding.location.source.path == str(path) and shown == place["name"]


def names_client_file(finding: Finding, complaint: Complaint) -> bool:
    """The finding stands at the table, and names the client file."""
    file = Path(complaint.place["file"]).name
    name = complaint.place.groupdict().get("name")
    return file in finding.location.text and (name is None or f"`{name}`" in finding.message)


def is_about_protocols(finding: Finding, complaint: Complaint) -> bool:
    return finding.parameter == "inet_protocols" and finding.severity == "error"


def is_unknown_here(complaint: Complaint) -> str:
    name = complaint.place["name"]
    if "{" in name:
        return "a template that was not filled in"
    if complaint.configuration.master is None and _SERVICE_SUFFIX.fullmatch(name):
        return "named after a service, and there is no master.cf that could have it"
    return ""


def is_elsewhere(complaint: Complaint) -> str:
    path = complaint.place["file"]
    if not path.startswith(f"{complaint.configuration.directory}/"):
        return "a client file elsewhere on the host"
    return "a client file that is made where Postfix runs: nothing in the place has nearly its name"


_KINDS = {
    "unused parameter": Kind(
        r"(?P<file>main\.cf|master\.cf): unused parameter: (?P<name>[^=]*)=", stands_at_name, is_unknown_here
    ),
    "undefined parameter": Kind(
        r"(?P<file>main\.cf|master\.cf): undefined parameter: (?P<name>.*)", stands_at_name
    ),
    "overridden": Kind(
        r"(?P<file>main\.cf), line \d+: overriding earlier entry: (?P<name>[^=]*)=", stands_at_name
    ),
    "unused in client file": Kind(
        r"\w+:(?P<file>/.+): unused parameter: (?P<name>[^=]*)=", names_client_file
    ),
    "no client file": Kind(
        r'open "\w+" configuration "(?P<file>.+)": No such file or directory', names_client_file, is_elsewhere
    ),
    "protocols": Kind(r'unknown inet_protocols value "(?P<name>[^"]*)"', is_about_protocols, is_unknown_here),
}


def complaints() -> Iterator[Complaint]:
    """Every distinct line that postconf -n, -M and -P write to stderr about each configuration."""
    with tempfile.TemporaryDirectory(prefix="maillint-postconf-") as folder, ThreadPoolExecutor(8) as threads:
        waiting = []
        for number, configuration in enumerate(configurations()):
            # What stands beside main.cf is looked up in the corpus, in place.
            beside = f"{configuration.directory}/".encode()
            texts = {
                name: text.replace(USUAL_DIRECTORY, beside) for name, text in configuration.files.items()
            }
            question = Question(configuration.name, texts[MAIN_CF], texts[MASTER_CF], OPTIONS)
            directory = written(Path(folder) / str(number), question)
            answers = [threads.submit(run_postconf_in, directory, option) for option in OPTIONS]
            waiting.append((configuration, directory, answers))
        for configuration, directory, answers in waiting:
            lines = {line for answer in answers for line in answer.result().stderr.splitlines()}
            for line in sorted(lines):
                yield _complaint(configuration, line.replace(f"{directory}/", ""))


def _complaint(configuration: RealConfiguration, line: str) -> Complaint:
    for name, kind in _KINDS.items():
        place = re.match(rf"\S*postconf: (warning|fatal): {kind.pattern}", line)
        if place is not None:
            return Complaint(configuration, name, line, place)
    raise AssertionError(f"{configuration.name}: a complaint of a kind that is new: {line}")


def test_what_postconf_complains_of_is_found() -> None:
    rules = plan(str(installed_version()))
    found: dict[str, list[Finding]] = {}
    counts: Counter[str] = Counter()
    missed = []
    for complaint in complaints():
        configuration = complaint.configuration
        if configuration.name not in found:
            found[configuration.name] = findings(configuration, rules)
        if complaint.is_found(found[configuration.name]):
            counts["found"] += 1
        elif complaint.excuse:
            counts[complaint.excuse] += 1
        else:
            missed.append(f"{configuration.name}: {complaint.line}")
    print(f"{sum(counts.values()) + len(missed)} complaints of postconf: {dict(counts)}")
    assert missed == []
    assert counts["found"] > 80
