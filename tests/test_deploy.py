"""deploy/: values for Kubernetes that the chart accepts, and a page whose commands are right."""

import ast
import copy
import json
import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
VALUES = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
# The one thing beside the project that a test reads: it is not ours to put into the repository.
SCHEMA = ROOT.parent / "shared" / "z2jh" / "values.schema.json"


def together(ours, yours):
    """Values of two files, as Helm puts them together: the later file wins."""
    if not (isinstance(ours, dict) and isinstance(yours, dict)):
        return yours
    both = {name: together(ours[name], yours[name]) for name in ours.keys() & yours.keys()}
    return ours | yours | both


def of_a_class():
    """The values with the file that the page says to write."""
    (yours,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    return together(VALUES, yaml.safe_load(yours))


def refused(values):
    """What the chart refuses. What values leave out has the chart's own value."""
    if not SCHEMA.exists():
        pytest.skip(f"the chart's schema is not here: {SCHEMA.relative_to(ROOT.parent)}")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    found = Draft7Validator(schema).iter_errors(values)
    return {each.message for each in found if each.validator != "required"}


def leaves(values, *path):
    """Every value that is neither a table nor a list, with the way to it."""
    for name, value in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(value, dict | list):
            yield from leaves(value, *path, name)
        else:
            yield (*path, name), value


def test_the_chart_accepts_the_values_alone_and_with_the_file_of_a_class():
    assert len(list(leaves(VALUES))) > 20
    assert not refused(VALUES)
    assert not refused(of_a_class())


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("cull", "timeout"), "an hour"),
        (("cull", "tiemout"), 3600),
        (("singleuser", "memory", "guarantee"), ["350M"]),
        (("singleuser", "cpu", "limit"), "2"),
        (("singleuser", "extraFiles", "keep-pages-whole", "stringData"), 5),
        (("scheduling", "userPlaceholder", "replicas"), "all"),
        (("scheduling", "podPriority", "enabled"), "yes"),
        (("proxy", "https", "type"), "certbot"),
        (("hub", "config", "JupyterHub"), "native"),
        (("hub", "activeServerLimit"), 1.5),
        (("prePuler",), {}),
    ],
)
def test_a_broken_value_is_refused(path, wrong):
    values = copy.deepcopy(of_a_class())
    place = values
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = wrong
    assert len(refused(values)) == 1


def test_no_file_holds_a_secret():
    secret = re.compile("password|secret|token|key", flags=re.IGNORECASE)
    named = {path: value for path, value in leaves(of_a_class()) if secret.search(str(path[-1]))}
    assert named == {
        ("hub", "config", "NativeAuthenticator", "minimum_password_length"): 8,
        ("hub", "config", "NativeAuthenticator", "check_common_password"): True,
    }


def test_only_names_on_the_list_may_sign_up_over_tls():
    values = of_a_class()
    assert values["hub"]["config"]["NativeAuthenticator"]["open_signup"] is False
    assert values["hub"]["config"]["Authenticator"]["allowed_users"]
    assert "allow_all" not in json.dumps(values)
    assert values["proxy"]["https"]["enabled"] is True


def test_the_limits_follow_from_what_the_page_says_a_learner_takes():
    server, kernel = (
        int(each) for each in re.findall(r"(\d+) for the server and up to (\d+)", PAGE)[0]
    )
    assert VALUES["singleuser"]["memory"] == {"guarantee": "300M", "limit": "1G"}
    assert server + kernel < 300 < server + 2 * kernel
    assert server + 5 * kernel < 1024 < server + 6 * kernel


def test_the_link_of_the_page_leads_to_lesson_one_and_its_files_exist():
    (link,) = re.findall(r"git-pull\?\S+", PAGE)
    assert (ROOT / link.partition("lab/tree/two-step-marketing/")[2]).is_file()
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "deploy" / target).exists(), target
    for file in re.findall(r"--values (deploy/\S+)", PAGE):
        assert (ROOT / file).is_file()


# The hub of a teaching machine


def test_a_learners_server_is_started_in_the_same_way_on_both():
    config = ast.parse((ROOT / "deploy" / "jupyterhub_config.py").read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(config) if isinstance(node, ast.Constant)]
    assert VALUES["singleuser"]["cmd"][2] in texts


@pytest.mark.parametrize(
    ("file", "needed"),
    [("hub.txt", "jupyterhub"), ("live/requirements.txt", "jupyterlite-pyodide-kernel")],
)
def test_the_pins_of_a_command_agree_with_those_of_the_course_and_name_no_host(file, needed):
    lines = (ROOT / "deploy" / file).read_text(encoding="utf-8").splitlines()
    pins = dict(line.partition(" ;")[0].split("==") for line in lines if not line.startswith("#"))
    course = re.findall(
        r"^([a-z0-9-]+)==(\S+)", (ROOT / "pins.txt").read_text("utf-8"), re.MULTILINE
    )
    assert needed in pins
    shared = pins.keys() & dict(course).keys()
    assert len(shared) > 20
    for name in shared:
        assert pins[name] in [version for other, version in course if other == name], name


@pytest.mark.parametrize(("folder", "count"), [("proxy", 20), ("live", 3)])
def test_the_pins_of_npm_are_exact_and_name_no_host(folder, count):
    lock = json.loads((ROOT / "deploy" / folder / "package-lock.json").read_text("utf-8"))
    wanted = json.loads((ROOT / "deploy" / folder / "package.json").read_text("utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert len(packages) >= count
    assert all(each["integrity"] and "resolved" not in each for each in packages.values())
    for name, version in wanted["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
