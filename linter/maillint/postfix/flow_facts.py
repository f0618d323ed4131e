"""What there is to say of the stops on the way of mail: in a line each, and judging nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import policy_service
from .access import DIES, FOREIGN, STRANGER, Client, Party, Server, decide
from .access.message import has_tls, requires_tls
from .dnsbl import dns_list
from .endpoints import DISABLED_MILTERS, milter_endpoint
from .listening import LOOPBACK, NETWORK
from .master import command_line
from .milters import OTHERS, SMTPD, milters, software
from .restrictions import access_lists

if TYPE_CHECKING:
    from .configuration import Configuration, View

_REWRITING = {
    "sender_canonical_maps": "rewrites senders",
    "recipient_canonical_maps": "rewrites recipients",
    "canonical_maps": "rewrites addresses",
    "masquerade_domains": "hides host names",
    "virtual_alias_maps": "redirects recipients",
    "always_bcc": "copies all mail",
    "sender_bcc_maps": "copies mail by sender",
    "recipient_bcc_maps": "copies mail by recipient",
    "header_checks": "searches the headers",
    "mime_header_checks": "searches the headers of parts",
    "nested_header_checks": "searches the headers of messages in messages",
    "body_checks": "searches the text",
}
"""By parameter of cleanup(8), what it does to mail."""
_SMTP_TLS = {
    "none": "without TLS",
    "may": "TLS if offered",
    "encrypt": "TLS always",
    "dane": "TLS, by DANE where the DNS has it",
    "dane-only": "TLS by DANE always",
    "fingerprint": "TLS, certificate compared",
    "verify": "TLS, certificate verified",
    "secure": "TLS, certificate verified",
}
_STRANGER = Client(STRANGER, "198.51.100.77", "mail.stranger.example")
_SENDER = Party(FOREIGN, "someone@sender.foreign.example")
_RECIPIENT = Party(FOREIGN, "someone@foreign.example")


def listening(server: Server) -> Iterator[str]:
    """Where a server listens, and what it offers."""
    listener, view = server.listener, server.view
    service = listener.view.service
    host = service.name.rpartition(":")[0] if service is not None else ""
    if host:
        yield f"at {host}"
    elif listener.reach == LOOPBACK:
        yield "for this host only"
    elif listener.reach == NETWORK:
        yield "for other hosts"
    if view is not listener.view:
        yield "postscreen tests clients first"
    if view.boolean("smtpd_tls_wrappermode"):
        yield "TLS from the start"
    elif requires_tls(view):
        yield "TLS required (STARTTLS)"
    else:
        yield "TLS offered (STARTTLS)" if has_tls(view) else "no TLS"
    if view.boolean("smtpd_sasl_auth_enable"):
        under_tls = view.boolean("smtpd_tls_auth_only") or requires_tls(view)
        yield "login (AUTH), only under TLS" if under_tls else "login (AUTH)"


def rewriting(cleanup: View) -> Iterator[str]:
    """What cleanup(8) does to mail."""
    for parameter, does in _REWRITING.items():
        if cleanup.is_set(parameter) and cleanup.value(parameter).text != "":
            yield f"{does}: {parameter}"
    yield from (f"milter for mail of programs: {_named(text)}" for text in _asked(cleanup, OTHERS))


def checks(view: View) -> Iterator[str]:
    """What a server does to clients and mail before it accepts them."""
    verdict = decide(view, _STRANGER, _SENDER, _RECIPIENT)
    if verdict.outcome == DIES:
        yield "accepts nothing: the server ends when it starts"
    else:
        yield {
            True: "lets strangers send anywhere",
            False: "lets no stranger send elsewhere",
            None: "may let strangers send elsewhere",
        }[verdict.accepts]
    lists = access_lists(view)
    words = [reached.restriction for start in lists.lists.values() for reached in lists.walk(start)]
    dnsbls, policies, tables = dict[str, None](), dict[str, None](), dict[str, None]()
    for word in words:
        argument = word.argument.text if word.argument is not None else ""
        if word.fact is not None and argument and word.fact.argument == "dnsbl":
            dnsbls[dns_list(argument).domain] = None
        elif word.name == "check_policy_service":
            policies[policy_service.endpoint(argument).text] = None
        elif argument and word.name.startswith("check_") and word.name.endswith("_access"):
            name = os.path.basename(argument.partition(":")[2])
            tables["one that is written out" if "{" in argument else name] = None
    yield from (f"asks the list {name}" for name in dnsbls)
    yield from (f"asks the policy server {name}" for name in policies)
    if tables:
        yield f"access tables: {', '.join(tables)}"
    yield from (f"milter: {_named(text)}" for text in _asked(view, SMTPD))


def _asked(view: View, parameter: str) -> list[str]:
    """The endpoints of the milters that the program of *view* asks."""
    found = milters(view, parameter)
    if found is not None:
        return [milter.endpoint for milter in found]
    if view.value(parameter).partial.upper() == DISABLED_MILTERS:
        return []
    return [milter_endpoint(item.text).text for item in view.items(parameter)]


def _named(endpoint: str) -> str:
    program = software(endpoint)
    return endpoint if program is None else f"{program.name} ({endpoint})"


def waiting(config: Configuration) -> Iterator[str]:
    lifetime = config.main_view.value("maximal_queue_lifetime").text
    if lifetime:
        yield f"tries for {lifetime}"


def delivering(view: View) -> Iterator[str]:
    """How a transport delivers."""
    if view.daemon in ("smtp", "lmtp"):
        prefix = view.daemon
        level = view.value(f"{prefix}_tls_security_level").text
        if level:
            yield _SMTP_TLS.get(level, f"TLS level {level}")
        if view.boolean(f"{prefix}_sasl_auth_enable"):
            yield "logs in"
    elif view.daemon == "local" and view.value("alias_maps").text != "":
        yield f"aliases: {view.value('alias_maps').partial}"


def _local(view: View) -> tuple[str, tuple[str, ...]]:
    for parameter in ("mailbox_transport", "mailbox_command", "home_mailbox"):
        text = view.value(parameter).partial
        if text:
            return "Mailboxes of this host's users", (f"{parameter}: {text}",)
    return "Mailboxes of this host's users", (view.value("mail_spool_directory").partial,)


def _virtual(view: View) -> tuple[str, tuple[str, ...]]:
    base = view.value("virtual_mailbox_base").partial
    return "Mailboxes of hosted domains", ((f"below {base}",) if base else ())


def _pipe(view: View) -> tuple[str, tuple[str, ...]]:
    words = command_line(view.service) if view.service is not None else []
    return "Program", (words[0].text,) if words else ()


ENDS = {"local": _local, "virtual": _virtual, "pipe": _pipe}
"""By program, what to call the place to which it delivers, and what to say of it."""
