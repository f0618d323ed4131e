"""The roles that hosts play: three answers for each, and the evidence."""

from pathlib import Path

import pytest

from maillint.postfix import role
from maillint.postfix.configuration import Configuration, load_directory
from maillint.postfix.role import (
    BACKUP_MX,
    GATEWAY,
    LAN_HUB,
    LIST_SERVER,
    MX,
    NULL_CLIENT,
    ROLES,
    SATELLITE,
    SEND_ONLY,
    SUBMISSION,
    VIRTUAL_HOSTING,
    Told,
    has_role,
    roles,
)
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

EXAMPLES = Path(__file__).parents[2] / "examples" / "configurations"

PLAYED = {
    "backup-mx": {MX, BACKUP_MX},
    "debian-stock": set(),
    "department": {MX, SUBMISSION, LAN_HUB, LIST_SERVER},
    "gateway-amavis": {MX, GATEWAY},
    "lan-hub": {LAN_HUB},
    "mailman3": {MX, LIST_SERVER},
    "mx-dovecot-rspamd": {MX, VIRTUAL_HOSTING, SUBMISSION},
    "null-client": {NULL_CLIENT, SEND_ONLY},
    "outbound-relay": {LAN_HUB},
    "policy-mx": {MX, GATEWAY, VIRTUAL_HOSTING},
    "postscreen-mx": {MX, LAN_HUB},
    "rhel-stock": {SEND_ONLY},
    "satellite-smarthost": {SATELLITE, SEND_ONLY},
    "send-only-web": {SEND_ONLY},
    "submission-only": {SUBMISSION},
    "virtual-sql": {MX, VIRTUAL_HOSTING, SUBMISSION},
}


def config(main: str = "", master: str | None = None, *, fragment: bool = False) -> Configuration:
    return Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        fragment=fragment,
    )


@pytest.mark.parametrize("directory", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_examples(directory: Path) -> None:
    example = load_directory(str(directory))
    example.beside = frozenset(path.name for path in directory.iterdir())
    assert {found.name for found in roles(example)} == PLAYED[directory.name]


NET = "compatibility_level = 3.6\nmynetworks = 127.0.0.0/8, 10.0.0.0/8\n"
SELF = "mynetworks = 127.0.0.0/8, [::1]/128\n"
HOST = "myhostname = mail.example.com\n"
RELAY = "relayhost = [smtp.example.net]:587\n"
LOOPBACK = "inet_interfaces = loopback-only\n"
SMTP = "smtp inet n - n - - smtpd\n"
POSTSCREEN = "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n"
USERS = "submission inet n - n - - smtpd\n  -o smtpd_sasl_auth_enable=yes\n"
PIPES = "mlmmj unix - n n - - pipe\n  user=nobody argv=/usr/bin/mlmmj-receive -L /x\n"
HOSTED = "virtual_mailbox_domains = example.org\n"
RELAYED = "relay_domains = example.org\n"
TO_INSIDE = "transport_maps = inline:{ example.org=relay:[10.0.0.25] }\n"


@pytest.mark.parametrize(
    ("name", "main", "master", "holds"),
    [
        (NULL_CLIENT, HOST + RELAY + LOOPBACK + "mydestination =\n", None, True),
        (NULL_CLIENT, HOST + RELAY + LOOPBACK + "local_transport = error:none here\n", None, True),
        # It listens, and nobody has any use for that.
        (NULL_CLIENT, HOST + RELAY + SELF + "mydestination =\n", SMTP, True),
        (NULL_CLIENT, HOST + RELAY + NET + "mydestination =\n", SMTP, False),
        (NULL_CLIENT, HOST + RELAY + SELF + "mydestination =\n", SMTP + USERS, False),
        (NULL_CLIENT, HOST + LOOPBACK + "mydestination =\n", None, False),
        (NULL_CLIENT, HOST + RELAY + LOOPBACK, None, False),
        (NULL_CLIENT, HOST + LOOPBACK + "mydestination =\nrelayhost = @RELAY@\n", None, None),
        (NULL_CLIENT, HOST + LOOPBACK + "mydestination =\nrelayhost = $RELAYHOST\n", None, None),
        (SATELLITE, HOST + RELAY + LOOPBACK, None, True),
        (SATELLITE, RELAY + LOOPBACK, None, True),
        (SATELLITE, HOST + RELAY + SELF, SMTP, True),
        (SATELLITE, HOST + RELAY + SELF + HOSTED, SMTP, False),
        (SATELLITE, HOST + RELAY + SELF + "virtual_alias_maps = hash:/etc/virtual\n", SMTP, None),
        (SATELLITE, HOST + RELAY + LOOPBACK + "virtual_alias_maps = hash:/etc/virtual\n", None, True),
        (SATELLITE, HOST + RELAY, SMTP, None),
        (SATELLITE, HOST + LOOPBACK + "sender_dependent_relayhost_maps = hash:/x\n", None, None),
        (SATELLITE, HOST + LOOPBACK + "default_transport = smtp:[smtp.example.net]\n", None, True),
        (SEND_ONLY, LOOPBACK, None, True),
        (SEND_ONLY, "inet_interfaces = 127.0.0.1, [::1]\n", SMTP, True),
        (SEND_ONLY, "", "pickup unix n - n 60 1 pickup\n", True),
        (SEND_ONLY, LOOPBACK + "mydestination = localhost, example.com\n", None, True),
        (SEND_ONLY, LOOPBACK + HOSTED, None, False),
        # Distributions name such tables without a domain in them.
        (SEND_ONLY, LOOPBACK + "relay_domains = $mydestination, hash:/etc/postfix/relay\n", None, None),
        (SEND_ONLY, LOOPBACK, SMTP + USERS, None),
        (SEND_ONLY, LOOPBACK + "default_transport = error:no\n", None, False),
        (SEND_ONLY, "", None, False),
        (SEND_ONLY, "inet_interfaces = @ADDRESSES@\n", None, None),
        (SEND_ONLY, LOOPBACK, "192.0.2.1:smtp inet n - n - - smtpd\n", False),
        (MX, HOST + HOSTED, None, True),
        (MX, HOST + HOSTED, POSTSCREEN, True),
        (MX, HOST + RELAYED, SMTP, True),
        (MX, HOST + "mydestination = $mydomain, $myhostname\n", SMTP, True),
        (MX, HOST + "virtual_alias_domains = example.org\n", SMTP, True),
        (MX, HOST + "virtual_alias_maps = inline:{ { example.org = x } { a@b.org = b } }\n", SMTP, True),
        (MX, HOST + "virtual_mailbox_domains = proxy:mysql:/etc/postfix/domains.cf\n", SMTP, True),
        (MX, HOST + "inet_interfaces = $myhostname, localhost\n" + HOSTED, SMTP, True),
        (MX, HOST + LOOPBACK + HOSTED, SMTP, False),
        (MX, HOST + HOSTED, USERS, False),
        (MX, HOST + HOSTED, "2525 inet n - n - - smtpd\n", None),
        (MX, HOST + HOSTED + LOOPBACK + "smtpd_upstream_proxy_protocol = haproxy\n", SMTP, None),
        (MX, HOST + HOSTED + "smtpd_client_restrictions = permit_mynetworks, reject\n", SMTP, False),
        (MX, HOST + HOSTED + "smtpd_client_restrictions = check_client_access cidr:/x, reject\n", SMTP, None),
        (MX, HOST + HOSTED + "smtpd_recipient_restrictions = permit_auth_destination, reject\n", SMTP, True),
        (MX, HOST + HOSTED + "smtpd_tls_req_ccert = yes\n", SMTP, False),
        # Other names of the host, and what is nobody's domain.
        (MX, HOST + "mydestination = mail.example.net, localhost.x.example\n", SMTP, None),
        (MX, HOST + "mydestination = $myhostname, /etc/mailname, localhost\n", SMTP, None),
        (MX, HOST + "mydestination = mail, office.local\n", SMTP, None),
        (MX, HOST, SMTP, None),
        (MX, HOST + "mydestination =\n", SMTP, False),
        (MX, HOST + RELAY + "mydestination = $mydomain\n", SMTP, None),
        (MX, HOST + RELAY + HOSTED, SMTP, True),
        (GATEWAY, HOST + RELAYED + TO_INSIDE, SMTP, True),
        (GATEWAY, HOST + RELAYED + "relay_transport = relay:[10.0.0.25]\n", SMTP, True),
        (GATEWAY, HOST + HOSTED + "virtual_transport = smtp:[10.0.0.25]\n", SMTP, True),
        (GATEWAY, HOST + RELAYED, SMTP, False),
        (GATEWAY, HOST + RELAYED + "transport_maps = hash:/etc/transport\n", SMTP, None),
        (GATEWAY, HOST + RELAYED + TO_INSIDE, USERS, False),
        (BACKUP_MX, HOST + RELAYED, SMTP, True),
        (BACKUP_MX, HOST + RELAYED + TO_INSIDE, SMTP, False),
        (BACKUP_MX, HOST + RELAYED + RELAY, SMTP, None),
        (BACKUP_MX, HOST + RELAYED + "transport_maps = hash:/etc/transport\n", SMTP, None),
        (
            BACKUP_MX,
            HOST + "smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n",
            SMTP,
            True,
        ),
        (BACKUP_MX, HOST + HOSTED, SMTP, False),
        (VIRTUAL_HOSTING, HOSTED, None, True),
        (VIRTUAL_HOSTING, "virtual_alias_maps = inline:{ { a@example.org = b } }\n", None, False),
        (VIRTUAL_HOSTING, "virtual_alias_maps = hash:/etc/virtual\n", None, None),
        (VIRTUAL_HOSTING, "virtual_alias_domains =\nvirtual_alias_maps = hash:/etc/virtual\n", None, False),
        (VIRTUAL_HOSTING, HOST + "virtual_mailbox_domains = mail.example.com\n", None, False),
        (VIRTUAL_HOSTING, "", None, False),
        (LIST_SERVER, "alias_maps = hash:/etc/aliases, hash:/var/lib/mailman/data/aliases\n", SMTP, True),
        (LIST_SERVER, "mailman_destination_recipient_limit = 1\n", SMTP, True),
        (LIST_SERVER, "alias_maps =\ntransport_maps = inline:{ x.example=mlmmj: }\n", SMTP + PIPES, True),
        (LIST_SERVER, "alias_maps = inline:{ { x = |/usr/lib/mailman/mail/mailman } }\n", SMTP, True),
        # Debian's master.cf has the service, used or not.
        (LIST_SERVER, "alias_maps =\n", SMTP + PIPES, False),
        (LIST_SERVER, "alias_maps = hash:/etc/aliases\n", SMTP, None),
        (LIST_SERVER, LOOPBACK, SMTP, False),
        (SUBMISSION, "", SMTP + USERS, True),
        (SUBMISSION, "", SMTP + "587 inet n - n - - smtpd\n", True),
        (SUBMISSION, "smtpd_sasl_auth_enable = yes\n", POSTSCREEN, True),
        (SUBMISSION, "smtpd_sasl_auth_enable = yes\n", None, True),
        (SUBMISSION, "smtpd_sasl_auth_enable = @LOGIN@\n", SMTP, None),
        (SUBMISSION, "smtpd_sasl_auth_enable = yes\n" + LOOPBACK, SMTP, False),
        (SUBMISSION, "", SMTP, False),
        (LAN_HUB, NET, SMTP, True),
        (LAN_HUB, NET + LOOPBACK, SMTP, False),
        (LAN_HUB, SELF, SMTP, False),
        (LAN_HUB, "mynetworks = 127.0.0.0/8, 192.0.2.7\n", SMTP, None),
        (LAN_HUB, "mynetworks = cidr:/etc/networks\n", SMTP, None),
        (LAN_HUB, "compatibility_level = 3.6\nmynetworks_style = subnet\n", SMTP, True),
        (LAN_HUB, "mynetworks_style = host\n", SMTP, False),
        (LAN_HUB, "", SMTP, None),
        (LAN_HUB, NET + "smtpd_relay_restrictions = reject_unauth_destination\n", SMTP, None),
    ],
)  # fmt: skip
def test_role(name: str, main: str, master: str | None, holds: bool | None) -> None:
    found = config(main, master)
    assert has_role(found, name) is holds
    assert (name in {one.name for one in roles(found)}) is (holds is True)


def test_any_role() -> None:
    host = config(HOST + HOSTED, SMTP)
    assert has_role(host, NULL_CLIENT, MX) is True
    assert has_role(host, NULL_CLIENT, LIST_SERVER) is None
    assert has_role(host, NULL_CLIENT, SEND_ONLY) is False


def test_evidence_has_its_place() -> None:
    host = config(HOST + HOSTED, SMTP + USERS)
    mx, hosting, submission = roles(host)
    assert [one.text for one in mx.evidence] == [
        "other mail servers can connect to `smtp`",
        "strangers may deliver",
        "`virtual_mailbox_domains` has `example.org`",
    ]
    assert [one.source for one in mx.evidence] == [
        host.services[0],
        None,
        host.settings["virtual_mailbox_domains"],
    ]
    assert hosting.evidence == mx.evidence[2:]
    assert [one.source for one in submission.evidence] == [host.services[1]]


def test_why_something_is_not_known() -> None:
    answer = role.answer(config(HOST, SMTP), MX)
    assert answer.holds is None
    assert [one.text for one in answer.evidence] == [
        "mail for its own name is taken; whether others send any, the files do not tell"
    ]


def test_a_part_of_a_configuration_tells_nothing() -> None:
    for part in (config(LOOPBACK, fragment=True), Configuration(None, config("", SMTP).master)):
        assert [answer.holds for answer in role.answers(part).values()] == [None] * len(ROLES)
        assert has_role(part, *ROLES) is None


@pytest.mark.parametrize(
    ("comment", "told", "names"),
    [
        ("# maillint: role[mx, submission] the lists are elsewhere\n", None, [MX, SUBMISSION]),
        ("  ## maillint:role[ lan-hub ]\n", None, [LAN_HUB]),
        ("# maillint: role[mx]\n# maillint: role[lan-hub]\n", None, [MX, LAN_HUB]),
        ("# maillint: role[mx, nonsense]\n", None, [MX]),
        ("# maillint: role[nonsense]\n", None, [SEND_ONLY]),
        ("# maillint: role[]\n", None, [SEND_ONLY]),
        ("", Told((MX,), "maillint.toml"), [MX]),
        ("", Told((), "maillint.toml"), []),
        ("# maillint: role[lan-hub]\n", Told((MX,), "maillint.toml"), [LAN_HUB]),
        ("# maillint: role[lan-hub]\n", Told((MX,), "command line", is_final=True), [MX]),
    ],
)
def test_told(comment: str, told: Told | None, names: list[str]) -> None:
    host = config(comment + LOOPBACK)
    host.told_roles = told
    assert [found.name for found in roles(host)] == names
    others = [name for name in ROLES if name not in names]
    assert (told is None and names == [SEND_ONLY]) or has_role(host, *others) is False


def test_who_told() -> None:
    host = config("myhostname = x.example.com\n# maillint: role[mx]\n")
    assert [one.text for one in roles(host)[0].evidence] == ["a comment in line 2 of main.cf says so"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("mx", ""),
        ("backup_mx", "there is no role 'backup_mx'; did you mean backup-mx?"),
        ("router", f"there is no role 'router'; the roles are {', '.join(ROLES)}"),
    ],
)
def test_unknown_names(name: str, why: str) -> None:
    assert role.why_unknown(name) == why
