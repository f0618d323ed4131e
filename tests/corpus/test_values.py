"""Every value of every real configuration has an outcome, and a place in its file."""

from maillint.postfix import role
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from support import MAIN_CF, MAIN_CF_TEMPLATE, MASTER_CF, MASTER_CF_TEMPLATE, corpus_files, needs_corpus

pytestmark = needs_corpus


def configurations() -> list[Configuration]:
    mains = [
        Configuration(parse_main_cf(Source.from_bytes(str(file), file.path.read_bytes())), None)
        for file in corpus_files(MAIN_CF, MAIN_CF_TEMPLATE)
    ]
    masters = [
        Configuration(None, parse_master_cf(Source.from_bytes(str(file), file.path.read_bytes())))
        for file in corpus_files(MASTER_CF, MASTER_CF_TEMPLATE)
    ]
    return mains + masters


def test_every_value_has_an_outcome_and_a_place() -> None:
    for config in configurations():
        for view in config.views:
            for name in view.overrides if view.service is not None else config.settings:
                setting = view.setting(name)
                value = view.value(name)
                assert setting is not None
                assert (value.text is None) == bool(value.unknown)
                for item in view.items(name):
                    assert item.location is not None
                    assert item.location.source is setting.source
                    assert setting.span.start <= item.location.span.start < item.location.span.end
                    assert item.location.span.end <= setting.span.end
                    if item.known and "$" not in setting.value.text:
                        # A comment may stand in between.
                        assert item.location.text.split()[0] == item.text.split()[0]
                        assert item.location.text.split()[-1] == item.text.split()[-1]


def test_every_role_has_an_answer() -> None:
    for config in configurations():
        for name, answer in role.answers(config).items():
            assert answer.holds in (True, False, None)
            assert answer.evidence or answer.holds is False, name


TEMPLATES = (
    "abbradar__mylittleserver/",
    "i-MSCP__imscp/",
    "infracamp__mailtainer/",
    "mark-kubacki__vhcs2/",
    "techlivezheng__ispcp-arch-config/",
)
"""Whose main.cf a script fills in."""


def test_only_templates_are_taken_for_templates() -> None:
    """A value that maillint takes for a template would silently go unjudged."""
    taken = []
    for file in corpus_files(MAIN_CF):
        if str(file).startswith(TEMPLATES):
            continue
        config = Configuration(parse_main_cf(Source.from_bytes(str(file), file.path.read_bytes())), None)
        for setting in config.settings.values():
            if "template" in config.raw(setting).reason:
                taken.append(f"{file}: {setting.name} = {setting.value.text}")
    assert taken == []
