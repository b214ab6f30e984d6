"""What a stranger meets first: README's first screen, workflows, forms, versions."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from packaging.specifiers import SpecifierSet
from tools.index import chapters

from twostep import Funnel

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_readme_begins_with_the_first_question_and_a_picture_of_the_calculator_that_answers_it():
    first_screen = README.partition("\n## ")[0]
    assert chapters()[1].question in first_screen
    ((words, picture),) = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", first_screen)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / picture).stat().st_size < 100_000
    (said,) = re.findall(r"“([^”]+)”", words.replace("\n", " "))
    assert said in str(Funnel().verdict), "what the picture shows, the calculator still says"


def test_no_way_to_start_gives_a_learner_an_editable_package():
    """It would not start on a Japanese Windows, and an update would change it under the learner."""
    ways = [README, *(ROOT.joinpath(name).read_text("utf-8") for name in ("start.bat", "Makefile"))]
    ways += [path.read_text("utf-8") for path in (ROOT / "binder").iterdir()]
    ways.append((ROOT / "deploy" / "README.md").read_text("utf-8"))
    installs = [line for way in ways for line in way.splitlines() if " pip install " in line]
    assert len(installs) >= 5
    editable = [line for line in installs if re.search(r"\s(-e|--editable)\b", line)]
    assert [line.split("--group ")[1][:4] for line in editable] == ["test"], "make lowest, newest"


def test_a_version_is_the_same_everywhere():
    citation = read(ROOT / "CITATION.cff")
    assert citation["version"] == PROJECT["version"]
    assert {*citation["license"]} == {*PROJECT["license"].split(" AND ")}
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *released = re.findall(r"^## (.+)$", changes, flags=re.MULTILINE)
    assert first == "Not yet released"
    for heading in released:
        assert re.fullmatch(r"\d+\.\d+\.\d+, 20\d\d-\d\d-\d\d", heading)
    assert not released or released[0].split(",")[0] == PROJECT["version"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_commands_that_exist_on_pythons_that_we_support(path):
    """The schema of such files was applied by hand, with check-jsonschema and actionlint."""
    text = path.read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    jobs = read(path)["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    ran = "\n".join(step["run"] for step in steps if "run" in step)
    promised = {*re.findall(r"\bmake ([a-z]+)", ran)}
    for job in jobs:
        promised |= {*job.get("strategy", {}).get("matrix", {}).get("versions", [])}
    assert promised or ".ci/run" in ran or "tools.install" in ran
    assert promised <= {*phony[1].split()}
    for step in steps:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/checkout@v6"))
    pythons = re.findall(r'"(3\.\d+)"', text)
    assert all(SpecifierSet(PROJECT["requires-python"]).contains(python) for python in pythons)
    assert "permissions:\n  contents: read\n" in text, "a job that may do more says so itself"


def test_the_tests_run_on_every_python_and_system_that_was_promised():
    (job,) = read(GITHUB / "workflows" / "tests.yml")["jobs"].values()
    assert job["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.11", "3.12", "3.13"],
    }
    assert len(WORKFLOWS) == 3


def test_every_lock_of_npm_is_kept_new():
    updates = read(GITHUB / "dependabot.yml")["updates"]
    (npm,) = (each["directories"] for each in updates if each["package-ecosystem"] == "npm")
    locks = ROOT.glob("deploy/*/package-lock.json")
    folders = {f"/{lock.parent.relative_to(ROOT).as_posix()}" for lock in locks}
    assert folders
    assert folders <= {*npm}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_for_what_is_needed_to_answer(path):
    fields = [each for each in read(path)["body"] if each["type"] != "markdown"]
    assert len({each["id"] for each in fields}) == len(fields) > 3
    assert sum(each.get("validations", {}).get("required", False) for each in fields) >= 3


def test_there_is_a_form_for_each_thing_a_reader_may_tell():
    assert [path.stem for path in FORMS] == ["new_chapter", "unclear_sentence", "wrong_number"]
