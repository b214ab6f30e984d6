"""The course as pages that compute in the reader's browser, with no server behind them: JupyterLite.

    python -m tools.live FOLDER

`make live` runs this with the packages of deploy/live/requirements.txt, on Python 3.12 or later,
which the one that writes the list of packages asks for. A web server has nothing to do but hand out
the files of FOLDER. Whatever a page needs to compute stands in it: when the course is opened,
nobody but that server learns of it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tools.start import MY_ORDERS, ROOT, originals

PYODIDE = ROOT / "deploy" / "live" / "node_modules" / "pyodide"
# Of what npm brings, what a browser needs.
CORE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
# A package of this name is loaded from the lock, with all that it depends on, when a page starts.
LOADED = ["twostep", "jedi", "micropip", "piplite"]
# Pyodide brings one that is too old for us; the newer one is pure Python.
NEWER = ["altair"]
# What only a server needs. JupyterLab itself is left out by the add-on's defaults.
SERVER_ONLY = ["jupyterlab-widgets", "widgetsnbextension"]
LOCK = "static/pyodide-lock/pyodide-lock.json"


def lock_of(folder: Path) -> dict[str, Any]:
    """The packages that a lock knows, by their names."""
    packages = json.loads((folder / LOCK).read_text(encoding="utf-8"))["packages"]
    return {canonical(name): package for name, package in packages.items()}


def canonical(name: str) -> str:
    """A package's name as indexes write it."""
    return re.sub("[-_.]+", "-", name).lower()


def settings(source: Path, wheels: Path) -> dict[str, Any]:
    """What JupyterLite builds, and which packages a page loads: jupyter_lite_config.json.

    `source` is Pyodide's own list of packages. What is not in it comes at the versions of pins.txt.
    """
    known = {canonical(name) for name in json.loads(source.read_text("utf-8"))["packages"]}
    pins = re.findall(
        r"^([a-z0-9-]+)==([^ ;]+)$", (ROOT / "pins.txt").read_text("utf-8"), re.MULTILINE
    )
    return {
        "LiteBuildConfig": {
            "apps": ["lab", "tree", "notebooks", "edit"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        },
        "PyodideLockAddon": {
            "enabled": True,
            "wheels": [str(wheels)],
            "specs": [f"{name}=={version}" for name, version in pins if name in NEWER],
            "constraints": [f"{name}=={version}" for name, version in pins if name not in known],
            "excludes_extra": SERVER_ONLY,
            "prefetch_extra": LOADED,
            # It only reads what packages say of themselves: any Python does.
            "pyodide_lock_uv_options": {"extra_uv_args": ["--no-python-downloads"]},
        },
    }


def lay_out(course: Path, place: Path) -> None:
    """Lay what JupyterLite builds from into a folder: Pyodide, the pages, the package."""
    (place / "static" / "pyodide").mkdir(parents=True)
    for name in CORE:
        shutil.copy(PYODIDE / name, place / "static" / "pyodide")
    for page in originals(course):
        (place / "files" / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course / page, place / "files" / page)
    build = ["-m", "uv", "build", "--quiet", "--system-certs", "--wheel"]
    build += ["--build-constraint", "pins.txt", "--out-dir", str(place / "wheels")]
    subprocess.run([sys.executable, *build], cwd=course, check=True)
    page_settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {"appName": "Two-Step Marketing", "exposeAppInBrowser": True},
    }
    (place / "jupyter-lite.json").write_text(json.dumps(page_settings), encoding="utf-8")
    config = settings(PYODIDE / "pyodide-lock.json", place / "wheels")
    (place / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")


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
    whole = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    packages = {canonical(name): package for name, package in whole["packages"].items()}
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
    (folder / LOCK).write_text(json.dumps(whole), encoding="utf-8")


def build(output: Path, lock_url: str | None = None) -> None:
    """Build the pages into a folder, in place of what an earlier build left there.

    `lock_url` is where Pyodide's packages are, if not on its own server. Raises OSError where files
    cannot be read, written or fetched, ValueError for a folder that holds something else, and
    CalledProcessError where a program fails, after it said why.
    """
    if output.exists() and not (output / "jupyter-lite.json").exists() and any(output.iterdir()):
        raise ValueError(f"{output} holds something else: name a new folder")
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        lay_out(ROOT, place)
        if lock_url:
            config = json.loads((place / "jupyter_lite_config.json").read_text(encoding="utf-8"))
            config["PyodideLockAddon"]["pyodide_lock_url"] = lock_url
            (place / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
        made = place / "made"
        # An empty folder is not copied, but listed where it stands already.
        (made / "files" / MY_ORDERS).mkdir(parents=True)
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", str(made)]
        run = subprocess.run(
            command,
            cwd=place,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if run.returncode:
            print(run.stdout, file=sys.stderr)
            run.check_returncode()
        bring_home(made)
        shutil.rmtree(output, ignore_errors=True)
        shutil.move(made, output)


def main() -> int:
    """Build, and say how to look at it."""
    parser = argparse.ArgumentParser(prog="python -m tools.live")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    build(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{folder}: {size / 1e6:.0f} MB. To look at it: python -m http.server -d {folder.parent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
