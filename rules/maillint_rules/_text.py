"""Parameters whose value is text for people, a command, or a set of characters: anything may stand in it."""

from __future__ import annotations

from maillint.postfix import catalogue

BANNERS = frozenset({"smtpd_banner", "postscreen_greet_banner"})

_ANYTHING = frozenset(
    {
        "command_expansion_filter",
        "debugger_command",
        "default_verp_delimiters",
        "execution_directory_expansion_filter",
        "export_environment",
        "forward_expansion_filter",
        "import_environment",
        "known_tcp_ports",
        "lmtp_sasl_password_result_delimiter",
        "local_command_shell",
        "mail_name",
        "milter_macro_daemon_name",
        "milter_macro_defaults",
        "milter_macro_v",
        "message_reject_characters",
        "message_strip_characters",
        "postmulti_control_commands",
        "postmulti_start_commands",
        "postmulti_stop_commands",
        "recipient_delimiter",
        "smtp_sasl_password_result_delimiter",
        "smtpd_policy_service_default_action",
        "smtpd_policy_service_policy_context",
        "undisclosed_recipients_header",
        "unverified_recipient_reject_reason",
        "unverified_sender_reject_reason",
        "verp_delimiter_filter",
    }
)


def may_hold_anything(name: str) -> bool:
    """Whether blanks, quotes and ``#`` may be meant in the value of parameter *name*.

    So it is with names that are none of Postfix's own: nobody knows what they are for.
    """
    parameter = catalogue.parameter(name)
    return parameter is None or parameter.type == "raw" or name in _ANYTHING
