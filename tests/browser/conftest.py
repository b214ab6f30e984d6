"""A real JupyterLab and a real Chromium, with no network but this machine."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import sync_playwright

from twostep.charts import PICTURES
from twostep.models.base import answer_texts

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
# Keeps the drawn charts within reach of the tests, and counts how often their library is loaded.
WATCH = """
    let library;
    globalThis.librariesLoaded = 0;
    Object.defineProperty(globalThis, "twostepVegaEmbed", {
        get: () => library,
        set(promise) {
            globalThis.librariesLoaded += 1;
            library = promise.then((embed) => async (canvas, ...rest) => {
                const drawn = await embed(canvas, ...rest);
                canvas.drawnView = drawn.view;
                return drawn;
            });
        },
    });
"""


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


@contextmanager
def serving(module, arguments, home, started):
    """Run a server of Jupyter's, with settings of its own, until it says that it has started."""
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_PATH": str(ROOT / "app"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        log = []
        for line in server.stdout:
            log.append(line)
            if started in line:
                break
        else:
            pytest.fail(f"{module} did not start:\n" + "".join(log))
        # Somebody must go on reading, or the server stops when the pipe is full.
        reader = threading.Thread(target=server.stdout.read)
        reader.start()
        yield
        server.terminate()
        reader.join()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Lab(NamedTuple):
    """A JupyterLab that runs, and the folder it shows."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of the notebooks (it saves what it opens)."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("lessons", "exercises", "solutions"):
        shutil.copytree(ROOT / folder, home / "course" / folder)
    for name, text in SETTINGS.items():
        file = home / "settings" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    port = free_port()
    arguments = [*SERVER, f"--port={port}", f"--ServerApp.root_dir={home / 'course'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    with serving("jupyterlab", arguments, home, "is running at"):
        yield Lab(f"http://127.0.0.1:{port}", home / "course")


class Page:
    """A page in the browser, with what went wrong on it."""

    def __init__(self, browser, url):
        self.problems = []
        self.large_messages = 0
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        # Patience for a busy machine, not a limit on speed.
        self.page.set_default_timeout(180_000)
        self.page.add_init_script(WATCH)
        self.page.on("console", self.note_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("websocket", lambda socket: socket.on("framereceived", self.note_message))
        self.page.route("**/*", self.only_this_machine)
        self.page.goto(url)

    def note_console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def note_message(self, message):
        # The charting library is the only message of such a size.
        self.large_messages += len(message) > 400_000

    def only_this_machine(self, route):
        url = route.request.url
        if url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            self.problems.append(f"asks the network for {url}")
            route.abort()

    def calculator(self, number=0):
        """One of the calculators on the page, in document order."""
        return Shown(self.page, number)

    def close(self):
        self.context.close()


class Notebook(Page):
    """One notebook open in JupyterLab."""

    def __init__(self, browser, lab, path):
        super().__init__(browser, f"{lab.address}/lab/tree/{path}?reset")
        self.page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
        self.wide = True

    def command(self, name, arguments=None):
        return self.page.evaluate(
            "([name, args]) => window.jupyterapp.restored"
            ".then(() => window.jupyterapp.commands.execute(name, args)).then(() => null)",
            [name, arguments or {}],
        )

    def look(self, width=1280, theme="JupyterLab Light"):
        """Look at the page in a window of another width, or in another theme."""
        self.page.set_viewport_size({"width": width, "height": 900})
        # On a phone nobody reads beside the list of files, which takes most of the screen.
        if self.wide != (width > 1000):
            self.command("application:toggle-left-area")
            self.wide = not self.wide
        self.command("apputils:change-theme", {"theme": theme})
        light = str(theme == "JupyterLab Light").lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")

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
        super().close()


# Verdict, answers and charts as they stand on the screen: words, and the data behind the marks.
READ = """(calculator) => {
    const all = (where) => [...calculator.querySelectorAll(where)];
    const texts = (where) => all(where).map((e) => e.textContent);
    const views = all(".twostep-canvas").map((e) => e.drawnView);
    const rows = (view, name) => {
        try {
            return view.data(name);
        } catch {
            return null;  // not drawn yet, or another calculator's
        }
    };
    return {
        verdict: texts("[role='status']")[0],
        answers: all("tbody tr").map((row) =>
            [...row.children].slice(0, 2).map((e) => e.textContent)),
        titles: texts("figcaption"),
        descriptions: all("[role='graphics-document']").map((e) => e.getAttribute("aria-label")),
        labels: texts("svg .role-mark.mark-text text").filter(Boolean).sort(),
        data: (names) =>
            names.map((each, i) => each.map((name) => [name, rows(views[i], name)])),
    };
}"""


def expected(model, kept):
    """The same of a scenario, beside a kept one if any, from the model and its pictures."""
    pictures = [picture.facts(model, kept) for picture in PICTURES[type(model)]]
    rows = [row for picture in pictures for rows in picture.data.values() for row in rows]
    return {
        "verdict": model.verdict,
        "answers": [[label, text] for _name, label, text in answer_texts(model)],
        "titles": [picture.title for picture in pictures],
        "descriptions": [picture.description for picture in pictures],
        "labels": sorted(row["text"] for row in rows if row.get("text")),
        "data": [[list(pair) for pair in picture.data.items()] for picture in pictures],
    }


class Shown:
    """A calculator on the screen, driven as a person drives it: by role and name, by keyboard."""

    def __init__(self, page, number):
        self.page, self.number, self.keyboard = page, number, page.keyboard
        self.root = page.locator(".twostep-calculator").nth(number)

    def entry(self, label):
        return self.root.get_by_role("spinbutton", name=label, exact=True)

    def slider(self, label):
        return self.root.get_by_role("slider", name=label, exact=True)

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).press("Enter")

    def type(self, text):
        """Type into the entry that has the focus, in place of what is there."""
        self.keyboard.press("ControlOrMeta+A")
        self.keyboard.press("Delete")
        self.keyboard.type(text)
        self.keyboard.press("Enter")

    def read(self, names):
        return self.root.evaluate(
            f"""(element, names) => {{
                const seen = ({READ})(element);
                return {{ ...seen, data: seen.data(names) }};
            }}""",
            names,
        )

    def too_wide(self):
        """What reaches beyond the room that the page gives to the calculator, and how far."""
        return self.root.evaluate(
            """(calculator) => {
                const right = (e) => e.getBoundingClientRect().right;
                const room = right(calculator.parentElement) + 1;
                return [calculator, ...calculator.querySelectorAll("*")]
                    .filter((e) => right(e) > room && !e.querySelector("g, text"))
                    .map((e) => `${e.tagName} ${e.textContent}: ${Math.round(right(e) - room)} px`);
            }"""
        )

    def until(self, model, kept=None):
        """Wait until the screen shows exactly what the model answers; fail with the difference."""
        wanted = expected(model, kept)
        names = [[name for name, _rows in picture] for picture in wanted["data"]]
        same = f"""([number, wanted, names]) => {{
            const element = document.querySelectorAll(".twostep-calculator")[number];
            if (!element) return false;
            const seen = ({READ})(element);
            seen.data = seen.data(names);
            return JSON.stringify(seen) === JSON.stringify(wanted);
        }}"""
        try:
            self.page.wait_for_function(same, arg=[self.number, wanted, names], timeout=60_000)
        except TooLate:
            assert self.read(names) == wanted
            raise


@pytest.fixture(scope="module")
def app(chromium, tmp_path_factory):
    """The calculators as `make app` shows them: a page without code, made by Voilà."""
    port = free_port()
    arguments = ["app/calculators.ipynb", "--no-browser", "--Voila.ip=127.0.0.1"]
    arguments += [f"--port={port}", "--template=course"]
    with serving("voila", arguments, tmp_path_factory.mktemp("voila"), "is running at"):
        page = Page(chromium, f"http://127.0.0.1:{port}")
        yield page
        page.close()


@pytest.fixture(scope="session")
def open_notebook(chromium, lab):
    """Open a notebook of the course, or one made of `cells`, and run it; once for each path."""
    opened = {}

    def open_one(path, cells=None):
        if path not in opened:
            if cells:
                made = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)])
                # Without this JupyterLab asks which kernel to use.
                made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
                nbformat.write(made, lab.folder / path)
            opened[path] = Notebook(chromium, lab, path)
            opened[path].run_all()
        opened[path].look()
        return opened[path]

    yield open_one
    for page in opened.values():
        page.close()
