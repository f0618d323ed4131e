"""The places where Postfix reaches other programs: milters, policy and login servers, next hops.

The readings are those of util/inet_connect.c, util/unix_connect.c, util/auto_clnt.c, milter/milter.c,
milter/milter8.c, global/attr_override.c, smtp/smtp_connect.c and xsasl/xsasl_dovecot_server.c. Offsets are
those of the text that a function is given. Nothing is judged here.
"""

from __future__ import annotations

from maillint.nearest import nearest
from maillint.record import NamedTuple
from maillint.syntax.lists import ListItem, open_group, split_list

from . import catalogue, typed
from .host_port import host_port, is_digits
from .version import Version

DIES = "dies"
"""The program ends with a fatal error when it comes to the endpoint."""
UNUSABLE = "unusable"
"""The program warns, and goes on as after a mistake in its configuration."""
UNREACHABLE = "unreachable"
"""The program warns, and goes on as if nobody listened there."""

FIRST_WITH_DESTINATION_LISTS = Version("3.5")
"""The first release that takes several next hops where older ones take one (smtp/smtp_connect.c)."""
FIRST_WITH_MILTER_OPTIONS = Version("3.0")
"""The first release that reads ``{ ENDPOINT, NAME=VALUE }`` (milter/milter.c)."""

DISABLED_MILTERS = "DISABLE"
"""What stands for no milter at all in smtpd_milters (global/mail_params.h)."""

_LONGEST_PATH = 107
"""How long the path of a UNIX-domain socket may be, in bytes (Linux; a few less elsewhere)."""
_GREATEST_PORT = 65535
_MAIL_SERVICES = ("smtp", "smtps", "submission", "submissions", "lmtp")
_ALIASES = frozenset({"mail", "ssmtp", "urd"})
"""Other names of mail services in services(5)."""

_MILTER_TIMES = ("connect_timeout", "command_timeout", "content_timeout")
_MILTER_WORDS = {"default_action": "milter-action", "protocol": "milter-protocol"}
"""The options of a milter, with the enumeration that their words are from."""


class Problem(NamedTuple):
    """What Postfix has against an endpoint."""

    effect: str
    """DIES, UNUSABLE or UNREACHABLE."""
    said: str
    """What it says, in its words; empty: only that it cannot connect, to whatever port that becomes."""
    start: int
    end: int
    """The part of the text that is to blame."""

    def moved(self, distance: int) -> Problem:
        """The same in a text in which *distance* characters stand before the one that was read."""
        return self._replace(start=self.start + distance, end=self.end + distance)


class Transport(NamedTuple):
    """``NAME:NEXTHOP``, or a name alone."""

    name: str
    nexthop: str
    """Empty: there is none, and the recipient's domain or a relay takes its place."""
    nexthop_start: int


def transport(text: str) -> Transport:
    """The parts of a transport as in ``default_transport``, ``content_filter`` or a transport table."""
    name, colon, nexthop = text.partition(":")
    return Transport(name, nexthop, len(name) + len(colon))


# --- sockets ---------------------------------------------------------------------------------------------


def inet_problem(text: str) -> Problem | None:
    """What is wrong with ``HOST:PORT`` or ``PORT``, where a client of this host connects to it."""
    parts = host_port(text, "localhost", None)
    if parts.error:
        return Problem(DIES, f"{text}: {parts.error}", 0, len(text))
    if not _may_be_port(parts.port) or not parts.port.strip("0"):
        said = "" if is_digits(parts.port) else f"host or service {text} not found"
        return Problem(UNREACHABLE, said, len(text) - len(parts.port), len(text))
    return None


def unix_problem(path: str) -> Problem | None:
    """What is wrong with the path of a UNIX-domain socket that a client of this host connects to."""
    if len(path.encode("utf-8", "surrogateescape")) > _LONGEST_PATH:
        return Problem(DIES, f"unix-domain name too long: {path}", 0, len(path))
    return None


def _may_be_port(port: str) -> bool:
    """Whether *port* is a number in range, or could be the name of a service in services(5)."""
    if is_digits(port):
        return int(port[-20:]) <= _GREATEST_PORT and len(port.lstrip("0")) <= 5
    return port != "localhost" and not set(port) & set(".@/:=[]$ ")


def policy_problem(text: str) -> Problem | None:
    """What is wrong with the server behind ``check_policy_service`` (util/auto_clnt.c)."""
    kind, _, endpoint = text.partition(":")
    if not kind or not endpoint:
        return Problem(DIES, f'need service transport:endpoint instead of "{text}"', 0, len(text))
    return _socket_problem(
        text, Problem(DIES, f"invalid transport name: {kind} in service: {text}", 0, len(text))
    )


def _socket_problem(text: str, unknown: Problem) -> Problem | None:
    """What is wrong with ``inet:``, ``unix:`` or ``local:``; *unknown*: what a different prefix gives."""
    kind, _, endpoint = text.partition(":")
    if kind == "inet":
        found = inet_problem(endpoint)
    elif kind in ("unix", "local"):
        found = unix_problem(endpoint)
    else:
        return unknown
    return found.moved(len(kind) + 1) if found else None


def sasl_path_problem(path: str) -> Problem | None:
    """What is wrong with smtpd_sasl_path where the SASL type is ``dovecot``."""
    return _with_optional_prefix(path, path, inet_without_prefix=False)


def proxy_filter_problem(text: str) -> Problem | None:
    """What is wrong with smtpd_proxy_filter, whose prefixes may be in upper case (smtpd/smtpd_proxy.c)."""
    return _with_optional_prefix(text, text[:5].lower() + text[5:], inet_without_prefix=True)


def _with_optional_prefix(text: str, folded: str, inet_without_prefix: bool) -> Problem | None:
    prefix = folded[:5] if folded.startswith(("inet:", "unix:")) else ""
    is_inet = prefix == "inet:" or (not prefix and inet_without_prefix)
    endpoint = text[len(prefix) :]
    found = inet_problem(endpoint) if is_inet else unix_problem(endpoint)
    return found.moved(len(prefix)) if found else None


# --- next hops of smtp(8) and lmtp(8) --------------------------------------------------------------------


def destinations(text: str, version: Version) -> list[ListItem]:
    """The next hops that *version* takes *text* for, in the order of trial."""
    if version.has(FIRST_WITH_DESTINATION_LISTS):
        return split_list(text, braces=False)
    return [ListItem(text, 0, len(text))] if text else []


def nexthop_problems(text: str, program: str, version: Version) -> list[Problem]:
    """What *program*, ``smtp`` or ``lmtp``, has against a next hop."""
    start = 0
    if program == "lmtp":
        if text.startswith("unix:"):
            found = unix_problem(text[5:])
            return [found._replace(effect=UNUSABLE).moved(5)] if found else []
        start = 5 * text.startswith("inet:")
    problems = []
    for item in destinations(text[start:], version):
        found = destination_problem(item.text)
        if found is not None:
            problems.append(found.moved(start + item.start))
    return problems


def destination_problem(text: str) -> Problem | None:
    """What smtp(8) has against one ``HOST``, ``HOST:PORT``, ``[HOST]`` or ``[HOST]:PORT``.

    The name of a service counts as known, unless it cannot be one or is a mail service misspelt.
    """
    parts = host_port(text, None, "smtp")
    if parts.error:
        return Problem(DIES, f"{parts.error} in server description: {text}", 0, len(text))
    port = parts.port
    start = len(text) - len(port)
    if is_digits(port):
        if not _may_be_port(port) or not port.strip("0"):
            return Problem(DIES, f"bad network port: {port} for destination: {text}", start, len(text))
    elif not _may_be_port(port) or _is_misspelt(port):
        return Problem(DIES, f"unknown service: {port}/tcp", start, len(text))
    return None


def _is_misspelt(port: str) -> bool:
    """Whether the name of a service is a slip of a mail service's."""
    known = port in _MAIL_SERVICES or port in _ALIASES
    return not known and nearest(port, _MAIL_SERVICES) is not None


# --- milters ---------------------------------------------------------------------------------------------


def milter_problems(text: str, version: Version) -> list[Problem]:
    """What is wrong in a list such as ``{ inet:HOST:PORT, default_action=accept }, unix:PATH``."""
    has_options = version.has(FIRST_WITH_MILTER_OPTIONS)
    problems: list[Problem] = []
    for item in split_list(text, braces=has_options):
        if has_options and item.text.startswith("{"):
            found = _milter_group_problems(item.text, text, version)
        else:
            found = [problem for problem in [_milter_problem(item.text)] if problem]
        problems += [problem.moved(item.start) for problem in found]
    return problems


def milter_endpoint(item: str) -> ListItem:
    """The endpoint in an element of a list of milters, with its place in *item*; empty: there is none."""
    if not item.startswith("{"):
        return ListItem(item, 0, len(item))
    group = open_group(item)
    words = split_list(group.payload, braces=False)
    if not words:
        return ListItem("", group.start, group.end)
    return ListItem(words[0].text, group.start + words[0].start, group.start + words[0].end)


def _milter_problem(endpoint: str) -> Problem | None:
    kind, _, rest = endpoint.partition(":")
    if not kind or not rest:
        said = f'Milter service needs transport:endpoint instead of "{endpoint}"'
        return Problem(UNUSABLE, said, 0, len(endpoint))
    said = f"invalid transport name: {kind} in Milter service: {endpoint}"
    return _socket_problem(endpoint, Problem(UNUSABLE, said, 0, len(endpoint)))


def _milter_group_problems(item: str, text: str, version: Version) -> list[Problem]:
    group = open_group(item)
    if group.error:
        return [Problem(DIES, f"milter service syntax error: {group.error}", 0, len(item))]
    endpoint = milter_endpoint(item)
    if not endpoint.text:
        return [Problem(DIES, f'empty milter definition: "{text}"', 0, len(item))]
    found = _milter_problem(endpoint.text)
    problems = [found.moved(endpoint.start)] if found else []
    for option in split_list(item[endpoint.end : group.end], braces=True):
        found = _milter_option_problem(option.text, version)
        if found is not None:
            problems.append(found.moved(endpoint.end + option.start))
            break  # Postfix goes no further.
    return problems


def _milter_option_problem(option: str, version: Version) -> Problem | None:
    """What is wrong with ``NAME=VALUE`` or ``{ NAME = VALUE }`` (global/attr_override.c)."""
    text = option
    whole = (0, len(option))
    if option.startswith("{"):
        group = open_group(option)
        if group.error:
            return Problem(DIES, f'{group.error} in "{option}"', *whole)
        text = group.payload
    attribute = name_value(text)
    if attribute.error:
        return Problem(DIES, f'malformed option: {attribute.error}: "...{text}..."', *whole)
    name, value = attribute.name, attribute.value
    if name not in _MILTER_TIMES and name not in _MILTER_WORDS:
        return Problem(DIES, f'unknown option: "{name} = {value}"', *whole)
    if name in _MILTER_TIMES:
        count = typed.seconds(value, "s")
        if count is None:
            return Problem(DIES, f"{name}: bad time value or unit: {value}", *whole)
        return None if count else Problem(DIES, f"invalid {name}: 0 (min 1)", *whole)
    if not value:
        return Problem(DIES, f"bad string length 0 < 1: {name} =", *whole)
    words = catalogue.enumeration(_MILTER_WORDS[name])
    if any(typed.unknown_words(words, value, version)):
        what = "unrecognized default action" if name == "default_action" else "bad protocol information"
        return Problem(UNUSABLE, f"{what}: {value}", *whole)
    return None


def milter_macro_problems(text: str) -> list[Problem]:
    """What is wrong in milter_macro_defaults, a list of ``NAME=VALUE`` and ``{ NAME = VALUE }``."""
    problems = []
    for item in split_list(text, braces=True):
        pair, error = item.text, ""
        # `{name}=value` begins with a brace, too.
        if pair.startswith("{") and not pair.partition("}")[2].startswith("="):
            group = open_group(pair)
            pair, error = group.payload, group.error
        error = error or name_value(pair).error
        if error:
            said = f'malformed default macro entry: {error} in "{text}"'
            problems.append(Problem(DIES, said, item.start, item.end))
    return problems


# --- NAME=VALUE ------------------------------------------------------------------------------------------


class NameValue(NamedTuple):
    """``NAME = VALUE``."""

    name: str
    value: str
    error: str
    """Why Postfix refuses it, in its words; empty: it does not."""


_SPACES = " \t\n\v\f\r"


def name_value(text: str) -> NameValue:
    """Take an attribute apart, as util/split_nameval.c does."""
    text = text.strip(_SPACES)
    name, equals, value = text.partition("=")
    name = name.rstrip(_SPACES)
    if not name:
        return NameValue("", "", "missing attribute name")
    if not equals or any(space in name for space in _SPACES):
        return NameValue(name, "", "missing '=' after attribute name")
    return NameValue(name, value.strip(_SPACES), "")
