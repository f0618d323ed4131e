"""What the SMTP servers let strangers and users do, as far as it is certain.

Most configurations are plainly closed to strangers: some list refuses them before anything could let them in.
Only of the others the access lists are carried out (maillint.postfix.access).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import Related
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, is_mail_exchange, reach
from maillint.postfix.master import Option, split_arguments
from maillint.postfix.restrictions import (
    BUILT_IN,
    RECIPIENT,
    RELAY,
    SKIPPED,
    TAKES_RESTRICTION,
    AccessList,
    Restriction,
    access_lists,
)
from maillint.record import NamedTuple

from .._arguments import has_spaces_around_equals
from .._told import told
from .._uses import may_stand_elsewhere
from ..restrictions._lists import lists_of_smtpd, smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.access import Branch, Condition, Party, Step
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location

OPEN = "open"
"""Strangers can send mail to anywhere."""
BEHIND_FILTER = "behind-filter"
"""Strangers can hand in mail behind the content filter."""
FREE_SUBMISSION = "free-submission"
"""Strangers can hand in mail at a port for users."""
REFUSED_USERS = "refused-users"
"""Users who have logged in cannot send."""

_SASL = "smtpd_sasl_auth_enable"
_LOGIN = "permit_sasl_authenticated"
_RELAYING = (RELAY, RECIPIENT)
_ANYTHING = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    RELAY,
    RECIPIENT,
)
"""The lists that are asked about each recipient."""
_REFUSE_ALL = frozenset({"reject", "defer"})
_REFUSE_RELAYING = _REFUSE_ALL | {"reject_unauth_destination", "defer_unauth_destination"}
_LET_NO_STRANGER_IN = frozenset(
    {
        "permit_mynetworks",
        "permit_inet_interfaces",
        "permit_sasl_authenticated",
        "permit_tls_clientcerts",
        "sleep",
        "warn_if_reject",
    }
)


class Way(NamedTuple):
    """How mail of one kind gets through, or does not."""

    view: View
    sender: Party
    branch: Branch
    certain: bool
    """Whether no table that cannot be read, no policy server and no default of another version has a say."""

    @property
    def is_by_entry(self) -> bool:
        """Whether an entry of a table lets it through."""
        step = self.decisive
        return step is not None and (step.word.startswith("check_") or ":" in step.word.partition(" ")[0])

    @property
    def decisive(self) -> Step | None:
        """The step of the lists against relaying that lets it through; None: nothing refuses it."""
        return next(
            (step for step in self.branch.path if step.result == "permit" and step.parameter in self._lists),
            None,
        )

    @property
    def last(self) -> Step | None:
        """The step that refuses it."""
        return self.branch.path[-1] if self.branch.path else None

    @property
    def _lists(self) -> tuple[str, ...]:
        return (*_RELAYING, *access_lists(self.view).classes)

    @property
    def location(self) -> Location | None:
        """Where it is let through; None: no file says so."""
        step = self.decisive
        if step is not None:
            return step.location
        for name in _RELAYING:
            setting = self.view.setting(name)
            if setting is not None and setting.value.text:
                return setting.value.location()
        return None

    @property
    def by_default(self) -> str:
        """What to say of a list that is not set, and that in other versions would refuse it."""
        where = access_lists(self.view).lists.get(RELAY)
        if where is None or where.items or self.view.is_set(RELAY):
            return ""
        return f"; `{RELAY}` is empty by default as long as `compatibility_level` is below 1"

    def related(self, but: Location) -> tuple[Related, ...]:
        """The listener, and the words of these lists on the way."""
        places = []
        if self.view.service is not None:
            places.append(Related(self.view.service.fields[0].location(), "the client connects here"))
        for step in self.branch.path:
            if step.parameter in self._lists and step.location is not None and step.location != but:
                places.append(Related(step.location, f"`{step.word}`: {step.why or step.result}"))
        return tuple(dict.fromkeys(places))


def relayed(view: View) -> Iterator[Way]:
    """The ways for mail from strangers to foreign recipients, one for each kind of sender that has one."""
    if reach(view) in (LOOPBACK, NOBODY) or _is_unknown(view, _RELAYING):
        return
    if any(_refuses(where, _REFUSE_RELAYING) for where in _lists(view, _RELAYING)):
        return
    if any(_swallows_guard(where) for where in _lists(view, _RELAYING)):
        return  # Rule restriction-missing-argument speaks of it.
    from maillint.postfix.access import FOREIGN, STRANGER

    yield from _ways(view, STRANGER, FOREIGN)


def handed_in(view: View) -> Iterator[Way]:
    """The ways for mail from strangers to recipients of this host."""
    if reach(view) in (LOOPBACK, NOBODY) or _is_unknown(view, _ANYTHING):
        return
    if any(_refuses(where, _REFUSE_ALL) for where in _lists(view, _ANYTHING)):
        return
    if view.boolean("smtpd_tls_req_ccert"):
        return
    from maillint.postfix.access import LOCAL, RELAY, STRANGER, VIRTUAL

    for kind in (LOCAL, VIRTUAL, RELAY):
        found = list(_ways(view, STRANGER, kind))
        if found:
            yield from found
            return


def refused(view: View) -> Iterator[Way]:
    """The ways for mail of users who have logged in to foreign recipients, if none gets through."""
    if not view.boolean(_SASL) or _is_unknown(view, _ANYTHING):
        return
    if all(_lets_users_past(where) for where in _lists(view, _ANYTHING)):
        return
    from maillint.postfix.access import FOREIGN, LOGGED_IN, NULL, REJECT, clients, decide, recipients, senders

    user = next(client for client in clients(view) if client.kind == LOGGED_IN)
    recipient = next(party for party in recipients(view) if party.kind == FOREIGN)
    found = []
    for sender in senders(view):
        if sender.kind == NULL:
            continue
        verdict = decide(view, user, sender, recipient)
        if verdict.possible != {REJECT}:
            return
        found.append(Way(view, sender, verdict.branches[0], True))
    yield from found


def _ways(view: View, kind: str, to: str) -> Iterator[Way]:
    from maillint.postfix.access import PERMIT, clients, decide, recipients, senders
    from maillint.postfix.table_lookup import open_table

    def holds(condition: Condition) -> bool | None:
        if condition.kind == "table" and open_table(condition.subject, view).is_known:
            return None
        return condition.usual

    client = next((client for client in clients(view) if client.kind == kind), None)
    recipient = next((party for party in recipients(view) if party.kind == to), None)
    if client is None or recipient is None:
        return
    for sender in senders(view):
        branch = decide(view, client, sender, recipient, holds).branch(PERMIT)
        if branch is not None and not branch.discards:
            certain = decide(view, client, sender, recipient).accepts is True or bool(branch.unusual)
            yield Way(view, sender, branch, certain and _is_own_default(view))


def _is_own_default(view: View) -> bool:
    """Whether the list against relaying is set, or its default is known: it has changed (Postfix 3.0)."""
    return view.configuration.version_given or view.is_set(RELAY) or view.is_set("compatibility_level")


def is_behind_filter(view: View) -> bool:
    """Whether the service takes mail back from a content filter: it has one itself no more."""
    return (
        view.service is not None
        and view.service.type == "inet"
        and not is_mail_exchange(view)
        and not is_for_submission(view)
        and any(
            option.name in ("content_filter", "smtpd_proxy_filter") and not option.value.text
            for option in view.options
        )
    )


def _is_unknown(view: View, names: tuple[str, ...]) -> bool:
    """Whether another file may have the lists, or another rule speaks of what keeps smtpd from its work."""
    config, lists = view.configuration, lists_of_smtpd(view)
    if lists is None or lists.controls_relay() is not True:
        return True
    if all(may_stand_elsewhere(view, name) for name in names):
        return True
    if config.main is None and any(may_stand_elsewhere(view, name) for name in names):
        return True
    if any(told(view.value(name)) for name in names):
        return True
    return view.service is not None and any(
        not isinstance(word, Option) or has_spaces_around_equals(word)
        for word in split_arguments(config, view.service)
    )


def _lists(view: View, names: tuple[str, ...]) -> list[AccessList]:
    lists = access_lists(view).lists
    return [lists[name] for name in names if name in lists]


def _refuses(where: AccessList, words: frozenset[str]) -> bool:
    """Whether the list surely has one of *words* before anything that could let strangers in."""
    for restriction in where.restrictions:
        if restriction.kind != BUILT_IN or not restriction.certain:
            return False
        if restriction.problem is not None and restriction.problem.effect != SKIPPED:
            return True
        if restriction.name in words and not restriction.warns:
            return True
        if not (
            restriction.name in _LET_NO_STRANGER_IN or restriction.name.startswith(("reject_", "defer_"))
        ):
            return False
    return False


def _swallows_guard(where: AccessList) -> bool:
    return any(
        restriction.problem is not None and restriction.problem.kind == TAKES_RESTRICTION
        for restriction in where.restrictions
    )


def _lets_users_past(where: AccessList) -> bool:
    """Whether the list surely has nothing against all users who have logged in."""
    return all(_is_harmless(restriction) for restriction in _before_login(where))


def _before_login(where: AccessList) -> Iterator[Restriction]:
    for restriction in where.restrictions:
        if restriction.name in (_LOGIN, "permit") and restriction.problem is None:
            return
        yield restriction


def _is_harmless(restriction: Restriction) -> bool:
    return restriction.warns or restriction.name not in _REFUSE_RELAYING


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about whom the SMTP servers let in."""
    words = set()
    for view in smtpd_views(config):
        behind, submission = is_behind_filter(view), is_for_submission(view)
        if next(relayed(view), None) is not None:
            words.add(BEHIND_FILTER if behind else OPEN)
        elif behind and next(handed_in(view), None) is not None:
            words.add(BEHIND_FILTER)
        elif submission and next(handed_in(view), None) is not None:
            words.add(FREE_SUBMISSION)
        if submission and next(refused(view), None) is not None:
            words.add(REFUSED_USERS)
    return frozenset(words)
