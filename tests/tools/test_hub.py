"""`make hub`: a class on this machine, each learner apart, and nothing left when it ends."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from tools.classroom import Learner, hub
from tools.start import FIRST_PAGE, originals

from tools import hub as tool

ROOT = Path(__file__).parents[2]


# The password of the class


@pytest.mark.parametrize(
    ("typed", "password"), [(" teaching-day ", "teaching-day"), ("あ" * 8, "あ" * 8)]
)
def test_a_typed_password_is_taken(monkeypatch, typed, password):
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    assert tool.class_password() == password


def test_a_short_password_is_refused_with_what_is_needed(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _question: "1234567")
    with pytest.raises(ValueError, match="has 7 characters; it needs 8 or more"):
        tool.class_password()


def test_without_one_a_password_is_made_up_and_another_each_time(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _question: "")
    made = {tool.class_password() for _time in range(50)}
    assert len(made) == 50
    assert {len(each) for each in made} == {10}
    assert set("".join(made)) <= set(tool.SIGNS)
    assert not set(tool.SIGNS) & set("0o1il")


@pytest.mark.parametrize(
    ("arguments", "secure"),
    [
        (["--ssl-key=key.pem", "--ssl-cert=room.pem"], True),
        (["--JupyterHub.ssl_cert=room.pem"], True),
        (["--ssl-key=key.pem"], False),
        ([], False),
    ],
)
def test_whether_the_class_is_encrypted_is_read_from_the_arguments(arguments, secure):
    assert tool.encrypted(arguments) is secure


# The hub itself


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, on_top: Callable[..., Path]) -> Path:
    """The Python of a new environment: the pinned hub on top of what the course has installed."""
    folder = tmp_path_factory.mktemp("hub")
    made = on_top(folder, "JupyterHub", "--requirement", str(ROOT / "deploy" / "hub.txt"))
    # After pip, which must not write there: JupyterLab's page, and what the course adds to servers.
    for place in ("share", "etc"):
        (folder / place).mkdir(exist_ok=True)
        (folder / place / "jupyter").symlink_to(Path(sys.prefix) / place / "jupyter")
    return made


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pinned proxy, installed by npm as the Makefile does it."""
    if not shutil.which("npm"):
        pytest.skip("no npm here to install the hub's proxy with")
    folder = tmp_path_factory.mktemp("proxy")
    for file in (ROOT / "deploy" / "proxy").glob("package*.json"):
        shutil.copy(file, folder)
    run = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode and any(
        sign in run.stderr for sign in ("ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN")
    ):
        pytest.skip(
            "the hub's proxy cannot be installed: npm reaches no package registry from here"
        )
    assert run.returncode == 0, run.stderr
    return folder / tool.PROXY.relative_to(ROOT / "deploy" / "proxy")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows")
def test_two_learners_are_kept_apart_and_nothing_is_left_when_the_class_ends(
    python: Path, proxy: Path, tmp_path: Path
) -> None:
    command = f"--ConfigurableHTTPProxy.command={proxy}"
    with hub(tmp_path / "class", "teaching-day", command, python=python) as running:
        with pytest.raises(RuntimeError, match="not let in: 403"):
            Learner(running.address, "anna", "teaching-dat")
        for impossible in ("../anna", "..", ".anna", "a/b", "a\\b"):
            with pytest.raises(RuntimeError, match="is not let in"):
                Learner(running.address, impossible, "teaching-day")
        # The second, with a Japanese keyboard: ｋｅｎ is ken.
        anna, ken = (Learner(running.address, name, "teaching-day") for name in ("Anna", "ｋｅｎ"))
        assert f"/user/anna/lab/tree/{FIRST_PAGE}" in anna.page_address
        folders = {each: tmp_path / "class" / each for each in ("anna", "ken")}
        assert {path.name for path in (tmp_path / "class").iterdir()} == set(folders)
        pages = list(originals(ROOT))
        assert len(pages) > 20
        for folder in folders.values():
            assert all((folder / each).read_bytes() == (ROOT / each).read_bytes() for each in pages)

        kernels = [anna.kernel(), ken.kernel()]
        for name, kernel in zip(folders, kernels, strict=True):
            (answer,) = kernel.run("import os; name = os.environ['HOME']; name")
            assert answer["data"]["text/plain"] == repr(str(folders[name]))
            (answer,) = kernel.run("from twostep import Funnel; Funnel().leads")
            assert answer["data"]["text/plain"] == "800.0"
            (answer,) = kernel.run("get_ipython().kernel.parent.transport")
            assert answer["data"]["text/plain"] == "'ipc'"
        kernels[0].run("mine = 1")
        (answer,) = kernels[1].run("mine")
        assert answer["ename"] == "NameError"

        anna.ask("PUT", "contents/notes.txt", type="file", format="text", content="mine")
        assert (folders["anna"] / "notes.txt").read_text(encoding="utf-8") == "mine"
        assert not (folders["ken"] / "notes.txt").exists()
        ken.own = anna.own
        with pytest.raises(RuntimeError, match="403"):
            ken.ask("GET", "contents/notes.txt")

        for kernel in kernels:
            kernel.close()
        processes = psutil.Process(running.process.pid).children(recursive=True)
        words = [" ".join(each.cmdline()) for each in processes]
        for part, count in {
            "jupyterhub.singleuser": 2,
            "ipykernel_launcher": 2,
            f"node {proxy}": 1,
        }.items():
            assert sum(part in each for each in words) == count, words
        place = Path(processes[0].cwd())
        assert place.name.startswith("twostep-")
        assert running.end() == 0
    assert not [each for each in processes if each.is_running()], words
    assert not place.exists()
    assert (folders["anna"] / "notes.txt").exists()
    kept = [path for path in (tmp_path / "class").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"teaching-day" in path.read_bytes()]
    assert "Traceback" not in "".join(running.log)
