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
