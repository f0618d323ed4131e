"""Realistic configurations of any size, of our own text, the same for the same seed.

A generated main.cf is a sound configuration of a receiving mail server: mostly comments, about a
hundred settings in 27,000 characters, some over several lines. It grows by its comments and by the
networks of branch offices, each a parameter of its own that `mynetworks` refers to.
"""

import random
from collections.abc import Iterator

SETTINGS = (
    "compatibility_level = 3.6",
    "myhostname = mx{n}.example.com",
    "mydomain = example.com",
    "myorigin = $mydomain",
    "mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain",
    "smtpd_banner = $myhostname ESMTP",
    "mail_name = Example",
    "inet_interfaces = all",
    "inet_protocols = ipv4, ipv6",
    "smtp_address_preference = any",
    "smtputf8_enable = yes",
    "biff = no",
    "append_dot_mydomain = no",
    "recipient_delimiter = +",
    "strict_rfc821_envelopes = yes",
    "disable_vrfy_command = yes",
    "smtpd_helo_required = yes",
    "smtpd_relay_restrictions =\n    permit_mynetworks,\n    permit_sasl_authenticated,\n"
    "    reject_unauth_destination",
    "smtpd_recipient_restrictions =\n    reject_non_fqdn_recipient,\n    reject_unknown_recipient_domain",
    "smtpd_sender_restrictions =\n    permit_mynetworks\n    reject_non_fqdn_sender\n"
    "    reject_unknown_sender_domain",
    "smtpd_helo_restrictions =\n    permit_mynetworks\n    permit_sasl_authenticated\n"
    "    reject_invalid_helo_hostname\n"
    "    reject_non_fqdn_helo_hostname",
    "smtpd_data_restrictions = reject_unauth_pipelining",
    "smtpd_delay_reject = yes",
    "unknown_local_recipient_reject_code = 550",
    "unverified_recipient_reject_code = 550",
    "message_size_limit = {n}5000000",
    "mailbox_size_limit = 0",
    "smtpd_client_connection_count_limit = {n}0",
    "smtpd_client_connection_rate_limit = {n}00",
    "smtpd_client_message_rate_limit = {n}00",
    "smtpd_recipient_limit = {n}00",
    "smtpd_error_sleep_time = {n}s",
    "smtpd_soft_error_limit = 1{n}",
    "smtpd_hard_error_limit = 2{n}",
    "smtpd_timeout = ${{stress?{{10}}:{{300}}}}s",
    "default_process_limit = {n}00",
    "maximal_queue_lifetime = {n}d",
    "bounce_queue_lifetime = {n}d",
    "minimal_backoff_time = {n}00s",
    "maximal_backoff_time = {n}000s",
    "queue_run_delay = {n}00s",
    "delay_warning_time = {n}h",
    "default_destination_concurrency_limit = 2{n}",
    "default_destination_recipient_limit = {n}0",
    "smtp_connect_timeout = {n}0s",
    "smtp_helo_timeout = {n}00s",
    "smtpd_tls_security_level = may",
    "smtpd_tls_chain_files =\n    /etc/ssl/private/mx{n}.example.com.pem",
    "smtpd_tls_auth_only = yes",
    "smtpd_tls_loglevel = 1",
    "smtpd_tls_received_header = yes",
    "smtpd_tls_session_cache_timeout = {n}000s",
    "smtp_tls_security_level = may",
    "smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt",
    "smtp_tls_loglevel = 1",
    "smtp_tls_note_starttls_offer = yes",
    "tls_preempt_cipherlist = no",
    "smtpd_sasl_type = dovecot",
    "smtpd_sasl_path = private/auth",
    "smtpd_sasl_security_options = noanonymous",
    "smtpd_sasl_authenticated_header = no",
    "alias_maps = hash:/etc/aliases",
    "alias_database = hash:/etc/aliases",
    "local_recipient_maps = proxy:unix:passwd.byname $alias_maps",
    "home_mailbox = Maildir/",
    "virtual_alias_maps = hash:/etc/postfix/virtual",
    "transport_maps = hash:/etc/postfix/transport",
    "address_verify_negative_refresh_time = {n}h",
    "show_user_unknown_table_name = no",
)
"""Right on a receiving server; ``{n}`` is a digit that differs from file to file."""

SENTENCES = (
    "Changed after the review in spring; see the notes of the operations team.",
    "Keep this in step with the firewall, which counts connections too.",
    "The default would do here, but it is written down so that nobody has to look it up.",
    "A lower number was tried and made large mailings slow in the afternoon.",
    "Ask the network people before this is raised.",
    "The backup server has the same line; both must agree.",
    "Customers with old software need this; look again when the last of them has moved.",
    "Mail that is refused here shows up in the daily report.",
    "One entry a line, so that a change is easy to read in the history.",
    "This was measured with a week of real traffic and left as it was.",
    "Do not shorten it: the partners retry only every few hours.",
    "It has no effect on mail that is already in the queue.",
)


SERVICES = """
smtp       inet  n  -  y  -     -  smtpd
submission inet  n  -  y  -     -  smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o milter_macro_daemon_name=ORIGINATING
submissions inet n  -  y  -     -  smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
pickup     unix  n  -  y  60    1  pickup
cleanup    unix  n  -  y  -     0  cleanup
qmgr       unix  n  -  n  300   1  qmgr
tlsmgr     unix  -  -  y  1000? 1  tlsmgr
rewrite    unix  -  -  y  -     -  trivial-rewrite
bounce     unix  -  -  y  -     0  bounce
defer      unix  -  -  y  -     0  bounce
trace      unix  -  -  y  -     0  bounce
verify     unix  -  -  y  -     1  verify
flush      unix  n  -  y  1000? 0  flush
proxymap   unix  -  -  n  -     -  proxymap
proxywrite unix  -  -  n  -     1  proxymap
smtp       unix  -  -  y  -     -  smtp
relay      unix  -  -  y  -     -  smtp
  -o syslog_name=postfix/relay
showq      unix  n  -  y  -     -  showq
error      unix  -  -  y  -     -  error
retry      unix  -  -  y  -     -  error
discard    unix  -  -  y  -     -  discard
local      unix  -  n  n  -     -  local
virtual    unix  -  n  n  -     -  virtual
lmtp       unix  -  -  y  -     -  lmtp
anvil      unix  -  -  y  -     1  anvil
scache     unix  -  -  y  -     1  scache
postlog    unix-dgram n - n -   1  postlogd
archive    unix  -  n  n  -     -  pipe
  flags=R user=archive argv=/usr/local/bin/archive ${sender} ${recipient}
"""


def main_cf(seed: int = 0, size: int = 27_000) -> str:
    """A main.cf of about *size* characters; every *seed* gives another one."""
    chance = random.Random(seed)
    offices = [f"network_{number}" for number in range(size // 700)]
    networks = [f"{name} = 10.{chance.randrange(256)}.{chance.randrange(256)}.0/24" for name in offices]
    trusted = "mynetworks = 127.0.0.0/8, [::1]/128" + "".join(f",\n    ${name}" for name in offices)
    settings = [line.format(n=chance.randint(2, 9)) for line in SETTINGS]
    settings += [*networks, trusted]
    room = (size - sum(map(len, settings))) // len(settings)
    return "".join(f"{_comment(chance, room)}{setting}\n\n" for setting in settings)


def _comment(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size - 30:
        lines.append(f"# {chance.choice(SENTENCES)}\n")
    return "".join(lines)


def master_cf() -> str:
    """The usual services, two of them for submission, one that pipes mail to a program."""
    return SERVICES.lstrip("\n")


def table(entries: int, seed: int = 0) -> Iterator[str]:
    """The lines of a table of addresses with this many *entries*, for ``virtual_alias_maps``."""
    chance = random.Random(seed)
    for number in range(entries):
        domain, mailbox = chance.randrange(1000), chance.randrange(10**6)
        yield f"user{number}@example{domain}.com\tmailbox{mailbox}@example.net\n"
