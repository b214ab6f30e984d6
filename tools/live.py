"""The course as pages that compute in the reader's browser, with no server behind: JupyterLite.

    python -m tools.live FOLDER

`make live` runs this with the packages of deploy/live/requirements.txt, on Python 3.12 or later,
which the one that writes the list of packages asks for. A web server has nothing to do but hand out
the files of FOLDER. Whatever a page needs to compute stands in it: when the course is opened,
nobody but that server learns of it.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tools.start import FIRST_PAGE, MY_ORDERS, ROOT, originals

PYODIDE = ROOT / "deploy" / "live" / "node_modules" / "pyodide"
# Of what npm brings, what a browser needs.
CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
# Loaded with all that they depend on when a page starts its kernel: the course, and what the kernel
# would look for elsewhere.
LOADED = ["twostep", "jedi", "micropip", "piplite"]
# Pyodide brings one that is too old for us; the newer one is pure Python.
NEWER = ["altair"]
# What only a server needs. JupyterLab itself is left out by the add-on's defaults.
SERVER_ONLY = ["jupyterlab-widgets", "widgetsnbextension"]
LOCK = "static/pyodide-lock/pyodide-lock.json"
PAGES = {
    "jupyter-lite-schema-version": 0,
    # As in tools/lab.py, pages are tested by JupyterLab's own commands.
    "jupyter-config-data": {"appName": "Two-Step Marketing", "exposeAppInBrowser": True},
}
EXPORTS = """# Your own exports

Put the files with your orders here: drag them into the list of files beside this page. Then run the
cell of lesson 13 that reads them once more. They stay in this browser and are sent nowhere.
"""


def canonical(name: str) -> str:
    """A package's name as indexes write it."""
    return re.sub("[-_.]+", "-", name).lower()


def settings(list_of_packages: Path, source: str | None) -> dict[str, Any]:
    """What JupyterLite builds, and which packages a page loads: jupyter_lite_config.json.

    Of the packages that are not in Pyodide's own list come the versions of pins.txt.
    """
    listed = json.loads(list_of_packages.read_text(encoding="utf-8"))["packages"]
    known = {canonical(name) for name in listed}
    pins = re.findall(
        "^([a-z0-9-]+)(==[^ ;]+)$", (ROOT / "pins.txt").read_text("utf-8"), flags=re.MULTILINE
    )
    return {
        "LiteBuildConfig": {
            "apps": ["lab", "tree", "notebooks", "edit"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        },
        "PyodideLockAddon": {
            "enabled": True,
            "pyodide_lock_url": source,
            "wheels": ["wheels"],
            "specs": [name + version for name, version in pins if name in NEWER],
            "constraints": [name + version for name, version in pins if name not in known],
            "excludes_extra": SERVER_ONLY,
            "prefetch_extra": LOADED,
            # It only reads what the packages say of themselves: any Python does.
            "pyodide_lock_uv_options": {
                "extra_uv_args": ["--no-python-downloads", "--system-certs"]
            },
        },
    }


def lay_out(course: Path, place: Path, pyodide: Path, source: str | None) -> None:
    """Lay what JupyterLite builds from into a folder: Pyodide, the pages, the package, settings."""
    (place / "static" / "pyodide").mkdir(parents=True)
    for name in CORE:
        shutil.copy(pyodide / name, place / "static" / "pyodide")
    for page in originals(course):
        (place / "files" / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course / page, place / "files" / page)
    # In the browser there are no empty folders.
    (place / "files" / MY_ORDERS).mkdir()
    (place / "files" / MY_ORDERS / "README.md").write_text(EXPORTS, encoding="utf-8")
    build = ["-m", "uv", "build", "--quiet", "--system-certs", "--wheel"]
    build += ["--build-constraint", "pins.txt", "--out-dir", str(place / "wheels")]
    subprocess.run([sys.executable, *build], cwd=course, check=True)
    for name, content in (
        ("jupyter-lite.json", PAGES),
        ("jupyter_lite_config.json", settings(pyodide / "pyodide-lock.json", source)),
    ):
        (place / name).write_text(json.dumps(content), encoding="utf-8")


def needed(packages: dict[str, Any], first: list[str]) -> Iterator[str]:
    """The names of these packages and of all that they depend on.

    Raises KeyError for a package that the lock does not know.
    """
    seen = {canonical(name) for name in first}
    waiting = sorted(seen)
    while waiting:
        name = waiting.pop()
        yield name
        others = {canonical(each) for each in packages[name]["depends"]} - seen
        seen |= others
        waiting += sorted(others)


def bring_home(folder: Path) -> None:
    """Fetch what a page loads from Pyodide's server into the folder, so that no page has to.

    Raises ValueError for a file that is not what the lock says it is.
    """
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    packages = {canonical(name): package for name, package in lock["packages"].items()}
    config = json.loads((folder / "jupyter-lite.json").read_text(encoding="utf-8"))
    (plugin,) = config["jupyter-config-data"]["litePluginSettings"].values()
    for name in needed(packages, plugin["loadPyodideOptions"]["packages"]):
        package = packages[name]
        if not package["file_name"].startswith(("http://", "https://")):
            continue
        file = (folder / LOCK).with_name(package["file_name"].rpartition("/")[2])
        with urlopen(package["file_name"]) as answer:
            content = answer.read()
        if sha256(content).hexdigest() != package["sha256"]:
            raise ValueError(f"{package['file_name']} is not the file that Pyodide's list names")
        file.write_bytes(content)
        # As the others stand there: seen from the folder of Pyodide.
        package["file_name"] = f"../../{file.relative_to(folder).as_posix()}"
    (folder / LOCK).write_text(json.dumps(lock), encoding="utf-8")


def build(output: Path, pyodide: Path = PYODIDE, source: str | None = None) -> None:
    """Build the pages into a folder, in place of what an earlier build left there.

    `pyodide` holds the Pyodide that npm brings, `source` is the address of the list of its
    packages, if not on its own server. Raises OSError where files cannot be read, written or
    fetched, ValueError for a folder that holds something else and for another Pyodide than the
    kernel's, and CalledProcessError where a program fails, after it said why.
    """
    if output.exists() and not (output / "jupyter-lite.json").exists() and any(output.iterdir()):
        raise ValueError(f"{output} holds something else: name a new folder")
    made_for = import_module("jupyterlite_pyodide_kernel.constants").PYODIDE_VERSION
    here = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
    if here != made_for:
        raise ValueError(f"the kernel is made for Pyodide {made_for}, not for {here} of {pyodide}")
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        lay_out(ROOT, place, pyodide, source)
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", "made"]
        run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        if run.returncode:
            print(run.stdout, run.stderr, sep="\n", file=sys.stderr)
            run.check_returncode()
        bring_home(place / "made")
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(place / "made", output)


def main() -> int:
    """Build, and say how to look at it."""
    parser = argparse.ArgumentParser(prog="python -m tools.live")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pyodide", type=Path, default=PYODIDE, help="a folder with Pyodide in it")
    parser.add_argument("--source", help="the address of the list of Pyodide's packages")
    options = parser.parse_args()
    try:
        build(options.folder, options.pyodide, options.source)
    except subprocess.CalledProcessError:
        sys.exit("The pages are not built: the lines above say why.")
    except (OSError, ValueError) as problem:
        sys.exit(f"The pages are not built: {problem}.")
    size = sum(file.stat().st_size for file in options.folder.rglob("*") if file.is_file())
    print(f"{size / 1e6:.0f} MB in {options.folder}. To look at them:")
    print(f"  python3 -m http.server --directory {options.folder}")
    print(f"  http://localhost:8000/notebooks/index.html?path={FIRST_PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
