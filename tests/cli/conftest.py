"""A directory to run the command in, and a stranger's package of rules."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from support import run_maillint

STRANGER = {
    "__init__": "",
    "template_host": '''"""A host that was never renamed.

## What happens
People cannot find it.

## Bad
```main.cf fragment template-host@1
myhostname = template.example.com
```

## Good
```main.cf fragment
myhostname = mx.example.com
```

## When it is right
Never.

## References
- our handbook
"""
from maillint.engine.finding import Finding
from maillint.engine.rule import rule


@rule(severity="error", area="house", parameters=("myhostname",), when_set=True)
def template_host(config):
    setting = config.main_view.setting("myhostname")
    if "template" in setting.value.text:
        yield Finding(setting.value.location(), "this host was never renamed", mend="rename it")
''',
    "always_raises": '''"""A rule with a bug."""
from maillint.engine.finding import Finding
from maillint.engine.rule import rule


@rule(severity="error", area="house", parameters=("mydomain",), when_set=True)
def always_raises(config):
    yield Finding(config.main_view.setting("mydomain").location, "found before the bug")
    raise LookupError("a bug\\nof two lines")
''',
    "every_view": '''"""One finding for each daemon."""
from maillint.engine.finding import Finding
from maillint.engine.rule import VIEW, rule


@rule(severity="info", area="house", parameters=("smtpd_helo_required",), when_set=True, each=VIEW)
def every_view(view):
    setting = view.setting("smtpd_helo_required")
    yield Finding(setting.value.location(), f"it is {setting.value.text}")
''',
}
"""The modules of the package ``stranger_rules``."""

Check = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty directory, with no settings file in it or above that counts."""
    (tmp_path / "here").mkdir()
    (tmp_path / "maillint.toml").write_text("")
    return tmp_path / "here"


@pytest.fixture
def stranger(place: Path, tmp_path: Path) -> Mapping[str, str]:
    """Install the package ``stranger_rules`` and name it in the settings; gives the environment to run in."""
    package = tmp_path / "site" / "stranger_rules"
    package.mkdir(parents=True)
    for module, text in STRANGER.items():
        (package / f"{module}.py").write_text(text)
    (place / "maillint.toml").write_text('plugins = ["stranger_rules"]\nselect = ["house"]\n')
    return {"PYTHONPATH": str(package.parent)}


@pytest.fixture
def check(place: Path) -> Check:
    """Run ``maillint check --format concise`` in *place*, on the texts given as ``main=`` and ``master=``."""

    def run(
        *arguments: str, main: str | None = None, master: str | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        for name, text in (("main.cf", main), ("master.cf", master)):
            if text is not None:
                (place / name).write_text(text)
        return run_maillint("check", "--format", "concise", *arguments, cwd=place, **options)

    return run


def findings(run: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The findings of a run with ``--format json``."""
    found: list[dict[str, Any]] = json.loads(run.stdout)["findings"]
    return found
