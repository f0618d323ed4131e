"""The access lists of smtpd(8), carried out for one message (smtpd/smtpd_check.c).

Where something is not known that matters, all ways are followed. A way is a :class:`State`; ways that have
become alike are joined at the end of each list, the more usual one standing for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .. import restrictions
from ..matching import DOMAIN, ERROR, NO, OPEN_ENDED, YES, matches
from ..restrictions import access_lists
from ..version import Version
from .addresses import unlisted
from .effect import (
    DEFER_IF_PERMIT,
    DEFER_IF_REJECT,
    DISCARD,
    HANGUP,
    LIST,
    NOTHING,
    PERMANENT,
    REFUSE,
    SERVER_ERROR,
    TEMPORARY,
    Effect,
    Known,
    fork,
)
from .effect import DIES as WORD_DIES
from .effect import PERMIT as WORD_PERMITS
from .message import Message, has_certificate, has_tls, requires_tls
from .model import (
    CERTIFIED,
    DEFER,
    DIES,
    FLUSHED,
    LOGGED_IN,
    PERMIT,
    REJECT,
    Condition,
    Step,
    Verdict,
)
from .state import State, anything, joined, verdict_of
from .words import effects_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..configuration import View
    from ..restrictions import AccessLists, Restriction
    from .model import Client, Party

_GOES_ON = ""
"""The list came to its end, or the word did not decide."""
_PERMITTED = "permitted"
"""The list ended early; the next one is asked."""
_DECIDED = "decided"
"""All is over: :attr:`State.outcome` says how."""

_DEEPEST = 100
_MOST_WORDS = 20_000
"""So many words are followed for one message; classes that double each other would never end."""
_FIRST_WITH_ORDER = Version("3.6")


_Way = tuple[State, str]

if TYPE_CHECKING:
    Holds = Callable[[Condition], "bool | None"]
    """Whether a condition holds, as somebody knows from elsewhere; None: nobody knows."""


class _EndlessError(Exception):
    """The lists lead to more words than can be followed."""


class Session:
    """One message at one smtpd."""

    def __init__(
        self, view: View, client: Client, sender: Party, recipient: Party, holds: Holds | None = None
    ) -> None:
        self.view = view
        self._holds = holds
        self._followed = 0
        self.lists = access_lists(view)
        self.message = Message(view, client, sender, recipient)
        self.client = client
        self.sender = sender
        self._soft_bounce = view.boolean("soft_bounce") is True
        self._delays = view.boolean("smtpd_delay_reject") is not False

    def verdict(self) -> Verdict:
        """What becomes of it."""
        return self._through(self._start, self._session, self._early_sender, self._recipient, self._data)

    def etrn(self, domain: str) -> Verdict:
        """What becomes of the command ETRN for *domain*, without a message before it."""
        return self._through(self._start, self._session, lambda state: self._etrn(domain, state))

    def _through(self, *stages: Callable[[State], list[_Way]]) -> Verdict:
        try:
            return self._carried_out(stages)
        except _EndlessError:
            return verdict_of(anything())

    def _carried_out(self, stages: Iterable[Callable[[State], list[_Way]]]) -> Verdict:
        states = [State()]
        decided: list[State] = []
        for stage in stages:
            following: list[State] = []
            for state in states:
                for ended, status in stage(state):
                    (decided if status == _DECIDED else following).append(ended)
            states = joined(following)
        decided += [state._replace(outcome=PERMIT) for state in states]
        return verdict_of(decided)

    # --- the stages --------------------------------------------------------------------------------------

    def _start(self, state: State) -> list[_Way]:
        """What smtpd does when it starts."""
        trouble = start_trouble(self.view, self.lists)
        if trouble is not None:
            return [(state.told(trouble)._replace(outcome=DIES), _DECIDED)]
        if self.lists.controls_relay() is None:
            effects = fork(
                "the access lists",
                "setting",
                [
                    ("a word against open relays is among what is not known", Effect(NOTHING, "")),
                    ("no word against open relays is among what is not known", Effect(WORD_DIES, "")),
                ],
            )
            return [way for effect in effects for way in self._apply(effect, state, False)]
        return [(state, _GOES_ON)]

    def _session(self, state: State) -> list[_Way]:
        """What comes before MAIL FROM."""
        view = self.view
        trouble = self._tls_trouble()
        if trouble is not None:
            step, outcome = trouble
            return [(state.told(step)._replace(outcome=outcome), _DECIDED)]
        if self._delays:
            return [(state, _GOES_ON)]
        encrypted = view.boolean("smtpd_tls_wrappermode") is True
        early = Known(
            helo=False,
            sender=False,
            recipient=False,
            login=False,
            certificate=encrypted,
            is_rcpt=False,
            is_early=True,
        )
        ways = self._list("smtpd_client_restrictions", early, state)
        return self._then(ways, lambda s: self._list("smtpd_helo_restrictions", early._replace(helo=True), s))

    def _early_sender(self, state: State) -> list[_Way]:
        """What comes at MAIL FROM, when it does not wait for RCPT TO."""
        if self._delays:
            return [(state, _GOES_ON)]
        return self._mail(Known(recipient=False, is_rcpt=False), state)

    def _tls_trouble(self) -> tuple[Step, str] | None:
        """What keeps the client from getting as far as the lists, and what it is answered; None: nothing."""
        view = self.view
        level = "smtpd_tls_security_level"
        encrypts = has_tls(view) and has_certificate(view)
        if requires_tls(view) and not encrypts:
            return Step(level, "", "defer", "TLS is demanded, and there is no certificate", None), DEFER
        demands = requires_tls(view) and view.boolean("smtpd_tls_req_ccert") is True
        if demands and self.client.kind != CERTIFIED:
            return Step("smtpd_tls_req_ccert", "", "defer", "the client must have a certificate", None), DEFER
        logins = view.boolean("smtpd_tls_auth_only") is not True or encrypts
        if self.client.kind == LOGGED_IN and not logins:
            why = "nobody can log in: that is for encrypted sessions, and there are none"
            return Step("smtpd_tls_auth_only", "", "reject", why, None), REJECT
        return None

    def _mail(self, known: Known, state: State) -> list[_Way]:
        ways = self._list("smtpd_sender_restrictions", known, state)
        if self.view.boolean("smtpd_reject_unlisted_sender") is not True or not self.sender.address:
            return ways
        effects = unlisted(self.message, self.sender, self.message.sender_class, is_sender=True)
        return self._then(ways, lambda s: self._implied("smtpd_reject_unlisted_sender", effects, s))

    def _recipient(self, state: State) -> list[_Way]:
        known = Known()
        ways: list[_Way] = [(state, _GOES_ON)]
        if self._delays:
            early = known._replace(is_early=True)
            ways = self._list("smtpd_client_restrictions", early, state)
            ways = self._then(ways, lambda s: self._list("smtpd_helo_restrictions", early, s))
            ways = self._then(ways, lambda s: self._mail(known, s))
        ways = self._then(ways, self._without_defer_if_reject)
        for parameter in recipient_lists(self.view):
            ways = self._then(ways, lambda s, name=parameter: self._list(name, known, s, keeps=True))
        ways = self._then(ways, self._deferred)
        if self.view.boolean("smtpd_reject_unlisted_recipient") is False:
            return ways
        effects = unlisted(
            self.message, self.message.recipient, self.message.recipient_class, is_sender=False
        )
        return self._then(ways, lambda s: self._implied("smtpd_reject_unlisted_recipient", effects, s))

    def _data(self, state: State) -> list[_Way]:
        ways: list[_Way] = [(state, _GOES_ON)]
        for parameter in ("smtpd_data_restrictions", "smtpd_end_of_data_restrictions"):
            known = Known(is_rcpt=False)
            ways = self._then(ways, lambda s: [(s._replace(defer_if_permit=0), _GOES_ON)])
            ways = self._then(ways, lambda s, name=parameter, k=known: self._list(name, k, s))
            ways = self._then(ways, self._deferred)
        return ways

    def _etrn(self, domain: str, state: State) -> list[_Way]:
        """smtpd_check_etrn() and, behind it, flush_send_site() (global/flush_clnt.c)."""
        known = Known(sender=False, recipient=False, is_rcpt=False, etrn=domain)
        ways: list[_Way] = [(state, _GOES_ON)]
        if self._delays:
            ways = self._list("smtpd_client_restrictions", known, state)
            ways = self._then(ways, lambda s: self._list("smtpd_helo_restrictions", known, s))
        ways = self._then(ways, lambda s: self._list("smtpd_etrn_restrictions", known, s))
        ways = self._then(ways, self._deferred)
        for effects in self._flushing(domain):
            ways = self._then(ways, lambda s, found=effects: self._implied(FLUSHED, found, s))
        return ways

    def _flushing(self, domain: str) -> Iterable[list[Effect]]:
        """What smtpd, and then the flush(8) service, thinks of the domain."""
        yield _flushed(self.view, domain)
        config = self.view.configuration
        if config.master is None:
            return
        service = self.view.value("flush_service_name").text or "flush"
        flush = config.view(f"{service}/unix")
        if flush is None:
            yield [Effect(REFUSE, f"master.cf has no service {service}", TEMPORARY)]
        else:
            yield _flushed(flush, domain)

    @staticmethod
    def _then(ways: Iterable[_Way], following: object) -> list[_Way]:
        """Go on with *following* where nothing is decided."""
        assert callable(following)
        decided = [way for way in ways if way[1] == _DECIDED]
        states = joined(state for state, status in ways if status != _DECIDED)
        return decided + [way for state in states for way in following(state)]

    @staticmethod
    def _without_defer_if_reject(state: State) -> list[_Way]:
        return [(state._replace(defer_if_reject=0), _GOES_ON)]

    def _deferred(self, state: State) -> list[_Way]:
        """Turn what was permitted into a temporary refusal, if something has asked for that."""
        if not state.defer_if_permit:
            return [(state, _GOES_ON)]
        return [(state._replace(outcome=self._refusal(state.defer_if_permit, state)), _DECIDED)]

    def _implied(self, parameter: str, effects: list[Effect], state: State) -> list[_Way]:
        """A check that comes after a list without standing in it."""
        if state.discards:
            return [(state, _GOES_ON)]
        found: list[_Way] = []
        for effect in effects:
            step = Step(parameter, "", effect.kind, effect.why, self.view.value(parameter).location())
            found += self._apply(effect, state.told(step) if effect.kind != NOTHING else state, False)
        return found

    # --- lists and words ---------------------------------------------------------------------------------

    def _list(self, parameter: str, known: Known, state: State, *, keeps: bool = False) -> list[_Way]:
        """Carry out a list; *keeps*: an earlier defer_if_reject still counts."""
        if not keeps:
            state = state._replace(defer_if_reject=0)
        found = self.lists.lists.get(parameter)
        if found is None:
            return [(state, _GOES_ON)]
        known = known._replace(bare_table=found.stage.bare_table if found.stage is not None else "")
        return self._words(found.name, found.restrictions, known, state, False, 0)

    def _words(
        self,
        name: str,
        listed: Iterable[Restriction],
        known: Known,
        state: State,
        warns: bool,
        depth: int,
    ) -> list[_Way]:
        done: list[_Way] = []
        active = [state]
        for restriction in listed:
            following: list[State] = []
            for current in active:
                if current.discards:
                    done.append((current, _GOES_ON))
                    continue
                for way, status in self._word(name, restriction, known, current, warns, depth):
                    ends = way.defer_if_permit and way.defer_if_reject
                    if status == _GOES_ON and not ends:
                        following.append(way)
                    else:
                        done.append((way, status))
            active = joined(following) if len(following) > 1 else following
            if not active:
                break
        return done + [(way, _GOES_ON) for way in active]

    def _word(
        self, name: str, restriction: Restriction, known: Known, state: State, warns: bool, depth: int
    ) -> list[_Way]:
        self._followed += 1
        if self._followed > _MOST_WORDS:
            raise _EndlessError
        warns = warns or restriction.warns
        if restriction.name == restrictions.WARN_IF_REJECT:
            return [(state, _GOES_ON)]
        if restriction.kind == restrictions.CLASS and restriction.problem is None:
            inside = self.lists.classes[restriction.name]
            if depth > _DEEPEST:
                step = self._step(name, restriction, Effect(WORD_DIES, "the class contains itself"))
                return [(state.told(step)._replace(outcome=DIES), _DECIDED)]
            return self._words(inside.name, inside.restrictions, known, state, warns, depth + 1)
        effects = [_of_problem(restriction)] if restriction.problem is not None else None
        found: list[_Way] = []
        for effect in effects or effects_of(self.message, restriction, known):
            following = state.told(self._step(name, restriction, effect))
            if effect.kind == LIST:
                assumed = self._after(effect, following)
                if assumed is not None:
                    found += self._inner(effect, known, assumed, warns, depth)
            else:
                found += self._apply(effect, following, warns)
        return found

    def _inner(self, effect: Effect, known: Known, state: State, warns: bool, depth: int) -> list[_Way]:
        """The words that a table gives."""
        if depth > _DEEPEST:
            return self._apply(Effect(SERVER_ERROR, effect.why), state, warns)
        ways = self._words("", self.lists.words(effect.text), known, state, warns, depth + 1)
        if effect.may_permit:
            return ways
        return [
            other
            for way, status in ways
            for other in (
                self._apply(Effect(SERVER_ERROR, effect.why), way, warns)
                if status == _PERMITTED and not way.discards
                else [(way, status)]
            )
        ]

    def _apply(self, effect: Effect, state: State, warns: bool) -> list[_Way]:
        """What *effect* makes of *state*."""
        following = self._after(effect, state)
        if following is None:
            return []
        kind = effect.kind
        if kind == DEFER_IF_PERMIT and warns:
            kind = NOTHING
        if kind == REFUSE and warns:
            kind = NOTHING
        if kind == WORD_PERMITS:
            return [(following, _PERMITTED)]
        if kind == DISCARD:
            return [(following._replace(discards=True), _PERMITTED)]
        if kind == DEFER_IF_PERMIT:
            digit = following.defer_if_permit or effect.digit
            return [(following._replace(defer_if_permit=digit), _GOES_ON)]
        if kind == DEFER_IF_REJECT:
            digit = following.defer_if_reject or effect.digit
            return [(following._replace(defer_if_reject=digit), _GOES_ON)]
        if kind == WORD_DIES:
            return [(following._replace(outcome=DIES), _DECIDED)]
        if kind == HANGUP:
            return [(following._replace(outcome=REJECT), _DECIDED)]
        if kind in (REFUSE, SERVER_ERROR):
            digit = effect.digit if kind == REFUSE else TEMPORARY
            return [(following._replace(outcome=self._refusal(digit, following)), _DECIDED)]
        return [(following, _GOES_ON)]

    def _after(self, effect: Effect, state: State) -> State | None:
        """*state* with what *effect* takes for granted; None: that does not hold."""
        if effect.condition is not None and self._holds is not None:
            answer = self._holds(effect.condition)
            if answer is not None:
                return state if answer else None
        return state.after(effect)

    def _refusal(self, digit: int, state: State) -> str:
        """The outcome of a reply that begins with *digit*."""
        if digit == PERMANENT and state.defer_if_reject:
            digit = state.defer_if_reject
        return REJECT if digit == PERMANENT and not self._soft_bounce else DEFER

    def _step(self, name: str, restriction: Restriction, effect: Effect) -> Step:
        word = " ".join(place.text for place in restriction.places)
        if restriction.warns:
            word = f"{restrictions.WARN_IF_REJECT} {word}"
        return Step(name, word, effect.kind, effect.why, restriction.word.location)


def _flushed(view: View, domain: str) -> list[Effect]:
    """Whether the program of *view* has *domain* in fast_flush_domains; other domains are answered 459."""
    match = matches(view, FLUSHED, DOMAIN, domain, otherwise=OPEN_ENDED)
    listed = Effect(NOTHING, f"{FLUSHED} lists the domain")
    if match.answer == YES:
        return [listed]
    missing = Effect(REFUSE, f"{FLUSHED} does not list the domain", TEMPORARY)
    if match.answer == NO:
        return [missing]
    if match.answer == ERROR:
        return [missing._replace(why=f"{FLUSHED} cannot be used")]
    return fork(FLUSHED, "table", [(listed.why, listed), (missing.why, missing)])


def start_trouble(view: View, lists: AccessLists) -> Step | None:
    """What in the access lists keeps smtpd from starting; None: nothing."""
    for name, found in (*lists.classes.items(), *lists.lists.items()):
        if found.value.problem:
            return Step(name, "", "dies", found.value.problem, found.value.location())
        for restriction in found.restrictions:
            problem = restriction.problem
            if problem is not None and problem.effect == restrictions.DIES_AT_START:
                return Step(name, restriction.word.text, "dies", problem.said, restriction.word.location)
    for item in lists.undefined:
        why = f"restriction class `{item.text}' needs a definition"
        return Step(restrictions.CLASSES, item.text, "dies", why, item.location)
    answer = lists.controls_relay()
    if answer is True or (answer is None and not lists.cycles()):
        return None
    why = "no word in the relay and recipient restrictions refuses strangers"
    if answer is None:
        why = "a restriction class contains itself"
    last = recipient_lists(view)[0]
    return Step(last, "", "dies", why, view.value(last).location())


def recipient_lists(view: View) -> tuple[str, ...]:
    """The lists that are asked about a recipient, in their order."""
    version = view.configuration.version
    if not version.has(Version("2.10")):
        return (restrictions.RECIPIENT,)
    if (
        version.has(_FIRST_WITH_ORDER)
        and view.boolean("smtpd_relay_before_recipient_restrictions") is not False
    ):
        return (restrictions.RELAY, restrictions.RECIPIENT)
    return (restrictions.RECIPIENT, restrictions.RELAY)


def _of_problem(restriction: Restriction) -> Effect:
    problem = restriction.problem
    assert problem is not None
    if problem.effect == restrictions.REFUSES:
        return Effect(SERVER_ERROR, problem.said)
    if problem.effect == restrictions.SKIPPED:
        return Effect(NOTHING, problem.said or "it does nothing")
    return Effect(WORD_DIES, problem.said)
