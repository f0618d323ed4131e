"""The hook, run by the real pre-commit in throw-away repositories."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from identify.identify import tags_from_path

from maillint.engine.discovery import Target, discover
from maillint.syntax.template.names import ALL as SUFFIXES
from support import ROOT

# One worker, so that the hook's environment is built once.
pytestmark = pytest.mark.xdist_group("pre-commit")

GOOD = "myhostname = mx.example.com\nmydomain = example.com\nmyorigin = $mydomain\n"
BAD = GOOD + "smtpd_banner $myhostname ESMTP\n"
FIXABLE = GOOD.replace("mx.example.com", '"mx.example.com"')
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
[TEMPLATES] = [hook for hook in HOOKS if hook["id"] == "maillint-templates"]
PLAIN = [hook for hook in HOOKS if hook is not TEMPLATES]

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run a command with an identity for git and a cache for pre-commit that are the tests' own."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\n  name = Test\n  email = test@example.com\n")

    def run(*command: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
        }
        finished = subprocess.run(
            command, cwd=cwd, env=environment, timeout=300, capture_output=True, text=True
        )
        assert not check or finished.returncode == 0, finished.stdout + finished.stderr
        return finished

    return run


@pytest.fixture(scope="session")
def hook_repository(run: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree under test as a repository that pre-commit can install the hook from."""
    repository = tmp_path_factory.mktemp("hook") / "maillint"
    # What a commit would hold: the copy's own .gitignore leaves out what is left over here.
    shutil.copytree(
        ROOT, repository, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__")
    )
    run("git", "init", "-q", cwd=repository)
    run("git", "add", "--all", cwd=repository)
    run("git", "commit", "-q", "-m", "the tree under test", cwd=repository)
    return repository


@pytest.fixture
def install(run: Command, hook_repository: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Make a repository of a user, with the hook of a name installed."""
    revision = run("git", "rev-parse", "HEAD", cwd=hook_repository).stdout.strip()

    def install(hook: str) -> Path:
        config = {"repos": [{"repo": str(hook_repository), "rev": revision, "hooks": [{"id": hook}]}]}
        (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        run("git", "init", "-q", cwd=tmp_path)
        run("git", "add", "--all", cwd=tmp_path)
        run("git", "commit", "-q", "-m", "start", cwd=tmp_path)
        run("pre-commit", "install", "--install-hooks", cwd=tmp_path)
        return tmp_path

    return install


@pytest.fixture
def user_repository(install: Callable[[str], Path]) -> Path:
    return install("maillint")


def commit(run: Command, repository: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text)
    run("git", "add", "--all", cwd=repository)
    return run("git", "commit", "-m", "change", cwd=repository, check=False)


def commits(run: Command, repository: Path) -> int:
    return int(run("git", "rev-list", "--count", "HEAD", cwd=repository).stdout)


def test_a_bad_main_cf_blocks_the_commit_and_its_mend_lets_it_pass(
    run: Command, user_repository: Path
) -> None:
    blocked = commit(run, user_repository, {"mail/postfix/main.cf": BAD})
    output = blocked.stdout + blocked.stderr
    assert blocked.returncode != 0
    assert commits(run, user_repository) == 1
    assert "missing-equals" in output
    assert "mail/postfix/main.cf" in output

    passed = commit(run, user_repository, {"mail/postfix/main.cf": GOOD})
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert re.search(r"maillint\.+Passed", passed.stdout + passed.stderr)
    assert commits(run, user_repository) == 2


def test_the_hook_is_not_run_for_other_files(run: Command, user_repository: Path) -> None:
    other = commit(run, user_repository, {"main.cf.j2": BAD, "mymain.cf": BAD, "docs/main.cf.md": BAD})
    assert other.returncode == 0, other.stdout + other.stderr
    assert re.search(r"maillint\.+\(no files to check\)Skipped", other.stdout + other.stderr)


def test_the_fixing_hook_mends_the_file_and_stops_the_commit_until_it_is_added(
    run: Command, install: Callable[[str], Path]
) -> None:
    repository = install("maillint-fix")
    stopped = commit(run, repository, {"main.cf": FIXABLE})
    assert stopped.returncode != 0
    assert "files were modified by this hook" in stopped.stdout + stopped.stderr
    assert (repository / "main.cf").read_text() == GOOD
    assert run("git", "show", ":main.cf", cwd=repository).stdout == FIXABLE

    passed = commit(run, repository, {})
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert run("git", "show", "HEAD:main.cf", cwd=repository).stdout == GOOD

    left = commit(run, repository, {"main.cf": BAD})
    assert left.returncode != 0
    assert "missing-equals" in left.stdout + left.stderr
    assert (repository / "main.cf").read_text() == BAD


def test_pre_commit_takes_the_manifest(run: Command) -> None:
    run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT)


def selected(hook: dict[str, Any], place: Path, name: str) -> bool:
    """Whether pre-commit hands the file *name* in the repository *place* to *hook*."""
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD)
    # As pre-commit does it: re.search over the path in the repository, and all the types.
    return re.search(hook["files"], name) is not None and set(hook["types"]) <= tags_from_path(str(path))


@pytest.mark.parametrize("hook", PLAIN, ids=[hook["id"] for hook in PLAIN])
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("main.cf", True),
        ("master.cf", True),
        ("etc/postfix/main.cf", True),
        ("etc/postfix-out/master.cf", True),
        ("main.cf/main.cf", True),
        ("roles/mail server/files/master.cf", True),
        ("main.cf.j2", False),
        ("main.cf.proto", False),
        ("main.cf/readme", False),
        ("domain.cf", False),
        ("postmaster.cf", False),
        ("my-main.cf", False),
        ("mainxcf", False),
        ("dynamicmaps.cf", False),
        ("Main.cf", False),
        ("main.cf.bak", False),
        ("main.cfg", False),
        ("main-cf", False),
    ],
)
def test_files_and_types_select_main_cf_and_master_cf_only(
    tmp_path: Path, hook: dict[str, Any], name: str, wanted: bool
) -> None:
    assert selected(hook, tmp_path, name) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *((f"main.cf{suffix}", True) for suffix in SUFFIXES),
        ("master.cf.j2", True),
        ("roles/mail server/templates/etc/postfix/master.cf.j2", True),
        ("main.cf-el8.erb", True),
        ("main.cf.Debian.erb", True),
        ("RedHat-main.cf.erb", True),
        ("postfix_main_cf.tmpl", True),
        ("main.cf", False),
        ("main.cf.d/readme.j2", False),
        ("main.cf.j2/readme", False),
        ("main.cf.j2~", False),
        ("main.cf.proto", False),
        ("domain.cf.j2", False),
        ("postmaster.cf.j2", False),
        ("main.cfg.j2", False),
        ("mainxcf.j2", False),
        ("main.j2", False),
    ],
)
def test_the_hook_for_templates_selects_what_maillint_takes_for_a_template(
    tmp_path: Path, name: str, wanted: bool
) -> None:
    assert selected(TEMPLATES, tmp_path, name) is wanted
    path = tmp_path / name
    taken = [target.files for target in discover([str(path.parent)]) if isinstance(target, Target)]
    assert ((str(path),) in taken) is (wanted or name == "main.cf")


def test_the_hook_for_templates_stops_a_commit(run: Command, install: Callable[[str], Path]) -> None:
    repository = install("maillint-templates")
    template = "{% if relay %}\nrelayhost = {{ relay }}\n{% endif %}\n"
    passed = commit(run, repository, {"templates/main.cf.j2": template, "main.cf": BAD})
    assert passed.returncode == 0, passed.stdout + passed.stderr
    stopped = commit(run, repository, {"templates/main.cf.j2": template + "smtpd_banner $myhostname\n"})
    assert stopped.returncode != 0
    assert "templates/main.cf.j2:4" in stopped.stdout + stopped.stderr
