"""Nothing in the configuration says what the host is called.

## What happens
Without `myhostname`, Postfix takes the name of the operating system at each start. That may be a short
name, to which it appends `$mydomain` or `.localdomain`, the random id of a container, or what a cloud's
image was called. The SMTP client introduces itself by it, and unless `mydomain` and `myorigin` are set,
mail from programs has it as the domain of the sender.

maillint does not ask the machine that it runs on: the configuration may be for another. As long as it does
not know the name, the finding is advice, and a warning on a send-only host whose sender domain hangs on it.
`--hostname` tells it the name: a good one is no finding, a bad one is an error.

## Bad
```main.cf myhostname-unset@1
myorigin = example.com
```

```main.cf myhostname-unset@1
myorigin = $mydomain
inet_interfaces = loopback-only
```

```main.cf myhostname-unset@1 hostname=web01
myorigin = example.com
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
```

```main.cf hostname=web01.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
```

```main.cf
myorigin = example.com
relayhost = [smtp.example.com]:587
inet_interfaces = loopback-only
```

## When it is right
Where the operating system is told the full public name, by cloud-init or `docker run --hostname`, or
where a script sets `myhostname` before Postfix starts.

## References
- BASIC_CONFIGURATION_README, "My own hostname"
- postconf(5) myhostname
- Postfix source: global/mail_params.c (check_myhostname)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, INFO, LOW, MEDIUM, WARNING, Finding
from maillint.engine.places import absent_location
from maillint.engine.rule import rule
from maillint.postfix.listening import is_send_only
from maillint.postfix.sender import program_sender

from .._chain import set_here
from .._domains import NO_HOST, is_good_name
from ._names import delivers_directly, keeps_to_itself, smtp_client, weight_of_name

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MEND = "write the name that the DNS has for the address of this host, as in `myhostname = web01.example.com`"


@rule(
    severity=WARNING,
    area="identity",
    parameters=("myhostname",),
    complete=True,
    noted=("maillint_rules._domains", NO_HOST),
)
def myhostname_unset(config: Configuration) -> Iterator[Finding]:
    if config.main_view.is_set("myhostname"):
        return
    if config.hostname is None:
        yield from _unknown(config)
    else:
        yield from _told(config)


def _unknown(config: Configuration) -> Iterator[Finding]:
    """Nothing is known of the name but that nobody chose it here, which only matters to strangers."""
    client = smtp_client(config)
    if config.main is None or not delivers_directly(config) or client.is_set("smtp_helo_name"):
        return
    decides_sender = is_send_only(config) and _decides_sender(config)
    yield Finding(
        absent_location(config),
        "`myhostname` is not set, so the host introduces itself to other mail servers by whatever the"
        " operating system calls it; they refuse mail or count it as spam when the DNS has no such name",
        mend=f"{_MEND}; `--hostname NAME` tells maillint the name of the operating system",
        severity=WARNING if decides_sender else INFO,
        confidence=MEDIUM if decides_sender else LOW,
        parameter="myhostname",
    )


def _decides_sender(config: Configuration) -> bool:
    """Whether the name is that of the sender too, so that it is nobody's choice who mail is from.

    Without `myorigin`, myorigin-unset says so.
    """
    sender = program_sender(config)
    return (
        sender is not None
        and config.main_view.is_set("myorigin")
        and sender.parameter == "myorigin"
        and config.main_view.value("myorigin").text is None
    )


def _told(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    name = view.value("myhostname").text
    if config.main is None or name is None or is_good_name(name) or keeps_to_itself(config):
        return
    weight = weight_of_name(config)
    yield Finding(
        absent_location(config),
        f"`myhostname` is not set and the operating system calls the host `{config.hostname}`, so Postfix"
        f" introduces itself as `{name}`;"
        f" {weight.because or 'receivers cannot look it up, and many refuse it'}",
        mend=_MEND,
        severity=weight.severity or ERROR,
        confidence=HIGH,
        parameter="myhostname",
        related=set_here((view.setting("mydomain"), weight.setting)),
    )
