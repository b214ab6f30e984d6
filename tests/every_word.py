"""Everything that the package says to a learner, in the language that was chosen before.

`say_everything(FILE)` writes JSON: by place, what was said there. The words of a page are not the
package's: whatever asks a page for words is given digits here.
"""

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ipywidgets
import numpy as np
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import twostep
from tools import notebooks
from twostep import charts, units, use_language
from twostep._text import sentences
from twostep.app import every_calculator
from twostep.board.page import html as board_page
from twostep.board.page import table as board_table
from twostep.board.read import LARGEST, STATES, Attempt, Submissions, submissions
from twostep.models import every_model, menu
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.orders.page import html
from twostep.orders_form import OrdersForm
from twostep.practice import EXERCISES, Choice, Computed, worksheet

# pandas cuts long words in a table, and in brackets they are longer.
pd.options.display.max_colwidth = None

ROOT = Path(__file__).parents[1]
HUGE = 1e300
# What a widget holds beside words.
IDENTITY = r"IPY_MODEL_\w+|[0-9a-f]{32}"
TECHNICAL = {"layout", "style", "code", "sign", "series", "source", "name", "orientation"}
NAN = float("nan")
WRONG: tuple[Any, ...] = (None, -1e12, NAN, 10**400, np.array(["1"]))


def impossible(*_values: float) -> float:
    raise ValueError("7")


JUNK: tuple[Any, ...] = (
    ..., None, True, NAN, HUGE, -1.0, 0.123, float("inf"), 10**400, [], {}, print, 1j, object(),
    "1", "x", "1,2", "5 kg", pd.Series([1.0]), pd.DataFrame({"a": [1]}), [[0, 1]] * 5,
    [[0, "x"]] * 5, [0] * 5, [...] * 5, lambda *_: None, lambda *_: 1, impossible, lambda *_: "x",
    twostep.Funnel(), "a", "b", "c", "z",
)  # fmt: skip


def refusal(call: Callable[[], Any]) -> Iterator[str]:
    """What is said in place of an answer, if there is none."""
    try:
        call()
    except (ValueError, AttributeError, RuntimeError, OSError) as problem:
        yield str(problem)


def plain(html: str) -> str:
    """The text of a piece of HTML, its code left out."""
    return re.sub(r"<[^>]*>", "\n", re.sub(r"<(code|style)[ >].*?</\1>", "", html, flags=re.DOTALL))


def shown(thing: Any) -> Iterator[str]:
    """What a thing shows on a page and in print."""
    yield repr(thing)
    if html := getattr(thing, "_repr_html_", None):
        yield plain(html())


def in_spec(spec: Any, key: str = "") -> Iterator[str]:
    """Titles, descriptions, legends and texts of a chart, its data included."""
    if isinstance(spec, Mapping):
        for name, value in spec.items():
            yield from in_spec(value, key if name == "datasets" or key == "datasets" else name)
            if name == "datasets":
                for row in (row for rows in value.values() for row in rows):
                    yield from (word for word in row.values() if isinstance(word, str))
    elif isinstance(spec, list | tuple):
        if key == "title":  # in lines
            yield " ".join(spec)
        else:
            for value in spec:
                yield from in_spec(value, key)
    elif isinstance(spec, str) and key in ("title", "description", "domain"):
        yield spec


def in_widgets(widget: ipywidgets.Widget) -> Iterator[str]:
    """The texts of a widget and of all that stand in it."""
    for name, value in widget.get_state().items():
        if isinstance(widget, ipywidgets.HTML) and name == "value":
            yield plain(value)
        elif not name.startswith("_") or name == "_options_labels":
            yield from texts(value, name)
    for child in getattr(widget, "children", ()):
        yield from in_widgets(child)


def texts(value: Any, name: str = "") -> Iterator[str]:
    """All texts in lists, mappings and JSON, but those under a technical name."""
    if name in TECHNICAL or (isinstance(value, str) and re.fullmatch(IDENTITY, value)):
        return
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, str):
        yield value
    elif name == "frames":
        yield from in_spec(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from texts(each, key)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)


def corners(model: type[Model]) -> Iterator[Model]:
    """Scenarios with one or two fields at the ends of their sliders, at 0, tiny, huge, or `inf`."""
    places = {}
    for field in assumption_fields(model):
        low, high, _step = field.note.slider
        wanted = {low, high, (low + high) / 4, 0.0, 1.0, 1e-9, field.default, HUGE, float("inf")}
        if field.name in ("buyers_a", "buyers_b", "pilots"):  # an answer is a sum over these
            wanted -= {HUGE}
        places[field.name] = wanted
    default = model()
    yield default
    for one, other in combinations(places, 2):
        for first in places[one]:
            for second in places[other]:
                try:
                    yield replace(default, **{one: first, other: second})
                except ValueError:
                    continue


def of_models() -> Iterator[tuple[str, Iterable[str]]]:
    for model in every_model():
        name, default = model.__name__, model()
        yield name, [model.menu, *model.presets()]
        for field in assumption_fields(model):
            note = field.note
            yield name, [note.label, note.about, note.group, note.basis, field.range.allowed]
            yield name, [field.text(field.default), field.unit.prefix + field.unit.suffix]
            for wrong in (*WRONG, float("inf"), HUGE, 0.5):
                yield name, refusal(lambda: model(**{field.name: wrong}))  # noqa: B023
            many = replace(default, **{field.name: np.array([field.default] * 2, float)})
            yield name, refusal(lambda: many.verdict)  # noqa: B023
        for answer in answer_fields(model):
            yield name, [answer.note.label, answer.note.undefined, answer.unit.suffix]
        for table in (twostep.assumptions(default), twostep.answers(default)):
            words = table.drop(columns=table.columns[-1])
            yield name, [*map(str, table.columns), *map(str, table.index)]
            yield name, [str(cell) for row in words.to_numpy() for cell in row]
        changed = twostep.assumptions(next(iter(list(corners(model))[1:2])))
        yield name, [str(cell) for row in changed.iloc[:, :-1].to_numpy() for cell in row]
        last, pictures = default, charts.PICTURES[model]
        for picture in pictures:
            yield name, in_spec(picture(default).to_dict())
        for count, scenario in enumerate(corners(model)):
            try:
                yield name, [scenario.verdict]
            except ValueError:  # two numbers that together are too large
                continue
            if count % 3 == 0:
                for picture in pictures:
                    yield name, in_facts(picture.facts(scenario, last if count % 9 == 0 else None))
                last = scenario


def in_facts(facts: Any) -> Iterator[str]:
    yield facts.title
    yield facts.description
    yield from texts(facts.data)
    yield from (str(row["series"]) for row in facts.data.get("line", ()) if "series" in row)


def of_functions() -> Iterator[tuple[str, Iterable[str]]]:
    sbg, decision = twostep.ShiftedBetaGeometric, twostep.Decision
    calls: list[Callable[[], Any]] = [
        lambda: twostep.Funnel(visits=np.ones(2), lead_rate=np.ones(3)),
        lambda: twostep.sweep(twostep.Funnel(), "profits"),
        lambda: twostep.sweep(twostep.Funnel(), profits=[1]),
        lambda: twostep.sweep(twostep.Funnel(), visits=["1"]),
        lambda: twostep.upgrade_rate(10, 20),
        lambda: twostep.second_purchase_rate(10, 20),
        lambda: twostep.contribution_margin(-1, 1),
        lambda: twostep.line_fee(-1),
        lambda: twostep.readiness(5, 3, 0.5),
        lambda: twostep.wilson_interval(5, 3),
        lambda: twostep.sample_size(0.1, 0.1),
        lambda: twostep.regime_map([0.1], "1"),
        lambda: twostep.WhichFirst.from_belief(mean=0, strength=1),
        lambda: twostep.Trial().cash_flow(1.5),
        lambda: twostep.Trial().cash_flow(np.array([1.0, 2.0])),
        sbg.fit,
        lambda: sbg.fit([10, 5]),
        lambda: sbg.fit([10]),
        lambda: sbg.fit("10"),
        lambda: sbg.fit([0, 0, 0]),
        lambda: sbg.fit([1, 2, 3]),
        lambda: decision([[1, 2]], [0.5, 0.4]),
        lambda: decision([[1, 2]], [1.0]),
        lambda: decision([[1], [1, 2]], [1.0]),
        lambda: decision([["x"]], [1.0]),
        lambda: decision([[1, 2]], "x"),
        lambda: decision([[1, 2]], [0.5, 0.5]).sample_information([[1.0]]),
        lambda: charts.regime_chart(pd.DataFrame([["1"]])),
        lambda: twostep.Calculator(1),
        lambda: setattr(twostep.Calculator(twostep.Funnel()), "model", twostep.Trial()),
        lambda: units.YEN.text(float("nan")),
        lambda: use_language("en"),
    ]
    for number, call in enumerate(calls):
        yield f"refusal {number}", refusal(call)
    for cohort in ([1000, 631, 468], [1000, 800, 640, 512], [1000, 800, 800]):
        yield "fit", [sbg.fit(cohort).note]
    table = twostep.regime_map([0.01, 0.05, 0.1], [5, 100])
    for point in (None, twostep.WhichFirst()):
        yield "regime_chart", in_spec(charts.regime_chart(table, point).to_dict())
    counted = [each for module in sys.modules.values() for each in vars(module).values()
               if getattr(module, "__name__", "").startswith("twostep.")
               and isinstance(each, units.Unit)]  # fmt: skip
    for unit in counted:
        yield "units", [unit.text(value) for value in (0, 1 / unit.scale, 2 / unit.scale, 1e-9)]
        for typed in ("x", "1,2", "5 kg", "", "9" * 400):
            yield "units", refusal(lambda: unit.read(typed))  # noqa: B023
    yield "sentences", [sentences("1", "2")]


def of_pages() -> Iterator[tuple[str, Iterable[str]]]:
    """What a page shows with numbers and words of its own: its words are digits here."""
    calls: list[Callable[[], Any]] = [
        *(lambda v=v, u=u: twostep.number("1", v, u) for u in units.UNITS for v in (1, 2, NAN)),
        lambda: twostep.number("1", (1, 2), "yen"),
        lambda: twostep.number("1", "x", "yen"),
        lambda: twostep.number("1", 10**400, "yen"),
        lambda: twostep.number("1", 1, "2"),
        lambda: twostep.number(1, 1, "yen"),
        lambda: twostep.outcomes(("1", 0.5, 2), ("3", 0.5, 4)),
        lambda: twostep.outcomes(("1", 0.5, 2)),
        lambda: twostep.outcomes(("1", 0.5)),
        lambda: twostep.outcomes(("1", 2, 2)),
        lambda: twostep.outcomes(("1", 1, NAN)),
        lambda: twostep.outcomes(("1", np.ones(2), 1)),
        lambda: charts.lines("1", ("2", [1, 2]), "3", [1, 2], {"4": (1, 2)}),
        lambda: charts.lines("1", ("2", [1, 2]), "3", {"4": [1, 2], "5": [1, 2]}),
        lambda: charts.lines("1", "2", "3", [1]),
        lambda: charts.lines("1", ("2", [1]), "3", [1]),
        lambda: charts.lines("1", ("2", [1, 2]), "3", [1]),
        lambda: charts.lines("1", ("2", [1, 2]), "3", []),
        lambda: charts.lines("1", ("2", [1, 2]), "3", [1, NAN]),
        lambda: charts.lines("1", ("2", [1, 2]), "3", [1, 2], {str(n): (n, n) for n in range(9)}),
        lambda: charts.lines("1", ("2", [1, 2]), "3", [1, 2], {"4": (1, 2, 3)}),
        lambda: charts.people("1", 1, {"2": 1}),
        lambda: charts.people("1", 10, {"2": 1}),
        lambda: charts.people("1", 10, {"2": 11}),
        lambda: charts.people("1", 10, {"2": 1.5}),
        lambda: charts.people("1", 10, {}),
        lambda: charts.people("1", 10, {"2": 1}, "2"),
    ]
    for number, call in enumerate(calls):
        try:
            made = call()
        except ValueError as problem:
            yield f"page {number}", [str(problem)]
        else:
            chart = hasattr(made, "to_dict")
            yield f"page {number}", in_spec(made.to_dict()) if chart else shown(made)


def of_calculators() -> Iterator[tuple[str, Iterable[str]]]:
    for model in every_model():
        name, calculator = f"Calculator({model.__name__})", twostep.Calculator(model())
        yield name, in_widgets(calculator)
        bundle = calculator._repr_mimebundle_()
        yield name, [bundle["text/plain"], plain(bundle["text/html"])]
        for entry in (None, -1e12, 1e12, 0.5, 1.0):
            for control in calculator.controls.values():
                calculator.reset()
                control.value = entry
                yield name, [control.about, control.error]
        calculator.reset()
        calculator.kept = calculator.model
        first = next(iter(calculator.controls.values()))
        first.value = first.max
        yield name, in_widgets(calculator)
    yield "as given", in_widgets(twostep.Calculator(twostep.Funnel(visits=7)))


def of_practice() -> Iterator[tuple[str, Iterable[str]]]:
    for key, exercise in EXERCISES.items():
        own = exercise.own() if exercise.own else None
        numbers = exercise.given
        yield key, [*shown(twostep.hint(key)), *shown(numbers)]
        if isinstance(exercise, Choice):
            yield key, [text for each in [exercise.quiz] for text in shown(each)]
        answers: list[Any] = list(JUNK)
        if isinstance(exercise, Computed):
            formulae = [exercise.answer, *(mistake.formula for mistake in exercise.mistakes)]
            answers += [tabulated(exercise, formula, numbers) for formula in formulae]
            yield key, [exercise.means.format(**numbers.texts)]
            yield key, [mistake.reason.format(**numbers.texts) for mistake in exercise.mistakes]
            right = answers[len(JUNK)]
            if isinstance(right, float | int):
                answers += [right * factor for factor in (100, 0.01, -1, 1.004, 2, 0.5)]
                answers += [round(right), float(f"{right:.1g}"), float(f"{right:.2g}")]
        for answer in answers:
            yield key, shown(twostep.grade(key, answer, own))
        if own:
            yield key, shown(twostep.grade(key, 1.0, ...))
            yield key, shown(twostep.grade(key, 1.0, 5))
            many = replace(own, **{assumption_fields(type(own))[0].name: np.ones(2)})
            yield key, shown(twostep.grade(key, 1.0, many))
            yield key, refusal(lambda: twostep.given(key))  # noqa: B023
        yield key, refusal(lambda: twostep.quiz(key))  # noqa: B023
    yield "unknown", refusal(lambda: twostep.given("two-offer-cpa"))
    yield "unknown", refusal(lambda: twostep.given("7"))
    yield "unknown", refusal(lambda: twostep.given("two-offers-cpa").lead)
    yield "worksheet", shown(worksheet())


def of_orders() -> Iterator[tuple[str, Iterable[str]]]:
    """What is said about order exports; what stands in the files is theirs."""
    files = [path for path in sorted((ROOT / "tests" / "orders" / "data").iterdir())
             if path.suffix in (".csv", ".xlsx")]  # fmt: skip
    for path in files:
        for dates in (None, "day first"):
            try:
                orders = twostep.Orders.read(path, dates=dates)
            except ValueError as problem:
                yield path.name, [str(problem)]
                continue
            yield path.name, [repr(orders), *orders.warnings]
            for table in (orders.read_as, orders.left_out, orders.products):
                yield path.name, map(str, table.columns)
            yield path.name, [*orders.read_as.iloc[:, 0], *orders.read_as.iloc[:, 3]]
            yield path.name, orders.left_out.iloc[:, 0]
            first, *others = orders.products.iloc[:, 0]
            yield path.name, [orders.second_purchase().text, orders.second_purchase(3_650).text]
            for window in (1, 90, 3_650):
                if others:
                    found = orders.front_back(first, others, window)
                    yield path.name, [*shown(found), found.rate.text, found.verdict]
                    yield path.name, of_a_plan(found)
            yield path.name, shown(orders.cohorts(first))
            yield path.name, refusal(lambda: orders.front_back(first, first))  # noqa: B023
            yield path.name, refusal(lambda: orders.front_back("1", first))  # noqa: B023
            yield path.name, refusal(lambda: orders.cohorts(first, "1"))  # noqa: B023
    good = files[0]
    calls: list[Callable[[], Any]] = [
        twostep.Orders.read,
        lambda: twostep.Orders.read(good, dates="1"),
        lambda: twostep.Orders.read(good, columns={"1": "2"}),
        lambda: twostep.Orders.read(good, columns={"day": ""}),
        lambda: twostep.Orders.read(good, columns={"day": "2"}),
        lambda: twostep.Orders.read(good, columns={"price": "1", "amount": "2"}),
        lambda: twostep.Orders.read(good, timezone="1"),
        lambda: twostep.Orders.read(good, as_of="9999-01-01"),
        lambda: twostep.Orders.read(good, as_of="1"),
        lambda: twostep.Orders.read(good, encoding="1"),
        lambda: twostep.Orders.read(good, currency="XXX").revenue,
        lambda: twostep.Orders.read(b""),
        lambda: twostep.Orders.read(b"1,2\n3,4\n"),
        lambda: twostep.Orders.read(b"PK\x03\x04"),
        lambda: twostep.Orders.read("1.csv"),
    ]
    for number, call in enumerate(calls):
        yield f"refusal {number}", refusal(call)


def of_orders_form() -> Iterator[tuple[str, Iterable[str]]]:
    """The form for order exports, from its first sight to a count of the sample."""
    form = OrdersForm()
    form.read()
    form.count()
    yield "at first", in_widgets(form)
    form.files.value = form.files.options[-1:]
    form.read()
    form.count()
    yield "read", in_widgets(form)
    form.front.value = [form.front.options[0][1]]
    form.back.value = [form.back.options[1][1]]
    form.count()
    yield "counted", in_widgets(form)
    form._ask_for_columns()
    yield "columns", in_widgets(form)


def of_a_plan(found: Any) -> Iterator[str]:
    """What a plan made of these orders says, in print and on its page."""
    yield from refusal(found.to_funnel)
    yield from refusal(lambda: found.to_funnel(front_cost=1, back_cost=1, x=1))
    for make in (
        lambda: found.to_funnel(front_cost=300, back_cost=3_000, fee_rate=0.036, cpa=2_000),
        lambda: found.to_funnel(front_cost=300, back_cost=3_000),
    ):
        try:
            plan = make()
        except ValueError as problem:
            yield str(problem)
            continue
        yield from shown(plan)
        yield from (plan.verdict, plain(html(plan).partition("<body>")[2]))


def tabulated(exercise: Computed, formula: Any, numbers: Any) -> Any:
    """An answer as it is typed: a number, a list of rows, or a function."""
    if hasattr(exercise, "cases"):
        return lambda *values: formula(
            numbers.with_values(**dict(zip(numbers, values, strict=True)))
        )
    if hasattr(exercise, "rows"):
        return [[row, value] for row, value in zip(exercise.rows, formula(numbers), strict=True)]
    return formula(numbers)


def of_notebooks() -> Iterator[tuple[str, Iterable[str]]]:
    """What every page shows when it runs; a cell's own words are among them."""
    for path in notebooks.notebooks(ROOT):
        if path.parent.name == "exercises" or not path.exists():
            continue
        InteractiveShell.clear_instance()
        shell = InteractiveShell.instance()
        formatted: Any = shell.display_formatter.format  # type: ignore[union-attr]
        for cell in notebooks.read(path).cells:
            if cell.cell_type != "code":
                continue
            with capture_output() as captured:
                done = shell.run_cell(cell.source)
            if not done.success:
                raise RuntimeError(f"{path.name}, {cell.id}") from (
                    done.error_in_exec or done.error_before_exec
                )
            shown_there = [output.data for output in captured.outputs]
            shown_there.append(formatted(done.result)[0])
            place = f"{path.parent.name}/{path.name} {cell.id}"
            for kind, data in (pair for each in shown_there for pair in each.items()):
                if "vegalite" in kind:
                    yield place, in_spec(data)
                if kind == "text/html":
                    yield place, [plain(data)]


def of_the_app() -> Iterator[tuple[str, Iterable[str]]]:
    yield "all", in_widgets(every_calculator())


def of_the_board() -> Iterator[tuple[str, Iterable[str]]]:
    """A board of every mistake there is, with and without names; what is typed in is digits."""
    names = {
        key: [each.name for each in getattr(exercise, "mistakes", getattr(exercise, "options", ()))]
        for key, exercise in EXERCISES.items()
    }
    many = range(max(map(len, names.values())))
    found = Submissions(
        {f"1{n}": {key: Attempt(STATES[1], each[n % len(each)]) for key, each in names.items()}
         for n in many}
        | {"1": {key: Attempt(STATES[1], "rounded") for key, each in names.items()
                 if isinstance(EXERCISES[key], Computed)}}
        | {f"2{n}": dict.fromkeys(names, Attempt(state)) for n, state in enumerate(STATES)},
        notebooks=1, without_notebooks=["3"], several=["4"], versions=Counter({"5": 2}), unknown=1,
    )  # fmt: skip
    first = next(iter(names))
    page = json.dumps({"nbformat": 4, "cells": [
        {"cell_type": "code", "source": f"check({first!r}, 1)"}]})  # fmt: skip
    with TemporaryDirectory() as place:
        folder = Path(place, "6")
        folder.mkdir()
        for name, text in (("7", "{"), ("8", "{}"), ("9", page.replace(first, "9")), ("10", page)):
            (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        (folder / "11.ipynb").symlink_to("10.ipynb")
        with (folder / "12.ipynb").open("wb") as huge:
            huge.truncate(LARGEST + 1)
        found.passed_over = [("7", reason) for _name, reason in submissions(folder).passed_over]
    for with_names in (False, True):
        page = board_page(found, names=with_names)
        labels = re.findall(r"""aria-label=(?:'([^']*)|"([^"]*))""", page)
        yield "page", [plain(page), *(one or other for one, other in labels)]
        yield "table", [row[3] for row in csv.reader(io.StringIO(board_table(found)))][1:]
    yield "nobody", [plain(board_page(Submissions({"1": {first: Attempt(STATES[0])}})))]


PARTS = (
    of_models, of_functions, of_pages, of_calculators, of_practice, of_orders,
    of_orders_form, of_notebooks, of_the_app, of_the_board,
)  # fmt: skip


def say_everything(file: str) -> None:
    """Write what is said, by place."""
    said: dict[str, set[str]] = {"menu": set(menu())}
    for part in PARTS:
        for place, found in part():
            said.setdefault(f"{part.__name__}: {place}", set()).update(found)
    words = {place: sorted(each) for place, each in said.items()}
    Path(file).write_text(json.dumps(words), encoding="utf-8")
