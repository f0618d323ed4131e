"""The names that may stand in texts which are expanded when a client is refused.

See smtpd/smtpd_expand.c, rbl_expand_lookup() in smtpd/smtpd_check.c, and postscreen/postscreen_expand.c.
"""

from __future__ import annotations

POSTSCREEN = frozenset({"server_name", "client_address", "client_port", "localtime"})
"""In the texts of postscreen(8)."""
SMTPD = POSTSCREEN | frozenset(
    {
        "client",
        "client_name",
        "helo_name",
        "recipient",
        "recipient_domain",
        "recipient_name",
        "reverse_client_name",
        "sender",
        "sender_domain",
        "sender_name",
    }
)
"""In those of smtpd(8)."""
BLOCK_LIST = SMTPD | frozenset({"rbl_class", "rbl_code", "rbl_domain", "rbl_reason", "rbl_txt", "rbl_what"})
"""In what smtpd(8) says when a DNS list has the client."""
