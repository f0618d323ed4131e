"""Templates filled in by their own programs, with invented values."""

import functools
import json
import operator
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import jinja2

RUBY = shutil.which("ruby")

VALUES = (
    (r"port", "25"),
    (r"protocol", "all"),
    (r"interface", "all"),
    (r"network|subnet|cidr", "127.0.0.0/8"),
    (r"restriction", "permit_mynetworks, reject_unauth_destination"),
    (r"_maps?$|database", "hash:/etc/postfix/invented"),
    (r"cert|key|_ca|file|path|dir", "/etc/ssl/invented.pem"),
    (r"level", "may"),
    (r"size|limit|number|count|max|process|time", "51200000"),
    (r"relay|smarthost", "[relay.example.com]"),
    (r"host|fqdn", "mx.example.com"),
    (r"domain|origin|destination", "example.com"),
    (r"enable|use|auth|bool|is_|required", "yes"),
    (r"", "invented"),
)
"""By the form of a variable's name, a value that it may well have."""


def value(name: str) -> str:
    return next(text for form, text in VALUES if re.search(form, name, re.IGNORECASE))


class Invented(jinja2.Undefined):
    """A variable that nobody set: true or false as the rendering wants it, and of any type."""

    truth = True

    def _grown(self, name: object = None) -> "Invented":
        return type(self)(name=str(name) if isinstance(name, str) else self._undefined_name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._grown(name)

    def __getitem__(self, name: object) -> "Invented":
        return self._grown(name)

    def __call__(self, *_: object, **__: object) -> "Invented":
        return self._grown()

    def items(self) -> list[tuple[str, "Invented"]]:
        return [(f"invented_{number}", self._grown("invented")) for number in range(self.truth)]

    iteritems = items

    def __str__(self) -> str:
        return value(self._undefined_name or "")

    def __bool__(self) -> bool:
        return self.truth

    def __len__(self) -> int:
        return int(self.truth)

    def __iter__(self) -> Iterator[Any]:
        return iter([self._grown()] if self.truth else [])

    def __int__(self) -> int:
        return 10

    def __eq__(self, other: object) -> bool:
        return self.truth

    def __ne__(self, other: object) -> bool:
        return not self.truth

    def __hash__(self) -> int:
        return 0

    def __contains__(self, other: object) -> bool:
        return self.truth

    def __lt__(self, other: object) -> bool:
        return self.truth

    __gt__ = __le__ = __ge__ = __lt__

    def __add__(self, other: object) -> str:
        return f"{self}{other}"

    def __radd__(self, other: object) -> str:
        return f"{other}{self}"


class Lenient(dict[str, Any]):
    """Filters or tests; those of Ansible and Salt that Jinja does not know give back what they get."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return lambda given="", *_, **__: given

    def get(self, name: str, default: object = None) -> Any:
        return self[name]


def by_jinja(text: str, truth: bool) -> str:
    """What Jinja makes of *text*, set up as Ansible does it. Raises whatever Jinja and its filters raise."""
    kind = type("Told", (Invented,), {"truth": truth})
    environment = jinja2.Environment(
        undefined=kind,
        trim_blocks=True,
        keep_trailing_newline=True,
        loader=jinja2.FunctionLoader(lambda _: ""),
    )
    environment.filters = Lenient(environment.filters)
    environment.filters["join"] = lambda given, by="", *_: by.join(map(str, given))
    environment.filters["default"] = lambda given, *_, **__: given
    environment.tests = Lenient(environment.tests, defined=bool, none=operator.not_)
    return environment.from_string(text).render(ansible_managed="managed")


_RUBY = r"""
require 'erb'
require 'json'
class Invented < BasicObject
  def initialize(name, truth, values) = (@name, @truth, @values = name.to_s, truth, values)
  def to_s = @values.find { |form, _| ::Regexp.new(form, true).match?(@name) }[1]
  def to_str = to_s
  def to_a = @truth ? [self] : []
  def to_ary = nil
  def to_i = 10
  def to_proc = nil
  def each(&block) = block && to_a.each { |one| block.arity > 1 ? block.call(one, one) : block.call(one) }
  alias each_pair each
  alias each_with_index each
  def map(&block) = to_a.map { |one| block.call(one, one) }
  alias collect map
  def sort = self
  alias sort_by sort
  def flatten = to_a
  def join(by = '') = to_s
  def nil? = !@truth
  def empty? = !@truth
  def any? = @truth
  def !  = !@truth
  def ==(other) = @truth && other != :undef && other != :undefined && other != ''
  def !=(other) = !(self == other)
  def =~(other) = @truth ? 0 : nil
  def <=>(other) = 0
  def is_a?(kind) = kind == ::String
  alias kind_of? is_a?
  def instance_of?(kind) = is_a?(kind)
  def respond_to?(*) = true
  def class = ::String
  def hash = 0
  def inspect = to_s
  def coerce(other) = [other, 10]
  def +(other) = to_s + other.to_s
  %i[> < >= <=].each { |one| define_method(one) { |_| @truth } }
  def method_missing(name, *arguments, &block)
    return self if name.to_s.end_with?('=')
    return @truth if name.to_s.end_with?('?')
    called = arguments.find { |one| ::String === one || ::Symbol === one }
    ::Invented.new(name == :[] || name.to_s =~ /lookup/ ? called || @name : name, @truth, @values)
  end
end
class NilClass
  def to_str = ''
  def coerce(other) = [other, 0]
  def method_missing(*) = nil
  def respond_to_missing?(*) = true
end
class Told
  def initialize(names, truth, values)
    @_truth, @_values = truth, values
    names.each { |name| instance_variable_set("@#{name}", truth ? Invented.new(name, truth, values) : nil) }
  end
  def method_missing(name, *arguments) = @_truth ? Invented.new(name, true, @_values) : nil
  def respond_to_missing?(*) = true
  def has_variable?(*) = @_truth
  def bind = binding
end
asked = JSON.parse($stdin.read)
told = Told.new(asked['text'].scan(/@(\w+)/).flatten.uniq, asked['truth'], asked['values'])
print ERB.new(asked['text'], trim_mode: '-').result(told.bind)
"""


def by_erb(text: str, truth: bool) -> str:
    """What Ruby's ERB makes of *text*, set up as Puppet does it. Raises subprocess.CalledProcessError."""
    assert RUBY is not None
    asked = {"text": text, "truth": truth, "values": VALUES}
    return subprocess.run(
        [RUBY, "-W0", "-e", _RUBY],
        input=json.dumps(asked),
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
    ).stdout


BY_LANGUAGE = {"jinja": by_jinja, "erb": by_erb}


@functools.cache
def rendered(language: str, text: str, truth: bool) -> str:
    """*text* filled in with values that are all true, or all false. Raises whatever the program raises."""
    return BY_LANGUAGE[language](text, truth)
