"""Edits that write settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting


def settings_written(view: View, wanted: Mapping[str, str], beside: Setting) -> tuple[Edit, ...] | None:
    """The edits that give parameters the values *wanted* in *view*: where they are set, or below *beside*.

    None: one is set to a ``$name`` or to nothing, or elsewhere than *beside*, in main.cf or in a service.
    """
    edits, added = [], ""
    for name, text in wanted.items():
        setting = view.setting(name)
        if setting is None:
            added += f" -o {name}={text}" if beside.service is not None else f"{name} = {text}\n"
        elif setting.service is not beside.service or "$" in setting.value.text or not setting.value.text:
            return None
        else:
            edits.append(Edit(setting.value.location(), text))
    if added:
        edits.append(_added(added, beside))
    return tuple(edits)


def _added(text: str, beside: Setting) -> Edit:
    end = beside.span.end
    if beside.service is None and not beside.location.text.endswith("\n"):
        text = f"\n{text}"
    return Edit(Location(beside.source, Span(end, end)), text)
