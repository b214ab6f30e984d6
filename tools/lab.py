"""A JupyterLab or Voilà and a Chromium, with settings of their own and nothing but this machine.

For tests and benchmarks, which look at pages as a learner does.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, Route

# JupyterLab as it is after installation, without its question about news.
LAB = [
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # Pages are run by JupyterLab's own command, not by where its button happens to be.
    "--LabApp.expose_app_in_browser=True",
]
# The whole page stays in the document, so that what is below the fold can be read.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": '{"windowingMode": "none"}',
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": '{"fetchNews": "false"}',
}
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium. Raises FileNotFoundError where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        raise FileNotFoundError("no Chromium here; install the system's chromium package")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM)


def only_this_machine(refused: Callable[[str], None]) -> Callable[[Route], None]:
    """A route for Playwright: any other address is refused, and told to `refused`."""

    def route(asked: Route) -> None:
        url = asked.request.url
        if url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            asked.continue_()
        else:
            refused(url)
            asked.abort()

    return route


@contextmanager
def serving(module: str, arguments: Sequence[str], home: Path, **also: str) -> Iterator[str]:
    """Run a server of Jupyter's, with settings in `home`, and yield its address once it answers.

    `also` is added to its environment. Raises RuntimeError, with its log, if it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | also
    for kind in ("CONFIG_DIR", "DATA_DIR"):
        environment[f"JUPYTER_{kind}"] = str(home / kind)
    for kind in ("SETTINGS_DIR", "WORKSPACES_DIR"):
        environment[f"JUPYTERLAB_{kind}"] = str(home / kind)
    server = subprocess.Popen(
        [sys.executable, "-m", module, *arguments, "--no-browser", f"--port={port}"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    log = []
    try:
        for line in server.stdout:
            log.append(line)
            if "is running at" in line:
                break
        else:
            raise RuntimeError(f"{module} did not start:\n{''.join(log)}")
        # Read on, or the server stops when the pipe for its log is full.
        reader = threading.Thread(target=server.stdout.read)
        reader.start()
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        reader.join()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


@contextmanager
def lab(folder: Path, home: Path) -> Iterator[str]:
    """A JupyterLab that shows a folder, which it may write to; yields its address."""
    for name, text in SETTINGS.items():
        file = home / "SETTINGS_DIR" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    arguments = [*LAB, "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    with serving("jupyterlab", arguments, home) as address:
        yield address


def run_all(page: Any) -> None:
    """Run every cell of the open notebook, as a learner's "Run All Cells" does, to the last answer.

    The outputs stored in the file go first, so that what is seen is this run's.
    """
    page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
    page.evaluate(
        """async () => {
            const lab = window.jupyterapp;
            await lab.restored;
            await lab.shell.currentWidget.sessionContext.ready;
            await lab.commands.execute("notebook:clear-all-cell-outputs");
            await lab.commands.execute("notebook:run-all-cells");
        }"""
    )
    # Asked of the notebook: a folded cell shows no number.
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.content.widgets"
        ".every(({ model }) => model.type !== 'code' || model.executionCount)"
    )
