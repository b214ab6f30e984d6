"""The normal form of notebooks, the exercises derived from solutions, and the guard over both."""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pytest

from tools import notebooks as tool

ROOT = Path(__file__).parents[2]
STEM = "01_two_offers_two_jobs.ipynb"

# A notebook with everything that a run or an editor varies: two streams, a chart, a widget, html.
CELLS = [
    ("markdown", "title", "# A title\n\nA sentence — with ¥, “quotes” and 日本語.\n"),
    ("code", "streams", "import sys\nprint('one')\nprint('two')\nprint('x', file=sys.stderr)"),
    (
        "code",
        "chart",
        "from IPython.display import display\n"
        "data = {'$schema': 'https://vega.github.io/schema/vega-lite/v5.json', 'mark': 'bar',\n"
        " 'data': {'values': [{'a': 1.0, 'b': -1200.0}, {'a': 2.5, 'b': 1e-07}]},\n"
        " 'encoding': {'x': {'field': 'a', 'type': 'ordinal'},\n"
        "              'y': {'field': 'b', 'type': 'quantitative'}}}\n"
        "display({'application/vnd.vegalite.v5+json': data, 'text/plain': 'a chart'}, raw=True)",
    ),
    (
        "code",
        "widget",
        "from ipywidgets import IntSlider\nIntSlider(description='how many')",
    ),
    ("code", "set-order", "{'a', 'b', 'c', 'd', 'e', 'f'}.pop()"),
]


def raw(cells: list[tuple[str, str, str]]) -> Any:
    return nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": kind, "id": name, "metadata": {}, "source": source}
                | ({"outputs": [], "execution_count": None} if kind == "code" else {})
                for kind, name, source in cells
            ],
        }
    )


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A lesson refreshed twice: its file, and its text after each."""
    path = tmp_path_factory.mktemp("course") / "lessons" / "run.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(raw(CELLS)), encoding="utf-8")
    texts = []
    for _ in range(2):
        tool.refresh(path)
        texts.append(path.read_text(encoding="utf-8"))
    return path, texts[0], texts[1]


def as_saved_by_jupyterlab(text: str) -> str:
    """What running and saving in JupyterLab 4.6 does to a file (its own pictures, its numbers)."""
    saved = json.loads(text)
    saved["metadata"] |= {
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "language_info": {"name": "python", "version": "3.13.1", "file_extension": ".py"},
    }
    pixel = base64.b64encode(b"\x89PNG another picture").decode()
    for count, cell in enumerate(saved["cells"]):
        cell["metadata"] |= {"collapsed": True, "execution": {"iopub.execute_input": "2026"}}
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = count + 17
            outputs = []
            for output in cell["outputs"]:
                if "execution_count" in output:
                    output["execution_count"] = count + 17
                if "image/png" in output.get("data", {}):
                    output["data"]["image/png"] = pixel
                if output["output_type"] == "stream" and len(output["text"]) > 1:
                    first = output | {"text": output["text"][:1]}
                    outputs += [first, output | {"text": output["text"][1:]}]
                else:
                    outputs.append(output)
            cell["outputs"] = outputs
    return json.dumps(saved, indent=2, ensure_ascii=True)


def test_two_refreshes_are_byte_identical(two_runs: tuple[Path, str, str]) -> None:
    _, first, second = two_runs
    assert first == second
    assert first.endswith("}\n")


def test_the_stored_outputs_are_what_pages_need(two_runs: tuple[Path, str, str]) -> None:
    notebook = json.loads(two_runs[1])
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    assert [cell["execution_count"] for cell in notebook["cells"][1:]] == [1, 2, 3, 4]
    assert notebook["metadata"] == tool.METADATA
    assert [each["text"] for each in cells["streams"]["outputs"]] == [["one\n", "two\n"], ["x\n"]]
    chart = cells["chart"]["outputs"][0]["data"]
    assert set(chart) == {"application/vnd.vegalite.v5+json", "text/plain", "image/png"}
    assert base64.b64decode(chart["image/png"]).startswith(b"\x89PNG")
    values = chart["application/vnd.vegalite.v5+json"]["data"]["values"]
    assert json.dumps(values) == '[{"a": 1, "b": -1200}, {"a": 2.5, "b": 1e-07}]'
    assert set(cells["widget"]["outputs"][0]["data"]) == {"text/plain"}
    assert "日本語" in two_runs[1]


def test_a_save_in_jupyterlab_normalises_back(two_runs: tuple[Path, str, str]) -> None:
    path, text, _ = two_runs
    saved = as_saved_by_jupyterlab(text)
    assert saved != text
    path.write_text(saved, encoding="utf-8")
    assert tool.written(tool.normalise(tool.read(path))) == text
    assert "normal form" in str(tool.complaint(path))


def test_one_changed_sentence_is_one_changed_line(two_runs: tuple[Path, str, str]) -> None:
    path, text, _ = two_runs
    path.write_text(text.replace("A sentence", "Another sentence"), encoding="utf-8")
    after = tool.written(tool.normalise(tool.read(path))).splitlines()
    before = text.splitlines()
    assert len(after) == len(before)
    assert sum(a != b for a, b in zip(after, before, strict=True)) == 1


def test_a_picture_knows_its_chart_and_is_kept_elsewhere(two_runs: tuple[Path, str, str]) -> None:
    path, text, _ = two_runs
    path.write_text(text, encoding="utf-8")
    notebook = tool.read(path)
    (mark, png), *others = tool.pictures_of(notebook).items()
    assert not others
    chart = next(cell for cell in notebook.cells if cell.id == "chart")
    assert mark == tool.digest(chart.outputs[0].data["application/vnd.vegalite.v5+json"])
    other_fonts = png.replace("iVBOR", "iVBOS")
    chart.outputs[0].data.pop("image/png")
    kept = tool.normalise(notebook, {mark: other_fonts})
    assert (
        next(cell for cell in kept.cells if cell.id == "chart").outputs[0].data["image/png"]
        == other_fonts
    )
    chart.outputs[0].data["application/vnd.vegalite.v5+json"]["mark"] = "point"
    redrawn = tool.normalise(notebook, {mark: other_fonts})
    assert tool.pictures_of(redrawn).keys() != {mark}


def test_pictures_are_drawn_alike_and_still_are_pictures() -> None:
    chart = alt.Chart().mark_point().encode(x=alt.datum(1)).to_dict()
    assert tool.picture(chart) == tool.picture(chart)
    png = base64.b64decode(tool.picture(chart))
    place, kinds = 8, []
    while place < len(png):  # every chunk: length, kind, data, checksum
        length = int.from_bytes(png[place : place + 4])
        kinds.append(png[place + 4 : place + 8])
        body = png[place + 4 : place + 8 + length]
        assert zlib.crc32(body) == int.from_bytes(png[place + 8 + length :][:4])
        place += length + 12
    assert kinds[-2:] == [b"tEXt", b"IEND"]


def test_a_folded_source_is_normal_form_and_nothing_else_of_jupyter_is() -> None:
    page = raw([("code", "import", "print('All is ready.')"), ("markdown", "text", "Text")])
    for cell in page.cells:
        cell.metadata = {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
    import_cell, text = tool.normalise(page).cells
    assert import_cell.metadata == {"jupyter": {"source_hidden": True}}
    assert text.metadata == {}
    page.cells[0].metadata = {"jupyter": {"source_hidden": False, "outputs_hidden": True}}
    assert tool.normalise(page).cells[0].metadata == {}


def test_a_folded_source_survives_the_way_from_solution_to_exercise() -> None:
    solution = tool.read(ROOT / "solutions" / STEM)
    first = next(cell for cell in solution.cells if cell.cell_type == "code")
    first.metadata = {"jupyter": {"source_hidden": True}}
    exercise = tool.normalise(tool.derive(solution))
    folded = [cell.id for cell in exercise.cells if "jupyter" in cell.metadata]
    assert folded == [first.id]


@pytest.mark.parametrize("name", ["0f3a9c1d", "7d3f0c11-6c2f-4c7e-9c55-0a3d8c1b2e4f"])
def test_a_random_cell_id_is_refused_with_its_cell_and_a_name_for_it(name: str) -> None:
    with pytest.raises(tool.NotebookError, match=r"random id(.|\n)*here-it-is +Here it is"):
        tool.normalise(raw([("markdown", name, "Here it is")]))


@pytest.mark.parametrize(
    ("kind", "source", "name"),
    [
        ("markdown", "# Give each offer its own job\n\nText", "give-each-offer-its"),
        ("markdown", "What to see.\n\n## Owner's turn", "owners-turn"),
        ("markdown", "1. Write.\n2. Move.", "tasks"),
        ("markdown", "<details><summary>Seen</summary></details>", "seen"),
        ("markdown", "日本語", "cell"),
        ("code", "from twostep import Funnel\nprint('All is ready.')", "import"),
        ("code", "business = Funnel()\nbusiness.leads", "business"),
        ("code", 'answers(business, "front_only_profit", "cpa")', "front-only-profit"),
        ("code", "charts.people(business)", "people"),
        ("code", "Calculator(business)", "calculator"),
        ("code", 'quiz("two-offers-predict")', "two-offers-predict-question"),
        ("code", 'given("two-offers-dish")', "two-offers-dish-numbers"),
        ("code", 'dish = ...\ncheck("two-offers-dish", dish)', "two-offers-dish"),
        ("code", 'print("wrong:", 1)', "wrong"),
        ("code", "300 * 8 / 100", "300-8-100"),
        ("code", "not python", "not-python"),
        ("code", "", "cell"),
    ],
)
def test_a_cell_is_named_by_what_it_says_or_does(kind: str, source: str, name: str) -> None:
    assert tool.proposed(raw([(kind, "0f3a9c1d", source)])) == {"0f3a9c1d": name}


def test_names_are_unlike_each_other_and_a_text_below_code_reads_it() -> None:
    page = raw(
        [
            ("code", "business", "business = Funnel()"),
            ("code", "00000001", "business = Funnel(visits=1)"),
            ("markdown", "00000002", "Eight hundred people."),
            ("code", "00000003", "business = Funnel(visits=2)"),
            ("markdown", "00000004", "Nobody."),
        ]
    )
    names = ["business-2", "business-2-read", "business-3", "business-3-read"]
    assert list(tool.proposed(page).values()) == names


def test_all_missing_names_are_proposed_before_anything_runs_and_written_if_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lessons = [tmp_path / "lessons" / f"0{number}_page.ipynb" for number in (1, 2)]
    lessons[0].parent.mkdir()
    for path in lessons:
        cells = [("code", "0f3a9c1d", "leads = 1 / 0"), ("markdown", "0f3a9c1e", "## How many?")]
        path.write_text(tool.written(raw(cells)), encoding="utf-8")
    before = [path.read_bytes() for path in lessons]
    assert tool.main(["refresh"], root=tmp_path) == 1
    shown = capsys.readouterr()
    assert shown.out.count("  leads  ") == shown.out.count("  how-many  ") == 2
    assert "4 cells have no readable name" in shown.err
    assert "ZeroDivisionError" not in shown.err, "nothing was run"
    assert [path.read_bytes() for path in lessons] == before
    assert tool.main(["name"], root=tmp_path) == 0
    for path in lessons:
        assert [cell.id for cell in tool.read(path).cells] == ["leads", "how-many"]
    assert tool.main(["refresh"], root=tmp_path) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err, "now it is"


@pytest.mark.parametrize(
    ("solved", "left"),
    [
        ("cpa = 400 / 0.05\ncpa", "cpa = ..."),
        ("# why\na, (b, *c) = 1, (2, 3)", "a = ...\nb = ...\nc = ..."),
        ("rate: float = 0.1", "rate = ..."),
        ("a = b = 2", "a = ...\nb = ..."),
        ("table[0] = 1\nscenario.visits = 3", ""),
        ('check("key", 3)', ""),
        (
            'def f(a, b=2, *, c: int) -> float:\n    """Say it."""\n    return a + b * c',
            'def f(a, b=2, *, c: int) -> float:\n    """Say it."""\n    return ...',
        ),
        ("def f(a):\n    return a", "def f(a):\n    return ..."),
    ],
)
def test_a_stub_keeps_names_and_signatures_only(solved: str, left: str) -> None:
    assert tool.stub(solved) == left
    assert tool.stub(left) == left


def test_an_exercise_has_no_trace_of_its_solution() -> None:
    solution = tool.read(ROOT / "solutions" / STEM)
    exercise = tool.derive(solution)
    assert tool.written(tool.derive(solution)) == tool.written(exercise)
    names = {cell.id for cell in exercise.cells}
    for cell in solution.cells:
        solved = "solution" in cell.metadata.get("tags", [])
        if not solved:
            assert cell.id in names
        elif cell.cell_type == "markdown":
            assert cell.id not in names
        else:
            assert all(cell.source != other.source for other in exercise.cells)
    for cell in exercise.cells:
        assert "tags" not in cell.metadata
        assert not cell.get("outputs")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course in a folder of its own: the committed pair."""
    for folder in ("solutions", "exercises"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / STEM).write_bytes((ROOT / folder / STEM).read_bytes())
    return tmp_path


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_the_committed_notebooks_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.notebooks(ROOT)
    assert tool.main(["check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "change", "complaint"),
    [
        ("solutions", lambda text: text.replace("Aya teaches", "Aya taught"), "exercises"),
        ("exercises", lambda text: text.replace("Aya teaches", "Aya taught"), "never edited"),
        ("exercises", lambda text: text.replace('"points": 1', '"points": 9', 1), "never edited"),
        ("exercises", lambda text: text.replace("cpa = ...", "cpa = 8000"), "never edited"),
        ("solutions", lambda text: text.rstrip("\n"), "normal form"),
        ("solutions", lambda text: text.replace("\n ", "\n  "), "normal form"),
        ("solutions", lambda text: text.replace('"execution_count": 3', '"execution_count": 4'),
         "normal form"),
        ("solutions", lambda text: text.replace('"id": "title"', '"id": "0f3a9c1d"'), "random id"),
        ("solutions", lambda text: text[:-9], "no valid notebook"),
    ],
)  # fmt: skip
def test_whatever_refresh_would_change_fails_the_check(
    course: Path,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    change: Callable[[str], str],
    complaint: str,
) -> None:
    assert tool.main(["check"], root=course) == 0
    edit(course / folder / STEM, change)
    assert tool.main(["check"], root=course) == 1
    said = capsys.readouterr().err
    assert complaint in said
    assert STEM in said
    assert "refresh" in said


def test_a_missing_and_a_left_over_exercise_fail_the_check(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "exercises" / STEM).rename(course / "exercises" / "02_other.ipynb")
    assert tool.main(["check"], root=course) == 1
    said = capsys.readouterr().err
    assert f"{STEM}: missing" in said
    assert "02_other.ipynb: an exercise without a solution" in said
