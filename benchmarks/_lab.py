"""Notebooks of a few cells, open and run in a real JupyterLab in a real browser."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
from playwright.sync_api import sync_playwright

# JupyterLab as a newcomer meets it, without its question about news.
SERVER = [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.expose_app_in_browser=True",
]
NEWS = Path("@jupyterlab", "apputils-extension", "notification.jupyterlab-settings")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def run_in_lab(notebooks: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Yield the browser pages of the notebooks, by name, after every cell has run.

    Raises RuntimeError where there is no Chromium, or JupyterLab does not start.
    """
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("no Chromium on this machine; install the system's chromium package")
    with (
        TemporaryDirectory() as folder,
        _server(Path(folder), notebooks) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        # Tall, so that nothing of what changes is spared the painting.
        context = browser.new_context(viewport={"width": 1280, "height": 1800})
        context.set_default_timeout(120_000)
        context.route("**/*", _only_this_machine)
        yield {name: _run(context, f"{address}/lab/tree/{name}.ipynb") for name in notebooks}
        browser.close()


def _only_this_machine(route: Any) -> None:
    if route.request.url.startswith(("http://127.0.0.1", "data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def _run(context: Any, url: str) -> Any:
    page = context.new_page()
    # A workspace of its own, or JupyterLab would open the notebooks of the other pages too.
    page.goto(url.replace("/lab/", f"/lab/workspaces/{Path(url).stem}/"))
    page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
    page.evaluate(
        """async () => {
            const lab = window.jupyterapp;
            await lab.restored;
            await lab.shell.currentWidget.sessionContext.ready;
            await lab.commands.execute("notebook:run-all-cells");
        }"""
    )
    page.wait_for_function(
        "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
        ".every(prompt => /\\[\\d+\\]/.test(prompt.textContent))"
    )
    return page


@contextmanager
def _server(home: Path, notebooks: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    (home / "course").mkdir()
    for name, cells in notebooks.items():
        # Without the name of a kernel, JupyterLab would ask for one.
        notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
            cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": ""}}
        )
        text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
        (home / "course" / f"{name}.ipynb").write_text(text, encoding="utf-8")
    (home / "settings" / NEWS.parent).mkdir(parents=True)
    (home / "settings" / NEWS).write_text('{"fetchNews": "false"}', encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", *SERVER, f"--port={port}"]
    command += [f"--ServerApp.root_dir={home / 'course'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with (home / "log").open("w+") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            while not _answers(address):
                if server.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(f"JupyterLab did not start:\n{log.read()}")
            yield address
        finally:
            server.terminate()
            server.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/api/status", timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False
