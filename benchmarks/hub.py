"""A class on one machine: every learner runs two lessons and moves their sliders, all at once.

    python -m benchmarks.hub [learners] [--think=SECONDS]

After `make hub` has installed what it needs. Everything goes through the hub and its proxy, as from
a browser. Seconds depend on the machine; what was lost or differs should be nothing anywhere.
"""

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil  # type: ignore[import-untyped]
from tools.classroom import Hub, Kernel, Learner, hub

PASSWORD = "a-class-on-loopback"
# The lessons, and in each the slider that is moved: where, and between what.
LESSONS = {
    "lessons/01_two_offers_two_jobs.ipynb": ("value_back_rate", 0.02, 0.001),
    "lessons/12_front_first_or_back_first.ipynb": ("value_learning_cost", 10_000, 1_000),
}
MOVES = 100
WIDGET = "application/vnd.jupyter.widget-view+json"
# Not compared: a picture's bytes differ between machines, and a widget has a new name each time.
NOT_COMPARED = {"image/png", WIDGET}
AIM = 250  # MiB


@dataclass
class Seen:
    """What happened to one learner; times in seconds."""

    start: float = 0
    kernels: list[float] = field(default_factory=list)
    cells: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    outputs: int = 0
    different: list[str] = field(default_factory=list)
    lost: str = ""


def plain(output: dict[str, Any]) -> Any:
    """What is compared of an output."""
    if output["output_type"] == "stream":
        return output["name"], output["text"]
    if output["output_type"] == "error":
        return output["ename"], output["evalue"]
    return {kind: what for kind, what in output["data"].items() if kind not in NOT_COMPARED}


def run_all(kernel: Kernel, page: Any, seen: Seen, think: float = 0) -> str:
    """Run every cell and compare what comes with what is stored; return the last widget's name."""
    widget = ""
    for cell in page["cells"]:
        if cell["cell_type"] != "code":
            continue
        time.sleep(think)
        began = time.perf_counter()
        outputs = kernel.run(cell["source"])
        seen.cells.append(time.perf_counter() - began)
        seen.outputs += len(cell["outputs"])
        ours, stored = [plain(each) for each in outputs], [plain(each) for each in cell["outputs"]]
        if ours != stored:
            seen.different.append(f"{cell['id']}: {ours} instead of {stored}")
        for output in outputs:
            if WIDGET in output.get("data", {}) and "Calculator(" in cell["source"]:
                widget = output["data"][WIDGET]["model_id"]
    return widget


def attend(running: Hub, name: str, think: float) -> tuple[Seen, Learner | None, Kernel | None]:
    """One learner's class, from the login to the last slider."""
    seen = Seen()
    learner = kernel = None
    try:
        began = time.perf_counter()
        learner = Learner(running.address, name, PASSWORD)
        seen.start = time.perf_counter() - began
        for lesson, (trait, first, step) in LESSONS.items():
            if kernel:
                kernel.end()
            began = time.perf_counter()
            kernel = learner.kernel()
            kernel.run("1")
            seen.kernels.append(time.perf_counter() - began)
            widget = run_all(kernel, learner.read(lesson), seen, think)
            for move in range(MOVES):
                began = time.perf_counter()
                changed = kernel.move(widget, **{trait: round(first + step * move, 6)})
                seen.moves.append(time.perf_counter() - began)
                if "facts" not in changed:
                    seen.different.append(f"{lesson}: move {move} was answered with {changed}")
    except Exception as problem:
        seen.lost = f"{type(problem).__name__}: {problem}"
    return seen, learner, kernel


def processes(running: Hub) -> dict[str, list[Any]]:
    """Servers and kernels of the class."""
    found: dict[str, list[Any]] = {"singleuser": [], "ipykernel_launcher": []}
    for each in psutil.Process(running.process.pid).children(recursive=True):
        for kind, those in found.items():
            if any(kind in word for word in each.cmdline()):
                those.append(each)
    return found


def memory(those: list[Any]) -> tuple[float, float]:
    """MiB of one of these processes at the median: all that it uses, and what it uses alone."""
    infos = [each.memory_full_info() for each in those]
    return tuple(median(getattr(i, kind) for i in infos) / 2**20 for kind in ("rss", "uss"))


def recovery(running: Hub, learner: Learner, kernel: Kernel) -> dict[str, float]:
    """Seconds until one can go on after a kernel was killed, and after a server was."""
    took = {}
    lesson = list(LESSONS)[-1]
    page = learner.read(lesson)
    server = next(
        each
        for each in processes(running)["singleuser"]
        if each.environ()["JUPYTERHUB_USER"] == learner.name
    )
    for each in server.children():
        each.kill()
    began = time.perf_counter()
    kernel.restart()
    kernel.run("1")
    took["a killed kernel is back"] = time.perf_counter() - began
    began = time.perf_counter()
    again = Seen()
    run_all(kernel, page, again)
    took["then all cells of lesson 12"] = time.perf_counter() - began
    kernel.close()
    for each in [*server.children(recursive=True), server]:
        each.kill()
    began = time.perf_counter()
    learner.start()
    learner.read(lesson)
    took["a killed server is back"] = time.perf_counter() - began
    if again.different:
        raise RuntimeError(f"after the kernel came back: {again.different[0]}")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub")
    parser.add_argument("learners", type=int, nargs="?", default=20)
    parser.add_argument("--think", type=float, default=0, help="seconds before each cell")
    options = parser.parse_args()
    names = [f"learner{number:03}" for number in range(1, options.learners + 1)]
    with TemporaryDirectory() as folder, hub(Path(folder) / "class", PASSWORD) as running:
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        began = time.perf_counter()
        with ThreadPoolExecutor(len(names)) as pool:
            class_ = list(pool.map(lambda name: attend(running, name, options.think), names))
        took = time.perf_counter() - began
        found = processes(running)
        sizes = {kind: memory(those) for kind, those in found.items()}
        # Before anybody is disturbed.
        counts = {kind: len(those) for kind, those in found.items()}
        seconds = {
            kind: median(sum(each.cpu_times()[:2]) for each in those)
            for kind, those in found.items()
        }
        back = {}
        here = [(learner, kernel) for seen, learner, kernel in class_ if not seen.lost]
        if here and here[0][0] and here[0][1]:
            back = recovery(running, here[0][0], here[0][1])
    all_seen = [seen for seen, _learner, _kernel in class_]
    report(all_seen, took, sizes, counts, seconds, back)


def report(
    class_: list[Seen],
    took: float,
    sizes: dict[str, tuple[float, float]],
    counts: dict[str, int],
    seconds: dict[str, float],
    back: dict[str, float],
) -> None:
    """Print what was seen, what is lost or different first."""
    lost = [seen.lost for seen in class_ if seen.lost]
    different = [each for seen in class_ for each in seen.different]
    outputs = sum(seen.outputs for seen in class_)
    print(f"finished: {len(class_) - len(lost)} of {len(class_)}, in {took:.0f} s")
    print(f"outputs that differ: {len(different)} of {outputs}")
    for what in [*lost, *different][:5]:
        print(f"   {what[:400]}")
    layout = "{:44} {:>9} {:>9}"
    print(layout.format("seconds", "median", "longest"))
    for about, times in {
        "from the login to the page": [seen.start for seen in class_],
        "a kernel starts": [each for seen in class_ for each in seen.kernels],
        "a cell": [each for seen in class_ for each in seen.cells],
        "a slider is moved and answered": [each for seen in class_ for each in seen.moves],
        **{about: [each] for about, each in back.items()},
    }.items():
        if times:
            print(layout.format(about, f"{median(times):.3f}", f"{max(times):.3f}"))
    print(layout.format("MiB at the median, after lesson 12", "all", "its own"))
    names = {"singleuser": "a server", "ipykernel_launcher": "a kernel"}
    for kind, name in names.items():
        print(layout.format(f"{name} ({counts[kind]})", *(f"{each:.0f}" for each in sizes[kind])))
    together = [sum(each) for each in zip(*sizes.values(), strict=True)]
    aim = f"{AIM}{' !' if together[1] > AIM else ''}"
    texts = [f"{each:.0f}" for each in together]
    print(layout.format(f"a learner (aim for its own: {aim})", *texts))
    for kind, name in names.items():
        print(f"seconds of a core that {name} has used: {seconds[kind]:.1f}")


if __name__ == "__main__":
    main()
