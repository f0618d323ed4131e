"""What the DKIM rules share: the keys that the signers beside Postfix use, and what is published for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.der import PublicKey, public_part
from maillint.dns.dkim import KeyRecord, is_key_record, key_name, parse_key_record
from maillint.engine.finding import NotChecked, Related
from maillint.postfix.configuration import ConfigurationError, read_source
from maillint.postfix.dkim_signing import SigningKey, private_key, signing
from maillint.record import NamedTuple
from maillint.syntax.source import Location, Span

from ._asking import ask_ahead, asked, lookup, not_answered, why_nobodys
from ._senders import HEADER, SenderDomain, sender_domains

if TYPE_CHECKING:
    from maillint.dns.answer import Answer
    from maillint.postfix.configuration import Configuration

PARAMETERS = ("smtpd_milters", "non_smtpd_milters")
"""A signer sees no mail without one of these."""


class PublishedKey(NamedTuple):
    """What is published for one key."""

    key: SigningKey
    domain: str
    answer: Answer
    records: tuple[KeyRecord, ...]
    """There should be one."""
    private: PublicKey | None
    """The public part of the private key; None: that is not known."""
    location: Location
    related: tuple[Related, ...]

    @property
    def mail(self) -> str:
        """What the finding is about, as the beginning of a sentence."""
        return f"{self.key.program} signs mail of {self.domain} with the selector `{self.key.selector}`"

    @property
    def asked(self) -> str:
        return asked(self.answer)


def published_keys(config: Configuration) -> list[PublishedKey | NotChecked]:
    """The keys that mail is signed with, each with the answer about it, and what could not be asked."""
    if __name__ not in config.memo:
        config.memo[__name__] = list(_find(config))
    found: list[PublishedKey | NotChecked] = config.memo[__name__]
    return found


def _find(config: Configuration) -> Iterator[PublishedKey | NotChecked]:
    location = _signer_place(config)
    if location is None:
        return
    dns, found = lookup(config), signing(config)
    for reason in found.unknown:
        yield NotChecked("", reason, location=location)
    keys = list(dict.fromkeys(_with_domains(config, found.keys)))
    ask_ahead(dns, [(key_name(key.selector, domain), "TXT") for key, domain in keys])
    for key, domain in keys:
        if (reason := why_nobodys(dns, domain) or "") != "":
            note = f"{key.program} signs for {domain}, a domain of nobody: {reason}"
            yield NotChecked("", note, location=location)
            continue
        answer = dns.ask(key_name(key.selector, domain), "TXT")
        if not answer.certain:
            yield not_answered(answer, location)
            continue
        records = tuple(parse_key_record(text) for text in answer.texts if is_key_record(text))
        yield PublishedKey(key, domain, answer, records, _public_part(config, key), location, _related(key))


def _signer_place(config: Configuration) -> Location | None:
    """The setting that gives mail to milters; None: no mail gets to any."""
    for view in config.views:
        for name in PARAMETERS:
            setting = view.setting(name)
            if setting is not None and view.value(name).text != "":
                return setting.value.location()
    return None


def _with_domains(config: Configuration, keys: tuple[SigningKey, ...]) -> Iterator[tuple[SigningKey, str]]:
    for key in keys:
        if key.domain is not None:
            yield key, key.domain
            continue
        for sender in sender_domains(config, HEADER):
            if isinstance(sender, SenderDomain):
                yield key, sender.domain


def _public_part(config: Configuration, key: SigningKey) -> PublicKey | None:
    text = private_key(config, key)
    try:
        return public_part(text) if text is not None else None
    except ValueError:
        return None


def _related(key: SigningKey) -> tuple[Related, ...]:
    try:
        source = read_source(key.file)
    except ConfigurationError:
        return ()
    start = source.line_start(key.line)
    end = start + len(source.line(key.line))
    return (Related(Location(source, Span(start, end)), "the selector is set here"),)
