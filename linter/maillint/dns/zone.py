"""Answers from zone files instead of the network: records can be judged before they are published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.zonefile

from maillint.record import NamedTuple

from .answer import (
    ANSWER,
    BAD_NAME,
    BAD_REPLY,
    NODATA,
    NXDOMAIN,
    UNASKED,
    Answer,
    Lookup,
    Question,
    domain_name,
)

if TYPE_CHECKING:
    import dns.transaction

SERVER = "the zone file"
DEFAULT_TTL = 3600
"""Of records where the file says nothing; no verdict depends on it."""
LARGEST_RANGE = 65536
"""How many records one ``$GENERATE`` may make."""

_DIRECTIVES = ("$ORIGIN", "$TTL", "$GENERATE")
_RANGE = re.compile(r"^\$GENERATE\s+(\d+)-(\d+)", re.MULTILINE | re.IGNORECASE)
_NO_ORIGIN = dns.name.Name((b"\0no origin", b""))
"""Where relative names land in a file that does not say what they are relative to."""


class ZoneFileError(ValueError):
    """A zone file that cannot be read; the message has its line and what to do."""


class Step(NamedTuple):
    """What one file says to one question: the status, or where a CNAME record leads."""

    status: str
    records: tuple[dns.rdata.Rdata, ...] = ()
    alias: dns.name.Name | None = None
    secure: bool = False


class ZoneFile:
    """The records of one zone file (RFC 1035 5).

    With a SOA record it is a whole zone: what it does not contain does not exist, and what it delegates is
    for others to answer. Without one it has single records, which stand for those that the DNS has at that
    name and of that type.
    """

    def __init__(self, text: str, *, origin: dns.name.Name | None = None, name: str = SERVER) -> None:
        """*origin*: what names without a final dot are below before the file says it; None: not known.

        *name*: what answers from the file name as their server. Raises :class:`ZoneFileError`.
        """
        self.name = name
        self._records = _read(text, origin)
        self.apex = self._find_apex()
        """The name of the SOA record; None: the file has single records."""
        self._names = {above for owner in self._records.names for above in _ancestors(owner)}
        """Every name that exists, those without records between others included (RFC 8020)."""
        self._signed = frozenset(self._records.with_type(dns.rdatatype.DNSKEY))

    @classmethod
    def load(cls, path: str) -> ZoneFile:
        """The file at *path*. Raises :class:`ZoneFileError`, with path and line; OSError."""
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        try:
            return cls(text, name=path)
        except ZoneFileError as error:
            raise ZoneFileError(f"{path}:{error}") from None

    def _find_apex(self) -> dns.name.Name | None:
        apexes, lines = self._records.with_type(dns.rdatatype.SOA), self._records.lines
        if len(apexes) > 1:
            raise ZoneFileError(
                f"{lines[apexes[1]]}: a second SOA record; write each zone into a file of its own"
            )
        if not apexes:
            return None
        for owner in self._records.names:
            if not owner.is_subdomain(apexes[0]):
                raise ZoneFileError(
                    f"{lines[owner]}: {owner} is outside of the zone {apexes[0]}, so no name server would"
                    " load it; write it into a file of its own, or end names inside the zone without a dot"
                )
        return apexes[0]

    def covers(self, name: dns.name.Name) -> bool:
        """Whether the file is about *name*, in the whole zone or by a record."""
        if self.apex is None:
            return self._match(name) is not None
        return name.is_subdomain(self.apex) and not self._is_delegated(name)

    def look(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Step | None:
        """The answer of this file alone; None: it has none, and somebody else is to be asked."""
        if not self.covers(name):
            return None
        secure = not self._signed.isdisjoint(_ancestors(name))
        found = self._match(name)
        step = self._found(found, kind) if found is not None else self._renamed(name)
        if step is None and self.apex is not None:
            step = Step(NXDOMAIN if found is None else NODATA)
        return step._replace(secure=secure) if step is not None else None

    def _found(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Step | None:
        records = self._records.get(name, kind)
        if records is not None:
            return Step(ANSWER, tuple(records))
        alias = self._records.get(name, dns.rdatatype.CNAME)
        return Step(ANSWER, alias=_target(alias)) if alias is not None else None

    def _renamed(self, name: dns.name.Name) -> Step | None:
        """Where a DNAME record above *name* leads (RFC 6672 2.2)."""
        for above in _ancestors(name)[1:]:
            tree = self._records.get(above, dns.rdatatype.DNAME)
            if tree is not None:
                return Step(ANSWER, alias=name.relativize(above).concatenate(_target(tree)))
        return None

    def _is_delegated(self, name: dns.name.Name) -> bool:
        return any(
            above != self.apex and self._records.get(above, dns.rdatatype.NS) is not None
            for above in _ancestors(name)
            if self.apex is not None and above.is_subdomain(self.apex)
        )

    def _match(self, name: dns.name.Name) -> dns.name.Name | None:
        """*name* itself or the wildcard that stands for it (RFC 4592); None when it does not exist."""
        if name in self._names:
            return name
        encloser = name
        while encloser not in self._names:
            if encloser == dns.name.root:
                return None
            encloser = encloser.parent()
        wildcard = dns.name.Name((b"*", *encloser.labels))
        return wildcard if wildcard in self._names else None


def _target(records: list[dns.rdata.Rdata]) -> dns.name.Name:
    target: dns.name.Name = records[0].target  # type: ignore[attr-defined]
    return target


class ZoneFiles:
    """Zone files that answer first; what is in none of them is asked of somebody else."""

    def __init__(self, files: Sequence[ZoneFile], rest: Lookup) -> None:
        """Raises :class:`ZoneFileError` for two files with the same zone."""
        self.rest = rest
        self.servers: Sequence[object] = getattr(rest, "servers", ())
        """The name servers that are asked for the rest."""
        apexes = [file.apex for file in files if file.apex is not None]
        for file in files:
            if file.apex is not None and apexes.count(file.apex) > 1:
                raise ZoneFileError(
                    f"{file.name}: another file has the zone {file.apex}, too; name one of them"
                )
        self._files = sorted(files, key=lambda file: -len(file.apex) if file.apex is not None else -256)
        """Single records before zones, small zones before those that they are in."""

    def is_public(self, name: str) -> bool:
        """See :class:`~maillint.dns.answer.Lookup`."""
        return not self._covers(name) and self.rest.is_public(name)

    def ask(self, name: str, rdtype: str) -> Answer:
        """See :class:`~maillint.dns.answer.Lookup`."""
        question = Question(name.removesuffix(".").lower(), rdtype.upper())
        try:
            owner = domain_name(question.name)
        except ValueError as error:
            return Answer(question, BAD_NAME, detail=str(error))
        return self._follow(question, owner)

    def ask_all(self, questions: Iterable[tuple[str, str]]) -> list[Answer]:
        """The answers to several (name, type), in the given order."""
        from .resolver import ask_together

        return ask_together(self, questions)

    def _follow(self, question: Question, owner: dns.name.Name) -> Answer:
        kind = dns.rdatatype.from_text(question.type)
        seen = [owner]
        secure = True
        server = ""

        def answer(status: str, records: tuple[dns.rdata.Rdata, ...] = (), detail: str = "") -> Answer:
            chain = tuple(map(_text, seen[1:]))
            return Answer(question, status, records, chain=chain, server=server, detail=detail, secure=secure)

        while True:
            file, step = self._look(seen[-1], kind)
            if step is None:
                found = self._elsewhere(
                    question if len(seen) == 1 else Question(_text(seen[-1]), question.type)
                )
                links = [domain_name(link) for link in found.chain]
                back = next((at for at, link in enumerate(links) if self._covers_name(link)), len(links))
                secure &= found.secure
                server = found.server
                seen += links[: back + 1]
                if back == len(links):
                    return answer(found.status, found.records, found.detail)
            else:
                secure &= step.secure
                server = file
                if step.alias is None:
                    return answer(step.status, step.records)
                seen.append(step.alias)
            if seen[-1] in seen[:-1]:
                return answer(BAD_REPLY, detail="the CNAME records never end")

    def _look(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> tuple[str, Step | None]:
        for file in self._files:
            step = file.look(name, kind)
            if step is not None:
                return file.name, step
        return "", None

    def _elsewhere(self, question: Question) -> Answer:
        return self.rest.ask(question.name, question.type)

    def _covers(self, name: str) -> bool:
        try:
            return self._covers_name(domain_name(name))
        except ValueError:
            return False

    def _covers_name(self, name: dns.name.Name) -> bool:
        return any(file.covers(name) for file in self._files)


class Nobody:
    """Answers nothing: every question stays open, for one reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def is_public(self, name: str) -> bool:
        """See :class:`~maillint.dns.answer.Lookup`."""
        return True

    def ask(self, name: str, rdtype: str) -> Answer:
        """See :class:`~maillint.dns.answer.Lookup`."""
        return Answer(Question(name.removesuffix(".").lower(), rdtype.upper()), UNASKED, detail=self._reason)


class Zone(ZoneFiles):
    """The whole DNS in one zone file: what is not in it does not exist. Relative names are below the root."""

    def __init__(self, text: str) -> None:
        """Raises :class:`ZoneFileError`."""
        super().__init__([_Everything(text, origin=dns.name.root)], Nobody(""))


class _Everything(ZoneFile):
    """A file that is the zone of the root, whatever SOA and NS records it has."""

    def _find_apex(self) -> dns.name.Name | None:
        return dns.name.root

    def _is_delegated(self, name: dns.name.Name) -> bool:
        return False


def _read(text: str, origin: dns.name.Name | None) -> _Records:
    for found in _RANGE.finditer(text):
        if int(found[2]) - int(found[1]) >= LARGEST_RANGE:
            line = text.count("\n", 0, found.start()) + 1
            raise ZoneFileError(f"{line}: `$GENERATE` for more than {LARGEST_RANGE} records; write fewer")
    tokens = _Tokens(_escaped(text))
    records = _Records(tokens)
    try:
        reader = dns.zonefile.Reader(
            tokens,
            dns.rdataclass.IN,
            cast("dns.transaction.Transaction", records),
            allow_directives=_DIRECTIVES,
            default_ttl=DEFAULT_TTL,
        )
        reader.current_origin = origin or _NO_ORIGIN
        reader.read()
    except ZoneFileError as error:
        raise ZoneFileError(f"{tokens.begin}: {error}") from None
    except Exception as error:
        # The reader meets whatever stands in a file, and not all that it raises has one base.
        raise ZoneFileError(f"{tokens.begin}: {_advice(error)}") from error
    return records


class _Tokens(dns.tokenizer.Tokenizer):
    """Knows in which line the present record begins."""

    begin = 1

    def get(self, want_leading: bool = False, want_comment: bool = False) -> dns.tokenizer.Token:
        token = super().get(want_leading, want_comment)
        if want_leading and want_comment and not token.is_eol_or_eof():
            self.begin = self.where()[1]
        return token


class _Records:
    """What the reader of zone files fills: the records of each name and type, and where names begin.

    A transaction of dnspython, as far as its reader needs one; its own take only what is in one zone.
    """

    def __init__(self, tokens: _Tokens) -> None:
        self._tokens = tokens
        self.manager = self
        self.names: dict[dns.name.Name, dict[dns.rdatatype.RdataType, list[dns.rdata.Rdata]]] = {}
        self.lines: dict[dns.name.Name, int] = {}

    def get(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> list[dns.rdata.Rdata] | None:
        return self.names.get(name, {}).get(kind)

    def with_type(self, kind: dns.rdatatype.RdataType) -> list[dns.name.Name]:
        return [name for name, kinds in self.names.items() if kind in kinds]

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        return dns.name.root, False, dns.name.root

    def check_put_rdataset(self, check: object) -> None:
        pass

    def _set_origin(self, origin: dns.name.Name) -> None:
        pass

    def add(self, name: dns.name.Name, ttl: int, record: dns.rdata.Rdata) -> None:
        if any(part.is_subdomain(_NO_ORIGIN) for part in (name, *_names_in(record))):
            raise ZoneFileError(
                "a name without a final dot, and nothing says what it is relative to;"
                " write `$ORIGIN example.com.`, with the zone's name, as the first line"
            )
        self.lines.setdefault(name, self._tokens.begin)
        kinds = self.names.setdefault(name, {})
        kinds.setdefault(record.rdtype, [])
        if record not in kinds[record.rdtype]:
            kinds[record.rdtype].append(record)
        aliases = kinds.get(dns.rdatatype.CNAME)
        if aliases is not None and (len(aliases) > 1 or kinds.keys() - _BESIDE_ALIAS):
            raise ZoneFileError("a name with a CNAME record can have no other records (RFC 1034 3.6.2)")


_BESIDE_ALIAS = {dns.rdatatype.CNAME, dns.rdatatype.RRSIG, dns.rdatatype.NSEC}


def _names_in(record: dns.rdata.Rdata) -> Iterator[dns.name.Name]:
    for slot in record._get_all_slots():  # type: ignore[no-untyped-call]
        value = getattr(record, slot, None)
        if isinstance(value, dns.name.Name):
            yield value


_PLACE = re.compile(r"^<string>:\d+: ")


def _advice(error: Exception) -> str:
    said = _PLACE.sub("", str(error) or type(error).__name__)
    if "$INCLUDE" in said:
        return "`$INCLUDE` is not followed; write what it includes into this file"
    if said.startswith("unknown rdatatype"):
        return (
            f"there is no record type{said.removeprefix('unknown rdatatype')}; a line is `NAME TTL TYPE DATA`"
        )
    if said.startswith("string too long"):
        return "a string of a TXT record has at most 255 octets; write it in several, each in quotes"
    return f"this is no record ({said.rstrip('.')})"


def _escaped(text: str) -> str:
    """*text* with bytes that are not UTF-8 as RFC 1035 5.1 writes them, which the reader can take."""
    return re.sub("[\udc80-\udcff]", lambda found: f"\\{ord(found[0]) - 0xDC00:03}", text)


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _ancestors(name: dns.name.Name) -> list[dns.name.Name]:
    return list(_upwards(name))


def _upwards(name: dns.name.Name) -> Iterator[dns.name.Name]:
    yield name
    while name != dns.name.root:
        name = name.parent()
        yield name
