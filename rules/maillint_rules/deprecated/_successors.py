"""The parameters that still count under an old name: the default of the new name refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Fix

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


def is_lost(view: View, parameter: Parameter) -> bool:
    """Whether the new name, not set itself, is empty because its old name *parameter* is set."""
    if not parameter.legacy or view.is_set(parameter.replacement[0]):
        return False
    return bool(view.value(parameter.name).text) and view.value(parameter.replacement[0]).text == ""


def renamed(config: Configuration, setting: Setting, parameter: Parameter) -> Fix:
    """The fix that writes the new name. A Postfix older than the one that is told might not know it."""
    new = parameter.replacement[0]
    return Fix.write(setting.name_location, new, safe=config.version_given)
