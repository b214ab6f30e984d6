"""What a lesson costs: memory of its kernel, bytes to its page, what is left after many runs.

`python -m benchmarks.memory`.
"""

import json
from collections import Counter
from statistics import median
from subprocess import DEVNULL
from typing import Any

import psutil  # type: ignore[import-untyped]
from jupyter_client.manager import start_new_kernel

ROUNDS = 3
RUNS = 51
AIM = 1.10
FLOOR = ["import pandas, altair, ipywidgets"]
# As the lessons do it: charts and a sweep on the page, three calculators, one of them played with.
# How often a plan loses needs SciPy, which takes more than all the rest together.
LESSON = [
    "import numpy as np, pandas as pd",
    "from twostep import Calculator, ContactList, Funnel, Trial",
    "from twostep.charts import people_by_stage, profit_by_back_rate",
    "profit_by_back_rate(Funnel())",
    "people_by_stage(Funnel())",
    "rates = np.linspace(0, 0.2, 21)\n"
    "pd.DataFrame({'back rate': rates, 'profit': Funnel(back_rate=rates).profit})",
    "funnel = Calculator(Funnel())\nfunnel",
    "Calculator(Trial())",
    "Calculator(ContactList())",
    "for step in range(60): funnel.controls['back_rate'].value = step / 1000",
]


def run(cells: list[str]) -> tuple[dict[str, float], dict[str, Counter[str]]]:
    """Memory in MiB after the cells ran in a kernel of their own, and what each sent to the page.

    A helper process that the kernel leaves behind counts too.
    """
    started: Any = start_new_kernel(stderr=DEVNULL)
    manager, client = started
    try:
        sent = {cell: _send(client, cell) for cell in cells}
        processes = [kernel := psutil.Process(manager.provisioner.pid), *kernel.children(True)]
        infos = [each.memory_full_info() for each in processes]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return {kind: sum(getattr(i, kind) for i in infos) / 2**20 for kind in ("rss", "uss")}, sent


def run_again(cells: list[str], runs: int) -> list[tuple[int, float]]:
    """Widgets and memory in MiB (the kernel's own alone) after every run of the same cells."""
    started: Any = start_new_kernel(stderr=DEVNULL)
    manager, client = started
    process = psutil.Process(manager.provisioner.pid)
    counted: list[int] = []

    def note(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            counted.append(int(message["content"]["text"]))

    left = []
    try:
        for _run in range(runs):
            for cell in cells:
                _send(client, cell)
            client.execute_interactive(
                "from ipywidgets.widgets.widget import _instances; print(len(_instances))",
                output_hook=note,
            )
            left.append((counted[-1], process.memory_full_info().uss / 2**20))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return left


def _send(client: Any, cell: str) -> Counter[str]:
    """Run a cell; count its bytes to the page by what they are: state of a widget, or the rest."""
    sizes: Counter[str] = Counter()

    def note(message: dict[str, Any]) -> None:
        content = message["content"]
        size = len(json.dumps(content)) + sum(len(part) for part in message["buffers"])
        kind = str(message["msg_type"])
        if kind == "comm_open":
            state = content["data"].get("state", {})
            for name in ("source", "_esm", "_css", "page", "facts"):
                part = len(json.dumps(state[name])) if name in state else 0
                sizes[name] += part
                size -= part
            sizes["widgets"] += 1
        sizes[kind] += size

    reply = client.execute_interactive(cell, output_hook=note, timeout=300)
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))
    return sizes


def main() -> None:
    kinds = {"imports only": FLOOR, "lesson": LESSON}
    rounds = [{name: run(cells) for name, cells in kinds.items()} for _round in range(ROUNDS)]
    layout = "{:22} {:20} {:>12} {:>7} {:>6}"
    print(layout.format("memory of the kernel", "", "median", "ratio", "aim"))
    for kind, about in (("rss", "resident"), ("uss", "its own alone")):
        for name in kinds:
            size = median(each[name][0][kind] for each in rounds)
            ratio = median(each[name][0][kind] / each["imports only"][0][kind] for each in rounds)
            aim = f"{AIM:.2f}{' !' if ratio > AIM else ''}"
            print(layout.format(about, name, f"{size:.1f} MiB", f"{ratio:.3f}", aim))
    sent = rounds[-1]["lesson"][1]
    print()
    layout = "{:36}" + " {:>9}" * 9
    print(
        layout.format(
            "bytes to the page, in order",
            *("widgets", "library", "scripts", "styles", "page", "facts", "other", "display"),
            "total",
        )
    )
    for cell in (cell for cell in LESSON if "Calculator(" in cell):
        sizes = sent[cell]
        parts = [sizes[name] for name in ("source", "_esm", "_css", "page", "facts", "comm_open")]
        rest = sum(sizes.values()) - sizes["widgets"] - sum(parts)
        row = [sizes["widgets"], *parts, rest, sum(parts) + rest]
        print(layout.format(cell.split("\n")[0], *(f"{number:,}" for number in row)))
    print()
    left = run_again(LESSON, RUNS)
    layout = "{:36} {:>9} {:>12}"
    print(layout.format("the lesson again in the same kernel", "widgets", "its own"))
    for count in (1, RUNS):
        widgets, size = left[count - 1]
        words = f"run {count}"
        print(
            layout.format(
                words, f"{widgets}{' !' if widgets > left[0][0] else ''}", f"{size:.1f} MiB"
            )
        )


if __name__ == "__main__":
    main()
