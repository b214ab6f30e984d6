"""A calculator and its kernel: a page without one says so, and shows what was saved with it."""

import json

import nbformat
from playwright.sync_api import expect

from twostep import Funnel, OfferLadder
from twostep.models.base import answer_texts

LOST = "lost_kernel.ipynb"
SAVED = "saved_page.ipynb"
CELLS = [
    "import time\nfrom pathlib import Path\nfrom twostep import *\nCalculator(Funnel())",
    "while not Path('go_on').exists(): time.sleep(0.05)",
]
SESSION = "window.jupyterapp.shell.currentWidget.sessionContext.session"
# A second line to the same kernel, which answers it when all that came before is done.
HANDLED = f"""async () => {{
    const other = {SESSION}.kernel.clone({{ handleComms: false }});
    await other.info;
    other.dispose();
}}"""
WORDS = "Not connected: run the cell again. These answers are old."
STANDS = "e => getComputedStyle(e).opacity"


def run_cell(opened, index):
    """Start a cell, without waiting for its end."""
    opened.page.evaluate(
        """(index) => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
            window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )


def assert_answers(calculator, steps):
    """It follows the slider, and nothing says that it would not."""
    assert not calculator.page.get_by_text("Not connected").count()
    assert calculator.root.locator(".twostep-verdict").evaluate(STANDS) == "1"
    calculator.slider("Visits").press("ArrowRight")
    calculator.until(Funnel(visits=10_000 + 500 * steps))


def test_a_page_that_lost_its_kernel_says_so_and_a_busy_one_does_not(open_notebook, lab):
    (lab.folder / "go_on").touch()
    opened = open_notebook(LOST, CELLS)
    page, calculator = opened.page, opened.calculator()
    calculator.until(Funnel())
    assert_answers(calculator, 1)

    # A long cell, and in the midst of it a new connection: the slider waits, without an alarm.
    (lab.folder / "go_on").unlink()
    run_cell(opened, 1)
    page.wait_for_function(f"{SESSION}.kernel.status === 'busy'")
    calculator.slider("Visits").press("ArrowRight")
    page.evaluate(f"{SESSION}.kernel.reconnect().then(() => null)")
    assert not page.get_by_text("Not connected").count()
    (lab.folder / "go_on").touch()
    calculator.until(Funnel(visits=11_000))
    assert_answers(calculator, 3)

    # What the kernel says is lost on a line that breaks: the page asks anew, and then goes on.
    page.evaluate(f"() => {{ {SESSION}.kernel._ws.onmessage = () => {{}}; }}")
    calculator.slider("Visits").press("ArrowRight")
    page.evaluate(HANDLED)
    page.evaluate(f"{SESSION}.kernel.reconnect().then(() => null)")
    calculator.until(Funnel(visits=12_000))
    assert_answers(calculator, 5)

    page.evaluate(f"{SESSION}.kernel.restart().then(() => null)")
    expect(calculator.root.get_by_role("alert").filter(has_text="Not connected")).to_have_text(
        WORDS
    )
    # The new kernel is ready, and knows nothing of this calculator.
    page.evaluate(f"{SESSION}.kernel.requestKernelInfo().then(() => null)")
    expect(page.get_by_text(WORDS)).to_be_visible()
    for part in (".twostep-verdict", "table", "figure"):
        assert float(calculator.root.locator(part).first.evaluate(STANDS)) < 0.5
    assert calculator.slider("Visits").is_disabled()
    assert calculator.entry("Visits").is_disabled()

    run_cell(opened, 0)
    expect(page.get_by_text(WORDS)).to_have_count(0)
    calculator.until(Funnel())
    assert_answers(calculator, 1)
    assert opened.problems == []


def test_a_saved_page_shows_its_answers_without_a_kernel(open_notebook, lab):
    cells = [
        "from twostep import *\ntwice = Calculator(Funnel())\ntwice",
        "twice",
        "from twostep import *\nCalculator(OfferLadder())",
    ]
    opened = open_notebook(SAVED, cells)
    opened.calculator(2).until(OfferLadder())
    opened.calculator(0).slider("Visits").press("ArrowRight")
    model = Funnel(visits=10_500)
    for number in (0, 1):
        opened.calculator(number).until(model)
    opened.command("docmanager:save")
    notebook = json.loads((lab.folder / SAVED).read_text(encoding="utf-8"))
    (saved,) = notebook["metadata"]["widgets"].values()
    assert len(saved["state"]) == 2
    assert len(json.dumps(saved)) < 6_000

    reopened = open_notebook(SAVED, again=True)
    outputs = reopened.page.locator(".jp-OutputArea-output")
    expect(outputs.get_by_text("Saved with the page. Run the cell to use")).to_have_count(3)
    assert reopened.page.get_by_text("model not found").count() == 0
    for number, scenario in enumerate((model, model, OfferLadder())):
        text = outputs.nth(number).text_content()
        assert scenario.verdict in text
        for _name, label, value in answer_texts(scenario):
            assert f"{label}{value}" in text
        assert "Visits10,500" in text or scenario is not model

    # One cell run again lives; the others keep what was saved, and so does the file.
    run_cell(reopened, 2)
    reopened.calculator().until(OfferLadder())
    reopened.command("docmanager:save")
    notebook = nbformat.read(lab.folder / SAVED, 4)
    (saved,) = notebook.metadata["widgets"].values()
    views = {
        output.data["application/vnd.jupyter.widget-view+json"]["model_id"]
        for cell in notebook.cells
        for output in cell.outputs
    }
    assert set(saved["state"]) == views
    assert len(views) == 2
    assert reopened.problems == []


def test_a_cell_run_again_leaves_what_another_cell_shows(open_notebook):
    cells = ["from twostep import *\nheld = Calculator(Funnel())\nheld", "held"]
    opened = open_notebook("run_again.ipynb", cells)
    opened.calculator(0).slider("Visits").press("ArrowRight")
    for number in (0, 1):
        opened.calculator(number).until(Funnel(visits=10_500))
    run_cell(opened, 0)
    opened.calculator(0).until(Funnel())
    opened.calculator(1).slider("Visits").press("ArrowRight")
    opened.calculator(1).until(Funnel(visits=11_000))
    # Shown by the second cell only, the first calculator is freed with its next run.
    models = f"{SESSION}.kernel.requestCommInfo({{ target_name: 'jupyter.widget' }})"
    count = f"{models}.then((reply) => Object.keys(reply.content.comms).length)"
    assert opened.page.evaluate(count) == 6
    run_cell(opened, 1)
    opened.calculator(1).until(Funnel())
    assert opened.page.evaluate(count) == 4
    assert opened.problems == []
