"""Template languages: what their tags are, and what is left for Postfix's grammar to read."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.engine.settings import AUTO, NO_TEMPLATE, TEMPLATES
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import OPAQUE, Source
from maillint.syntax.template.choices import FEW_VARIANTS, MOST_VARIANTS, choices
from maillint.syntax.template.languages import language, language_of
from maillint.syntax.template.names import SUFFIXES
from maillint.syntax.template.tags import CONTROL, OPEN, OUTPUT, blocks
from maillint.syntax.template.template import Template, Variant


def tags(name: str, text: str) -> list[tuple[str, str, str]]:
    """The text, kind and role of each tag."""
    return [(text[tag.start : tag.end], tag.kind, tag.role) for tag in language(name).scan(text)]


def variants(name: str, text: str, *, is_master: bool = False) -> list[Variant]:
    template = Template(text, language(name), is_master=is_master)
    return [template.variant(choice) for choice in choices(template.blocks)]


def only(name: str, text: str, *, is_master: bool = False) -> Variant:
    [variant] = variants(name, text, is_master=is_master)
    return variant


def parameters(variant: Variant) -> dict[str, str]:
    """What Postfix's grammar makes of a variant, with ``?`` for what is not known."""
    tree = parse_main_cf(Source("main.cf", variant.text))
    return {
        setting.name: re.sub(f"{OPAQUE}+", "?", " ".join(setting.value.text.split()))
        for setting in tree.settings
    }


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("jinja", "a = {{ b }}", [("{{ b }}", OUTPUT, "")]),
        ("jinja", "{# a\nb #}", [("{# a\nb #}", CONTROL, "")]),
        ("jinja", "{{ ansible_managed | comment }}", [("{{ ansible_managed | comment }}", CONTROL, "")]),
        ("jinja", "{{ '}}' }}x", [("{{ '}}' }}", OUTPUT, "")]),
        ("jinja", '{% if a == "%}" %}', [('{% if a == "%}" %}', CONTROL, "if")]),
        (
            "jinja",
            "{%- if a -%}{%+elif b%}{% else +%}{%endif%}",
            [
                ("{%- if a -%}", CONTROL, "if"),
                ("{%+elif b%}", CONTROL, "branch"),
                ("{% else +%}", CONTROL, "else"),
                ("{%endif%}", CONTROL, "end"),
            ],
        ),
        ("jinja", "{% for a in b %}{% endfor %}", [
            ("{% for a in b %}", CONTROL, "loop"), ("{% endfor %}", CONTROL, "end"),
        ]),
        ("jinja", "{% raw %}{{ a }}{% if %}{% endraw %}", [
            ("{% raw %}", CONTROL, ""), ("{% endraw %}", CONTROL, ""),
        ]),
        ("jinja", "{% set a = 1 %}", [("{% set a = 1 %}", CONTROL, "")]),
        ("jinja", "{% set a %}b{{ c }}{% endset %}", [("{% set a %}b{{ c }}{% endset %}", CONTROL, "")]),
        ("jinja", "{% macro a() %}b = c{% endmacro %}", [
            ("{% macro a() %}b = c{% endmacro %}", CONTROL, ""),
        ]),
        ("jinja", "{% filter upper %}b{% endfilter %}", [("{% filter upper %}b{% endfilter %}", OPEN, "")]),
        ("jinja", "{% include 'a' %}", [("{% include 'a' %}", OPEN, "")]),
        ("jinja", "{{ a", []),
        ("jinja", "${{$a} == {b} ? c}", []),
        ("erb", "<%= a -%>", [("<%= a -%>", OUTPUT, "")]),
        ("erb", "<%# a = if b %>", [("<%# a = if b %>", CONTROL, "")]),
        ("erb", "<%% a %>", []),
        (
            "erb",
            "<% if a -%><% elsif b %><% else %><% end %>",
            [
                ("<% if a -%>", CONTROL, "if"),
                ("<% elsif b %>", CONTROL, "branch"),
                ("<% else %>", CONTROL, "else"),
                ("<% end %>", CONTROL, "end"),
            ],
        ),
        ("erb", "<% @a.each do |b| %><%- end -%>", [
            ("<% @a.each do |b| %>", CONTROL, "loop"), ("<%- end -%>", CONTROL, "end"),
        ]),
        ("erb", "<% a = 1 %>", [("<% a = 1 %>", CONTROL, "")]),
        ("erb", "<% a = 1\n  unless b -%>", [("<% a = 1\n  unless b -%>", CONTROL, "if")]),
        ("erb", "<% if a then b end %>", [("<% if a then b end %>", CONTROL, "")]),
        ("erb", "<%- | String $a, $b = {} | -%>", [("<%- | String $a, $b = {} | -%>", CONTROL, "")]),
        (
            "erb",
            "<% if $a { -%><% } elsif $b { -%><% } else { -%><% } -%>",
            [
                ("<% if $a { -%>", CONTROL, "if"),
                ("<% } elsif $b { -%>", CONTROL, "branch"),
                ("<% } else { -%>", CONTROL, "else"),
                ("<% } -%>", CONTROL, "end"),
            ],
        ),
        ("erb", "<% $a.each |$b| { -%><% } -%>", [
            ("<% $a.each |$b| { -%>", CONTROL, "loop"), ("<% } -%>", CONTROL, "end"),
        ]),
        ("go", "{{ .Host }}{{- $a -}}", [("{{ .Host }}", OUTPUT, ""), ("{{- $a -}}", OUTPUT, "")]),
        ("go", "{{/* }} */}}", [("{{/* }} */}}", CONTROL, "")]),
        ("go", "{{- /* a */ -}}", [("{{- /* a */ -}}", CONTROL, "")]),
        ("go", '{{ "}}" }}', [('{{ "}}" }}', OUTPUT, "")]),
        ("go", "{{ $a := 1 }}{{ template \"a\" . }}", [
            ("{{ $a := 1 }}", CONTROL, ""), ('{{ template "a" . }}', OPEN, ""),
        ]),
        (
            "go",
            "{{if .A}}{{else if .B}}{{- else }}{{end}}{{range .C}}{{end}}",
            [
                ("{{if .A}}", CONTROL, "if"),
                ("{{else if .B}}", CONTROL, "branch"),
                ("{{- else }}", CONTROL, "else"),
                ("{{end}}", CONTROL, "end"),
                ("{{range .C}}", CONTROL, "loop"),
                ("{{end}}", CONTROL, "end"),
            ],
        ),
        ("mustache", "{{a}}{{{b}}}{{&c}}", [
            ("{{a}}", OUTPUT, ""), ("{{{b}}}", OUTPUT, ""), ("{{&c}}", OUTPUT, ""),
        ]),
        ("mustache", "{{! a }}{{!-- }} --}}{{> b}}", [
            ("{{! a }}", CONTROL, ""), ("{{!-- }} --}}", CONTROL, ""), ("{{> b}}", OPEN, ""),
        ]),
        (
            "mustache",
            "{{#if a}}{{else if b}}{{else}}{{/if}}{{^c}}{{/c}}",
            [
                ("{{#if a}}", CONTROL, "loop"),
                ("{{else if b}}", CONTROL, "branch"),
                ("{{else}}", CONTROL, "else"),
                ("{{/if}}", CONTROL, "end"),
                ("{{^c}}", CONTROL, "if"),
                ("{{/c}}", CONTROL, "end"),
            ],
        ),
        ("placeholder", "$A_B ${A_B}${A:-b.c}", [
            ("$A_B", OUTPUT, ""), ("${A_B}", OUTPUT, ""), ("${A:-b.c}", OUTPUT, ""),
        ]),
        ("placeholder", "@A_B@ @@a@@", [("@A_B@", OUTPUT, ""), ("@@a@@", OUTPUT, "")]),
        ("placeholder", "%A_B% %%a%% %a_b", [
            ("%A_B%", OUTPUT, ""), ("%%a%%", OUTPUT, ""), ("%a_b", OUTPUT, ""),
        ]),
        ("placeholder", "<A-B> __A_B__ {a_b}", [
            ("<A-B>", OUTPUT, ""), ("__A_B__", OUTPUT, ""), ("{a_b}", OUTPUT, ""),
        ]),
        ("placeholder", "$host ${host} ${host?{a}} user@example.com, b@c.d <=TLSv1 { a_b }", []),
    ],
)  # fmt: skip
def test_tags(name: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert tags(name, text) == expected


@pytest.mark.parametrize("text", [
    "{% if a %}", "{% endif %}", "{% endif %}{% if a %}", "{% if a %}{% endfor %}{% endif %}",
    "{% if a %}" * 60 + "{% endif %}" * 60, "{% if a %}{% endif %}" * 200,
])  # fmt: skip
def test_blocks_that_do_not_fit_together_or_are_too_many(text: str) -> None:
    assert blocks(language("jinja").scan(text)) is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("jinja", "a = {{ b }}\n", {"a": "?"}),
        ("jinja", "a = b, {{ c }}, d\n", {"a": "b, ?, d"}),
        ("jinja", "a = b {# why #}\nc = d\n", {"a": "b", "c": "d"}),
        ("jinja", "{#\na = b\n#}\nc = d\n", {"c": "d"}),
        ("jinja", "a = b,\n{# why #}\n    c\n", {"a": "b, c"}),
        ("jinja", "a = b,\n    {{ c }},\n    d\n", {"a": "b, ?, d"}),
        ("jinja", "a = b,\n{{ c }}\n", {"a": "b, ?"}),
        ("jinja", "a = b{{ c\n}}\nd = e\n", {"a": "b?", "d": "e"}),
        ("jinja", "a = {% if b %}c{% else %}d{% endif %}\n", {"a": "?"}),
        ("jinja", "a = b{% for c in d %}, {{ c }}{% endfor %}\n", {"a": "b?"}),
        ("jinja", "a = {{ b -}}\n  c\nd = e\n", {"a": "? c", "d": "e"}),
        ("jinja", "a = b,\n  {{- c }}\nd = e\n", {"a": "b, ?", "d": "e"}),
        ("jinja", "a = {% raw %}{{ b }}{% endraw %}\n", {"a": "?{{ b }}?"}),
        ("jinja", "# {{ a }}\nb = c\n", {"b": "c"}),
        ("jinja", "# {{ a\n }} b\nc = d\n", {"c": "d"}),
        ("erb", "a = <%= b %>\r\nc = d\r\n", {"a": "?", "c": "d"}),
        ("erb", "a = <%= b -%>\nc = d\n", {"a": "? ?= d"}),
        ("go", "a = {{ .B }}\n{{/* c */}}\nd = e\n", {"a": "?", "d": "e"}),
        ("mustache", "a = {{b}}\n{{! c }}\nd = e\n", {"a": "?", "d": "e"}),
        ("placeholder", "a = $b ${B} @B@\n", {"a": "$b ? ?"}),
    ],
)
def test_what_is_left_to_read(name: str, text: str, expected: dict[str, str]) -> None:
    variant = only(name, text)
    assert parameters(variant) == expected
    assert not variant.is_open or "\n" in expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("jinja", "{{ a }}\nb = c\n", {"b": "c"}),
        ("jinja", "{% include 'a' %}\nb = c\n", {"b": "c"}),
        ("jinja", "{{ a }} = d\nb = c\n", {"b": "c"}),
        ("jinja", "x_{{ a }}_y = d,\n  e\nb = c\n", {"b": "c"}),
        ("jinja", "{% for k in v %}{{ k }} = d\n{% endfor %}\nb = c\n", {"b": "c"}),
        ("jinja", "{% if a %}x = y\n{% endif %}\nb = c\n", {"b": "c"}),
        ("jinja", "{% if a -%}\n  x = y\n{% endif %}\nb = c\n", {"b": "c"}),
        (
            "jinja",
            "b = c\n{% if a %}\nx = y\n{% endfor %}\nx = z\n{% endif %}\nd = e\n",
            {"b": "c", "d": "e"},
        ),
        ("erb", "<%= @a.map do |b| %>\nx = y\n<% end %>\nb = c\n", {"b": "c"}),
        ("mustache", "{{> a }}\nb = c\n", {"b": "c"}),
    ],
)
def test_what_may_hold_whole_settings(name: str, text: str, expected: dict[str, str]) -> None:
    found = variants(name, text)
    assert all(variant.is_open for variant in found)
    assert any(parameters(variant) == expected for variant in found)


def test_each_branch_is_a_variant() -> None:
    text = "a = b\n{% if x %}\nc = d\n{% elif y %}\nc = e\n{% else %}\nc = f\n{% endif %}\n"
    assert [parameters(variant) for variant in variants("jinja", text)] == [
        {"a": "b", "c": "d"},
        {"a": "b", "c": "e"},
        {"a": "b", "c": "f"},
    ]


def test_without_else_there_may_be_nothing() -> None:
    for name, text in (
        ("jinja", "{% if x %}\nc = d\n{% endif %}\n"),
        ("jinja", "{% for x in y %}\nc = d\n{% endfor %}\n"),
        ("erb", "  <% unless x -%>\nc = d\n  <% end -%>\n"),
        ("erb", "<% $x.each |$y| { -%>\nc = d\n<% } -%>\n"),
        ("go", "{{- range .X }}\nc = d\n{{- end }}\n"),
        ("mustache", "{{#x}}\nc = d\n{{/x}}\n"),
    ):
        assert [parameters(variant) for variant in variants(name, text)] == [{"c": "d"}, {}], text


def test_blocks_in_branches() -> None:
    text = (
        "{% if x %}\na = 1\n{% if y %}\nb = 1\n{% else %}\nb = 2\n{% endif %}\n"
        "{% else %}\n{% for z in w %}\nc = 1\n{% endfor %}\n{% endif %}\n"
    )
    found = [parameters(variant) for variant in variants("jinja", text)]
    assert found == [{"a": "1", "b": "1"}, {"a": "1", "b": "2"}, {"c": "1"}, {}]


def test_a_branch_within_a_value() -> None:
    text = "a = b,\n{% if x %}\n    c,\n{% endif %}\n    d\n"
    assert [parameters(variant) for variant in variants("jinja", text)] == [{"a": "b, c, d"}, {"a": "b, d"}]


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("smtp inet n - y - - smtpd\n  -o a={{ b }}\n", ["smtp/inet"]),
        ("smtp inet n - y - - smtpd\n  -o { a = {{ b }} c }\n", ["smtp/inet"]),
        ("smtp inet n - y - - smtpd\n{% if a %}\n  -o a=b\n{% endif %}\n", ["smtp/inet"]),
        ("smtp inet n - {{ c }} - - smtpd\nx unix - - y - - local\n", ["x/unix"]),
        ("{{ port }} inet n - y - - smtpd\n  -o a=b\nx unix - - y - - local\n", ["x/unix"]),
        ("smtp inet n - y - - smtpd\n  {{ options }}\nx unix - - y - - local\n", ["x/unix"]),
        ("smtp inet n - y - - smtpd\n  -o {{ a }}=b\nx unix - - y - - local\n", ["x/unix"]),
        ("smtp inet n - y - - smtpd\n  -o a_{{ a }}=b\nx unix - - y - - local\n", ["x/unix"]),
    ],
)
def test_services_of_which_only_values_are_unknown(text: str, services: list[str]) -> None:
    from maillint.syntax.master_cf import parse_master_cf

    for variant in variants("jinja", text, is_master=True):
        tree = parse_master_cf(Source("master.cf", variant.text))
        assert [service.id for service in tree.services] == services
        assert variant.is_open == ("smtp/inet" not in services)


def many(number: int) -> str:
    return "".join(f"{{% if v{n} %}}\na{n} = 1\n{{% endif %}}\n" for n in range(number))


def test_of_many_blocks_any_two_are_seen_both_ways_together() -> None:
    found = [set(parameters(variant)) for variant in variants("jinja", many(30))]
    assert FEW_VARIANTS > len(found) > 4
    for one in range(30):
        for other in range(one):
            states = {(f"a{one}" in names, f"a{other}" in names) for names in found}
            assert len(states) == 4, (one, other)


@pytest.mark.parametrize("number", [0, 1, 4, 5, 100, 150, 1000])
def test_the_number_of_variants_is_bounded(number: int) -> None:
    assert 1 <= len(variants("jinja", many(number))) <= MOST_VARIANTS


PIECES = {
    "jinja": [
        "{{ a }}", "{{- a -}}", "{{", "}}", "{% if a %}", "{%- if a -%}", "{% elif a %}", "{% else %}",
        "{% endif %}", "{%- endif -%}", "{% for a in b %}", "{% endfor %}", "{#", "#}", "{% raw %}",
        "{% endraw %}", "{% set a = 1 %}", "{% set a %}", "{% endset %}", "{% macro a() %}",
        "{% include 'a' %}", "{%", "%}", "{{ '", "\"",
    ],
    "erb": [
        "<%= a %>", "<%= a -%>", "<%", "%>", "-%>", "<% if a %>", "<%- if a -%>", "<% else %>", "<% end %>",
        "<% } %>", "<% a.each do |b| %>", "<% case a %>", "<% when b %>", "<%# a %>", "<%= a do %>",
    ],
    "go": [
        "{{ .A }}", "{{- .A -}}", "{{", "}}", "{{if .A}}", "{{- else -}}", "{{else if .B}}", "{{end}}",
        "{{range .A}}", "{{/*", "*/}}", "{{ `", "{{ template \"a\" }}", "{{$a := 1}}",
    ],
    "mustache": [
        "{{a}}", "{{{a}}}", "{{#a}}", "{{^a}}", "{{/a}}", "{{else}}", "{{!--", "--}}", "{{> a}}", "{{",
    ],
    "placeholder": ["${A}", "$A", "@A@", "%A%", "<A>", "{a_b}", "__A__", "${A:-", "@", "%", "__"],
}  # fmt: skip
TEXT = [
    "\n", "\n", "\r\n", "\n  ", "a = ", "b", ", ", "# ", "smtp inet n - y - - smtpd", "  -o a=b", "{ a = b }",
    "${{$a} == {b} ? {c}}", "\0", "\ufeff", "\udcff", OPAQUE, " ",
]  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_a_masked_text_keeps_its_length_and_its_lines(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SUFFIXES)))
    text = "".join(data.draw(st.lists(st.sampled_from(PIECES[name] * 2 + TEXT), max_size=40)))
    is_master = data.draw(st.booleans())
    template = Template(text, language(name), is_master=is_master)
    ends = [found.start() for found in re.finditer("\n", text)]
    assert all(0 <= tag.start < tag.end <= len(text) for tag in template.tags)
    for choice in choices(template.blocks):
        variant = template.variant(choice)
        assert [found.start() for found in re.finditer("\n", variant.text)] == ends
        assert len(variant.text) == len(text)
        kept = [
            (new, old) for new, old in zip(variant.text, text, strict=True) if new not in (OPAQUE, "#", " ")
        ]
        assert all(new == old for new, old in kept)
        for span in template.tags:
            assert set(variant.text[span.start : span.end]) <= {OPAQUE, "#", " ", "\n"}


@pytest.mark.parametrize("name", sorted(SUFFIXES))
def test_hostile_templates_take_time_in_proportion_to_their_size(name: str) -> None:
    started = time.monotonic()
    for piece in (*PIECES[name], "{{ {", "<% '", '{{ "', "@a.", "${A-", "{{\n", "{%if\n", "{{#a}}\n"):
        text = piece * (200_000 // len(piece))
        template = Template(text, language(name), is_master=False)
        template.variant(choices(template.blocks)[0])
        language_of("main.cf", text)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("main.cf.j2", "a = b\n", "jinja"),
        ("MAIN.CF.J2", "a = b\n", "jinja"),
        ("main.cf.epp", "a = b\n", "erb"),
        ("main.cf.in", "a = b\n", "placeholder"),
        ("main.cf.tmpl", "a = b\n", "placeholder"),
        ("main.cf.tmpl", "a = {{ .B }}\n", "go"),
        ("main.cf.tpl", "a = <%= b %>\n", "erb"),
        ("main.cf", "{% if a %}\na = b\n{% endif %}\n", "jinja"),
        ("main.cf", "a = {{ b }}\n", "jinja"),
        ("main.cf", "a = {{ b | default('c') }}\n", "jinja"),
        ("main.cf", "a = <%= b %>\n", "erb"),
        ("main.cf", "a = {{ .Values.b }}\n", "go"),
        ("main.cf", "{{#a}}\nb = {{c}}\n{{/a}}\n", "mustache"),
    ],
)
def test_the_language_of_a_file(path: str, text: str, name: str) -> None:
    found = language_of(path, text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "a = ${b}\n",
        "a = $(b)\n",
        "a = ${{$compatibility_level} <level {1} ? {yes} : {no}}\n",
        "a = ${{$b} == {c} ? {d}}\n",
        "a = ${{ $b } == {c} ? {d}}\n",
        "a = ${b?{c}:{d}}\n",
        "a = pcre:{{/./ OK}}\n",
        "a = pcre:{{/^x$/ OK}, {/y/ DUNNO}}\n",
        "a = inline:{{b = c}, {d = e}}\n",
        "a = inline:{{.example.com = c}, {$b = d}}\n",
        "a = inline:{{$b = d}}, inline:{{b}}\n",
        "a = inline:{ b=c, {d = e f} }\n",
        "a = cidr:{{192.0.2.0/24 OK}}\n",
        "a = { inet:[::1]:25, timeout=10s }\n",
        "a = $MAIL_HOST @HOST@ %HOST%\n",
        "a = <=TLSv1.3, >=TLSv1.2\n",
        "a = {%}\n",
    ],
)
def test_what_main_cf_has_itself_is_no_template(text: str) -> None:
    assert language_of("main.cf", text) is None
    if "HOST" not in text:
        for name in ("jinja", "erb", "go", "mustache"):
            if "{{" not in text.replace("${{", ""):
                assert list(language(name).scan(text)) == []


def test_the_languages_of_the_settings_are_those_there_are() -> None:
    assert set(TEMPLATES) == {AUTO, NO_TEMPLATE, *SUFFIXES}
