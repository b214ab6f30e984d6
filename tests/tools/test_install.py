"""The first start: what is installed when, and one sentence where it cannot be."""

import ast
import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tools import install as tool

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9/simple"  # the port of "discard": nobody answers
OFFLINE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": NOWHERE,
    "PIP_RETRIES": "0",
    "UV_DEFAULT_INDEX": NOWHERE,
    "UV_HTTP_RETRIES": "0",
    "UV_NO_CACHE": "1",
    "UV_NO_CONFIG": "1",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that an installation reads of the course, and nothing installed."""
    for name in ("pyproject.toml", "pins.txt", "tools/bundle.py", "tools/install.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "src" / "twostep").mkdir(parents=True)
    (tmp_path / "src" / "twostep" / "units.py").write_text("yen = 1\n", encoding="utf-8")
    place = tmp_path / ".venv"
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "PLACE", place)
    monkeypatch.setattr(tool, "PYTHON", place / tool.PYTHON.relative_to(ROOT / ".venv"))
    monkeypatch.setattr(tool, "DONE", place / tool.DONE.name)
    return tmp_path


@pytest.fixture
def steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What an installation does: "venv" for a new .venv, else what uv or pip is told to install."""
    taken: list[str] = []
    assert tool.PLACE.parent == folder

    def create(place: str, **_options: object) -> None:
        taken.append("venv")
        shutil.rmtree(place, ignore_errors=True)
        tool.PYTHON.parent.mkdir(parents=True)
        shutil.copy(sys.executable, tool.PYTHON)

    def run(arguments: list[str]) -> None:
        if "uv" in arguments:
            assert arguments.count("pins.txt") == 2, "constraints on the course and on its build"
            arguments = arguments[arguments.index("--build-constraint") + 2 :]
        taken.append(" ".join(arguments).split(":all: ")[-1])

    monkeypatch.setattr(venv, "create", create)
    monkeypatch.setattr(tool, "run", run)
    return taken


def brought(steps: list[str], part: str) -> list[str]:
    steps.clear()
    tool.bring(part)
    return steps


UV = next(
    line for line in (ROOT / "pins.txt").read_text(encoding="utf-8").split() if "uv==" in line
)
LEARNER = "--reinstall-package twostep ."


def test_what_is_there_is_not_installed_again(folder: Path, steps: list[str]) -> None:
    assert brought(steps, "lab") == ["venv", UV, LEARNER]
    assert brought(steps, "lab") == []
    assert brought(steps, "uv") == []
    assert brought(steps, "app") == [f"--group app {LEARNER}"]
    assert brought(steps, "lab") == brought(steps, "app") == []
    (folder / "src" / "twostep" / "static").mkdir()
    (folder / "src" / "twostep" / "static" / "vega.js").write_text("made", encoding="utf-8")
    assert brought(steps, "lab") == [], "the installation itself writes this"


def test_a_checkout_with_the_line_endings_of_windows_installs_the_same(
    folder: Path, steps: list[str]
) -> None:
    for name in ("pins.txt", "pyproject.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8", newline="\r\n")
    assert brought(steps, "lab") == ["venv", UV, LEARNER]


def test_an_update_of_the_course_is_installed(folder: Path, steps: list[str]) -> None:
    brought(steps, "lab")
    for name in ("src/twostep/units.py", "pyproject.toml", "tools/bundle.py"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("# new\n")
        assert brought(steps, "lab") == [LEARNER], name
    (folder / "src" / "twostep" / "more.py").touch()
    assert brought(steps, "lab") == [LEARNER]
    (folder / "pins.txt").write_text(UV, encoding="utf-8")
    assert brought(steps, "lab") == ["venv", UV, LEARNER]


def test_who_tests_has_an_editable_package_and_no_wait_after_a_change(
    folder: Path, steps: list[str]
) -> None:
    brought(steps, "lab")
    assert brought(steps, "test") == ["--group author --group test --editable ."]
    (folder / "src" / "twostep" / "units.py").write_text("yen = 2\n", encoding="utf-8")
    assert brought(steps, "test") == brought(steps, "lab") == []
    (folder / "pyproject.toml").write_text("# new\n", encoding="utf-8")
    assert brought(steps, "lab") == ["--group author --group test --editable ."]


@pytest.mark.parametrize(
    ("name", "version", "refused"),
    [("太郎", (3, 12, 9), True), ("太郎", (3, 13, 0), False), ("taro", (3, 11, 0), False)],
)
def test_on_windows_an_old_python_gets_no_editable_package_in_a_folder_with_a_japanese_name(
    folder: Path,
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    version: tuple[int, int, int],
    refused: bool,
) -> None:
    """A learner's package is never editable, so that a learner may have any folder."""
    monkeypatch.setattr(tool, "ROOT", shutil.copytree(folder, folder / name))
    monkeypatch.setattr(tool, "WINDOWS", True)
    monkeypatch.setattr(sys, "version_info", version)
    assert brought(steps, "lab") == ["venv", UV, LEARNER]
    if refused:
        with pytest.raises(tool.Stopped, match=r"take Python 3\.13"):
            tool.bring("test")
    else:
        assert brought(steps, "test") == ["--group author --group test --editable ."]


def test_a_folder_that_moved_or_lost_its_python_is_built_anew(
    folder: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(steps, "lab")
    tool.PYTHON.unlink()
    assert brought(steps, "lab") == ["venv", UV, LEARNER]
    tool.DONE.write_text("{", encoding="utf-8")
    assert brought(steps, "lab") == ["venv", UV, LEARNER]
    shutil.copytree(folder, folder / "moved", symlinks=True)
    for name in ("PLACE", "PYTHON", "DONE"):
        moved = folder / "moved" / getattr(tool, name).relative_to(folder)
        monkeypatch.setattr(tool, name, moved)
    monkeypatch.setattr(tool, "ROOT", folder / "moved")
    assert brought(steps, "lab") == ["venv", UV, LEARNER]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (KeyboardInterrupt(), "Interrupted: start again, and the rest is installed."),
        (tool.Stopped(tool.FULL), tool.FULL),
    ],
)
def test_what_stopped_half_way_is_done_again_from_the_beginning(
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: BaseException,
    words: str,
) -> None:
    """Not only the rest: uv takes a package that it had half unpacked for a whole one."""

    def half(_parts: list[str]) -> None:
        raise problem

    monkeypatch.setattr(sys, "argv", ["install", "app"])
    for begun in ([], ["lab"]):
        for part in begun:
            brought(steps, part)
        with monkeypatch.context() as patch:
            patch.setattr(tool, "install", half)
            assert tool.main() == 1
        assert capsys.readouterr().err.splitlines() == [words]
        assert brought(steps, "lab") == ["venv", UV, LEARNER]
        assert brought(steps, "lab") == []


def test_without_a_network_what_is_there_stays(
    folder: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(_parts: list[str]) -> None:
        raise tool.explained("Caused by: error sending request")

    brought(steps, "lab")
    (folder / "src" / "twostep" / "units.py").write_text("yen = 2\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(tool, "install", alone)
        assert "connect this computer" in stopped()
    assert brought(steps, "lab") == [LEARNER]


# What a newcomer reads where it cannot be installed


def test_an_old_python_can_read_the_file_that_says_it_is_too_old() -> None:
    ast.parse(Path(tool.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


def stopped() -> str:
    """The one sentence in which an installation ends."""
    with pytest.raises(tool.Stopped) as why:
        tool.bring("lab")
    assert "\n" not in str(why.value)
    return str(why.value)


@pytest.mark.parametrize("version", [(3, 6, 0), (3, 10, 13), (3, 16, 0), (4, 0, 0)])
def test_a_python_the_pins_do_not_know_is_told_so_before_anything_is_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    sentence = stopped()
    assert "Python 3.11 to 3.15" in sentence
    assert f"this is Python {version[0]}.{version[1]}:" in sentence
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 15, 9)])
def test_the_oldest_and_the_newest_python_are_let_through(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    tool.check_python()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    assert "apt install python3-venv" in stopped()
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "move the course"),
        (errno.EACCES, "move the course"),
    ],
)
def test_where_nothing_can_be_written_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    error: int,
    words: str,
) -> None:
    def create(place: str, **_options: object) -> None:
        raise OSError(error, os.strerror(error), place)

    monkeypatch.setattr(venv, "create", create)
    monkeypatch.setattr(sys, "argv", ["install"])
    assert tool.main() == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert words in said
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize(
    "name",
    [f"a{os.pathsep}b", "太郎".encode("shift_jis").decode("utf-8", "surrogateescape")],
)
def test_a_folder_that_can_hold_no_venv_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Python refuses the first; the second is no UTF-8, and uv would install in another folder."""
    monkeypatch.setattr(tool, "ROOT", folder / name)
    with pytest.raises(tool.Stopped, match="of the letters a to z and digits"):
        tool.build()


IN_A_SMALL_ONE = """
mount -t tmpfs -o size=2m tmpfs "$1" && cp -r "$2"/. "$1" && cd "$1" && mount -o "$3" "$1" || exit 9
{ head -c 3m /dev/zero > filled; } 2>/dev/null
exec "$4" -m tools.install
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare here: Linux only")
@pytest.mark.parametrize(
    ("option", "words"), [("remount,rw", "The disk is full"), ("remount,ro", "move the course")]
)
def test_on_a_real_disk_that_is_full_or_read_only_one_sentence_says_what_to_do(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, option: str, words: str
) -> None:
    """A disk of 2 MB that only this process sees; its Python, the real one, is the system's."""
    place = tmp_path_factory.mktemp("disk")
    command = ["unshare", "--mount", "sh", "-c", IN_A_SMALL_ONE, "sh"]
    run = subprocess.run(
        [*command, str(place), str(folder), option, sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 9 or run.stderr.startswith("unshare:"):
        pytest.skip(f"no disk of our own here: {run.stderr.strip()}")
    assert run.returncode == 1
    (said,) = run.stderr.splitlines()
    assert words in said


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Caused by: No space left on device (os error 28)", "The disk is full"),
        ("error: failed to create file: Permission denied (os error 13)", "move the course"),
        ("OSError: [WinError 112] ディスクに十分な空き領域がありません。", "The disk is full"),
        ("PermissionError: [WinError 5] アクセスが拒否されました。", "move the course"),
    ],
)
def test_what_an_installer_says_of_the_disk_is_understood(output: str, words: str) -> None:
    assert words in str(tool.explained(output))
    assert "\n" not in str(tool.explained(output))


def test_what_is_not_understood_is_shown() -> None:
    said = str(tool.explained("one\ntwo: no such package\n"))
    assert said.startswith("one\ntwo: no such package\nThe lines above")


@pytest.mark.slow
def test_without_a_network_the_first_start_ends_in_one_sentence(folder: Path) -> None:
    """A real .venv, a real pip, and nobody who answers it; in a folder with a name as in Japan."""
    course = shutil.copytree(folder, folder / "太郎 の店")
    run = subprocess.run(
        [sys.executable, "-m", "tools.install"],
        cwd=course,
        env=os.environ | OFFLINE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    (said,) = run.stderr.splitlines()
    assert "connect this computer to the internet" in said


def test_without_a_network_an_update_ends_in_the_same_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real uv, run by this Python as by that of .venv."""
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tool, "PYTHON", Path(sys.executable))
    command = ["-m", "uv", "pip", "install", "--target", str(folder / "packages"), "altair"]
    with pytest.raises(tool.Stopped) as why:
        tool.run(command)
    assert "connect this computer to the internet" in str(why.value)


# Windows


def test_start_bat_runs_what_make_lab_runs() -> None:
    """Its lines were run once by hand, in the cmd of Wine, with a stand-in for Python."""
    script = (ROOT / "start.bat").read_bytes()
    assert script.isascii()
    lines = [line for line in script.decode().splitlines() if not line.startswith("rem")]
    assert re.findall(r"-m (tools\.\w+)", "\n".join(lines)) == ["tools.install", "tools.start"]
    jumps = {line.split()[-1] for line in lines if " goto " in line}
    assert jumps == {line[1:] for line in lines if line.startswith(":")} == {"failed", "missing"}


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_names_the_python_that_is_missing() -> None:
    run = subprocess.run(
        # Under `make test`, make would say which folder it enters.
        ["make", "--no-print-directory", "lab", "PYTHON=no-such-python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode
    assert run.stdout.count("\n") == 1
    assert 'There is no "no-such-python" here: install Python' in run.stdout
