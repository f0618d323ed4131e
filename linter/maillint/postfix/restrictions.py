"""The access lists of smtpd(8), read as it reads them (smtpd/smtpd_check.c).

A list is a sequence of words. Some take the next word as their argument, whatever it is; a word with a
colon is a table; the name of a restriction class stands for another list. Nothing is looked up when the
list is read: what is wrong with a word comes out when smtpd arrives at it. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import open_group, split_list

from . import vocabulary
from .dnsbl import dns_list, is_filter
from .version import Version

if TYPE_CHECKING:
    from .configuration import Item, Value, View

CLASSES = "smtpd_restriction_classes"
RELAY = "smtpd_relay_restrictions"
RECIPIENT = "smtpd_recipient_restrictions"

BUILT_IN = "built-in"
"""A restriction of smtpd's own."""
TABLE = "table"
"""A bare ``TYPE:NAME``, which stands for the restriction that is usual at the stage."""
CLASS = "class"
"""The name of a restriction class."""
UNKNOWN_WORD = "unknown-word"
"""Nothing that smtpd knows."""
OPEN = "open"
"""A word that only another file, a script or the host knows; it may even be several words."""

DIES_AT_START = "dies-at-start"
"""smtpd ends with a fatal error whenever it starts, whoever the client is."""
DIES = "dies"
"""smtpd ends when it arrives at the word."""
REFUSES = "refuses"
"""``451 4.3.5 Server configuration error`` for everybody for whom smtpd arrives at the word."""
SKIPPED = "skipped"
"""The word does nothing."""

UNKNOWN_NAME = "unknown-name"
REMOVED = "removed"
"""This version refuses a restriction that older ones have."""
NO_TABLE = "no-table"
NO_ENDPOINT = "no-endpoint"
BAD_ENDPOINT = "bad-endpoint"
NO_NUMBER = "no-number"
NO_DOMAIN = "no-domain"
BAD_FILTER = "bad-filter"
TAKES_RESTRICTION = "takes-restriction"
"""The argument is the name of a restriction, which does not act for that reason."""
BAD_GROUP = "bad-group"
"""The ``{ }`` around a table cannot be read, or not with this restriction."""

WARN_IF_REJECT = "warn_if_reject"
_CASE_COUNTS = "reject_sender_login_mismatch"
"""smtpd keeps this one with the restriction classes, whose case counts."""
_WITH_GROUP = "check_ccert_access"
"""The only restriction that takes a table in braces: the others never look into them."""
_ENDS_WITH_PERMIT = frozenset({"permit"})
_ENDS_WITH_REJECT = frozenset({"reject", "defer", "check_relay_domains"})
_RELAY_CONTROL = frozenset(
    {
        "reject_unauth_destination",
        "defer_unauth_destination",
        "reject",
        "defer",
        "defer_if_permit",
        "check_relay_domains",
    }
)
_LATE = frozenset({"helo", "sender", "recipient", "login", "certificate"})
_DELAYED = {
    "smtpd_client_restrictions": _LATE | {"etrn"},
    "smtpd_helo_restrictions": _LATE | {"etrn"},
    "smtpd_sender_restrictions": _LATE,
}
"""What is known in addition when a list waits for the recipient (for client and HELO: or for ETRN)."""
_NEEDS_SESSION = {
    "permit_sasl_authenticated": "login",
    "check_sasl_access": "login",
    "permit_tls_clientcerts": "certificate",
    "permit_tls_all_clientcerts": "certificate",
    "check_ccert_access": "certificate",
}
_DEEPEST = 100
"""How deep classes in classes are followed; no real configuration comes near."""
_FIRST_WITH_GROUPS = Version("3.0")
_SEARCH_TYPES = frozenset({"cert_fingerprint", "pubkey_fingerprint", "issuer_cn", "subject_cn"})


class Problem(NamedTuple):
    """What smtpd does not like about a word."""

    kind: str
    effect: str
    """:data:`DIES_AT_START`, :data:`DIES`, :data:`REFUSES` or :data:`SKIPPED`."""
    said: str = ""
    """What it says, in its own words, if it says anything."""


class Restriction:
    """One word of an access list, with its argument."""

    __slots__ = ("argument", "certain", "ended_by", "fact", "kind", "name", "problem", "warns", "word")

    def __init__(
        self,
        word: Item,
        kind: str,
        name: str = "",
        fact: vocabulary.Restriction | None = None,
        argument: Item | None = None,
        problem: Problem | None = None,
    ) -> None:
        self.word = word
        """As it is written."""
        self.kind = kind
        """:data:`BUILT_IN`, :data:`TABLE`, :data:`CLASS`, :data:`UNKNOWN_WORD` or :data:`OPEN`."""
        self.name = name
        """The name of a built-in restriction in lower case, or of a class; empty for the other kinds."""
        self.fact = fact
        """What the vocabulary says of a built-in restriction."""
        self.argument = argument
        """The word that it takes; of a bare table, the table itself."""
        self.problem = problem
        self.warns = False
        """Behind ``warn_if_reject``: it rejects nobody, it only logs."""
        self.ended_by: Restriction | None = None
        """The earlier word of the same list that lets nobody arrive here."""
        self.certain = True
        """False: the word before is open, and may take this one for its argument."""

    def __repr__(self) -> str:
        argument = f" {self.argument.text}" if self.argument is not None and self.kind != TABLE else ""
        return f"<{self.kind} {self.word.text}{argument}>"

    @property
    def places(self) -> tuple[Item, ...]:
        """The words that it consists of."""
        if self.argument is None or self.kind == TABLE:
            return (self.word,)
        return (self.word, self.argument)


class AccessList:
    """The restrictions in one parameter: a list of smtpd, or a restriction class."""

    __slots__ = ("items", "name", "restrictions", "stage", "value")

    def __init__(
        self,
        name: str,
        value: Value,
        items: list[Item],
        restrictions: tuple[Restriction, ...],
        stage: vocabulary.Stage | None,
    ) -> None:
        self.name = name
        self.value = value
        self.items = items
        """The words, before any of them is taken for an argument."""
        self.restrictions = restrictions
        self.stage = stage
        """What is known when smtpd evaluates the list; None: a class, which has no stage of its own."""

    def __repr__(self) -> str:
        return f"<AccessList {self.name} {list(self.restrictions)}>"


class Reached(NamedTuple):
    """A restriction and the way to it."""

    restriction: Restriction
    list: AccessList
    """The list, or class, that it stands in."""
    through: tuple[Restriction, ...]
    """The class words that lead to it, from the list of the stage on."""

    @property
    def warns(self) -> bool:
        """Whether a ``warn_if_reject`` stands before it, or before a class on the way."""
        return self.restriction.warns or any(step.warns for step in self.through)


class Missing(NamedTuple):
    """A restriction that is skipped because of what is not known at its stage."""

    restriction: Restriction
    what: str
    """``helo``, ``sender``, ``recipient``, ``etrn``, ``login`` or ``certificate``."""
    early: bool
    """With ``smtpd_delay_reject = yes`` it would be known."""


class AccessLists:
    """All access lists of one smtpd."""

    __slots__ = ("classes", "lists", "undefined", "version")

    def __init__(self, view: View) -> None:
        self.version = view.configuration.version
        self.undefined: list[Item] = []
        """The names in smtpd_restriction_classes that nothing defines."""
        self.classes: dict[str, AccessList] = {}
        """The restriction classes that have a definition."""
        self.lists: dict[str, AccessList] = {}
        """The lists of this version by parameter, in the order of an SMTP session."""
        values = self._class_values(view)
        names = frozenset(values)
        for name, value in values.items():
            self.classes[name] = self._read(name, value, names, None)
        for name, stage in vocabulary.stages().items():
            if stage.since.within(self.version):
                self.lists[name] = self._read(name, view.value(name), names, stage)
        ends = _Ends(self.classes)
        for found in (*self.classes.values(), *self.lists.values()):
            ends.mark(found.restrictions)

    def _class_values(self, view: View) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for item in view.value(CLASSES).items(braces=False):
            if not item.known:
                continue
            value = view.value(item.text)
            exists = view.is_set(item.text) or view.configuration.parameter(item.text) is not None
            if exists and (value.text != "" or value.undefined):
                values[item.text] = value
            else:
                self.undefined.append(item)
        return values

    def _read(
        self, name: str, value: Value, classes: frozenset[str], stage: vocabulary.Stage | None
    ) -> AccessList:
        items = value.items(self.version.has(_FIRST_WITH_GROUPS))
        return AccessList(name, value, items, tuple(_Reader(items, classes, self.version).read()), stage)

    def words(self, text: str) -> tuple[Restriction, ...]:
        """The restrictions in a text that an access table gives; none of them has a location."""
        from .configuration import Item

        items = [Item(word.text, None, True, word.start) for word in split_list(text, braces=True)]
        return tuple(_Reader(items, frozenset(self.classes), self.version).read())

    def walk(self, start: AccessList) -> Iterator[Reached]:
        """The restrictions of a list and of the classes that it uses, each class once."""
        todo: list[tuple[AccessList, tuple[Restriction, ...]]] = [(start, ())]
        seen = {start.name}
        while todo:
            current, through = todo.pop()
            for restriction in current.restrictions:
                yield Reached(restriction, current, through)
                if restriction.kind == CLASS and restriction.name not in seen:
                    seen.add(restriction.name)
                    todo.append((self.classes[restriction.name], (*through, restriction)))

    def missing_at(self, start: AccessList, view: View) -> Iterator[Missing]:
        """The words of a list that never do anything there; those of classes may be for other lists."""
        delayed = view.boolean("smtpd_delay_reject")
        if start.stage is None or delayed is None:
            return
        known = set(start.stage.known)
        early = start.name in _DELAYED and not delayed
        if start.name in _DELAYED and delayed:
            known |= _DELAYED[start.name]
        if start.name != "smtpd_client_restrictions" or not early:
            known |= {"login", "certificate"}
        elif view.boolean("smtpd_tls_wrappermode") is not False:
            known.add("certificate")
        for restriction in start.restrictions:
            fact = restriction.fact or (self.bare_table(start.name) if restriction.kind == TABLE else None)
            what = _NEEDS_SESSION.get(fact.name, fact.needs) if fact is not None else ""
            if what and what not in known and restriction.ended_by is None and restriction.certain:
                yield Missing(restriction, what, early and what in _DELAYED[start.name])

    def bare_table(self, parameter: str) -> vocabulary.Restriction | None:
        """What a bare table stands for in a list; None: an error."""
        return vocabulary.restriction(vocabulary.stages()[parameter].bare_table)

    def controls_relay(self) -> bool | None:
        """Whether smtpd finds the word against open relays without which it does not start.

        It goes over all words, arguments too (has_required in smtpd/smtpd_check.c). None: it depends on
        what is open, or a class that contains itself kills smtpd before.
        """
        known: dict[str, bool | None] = {}
        answers = [
            self._controls(self.lists[name], known, _DEEPEST)
            for name in (RECIPIENT, RELAY)
            if name in self.lists
        ]
        return True if True in answers else None if None in answers else False

    def _controls(self, where: AccessList, known: dict[str, bool | None], depth: int) -> bool | None:
        """The answer for one list; *known*: those for classes, None for one that is being looked at."""
        if where.value.problem or depth == 0:
            return None
        items = iter(where.items)
        for item in items:
            word = item.text.lower()
            if not item.known:
                return None
            if word == WARN_IF_REJECT and item is not where.items[-1]:
                next(items)
            elif word in _ENDS_WITH_PERMIT:
                return False
            elif word in _RELAY_CONTROL:
                return True
            elif item.text in self.classes:
                if item.text not in known:
                    known[item.text] = None
                    known[item.text] = self._controls(self.classes[item.text], known, depth - 1)
                if known[item.text] is not False:
                    return known[item.text]
        return False

    def cycles(self) -> list[tuple[Restriction, AccessList]]:
        """The class words that lead smtpd back into a class that it is in, each with where it stands.

        It dies there of the endless way.
        """
        found: list[tuple[Restriction, AccessList]] = []
        done: set[str] = set()
        for name in self.classes:
            if name not in done:
                found += self._cycles_from(name, done)
        return found

    def _cycles_from(self, name: str, done: set[str]) -> Iterator[tuple[Restriction, AccessList]]:
        path: dict[str, Iterator[Restriction]] = {name: self._class_words(name)}
        while path:
            current = next(reversed(path))
            word = next(path[current], None)
            if word is None:
                done.add(current)
                del path[current]
            elif word.name in path:
                yield word, self.classes[current]
            elif word.name not in done:
                path[word.name] = self._class_words(word.name)

    def _class_words(self, name: str) -> Iterator[Restriction]:
        words = self.classes[name].restrictions
        return (word for word in words if word.kind == CLASS and word.ended_by is None)


def access_lists(view: View) -> AccessLists:
    """The access lists of the smtpd that *view* belongs to."""
    known: dict[View, AccessLists] = view.configuration.memo.setdefault("access_lists", {})
    found = known.get(view)
    if found is None:
        found = known[view] = AccessLists(view)
    return found


class _Reader:
    """Takes the words of a list one after the other (generic_checks in smtpd/smtpd_check.c)."""

    __slots__ = ("classes", "items", "next", "version")

    def __init__(self, items: Sequence[Item], classes: frozenset[str], version: Version) -> None:
        self.items = items
        self.classes = classes
        self.version = version
        self.next = 0

    def read(self) -> Iterator[Restriction]:
        warns = behind_open = False
        while self.next < len(self.items):
            word = self.items[self.next]
            self.next += 1
            restriction = self._restriction(word)
            restriction.warns = warns
            restriction.certain = not behind_open or restriction.kind in (BUILT_IN, CLASS)
            warns = restriction.name == WARN_IF_REJECT or (warns and restriction.kind == OPEN)
            behind_open = restriction.kind == OPEN
            yield restriction

    def _restriction(self, word: Item) -> Restriction:
        if ":" in word.text.partition("…")[0]:
            return Restriction(word, TABLE, argument=word, problem=_group_problem(word, ""))
        if not word.known:
            return Restriction(word, OPEN)
        fact = self._built_in(word.text)
        if fact is not None:
            return self._with_argument(word, fact)
        if word.text in self.classes:
            return Restriction(word, CLASS, word.text)
        said = f'unknown smtpd restriction: "{word.text}"'
        return Restriction(word, UNKNOWN_WORD, problem=Problem(UNKNOWN_NAME, REFUSES, said))

    def _built_in(self, word: str) -> vocabulary.Restriction | None:
        fact = vocabulary.restriction(word)
        if fact is None or not fact.since.within(self.version):
            return None
        return None if fact.name == _CASE_COUNTS and word != _CASE_COUNTS else fact

    def _is_restriction(self, word: str) -> bool:
        return self._built_in(word) is not None or word in self.classes

    def _with_argument(self, word: Item, fact: vocabulary.Restriction) -> Restriction:
        argument, problem = _ARGUMENTS[fact.argument](self, word, fact) if fact.argument else (None, None)
        if fact.until is not None and self.version.has(fact.until):
            said = f'support for restriction "{fact.name}" has been removed in Postfix {fact.until}; ...'
            problem = Problem(REMOVED, REFUSES, said)
        return Restriction(word, BUILT_IN, fact.name, fact, argument, problem)

    def _peek(self) -> Item | None:
        return self.items[self.next] if self.next < len(self.items) else None

    def _take(self) -> Item:
        self.next += 1
        return self.items[self.next - 1]

    def _take_bad(self) -> Item | None:
        """A word that is no argument; one that is a restriction by itself stays."""
        following = self._peek()
        return None if following is None or self._is_restriction(following.text) else self._take()

    def _table(self, word: Item, fact: vocabulary.Restriction) -> tuple[Item | None, Problem | None]:
        following = self._peek()
        if following is not None and (":" in following.text or not following.known):
            return self._take(), _group_problem(following, fact.name)
        shown = following.text if following is not None else word.text
        said = f'restriction {fact.name}: bad argument "{shown}": need maptype:mapname'
        return self._take_bad(), Problem(NO_TABLE, REFUSES, said)

    def _policy(self, word: Item, fact: vocabulary.Restriction) -> tuple[Item | None, Problem | None]:
        following = self._peek()
        if following is None:
            said = "restriction check_policy_service must be followed by transport:server"
            return None, Problem(NO_ENDPOINT, REFUSES, said)
        if not following.known:
            return self._take(), None
        from .policy_service import policy_service_problem

        refused = policy_service_problem(following.text, self.version)
        if ":" in following.text or following.text.startswith("{"):
            problem = Problem(BAD_ENDPOINT, DIES_AT_START, refused.said) if refused is not None else None
            return self._take(), problem
        said = f'need service transport:endpoint instead of "{following.text}"'
        return self._take_bad(), Problem(NO_ENDPOINT, DIES_AT_START, said)

    def _digits(self, word: Item, fact: vocabulary.Restriction) -> tuple[Item | None, Problem | None]:
        following = self._peek()
        if following is not None and (_is_number(following.text) or not following.known):
            return self._take(), None
        said = f"restriction {fact.name} must be followed by number"
        return self._take_bad(), Problem(NO_NUMBER, REFUSES, said)

    def _dnsbl(self, word: Item, fact: vocabulary.Restriction) -> tuple[Item | None, Problem | None]:
        following = self._peek()
        if following is None:
            said = f"restriction {word.text} requires domain name argument"
            return None, Problem(NO_DOMAIN, SKIPPED, said)
        self._take()
        if following.known and self._is_restriction(following.text):
            return following, Problem(TAKES_RESTRICTION, SKIPPED)
        pattern = dns_list(following.text).filter
        if following.known and "=" in following.text and not is_filter(pattern):
            return following, Problem(BAD_FILTER, DIES, f"RBL reply error: ... {pattern}")
        return following, None


_ARGUMENTS = {
    "table": _Reader._table,
    "policy": _Reader._policy,
    "digits": _Reader._digits,
    "dnsbl": _Reader._dnsbl,
}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


class TableArgument(NamedTuple):
    """A table with what may stand around it: ``TYPE:NAME`` or ``{ TYPE:NAME, { search_order = ... } }``."""

    table: str
    """``TYPE:NAME``; empty where it cannot be read."""
    start: int
    """Where it stands in the argument."""
    search_order: tuple[str, ...]
    said: str
    """What smtpd says when it cannot read it, in its words."""


def table_argument(text: str) -> TableArgument:
    """Read the argument of a check_..._access restriction (global/map_search.c)."""
    if not text.startswith("{"):
        return TableArgument(text, 0, (), "")
    group = open_group(text)
    if group.error:
        return TableArgument("", 0, (), f"malformed map specification: '{group.error}'")
    parts = split_list(group.payload, braces=True)
    if not parts:
        return TableArgument("", 0, (), f"empty map specification: '{text}'")
    table, *attributes = parts
    if ":" not in table.text:
        return TableArgument("", 0, (), f"expected maptype:mapname instead of '{table.text}'")
    order: tuple[str, ...] = ()
    for attribute in attributes:
        inside = open_group(attribute.text).payload if attribute.text.startswith("{") else attribute.text
        name, equals, value = inside.partition("=")
        if not equals or not name.strip():
            return TableArgument("", 0, (), f"malformed map attribute in '{text}'")
        if name.strip().lower() != "search_order":
            return TableArgument("", 0, (), f"unknown map attribute in '{text}': '{name.strip()}'")
        order = tuple(item.text for item in split_list(value.strip(), braces=False))
    for search in order:
        if search not in _SEARCH_TYPES:
            return TableArgument("", 0, (), f"unknown search type '{search}' in '{text}'")
    return TableArgument(table.text, group.start + table.start, order, "")


def _group_problem(argument: Item, restriction: str) -> Problem | None:
    """What smtpd has against a table in braces; *restriction* is empty for a bare one."""
    if not argument.text.startswith("{") or not argument.known:
        return None
    said = table_argument(argument.text).said
    if not said and restriction != _WITH_GROUP:
        said = f"unexpected dictionary: {argument.text}"
    return Problem(BAD_GROUP, REFUSES, said) if said else None


class _Ends:
    """Finds the words that nobody gets past."""

    __slots__ = ("classes", "known")

    def __init__(self, classes: dict[str, AccessList]) -> None:
        self.classes = classes
        self.known: dict[tuple[str, bool], bool] = {}

    def mark(self, restrictions: Sequence[Restriction]) -> None:
        """Tell each restriction by which earlier one the list ends."""
        ender: Restriction | None = None
        for restriction in restrictions:
            restriction.ended_by = ender
            if ender is None and self._ends(restriction, restriction.warns, _DEEPEST):
                ender = restriction

    def _ends(self, restriction: Restriction, warns: bool, depth: int) -> bool:
        """*warns*: whether it stands behind warn_if_reject, itself or a class on the way to it."""
        if restriction.kind == CLASS:
            return self._class_ends(restriction.name, warns, depth)
        if restriction.kind != BUILT_IN or restriction.problem is not None:
            return False
        return restriction.name in _ENDS_WITH_PERMIT or (restriction.name in _ENDS_WITH_REJECT and not warns)

    def _class_ends(self, name: str, warns: bool, depth: int) -> bool:
        if depth == 0:
            return False
        if (name, warns) not in self.known:
            self.known[name, warns] = False  # for a class that contains itself
            self.known[name, warns] = any(
                self._ends(inside, warns or inside.warns, depth - 1)
                for inside in self.classes[name].restrictions
            )
        return self.known[name, warns]
