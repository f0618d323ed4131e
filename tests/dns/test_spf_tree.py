"""The static walk of the tree of SPF records: what it costs, where it breaks; limits from RFC 7208 4.6.4."""

import pytest

from maillint.dns.answer import ANSWER, SERVFAIL, Answer, Question
from maillint.dns.spf_strings import Fused, fused, reply_size
from maillint.dns.spf_tree import crowded, voids, walk
from maillint.dns.zone import Zone


def zone(*lines: str) -> Zone:
    return Zone("".join(f"{line}\n" for line in lines))


def txt(name: str, *strings: str) -> str:
    return f"{name}. 60 TXT " + " ".join(f'"{string}"' for string in strings)


def test_every_term_that_may_be_reached_is_counted() -> None:
    tree = walk(
        zone(
            txt("a.net", "v=spf1 a mx:m.net include:b.net exists:%{i}.e.net ip4:192.0.2.1 ptr -all mx"),
            txt("b.net", "v=spf1 include:c.net redirect=d.net"),
            txt("c.net", "v=spf1 a -all"),
            txt("d.net", "v=spf1 a mx ~all redirect=c.net"),
        ),
        "a.net",
    )
    assert [(branch.term.text, branch.lookups) for branch in tree.branches] == [
        ("a", 1),
        ("mx:m.net", 1),
        ("include:b.net", 1 + (1 + 1) + (1 + 2)),
        ("exists:%{i}.e.net", 1),
        ("ptr", 1),
    ]
    assert tree.lookups == 10
    assert tree.dearest is not None
    assert tree.dearest.term.text == "include:b.net"
    assert [node.domain for node in tree.nodes()] == ["a.net", "b.net", "c.net", "d.net"]


def test_a_loop_ends_and_is_known() -> None:
    tree = walk(zone(txt("a.net", "v=spf1 include:b.net"), txt("b.net", "v=spf1 redirect=a.net")), "A.net.")
    loops = [node.path for node in tree.nodes() if node.loops]
    assert loops == [("a.net", "b.net", "a.net")]
    assert tree.lookups == 2


def test_a_tree_without_end_is_given_up() -> None:
    lines = [
        txt(
            f"n{number}.net",
            f"v=spf1 include:n{number + 1}.net include:m{number}.net include:n{number + 1}.net",
        )
        for number in range(40)
    ]
    tree = walk(zone(*lines), "n0.net")
    assert tree.lookups > 10
    assert sum(1 for _ in tree.nodes()) < 1000


def test_a_target_is_followed_where_it_does_not_depend_on_the_sender() -> None:
    tree = walk(
        zone(txt("a.net", "v=spf1 include:_s.%{d} include:%{i}.x.net -all"), txt("_s.a.net", "v=spf1 -all")),
        "a.net",
    )
    assert [branch.target for branch in tree.branches] == ["_s.a.net", None]


def test_an_unanswered_question_is_told() -> None:
    class Dns:
        def is_public(self, name: str) -> bool:
            return True

        def ask(self, name: str, rdtype: str) -> Answer:
            question = Question(name, rdtype)
            if name == "b.net":
                return Answer(question, SERVFAIL)
            return zone(txt("a.net", "v=spf1 include:b.net -all")).ask(name, rdtype)

    (answer,) = walk(Dns(), "a.net").unanswered()
    assert (answer.question.name, answer.status) == ("b.net", SERVFAIL)


def test_voids_depend_on_the_family() -> None:
    dns = zone(
        txt(
            "a.net",
            "v=spf1 a:gone.net a:four.net a:six.net mx:none.net mx:m.net exists:four.net include:x.net -all",
        ),
        "four.net. 60 A 192.0.2.1",
        "six.net. 60 AAAA 2001:db8::1",
        "m.net. 60 MX 1 four.net.",
        "x.net. 60 A 192.0.2.1",
    )
    tree = walk(dns, "a.net")
    assert [void.term.text for void in voids(dns, tree, 4)] == ["a:gone.net", "a:six.net", "mx:none.net"]
    assert [void.term.text for void in voids(dns, tree, 6)] == [
        "a:gone.net", "a:four.net", "mx:none.net", "mx:m.net",
    ]  # fmt: skip


@pytest.mark.parametrize("servers", [10, 11])
def test_an_mx_with_too_many_servers(servers: int) -> None:
    dns = zone(
        txt("a.net", "v=spf1 mx -all"), *(f"a.net. 60 MX 1 m{number}.net." for number in range(servers))
    )
    assert [count for _, _, count in crowded(dns, walk(dns, "a.net"))] == ([11] if servers == 11 else [])


@pytest.mark.parametrize(
    ("strings", "terms"),
    [
        (("v=spf1 ip4:192.0.2.1", "ip4:192.0.2.2 -all"), [("ip4:192.0.2.1", "ip4:192.0.2.2")]),
        (("v=spf1 include:a.net", "-all"), [("include:a.net", "-all")]),
        (("v=spf1", "mx -all"), [("v=spf1", "mx")]),
        (("v=spf1 mx", "redirect=a.net"), [("mx", "redirect=a.net")]),
        (("v=spf1 ip4:192.0.2.1 ", "ip4:192.0.2.2 -all"), []),
        (("v=spf1 ip4:192.0.2.1", " ip4:192.0.2.2 -all"), []),
        (("v=spf1 ip4:192.0.", "2.1 -all"), []),
        (("v=spf1 include:_spf.goo", "gle.com -all"), []),
        (("v=spf1 ip4:192.0.2.0/2", "4 -all"), []),
        (("v=sp", "f1 m", "x -a", "ll"), []),
        (("v=spf1 mx -all",), []),
        (("no", "spf", "all"), []),
    ],
)
def test_strings_that_make_two_terms_one(strings: tuple[str, ...], terms: list[tuple[str, str]]) -> None:
    answer = zone(txt("a.net", *strings)).ask("a.net", "TXT")
    assert answer.status == ANSWER
    assert fused(answer) == tuple(Fused(*pair) for pair in terms)


def test_the_size_of_a_reply_is_that_on_the_wire() -> None:
    import dns.message
    import dns.rrset

    texts = ['"v=spf1 -all"', '"' + "x" * 200 + '"', '"ab" "cd"']
    answer = zone(*(f"example.com. 60 TXT {text}" for text in texts)).ask("example.com", "TXT")
    message = dns.message.make_response(dns.message.make_query("example.com", "TXT"))
    message.answer.append(dns.rrset.from_text_list("example.com.", 60, "IN", "TXT", texts))
    assert reply_size(answer) == len(message.to_wire())
