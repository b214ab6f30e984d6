"""A real JupyterLab and a real Chromium, with no network but this machine."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
# JupyterLab as a newcomer meets it, without its question about news.
SERVER = [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    # The tests run a page by JupyterLab's own command, not by where its button happens to be.
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


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium; where there is none the browser tests are skipped, and say so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine; install the system's chromium package")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab that serves a copy of the notebooks (it saves what it opens)."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("lessons", "exercises", "solutions"):
        shutil.copytree(ROOT / folder, home / "course" / folder)
    for name, text in SETTINGS.items():
        file = home / "settings" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
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
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        log = []
        for line in server.stdout:
            log.append(line)
            if "is running at" in line:
                break
        else:
            pytest.fail("JupyterLab did not start:\n" + "".join(log))
        # Somebody must go on reading, or the server stops when the pipe is full.
        reader = threading.Thread(target=server.stdout.read)
        reader.start()
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        reader.join()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


class Page:
    """One notebook open in JupyterLab, with what went wrong on the way."""

    def __init__(self, browser, address, path, width=1280, theme="JupyterLab Light"):
        self.problems = []
        self.requests = []
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        # Patience for a busy machine, not a limit on speed.
        self.page.set_default_timeout(180_000)
        self.page.on("console", self.note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.route("**/*", self.only_this_machine)
        self.page.goto(f"{address}/lab/tree/{path}?reset")
        self.page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
        # On a phone nobody reads beside the list of files, which takes most of the screen.
        if width < 600:
            self.command("application:toggle-left-area")
        self.command("apputils:change-theme", {"theme": theme})
        light = str(theme == "JupyterLab Light").lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")

    def note_console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def only_this_machine(self, route):
        url = route.request.url
        self.requests.append(url)
        if url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            self.problems.append(f"asks the network for {url}")
            route.abort()

    def command(self, name, arguments=None):
        return self.page.evaluate(
            "([name, args]) => window.jupyterapp.restored"
            ".then(() => window.jupyterapp.commands.execute(name, args)).then(() => null)",
            [name, arguments or {}],
        )

    def run_all(self):
        """Run every cell as a learner's "Run All Cells" does, and wait for the last answer."""
        # The outputs stored in the file go first, so that what is seen is this run's.
        self.command("notebook:clear-all-cell-outputs")
        self.page.evaluate(
            "window.jupyterapp.shell.currentWidget.sessionContext.ready.then(() => null)"
        )
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
            ".every(prompt => /\\[\\d+\\]/.test(prompt.textContent))"
        )

    def close(self):
        self.page.evaluate(
            "window.jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => null)"
        )
        self.context.close()


@pytest.fixture(scope="session")
def open_notebook(chromium, lab):
    """Open a notebook of the course and run it; the same page again for the same arguments."""
    opened = {}

    def open_one(path, **options):
        key = (path, *options.items())
        if key not in opened:
            opened[key] = Page(chromium, lab, path, **options)
            opened[key].run_all()
        return opened[key]

    yield open_one
    for page in opened.values():
        page.close()
