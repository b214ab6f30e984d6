"""Git for tests, with nobody's settings but ours; and environments with more than the course's."""

import os
import subprocess
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def git() -> Callable[..., str]:
    """Run git in a folder: git(folder, "add", "."); what it prints."""

    def run(folder: Path, *arguments: str) -> str:
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        person = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"]
        command = ["git", "-C", str(folder), *person, *arguments]
        done = subprocess.run(
            command, env=os.environ | alone, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def on_top() -> Callable[..., Path]:
    """Make an environment with more on top of what the course has installed; returns its Python.

    on_top(folder, "nbgrader", "nbgrader==0.9.6"): its folder, whose name a skipped test gives, and
    what pip is asked for.
    """

    def make(folder: Path, name: str, *wanted: str) -> Path:
        venv.create(folder, with_pip=True)
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
        own = subprocess.run([python, "-c", packages], capture_output=True, text=True, check=True)
        beneath = Path(own.stdout.strip()) / "course.pth"
        # With what is installed there as a link to its source, such as the course itself.
        line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        beneath.write_text(line, encoding="utf-8")
        run = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--retries", "1", *wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode and "connection broken" in run.stderr:
            pytest.skip(f"{name} cannot be installed: pip reaches no package registry from here")
        assert run.returncode == 0, run.stderr
        return python

    return make
