"""The form for a learner's own orders, and the plan's page, with hostile names in every place."""

import csv
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from twostep import Orders
from twostep.data import sample_orders

DATA = Path(__file__).parents[1] / "orders" / "data"
TRUTH = json.loads((DATA / "10_injection.truth.json").read_text(encoding="utf-8"))
(FRONT,), (BACK,) = TRUTH["front"], TRUTH["back"]
LABELS = {
    "order": "Order number",
    "day": "Day of the order",
    "customer": "Customer number",
    "email": "E-mail address",
    "product": "Product",
    "quantity": "How many",
    "price": "Price of one",
    "status": "Paid, cancelled, …",
}
HOSTILE = "<img src=x onerror='globalThis.hacked = 1'>"
NOTEBOOK = "own_orders.ipynb"
CELLS = [
    "from twostep import Orders, OrdersForm",
    "form = OrdersForm()\nform",
    f"columns = {TRUTH['columns']!r}",
    "orders = Orders.read('hostile.csv', columns=columns)\norders",
    "orders.products",
    f"found = orders.front_back({FRONT!r}, {BACK!r})\nfound",
    "plan = found.to_funnel(front_cost=300, back_cost=2000, cpa=900)\nplan",
    "plan.table",
    "orders.products.to_csv('products.csv')",
]


@pytest.fixture(scope="module")
def hostile_plan():
    orders = Orders.read(DATA / "10_injection.csv", columns=TRUTH["columns"])
    found = orders.front_back(FRONT, BACK)
    return found.to_trial(trial_cost=600, delivery_cost=2000, cost_per_trial=2500)


@pytest.fixture
def opened(chromium, tmp_path, hostile_plan):
    """The plan's page in a browser that notes everything it asks for and everything it says."""
    place = hostile_plan.page(tmp_path / "plan.html")
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("dialog", lambda dialog: page.said.append(dialog.message))
    page.goto(place.as_uri())
    yield page
    assert page.said == []
    assert page.asked == [place.as_uri()]
    context.close()


def test_the_plan_runs_nothing_asks_for_nothing_and_shows_names_as_text(opened):
    assert opened.locator("script, img, link, iframe").count() == 0
    names = opened.locator("bdi").all_text_contents()
    assert names == [FRONT, BACK]
    assert opened.locator("bdi b").count() == 0
    policy = opened.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1366, "dark")])
def test_the_plan_fits_and_can_be_read_by_everybody(opened, width, scheme):
    opened.set_viewport_size({"width": width, "height": 844})
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(opened).response["violations"] == []


def test_the_plan_is_one_page_of_paper(opened):
    paper = opened.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper))
    width, height = (float(number) for number in box.split()[2:])
    assert [width, height] == pytest.approx([595, 842], abs=2)


def test_a_plan_holds_no_nan_and_no_group_of_fewer_than_five(opened, hostile_plan):
    text = opened.locator("body").inner_text()
    assert not re.search(r"\b(nan|inf|None)\b", text)
    assert hostile_plan.rate.text in text
    counted = opened.locator("table", has_text="Front buyers").locator("tr").all_text_contents()
    assert [row for row in counted if re.search(r"\D[1-4]$", row)] == []


@pytest.fixture(scope="module")
def notebook(open_notebook, lab):
    folder = lab.folder / "my_orders"
    folder.mkdir()
    content = (DATA / "10_injection.csv").read_bytes()
    (folder / "hostile.csv").write_bytes(content.replace("🎁ギフト".encode(), HOSTILE.encode()))
    return open_notebook(NOTEBOOK, CELLS)


def settled(page):
    """Wait until the kernel has said all it had to say: what comes late would undo a choice."""
    page.wait_for_function(
        """() => {
            const { session } = window.jupyterapp.shell.currentWidget.sessionContext;
            return session.kernel.status === "idle" && !session.kernel.hasPendingInput;
        }"""
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def test_the_form_is_filled_with_the_files_own_words(notebook):
    page, form = notebook.page, notebook.page.locator(".twostep-orders")
    says = form.get_by_role("status")
    form.get_by_label("Your exports").select_option("hostile.csv")
    form.get_by_role("button", name="Read").press("Enter")
    says.get_by_text("no system we know").wait_for()
    for key, label in LABELS.items():
        chooser = form.get_by_label(label, exact=True)
        assert TRUTH["columns"][key] in chooser.locator("option").all_text_contents()
        chooser.select_option(TRUTH["columns"][key])
    form.get_by_role("button", name="Read").press("Enter")
    says.get_by_text("439 orders (508 lines) of 201 customers").wait_for()
    assert Axe().run(page, context=".twostep-orders").response["violations"] == []
    front, back = (form.get_by_label(f"{which} products") for which in ("Front", "Back"))
    for chooser in (front, back):
        chooser.locator("option").nth(15).wait_for(state="attached")
    settled(page)
    assert front.locator("option").count() == 16
    front.press("Home")  # most buyers first: the front product
    settled(page)
    back.select_option(BACK.replace(" ", "\xa0"))
    form.get_by_role("button", name="Count").press("Enter")
    says.get_by_text("39 of 115: 33.9%").wait_for()
    code = form.locator("pre").inner_text()
    assert repr(FRONT) in code
    made = {}
    exec(
        code.replace("'hostile.csv'", repr(str(DATA / "10_injection.csv"))),
        {"Orders": Orders},
        made,
    )
    assert made["fb"].rate.text.startswith("39 of 115")
    notebook.look(width=600)
    beyond = form.evaluate("(e) => e.scrollWidth - e.clientWidth")
    assert beyond <= 1
    notebook.look()


def test_nothing_in_a_name_runs_and_only_counts_are_stored(notebook, lab):
    page = notebook.page
    assert notebook.problems == []
    assert page.evaluate("globalThis.hacked") is None
    assert page.locator(".jp-OutputArea script").count() == 0
    text = page.locator(".jp-Notebook").inner_text()
    assert "439 orders (508 lines) of 201 customers" in text
    assert "39 of 115: 33.9%" in text
    # Neither the money of the shop nor a customer of it stands on the page.
    outputs = " ".join(page.locator(".jp-OutputArea-output").all_inner_texts())
    assert not re.search(r"980\.0|1,?344,?680|¥|buyer0|C00\d\d\d", outputs)
    assert "•" in outputs
    # The written table, opened in JupyterLab itself.
    notebook.command("docmanager:open", {"path": "products.csv"})
    page.locator(".jp-CSVViewer .lm-DataGrid canvas").first.wait_for()
    assert page.evaluate("globalThis.hacked") is None
    assert notebook.problems == []
    notebook.command("application:close")
    with (lab.folder / "products.csv").open(encoding="utf-8", newline="") as saved:
        names = [row[1] for row in csv.reader(saved)][1:]
    assert len(names) == 16
    assert not [name for name in names if name.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_sample_needs_no_columns(notebook):
    form = notebook.page.locator(".twostep-orders")
    form.get_by_label("Your exports").select_option(
        "The course's sample (simulated)".replace(" ", "\xa0")
    )
    form.get_by_role("button", name="Read").press("Enter")
    form.get_by_role("status").get_by_text("These orders are simulated").wait_for()
    assert not form.get_by_label("Order number").is_visible()
    assert len(sample_orders()) == 2
