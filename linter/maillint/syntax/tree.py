"""The syntax trees of main.cf and master.cf: plain, lossless, a span on every node.

The nodes of a file follow each other without gaps and cover its whole text:
``"".join(node.location.text for node in file.nodes) == file.source.text``.
"""

from .source import Location, LogicalText, Source, Span


class Node:
    """A stretch of a file: whole physical lines, the final newline included."""

    __slots__ = ("source", "span")

    def __init__(self, source: Source, span: Span) -> None:
        self.source = source
        self.span = span

    @property
    def location(self) -> Location:
        return Location(self.source, self.span)

    @property
    def line(self) -> int:
        """The number of the first line, as Postfix counts in its messages."""
        return self.source.position(self.span.start).line


class Trivia(Node):
    """A run of comment lines and blank lines between logical lines."""

    __slots__ = ()


class Malformed(Node):
    """A logical line that Postfix skips or refuses. Reading goes on behind it."""

    __slots__ = ("kind", "text")

    MISSING_EQUALS = "missing-equals"
    """``missing '=' after attribute name`` (util/split_nameval.c); fatal."""
    MISSING_NAME = "missing-name"
    """``missing attribute name`` (util/split_nameval.c); fatal."""
    LEADING_WHITESPACE = "leading-whitespace"
    """``logical line must not start with whitespace`` (util/readlline.c); skipped with a warning."""
    FIELD_COUNT = "field-count"
    """A master.cf entry with fewer than eight fields (master/master_ent.c); fatal."""

    def __init__(self, source: Source, span: Span, kind: str, text: LogicalText) -> None:
        super().__init__(source, span)
        self.kind = kind
        self.text = text
        """The logical line, without surrounding white space."""


class Setting(Node):
    """One ``name = value``: a line of main.cf, or a ``-o`` of a master.cf service.

    Of a ``-o``, the span is that of the option's word or words, ``-o`` included.
    """

    __slots__ = ("cut", "name", "name_span", "service", "value")

    def __init__(
        self,
        source: Source,
        span: Span,
        name: str,
        name_span: Span,
        value: LogicalText,
        service: "Service | None" = None,
        cut: Span | None = None,
    ) -> None:
        super().__init__(source, span)
        self.name = name
        self.name_span = name_span
        self.value = value
        """The value as Postfix stores it, white space trimmed at both ends, not expanded."""
        self.service = service
        """The master.cf entry that a ``-o`` belongs to; None in main.cf."""
        self.cut = cut
        """What follows a NUL byte in the logical line and is ignored, if there is one."""

    @property
    def name_location(self) -> Location:
        return Location(self.source, self.name_span)

    @property
    def line(self) -> int:
        return self.source.position(self.name_span.start).line


class Service(Node):
    """One entry of master.cf (master(5)): eight fields, then options and arguments."""

    __slots__ = ("arguments", "fields", "malformed_options", "options")

    def __init__(
        self,
        source: Source,
        span: Span,
        fields: tuple[LogicalText, ...],
        arguments: tuple[LogicalText, ...],
    ) -> None:
        super().__init__(source, span)
        self.fields = fields
        """name, type, private, unprivileged, chroot, wakeup, process limit, command.

        Split as postconf(1) does, with regard to braces; master(8) would split these eight, but not
        the arguments, at every white space. So they differ if there is white space in a field.
        """
        self.arguments = arguments
        """Every argument behind the command, options included, ``{ }`` groups still in braces."""
        self.options: tuple[Setting, ...] = ()
        """Every ``-o name=value`` in order, as the daemons read them (getopt(3)).

        One whose braces do not balance is here, too, as postconf(1) reads it.
        """
        self.malformed_options: tuple[LogicalText, ...] = ()
        """What master(8) or the daemon refuses: the ``-o`` values without ``=``, without a name, or in braces
        that do not balance or have text behind them; and a last ``-o`` without anything.
        """

    @property
    def name(self) -> str:
        return self.fields[0].text

    @property
    def type(self) -> str:
        return self.fields[1].text

    @property
    def command(self) -> str:
        return self.fields[7].text

    @property
    def id(self) -> str:
        """``name/type``, as postconf(1) -M, -F and -P write it."""
        return f"{self.name}/{self.type}"


class MainCf:
    """The tree of a main.cf."""

    __slots__ = ("nodes", "settings", "source")

    def __init__(self, source: Source, nodes: tuple[Trivia | Setting | Malformed, ...]) -> None:
        self.source = source
        self.nodes = nodes
        self.settings = tuple([node for node in nodes if isinstance(node, Setting)])


class MasterCf:
    """The tree of a master.cf."""

    __slots__ = ("nodes", "services", "source")

    def __init__(self, source: Source, nodes: tuple[Trivia | Service | Malformed, ...]) -> None:
        self.source = source
        self.nodes = nodes
        self.services = tuple([node for node in nodes if isinstance(node, Service)])
