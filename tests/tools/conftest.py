"""Git for tests, with nobody's settings but ours."""

import os
import subprocess
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
