"""Trees as lines of text, to compare and to read."""

import re
from collections.abc import Iterator

from maillint.syntax.lists import ListItem
from maillint.syntax.tree import MainCf, Malformed, MasterCf, Service, Setting, Trivia
from maillint.syntax.value import Call, Comparison, Conditional, Expression, Literal, Part, Problem, Reference


def file(tree: MainCf | MasterCf) -> str:
    """One line for each node, with the number of the line that it begins in; options below their service."""
    return "".join(f"{line}\n" for node in tree.nodes for line in _node(node))


def _node(node: Trivia | Malformed | Setting | Service) -> Iterator[str]:
    if isinstance(node, Trivia):
        yield f"{node.line} trivia"
    elif isinstance(node, Malformed):
        yield f"{node.line} {node.kind} {quoted(node.text.text)}"
    elif isinstance(node, Setting):
        yield f"{node.line} {_setting(node)}"
    else:
        yield f"{node.line} service " + " ".join(quoted(field.text) for field in node.fields)
        for argument in node.arguments:
            yield f"    argument {quoted(argument.text)}"
        for option in node.options:
            yield f"  {option.line} option {_setting(option)} from {quoted(option.location.text)}"
        for malformed in node.malformed_options:
            yield f"    malformed {quoted(malformed.text)}"


def _setting(setting: Setting) -> str:
    cut = f" cut {quoted(setting.source.text[slice(*setting.cut)])}" if setting.cut else ""
    return f"{quoted(setting.name)} = {quoted(setting.value.text)}{cut}"


def expression(tree: Expression) -> str:
    """One line for each part."""
    return "".join(f"{_part(part)}\n" for part in tree.parts)


def _part(part: Part) -> str:
    if isinstance(part, Literal):
        return quoted(part.text)
    if isinstance(part, Reference):
        return f"${part.name}"
    if isinstance(part, Comparison):
        return f"({_inner(part.left)} {part.operator}{part.suffix} {_inner(part.right)})"
    if isinstance(part, Conditional):
        then = f" then {_inner(part.then)}" if part.then else ""
        otherwise = f" else {_inner(part.otherwise)}" if part.otherwise else ""
        return f"if {_part(part.test)}{then}{otherwise}"
    if isinstance(part, Call):
        return f"call {part.function} {_inner(part.argument)}"
    assert isinstance(part, Problem)
    return f"{part.kind} at {part.at}: {part.message}"


def _inner(tree: Expression) -> str:
    return "[" + " ".join(map(_part, tree.parts)) + "]"


def items(list_items: list[ListItem]) -> str:
    """One line for each item, with its offset."""
    return "".join(f"{item.start} {quoted(item.text)}\n" for item in list_items)


def quoted(text: str) -> str:
    """*text* in quotes, with the escapes of the golden cases."""
    return '"' + escaped(text).replace("\n", r"\n") + '"'


def escaped(text: str) -> str:
    """*text* with the escapes of the golden cases, all in ASCII; newlines stay."""
    data = text.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").decode("latin-1")
    return re.sub(r"[^\n -~]", lambda found: _ESCAPES.get(found[0], f"\\x{ord(found[0]):02x}"), data)


_ESCAPES = {"\r": r"\r", "\v": r"\v", "\f": r"\f", "\t": r"\t", "\0": r"\0"}
