"""From paths to configurations."""

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from maillint.engine.discovery import Target, discover, stand_in
from maillint.postfix.configuration import ConfigurationError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("myhostname = mx.example.com\n")


def targets(*paths: str, stdin_filename: str = "main.cf") -> list[Target]:
    found = list(discover(paths, stdin_filename))
    assert all(isinstance(target, Target) for target in found), found
    return [target for target in found if isinstance(target, Target)]


def errors(*paths: str) -> list[tuple[str, str]]:
    return [(error.path, error.message) for error in discover(paths) if isinstance(error, ConfigurationError)]


def test_directory_and_those_below_in_order() -> None:
    make("main.cf", "master.cf", "b/main.cf", "a/deep/master.cf", "a/other.cf", "c/aliases")
    assert [(target.main, target.master, target.named) for target in targets(".")] == [
        ("main.cf", "master.cf", None),
        (None, "a/deep/master.cf", None),
        ("b/main.cf", None, None),
    ]


def test_templates_are_found_in_pairs_beside_a_plain_file() -> None:
    make("t/main.cf", "t/main.cf.j2", "t/master.cf.j2", "t/main.cf-el7.erb", "t/master.cf-el7.erb")
    make("t/main.cf-el8.erb", "t/master.cf.tmpl", "t/x/postfix_main_cf.epp")
    assert [(target.main, target.master, target.fragment) for target in targets("t")] == [
        ("t/main.cf", None, False),
        ("t/main.cf-el7.erb", "t/master.cf-el7.erb", False),
        ("t/main.cf-el8.erb", None, True),
        ("t/main.cf.j2", "t/master.cf.j2", False),
        (None, "t/master.cf.tmpl", True),
        ("t/x/postfix_main_cf.epp", None, True),
    ]


def test_what_is_no_template_of_ours_is_not_found() -> None:
    make("main.cf.proto", "main.cf.j2~", "main.cf.bak", "domain.cf.j2", "postmaster.cf.j2", "main.j2")
    Path("master.cf.j2").mkdir()
    assert len(errors(".")) == 1


def test_named_template_is_judged_with_its_other_half() -> None:
    make("t/main.cf", "t/main.cf.j2", "t/master.cf.j2")
    [target] = targets("t/master.cf.j2")
    assert (target.main, target.master, target.named) == (
        "t/main.cf.j2",
        "t/master.cf.j2",
        {"t/master.cf.j2"},
    )
    assert not target.fragment
    [target] = targets("t/main.cf.j2", "t/master.cf.j2")
    assert target.named == {"t/main.cf.j2", "t/master.cf.j2"}
    assert len(targets("t", "t/main.cf.j2")) == 2
    assert len(targets("t/main.cf.j2", "t")) == 2


def test_places_that_hold_no_configuration_of_ours_are_skipped() -> None:
    make(
        "x/main.cf",
        ".git/main.cf",
        ".hidden/main.cf",
        "node_modules/p/main.cf",
        "env/pyvenv.cfg",
        "env/l/main.cf",
    )
    assert [target.main for target in targets(".")] == ["x/main.cf"]
    assert [target.main for target in targets(".hidden", "env/l")] == [".hidden/main.cf", "env/l/main.cf"]


def test_links_to_directories_are_not_followed() -> None:
    make("real/main.cf")
    os.symlink("..", "real/loop")
    os.symlink("real", "again")
    assert [target.main for target in targets(".")] == ["real/main.cf"]


def test_link_that_is_named_is_followed() -> None:
    make("real/main.cf")
    os.symlink("real", "link")
    assert [target.main for target in targets("link")] == ["link/main.cf"]


def test_directory_without_configuration() -> None:
    Path("empty").mkdir()
    [(path, message)] = errors("empty")
    assert path == "empty"
    assert "main.cf" in message


def test_named_file_is_judged_in_its_context() -> None:
    make("d/main.cf", "d/master.cf", "lone/main.cf")
    [target] = targets("d/main.cf")
    assert (target.main, target.master, target.named) == ("d/main.cf", "d/master.cf", {"d/main.cf"})
    assert not target.fragment
    [lone] = targets("lone/main.cf")
    assert (lone.main, lone.master) == ("lone/main.cf", None)


@pytest.mark.parametrize(
    ("name", "main", "master"),
    [
        ("50-tls.cf", True, False),
        ("main.cf.j2", True, False),
        ("main.cf.d", True, False),
        ("master.cf.j2", False, True),
        ("my-master.cf", False, True),
    ],
)
def test_other_file_is_a_fragment(name: str, main: bool, master: bool) -> None:
    make(name)
    [target] = targets(name)
    assert target.fragment
    assert (target.main == name, target.master == name) == (main, master)


@pytest.mark.parametrize(
    "paths",
    [
        ("d", "d/main.cf"),
        ("d/main.cf", "d"),
        ("d", "d/"),
        ("d", "./d"),
        ("d", "link"),
        (".", "d", "d/master.cf"),
    ],
)
def test_what_is_named_twice_is_judged_once(paths: tuple[str, ...]) -> None:
    make("d/main.cf", "d/master.cf")
    os.symlink("d", "link")
    [target] = targets(*paths)
    assert target.named is None


def test_both_files_of_a_directory_are_one_configuration() -> None:
    make("d/main.cf", "d/master.cf")
    [target] = targets("d/main.cf", "d/master.cf", "./d/main.cf")
    assert target.named is not None
    assert {os.path.normpath(path) for path in target.named} == {"d/main.cf", "d/master.cf"}
    assert {target.main, target.master} == target.named


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_standard_input_takes_the_place_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    make("d/main.cf", "d/master.cf")
    stdin(monkeypatch, b"mydomain = example.com\n")
    [target] = targets("-", stdin_filename="d/main.cf")
    assert (target.main, target.master, target.named) == ("d/main.cf", "d/master.cf", {"d/main.cf"})
    main, master = target.read("d/main.cf"), target.read("d/master.cf")
    assert main is not None
    assert (main.path, main.text) == ("d/main.cf", "mydomain = example.com\n")
    assert master is not None
    assert master.text == "myhostname = mx.example.com\n"


def test_standard_input_needs_no_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, b"smtp inet n - y - - smtpd\n")
    [target] = targets("-", stdin_filename="nowhere/master.cf")
    assert (target.main, target.master) == (None, "nowhere/master.cf")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n\t", "empty"),
        (b"\x7fELF" + bytes(5000), "not a text file"),
        ("myhostname = a\n".encode("utf-16"), "UTF-16"),
        (bytes(range(256)) * 4, "not a text file"),
    ],
)
def test_what_nobody_wrote_is_refused(data: bytes, words: str) -> None:
    Path("main.cf").write_bytes(data)
    [target] = targets("main.cf")
    with pytest.raises(ConfigurationError, match=words):
        target.read("main.cf")


@pytest.mark.parametrize(
    "data",
    [
        b"a = b",
        b"\xef\xbb\xbfa = b\n",
        b"a = b\r\n",
        b"a = caf\xe9\n",
        b"a = b\0c\nmyhostname = mx.example.com\n",
    ],
)
def test_what_postfix_reads_is_read(data: bytes) -> None:
    Path("main.cf").write_bytes(data)
    [target] = targets("main.cf")
    source = target.read("main.cf")
    assert source is not None
    assert source.to_bytes() == data


def test_context_that_cannot_be_used_is_unknown() -> None:
    make("main.cf")
    Path("master.cf").write_bytes(bytes(5000))
    [target] = targets("main.cf")
    assert target.read("master.cf") is None


def test_directory_in_the_place_of_a_file() -> None:
    make("roles/main.cf/main.cf.mx", "roles/main.cf/deep/main.cf")
    assert [target.main for target in targets(".")] == ["roles/main.cf/deep/main.cf"]
    [named] = targets("roles")[:1]
    with pytest.raises(ConfigurationError, match="directory"):
        named.read(str(named.main))


@pytest.mark.parametrize(
    ("name", "main", "master", "fragment"),
    [
        ("main.cf", "main.cf", None, False),
        ("master.cf", None, "master.cf", False),
        ("50-tls.cf", "50-tls.cf", None, True),
        ("master.cf.j2", None, "master.cf.j2", True),
    ],
)
def test_stand_in_without_directory_has_nothing_beside_it(
    name: str, main: str | None, master: str | None, fragment: bool
) -> None:
    make("main.cf", "master.cf", "tmp/main.cf", "tmp/master.cf", "tmp/x1y2")
    target = stand_in("tmp/x1y2", name)
    assert (target.main, target.master, target.fragment) == (main, master, fragment)
    assert target.is_alone
    assert target.named == {name}


@pytest.mark.parametrize("directory", ["d", "./d", "nowhere"])
def test_stand_in_with_directory_has_the_other_file_from_there(directory: str) -> None:
    make("d/main.cf", "d/master.cf", "tmp/master.cf")
    Path("tmp/x1y2").write_bytes(b"mydomain = caf\xe9\r\n")
    target = stand_in("tmp/x1y2", f"{directory}/main.cf")
    assert os.path.normpath(str(target.main)) == os.path.normpath(f"{directory}/main.cf")
    assert target.master == (None if directory == "nowhere" else "d/master.cf")
    assert not target.is_alone
    source = target.read(target.path)
    assert source is not None
    assert source.to_bytes() == b"mydomain = caf\xe9\r\n"


def test_stand_in_that_cannot_be_read_is_named_as_it_lies_there() -> None:
    Path("directory").mkdir()
    for path in ("missing", "directory"):
        with pytest.raises(ConfigurationError) as error:
            stand_in(path, "main.cf")
        assert error.value.path == path
