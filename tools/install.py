"""Install into .venv what a command needs, once. `make` runs this, and so does who has no make.

    python -m tools.install [lab | app | site | test | uv]

Packages come at the versions of pins.txt, fetched by uv, which pip fetches first. Whatever can stop
a first start ends in one sentence that says what to do; so this file keeps to what old Pythons
understand, for one of them may be what runs it.
"""

import argparse
import errno
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".venv"
PYTHON = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Written last and removed first: what was interrupted is done anew from the beginning. For uv takes
# a package that it had half unpacked for a whole one.
DONE = PLACE / "installed.json"
# The dependency groups that each command needs beside the course. Only uv: not even the course.
GROUPS = {"lab": [], "app": ["app"], "site": ["site"], "test": ["test", "author"], "uv": []}
# A learner gets the package as it is now. Who tests it gets it editable: a change counts at once.
EDITABLE = "test"
MADE = ("vega.js", "twostep.mo")  # in src/, by the installation itself

NETWORK = re.compile(
    r"\(from versions: none\)|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|"
    "Failed to fetch|Failed to download|error sending request|operation timed out"
)
WINDOWS = os.name == "nt"
# Windows says it in its own language, so there its number counts; uv's numbers are the system's.
SPACE = re.compile(
    "No space left on device|Disk quota exceeded|WinError 112"
    + (r"|os error 112\b" if WINDOWS else "")
)
FORBIDDEN = re.compile(
    r"Permission denied|Read-only file system|WinError (5|32)\b"
    + (r"|os error (5|32)\b" if WINDOWS else "")
)
FULL = "The disk is full: make room on it, then start again. Nothing of yours is lost."
PROGRESS = ("Resolved ", "Downloading ", " Downloaded ", "Prepared ", "Installed ")


class Stopped(Exception):  # noqa: N818
    """Why the course cannot be installed here, and what to do about it, in one sentence."""


class Unreached(Stopped):
    """The network is missing. Nothing was changed."""


def advice(problem: OSError) -> str:
    """One sentence: what to do about a file that cannot be read or written."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    # There, what is in use can be neither replaced nor removed.
    also = "end the course where it is still open, or " if WINDOWS else ""
    return (
        f"{problem.filename or PLACE} cannot be read or written ({problem.strerror}): {also}move "
        "the course to a folder of your own, such as your home folder, and start again."
    )


def explained(output: str) -> Stopped:
    """Why an installer failed, from what it said."""
    if SPACE.search(output):
        return Stopped(FULL)
    if NETWORK.search(output):
        return Unreached(
            "The course's packages could not be fetched: connect this computer to the internet, "
            "then start again."
        )
    if FORBIDDEN.search(output):
        return Stopped(advice(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(PLACE))))
    lines = "\n".join(output.splitlines()[-20:])
    return Stopped(
        f"{lines}\nThe lines above say why the course could not be installed; README shows a "
        "second way, with pip."
    )


def check_folder() -> None:
    """Raises Stopped if no .venv can be made in a folder of this name."""
    name = str(ROOT)
    # uv takes every name for UTF-8: where the system's names are not, it would install elsewhere.
    readable = os.fsencode(name) == name.encode("utf-8", "replace")
    if os.pathsep in name or not readable:
        raise Stopped(
            f"The course cannot be installed in {name}: move it to a folder whose name, and those "
            "of the folders around it, are of the letters a to z and digits, then start again."
        )


def check_python() -> None:
    """Raises Stopped if this Python is too old or too new for the pins, or cannot make a .venv."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    bounds = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', text, flags=re.MULTILINE)
    assert bounds, "pyproject.toml says requires-python otherwise than expected here"
    first, beyond = int(bounds.group(1)), int(bounds.group(2))
    if not (3, first) <= sys.version_info[:2] < (3, beyond):
        other = "py -3.13 -m tools.install" if os.name == "nt" else "make lab PYTHON=python3.13"
        raise Stopped(
            f"The course runs on Python 3.{first} to 3.{beyond - 1}, and this is Python "
            f"{sys.version_info[0]}.{sys.version_info[1]}: install one of these from "
            f"www.python.org, or name one that you have, as in: {other}"
        )
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Stopped(
            "This Python lacks the module venv: on Debian or Ubuntu type "
            "`sudo apt install python3-venv`, elsewhere install Python from www.python.org, then "
            "start again."
        )


def build() -> None:
    """Make .venv anew, with uv in it."""
    check_folder()
    check_python()
    print("Preparing the folder .venv (once: half a minute, or more with a slow line)", flush=True)
    import venv

    try:
        venv.create(str(PLACE), clear=True, symlinks=os.name != "nt", with_pip=True)
    except subprocess.CalledProcessError as failed:
        raise explained((failed.output or b"").decode(errors="replace")) from None
    # Named with its version, not constrained to it: else pip, without a network, sees a conflict.
    pins = (ROOT / "pins.txt").read_text(encoding="utf-8")
    (uv,) = re.findall(r"^uv==\S+", pins, flags=re.MULTILINE)
    command = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run([*command, "--only-binary", ":all:", uv])


def install(parts: "list[str]") -> None:
    """Install the course and the groups that these commands need, at the versions in pins.txt."""
    if EDITABLE in parts and WINDOWS and sys.version_info < (3, 13) and not str(ROOT).isascii():
        # It notes its folder in UTF-8, which these read otherwise: no Python of .venv would start.
        raise Stopped(
            f"{ROOT} is no folder to work on the course in with this Python: take Python 3.13 or "
            "later, or a folder whose whole path is of the letters a to z and digits."
        )
    print("Installing what is new in .venv", flush=True)
    command = ["-m", "uv", "pip", "install", "--python", str(PYTHON), "--system-certs"]
    command += ["--constraint", "pins.txt", "--build-constraint", "pins.txt"]
    for group in sorted({group for part in parts for group in GROUPS[part]}):
        command += ["--group", group]
    command += ["--editable", "."] if EDITABLE in parts else ["--reinstall-package", "twostep", "."]
    run(command)


def run(arguments: "list[str]") -> None:
    """Run the Python of .venv, and show how far it is. Raises Stopped if it fails."""
    said = []
    with subprocess.Popen(
        [str(PYTHON), *arguments],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if line.startswith(PROGRESS):
                print(f"  {line.strip()}", flush=True)
    if process.returncode:
        raise explained("".join(said))


def sources(parts: "list[str]") -> str:
    """The digest of everything that, changed, asks for another installation."""
    files = [ROOT / "pyproject.toml", *sorted((ROOT / "src").rglob("*.po"))]
    if EDITABLE not in parts:
        files.append(ROOT / "tools" / "bundle.py")
        package = (ROOT / "src").rglob("*.*")
        files += sorted(file for file in package if file.is_file() and file.suffix != ".pyc")
    return digest(*(file for file in files if file.name not in MADE))


def digest(*files: Path) -> str:
    """The digest of some files of the course and their names."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return total.hexdigest()


def bring(part: str) -> None:
    """Bring .venv to what a command needs; nothing where that is there already."""
    # A virtual environment remembers its folder, and a package that a pin dropped would stay.
    built = [str(ROOT), digest(ROOT / "pins.txt")]
    try:
        done = json.loads(DONE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        done = {}
    if done.get("built") != built or not os.access(str(PYTHON), os.X_OK):
        build()
        done = {"built": built, "parts": [], "sources": ""}
        DONE.write_text(json.dumps(done), encoding="utf-8")
    parts = sorted({*done["parts"], part} - {"uv"})
    if part != "uv" and [parts, sources(parts)] != [done["parts"], done["sources"]]:
        DONE.unlink()
        try:
            install(parts)
            done.update(parts=parts, sources=sources(parts))
        except Unreached:
            DONE.write_text(json.dumps(done), encoding="utf-8")
            raise
        DONE.write_text(json.dumps(done), encoding="utf-8")


def main() -> int:
    """Do it, or say in one sentence why not; the exit status is 0 only if it is done."""
    parser = argparse.ArgumentParser(prog="python -m tools.install")
    parser.add_argument("part", choices=sorted(GROUPS), nargs="?", default="lab")
    part = parser.parse_args().part
    try:
        bring(part)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
    except OSError as problem:
        print(advice(problem), file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted: start again, and the rest is installed.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
