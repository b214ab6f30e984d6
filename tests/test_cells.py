"""A cell that is run again frees what it has shown before, and nothing that is shown elsewhere."""

import gc
import weakref
from itertools import cycle

import ipywidgets as widgets
import pytest
from ipywidgets.widgets.widget import _instances
from jupyter_client.manager import start_new_kernel

from twostep import Calculator, Funnel, OfferLadder, _cells
from twostep._cells import Run


class Notebook:
    """Cells that run here: a name for the cell, and a function for what stands in it."""

    def __init__(self, monkeypatch):
        self.run_now, self.count = None, 0
        monkeypatch.setattr(_cells, "current_run", lambda: self.run_now)

    def run(self, cell, code):
        self.count += 1
        self.run_now = Run(cell, f"message {self.count}")
        result = code()
        if isinstance(result, Calculator):
            show(result)
        self.run_now = None
        return result


def show(calculator):
    """Show it, as IPython does; the page asks for the model of this name."""
    view = calculator._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    assert _instances[view["model_id"]] is calculator


def is_open(calculator):
    # Asked for without its name, which would open it again.
    return any(widget is calculator for widget in _instances.values())


@pytest.fixture
def notebook(monkeypatch):
    return Notebook(monkeypatch)


def test_a_cell_run_again_frees_what_it_showed(notebook):
    first = notebook.run("one", lambda: Calculator(Funnel()))
    other = notebook.run("two", lambda: Calculator(Funnel()))
    count = len(_instances)
    for _again in range(5):
        last = notebook.run("one", lambda: Calculator(Funnel()))
        assert len(_instances) == count
    assert [is_open(each) for each in (first, other, last)] == [False, True, True]


def test_two_of_one_run_both_stay(notebook):
    made = []

    def code():
        made.extend(Calculator(kind()) for kind in (Funnel, OfferLadder))
        for each in made[-2:]:
            show(each)

    notebook.run("one", code)
    assert all(map(is_open, made))
    notebook.run("one", code)
    assert [is_open(each) for each in made] == [False, False, True, True]


def test_what_is_shown_in_another_cell_stays(notebook):
    held = notebook.run("one", lambda: Calculator(Funnel()))
    notebook.run("two", lambda: held)
    notebook.run("one", lambda: Calculator(Funnel()))
    assert is_open(held)
    notebook.run("two", lambda: held)
    assert is_open(held)
    notebook.run("two", lambda: Calculator(Funnel()))
    assert not is_open(held)


def test_what_stands_in_another_widget_or_was_shown_from_outside_stays(notebook):
    inside = notebook.run("one", lambda: Calculator(Funnel()))
    box = widgets.VBox([inside])
    notebook.run("one", lambda: Calculator(Funnel()))
    assert is_open(inside)
    box.close()

    captured = notebook.run("two", lambda: Calculator(Funnel()))
    output = widgets.Output(msg_id="captures now")
    notebook.run("three", lambda: captured)
    output.close()
    for cell in ("two", "three"):
        notebook.run(cell, lambda: Calculator(Funnel()))
    assert is_open(captured)

    outside = notebook.run("four", lambda: Calculator(Funnel()))
    show(outside)
    notebook.run("four", lambda: Calculator(Funnel()))
    assert is_open(outside)


def test_what_was_made_but_not_shown_is_freed_and_opens_when_it_is_shown(notebook):
    made = []
    for _again in range(3):
        notebook.run("one", lambda: made.append(Calculator(Funnel())))
    assert [is_open(each) for each in made] == [False, False, True]
    made[0].controls["visits"].value = 7_000
    notebook.run("two", lambda: made[0])
    assert is_open(made[0])
    assert made[0].get_state()["value_visits"] == 7_000


def test_close_frees_everything_and_showing_opens_again():
    assert Calculator(Funnel()).library  # the one library of all calculators stays
    before = set(_instances)
    calculator = Calculator(Funnel())
    name = calculator.model_id
    for _again in range(2):
        assert len(set(_instances) - before) == 2  # it and its layout
        calculator.close()
        assert set(_instances) == before
        calculator.close()  # once more does nothing
        show(calculator)
        assert calculator.model_id == name
    calculator.close()
    # In a widget made later, too.
    box = widgets.VBox([calculator])
    assert is_open(calculator)
    assert box.get_state()["children"] == [f"IPY_MODEL_{name}"]
    box.close()
    calculator.close()
    gone = weakref.ref(calculator)
    del calculator, box
    gc.collect()
    assert gone() is None


def test_the_library_is_made_anew_after_all_widgets_were_closed():
    calculator = Calculator(Funnel())
    widgets.Widget.close_all()
    show(calculator)
    assert is_open(calculator.library)


COUNT = "from ipywidgets.widgets.widget import _instances; print(len(_instances))"


@pytest.mark.parametrize("names_cells", [True, False])
def test_a_lesson_run_again_and_again_keeps_its_number_of_widgets(names_cells):
    cells = [
        "from twostep import Calculator, Funnel, Trial",
        "Calculator(Funnel())",
        "1 + 1",
        "held = Calculator(Trial())\nheld",
        "held",
        "Calculator(Funnel())",
        COUNT,
    ]
    manager, client = start_new_kernel()
    counts = []

    def note(message):
        assert message["msg_type"] != "error", message["content"]["traceback"]
        if message["msg_type"] == "stream":
            counts.append(int(message["content"]["text"]))

    try:
        if names_cells:
            make, numbers = client.session.msg, cycle(range(len(cells)))

            def named(kind, content=None, **also):
                message = make(kind, content, **also)
                if kind == "execute_request":
                    message["metadata"]["cellId"] = f"cell {next(numbers)}"
                return message

            client.session.msg = named
        for _again in range(4):
            for cell in cells:
                client.execute_interactive(cell, output_hook=note, timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    # Three calculators with a layout each, the library with its own.
    assert counts == [8, 8, 8, 8]
