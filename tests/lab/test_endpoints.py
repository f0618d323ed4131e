"""What the real Postfix says of endpoints, next hops and TLS lists is what maillint reads in them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.postfix import Postfix, free_port
from maillint.postfix import endpoints, tls
from maillint.postfix.version import Version
from support import needs_postfix, needs_root

pytestmark = [needs_postfix, needs_root]

INSTALLED = Version("3.7.11")

NEXTHOPS = (
    "127.0.0.1:@PORT2@",
    "[127.0.0.1]:@PORT2@",
    "[127.0.0.1]:",
    "[::1]:@PORT2@",
    "[ipv6:::1]:@PORT2@",
    "[ipv6:127.0.0.1]:@PORT2@",
    "[127.0.0.1",
    "[127.0.0.1]@PORT2@",
    "127.0.0.1:@PORT2@x",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.0.0.1:no.service",
    "127.0.0.1:smpt",
    "smtps://127.0.0.1:465",
    "inet:127.0.0.1:@PORT2@",
    "unix:private/x",
    "user@127.0.0.1",
    "127.0.0.1]:@PORT2@",
    "[127.0.0.1:@PORT2@]",
    "::1:@PORT2@",
    "-a.example",
    "1.2.3",
    "a..b",
)


@pytest.mark.parametrize("program", ["smtp", "lmtp"])
def test_nexthops(program: str) -> None:
    """Each next hop has a service of its own, so that the end of one keeps no other from starting."""
    port = str(free_port())
    nexthops = [nexthop.replace("@PORT2@", port) for nexthop in NEXTHOPS]
    services = "".join(f"t{i} unix - - n - - {program}\n" for i in range(len(nexthops)))
    entries = "".join(f"t{i}.example.net t{i}:{nexthop}\n" for i, nexthop in enumerate(nexthops))
    main = (
        "transport_maps = texthash:@DIR@/etc/transport\nlmtp_host_lookup = native\n"
        "lmtp_dns_support_level = disabled\ndefault_recipient_limit = 20000\n"
    )
    with Postfix(main, services, files={"transport": entries}) as postfix:
        for i in range(len(nexthops)):
            assert postfix.deliver(f"user@t{i}.example.net") == "accepted"
        for i, nexthop in enumerate(nexthops):
            problems = endpoints.nexthop_problems(nexthop, program, INSTALLED)
            dying = [found.said for found in problems if found.effect == endpoints.DIES]
            if dying:
                assert postfix.said(f"fatal: {re.escape(dying[0])}$"), f"not refused: {nexthop}"
            else:
                assert postfix.said(rf"to=<user@t{i}\.example\.net>.*status="), f"refused: {nexthop}"
        fatal = [line for line in postfix.log if "fatal:" in line]
        refused = [nexthop for nexthop in nexthops if endpoints.nexthop_problems(nexthop, program, INSTALLED)]
        assert len(fatal) == len(refused), fatal


MILTERS = (
    "inet:127.0.0.1:@PORT@",
    "inet:@PORT@",
    "unix:private/no-milter",
    "{ inet:127.0.0.1:@PORT@, connect_timeout=1s { default_action = tempfail } }",
    "127.0.0.1:@PORT@",
    "INET:127.0.0.1:@PORT@",
    "inet:",
    "inet:@PORT@@localhost",
    "inet:[::1:@PORT@",
    "inet:localhost",
    "inet:127.0.0.1:65536",
    "unix:" + "x" * 108,
    "{ inet:127.0.0.1:@PORT@",
    "{ inet:127.0.0.1:@PORT@ }x",
    "{ }",
    "{ inet:127.0.0.1:@PORT@ connect_timeout = 1s }",
    "{ inet:127.0.0.1:@PORT@ connect_timeout=1y }",
    "{ inet:127.0.0.1:@PORT@ connect_timeout=0 }",
    "{ inet:127.0.0.1:@PORT@ timeout=1s }",
    "{ inet:127.0.0.1:@PORT@ default_action= }",
    "{ inet:127.0.0.1:@PORT@ default_action=drop }",
)
_OF_THE_CONNECTION = re.compile(r"(connect to Milter service|daemon|process|.*bad command startup).*")


def test_milters() -> None:
    closed = str(free_port())
    milters = [milter.replace("@PORT@", closed) for milter in MILTERS]
    said = _said_by_servers("smtpd_milters", milters)
    for milter, lines in zip(milters, said, strict=True):
        problems = endpoints.milter_problems(milter, INSTALLED)
        told = [problem for problem in problems if problem.said]
        assert bool(told) == bool(lines), f"{milter}: {lines}"
        for problem in told:
            assert any(problem.said in line for line in lines), f"{milter}: {problem.said}; {lines}"
            dies = any("fatal:" in line for line in lines)
            assert (problem.effect == endpoints.DIES) == dies, f"{milter}: {lines}"


PROTOCOLS = (
    ">=TLSv1.2",
    ">= TLSv1.2",
    "<=0x0303 >=none",
    "!SSLv2:!sslv3, TLSv1",
    "! SSLv3",
    "!TLS1.0",
    "TLSv1_2",
    ">=TLS1.2",
    ">=SSLv2",
    "=>TLSv1.2",
    "!!SSLv3",
)


def test_protocols() -> None:
    options = ("smtpd_tls_security_level=may", "smtpd_tls_cert_file=none")
    said = _said_by_servers("smtpd_tls_protocols", PROTOCOLS, *options)
    for protocols, lines in zip(PROTOCOLS, said, strict=True):
        refused = any("Invalid TLS protocol list" in line for line in lines)
        assert bool(tls.protocol_problems(protocols, INSTALLED)) == refused, f"{protocols}: {lines}"


SASL_PATHS = (
    "private/no-auth",
    "unix:private/no-auth",
    "inet:127.0.0.1:@PORT@",
    "inet:@PORT@@127.0.0.1",
    "inet:127.0.0.1",
    "inet:[::1",
    "x" * 108,
)


def test_sasl_paths() -> None:
    closed = str(free_port())
    paths = [path.replace("@PORT@", closed) for path in SASL_PATHS]
    said = _said_by_servers("smtpd_sasl_path", paths, "smtpd_sasl_type=dovecot", "smtpd_sasl_auth_enable=yes")
    for path, lines in zip(paths, said, strict=True):
        problem = endpoints.sasl_path_problem(path)
        fatal = [line for line in lines if "fatal:" in line]
        assert fatal, "there is nobody at any of them"
        assert problem is None or any(problem.said in line for line in lines), f"{path}: {lines}"
        assert problem is not None or "no SASL authentication mechanisms" in fatal[0], f"{path}: {lines}"


def _said_by_servers(parameter: str, values: list[str] | tuple[str, ...], *options: str) -> list[list[str]]:
    """The warnings and fatal errors of a server for each value, when a client begins to send a message."""
    ports = [free_port() for _ in values]
    master = "".join(
        f"127.0.0.1:{port} inet n - n - - smtpd -o syslog_name=postfix/p{port}\n"
        + "".join(f"  -o {option}\n" for option in options)
        + f"  -o {parameter}=$value_{port}\n"
        for port in ports
    )
    main = "".join(f"value_{port} = {value}\n" for port, value in zip(ports, values, strict=True))
    with Postfix("smtpd_delay_reject = no\n" + main, master) as postfix:
        with ThreadPoolExecutor(len(ports)) as clients:
            list(clients.map(lambda port: postfix.try_recipient(port=port), ports))
        postfix.said("this is never said", timeout=0.3)
        lines = [line for line in postfix.log if re.search(r"warning: |fatal: ", line)]
    return [
        [
            line
            for line in lines
            if f"postfix/p{port}/" in line
            and not _OF_THE_CONNECTION.match(line.partition(": ")[2].partition(": ")[2])
        ]
        for port in ports
    ]


POLICIES = (
    "encrypt",
    "MAY protocols=TLSv1 ciphers=medium",
    "none match=x",
    "secure match=a.example:.b.example match=c.example",
    "fingerprint match=3D:95|3D:96",
    "encrypt connection_reuse=No servername=a.example",
    "must",
    "may match=x",
    "fingerprint tafile=/x",
    "secure match=",
    "encrypt ciphers=",
    "encrypt ciphers=high ciphers=high",
    "encrypt protocols=TLSv1 protocols=TLSv1",
    "encrypt servername=[x]",
    "encrypt connection_reuse=on",
    "encrypt policy_type=sts",
    "encrypt match",
    "encrypt =x",
    "encrypt { match = x }",
    "halfdane",
)


def test_tls_policies() -> None:
    closed = free_port()
    relays = [f"[127.0.0.{i + 1}]:{closed}" for i in range(len(POLICIES))]
    transports = "".join(f"t{i}.example.net smtp:{relay}\n" for i, relay in enumerate(relays))
    policies = "".join(f"{relay} {policy}\n" for relay, policy in zip(relays, POLICIES, strict=True))
    main = "transport_maps = texthash:@DIR@/etc/transport\nsmtp_tls_policy_maps = texthash:@DIR@/etc/policy\n"
    with Postfix(main, files={"transport": transports, "policy": policies}) as postfix:
        for i, (relay, policy) in enumerate(zip(relays, POLICIES, strict=True)):
            assert postfix.deliver(f"user@t{i}.example.net") == "accepted"
            assert postfix.said(rf"to=<user@t{i}\.example\.net>.*status=deferred"), policy
            problem = tls.policy_problem(policy, INSTALLED)
            said = [line for line in postfix.log if f'next-hop destination "{relay}": ' in line]
            complaints = [line for line in said if "ignoring attribute" not in line]
            if problem is None:
                assert complaints == [], policy
            else:
                assert complaints[0].endswith(f'"{relay}": {problem.said}'), f"{policy}: {complaints}"
