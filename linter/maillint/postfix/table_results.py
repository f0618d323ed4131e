"""What the right-hand sides of tables are for, and what the programs have against them.

Which use a table has follows from the parameter that names it (table_uses.py). Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from maillint.syntax.lists import split_list

from . import vocabulary
from .access_result import (
    NEVER_PERMITS,
    PERMIT,
    RESTRICTIONS,
    access_result,
    forbids,
    result_problem,
    skipped_because,
)
from .tablefile import Problem

if TYPE_CHECKING:
    from .version import Version

INLINE_COMMENT = "inline-comment"
"""A ``#`` behind white space, which begins no comment there."""
UNKNOWN_ACTION = "unknown-action"
TABLE_IN_RESULT = "table-in-result"
BAD_ARGUMENT = "bad-argument"
FORBIDDEN_PERMIT = "forbidden-permit"
SKIPPED_ACTION = "skipped-action"
BAD_POLICY = "bad-policy"
BAD_NEXTHOP = "bad-nexthop"
UNKNOWN_TRANSPORT = "unknown-transport"
BAD_ID = "bad-id"
BAD_REPLY = "bad-reply"
BAD_STATUS = "bad-status"
EMPTY_RESULT = "empty-result"
LOOP = "loop"
"""An alias that leads back to itself."""
CATCH_ALL = "catch-all"
"""A pattern that matches everything, with a result that is for few."""
UNANCHORED = "unanchored"
"""A pattern for a domain that matches other domains, too, with a result that permits."""
STRIPS_RECEIVED = "strips-received"
"""A header check that takes all ``Received:`` headers out."""
CHANGES_SIGNED = "changes-signed"
"""A header check of smtp(8) that changes a header which is signed."""
LEADS_BACK = "leads-back"
"""A restriction class in the result of a table that is looked into because of this class."""

_ABOUT_OTHERS = frozenset({"check_client_access", "check_recipient_access", "check_etrn_access"})
"""The restrictions about what the client does not simply claim (for the others: rule forgeable-permit)."""
_SIGNED = frozenset(
    {
        "cc",
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "in-reply-to",
        "message-id",
        "mime-version",
        "references",
        "reply-to",
        "subject",
        "to",
    }
)
"""The headers that RFC 6376, 5.4.1, recommends to sign."""
_COMMENT = re.compile(r"(?<=\s)#")
_HEADER = re.compile(r"[!-9;-~]+[ \t]*:")
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?:[ \t]|$)")
_SEPARATORS = ", \t\r\n"


class Results:
    """Results that may be anything, and the base of the others."""

    plain = b""
    """A pattern for values, in lower case, that are right; empty: all that hold no ``#``."""

    @property
    def plain_behind_pattern(self) -> bytes:
        """The same for tables of patterns, where it depends on the pattern, too."""
        return self.plain

    def problem(self, key: str, value: str) -> Problem | None:
        """What is wrong with the *value* of *key*; offsets are those of the value."""
        return None

    def pattern_problem(self, pattern: str, value: str) -> Problem | None:
        """What is wrong with a rule of a regexp or pcre table; offsets are those of the pattern."""
        return None


def _comment(value: str) -> Problem | None:
    found = _COMMENT.search(value)
    if found is None or value[: found.start()].count('"') % 2:
        return None
    return Problem(INLINE_COMMENT, "", found.start(), len(value), value[found.start() :])


class Addresses(Results):
    """Addresses, or where to deliver: nothing in which a ``#`` has a place."""

    def problem(self, key: str, value: str) -> Problem | None:
        return _comment(value)


class VirtualAliases(Addresses):
    """Where mail for an address goes, which is asked about each recipient, those of other hosts included."""

    @property
    def plain_behind_pattern(self) -> bytes:
        return rb"(?!)"

    def pattern_problem(self, pattern: str, value: str) -> Problem | None:
        from .pattern_reach import matches_everything

        if "$" in value or not matches_everything(pattern):
            return None
        return Problem(CATCH_ALL, "", 0, len(pattern), value)


class Aliases(Addresses):
    """Addresses that are looked up again, some of which lead back."""

    plain = rb"(?!)"

    def __init__(self, loops: Mapping[str, tuple[str, ...]]) -> None:
        """*loops*: by their first key in the table, in small letters."""
        self._loops = loops

    def problem(self, key: str, value: str) -> Problem | None:
        loop = self._loops.get(key.lower())
        if loop is None:
            return super().problem(key, value)
        return Problem(LOOP, "", 0, len(value), " -> ".join((*loop, loop[0])))


class Access(Results):
    """What smtpd(8) does with a client, a sender, ... that a ``check_..._access`` finds."""

    def __init__(
        self,
        restriction: str,
        parameter: str,
        version: Version,
        *,
        leading_here: frozenset[str],
        delayed: bool,
        proxied: bool,
        classes: frozenset[str],
        filters: Results,
    ) -> None:
        """*restriction*: the name; *parameter*: the list that it stands in, or empty in a class.

        *leading_here*: the class, and those that it stands in.

        *delayed*: ``smtpd_delay_reject``; *proxied*: whether ``smtpd_proxy_filter`` is set; *classes*: the
        names of the restriction classes; *filters*: what is wrong with where FILTER sends a message.
        """
        self.restriction = restriction
        self.parameter = parameter
        self._version = version
        self._leading_here = leading_here
        self._delayed = delayed
        self._proxied = proxied
        self._classes = classes
        self._filters = filters
        self.plain = self._plain(b"" if restriction in NEVER_PERMITS else b"|ok|relay")

    @staticmethod
    def _plain(permitting: bytes) -> bytes:
        return (
            rb"(?:(?:reject|defer|dunno|defer_if_permit|defer_if_reject" + permitting
            + rb")(?:[ \t][^\n]*)?|[45][0-9][0-9][ \t][^\n]+)"
        )  # fmt: skip

    @property
    def plain_behind_pattern(self) -> bytes:
        return self._plain(b"")

    def pattern_problem(self, pattern: str, value: str) -> Problem | None:
        result = access_result(value, self._version)
        if result.effect != PERMIT or not result.action or self.restriction not in _ABOUT_OTHERS:
            return None
        from .pattern_reach import anchored, matches_everything

        if matches_everything(pattern):
            return Problem(CATCH_ALL, "", 0, len(pattern), result.action)
        meant = anchored(pattern)
        return Problem(UNANCHORED, "", 0, len(pattern), meant) if meant else None

    def problem(self, key: str, value: str) -> Problem | None:
        result = access_result(value, self._version)
        if forbids(self.restriction, result):
            return Problem(FORBIDDEN_PERMIT, "this is not allowed for security reasons", 0, len(value), value)
        skipped = skipped_because(result, self.parameter, delayed=self._delayed, proxied=self._proxied)
        if skipped:
            return Problem(SKIPPED_ACTION, skipped, 0, len(result.action), result.action)
        words = split_list(value, braces=True)
        if result.effect == RESTRICTIONS:
            unknown = self._unknown(value)
            if unknown is not None:
                return unknown
            for word in words:
                if word.text in self._leading_here:
                    said = f"access table ... entry {value} causes unreasonable recursion"
                    return Problem(LEADS_BACK, said, word.start, word.end, word.text)
        found = result_problem(result, key)
        if found is None and result.action == "FILTER":
            wrong = self._filters.problem(key, result.text)
            return wrong.moved(len(value) - len(result.text)) if wrong is not None else None
        if found is None:
            if (
                result.effect == RESTRICTIONS
                and self.restriction in NEVER_PERMITS
                and words[0].text.lower() == "permit"
            ):
                said = "this is not allowed for security reasons"
                return Problem(FORBIDDEN_PERMIT, said, 0, len(value), value)
            return None
        if not result.action and not result.text:
            return Problem(EMPTY_RESULT, found.said, 0, len(value), key)
        if found.refuses:
            return Problem(TABLE_IN_RESULT, found.said, 0, len(value), value)
        return Problem(BAD_ARGUMENT, found.said, 0, len(value), result.action)

    def _unknown(self, value: str) -> Problem | None:
        """The first word that is no restriction and no argument of one."""
        words = iter(split_list(value, braces=True))
        for word in words:
            if word.text in self._classes:
                continue
            fact = vocabulary.restriction(word.text)
            if fact is None or not fact.since.within(self._version):
                if ":" in word.text and not word.text.endswith(":"):
                    return None
                said = f'unknown smtpd restriction: "{word.text}"'
                return Problem(UNKNOWN_ACTION, said, word.start, word.end, word.text)
            if fact.argument:
                next(words, None)
        return None


class Postscreen(Results):
    """What postscreen(8) does with a client (global/server_acl.c)."""

    plain = rb"(?:permit|reject|dunno)"

    def problem(self, key: str, value: str) -> Problem | None:
        for word in split_list(value, braces=True):
            if ":" in word.text or word.text.lower() in ("permit", "reject", "dunno", "permit_mynetworks"):
                continue
            said = f"unknown command: {word.text} -- ignoring the remainder of this access list"
            return Problem(UNKNOWN_ACTION, said, word.start, word.end, word.text)
        return None


class Checks(Results):
    """What is done with a message that has a header, or a line, of this kind (header_checks(5))."""

    plain = rb"(?:reject|warn|ignore|discard|hold|dunno|info|strip)(?:[ \t][^\n]*)?"

    def __init__(self, where: str, in_header: bool, filters: Results, version: Version) -> None:
        """*where*: of ``vocabulary.actions``; *in_header*: whether headers are looked at, not the body.

        *filters*: what is wrong with where FILTER sends a message.
        """
        self.where = where
        self._in_header = in_header
        self._filters = filters
        self._version = version
        if where != "header":
            self.plain = rb"(?:warn|ignore|dunno|info)(?:[ \t][^\n]*)?"

    @property
    def plain_behind_pattern(self) -> bytes:
        return self.plain.replace(b"ignore|", b"").replace(b"|strip", b"") if self._in_header else self.plain

    def pattern_problem(self, pattern: str, value: str) -> Problem | None:
        action = value.split(None, 1)[0].upper() if value else ""
        if not self._in_header or action not in ("IGNORE", "STRIP", "REPLACE"):
            return None
        from .pattern_reach import header_name, matches_every_received

        if matches_every_received(pattern):
            return Problem(STRIPS_RECEIVED, "", 0, len(pattern), action)
        if self.where != "header" and header_name(pattern) in _SIGNED:
            return Problem(CHANGES_SIGNED, "", 0, len(pattern), action)
        return None

    def problem(self, key: str, value: str) -> Problem | None:
        word = re.split("[ \t]", value, maxsplit=1)[0]
        name, text = word.upper(), value[len(word) :].strip()
        action = vocabulary.actions(self.where).get(name)
        if action is None or not action.since.within(self._version):
            what = "unknown" if self.where == "header" else "unsupported"
            return Problem(UNKNOWN_ACTION, f"{what} command in ... map: {value}", 0, len(word), word)
        said = self._argument_problem(name, action.argument, text)
        if said:
            return Problem(BAD_ARGUMENT, said, 0, len(value), name)
        if name != "FILTER":
            return None
        wrong = self._filters.problem(key, text)
        return wrong.moved(value.index(text, len(word))) if wrong is not None else None

    def _argument_problem(self, name: str, argument: str, text: str) -> str:
        if argument == "transport" and not text:
            return "missing FILTER command argument in ... map"
        if argument == "transport" and ":" not in text:
            return f"bad FILTER command {text} in ... -- need transport:destination"
        if argument == "address" and "@" not in text:
            what = "REDIRECT target" if name == "REDIRECT" else "BCC address"
            return f'bad {what} "{text}" in ... map -- need user@domain'
        if argument == "line" and not text:
            return f"{name} action without text in ... map"
        if argument == "line" and self._in_header and not _HEADER.match(text):
            return f'bad {name} header text "{text}" in ... map -- need "headername: headervalue"'
        return ""


class TlsPolicies(Results):
    """How mail to a destination is encrypted (smtp/smtp_tls_policy.c)."""

    plain = rb"(?:none|may|encrypt|dane|dane-only|verify|secure)"

    def __init__(self, version: Version) -> None:
        self._version = version

    def problem(self, key: str, value: str) -> Problem | None:
        from .tls import policy_problem

        found = policy_problem(value, self._version)
        return Problem(BAD_POLICY, found.said, found.start, found.end) if found is not None else None


class Transports(Results):
    """``TRANSPORT:NEXTHOP`` (trivial-rewrite/transport.c, smtp/smtp_connect.c)."""

    def __init__(self, programs: Mapping[str, str], is_whole: bool, version: Version) -> None:
        """*programs*: by the names of the services that deliver; *is_whole*: whether these are all."""
        self._programs = programs
        self._is_whole = is_whole
        self._version = version
        names = b"|".join(
            re.escape(name.lower().encode()) for name, program in programs.items() if program == "smtp"
        )
        self.plain = rb"(?:" + names + rb"):(?:\[[a-z0-9.-]+\](?::[0-9]{2,4})?)?"

    def problem(self, key: str, value: str) -> Problem | None:
        from .endpoints import nexthop_problems, transport

        if value.upper() == "DUNNO":
            return None
        name, nexthop, start = transport(value)
        program = self._programs.get(name)
        if name and program is None and self._is_whole:
            said = f"connect to transport private/{name}: No such file or directory"
            return Problem(UNKNOWN_TRANSPORT, said, 0, len(name), name)
        if program in ("smtp", "lmtp"):
            comment = _comment(value)
            if comment is not None:
                return comment
            for found in nexthop_problems(nexthop, program, self._version):
                return Problem(BAD_NEXTHOP, found.said, start + found.start, start + found.end, nexthop)
        return None


class Nexthops(Results):
    """A next hop for smtp(8), or DUNNO."""

    plain = rb"\[[a-z0-9.-]+\](?::[0-9]{2,4})?"

    def __init__(self, version: Version) -> None:
        self._version = version

    def problem(self, key: str, value: str) -> Problem | None:
        from .endpoints import nexthop_problems

        if value.upper() == "DUNNO":
            return None
        comment = _comment(value)
        if comment is not None:
            return comment
        for found in nexthop_problems(value, "smtp", self._version):
            return Problem(BAD_NEXTHOP, found.said, found.start, found.end, value)
        return None


class Ids(Results):
    """Numbers of users or groups for virtual(8) (virtual/mailbox.c)."""

    plain = rb"[1-9][0-9]{4,8}"

    def __init__(self, what: str, least: int) -> None:
        """*what*: ``uid`` or ``gid``; *least*: the smallest that is accepted."""
        self.what = what
        self.least = least

    def problem(self, key: str, value: str) -> Problem | None:
        digits = re.match(r"[+-]?[0-9]{1,18}", value)
        if digits is not None and int(digits[0]) >= self.least:
            return None
        return Problem(BAD_ID, f"recipient ...: bad {self.what} {value} in ...", 0, len(value), value)


class Replies(Results):
    """What smtpd(8) says to a client that a DNS list has (rbl_reject_reply() in smtpd/smtpd_check.c)."""

    plain = rb"[^\n$]*"

    def problem(self, key: str, value: str) -> Problem | None:
        from maillint.syntax.value import parse_value, problems, references

        from .reply_template import BLOCK_LIST

        expression = parse_value(value)
        for problem in problems(expression):
            return Problem(BAD_REPLY, problem.message, problem.start, problem.end)
        for reference in references(expression):
            if reference.name not in BLOCK_LIST:
                said = f'unknown macro name "{reference.name}" in expansion request'
                end = reference.name_start + len(reference.name)
                return Problem(BAD_REPLY, said, reference.name_start, end, reference.name)
        return None


class Statuses(Results):
    """What becomes of the result of a delivery (global/dsn_filter.c, dsn_valid() in global/dsn_util.c)."""

    plain = rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?:[ \t][^\n]*)?"

    def problem(self, key: str, value: str) -> Problem | None:
        if _STATUS.match(value):
            return None
        return Problem(BAD_STATUS, f"bad status code: {value}", 0, len(value), value)
