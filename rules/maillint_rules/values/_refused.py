"""The finding about a value that a program refuses to start with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix

from .._chain import set_here
from .._programs import readers

if TYPE_CHECKING:
    from maillint.engine.finding import Related

    from .._values import Judged

_LONGEST = 40
_TLS_SWITCHES = tuple(
    f"{program}_{switch}"
    for program in ("smtp", "smtpd", "lmtp")
    for switch in ("tls_security_level", "use_tls", "enforce_tls")
)


def refused(
    judged: Judged,
    why: str,
    mend: str,
    *,
    meant: str | None = None,
    sure: bool = True,
    place: tuple[int, int | None] = (0, None),
) -> Finding | None:
    """The finding that the programs that read the value stop; None: no program reads it.

    *why*: what is wrong, a clause. *meant*: what to write at *place*, a range of the value, and *sure*
    whether it is plainly that.
    """
    who = readers(judged)
    if who is None:
        return None
    later = ", as soon as TLS is used" if _waits_for_tls(judged) else ""
    return Finding(
        judged.location(*place),
        f"{why}: {who.halt}{later}",
        mend=mend,
        severity=WARNING if later or not who.are_here else None,
        parameter=judged.parameter.name,
        related=related(judged),
        fix=replacement(judged, meant, sure=sure, place=place),
        services=who.services,
    )


def _waits_for_tls(judged: Judged) -> bool:
    """Whether it is a parameter of the TLS library (tls_param_init()), and no program here uses TLS."""
    return "posttls-finger" in judged.parameter.read_by and all(
        view.value(name).text in ("", "none", "no")
        for view in judged.view.configuration.views
        for name in _TLS_SWITCHES
    )


def related(judged: Judged) -> tuple[Related, ...]:
    """The other settings that the value comes from."""
    return set_here(judged.value.chain[1:])


def replacement(
    judged: Judged, meant: str | None, *, sure: bool, place: tuple[int, int | None] = (0, None)
) -> Fix | None:
    """The fix that writes *meant* at a range of the value; None: nothing is meant, or it stands elsewhere."""
    if meant is None or not judged.text:
        return None
    location = judged.location(*place)
    if location.text != judged.text[slice(*place)]:
        return None
    return Fix.write(location, meant, safe=sure)


def shown(text: str) -> str:
    """A value in a message."""
    text = " ".join(text.split())
    return f"`{text[:_LONGEST]}...`" if len(text) > _LONGEST else f"`{text}`" if text else "an empty value"


def or_default(judged: Judged) -> str:
    """The mend for an empty value: what applies when the line is gone."""
    default = judged.parameter.default_in(judged.view.configuration.version)
    return f"remove the line; the default is `{default}`" if default else "remove the line or write a value"
