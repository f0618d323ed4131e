"""Answers from a zone file instead of the network: records can be judged before they are published."""

from __future__ import annotations

import dns.exception
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.zone

from .answer import ANSWER, BAD_NAME, BAD_REPLY, NODATA, NXDOMAIN, Answer, Question, domain_name

SERVER = "the zone file"


class Zone:
    """A zone file (RFC 1035 5) that answers as its name server would.

    Names without a final dot are below ``$ORIGIN``, and without that below the root.
    What it does not contain does not exist. Below a DNSKEY record answers count as verified.
    """

    public = False

    def __init__(self, text: str) -> None:
        """Raises ValueError, with the line, for what is no zone file."""
        try:
            self._zone = dns.zone.from_text(text, dns.name.root, relativize=False, check_origin=False)
        except dns.exception.DNSException as error:
            raise ValueError(str(error)) from error
        self._names = {above for name in self._zone for above in _ancestors(name)}
        """Every name that exists, those without records between others included (RFC 8020)."""
        self._signed = {name for name in self._zone if self._zone.get_rdataset(name, dns.rdatatype.DNSKEY)}

    def ask(self, name: str, rdtype: str) -> Answer:
        """See :class:`~maillint.dns.answer.Lookup`."""
        question = Question(name.removesuffix(".").lower(), rdtype.upper())
        try:
            owner = domain_name(question.name)
        except ValueError as error:
            return Answer(question, BAD_NAME, detail=str(error))
        kind = dns.rdatatype.from_text(rdtype)
        seen = [owner]
        while True:
            found = self._match(owner)
            chain = tuple(link.to_text(omit_final_dot=True).lower() for link in seen[1:])
            if found is None:
                return Answer(question, NXDOMAIN, chain=chain, server=SERVER, secure=self._secure(seen))
            records = self._zone.get_rdataset(found, kind)
            if records is not None:
                return Answer(
                    question, ANSWER, tuple(records), chain=chain, server=SERVER, secure=self._secure(seen)
                )
            alias = self._zone.get_rdataset(found, dns.rdatatype.CNAME)
            if alias is None:
                return Answer(question, NODATA, chain=chain, server=SERVER, secure=self._secure(seen))
            owner = alias[0].target
            if owner in seen:
                return Answer(
                    question, BAD_REPLY, chain=chain, server=SERVER, detail="the CNAME records never end"
                )
            seen.append(owner)

    def _secure(self, names: list[dns.name.Name]) -> bool:
        return all(not self._signed.isdisjoint(_ancestors(name)) for name in names)

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


def _ancestors(name: dns.name.Name) -> list[dns.name.Name]:
    names = [name]
    while names[-1] != dns.name.root:
        names.append(names[-1].parent())
    return names
