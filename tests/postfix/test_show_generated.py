"""``maillint show`` prints what the real postconf prints, on configurations that nobody would write.

Left out are two things that postconf alone misreads, while every other program of Postfix reads them as
``show`` does: ``-oname=value`` in one word with a second ``o`` in it, which it cuts there, and the lone
argument ``-``, behind which it goes on looking for options (postconf/postconf_master.c).

Where postconf crashes (a comparison that refers to itself exhausts its stack), ``show`` refuses.
"""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from postfix.oracle import Pair, Question, ask, installed_version
from support import needs_postfix

pytestmark = needs_postfix

BUILT_IN = (
    "myhostname", "mydomain", "myorigin", "mydestination", "mynetworks", "relayhost", "alias_maps",
    "smtpd_banner", "smtpd_recipient_restrictions", "smtpd_restriction_classes", "virtual_alias_maps",
    "smtpd_tls_security_level", "compatibility_level", "queue_directory", "local_recipient_maps",
    "smtpd_timeout", "proxy_read_maps", "inet_protocols", "mynetworks_style", "config_directory",
)  # fmt: skip
RAW = ("smtpd_reject_footer", "mailbox_command", "default_rbl_reply")
LEGACY = ("virtual_maps", "authorized_verp_clients", "postscreen_whitelist_interfaces")
READ_ONLY = ("process_name", "process_id", "service_name")
OF_SERVICES = ("one_destination_recipient_limit", "two_time_limit", "one_time_limit", "smtp_rate_delay")
OF_TABLES = ("people_search_base", "people_query", "people_server_host", "my_hosts")
MADE_UP = ("one", "two", "three", "people", "Four_4", "sender-classes", "9")
NAMES = BUILT_IN + RAW + LEGACY + READ_ONLY + OF_SERVICES + OF_TABLES + MADE_UP

names = st.sampled_from(NAMES) | st.sampled_from(MADE_UP)
referable = names.filter(lambda name: "-" not in name)
words = st.sampled_from(
    ("example.com", "permit_mynetworks", "reject", "hash:/etc/x", "ldap:people", "proxy:mysql:my", "ldap:/x",
     "yes", "3.6", "0", "all", "ipv4", "host", "[::1]/128", "{a b}", "{ ldap:people }", "inline:{a=b}", ",",
     "unionmap:{ldap:people,pgsql:my}", "$$", "#", '"q"', "\\", "é", "{", "}", "pcre:{{/^x/ y}}")
)  # fmt: skip


def macros(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(("==", "!=", "<", ">=", "<level", ">=level", " == ", "<nosuch", "="))
    return st.one_of(
        st.builds("${{{}?{{{}}}:{{{}}}}}".format, referable, inner, inner),
        st.builds("${{{}?{}}}".format, referable, inner),
        st.builds("${{{} : {{{}}} }}".format, referable, inner),
        st.builds("${{{{{}}}{}{{{}}}?{{{}}}:{}}}".format, inner, operators, inner, inner, inner),
        st.builds("${{{{{}}}{}{{{}}}}}".format, inner, operators, inner),
    )


references = (
    st.builds("${}".format, referable)
    | st.builds("${{{}}}".format, referable)
    | st.builds("$({})".format, referable)
)
rare = st.sampled_from(("$", "${", "${one", "$one-x", "${one.x}", "${}", "$()", "${domain_to_ascii{x}}"))
texts = st.recursive(
    words | references | words | references | words,
    lambda inner: macros(inner) | st.builds("{} {}".format, inner, inner),
)
values = st.lists(texts, max_size=3).map(" ".join) | texts

blanks = st.sampled_from((" = ", "=", " =", "= ", "\t=\t", "\n = "))
setting = st.builds("{}{}{}".format, names, blanks, values)
folded = setting.map(lambda line: line.replace(" ", "\n# a comment = 1\n\n  ", 2))
oddities = st.sampled_from(
    (
        "# comment",
        "",
        " indented = 1",
        "one",
        "= 1",
        "one = 1\r",
        "one = a\0b",
        "\ufeffone = 1",
        "one two = 3",
    )
)
wrong = st.builds("{} = {}{}".format, names, texts, rare)
main_lines = st.one_of(setting, setting, setting, setting, setting, folded)

services = st.sampled_from(("smtp", "one", "two", "submission", "127.0.0.1:10025", "relay"))
commands = st.sampled_from(("smtpd", "smtp", "pipe", "local", "spawn", "qmgr", "error", "/x/lmtp"))
types = st.sampled_from(("inet", "unix", "unix-dgram", "fifo", "pass"))
options = st.one_of(
    st.builds("-o {}={}".format, names, words.filter(lambda word: " " not in word)),
    st.builds("-o {}={}".format, names, references),
    st.builds("-o {{ {} = {} }}".format, names, texts),
    st.builds("-ovirtual_maps={}".format, st.sampled_from(("$alias_maps", "reject", "$9"))),
    st.builds("-vo {}=".format, names),
    st.sampled_from(("-v", "-D", "-o", "flags=x", "--", "{ a b }", "-o one", "-o =x", "# x")),
)
fields = st.sampled_from(("- - n - -", "n n y 60 1", "y - - 60? 0", "- n n ? -", "- n n -? -"))
entries = st.builds(
    lambda name, kind, rest, command, extra: "\n  ".join([f"{name} {kind} {rest} {command}", *extra]),
    services, types, fields, commands, st.lists(options, max_size=4),
)  # fmt: skip
odd_entries = st.sampled_from(
    (
        "smtp inet n",
        "one tcp - - n - - smtpd",
        "one unix x - n - - smtpd",
        "one unix - - n 5x 1 smtpd",
        " one",
    )
)
master_lines = st.one_of(entries, entries, entries, entries, st.sampled_from(("# comment", "")))


def configurations(
    main: st.SearchStrategy[str], master: st.SearchStrategy[str]
) -> st.SearchStrategy[Question]:
    def file(lines: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
        return st.lists(lines, max_size=10).map(lambda found: ("\n".join(found) + "\n").encode())

    return st.builds(
        lambda main, master: Question(f"{main!r} {master!r}", main, master, ("-n", "-nx", "-P")),
        file(main),
        file(master),
    )


def generated(strategy: st.SearchStrategy[Question], count: int) -> list[Question]:
    """The same configurations in every run; collected, so that postconf can run on many at a time."""
    found: dict[str, Question] = {}

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(question: Question) -> None:
        found[question.name] = question

    collect()
    return list(found.values())


def differences(pairs: list[Pair]) -> list[str]:
    return [pair.difference for pair in pairs if pair.difference]


def test_well_formed_configurations() -> None:
    pairs = list(ask(generated(configurations(main_lines, master_lines), 300), installed_version()))
    assert sum(pair.real.accepted for pair in pairs) > 300
    assert differences(pairs) == []


def test_malformed_configurations() -> None:
    odd = configurations(main_lines | oddities | wrong, master_lines | odd_entries)
    pairs = list(ask(generated(odd, 100), installed_version()))
    assert sum(not pair.real.accepted for pair in pairs) > 50
    assert differences(pairs) == []
