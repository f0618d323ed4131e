"""Edits that write settings and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maillint.postfix.configuration import View
    from maillint.syntax.tree import MasterCf, Node, Setting


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
    if added and beside.service is not None:
        edits.append(Edit.insert(beside.source, beside.span.end, added))
    elif added:
        edits.append(lines_below(beside, added))
    return tuple(edits)


def line_removed(setting: Setting) -> Edit | None:
    """The edit that takes the line of *setting* out of main.cf; None: it is none, or has several lines."""
    if setting.service is not None or "\n" in setting.location.text.rstrip("\n"):
        return None
    return Edit(setting.location, "")


def lines_below(node: Node, lines: str) -> Edit:
    """The edit that puts whole lines below a setting or entry, which may be the last of a file without LF."""
    begun = "" if node.location.text.endswith("\n") else "\n"
    return Edit.insert(node.source, node.span.end, begun + lines)


def entry_added(master: MasterCf, entry: str) -> Edit:
    """The edit that puts *entry* at the end of master.cf."""
    text = master.source.text
    begun = "" if not text or text.endswith("\n") else "\n"
    return Edit.insert(master.source, len(text), f"{begun}{entry}\n")
