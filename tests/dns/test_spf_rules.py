"""The SPF rules as ``maillint check --online`` runs them, against the real nsd: the story, and every rule."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.dns_server import FaultyServer, nsd
from support import ROOT, needs_nsd, run_maillint

HERE = "203.0.113.10"
HERE6 = "2001:db8::10"

HEAD = """\
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
web01.bakery.net.       A     203.0.113.10
web01.bakery.net.       TXT   "v=spf1 a -all"
_spf.google.com.        TXT   "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 ~all"
here.net.               TXT   "v=spf1 ip4:203.0.113.10 -all"
gone.net.               A     192.0.2.1
"""

STORY = '"v=spf1 include:_spf.google.com ~all"'

RECORDS = {
    "bakery.net": STORY,
    "fail.net": '"v=spf1 ip4:192.0.2.1 -all"',
    "neutral.net": '"v=spf1 ip4:192.0.2.1 ?all"',
    "redirect.net": '"v=spf1 redirect=bakery.net"',
    "passes.net": '"v=spf1 a:web01.bakery.net -all"',
    "included.net": '"v=spf1 include:here.net ~all"',
    "six.net": '"v=spf1 ip6:2001:db8::10 -all"',
    "syntax.net": '"v=spf1 ip4:203.0.113.10 ipv4:192.0.2.1 -all"',
    "smart.net": '"v=spf1 include:_spf.google.com \\226\\128\\147all"',
    "deep.net": '"v=spf1 include:syntax.net -all"',
    "missing.net": '"v=spf1 include:gone.net -all"',
    "misspelt.net": '"v=spf1 redirect=nowhere.net"',
    "many.net": '"v=spf1 ' + " ".join(f"exists:%{{i}}.{n}.net" for n in range(11)) + ' -all"',
    "ten.net": '"v=spf1 ' + " ".join(f"exists:%{{i}}.{n}.net" for n in range(10)) + ' ip4:203.0.113.10 -all"',
    "loop.net": '"v=spf1 include:pool.net -all"',
    "pool.net": '"v=spf1 include:loop.net -all"',
    "void.net": '"v=spf1 a:x.nix.net a:y.nix.net a:z.nix.net -all"',
    "plus.net": '"v=spf1 mx:web01.bakery.net all"',
    "plusbelow.net": '"v=spf1 include:plus.net -all"',
    "wide.net": '"v=spf1 ip4:0.0.0.0/0 -all"',
    "open.net": '"v=spf1 ip4:203.0.113.10"',
    "last.net": '"v=spf1 -all ip4:203.0.113.10"',
    "both.net": '"v=spf1 redirect=here.net -all"',
    "ptr.net": '"v=spf1 ip4:203.0.113.10 ptr -all"',
    "long.net": '"v=spf1 ' + " ".join(f"ip4:192.0.2.{n}" for n in range(14)) + '" " '
    + " ".join(f"ip4:192.0.2.{n}" for n in range(14, 28)) + " ip4:203.0.113.10 "
    + '" "' + " ".join(f"ip6:2001:db8::{n}" for n in range(6)) + ' -all"',
    "fused.net": '"v=spf1 ip4:203.0.113.10" "ip4:192.0.2.1 -all"',
    "fusedall.net": '"v=spf1 include:here.net" "-all"',
    "torn.net": '"v=spf1 ip4:203.0." "113.10 -all"',
}  # fmt: skip

EXTRA = """\
old.net.  SPF "v=spf1 ip4:203.0.113.10 -all"
old.net.  TXT "v=spf1 ip4:203.0.113.10 -all"
*.stuff.net. A 192.0.2.1
nix.net.  A 192.0.2.1
twice.net. TXT "v=spf1 include:double.net -all"
double.net. TXT "v=spf1 -all"
double.net. TXT "v=spf1 ip4:192.0.2.1 -all"
"""

ZONE = HEAD + "".join(f"{name}. TXT {data}\n" for name, data in RECORDS.items()) + EXTRA


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with nsd({".": ZONE}) as address:
        yield address


RULES = tuple(path.stem.replace("_", "-") for path in (ROOT / "rules/maillint_rules/online").glob("spf_*.py"))


def check(directory: Path, server: str, *options: str, status: int | None = None) -> dict[str, Any]:
    run = run_maillint(
        "check", "--online", "--resolver", server, "--select", ",".join(RULES), "--format", "json",
        *options, directory,
    )  # fmt: skip
    assert status in (None, run.returncode), run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    assert report["errors"] == []
    return report


def judged(tmp_path: Path, server: str, main: str, *options: str) -> dict[str, Any]:
    (tmp_path / "main.cf").write_text(main)
    return check(tmp_path, server, *(options or ("--public-ip", HERE)))


def host(domain: str, *lines: str) -> str:
    return "".join(f"{line}\n" for line in ("myhostname = web01.bakery.net", f"myorigin = {domain}", *lines))


# --- the story -------------------------------------------------------------------------------------------


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """The example with the domain of somebody, as example.com belongs to nobody."""
    shutil.copytree(ROOT / "examples/gmail-bounce/after", tmp_path / "postfix")
    main = tmp_path / "postfix/main.cf"
    main.write_text(main.read_text().replace("example.com", "bakery.net"))
    return main.parent


@needs_nsd
def test_the_story(server: str, story: Path) -> None:
    report = check(story, server, "--public-ip", HERE, status=1)
    (finding,) = report["findings"]
    assert report["not_checked"] == []
    assert (finding["rule"], finding["severity"], finding["confidence"]) == (
        "spf-host-not-authorised", "error", "high",
    )  # fmt: skip
    line = next(
        number
        for number, text in enumerate((story / "main.cf").read_text().splitlines(), 1)
        if text.startswith("myorigin")
    )
    assert finding["start"]["line"] == line
    assert (
        "leaves as user@bakery.net (`myorigin = $mydomain`, `mydomain = bakery.net`) from 203.0.113.10"
        in finding["message"]
    )
    assert f"(`bakery.net TXT`, asked of {server}: 1 record)" in finding["message"]
    assert "softfail for 203.0.113.10 (`~all` of bakery.net, after 1 lookup)" in finding["message"]
    assert "it names the servers of _spf.google.com only" in finding["message"]
    assert "550-5.7.26" in finding["message"]
    assert 'bakery.net. 3600 IN TXT "v=spf1 ip4:203.0.113.10 include:_spf.google.com ~all"' in finding["mend"]


@needs_nsd
def test_the_proposed_record_ends_the_story(story: Path) -> None:
    right = HEAD + 'bakery.net. TXT "v=spf1 ip4:203.0.113.10 include:_spf.google.com ~all"\n'
    with nsd({".": right}) as server:
        report = check(story, server, "--public-ip", HERE, status=0)
    assert (report["findings"], report["not_checked"]) == ([], [])


@needs_nsd
def test_the_address_may_stand_in_the_settings(server: str, story: Path) -> None:
    (story / "maillint.toml").write_text(f'public-ip = ["{HERE}"]\n')
    report = check(story, server)
    assert [finding["rule"] for finding in report["findings"]] == ["spf-host-not-authorised"]
    (story / "maillint.toml").write_text('public-ip = ["web01"]\n')
    run = run_maillint("check", story)
    assert run.returncode == 2
    assert "public-ip: 'web01' is not an IP address" in run.stderr


# --- may this host send? ---------------------------------------------------------------------------------


@needs_nsd
@pytest.mark.parametrize(
    ("domain", "result", "says"),
    [
        ("fail.net", "fail", "receivers refuse such mail"),
        ("redirect.net", "softfail", "`~all` of bakery.net"),
        ("passes.net", "", ""),
        ("included.net", "", ""),
        ("torn.net", "", ""),
        ("ten.net", "", ""),
    ],
)
def test_results(server: str, tmp_path: Path, domain: str, result: str, says: str) -> None:
    report = judged(tmp_path, server, host(domain))
    if not result:
        assert (report["findings"], report["not_checked"]) == ([], [])
        return
    (finding,) = report["findings"]
    assert (finding["rule"], finding["severity"]) == ("spf-host-not-authorised", "error")
    assert f"gives {result} for {HERE}" in finding["message"]
    assert says in finding["message"]


@needs_nsd
@pytest.mark.parametrize(
    ("lines", "options", "severity", "confidence"),
    [
        ((), ("--public-ip", HERE), "error", "high"),
        ((f"smtp_bind_address = {HERE}",), (), "error", "high"),
        ((f"inet_interfaces = {HERE}, ::1",), (), "error", "high"),
        (("non_smtpd_milters = inet:localhost:8891",), ("--public-ip", HERE), "warning", "high"),
        (("transport_maps = hash:/etc/postfix/transport",), ("--public-ip", HERE), "warning", "medium"),
        # Guesses: the address of the name in the greeting, and one of several in inet_interfaces.
        ((), (), "warning", "medium"),
        ((f"inet_interfaces = {HERE}, 127.0.0.1",), (), "warning", "medium"),
    ],
)
def test_how_sure_it_is(
    server: str,
    tmp_path: Path,
    lines: tuple[str, ...],
    options: tuple[str, ...],
    severity: str,
    confidence: str,
) -> None:
    report = judged(tmp_path, server, host("bakery.net", *lines), *(options or ("--hostname", "x")))
    (finding,) = report["findings"]
    assert finding["rule"] == "spf-host-not-authorised"
    assert (finding["severity"], finding["confidence"]) == (severity, confidence)
    assert HERE in finding["message"]
    is_guess = confidence == "medium" and not any("transport" in line for line in lines)
    assert ("a guess" in finding["message"]) == is_guess


@needs_nsd
@pytest.mark.parametrize(
    ("domain", "lines", "says"),
    [
        ("here.net", (), "lets 203.0.113.10 send, but whether this host sends from there is a guess"),
        ("here.net", ("smtp_bind_address = 10.1.2.3",), "a private address that a router replaces"),
        ("here.net", ("smtp_helo_name = unknown.bakery.net",), "is not known; tell it with --public-ip"),
        ("here.net", ("relayhost = [mail.isp.net]",), "goes through the relay `[mail.isp.net]`"),
    ],
)
def test_what_is_not_known_is_not_ok(
    server: str, tmp_path: Path, domain: str, lines: tuple[str, ...], says: str
) -> None:
    report = judged(tmp_path, server, host(domain, *lines), "--hostname", "x")
    assert [finding for finding in report["findings"] if finding["rule"] == "spf-host-not-authorised"] == []
    notes = [note for note in report["not_checked"] if note["rule"] == "spf-host-not-authorised"]
    assert len(notes) == 1
    assert says in notes[0]["reason"]


@needs_nsd
def test_ipv6_alone(server: str, tmp_path: Path) -> None:
    # The name in the greeting has no AAAA record, which is another cause.
    both = ("--public-ip", f"{HERE},{HERE6}", "--ignore", "spf-helo-missing")
    (finding,) = judged(tmp_path, server, host("here.net"), *both)["findings"]
    assert (finding["rule"], finding["severity"]) == ("spf-ipv6-not-covered", "error")
    assert f'"v=spf1 ip6:{HERE6} ip4:{HERE} -all"' in finding["mend"]
    assert "inet_protocols = ipv4" in finding["mend"]
    report = judged(tmp_path, server, host("here.net", "inet_protocols = ipv4"), *both)
    assert report["findings"] == []
    # The other way round, and neither: the record does not know the host.
    for domain in ("six.net", "bakery.net"):
        (finding,) = judged(tmp_path, server, host(domain), *both)["findings"]
        assert finding["rule"] == "spf-host-not-authorised"


@needs_nsd
def test_each_domain_of_users_is_asked_about(server: str, tmp_path: Path) -> None:
    (tmp_path / "logins").write_text("@fail.net joe\nann@here.net ann\n")
    (tmp_path / "master.cf").write_text(
        "submission inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes\npickup unix n - n 60 1 pickup\n"
        "smtp unix - - n - - smtp\nrewrite unix - - n - - trivial-rewrite\n"
    )
    main = host(
        "here.net", "smtpd_sender_login_maps = hash:/etc/postfix/logins", "virtual_alias_domains = none.net"
    )
    report = judged(tmp_path, server, main)
    found = {(finding["rule"], finding["start"]["line"]): finding for finding in report["findings"]}
    assert found.keys() == {("spf-host-not-authorised", 3), ("spf-missing", 4)}
    assert found["spf-host-not-authorised", 3]["severity"] == "error"
    hosted = found["spf-missing", 4]
    assert (hosted["severity"], hosted["confidence"]) == ("warning", "medium")


# --- each defect has its rule, and only that -------------------------------------------------------------


@needs_nsd
@pytest.mark.parametrize(
    ("domain", "rule", "says"),
    [
        (
            "syntax.net",
            "spf-syntax",
            "at column 25, `ipv4:192.0.2.1`: there is no mechanism `ipv4`; did you mean",
        ),
        ("smart.net", "spf-syntax", "at column 32, `–all`"),
        ("deep.net", "spf-syntax", "of syntax.net, to which `include:syntax.net` of deep.net leads,"),
        ("missing.net", "spf-include-missing", "`include:gone.net` in the SPF record of missing.net"),
        ("misspelt.net", "spf-include-missing", "NXDOMAIN"),
        ("twice.net", "spf-multiple-records", "2 SPF records (`double.net TXT`"),
        ("many.net", "spf-too-many-lookups", "11 lookups where 10 are allowed"),
        ("loop.net", "spf-too-many-lookups", "loop.net -> pool.net -> loop.net"),
        ("void.net", "spf-void-lookups", "3 terms of its SPF record find nothing"),
        ("plus.net", "spf-plus-all", "`all` in the SPF record of plus.net"),
        ("plusbelow.net", "spf-plus-all", "to which `include:plus.net` of plusbelow.net leads"),
        ("wide.net", "spf-plus-all", "`ip4:0.0.0.0/0`"),
        ("open.net", "spf-no-all", "ends without `all`"),
        ("last.net", "spf-all-not-last", "ignore `ip4:203.0.113.10`"),
        ("both.net", "spf-redirect-with-all", "ignore `redirect=here.net`"),
        ("ptr.net", "spf-ptr", "`ptr`"),
        ("long.net", "spf-record-too-long", "octets with its name, where 450"),
        ("fused.net", "spf-string-join-space", "read `ip4:203.0.113.10ip4:192.0.2.1`"),
        ("fusedall.net", "spf-string-join-space", "read `include:here.net-all`"),
        ("old.net", "spf-type99", "`old.net SPF`"),
    ],
)
def test_one_cause_one_finding(server: str, tmp_path: Path, domain: str, rule: str, says: str) -> None:
    report = judged(tmp_path, server, host(domain))
    assert [finding["rule"] for finding in report["findings"]] == [rule]
    assert says in report["findings"][0]["message"]
    assert report["not_checked"] == []


@needs_nsd
def test_two_causes_two_findings(server: str, tmp_path: Path) -> None:
    report = judged(tmp_path, server, host("neutral.net"))
    assert {finding["rule"] for finding in report["findings"]} == {"spf-host-not-authorised", "spf-no-all"}


@needs_nsd
def test_a_relay_makes_no_error_of_it(server: str, tmp_path: Path) -> None:
    (finding,) = judged(tmp_path, server, host("syntax.net", "relayhost = [mail.isp.net]"))["findings"]
    assert (finding["rule"], finding["severity"]) == ("spf-syntax", "warning")


@needs_nsd
@pytest.mark.parametrize(
    ("zone", "severity", "says"),
    [
        ("mail.bakery.net. A 203.0.113.10", "info", "has no SPF record"),
        ('mail.bakery.net. TXT "v=spf1 -all"', "warning", "does not name 203.0.113.10, `v=spf1 -all`"),
    ],
)
def test_the_greeting(tmp_path: Path, zone: str, severity: str, says: str) -> None:
    with nsd({".": f"{HEAD}{zone}\n"}) as server:
        report = judged(tmp_path, server, host("here.net", "smtp_helo_name = mail.bakery.net"))
    (finding,) = report["findings"]
    assert (finding["rule"], finding["severity"]) == ("spf-helo-missing", severity)
    assert finding["start"]["line"] == 3
    assert says in finding["message"]


@needs_nsd
@pytest.mark.parametrize("domain", sorted({*RECORDS} - {"bakery.net", "pool.net"}))
def test_each_mended_record_is_no_worse(server: str, tmp_path: Path, domain: str) -> None:
    """A record that a finding proposes whole is published, and that finding is gone."""
    report = judged(tmp_path, server, host(domain))
    proposals = [
        (finding["rule"], found[1])
        for finding in report["findings"]
        if (found := re.search(r'IN TXT ("v=spf1 .*")', finding["mend"])) is not None
    ]
    for rule, record in proposals:
        records = {**RECORDS, domain: record}
        text = HEAD + "".join(f"{name}. TXT {data}\n" for name, data in records.items()) + EXTRA
        with nsd({".": text}) as mended:
            left = judged(tmp_path, mended, host(domain))
        assert rule not in {finding["rule"] for finding in left["findings"]}


def test_no_answer_for_an_included_record_is_not_checked(tmp_path: Path) -> None:
    class Half(FaultyServer):
        """Knows the record of ``ok``, which includes one that it does not answer for."""

        def _respond(self, wire: bytes, over: str) -> bytes | None:
            import dns.message
            import dns.rrset

            query = dns.message.from_wire(wire)
            question = query.question[0]
            if question.name.labels[0] != b"ok" or question.rdtype != 16:
                return super()._respond(wire, over)
            reply = dns.message.make_response(query, recursion_available=True)
            data = '"v=spf1 include:servfail.bakery.net -all"'
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", data))
            return reply.to_wire()

    with Half() as server:
        report = judged(
            tmp_path,
            server.address,
            host("ok.bakery.net"),
            "--public-ip",
            HERE,
            "--ignore",
            "spf-helo-missing",
        )
    assert report["findings"] == []
    reasons = {note["question"]: note["reason"] for note in report["not_checked"]}
    assert "SERVFAIL" in reasons["servfail.bakery.net TXT"]
