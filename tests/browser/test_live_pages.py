"""The course without a server: what `make live` builds, and a kernel in the browser.

Pyodide itself is real, and so is every package in plain Python. Those that are compiled for it come
from a server that no test asks: in their place stand stubs, and with them one calculator can be
shown, that of `OfferLadder`.
"""

import http.server
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from tests.browser.conftest import ROOT, Page
from tests.test_repository import unreachable
from tools.start import FIRST_PAGE, originals

from tools import live as tool
from twostep import OfferLadder

pytestmark = pytest.mark.slow

NATIVE = "-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(line) for line in PROJECT["dependencies"]]
STUBS = ROOT / "tests" / "browser" / "in_pyodide"


def fetch(command, folder):
    """Run a program that fetches something; where there is no network the tests are skipped."""
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if unreachable(run.stderr):
        pytest.skip(f"no package index to be reached: {run.stderr.strip()[-200:]}")
    assert run.returncode == 0, run.stderr


def newer_python():
    """A Python that can write Pyodide's list of packages: 3.12 or later."""
    if sys.version_info >= (3, 12):
        return sys.executable
    command = [sys.executable, "-m", "uv", "python", "find", "--no-python-downloads", ">=3.12"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if not found.returncode:
        return found.stdout.strip()
    place = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for path in sorted(place.glob("3.1[2-9]*/bin/python")):
        return str(path)
    pytest.skip("no Python 3.12 or later here, which the build of the live pages needs")


@contextmanager
def serving(folder):
    """A web server that does nothing but hand out the files of a folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_about):
            pass

    handler = partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def stub(place, package):
    """A package of a name and version, with what there is to put in it: a stub, or nothing."""
    name, version = package["name"], package["version"]
    module = {"rpds-py": "rpds", "python-calamine": "python_calamine"}.get(name, name.lower())
    source = STUBS / module
    if module == "markupsafe":  # this one can do without what is compiled
        source = Path(importlib.util.find_spec(module).origin).parent
    info = "-".join(package["file_name"].split("-")[:2]) + ".dist-info"
    with zipfile.ZipFile(place / package["file_name"], "w") as wheel:
        for path in source.rglob("*.py"):
            wheel.write(path, f"{module}/{path.relative_to(source)}")
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(f"{info}/METADATA", about)
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {NATIVE[1:-4]}\n")
        wheel.writestr(f"{info}/RECORD", "")


def a_server_of_packages(pyodide):
    """Beside Pyodide's core, what its server has too and the course needs, and its list of it."""
    path = pyodide / "pyodide-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = {tool.canonical(name): package for name, package in lock["packages"].items()}
    course = [each.name for each in DEPENDENCIES]
    first = [name for name in [*course, "ipython", *tool.LOADED] if name in packages]
    wanted = {name: packages[name] for name in tool.needed(packages, first)}
    plain = [each for each in wanted.values() if each["file_name"].endswith("-none-any.whl")]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary", ":all:", "--python-version", "3.14", "--dest", str(pyodide)]
    fetch([*command, *(f"{each['name']}=={each['version']}" for each in plain)], ROOT)
    here = {
        (tool.canonical(file.name.split("-")[0]), file.name.split("-")[1]): file.name
        for file in pyodide.glob("*.whl")
    }
    for name, package in wanted.items():
        if package in plain:
            package["file_name"] = here[name, package["version"]]
        else:
            stub(pyodide, package)
        content = (pyodide / package["file_name"]).read_bytes()
        package["sha256"] = sha256(content).hexdigest()
    path.write_text(json.dumps(lock), encoding="utf-8")


class Built(NamedTuple):
    """The pages that were built, and where they are served."""

    folder: Path
    address: str


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """The live pages, built once as `make live` builds them."""
    if not shutil.which("npm"):
        pytest.skip("no npm here, which brings Pyodide")
    python, place = newer_python(), tmp_path_factory.mktemp("live")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "deploy" / "live" / name, place)
    fetch(["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"], place)
    pyodide = place / "node_modules" / "pyodide"
    a_server_of_packages(pyodide)
    made = re.search(r"\nlive: .*\n(?:\t.*\n)+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert made, "the Makefile builds the live pages"
    command = made[0].partition("$(RUN) ")[2].replace("\\\n", " ").replace("$(LIVE_PYTHON)", python)
    assert command.split()[-1] == "build/site/live"
    command = [sys.executable, "-m", *command.split()[:-1], str(place / "site" / "live")]
    with serving(pyodide) as packages:
        command += ["--pyodide", str(pyodide), "--source", f"{packages}/pyodide-lock.json"]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    with serving(place / "site") as address:
        yield Built(place / "site" / "live", f"{address}/live")


def lock_of(folder):
    packages = json.loads((folder / tool.LOCK).read_text(encoding="utf-8"))["packages"]
    return {tool.canonical(name): package for name, package in packages.items()}


def test_a_page_loads_the_course_and_all_it_needs_from_its_own_site(live):
    config = json.loads((live.folder / "jupyter-lite.json").read_text(encoding="utf-8"))
    (plugin,) = config["jupyter-config-data"]["litePluginSettings"].values()
    assert plugin["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    options = plugin["loadPyodideOptions"]
    assert options["lockFileURL"] == f"./{tool.LOCK}"
    assert {"twostep", "ipykernel", "pyodide-kernel", "micropip"} <= set(options["packages"])
    packages = lock_of(live.folder)
    needed = list(tool.needed(packages, options["packages"]))
    assert {"numpy", "scipy", "pandas", "anywidget", "tzdata", "python-calamine"} <= set(needed)
    assert not {"jupyterlab", "jupyter-server", *tool.SERVER_ONLY} & set(needed)
    for name in needed:
        file = live.folder / "static" / "pyodide" / packages[name]["file_name"]
        assert sha256(file.resolve().read_bytes()).hexdigest() == packages[name]["sha256"], name


def test_the_packages_are_of_versions_that_the_course_asks_for(live):
    packages = lock_of(live.folder)
    here = [
        each
        for each in DEPENDENCIES
        if not each.marker or each.marker.evaluate({"sys_platform": "emscripten"})
    ]
    assert len(here) == len(DEPENDENCIES) - 1, "Excel files are read with another version elsewhere"
    for each in here:
        if each.name != "jupyterlab":
            assert each.specifier.contains(packages[each.name]["version"]), each


def test_the_pages_are_those_that_a_learner_is_given(live):
    files = live.folder / "files"
    found = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
    assert found == {*originals(ROOT), "my_orders/README.md"}
    assert FIRST_PAGE in found
    for page in found - {"my_orders/README.md"}:
        assert (files / page).read_bytes() == (ROOT / page).read_bytes(), page
    listed = json.loads((live.folder / "api/contents/lessons/all.json").read_text("utf-8"))
    assert {entry["path"] for entry in listed["content"]} == {
        path for path in found if path.startswith("lessons/")
    }
    assert not list(live.folder.rglob("*.map"))


@pytest.fixture(scope="module")
def lesson(chromium, live):
    """Lesson 01 as the site's link opens it."""
    page = Page(chromium, f"{live.address}/notebooks/index.html?path={FIRST_PAGE}")
    page.page.wait_for_function("window.jupyterapp && document.querySelector('.jp-Cell')")
    yield page
    page.close()


def test_a_lesson_opens_with_its_stored_charts_and_asks_nobody_else(lesson):
    cells = json.loads((ROOT / FIRST_PAGE).read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    kinds = [kind for output in outputs for kind in output.get("data", ())]
    charts = sum(kind.startswith("application/vnd.vegalite") for kind in kinds)
    assert charts >= 2
    drawn = "document.querySelectorAll('.jp-OutputArea .vega-embed canvas').length"
    lesson.page.wait_for_function(f"(charts) => {drawn} === charts", arg=charts)
    assert not lesson.problems


RUN = """async (code) => {
    const lab = window.jupyterapp, { content, sessionContext } = lab.shell.currentWidget;
    await lab.restored;
    await sessionContext.ready;
    const at = content.widgets.findIndex(({ model }) => model.type === "code");
    content.activeCellIndex = at;
    content.widgets[at].inputHidden = false;
    content.widgets[at].model.sharedModel.setSource(code);
    await lab.commands.execute("notebook:run-cell");
}"""

SEEN = """async (code) => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({ code });
    const seen = { text: "", data: [] };
    asked.onIOPub = ({ content: { text, data, traceback } }) => {
        seen.text += text ?? traceback ?? "";
        if (data && !data.method) seen.data.push(data);
    };
    await asked.done;
    return seen;
}"""


def test_a_calculator_works_in_a_kernel_in_the_browser(lesson):
    """Also where None crosses between Python and the page: an entry that is emptied is empty."""
    lesson.page.evaluate(RUN, "from twostep import Calculator, OfferLadder\nOfferLadder()")
    made = "calculator = Calculator(OfferLadder(capacity=20))\ncalculator"
    lesson.page.evaluate(RUN, f"from twostep import Calculator, OfferLadder\n{made}")
    shown = lesson.calculator()
    start = OfferLadder(capacity=20)
    shown.until(start)
    shown.entry("Capacity").focus()
    shown.type("")
    unlimited = replace(start, capacity=float("inf"))
    shown.until(unlimited)
    # From Python alone: only the wire tells the page.
    lesson.page.evaluate(SEEN, "calculator.controls['capacity'].value = 20")
    shown.until(start)
    assert shown.entry("Capacity").input_value() == "20"
    lesson.page.evaluate(SEEN, "calculator.controls['capacity'].value = None")
    shown.until(unlimited)
    assert shown.entry("Capacity").input_value() == ""
    # And from the page, as a list of choices sends it where nothing is chosen.
    lesson.page.evaluate(
        SEEN,
        "import ipywidgets\n"
        "picked = ipywidgets.Dropdown(options=['a'])\n"
        "picked.comm.handle_msg({'content': {'data': {'method': 'update', 'buffer_paths': [],"
        " 'state': {'index': __import__('pyodide.ffi').ffi.jsnull}}}, 'buffers': []})",
    )
    assert lesson.page.evaluate(SEEN, "print(picked.index)")["text"] == "None\n"
    assert not lesson.problems


def test_a_cell_run_again_in_the_browser_frees_what_it_showed(lesson):
    again = "calculator = Calculator(OfferLadder())\ncalculator"
    lesson.page.evaluate(RUN, again)
    lesson.calculator().until(OfferLadder())
    count = "from twostep import _cells\nprint(sum(bool(w.comm) for w in _cells._places))"
    assert lesson.page.evaluate(SEEN, count)["text"] == "1\n"


def test_what_a_chart_leaves_out_is_not_lost_on_the_way(lesson):
    code = "from IPython.display import display\n"
    code += "display({'application/json': {'axis': None, 'ticks': [1, None]}}, raw=True)"
    kept = {"application/json": {"axis": None, "ticks": [1, None]}}
    assert lesson.page.evaluate(SEEN, code)["data"] == [kept]
    code = "class Chart:\n"
    code += "    def _repr_mimebundle_(self, **_): return {'application/json': {'axis': None}}\n"
    (shown,) = lesson.page.evaluate(SEEN, f"{code}Chart()")["data"]
    assert shown["application/json"] == {"axis": None}


def test_where_there_are_no_threads_a_progress_bar_says_nothing_of_it(lesson):
    code = "from tqdm import tqdm\nprint(list(tqdm(range(3), delay=60, leave=False)))"
    assert lesson.page.evaluate(SEEN, code)["text"] == "[0, 1, 2]\n"
