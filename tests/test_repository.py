"""The house around the package: pins, Binder, layout, direction of imports, promised commands."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from altair.utils.schemapi import VERSIONS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.start import FIRST_PAGE

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "pins.txt").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def files_in_git() -> tuple[Path, ...]:
    """Every file of the next commit. A log or a draft that merely lies about is not our concern."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


# The Pythons and systems that install from wheels alone.
PYTHONS = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"])
assert PYTHONS
MINORS = range(int(PYTHONS[1]), int(PYTHONS[2]))
SYSTEMS = {
    "x86_64-unknown-linux-gnu": ("posix", "linux", "Linux", "x86_64"),
    "aarch64-unknown-linux-gnu": ("posix", "linux", "Linux", "aarch64"),
    "x86_64-apple-darwin": ("posix", "darwin", "Darwin", "x86_64"),
    "aarch64-apple-darwin": ("posix", "darwin", "Darwin", "arm64"),
    "x86_64-pc-windows-msvc": ("nt", "win32", "Windows", "AMD64"),
}


def environment(minor: int, system: str) -> dict[str, str]:
    """What markers read: an early micro version, for a late one must not be needed."""
    names = ("os_name", "sys_platform", "platform_system", "platform_machine")
    version = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0"}
    return version | dict(zip(names, SYSTEMS[system], strict=True))


def pinned(environment: dict[str, str] | None = None) -> dict[str, str]:
    """The pins that hold in an environment; here, if none is given."""
    lines = (line for line in PINS.splitlines() if line and not line.lstrip().startswith("#"))
    pins = [Requirement(line) for line in lines]
    valid = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
    versions = {pin.name: str(pin.specifier).removeprefix("==") for pin in valid}
    assert len(versions) == len(valid), "one version of a package in one environment"
    return versions


def declared() -> list[Requirement]:
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for group in PROJECT["dependency-groups"].values():
        lines += [line for line in group if isinstance(line, str)]
    return [Requirement(line) for line in lines]


# Pins


def test_pins_are_exact_versions_and_name_no_host() -> None:
    lines = [line for line in PINS.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 50
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^@/]+)?", line), line
    assert "://" not in PINS


@pytest.mark.parametrize("minor", MINORS)
def test_every_declared_dependency_is_pinned_within_its_range(minor: int) -> None:
    for system in SYSTEMS:
        pins = pinned(environment(minor, system))
        for requirement in declared():
            version = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement


def wheels(place: tuple[int, str]) -> dict[str, str] | str:
    """What uv would install from wheels alone on a Python and a system; or why it cannot."""
    minor, system = place
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--system-certs"]
    command += ["--python-version", f"3.{minor}", "--python-platform", system]
    command += ["--only-binary", ":all:", "--constraint", "pins.txt", "pyproject.toml"]
    command += ["--group", "test", "--group", "author", "--no-annotate", "--no-header"]
    # What uv saw before suffices: a version does not change. Else it asks the index.
    for offline in (["--offline"], []):
        run = subprocess.run(
            command + offline, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if not run.returncode:
            return dict(line.split("==") for line in run.stdout.splitlines())
    return run.stderr


@pytest.mark.slow
def test_the_pins_install_from_wheels_alone_on_every_python_and_system() -> None:
    """For every package uv finds the pinned version, with a wheel, and needs no other package."""
    places = [(minor, system) for minor in MINORS for system in SYSTEMS]
    assert len(places) >= 25
    with ThreadPoolExecutor(8) as pool:  # they mostly wait for the index
        found = dict(zip(places, pool.map(wheels, places), strict=True))
    if mute := [why for why in found.values() if isinstance(why, str) and unreachable(why)]:
        pytest.skip(f"no package index to be reached: {mute[0].strip()[-200:]}")
    assert found == {(minor, on): pinned(environment(minor, on)) for minor, on in places}


def test_this_environment_is_the_pinned_one() -> None:
    command = [sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    here = {canonicalize_name(entry["name"]): entry["version"] for entry in json.loads(listed)}
    missing = {requirement.name for requirement in declared()} - set(here)
    assert not missing
    pins = pinned()
    others = {name: version for name, version in here.items() if pins.get(name, version) != version}
    assert not others, "run `make test`, which installs the pins"


# The package


def test_the_charting_library_is_the_one_altair_writes_for_and_is_built_in() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert VERSIONS["vega-lite"].startswith(f"v{wheel['hooks']['custom']['vega-lite']}.")
    library, messages = wheel["artifacts"]
    assert messages == "*.mo"  # tests/test_japanese.py reads them
    assert "vegaEmbed" in (ROOT / library).read_text(encoding="utf-8")[-400:]
    assert Path(library) not in files_in_git()


# Binder


def test_binder_repository_is_named_in_one_place_and_opens_lesson_one() -> None:
    placeholder = "OWNER" + "/REPOSITORY"
    places = [
        str(path)
        for path in files_in_git()
        for _ in re.findall(
            placeholder, (ROOT / path).read_text(encoding="utf-8", errors="replace")
        )
    ]
    links = re.findall(r"^\[binder\]: (\S+)$", README, flags=re.MULTILINE)
    assert len(links) == 1
    repository = re.fullmatch(
        rf"https://mybinder\.org/v2/gh/([^/]+/[^/]+)/HEAD\?urlpath=doc/tree/{FIRST_PAGE}",
        links[0],
    )
    assert repository, links[0]
    assert Path(FIRST_PAGE) in files_in_git()
    assert places == (["README.md"] if repository[1] == placeholder else [])
    assert "\n## On Binder\n" in README, "lessons link to ../README.md#on-binder"


BINDER = ROOT / "binder"
BINDER_PYTHON = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip()
BINDER_PINS = {
    line.partition("==")[0]: line.partition("==")[2]
    for line in (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
}


def test_binder_gets_the_pins_all_that_builds_the_course_and_a_notebook_that_goes_with_it() -> None:
    """Nothing but exact versions: a name of a file would put this step after the pages."""
    assert len(BINDER_PINS) > 80
    for name, version in BINDER_PINS.items():
        assert re.fullmatch(r"[a-z0-9-]+", name), name
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version), f"{name}=={version}"
    minor = int(BINDER_PYTHON.removeprefix("python-3."))
    there = environment(minor, "x86_64-unknown-linux-gnu")
    pins = pinned(there)
    beside = {name for name, version in BINDER_PINS.items() if pins.get(name) != version}
    assert beside == {"notebook"}
    lines = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    for requirement in [Requirement(line) for line in lines]:
        if requirement.marker is None or requirement.marker.evaluate(there):
            version = BINDER_PINS[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement
    assert "pytest" not in BINDER_PINS, "learners get no test tools"


@pytest.mark.slow
def test_binder_requirements_are_complete() -> None:
    """They need each other and nothing else, and there is a wheel for each."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--system-certs"]
    command += ["--python-version", BINDER_PYTHON.removeprefix("python-")]
    command += ["--python-platform", "linux", "--only-binary", ":all:"]
    command += ["--no-annotate", "--no-header", "binder/requirements.txt"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if unreachable(run.stderr):
        pytest.skip(f"no package index to be reached: {run.stderr.strip()[-200:]}")
    assert run.returncode == 0, run.stderr
    assert dict(line.split("==") for line in run.stdout.splitlines()) == BINDER_PINS


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize("failing", ["install", "check", "nothing"])
def test_binders_last_step_fetches_nothing_and_hides_no_failure(
    tmp_path: Path, failing: str
) -> None:
    """Run with a stand-in for Python, which writes down what it is asked and fails once."""
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\necho "$@" >> "$0.asked"\ncase "$*" in *{failing}*) exit 3;; esac\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    run = subprocess.run(
        ["bash", "binder/postBuild"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    )
    assert run.returncode == (0 if failing == "nothing" else 3)
    asked = (tmp_path / "python.asked").read_text(encoding="utf-8").splitlines()
    assert [line.split()[2] for line in asked] == ["install", "check"][: len(asked)]
    assert {"--no-deps", "--no-build-isolation", "."} <= set(asked[0].split())


@pytest.mark.slow
def test_binder_builds_what_its_files_say(tmp_path: Path) -> None:
    """repo2docker's own Dockerfile: the right Python, the packages, then the pages and the course.

    A changed page changes a file of the third step. What is before it, Binder has already.
    """
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "jupyter-repo2docker"],
        capture_output=True,
        text=True,
        check=False,
    )
    if unreachable(install.stderr):
        pytest.skip(f"repo2docker cannot be installed here: {install.stderr.strip()[-200:]}")
    assert install.returncode == 0, install.stderr
    run = subprocess.run(
        [python, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    dockerfile = run.stdout + run.stderr
    assert re.search(rf"environment for {BINDER_PYTHON.replace('-', '=')}\b", dockerfile)
    assert BINDER_PYTHON in {f"python-3.{minor}" for minor in MINORS}
    steps = [
        "\nCOPY --chown=0:0 src/binder/requirements.txt ${REPO_DIR}/binder/requirements.txt",
        'bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "\nCOPY --chown=0:0 src/ ${REPO_DIR}/",
        "\nRUN ./binder/postBuild",
    ]
    assert [dockerfile.count(step) for step in steps] == [1] * len(steps), dockerfile
    places = [dockerfile.find(step) for step in steps]
    assert places == sorted(places), dockerfile
    assert dockerfile.count("pip install") == 1


def unreachable(message: str) -> bool:
    """Whether pip or uv failed for want of a network, not of a package."""
    signs = ["NewConnectionError", "ConnectTimeout", "ProxyError", "error sending request"]
    signs += ["code ENOTFOUND", "code EAI_AGAIN", "code ECONNREFUSED"]  # npm's
    return any(sign in message for sign in signs)


# What is in git


REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "anaconda" + ".org"]
MACHINE_PATH = re.compile(rb"(?<![\w.$}-])/(tmp|root|home|Users|private|opt|work)/[\w.-]+")


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    for path in files_in_git():
        content = (ROOT / path).read_bytes()
        for host in REGISTRIES:
            assert host.encode() not in content, path
        assert not (found := MACHINE_PATH.search(content)), f"{path}: {found}"


def test_map_of_the_house_is_complete() -> None:
    """Everything at the top of the repository is on the map in CONTRIBUTING, and the other way."""
    house = re.search(r"```text\n(.*?)```", CONTRIBUTING, flags=re.DOTALL)
    assert house
    mapped = {line.split()[0].rstrip("/") for line in house[1].splitlines() if line[:1].strip()}
    assert mapped == {path.parts[0] for path in files_in_git()}


def test_promised_commands_exist() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, flags=re.MULTILINE)
    assert phony
    targets = set(phony[1].split())
    for target in targets:
        assert re.search(rf"^{target}:", MAKEFILE, flags=re.MULTILINE), target
    for page in [
        README,
        CONTRIBUTING,
        MAKEFILE,
        (ROOT / ".ci" / "run").read_text(encoding="utf-8"),
    ]:
        promised = set(re.findall(r"(?:`|^|')make ([a-z]+)", page, flags=re.MULTILINE))
        assert promised
        assert promised <= targets
    assert targets - {"help"} <= set(re.findall(r"`make ([a-z]+)", CONTRIBUTING))


# Imports point one way


INSIDE = {
    "__init__": {"_parts"},
    "_parts": set[str](),
    "_text": set[str](),
    "units": {"_text"},
    "data": {"_text"},
    "shown": {"_text", "units"},
    "models": {"_parts", "_text", "units", "shown", "models"},
    "charts": {"_parts", "_text", "units", "shown", "models", "charts"},
    "_cells": set[str](),
    "_lite": set[str](),
    "server": set[str](),
    "calculator": {"_cells", "_text", "units", "models", "charts", "calculator"},
    "app": {"_text", "models", "calculator"},
    "practice": {"_parts", "_text", "units", "shown", "models", "practice"},
    "board": {"_parts", "_text", "units", "practice", "orders", "board"},
    "orders": {"_text", "units", "models", "data", "orders"},
    "orders_form": {"_text", "data", "orders", "orders_form"},
}
SHOWING = {"IPython", "altair", "anywidget", "ipywidgets"}
SOURCES = sorted((ROOT / "src" / "twostep").rglob("*.py"))


def imported(source: str) -> set[str]:
    """Dotted names of everything a module imports, at its top or later."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name their module in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT / "src" / "twostep").parts[0].removesuffix(".py")
    names = [name.split(".") for name in imported(path.read_text(encoding="utf-8"))]
    ours = {name[1] for name in names if name[0] == "twostep"}
    assert ours <= INSIDE[part], f"{part} may import {sorted(INSIDE[part])}"
    if part not in {"_cells", "charts", "calculator", "app", "orders_form"}:
        assert not {name[0] for name in names} & SHOWING, "models and checks show nothing"


def test_import_is_light() -> None:
    """A model answers without waiting for tables, charts, widgets or SciPy."""
    heavy = sorted(SHOWING | {"pandas", "scipy", "jupyterlab"})
    program = (
        "import sys; from twostep import Funnel; Funnel().verdict;"
        f"print(*(name for name in {heavy} if name in sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []


@pytest.mark.parametrize(
    ("before", "loaded"), [("pass", "False"), ("import rfc3987_syntax", "True")]
)
def test_altair_is_loaded_without_a_grammar_that_no_chart_needs(before: str, loaded: str) -> None:
    """It takes longer than all the rest. Whoever wants it finds it, before and after."""
    program = (
        f"{before}; import sys; import twostep.charts; print('lark' in sys.modules);"
        "from rfc3987_syntax import is_valid_syntax; print(is_valid_syntax('iri', 'http://例え.jp'));"
        "import altair; altair.Chart({'values': []}).mark_bar().to_dict()"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [loaded, "True"]
