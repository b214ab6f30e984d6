"""A real JupyterLab and a real Chromium, with no network but this machine."""

import shutil
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import sync_playwright
from tools.lab import lab as run_lab
from tools.lab import launch, only_this_machine, run_all, serving

from twostep.charts import PICTURES
from twostep.models.base import answer_texts

ROOT = Path(__file__).parents[2]
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
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except FileNotFoundError as missing:
            pytest.skip(str(missing))
        yield browser
        browser.close()


class Lab(NamedTuple):
    """A JupyterLab that runs, and the folder it shows."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of the notebooks (it saves what it opens)."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("lessons", "exercises", "solutions", "ja/lessons"):
        shutil.copytree(ROOT / folder, home / "course" / folder)
    with run_lab(home / "course", home) as address:
        yield Lab(address, home / "course")


class Page:
    """A page in the browser, with what went wrong on it."""

    def __init__(self, browser, url):
        self.problems = []
        self.libraries_sent = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        # So long because the machine may be busy; it is no limit on speed.
        self.page.set_default_timeout(180_000)
        self.page.add_init_script(WATCH)
        self.page.on("console", self.note_console)
        self.page.on(
            "pageerror", lambda error: self.problems.append(f"page error: {error} {error.stack}")
        )
        self.page.on("websocket", lambda socket: socket.on("framereceived", self.note_message))
        self.page.route(
            "**/*",
            only_this_machine(lambda url: self.problems.append(f"asks the network for {url}")),
        )
        self.page.goto(url)

    def note_console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def note_message(self, message):
        # The charting library is the only widget of such a size. It is sent when it is made, and to
        # a page that meets a kernel with widgets already in it and asks for all of them.
        payload = message if isinstance(message, bytes) else message.encode()
        if len(payload) > 400_000:
            self.libraries_sent.append("made" if b'"comm_open"' in payload else "asked for")

    def calculator(self, number=0):
        """One of the calculators on the page, in document order."""
        return Shown(self.page, number)

    def close(self):
        self.context.close()


class Notebook(Page):
    """One notebook open in JupyterLab."""

    def __init__(self, browser, lab, path):
        super().__init__(browser, f"{lab.address}/lab/tree/{path}?reset")
        self.files = True

    def ready(self):
        """Wait until the page has a kernel."""
        self.page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
        self.page.evaluate(
            "window.jupyterapp.restored.then(() =>"
            " window.jupyterapp.shell.currentWidget.sessionContext.ready).then(() => null)"
        )

    def command(self, name, arguments=None):
        return self.page.evaluate(
            "([name, args]) => window.jupyterapp.restored"
            ".then(() => window.jupyterapp.commands.execute(name, args)).then(() => null)",
            [name, arguments or {}],
        )

    def look(self, width=1280, height=900, files=None, theme="JupyterLab Light"):
        """Look at the page in a window of another size or in another theme.

        `files` says whether the list of files stands beside it. On a phone nobody reads so.
        """
        self.page.set_viewport_size({"width": width, "height": height})
        files = width > 1000 if files is None else files
        if self.files != files:
            self.command("application:toggle-left-area")
            self.files = files
        self.command("apputils:change-theme", {"theme": theme})
        light = str(theme == "JupyterLab Light").lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")

    def draw_cells(self, mode):
        """Draw the cells out of sight or not: JupyterLab's setting `windowingMode`, here only."""
        self.page.evaluate(
            """(windowingMode) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.notebookConfig = { ...notebook.notebookConfig, windowingMode };
            }""",
            mode,
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


# What moves when one scrolls to something: the nearest around it that can.
SCROLLER = """(inside) => {
    const scrolls = (e) => e.scrollHeight > e.clientHeight + 1
        && /auto|scroll/.test(getComputedStyle(e).overflowY);
    let scroller = inside.parentElement;
    while (scroller !== document.documentElement && !scrolls(scroller)) {
        scroller = scroller.parentElement;
    }
    return scroller;
}"""
# The labels of the sliders for which the page can be scrolled so that slider, verdict and (where
# `chart` says so) the first chart stand in the window together, each whole and under nothing else.
SEE_TOGETHER = """(calculator, chart) => {
    const others = [".twostep-verdict", ...(chart ? ["figure"] : [])];
    const things = others.map((where) => calculator.querySelector(where));
    const scroller = (SCROLLER)(calculator);
    const whole = scroller === document.documentElement;
    const frame = whole ? new DOMRect(0, 0, innerWidth, innerHeight)
        : scroller.getBoundingClientRect();
    const seen = (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const inside = top >= frame.top - 1 && bottom <= frame.bottom + 1
            && left >= frame.left - 1 && right <= frame.right + 1;
        return inside && [top + 3, (top + bottom) / 2, bottom - 3].every((y) =>
            [left + 3, (left + right) / 2, right - 3].every((x) => {
                const there = document.elementFromPoint(x, y);
                return element.contains(there);
            }));
    };
    return [...calculator.querySelectorAll("input[type=range]")].filter((slider) => {
        slider.scrollIntoView();
        const end = scroller.scrollTop;
        for (let at = end; at >= Math.max(0, end - frame.height); at -= 12) {
            scroller.scrollTop = at;
            if ([slider, ...things].every(seen)) return true;
        }
        return false;
    }).map((slider) => slider.getAttribute("aria-label"));
}""".replace("SCROLLER", SCROLLER)

# What stands on what while the page moves up: the pictures, where the verdict stays beside them.
COVERED = """(calculator) => {
    const pictures = [...calculator.querySelectorAll("figure")];
    const scroller = (SCROLLER)(calculator);
    calculator.scrollIntoView();
    const start = scroller.scrollTop;
    const found = new Set();
    for (let at = start; at < start + calculator.offsetHeight; at += 40) {
        scroller.scrollTop = at;
        const [first, ...others] = pictures.map((each) => each.getBoundingClientRect());
        for (const other of others) {
            if (first.bottom > other.top + 1 && first.top < other.bottom - 1) found.add(at - start);
        }
    }
    return [...found];
}""".replace("SCROLLER", SCROLLER)


class Shown:
    """A calculator on the screen, driven as a person drives it: by role and name, by keyboard."""

    def __init__(self, page, number):
        self.page, self.number, self.keyboard = page, number, page.keyboard
        self.root = page.locator(".twostep-calculator").nth(number)

    def entry(self, label):
        return self.root.get_by_role("textbox", name=label, exact=True)

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

    def seen_together(self, chart):
        """The labels of the sliders that can be seen with the verdict, and with the first chart."""
        return self.root.evaluate(SEE_TOGETHER, chart)

    def covered(self):
        """How far the page has moved up where its first picture stands on another one."""
        return self.root.evaluate(COVERED)

    def too_wide(self):
        """What reaches beyond the room that the page gives to the calculator, and how far."""
        self.root.locator("svg").first.wait_for()
        # The charts take the new width a moment later than the page.
        self.page.wait_for_function(
            """(number) => [...document.querySelectorAll(".twostep-calculator")[number]
                .querySelectorAll(".twostep-canvas")]
                .every((e) => e.querySelector("svg")?.clientWidth <= e.clientWidth)""",
            arg=self.number,
        )
        return self.root.evaluate(
            """(calculator) => {
                const right = (e) => e.getBoundingClientRect().right;
                const room = right(calculator.parentElement) + 1;
                return [calculator, ...calculator.querySelectorAll("*")]
                    .filter((e) => right(e) > room && !e.querySelector("g, text"))
                    .map((e) => `${e.tagName} ${e.textContent}: ${Math.round(right(e) - room)} px`);
            }"""
        )

    def cut_off(self):
        """Words of the charts that reach beyond their drawing, where they are not seen."""
        return self.root.evaluate(
            """(calculator) => [...calculator.querySelectorAll("svg text")].filter((e) => {
                const [word, all] = [e, e.ownerSVGElement].map((x) => x.getBoundingClientRect());
                return e.textContent && (word.left < all.left - 1 || word.right > all.right + 1
                    || word.top < all.top - 1 || word.bottom > all.bottom + 1);
            }).map((e) => e.textContent)"""
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
    arguments = [str(ROOT / "app" / "calculators.ipynb"), "--Voila.ip=127.0.0.1"]
    arguments.append("--template=course")
    home = tmp_path_factory.mktemp("voila")
    with serving("voila", arguments, home, JUPYTER_PATH=str(ROOT / "app")) as address:
        page = Page(chromium, address)
        yield page
        page.close()


@pytest.fixture(scope="session")
def open_notebook(chromium, lab):
    """Open a notebook of the course, or one made of `cells`, and run it; once for each path.

    `again` opens it as it was saved, with a new kernel, and does not run it.
    """
    opened = {}

    def open_one(path, cells=None, again=False):
        if again:
            opened.pop(path).close()
            opened[path] = Notebook(chromium, lab, path)
            opened[path].ready()
        if path not in opened:
            if cells:
                made = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)])
                # Without this JupyterLab asks which kernel to use.
                made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
                nbformat.write(made, lab.folder / path)
            opened[path] = Notebook(chromium, lab, path)
            run_all(opened[path].page)
        opened[path].look()
        return opened[path]

    yield open_one
    for page in opened.values():
        page.close()
