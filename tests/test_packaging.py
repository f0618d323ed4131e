"""What is shipped: the wheel and the source distribution, and an installation of them."""

import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from support import ROOT

pytestmark = pytest.mark.xdist_group("packaging")

PACKAGES = {"maillint": ROOT / "linter" / "maillint", "maillint_rules": ROOT / "rules" / "maillint_rules"}


def run(*command: str | Path, cwd: Path) -> str:
    finished = subprocess.run(command, cwd=cwd, timeout=300, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def package_files() -> set[str]:
    """Every file of the two import packages, data included, under the name it is imported by."""
    return {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    target = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", target, cwd=ROOT)
    [archive] = target.glob("maillint-*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(target)
    [folder] = [path for path in target.iterdir() if path.is_dir()]
    return folder


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as an installer would."""
    target = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir", target)
    run(sys.executable, "-m", "pip", "wheel", *options, sdist, cwd=target)
    [file] = target.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel; its dependencies are borrowed from ours."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel, cwd=folder)
    # A folder named in a .pth file is searched, but its own .pth files (our editable install) are not read.
    (site_packages(folder) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def site_packages(environment: Path) -> Path:
    [folder] = environment.glob("lib/python*/site-packages")
    return folder


def test_the_wheel_ships_every_file_of_both_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert shipped == package_files()
    assert {"maillint/py.typed", "maillint_rules/py.typed"} <= shipped
    assert any(name.endswith(".lark") for name in shipped)


def test_the_source_distribution_can_be_tested(sdist: Path) -> None:
    needed = {
        "Makefile",
        ".ci/run",
        ".pre-commit-hooks.yaml",
        "tests/support.py",
        "benchmarks/run.py",
        "examples/gmail-bounce/before/main.cf",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
    }
    assert {name for name in needed if not (sdist / name).is_file()} == set()


def test_only_our_own_names_land_in_site_packages(environment: Path) -> None:
    names = {path.name for path in site_packages(environment).iterdir()} - {"borrowed.pth", "__pycache__"}
    assert {name for name in names if not name.endswith(".dist-info")} == set(PACKAGES)


def test_the_installed_command_works_without_the_checkout(environment: Path, tmp_path: Path) -> None:
    from maillint import __version__

    where = run(environment / "bin/python", "-c", "import maillint; print(maillint.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(environment)

    maillint = environment / "bin" / "maillint"
    assert run(maillint, "--version", cwd=tmp_path).split() == ["maillint", __version__]

    (tmp_path / "main.cf").write_text(
        "myhostname = mx.example.com\nmyorigin = example.com\nsmtpd_baner = x\n"
    )
    check = subprocess.run(
        [maillint, "check", "--format", "concise", "main.cf"], cwd=tmp_path, capture_output=True, text=True
    )
    assert check.returncode == 1, check.stdout + check.stderr
    assert "[unknown-parameter]" in check.stdout
    assert run(maillint, "explain", "unknown-parameter", cwd=tmp_path)
    assert run(maillint, "rules", cwd=tmp_path)
    assert "myorigin = example.com" in run(maillint, "show", tmp_path, cwd=tmp_path).splitlines()


STRANGER = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "house-rules"
version = "1"
""",
    "house_rules/__init__.py": "",
    "house_rules/template_host.py": '''\
"""A host that was never renamed."""
from maillint.engine.finding import Finding
from maillint.engine.rule import rule


@rule(severity="error", area="house", parameters=("myhostname",), when_set=True)
def template_host(config):
    yield Finding(config.main_view.setting("myhostname").location, "this host was never renamed")
''',
}
"""A stranger's distribution with one rule."""


def test_an_installed_plug_in_works_beside_the_installed_command(environment: Path, tmp_path: Path) -> None:
    for name, text in STRANGER.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    install = ("install", "--quiet", "--no-deps", "--no-build-isolation", tmp_path)
    run(sys.executable, "-m", "pip", "--python", environment / "bin/python", *install, cwd=tmp_path)
    (tmp_path / "maillint.toml").write_text('plugins = ["house_rules"]\nselect = ["house"]\n')
    (tmp_path / "main.cf").write_text("myhostname = template.example.com\n")
    check = subprocess.run(
        [environment / "bin/maillint", "check", "--format", "concise", "main.cf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert check.stdout == "main.cf:1:1: error: this host was never renamed [template-host]\n", check.stderr
    assert check.returncode == 1
