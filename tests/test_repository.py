"""The house around the package: pins, Binder, layout, direction of imports, promised commands."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import venv
from functools import cache
from pathlib import Path

import pytest
from altair.utils.schemapi import VERSIONS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "pins.txt").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FIRST_LESSON = "lessons/01_two_offers_two_jobs.ipynb"


@cache
def files_in_git() -> tuple[Path, ...]:
    """Every file of the next commit: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def pinned() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", PINS, flags=re.MULTILINE))


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
    names = [line.split("==")[0] for line in lines]
    assert len(names) == len(set(names)), "one version of a package on every Python and system"


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_every_declared_dependency_is_pinned_within_its_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pinned()[canonicalize_name(requirement.name)])


def test_this_environment_is_the_pinned_one() -> None:
    command = [sys.executable, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    here = {canonicalize_name(entry["name"]): entry["version"] for entry in json.loads(listed)}
    missing = {requirement.name for requirement in declared()} - {"hatchling", "uv"} - set(here)
    assert not missing
    pins = pinned()
    others = {name: version for name, version in here.items() if pins.get(name, version) != version}
    assert not others, "run `make test`, which installs the pins"


# The package


def test_the_charting_library_is_the_one_altair_writes_for_and_is_built_in() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert VERSIONS["vega-lite"].startswith(f"v{wheel['hooks']['custom']['vega-lite']}.")
    (library,) = wheel["artifacts"]
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
        rf"https://mybinder\.org/v2/gh/([^/]+/[^/]+)/HEAD\?urlpath=lab/tree/{FIRST_LESSON}",
        links[0],
    )
    assert repository, links[0]
    assert places == (["README.md"] if repository[1] == placeholder else [])
    assert "\n## On Binder\n" in README, "lessons link to ../README.md#on-binder"


def test_lesson_one_is_where_make_and_binder_look() -> None:
    assert f"LESSON := {FIRST_LESSON}\n" in MAKEFILE
    assert Path(FIRST_LESSON) in files_in_git()


def test_binder_requirements_resolve_to_the_pins() -> None:
    """Pip itself resolves Binder's file, from the folder Binder does; nothing is installed."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    command += ["--report", "-", "--requirement", "binder/requirements.txt"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if unreachable(run.stderr):
        pytest.skip(f"no package index to be reached: {run.stderr.strip()[-200:]}")
    assert run.returncode == 0, run.stderr
    resolved = {
        canonicalize_name(entry["metadata"]["name"]): entry["metadata"]["version"]
        for entry in json.loads(run.stdout)["install"]
    }
    assert resolved.pop(canonicalize_name("twostep")) == PROJECT["project"]["version"]
    assert {canonicalize_name(Requirement(d).name) for d in PROJECT["project"]["dependencies"]} <= (
        resolved.keys()
    )
    assert not resolved.items() - pinned().items()
    assert "pytest" not in resolved, "learners get no test tools"


def test_binder_builds_what_its_files_say(tmp_path: Path) -> None:
    """repo2docker's own Dockerfile: the right Python, the whole repository, then our file."""
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
    wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.search(rf"environment for {wanted.replace('-', '=')}\b", dockerfile)
    floor = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert tuple(map(int, floor.split("."))) <= tuple(map(int, wanted.split("-")[1].split(".")))
    steps = [
        "\nWORKDIR ${REPO_DIR}",
        "\nCOPY --chown=0:0 src/ ${REPO_DIR}/",
        'bin/pip install --no-cache-dir -r "binder/requirements.txt"',
    ]
    places = [dockerfile.find(step) for step in steps]
    assert -1 not in places, dockerfile
    assert places == sorted(places), "the pins are there before pip reads them"


def unreachable(message: str) -> bool:
    """Whether pip failed for want of a network, not of a package."""
    return any(sign in message for sign in ["NewConnectionError", "ConnectTimeout", "ProxyError"])


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


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", README)]
    local = [target for target in targets if target and "://" not in target]
    assert len(local) > 3
    for target in local:
        assert (ROOT / target).exists(), target


# Imports point one way


INSIDE = {
    "__init__": set[str](),
    "_text": set[str](),
    "units": {"_text"},
    "data": {"_text"},
    "models": {"_text", "units", "models"},
    "charts": {"_text", "units", "models", "charts"},
    "calculator": {"_text", "units", "models", "charts", "calculator"},
    "practice": {"_text", "units", "models", "practice"},
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
    if part not in {"charts", "calculator", "orders_form"}:
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
