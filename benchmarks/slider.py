"""From the slider to the pixels, in a real browser: `python -m benchmarks.slider`.

Every way is a notebook of its own, open side by side in one JupyterLab. A slider is changed by
keyboard; the page's own clock runs from the key event to the second animation frame after the last
change of the drawing, once the answer of that very value is on the page. Ways take turns.
A drag is a key held down: 60 repeats in one second, timed from the last of them.

"Stock server": the same in a JupyterLab without the course's part of its server (`twostep.server`).
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright
from tools.lab import lab, launch, only_this_machine, run_all

from twostep import Funnel, ShiftedBetaGeometric, SplitTest, WhichFirst
from twostep.charts import PICTURES, profit_by_back_rate
from twostep.models.base import Model, answer_texts, assumption_fields

# Of each round; the rounds together make 60 changes and nine drags of 60 changes each.
ROUNDS, WARM_UP, CHANGES, DRAGS, DRAG = 3, 5, 20, 3, 60
STEP = 0.001

STEADY = {"blank": 0, "jumps": 0, "stale": 0}
AIMS = {"÷ floor": 1.10, "p95 ÷": 1.3, "÷ interact": 0.20, "drag ÷": 1.15} | STEADY
HEAVY_AIMS = {"÷ floor": 2} | STEADY

OUR_SLIDER = "input[type=range][aria-label='{}']"
THEIR_SLIDER = ".noUi-handle"


@dataclass(frozen=True)
class Way:
    """One way to put a slider on a page.

    `shown` gives the texts that must stand on the page after so many steps to the right; `figures`
    and `marks` select the charts and what is drawn in them, for the count of blank frames. `stock`
    leaves the server as Jupyter makes it.
    """

    name: str
    source: str
    slider: str
    shown: Callable[[int], list[str]]
    figures: str = ""
    marks: str = ""
    stock: bool = False

    def on_a_stock_server(self) -> "Way":
        """The same without `twostep.server`."""
        return replace(self, name=f"{self.name}, stock server", stock=True)


@dataclass
class Seen:
    """What the browser saw of one way, all rounds together; times in milliseconds."""

    changes: list[float] = field(default_factory=list)
    drags: list[float] = field(default_factory=list)
    lasted: list[float] = field(default_factory=list)
    frames: int = 0
    blank: int = 0
    moved: int = 0
    stale: int = 0


def funnel(steps: int) -> Funnel:
    return Funnel(back_rate=round(Funnel().back_rate + STEP * steps, 12))


def calculator(start: Model, changed: str) -> Way:
    """Our calculator of a model; the answers, titles and descriptions must be the model's."""
    kind = type(start)
    (note,) = (each.note for each in assumption_fields(kind) if each.name == changed)
    step, call = note.slider[2], f"Calculator({kind.__name__}())"

    def shown(steps: int) -> list[str]:
        model = replace(start, **{changed: round(getattr(start, changed) + step * steps, 12)})
        facts = [picture.facts(model) for picture in PICTURES[kind]]
        answers = [text for _name, _label, text in answer_texts(model)]
        return [model.verdict, *answers, *(f.title for f in facts), *(f.description for f in facts)]

    return Way(
        call,
        f"from twostep import Calculator, {kind.__name__}\n{call}",
        OUR_SLIDER.format(note.label),
        shown,
        ".twostep-canvas",
        "svg .mark-group .role-mark :is(path, text, line)",
    )


CONTROL = """import ipywidgets as widgets
slider = widgets.FloatSlider(value=0.08, min=0, max=0.3, step=0.001)
"""

FLOOR = Way(
    "floor: slider to label",
    CONTROL
    + """label = widgets.Label("kernel 0.080")
slider.observe(lambda change: setattr(label, "value", f"kernel {change['new']:.3f}"), "value")
widgets.VBox([slider, label])""",
    THEIR_SLIDER,
    lambda steps: [f"kernel {funnel(steps).back_rate:.3f}"],
)

OURS = calculator(Funnel(), "back_rate")

INTERACT = Way(
    "interact, Altair chart",
    CONTROL
    + """from twostep import Funnel
from twostep.charts import profit_by_back_rate
@widgets.interact(back_rate=slider)
def show(back_rate):
    return profit_by_back_rate(Funnel(back_rate=back_rate))""",
    THEIR_SLIDER,
    lambda steps: [profit_by_back_rate.facts(funnel(steps)).description],
    ".widget-output",
    "svg .role-mark path, canvas",
)

# The same rows as in our chart: two coloured lines that meet at break-even, two marks with a text.
ROWS = """from twostep import Funnel
from twostep.charts import profit_by_back_rate
def rows(back_rate):
    title, _words, data = profit_by_back_rate.facts(Funnel(back_rate=back_rate))
    of = lambda kind, name: [row[name] for row in data[kind]]
    return title, of("line", "back_rate"), of("line", "profit"), *(
        of("marks", name) for name in ("back_rate", "profit", "text"))
title, rates, profits, mark_rates, mark_profits, texts = rows(0.08)
"""


def mark_text(steps: int) -> list[str]:
    return [str(profit_by_back_rate.facts(funnel(steps)).data["marks"][0]["text"])]


BQPLOT = Way(
    "bqplot",
    CONTROL
    + ROWS
    + """import bqplot
scales = {"x": bqplot.LinearScale(), "y": bqplot.LinearScale()}
axes = [bqplot.Axis(scale=scales["x"], label="back-end rate", tick_format=".0%"),
        bqplot.Axis(scale=scales["y"], orientation="vertical", label="profit (yen)")]
loss = bqplot.Lines(x=rates[:2], y=profits[:2], scales=scales, colors=["#d95f02"],
                    line_style="dashed")
gain = bqplot.Lines(x=rates[2:], y=profits[2:], scales=scales, colors=["#3182bd"])
points = bqplot.Scatter(x=mark_rates, y=mark_profits, scales=scales, colors=["#222222"])
labels = bqplot.Label(x=mark_rates, y=mark_profits, text=texts, scales=scales)
figure = bqplot.Figure(marks=[loss, gain, points, labels], axes=axes, title=title)
def redraw(change):
    title, rates, profits, mark_rates, mark_profits, texts = rows(change["new"])
    figure.title = title
    for line, part in ((loss, slice(2)), (gain, slice(2, 4))):
        with line.hold_sync():
            line.x, line.y = rates[part], profits[part]
    with points.hold_sync():
        points.x, points.y = mark_rates, mark_profits
    with labels.hold_sync():
        labels.x, labels.y, labels.text = mark_rates, mark_profits, texts
slider.observe(redraw, "value")
widgets.VBox([slider, figure])""",
    THEIR_SLIDER,
    mark_text,
    ".bqplot",
    "path.line[d]",
)

PLOTLY = Way(
    "plotly FigureWidget",
    CONTROL
    + ROWS
    + """import plotly.graph_objects as go
figure = go.FigureWidget(
    [go.Scatter(x=rates[:2], y=profits[:2], mode="lines", name="loss",
                line={"color": "#d95f02", "dash": "dash"}),
     go.Scatter(x=rates[2:], y=profits[2:], mode="lines", name="profit",
                line={"color": "#3182bd"}),
     go.Scatter(x=mark_rates, y=mark_profits, text=texts, mode="markers+text",
                textposition="bottom right", marker={"color": "#222222"}, showlegend=False)],
    {"title": {"text": title}, "width": 600, "height": 360,
     "xaxis": {"title": {"text": "back-end rate"}, "tickformat": ".0%"},
     "yaxis": {"title": {"text": "profit (yen)"}}})
def redraw(change):
    title, rates, profits, mark_rates, mark_profits, texts = rows(change["new"])
    with figure.batch_update():
        figure.layout.title.text = title
        for trace, x, y in ((0, rates[:2], profits[:2]), (1, rates[2:], profits[2:]),
                            (2, mark_rates, mark_profits)):
            figure.data[trace].x, figure.data[trace].y = x, y
        figure.data[2].text = texts
slider.observe(redraw, "value")
widgets.VBox([slider, figure])""",
    THEIR_SLIDER,
    mark_text,
    ".js-plotly-plot",
    ".scatterlayer path.js-line[d]",
)

HEAVY = (
    calculator(WhichFirst(), "learning_cost"),
    calculator(ShiftedBetaGeometric(), "beta"),
    calculator(SplitTest(), "buyers_b"),
)

# Runs in the page. What is drawn on a canvas changes no element, so the canvas itself is asked.
WATCH = """([figures, marks]) => {
    const watched = document.querySelector(".jp-CodeCell .jp-Cell-outputWrapper");
    const below = document.querySelector(".jp-MarkdownCell");
    const drawn = new WeakSet();
    const bench = { key: 0, last: 0, settled: 0, frames: 0, blank: 0, moved: 0 };
    const touch = () => {
        const last = bench.last = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => {
            if (bench.last === last) bench.settled = performance.now();
        }));
    };
    new MutationObserver(touch).observe(watched,
        { subtree: true, childList: true, characterData: true, attributes: true });
    for (const name of ["fill", "stroke", "fillRect", "fillText", "drawImage"]) {
        const original = CanvasRenderingContext2D.prototype[name];
        CanvasRenderingContext2D.prototype[name] = function (...values) {
            drawn.add(this.canvas);
            if (watched.contains(this.canvas)) touch();
            return original.apply(this, values);
        };
    }
    addEventListener("keydown", (event) => { bench.key = event.timeStamp; }, true);

    const full = (figure) => [...figure.querySelectorAll(marks)]
        .some((mark) => mark.tagName !== "CANVAS" || drawn.has(mark));
    let top = below.getBoundingClientRect().top;
    const look = () => {
        const all = figures ? [...watched.querySelectorAll(figures)] : [];
        const now = below.getBoundingClientRect().top;
        bench.frames += 1;
        bench.blank += figures !== "" && (all.length === 0 || !all.every(full));
        bench.moved += Math.abs(now - top) >= 1;
        top = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);

    const texts = () => watched.textContent + [...watched.querySelectorAll("[aria-label]")]
        .map((each) => each.getAttribute("aria-label")).join(" ");
    bench.reset = () => Object.assign(bench, { frames: 0, blank: 0, moved: 0 });
    // At first nothing is read: asking for the texts all the time would slow down what is measured.
    bench.answered = ([wanted, quiet, patience]) => new Promise((resolve) => {
        const began = performance.now();
        const ask = () => {
            const now = performance.now();
            const calm = bench.last > bench.key && bench.settled > bench.last
                && now - bench.last > quiet;
            if (calm && wanted.every((text) => texts().includes(text))) {
                resolve(bench.settled - bench.key);
            } else if (now - began > patience) {
                const missing = wanted.filter((text) => !texts().includes(text));
                console.log("not shown", JSON.stringify(missing));
                resolve(null);
            } else {
                setTimeout(ask, 25);
            }
        };
        ask();
    });
    globalThis.bench = bench;
}"""

QUIET, PATIENCE = 300, 20_000


def answered(page: Any, wanted: list[str]) -> float | None:
    """Milliseconds from the last key to the settled pixels; None if the answer never came."""
    took: float | None = page.evaluate("asked => bench.answered(asked)", [wanted, QUIET, PATIENCE])
    return took


def one_round(way: Way, page: Any, seen: Seen, back: bool) -> None:
    """Changes that do not count, changes one by one, then drags on and back; or all the way back.

    An odd number of drags leaves the slider at the other end, where the next round begins.
    """
    page.bring_to_front()
    page.locator(way.slider).first.focus()
    whole = WARM_UP + CHANGES + DRAG
    places = range(whole, -1, -1) if back else range(whole + 1)
    keys = ("ArrowLeft", "ArrowRight") if back else ("ArrowRight", "ArrowLeft")
    for index in range(1, WARM_UP + CHANGES + 1):
        if index == WARM_UP + 1:
            page.evaluate("bench.reset()")
        page.keyboard.press(keys[0])
        took = answered(page, way.shown(places[index]))
        if took is None:
            shown = way.shown(places[index])
            raise RuntimeError(f"{way.name}: step {places[index]} was never shown: {shown}")
        if index > WARM_UP:
            seen.changes.append(took)

    for drag in range(DRAGS):
        key, end = keys[drag % 2], (places[-1], places[WARM_UP + CHANGES])[drag % 2]
        began = time.perf_counter()
        for index in range(DRAG):
            time.sleep(max(0.0, began + index / DRAG - time.perf_counter()))
            page.keyboard.down(key)
        seen.lasted.append(time.perf_counter() - began)
        page.keyboard.up(key)
        took = answered(page, way.shown(end))
        if took is None:
            seen.stale += 1
        else:
            seen.drags.append(took)
    for name in ("frames", "blank", "moved"):
        setattr(seen, name, getattr(seen, name) + page.evaluate(f"bench.{name}"))


@contextmanager
def run_in_lab(notebooks: Mapping[Way, Sequence[Any]]) -> Iterator[dict[Way, Any]]:
    """Yield the browser pages of the notebooks, after every cell has run: in two JupyterLabs.

    Raises FileNotFoundError where there is no Chromium, RuntimeError if JupyterLab does not start.
    """
    with ExitStack() as stack:
        browser = launch(stack.enter_context(sync_playwright()))
        stack.callback(browser.close)
        # Tall, so that nothing of what changes is spared the painting.
        context = browser.new_context(viewport={"width": 1280, "height": 1800})
        context.set_default_timeout(120_000)
        context.route("**/*", only_this_machine(print))
        pages = {}
        for stock in (False, True):
            folder = Path(stack.enter_context(TemporaryDirectory()))
            (folder / "course").mkdir()
            settings = {"ServerApp": {"jpserver_extensions": {"twostep.server": not stock}}}
            file = folder / "CONFIG_DIR" / "jupyter_server_config.json"
            file.parent.mkdir()
            file.write_text(json.dumps(settings), encoding="utf-8")
            address = stack.enter_context(lab(folder / "course", folder))
            for number, (way, cells) in enumerate(notebooks.items()):
                if way.stock is not stock:
                    continue
                # Without the name of a kernel, JupyterLab would ask for one.
                notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
                    cells=list(cells),
                    metadata={"kernelspec": {"name": "python3", "display_name": ""}},
                )
                file = folder / "course" / f"way{number}.ipynb"
                nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
                pages[way] = _open(context, address, file.stem)
        yield {way: pages[way] for way in notebooks}


def _open(context: Any, address: str, name: str) -> Any:
    page = context.new_page()
    # A workspace of its own, or JupyterLab would open the notebooks of the other pages too.
    page.goto(f"{address}/lab/workspaces/{name}/tree/{name}.ipynb")
    run_all(page)
    return page


def measure(ways: list[Way]) -> dict[str, Seen]:
    """Every way in turns, another one first in every round."""
    cells: Any = nbformat.v4
    books = {
        way: [cells.new_code_cell(way.source), cells.new_markdown_cell("What is below")]
        for way in ways
    }
    seen = {way.name: Seen() for way in ways}
    with run_in_lab(books) as pages:
        both = list(pages.items())
        for way, page in both:
            page.wait_for_selector(way.slider)
            if way.figures:
                page.wait_for_selector(f"{way.figures} :is({way.marks})", state="attached")
            page.evaluate(WATCH, [way.figures, way.marks])
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        for turn in range(ROUNDS):
            for way, page in both[turn:] + both[:turn]:
                one_round(way, page, seen[way.name], back=turn % 2 == 1)
    return seen


def main() -> None:
    ways = [FLOOR, OURS, *HEAVY, INTERACT]
    ways += [way.on_a_stock_server() for way in (FLOOR, OURS)]
    for way in (BQPLOT, PLOTLY):
        package = way.name.split()[0]
        if find_spec(package):
            ways.append(way)
        else:
            print(f"{way.name}: not compared, {package} is not installed")
    seen = measure(ways)
    base, slow = seen[FLOOR.name], seen[INTERACT.name]
    layout = "{:34} {:>6} {:>6} {:>8} {:>8} {:>11} {:>6} {:>8} {:>8} {:>7} {:>6}"
    print(
        layout.format(
            *("way, times in ms", "median", "p95", "÷ floor", "p95 ÷", "÷ interact", "drag"),
            *("÷ floor", "blank", "jumps", "stale"),
        )
    )
    for way in ways:
        one = seen[way.name]
        aims = AIMS if way is OURS else HEAVY_AIMS if way in HEAVY else {}
        values = {
            "median": quantile(one.changes, 0.5),
            "p95": quantile(one.changes, 0.95),
            "÷ floor": quantile(one.changes, 0.5) / quantile(base.changes, 0.5),
            "p95 ÷": quantile(one.changes, 0.95) / quantile(base.changes, 0.95),
            "÷ interact": quantile(one.changes, 0.5) / quantile(slow.changes, 0.5),
            "drag": quantile(one.drags, 0.5),
            "drag ÷": quantile(one.drags, 0.5) / quantile(base.drags, 0.5),
            "blank": one.blank,
            "jumps": one.moved,
            "stale": one.stale,
        }
        texts = [
            (f"{value:.2f}" if "÷" in name else f"{value:.0f}")
            # Written so that a value which is no number (nothing was ever shown) misses its aim.
            + ("" if name not in aims or value <= aims[name] else " !")
            for name, value in values.items()
        ]
        print(layout.format(way.name, *texts))
        if aims:
            print(layout.format("   aim", *(f"{aims.get(name, '')}" for name in values)))
    frames = ", ".join(f"{way.name} {seen[way.name].frames}" for way in ways)
    lasted = ", ".join(f"{way.name} {max(seen[way.name].lasted):.2f} s" for way in ways)
    print(f"a missed aim is marked !\nframes looked at: {frames}\nlongest drag: {lasted}")
    print(f"load after: {os.getloadavg()[0]:.1f}")


def quantile(times: list[float], share: float) -> float:
    """nan where nothing was ever shown."""
    return float(np.quantile(times, share)) if times else np.nan


if __name__ == "__main__":
    main()
